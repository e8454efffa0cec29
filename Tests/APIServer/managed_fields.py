"""Who owns which fields: what server-side apply and every other way of writing do to managedFields."""

import json
import time

import fieldset
import typed
from answers import Refusal

# Nobody owns what the server itself fills in.
UNOWNED_METADATA = ("f:name", "f:namespace", "f:creationTimestamp", "f:selfLink", "f:uid", "f:generation",
                    "f:managedFields", "f:resourceVersion")
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def now():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def without_unowned(node):
    """The set without what nobody owns."""
    found = {key: child for key, child in (node or {}).items() if key not in ("f:apiVersion", "f:kind", "f:status")}
    metadata = found.get("f:metadata")
    if metadata is not None:
        rest = {key: child for key, child in metadata.items() if key not in UNOWNED_METADATA and key != "."}
        if rest:
            found["f:metadata"] = rest
        else:
            del found["f:metadata"]
    return found


def entry(manager, operation, api_version, fields, when):
    return {"manager": manager, "operation": operation, "apiVersion": api_version, "time": when,
            "fieldsType": "FieldsV1", "fieldsV1": fieldset.in_order(fields)}


def in_order(entries):
    return sorted(entries, key=lambda each: (each["operation"], each.get("time", ""), each["manager"]))


def managers_of(item):
    return item["metadata"].get("managedFields", []) if item else []


def owned(entries, manager, operation):
    return next((each for each in entries if each["manager"] == manager and each["operation"] == operation
                 and not each.get("subresource")), None)


# MARK: Apply

def apply(live, applied, of_type, manager, forced):
    """What live becomes, and its managers. live is None where there is no such object yet."""
    fields = without_unowned(typed.fields(applied, of_type))
    entries = managers_of(live)
    own = owned(entries, manager, "Apply")
    others = [each for each in entries if each is not own]
    before = live or {"metadata": {}}
    merged = typed.merge(before, applied, of_type)
    if own is not None and own["fieldsV1"] != fields:
        gone = fieldset.root_difference(own["fieldsV1"], fields)
        if gone:
            merged = typed.prune(merged, of_type, gone, [fields, *(each["fieldsV1"] for each in others)])
    if live is not None and merged != live:
        others = settle(others, typed.changed(live, merged, of_type) or {}, manager, forced, live)
    if own is not None and own["fieldsV1"] == fields and own["apiVersion"] == applied["apiVersion"]:
        mine = own
    else:
        mine = entry(manager, "Apply", applied["apiVersion"], fields, now())
    return merged, in_order([*others, mine] if fields else others)


def settle(others, changes, manager, forced, live):
    """The other managers without what is taken from them; a conflict where it may not be taken."""
    taken = {index: list(fieldset.paths_in_both(each["fieldsV1"], changes)) for index, each in enumerate(others)}
    taken = {index: paths for index, paths in taken.items() if paths}
    if not forced and taken:
        conflicts = [(index, path) for index, paths in taken.items() for path in paths
                     if not may_take(others[index], path, manager, live)]
        if conflicts:
            raise conflict([(others[index], path) for index, path in conflicts])
    kept = []
    for index, each in enumerate(others):
        if index in taken:
            rest = fieldset.root_difference(each["fieldsV1"], fieldset.of_paths(taken[index]))
            each = {**each, "fieldsV1": rest}
        if each["fieldsV1"]:
            kept.append(each)
    return kept


def may_take(other, path, manager, live):
    """kubectl may take over from itself what its annotation says it applied on the client's side."""
    if manager != "kubectl" or other["manager"] != "kubectl-client-side-apply":
        return False
    text = (live["metadata"].get("annotations") or {}).get(LAST_APPLIED)
    if text is None:
        return False
    value = json.loads(text)
    for key in path:
        if key.startswith("f:") and isinstance(value, dict) and key[2:] in value:
            value = value[key[2:]]
        elif key.startswith("k:") and isinstance(value, list):
            pairs = json.loads(key[2:])
            value = next((item for item in value if all(item.get(name) == pairs[name] for name in pairs)), None)
        else:
            return False
    return True


def conflict(conflicts):
    conflicts = sorted(conflicts, key=lambda pair: shown(pair[0]))
    causes = [{"reason": "FieldManagerConflict", "message": f"conflict with {shown(other)}",
               "field": fieldset.text_of_path(path)} for other, path in conflicts]
    if len(causes) == 1:
        said = f"Apply failed with 1 conflict: {causes[0]['message']}: {causes[0]['field']}"
    else:
        lines, last = [], None
        for other, path in conflicts:
            if shown(other) != last:
                last = shown(other)
                lines.append(f"conflicts with {last}:")
            lines.append(f"- {fieldset.text_of_path(path)}")
        said = f"Apply failed with {len(causes)} conflicts: " + "\n".join(lines)
    return Refusal(409, "Conflict", said, {"causes": causes})


def shown(other):
    text = json.dumps(other["manager"])
    if other.get("subresource"):
        text += f" with subresource {json.dumps(other['subresource'])}"
    if other["operation"] == "Update":
        text += f" using {other['apiVersion']}"
    return text


# MARK: Update

def update(live, new, of_type, manager):
    """The managers of new, written by any way but apply."""
    entries = managers_of(new) if "managedFields" in new["metadata"] else managers_of(live)
    if entries == [{}]:
        entries = []
    changes = without_unowned(typed.changed(live or {"metadata": {}}, new, of_type))
    gone = without_unowned(typed.removed(live, new, of_type)) if live else {}
    if not changes and not gone:
        return in_order(entries)
    own = owned(entries, manager, "Update")
    kept = []
    for each in entries:
        if each is own:
            continue
        fields = fieldset.without_trees(each["fieldsV1"], gone) if gone else each["fieldsV1"]
        taken = list(fieldset.paths_in_both(fields, changes))
        if taken:
            fields = fieldset.root_difference(fields, fieldset.of_paths(taken))
        if fields:
            kept.append(each if fields == each["fieldsV1"] else {**each, "fieldsV1": fields})
    before = fieldset.without_trees(own["fieldsV1"], gone) if own else {}
    fields = fieldset.root_union(before, changes)
    if own and own["fieldsV1"] == fieldset.in_order(fields):
        kept.append(own)
    elif fields:
        kept.append(entry(manager, "Update", new["apiVersion"], fields, now()))
    return in_order(kept)
