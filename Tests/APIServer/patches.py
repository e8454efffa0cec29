"""JSON Patch, merge patches and strategic merge patches."""

import copy

from answers import Refusal


class PatchFailure(Refusal):
    def __init__(self):
        super().__init__(422, "Invalid", "the server rejected our request due to an error in our request")


def json_patch(item, operations):
    item = copy.deepcopy(item)
    for operation in operations:
        item = apply_operation(item, operation)
    return item


def pieces(pointer):
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def walk(value, path):
    for part in path:
        try:
            value = value[int(part)] if isinstance(value, list) else value[part]
        except (KeyError, IndexError, ValueError, TypeError):
            raise PatchFailure from None
    return value


def apply_operation(item, operation):
    path, name = pieces(operation["path"]), operation["op"]
    if name == "test":
        if walk(item, path) != operation.get("value"):
            raise PatchFailure
        return item
    if name in ("move", "copy"):
        value = copy.deepcopy(walk(item, pieces(operation["from"])))
        if name == "move":
            remove(item, pieces(operation["from"]))
        add(item, path, value)
        return item
    if not path:
        return operation["value"] if name in ("add", "replace") else {}
    if name == "remove":
        remove(item, path)
    elif name == "replace":
        walk(item, path)
        remove(item, path)
        add(item, path, operation["value"])
    elif name == "add":
        add(item, path, operation["value"])
    else:
        raise PatchFailure
    return item


def add(item, path, value):
    parent = walk(item, path[:-1])
    if isinstance(parent, list):
        parent.insert(len(parent) if path[-1] == "-" else int(path[-1]), value)
    else:
        parent[path[-1]] = value


def remove(item, path):
    parent = walk(item, path[:-1])
    walk(parent, path[-1:])
    del parent[int(path[-1]) if isinstance(parent, list) else path[-1]]


def merge_patch(item, patch):
    if not isinstance(patch, dict):
        return patch
    merged = dict(item) if isinstance(item, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), value)
    return merged


def strategic_patch(item, patch, of_type):
    """As kubectl's client-side apply sends it: lists with keys are merged by them."""
    if not isinstance(patch, dict) or not isinstance(item, dict) or patch.get("$patch") == "replace":
        return without_directives(patch)
    merged = dict(item)
    for name, value in patch.items():
        if name == "$retainKeys":
            merged = {key: each for key, each in merged.items() if key in value}
        if name.startswith("$"):
            continue
        field = (of_type.field(name) if of_type else None)
        if value is None:
            merged.pop(name, None)
        elif isinstance(value, list) and field is not None and field.keys and isinstance(merged.get(name), list):
            merged[name] = strategic_list(merged[name], value, field, patch.get("$setElementOrder/" + name))
        elif name in merged and isinstance(value, dict):
            merged[name] = strategic_patch(merged[name], value, field)
        else:
            merged[name] = without_directives(value)
    return merged


def strategic_list(items, patch, field, order):
    key = field.keys[0]
    merged = list(items)
    for each in patch:
        index = next((at for at, item in enumerate(merged) if item.get(key) == each.get(key)), None)
        if each.get("$patch") == "delete":
            merged = [item for item in merged if item.get(key) != each.get(key)]
        elif index is None:
            merged.append(without_directives(each))
        else:
            merged[index] = strategic_patch(merged[index], each, field.element)
    if order:
        places = {each[key]: place for place, each in enumerate(order)}
        merged.sort(key=lambda item: places.get(item.get(key), len(places)))
    return merged


def without_directives(value):
    if isinstance(value, list):
        return [without_directives(each) for each in value]
    if isinstance(value, dict):
        return {name: without_directives(each) for name, each in value.items() if not name.startswith("$")}
    return value
