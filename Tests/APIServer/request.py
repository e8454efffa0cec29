"""A request, and what its path means."""

import urllib.parse
from dataclasses import dataclass, field


@dataclass
class Request:
    method: str
    target: str
    header_list: list
    body: bytes = b""
    listener: str = "main"
    protocol: str = "HTTP/1.1"
    connection: int = 0
    stream: int = 0
    certificate: dict = None
    tls: str = ""
    user: object = None
    warnings: list = field(default_factory=list)

    def __post_init__(self):
        self.path, _, query = self.target.partition("?")
        self.path = urllib.parse.unquote(self.path)
        self.query = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
        self.headers = dict(self.header_list)
        self.impersonates = any(name.startswith("impersonate-") for name in self.headers)

    @property
    def content_type(self):
        return self.headers.get("content-type", "").partition(";")[0]

    @property
    def is_dry(self):
        return self.query.get("dryRun") == "All"


@dataclass
class Target:
    """What the path of a resource's request names."""
    group: str
    version: str
    plural: str
    namespace: str = ""
    name: str = ""
    subresource: str = ""


def target_of(path):
    """The target of a path; None where it is no resource's."""
    parts = path.strip("/").split("/")
    if parts[0] == "api" and len(parts) >= 3:
        group, version, rest = "", parts[1], parts[2:]
    elif parts[0] == "apis" and len(parts) >= 4:
        group, version, rest = parts[1], parts[2], parts[3:]
    else:
        return None
    namespace = ""
    if rest[0] == "namespaces" and len(rest) >= 3 and rest[2] not in ("status", "finalize"):
        namespace, rest = rest[1], rest[2:]
    if len(rest) > 3:
        return None
    rest += [""] * (3 - len(rest))
    if rest[0] == "namespaces":
        namespace = ""
    return Target(group, version, rest[0], namespace, rest[1], rest[2])


VERBS = {"POST": "create", "PUT": "update", "PATCH": "patch"}


def verb_of(request, target):
    if request.method in VERBS:
        return VERBS[request.method]
    if request.method == "DELETE":
        return "delete" if target.name else "deletecollection"
    if request.query.get("watch") in ("1", "true"):
        return "watch"
    return "get" if target.name else "list"
