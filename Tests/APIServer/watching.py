"""Watches: the objects as they are, then each change, for so many seconds as are asked for."""

import json
import time

import selecting

SECONDS = 30


class Watch:
    """What one watch has told, and what there is to tell since.

    Without a version it begins with every object as it is; with one, with what is newer."""

    def __init__(self, api, request, target, resource):
        self.api, self.resource, self.namespace = api, resource, target.namespace
        self.matches = selecting.matcher(request.query.get("labelSelector"), request.query.get("fieldSelector"))
        self.ends_at = time.monotonic() + float(request.query.get("timeoutSeconds") or SECONDS)
        since = int(request.query.get("resourceVersion") or 0)
        self.told = {key: item for key, item in self.items().items() if since and version(item) <= since}

    @property
    def is_over(self):
        return time.monotonic() >= self.ends_at

    def items(self):
        self.api.store.bury()
        found = self.api.store.objects.get(self.resource.key, {})
        return {key: stored.item for key, stored in found.items()
                if (not self.namespace or key[0] == self.namespace)
                and (self.matches is None or self.matches(stored.item))}

    def lines(self):
        """A line for each change since the last time."""
        now, lines = self.items(), []
        for key, item in now.items():
            before = self.told.get(key)
            if before is None or version(before) != version(item):
                lines.append(self.line("ADDED" if before is None else "MODIFIED", item))
        lines += [self.line("DELETED", item) for key, item in self.told.items() if key not in now]
        self.told = now
        return b"".join(lines)

    def line(self, what, item):
        whole = {"kind": self.resource.kind, "apiVersion": self.resource.api_version, **item}
        return json.dumps({"type": what, "object": whole}, separators=(",", ":")).encode() + b"\n"


def version(item):
    return int(item["metadata"].get("resourceVersion", 0))
