"""The types of the server's kinds: what has which fields, which lists have keys, and what is owned as a whole."""

import functools
import json
from pathlib import Path

SCHEMA = json.loads((Path(__file__).resolve().parent / "schema.json").read_text())
SCALARS = {
    "string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,), "any": (object,),
}
# What an associative list's key is where an item leaves it out.
KEY_DEFAULTS = {"protocol": "TCP"}


class Type:
    """A node of a kind's type. `form` is scalar, struct, map, list or free (a value nobody declared)."""

    __slots__ = ("form", "name", "fields", "element", "keys", "is_set", "is_atomic", "is_open", "accepts")

    def __init__(self, form, name=""):
        self.form, self.name = form, name
        self.fields, self.element, self.keys = {}, None, None
        self.is_set = self.is_atomic = self.is_open = False
        self.accepts = (object,)

    def field(self, name):
        """The type of a field; None where there is no such field."""
        if self.form == "map":
            return self.element
        found = self.fields.get(name)
        return found if found is not None or not self.is_open else FREE

    @property
    def is_leaf(self):
        """True where a value is owned as a whole."""
        return self.form == "scalar" or self.is_atomic

    def key_of(self, item):
        """The key of a list's item as fieldsV1 writes it: `k:{"name":"web"}` or `v:"x"`."""
        if self.is_set:
            return "v:" + json.dumps(item, separators=(",", ":"))
        if len(self.keys) == 1:
            value = item.get(self.keys[0])
            return (key_text if isinstance(value, (str, int)) else key_text.__wrapped__)(self.keys[0], value)
        pairs = {name: item.get(name, KEY_DEFAULTS.get(name)) for name in self.keys}
        pairs = {name: pairs[name] for name in sorted(pairs) if pairs[name] is not None}
        return "k:" + json.dumps(pairs, separators=(",", ":"))


@functools.lru_cache(10_000, typed=True)
def key_text(name, value):
    return "k:" + json.dumps({name: value} if value is not None else {}, separators=(",", ":"))


FREE = Type("free")  # maps are looked into, lists are atomic, as the server deduces it where there is no schema
named = {}


def of_name(name):
    if name not in named:
        named[name] = found = Type("struct", name)
        fill(found, SCHEMA["types"][name])
    return named[name]


def of_form(form):
    if isinstance(form, str):
        if form.startswith("#"):
            return of_name(form[1:])
        found = Type("scalar", form)
        found.accepts = SCALARS[form]
        return found
    if "ref" in form:
        found = Type("struct", form["ref"])
        fill(found, SCHEMA["types"][form["ref"]])
    else:
        found = Type("struct")
        fill(found, form)
    found.is_atomic = found.is_atomic or bool(form.get("atomic"))
    return found


def fill(found, form):
    """Makes a type what its form says; the type may be its own part, so it is there before it is filled."""
    if isinstance(form, str):
        other = of_form(form)
        for slot in Type.__slots__:
            setattr(found, slot, getattr(other, slot))
        return
    found.is_atomic, found.is_open = bool(form.get("atomic")), bool(form.get("open"))
    if "fields" in form:
        found.fields = {name: of_form(field) for name, field in form["fields"].items()}
    elif "map" in form:
        found.form, found.element = "map", of_form(form["map"])
    else:
        found.form, found.element = "list", of_form(form["list"])
        found.keys, found.is_set = form.get("keys"), bool(form.get("set"))
        found.is_atomic = not (found.keys or found.is_set)


def of_kind(api_version, kind):
    """The type of a built-in kind; None where there is no such kind."""
    name = SCHEMA["kinds"].get(f"{api_version} {kind}")
    return of_name(name) if name else None


# MARK: Custom kinds

def of_custom_kind(schema):
    """The type of a custom kind, from its definition's openAPIV3Schema."""
    found = of_openapi(schema or {"x-kubernetes-preserve-unknown-fields": True})
    if found.form == "free":
        found = Type("struct")
        found.is_open = True
    found.fields = dict(found.fields, apiVersion=of_form("string"), kind=of_form("string"),
                        metadata=of_name("v1.ObjectMeta"))
    return found


def of_openapi(schema):
    kind = schema.get("type", "object" if "properties" in schema else "any")
    if schema.get("x-kubernetes-int-or-string"):
        kind = "any"
    if kind == "array":
        found = Type("list")
        found.element = of_openapi(schema.get("items", {}))
        found.keys = schema.get("x-kubernetes-list-map-keys")
        found.is_set = schema.get("x-kubernetes-list-type") == "set"
        found.is_atomic = not (found.keys or found.is_set)
        return found
    if kind != "object":
        return of_form(kind) if kind in SCALARS and kind != "any" else FREE
    if isinstance(schema.get("additionalProperties"), dict):
        found = Type("map")
        found.element = of_openapi(schema["additionalProperties"])
    else:
        found = Type("struct")
        found.fields = {name: of_openapi(field) for name, field in schema.get("properties", {}).items()}
        found.is_open = bool(schema.get("x-kubernetes-preserve-unknown-fields"))
        if not found.fields and found.is_open:
            return FREE
    found.is_atomic = schema.get("x-kubernetes-map-type") == "atomic"
    return found
