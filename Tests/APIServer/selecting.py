"""Label and field selectors."""

import re

from answers import bad_request

TERM = re.compile(r"\s*(?:(?P<set>[\w./-]+)\s+(?P<how>in|notin)\s*\((?P<values>[^)]*)\)"
                  r"|(?P<key>[\w./-]+)\s*(?P<op>==|=|!=)\s*(?P<value>[\w.-]*)"
                  r"|(?P<not>!?)\s*(?P<exists>[\w./-]+))\s*(?:,|$)")


def label_tests(selector):
    """A test of labels for each term of a selector."""
    tests, at = [], 0
    while at < len(selector):
        found = TERM.match(selector, at)
        if not found:
            raise bad_request(f"unable to parse requirement: found '{selector[at:]}', expected: identifier")
        tests.append(label_test(found))
        at = found.end()
    return tests


def label_test(found):
    if found["set"]:
        key, values = found["set"], {each.strip() for each in found["values"].split(",")}
        if found["how"] == "in":
            return lambda labels: labels.get(key) in values
        return lambda labels: labels.get(key) not in values
    if found["key"]:
        key, value = found["key"], found["value"]
        return (lambda labels: labels.get(key) != value) if found["op"] == "!=" \
            else (lambda labels: labels.get(key) == value)
    key = found["exists"]
    return (lambda labels: key not in labels) if found["not"] else (lambda labels: key in labels)


def field_tests(selector):
    tests = []
    for term in filter(None, selector.split(",")):
        found = re.fullmatch(r"([\w.]+)(==|=|!=)(.*)", term)
        if not found:
            raise bad_request(f"invalid selector: '{term}'; can't understand '{term}'")
        path, operator, value = found.groups()
        if path not in ("metadata.name", "metadata.namespace", "status.phase", "spec.nodeName", "type"):
            raise bad_request(f'Unable to find "{path}" field label: field label not supported: {path}')
        tests.append((path.split("."), value, operator == "!="))
    return tests


def matcher(labels, fields):
    """A test of objects; None where everything passes."""
    of_labels, of_fields = label_tests(labels or ""), field_tests(fields or "")
    if not of_labels and not of_fields:
        return None

    def matches(item):
        found = item["metadata"].get("labels") or {}
        if not all(test(found) for test in of_labels):
            return False
        return all((lookup(item, path) == value) != negated for path, value, negated in of_fields)

    return matches


def lookup(item, path):
    for name in path:
        item = item.get(name) if isinstance(item, dict) else None
    return item or ""
