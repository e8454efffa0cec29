"""Sets of fields in the form of managedFields' fieldsV1, and what can be done with them.

A node is a dict: `f:NAME`, `k:{KEYS}` or `v:VALUE` lead to nodes. An empty node is a field of the set; one that has
fields below it too says so with the key `.`.
"""

import json

MEMBER = {}


def is_member(node):
    return not node or "." in node


def make(member, children):
    """The node with these children; None where it is nothing at all."""
    if not children:
        return MEMBER if member else None
    return {".": MEMBER, **children} if member else children


def children_of(node):
    return {key: child for key, child in node.items() if key != "."}


def union(left, right):
    if left == right:
        return left
    children = children_of(left)
    for key, child in right.items():
        if key != ".":
            children[key] = union(children[key], child) if key in children else child
    return make(is_member(left) or is_member(right), children)


def root_union(left, right):
    """As union, for whole sets: an empty one holds nothing."""
    if not left or not right:
        return left or right
    return combine_children(left, right)


def combine_children(left, right):
    return {**left, **{key: union(left[key], child) if key in left else child for key, child in right.items()}}


def difference(left, right):
    """The members of left that are not in right; None where there are none."""
    children = {}
    for key, child in left.items():
        if key == ".":
            continue
        rest = difference(child, right[key]) if key in right else child
        if rest is not None:
            children[key] = rest
    return make(is_member(left) and not is_member(right), children)


def root_difference(left, right):
    """As difference, for whole sets: an empty one holds nothing."""
    found = {}
    for key, child in left.items():
        rest = difference(child, right[key]) if key in right else child
        if rest is not None:
            found[key] = rest
    return found


def without_trees(left, right):
    """left without the members of right and all that is below them; for whole sets."""
    found = {}
    for key, child in left.items():
        other = right.get(key) if key != "." else None
        if other is None:
            found[key] = child
        elif not is_member(other):
            rest = without_trees(child, other) if child else child
            if rest or not child:
                found[key] = rest
    return found


def paths_in_both(left, right, path=()):
    """The paths that are members of both, in the order of the left one."""
    for key, child in left.items():
        other = right.get(key) if key != "." else None
        if other is None:
            continue
        here = (*path, key)
        if is_member(child) and is_member(other):
            yield here
        if child and other:
            yield from paths_in_both(child, other, here)


def contains_any(node, path):
    """True where the set has the path, or something below it."""
    for key in path:
        node = node.get(key)
        if node is None:
            return False
    return True


def of_paths(paths):
    """The set with these paths."""
    root = {}
    for path in paths:
        node = root
        for key in path[:-1]:
            if key in node and not node[key]:
                node[key] = {".": MEMBER}
            node = node.setdefault(key, {})
        last = node.get(path[-1])
        if last is None:
            node[path[-1]] = {}
        elif "." not in last:
            last["."] = MEMBER
    return root


def in_order(node):
    """The node with its keys in the order the server writes them."""
    return {key: in_order(node[key]) if node[key] else node[key] for key in sorted(node)}


def text_of_path(path):
    """A path as the server writes it: `.spec.containers[name="web"].image`."""
    parts = []
    for key in path:
        kind, value = key[:1], key[2:]
        if kind == "f":
            parts.append("." + value)
        elif kind == "k":
            pairs = json.loads(value)
            parts.append("[" + ",".join(f"{name}={json.dumps(pairs[name])}" for name in sorted(pairs)) + "]")
        elif kind == "v":
            parts.append(f"[={value}]")
        else:
            parts.append(f"[{value}]")
    return "".join(parts)
