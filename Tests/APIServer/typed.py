"""Typed values: what an object is checked for, which fields it has, how two of them are merged and compared."""

import fieldset

# Fields of Go structs that are no pointers: there before anybody set them, so nobody owns them themselves.
NO_POINTERS = {"f:spec", "f:status", "f:metadata", "f:template", "f:jobTemplate", "f:strategy", "f:updateStrategy",
               "f:containers"}


# MARK: Checking

def fits(value, of_type):
    """True where nothing is wrong with a value; what else there is to say, problems() says."""
    form = of_type.form
    if form == "scalar":
        accepts = of_type.accepts
        return type(value) in accepts or value is None or accepts == (object,)
    if value is None or form == "free":
        return True
    if form == "list":
        if type(value) is not list:
            return False
        element = of_type.element
        if not of_type.is_atomic and len({of_type.key_of(item) for item in value if type(item) is dict
                                          or of_type.is_set}) != len(value):
            return False
        return all(fits(item, element) for item in value)
    if type(value) is not dict:
        return False
    if form == "map":
        element = of_type.element
        return all(fits(item, element) for item in value.values())
    fields = of_type.fields
    for name, item in value.items():
        field = fields.get(name)
        if field is None:
            if not of_type.is_open:
                return False
        elif not fits(item, field):
            return False
    return True


def problems(value, of_type, path=""):
    """What is wrong with a value, as (path, sentence), the way the server says it."""
    if value is None or of_type.form == "free":
        return
    if of_type.form == "scalar":
        if not isinstance(value, of_type.accepts) or (isinstance(value, bool) and of_type.accepts == (int,)):
            yield path, f"expected {EXPECTED[of_type.name]}, got &value.valueUnstructured{{Value:{shown(value)}}}"
    elif of_type.form == "list":
        yield from list_problems(value, of_type, path)
    elif not isinstance(value, dict):
        yield path, f"expected map, got &value.valueUnstructured{{Value:{shown(value)}}}"
    else:
        for name in sorted(value):
            field = of_type.field(name)
            if field is None:
                yield f"{path}.{name}", "field not declared in schema"
            else:
                yield from problems(value[name], field, f"{path}.{name}")


EXPECTED = {"string": "string", "integer": "numeric (int or float)", "number": "numeric (int or float)",
            "boolean": "boolean", "any": "value"}


def shown(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else str(value)


def list_problems(value, of_type, path):
    if not isinstance(value, list):
        yield path, f"expected list, got &value.valueUnstructured{{Value:{shown(value)}}}"
        return
    seen = set()
    for index, item in enumerate(value):
        if of_type.is_atomic:
            yield from problems(item, of_type.element, f"{path}[{index}]")
            continue
        if of_type.keys and not isinstance(item, dict):
            yield f"{path}", f"element {index}: associative list with keys may not have non-map elements"
            continue
        if of_type.keys and not any(name in item for name in of_type.keys):
            yield path, f"element {index}: associative list with keys has an element that omits key field " \
                        f"\"{of_type.keys[0]}\" (and doesn't have default value)"
            continue
        key = of_type.key_of(item)
        place = path + fieldset.text_of_path((key,))
        if key in seen:
            yield path, f"duplicate entries for key {fieldset.text_of_path((key,))}"
        seen.add(key)
        yield from problems(item, of_type.element, place)


# MARK: Fields

def fields(value, of_type):
    """The node of what a value sets; None where that is nothing."""
    if value is None or of_type.form == "scalar" or of_type.is_atomic:
        return fieldset.MEMBER
    if of_type.form == "list":
        return list_fields(value, of_type)
    if not isinstance(value, dict):
        return fieldset.MEMBER
    if not value:
        return fieldset.MEMBER
    children = {}
    for name, item in value.items():
        node = fields(item, of_type.field(name) or of_type)
        if node is not None:
            children["f:" + name] = node
    return children


def list_fields(value, of_type):
    if not value:
        return fieldset.MEMBER
    children = {}
    for item in value:
        if of_type.is_set:
            children[of_type.key_of(item)] = fieldset.MEMBER
        else:
            children[of_type.key_of(item)] = fieldset.make(True, fields(item, of_type.element))
    return children


# MARK: Merging

def merge(live, applied, of_type):
    """live with everything that applied sets."""
    if applied is None or live is None or of_type.form == "scalar" or of_type.is_atomic:
        return applied
    if of_type.form == "list":
        return merge_list(live, applied, of_type)
    if not isinstance(live, dict) or not isinstance(applied, dict):
        return applied
    merged = dict(live)
    for name, item in applied.items():
        old = live.get(name)
        if item is None:
            merged.pop(name, None)
        else:
            merged[name] = item if old is None or old == item else merge(old, item, of_type.field(name) or of_type)
    return merged


def merge_list(live, applied, of_type):
    """The applied items keep their order; what only live has stays before the item it stood before."""
    if live == applied:
        return live
    key_of = of_type.key_of
    old = {key_of(item): item for item in live}
    new = {key_of(item): item for item in applied}
    merged, waiting = [], list(new)
    next_new = 0
    done = set()
    for key, item in old.items():
        if key not in new:
            merged.append(item)
        elif key not in done:
            while True:
                current = waiting[next_new]
                next_new += 1
                done.add(current)
                merged.append(merge(old[current], new[current], of_type.element) if current in old else new[current])
                if current == key:
                    break
    merged.extend(new[key] for key in waiting[next_new:])
    return merged


# MARK: Comparing

def changed(old, new, of_type):
    """The node of what new has that old has not, or has otherwise; None where that is nothing."""
    if old == new:
        return None
    if of_type.is_leaf or new is None or not isinstance(new, (dict, list)):
        return fieldset.MEMBER
    if of_type.form == "list":
        return changed_items(old, new, of_type)
    if not isinstance(new, dict) or (old is not None and not isinstance(old, dict)):
        return fieldset.MEMBER
    if not new:
        return fieldset.MEMBER
    children = {}
    for name, item in new.items():
        key = "f:" + name
        before = None if old is None else old.get(name)
        node = changed(before, item, of_type.field(name) or of_type)
        if node is None:
            continue
        is_new = before is None and key not in NO_POINTERS and node
        children[key] = {".": fieldset.MEMBER, **node} if is_new else node
    return children or None


def changed_items(old, new, of_type):
    before = {of_type.key_of(item): item for item in old or []}
    children = {}
    for item in new:
        key = of_type.key_of(item)
        if key not in before:
            node = None if of_type.is_set else changed({}, item, of_type.element)
            children[key] = fieldset.make(True, node or {})
        elif not of_type.is_set:
            node = changed(before[key], item, of_type.element)
            if node is not None:
                children[key] = node
    return children or None


def removed(old, new, of_type):
    """The node of what old has and new has not, each with all that is below it; None where that is nothing."""
    if old == new or of_type.is_leaf:
        return None
    if of_type.form == "list":
        now = {of_type.key_of(item): item for item in new or []}
        children = {}
        for item in old:
            key = of_type.key_of(item)
            node = removed(item, now[key], of_type.element) if key in now else fieldset.MEMBER
            if node is not None:
                children[key] = node
        return children or None
    if not isinstance(old, dict) or not isinstance(new, dict):
        return None
    children = {}
    for name, item in old.items():
        node = removed(item, new[name], of_type.field(name) or of_type) if name in new else fieldset.MEMBER
        if node is not None:
            children["f:" + name] = node
    return children or None


# MARK: Taking away

def prune(value, of_type, gone, kept):
    """value without the fields of the node `gone`; the nodes of `kept` are those who still own something there."""
    if of_type.is_leaf or not isinstance(value, (dict, list)):
        return value
    if of_type.form == "list":
        return prune_items(value, of_type, gone, kept)
    rest = dict(value)
    for key, node in gone.items():
        name = key[2:]
        if key == "." or name not in rest:
            continue
        owners = [owner[key] for owner in kept if key in owner]
        if not owners and goes_whole(rest[name], of_type.field(name), node):
            del rest[name]
        elif node:
            rest[name] = prune(rest[name], of_type.field(name) or of_type, node, owners)
            if not owners and rest[name] in ({}, []):
                del rest[name]
    return rest


def goes_whole(value, of_type, node):
    return of_type is None or fieldset.is_member(node) or of_type.is_leaf or not isinstance(value, (dict, list))


def prune_items(value, of_type, gone, kept):
    rest = []
    for item in value:
        key = of_type.key_of(item)
        if key not in gone:
            rest.append(item)
            continue
        owners = [owner[key] for owner in kept if key in owner]
        if owners:
            rest.append(prune(item, of_type.element, gone[key], owners) if gone[key] else item)
        elif not fieldset.is_member(gone[key]):
            rest.append(prune(item, of_type.element, gone[key], owners))
    return rest
