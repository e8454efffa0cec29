"""The objects, in memory, with their JSON kept beside them."""

import base64
import bisect
import json
import time
from dataclasses import dataclass

from answers import bad_request, encode, expired_continue


@dataclass
class Stored:
    """An object; of one that was only ever filled in, the text alone is kept."""
    text: bytes
    value: dict = None
    removed_at: float = None

    @property
    def item(self):
        if self.value is None:
            self.value = json.loads(self.text)
        return self.value

    def glance(self):
        """The object to look at, without keeping what was read for that."""
        return self.value if self.value is not None else json.loads(self.text)


class Store:
    def __init__(self):
        self.objects = {}
        self.order = {}
        self.version = 100
        self.dying = []

    def next_version(self):
        self.version += 1
        return str(self.version)

    def get(self, resource, namespace, name):
        return self.objects.get(resource.key, {}).get((namespace, name))

    def put(self, resource, namespace, name, item):
        found = self.objects.setdefault(resource.key, {})
        if (namespace, name) not in found:
            self.order.pop(resource.key, None)
        found[namespace, name] = stored = Stored(text_of(item), item)
        return stored

    def remove(self, resource, namespace, name):
        if self.objects.get(resource.key, {}).pop((namespace, name), None):
            self.order.pop(resource.key, None)

    def remove_later(self, resource, namespace, name, seconds):
        self.get(resource, namespace, name).removed_at = time.monotonic() + seconds
        self.dying.append((resource, namespace, name))

    def bury(self):
        """Removes what was to be removed by now."""
        for resource, namespace, name in list(self.dying):
            stored = self.get(resource, namespace, name)
            if stored is None or stored.removed_at is None or stored.removed_at <= time.monotonic():
                self.dying.remove((resource, namespace, name))
                if stored is not None and stored.removed_at is not None:
                    self.remove(resource, namespace, name)

    def fill(self, resource, template, count, namespaces):
        """Puts count objects there whose text is the template's, with their number for `@N@`."""
        found = self.objects.setdefault(resource.key, {})
        for number in range(count):
            item = template.replace(b"@N@", b"%06d" % number).replace(b"@VERSION@", self.next_version().encode())
            namespace = namespaces[number % len(namespaces)]
            item = item.replace(b"@NAMESPACE@", namespace.encode())
            name = json.loads(item)["metadata"]["name"]
            found[namespace, name] = Stored(item)
        self.order.pop(resource.key, None)

    def keys(self, resource):
        if resource.key not in self.order:
            self.order[resource.key] = sorted(self.objects.get(resource.key, {}))
        return self.order[resource.key]

    # MARK: Lists

    def page(self, resource, namespace, matches, limit, token):
        """A list: (items, continue token or None, how many are left or None)."""
        keys = self.keys(resource)
        start = bisect.bisect_left(keys, (namespace, "")) if namespace else 0
        if token:
            start = bisect.bisect_right(keys, tuple(read_token(token)["start"]))
        items, last = [], None
        found = self.objects.get(resource.key, {})
        for index in range(start, len(keys)):
            key = keys[index]
            if namespace and key[0] != namespace:
                break
            stored = found[key]
            if matches and not matches(stored.glance()):
                continue
            if limit and len(items) == limit:
                left = None if matches else self.count_from(keys, index, namespace)
                return items, write_token(self.version, last), left
            items.append(stored.text)
            last = key
        return items, None, None

    def count_from(self, keys, index, namespace):
        end = bisect.bisect_left(keys, (namespace + "\0", "")) if namespace else len(keys)
        return end - index


def text_of(item):
    """An object's JSON without kind and apiVersion, as it stands in lists."""
    return encode({key: value for key, value in item.items() if key not in ("kind", "apiVersion")})


def with_kind(text, kind, api_version):
    return b'{"kind":"%s","apiVersion":"%s",' % (kind.encode(), api_version.encode()) + text[1:]


def write_token(version, key):
    text = json.dumps({"v": "meta.k8s.io/v1", "rv": version, "start": list(key)}, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def read_token(token):
    try:
        value = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except ValueError:
        raise bad_request("continue key is not valid: it cannot be decoded") from None
    if value.get("rv", 0) < 0:
        raise expired_continue()
    return value
