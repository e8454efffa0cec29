"""Who asks, and what they may: tokens, passwords, client certificates, impersonation, and a table of rules.

The table is a file, access.json, that may be changed while the server runs:

  {"tokens": {"TOKEN": {"user": "x", "groups": [...], "uid": "…", "uses": 3}},     "uses": refused after so many
   "passwords": {"NAME": "PASSWORD"}, "anonymous": true,
   "rules": [{"who": ["user or group", …], "verbs": ["get"], "resources": ["deployments", "*"],
              "namespaces": ["shop"], "names": ["web"]}]}
"""

import base64
import binascii
import ssl
import time
import urllib.parse
from dataclasses import dataclass, field

from answers import Refusal, forbidden, unauthorized, with_group
from watched import WatchedFile

# A token of OpenID Connect whose claims are an issuer, a user and the year 2100.
ID_TOKEN = (
    "eyJhbGciOiJSUzI1NiIsImtpZCI6InRlc3QifQ."
    "eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlLmNvbSIsInN1YiI6Im9pZGMtdXNlciIsImF1ZCI6InRlc3QiLCJleHAiOjQx"
    "MDI0NDQ4MDB9."
    "bm8gc2lnbmF0dXJl")
AUTHORITY = "test-ca"  # whose client certificates are taken
DEFAULTS = {
    "tokens": {
        "admin-token": {"user": "admin", "groups": ["system:masters"]},
        "viewer-token": {"user": "viewer", "groups": ["viewers"]},
        "deployer-token": {"user": "deployer", "groups": ["deployers"]},
        "exec-token": {"user": "exec-user", "groups": ["system:masters"]},
        "exec-beta-token": {"user": "exec-beta-user", "groups": ["system:masters"]},
        "file-token": {"user": "file-user", "groups": ["system:masters"]},
        ID_TOKEN: {"user": "oidc-user", "groups": ["system:masters"]},
    },
    "passwords": {"basic-user": "basic-password"},
    "anonymous": True,
    "rules": [
        {"who": ["system:masters", "basic-user"], "verbs": ["*"], "resources": ["*"]},
        {"who": ["viewers"], "verbs": ["get", "list", "watch"], "resources": ["*"]},
        # One who deploys in one namespace, without a right to delete, or to see secrets.
        {"who": ["deployers"], "verbs": ["get", "list", "create", "patch", "update"], "namespaces": ["shop"],
         "resources": ["deployments", "configmaps", "services", "serviceaccounts", "jobs", "pods"]},
    ],
}


@dataclass
class User:
    name: str
    groups: list = field(default_factory=list)
    uid: str = ""
    extra: dict = field(default_factory=dict)

    def as_info(self):
        found = {"username": self.name, "uid": self.uid, "groups": self.groups, "extra": self.extra}
        return {name: value for name, value in found.items() if value}


ANONYMOUS = User("system:anonymous", ["system:unauthenticated"])


@dataclass(frozen=True)
class Attributes:
    """What somebody wants to do, as rules see it."""
    verb: str
    group: str = ""
    resource: str = ""
    subresource: str = ""
    namespace: str = ""
    name: str = ""
    path: str = ""

    @property
    def full_resource(self):
        return f"{self.resource}/{self.subresource}" if self.subresource else self.resource

    def sentence(self, user):
        if self.path:
            return f'User "{user.name}" cannot {self.verb} path "{self.path}"'
        where = f'in the namespace "{self.namespace}"' if self.namespace else "at the cluster scope"
        return (f'User "{user.name}" cannot {self.verb} resource "{self.full_resource}" in API group '
                f'"{self.group}" {where}')


class Access:
    def __init__(self, path):
        self.file = WatchedFile(path, DEFAULTS)
        self.uses = {}

    @property
    def table(self):
        return self.file.value

    # Authentication

    def user_of(self, request):
        """The user after impersonation; raises where a credential is wrong."""
        user = self.authenticate(request)
        if "authenticated" not in str(user.groups):
            user.groups = [*user.groups, "system:authenticated"]
        return self.impersonated(request, user) if request.impersonates else user

    def authenticate(self, request):
        header = request.headers.get("authorization")
        if header:
            return self.from_header(header)
        if request.certificate:
            return from_certificate(request.certificate)
        if not self.table.get("anonymous", True):
            raise unauthorized()
        return ANONYMOUS

    def from_header(self, header):
        scheme, _, value = header.partition(" ")
        if scheme.lower() == "bearer":
            return self.from_token(value.strip())
        try:
            name, _, password = base64.b64decode(value, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            raise unauthorized() from None
        if scheme.lower() != "basic" or self.table.get("passwords", {}).get(name) != password:
            raise unauthorized()
        return User(name, ["system:authenticated"])

    def from_token(self, token, counts=True):
        known = self.table["tokens"].get(token)
        if known is None:
            raise unauthorized()
        if counts and "uses" in known:
            self.uses[token] = self.uses.get(token, 0) + 1
            if self.uses[token] > known["uses"]:
                raise unauthorized()
        return User(known["user"], list(known.get("groups", [])), known.get("uid", ""), known.get("extra", {}))

    def impersonated(self, request, user):
        headers = request.header_list
        name = request.headers.get("impersonate-user", "")
        groups = [value for key, value in headers if key == "impersonate-group"]
        extra = {}
        for key, value in headers:
            if key.startswith("impersonate-extra-"):
                extra.setdefault(urllib.parse.unquote(key.removeprefix("impersonate-extra-")), []).append(value)
        if not name:
            raise Refusal(500, "InternalError", "Internal error occurred: requested "
                          f"{[{'Kind': 'Group', 'Name': each} for each in groups]} without impersonating a user")
        self.demand(user, Attributes("impersonate", resource="users", name=name))
        for each in groups:
            self.demand(user, Attributes("impersonate", resource="groups", name=each))
        groups = groups or (["system:serviceaccounts"] if name.startswith("system:serviceaccount:") else [])
        return User(name, [*groups, "system:authenticated"], request.headers.get("impersonate-uid", ""), extra)

    # Authorization

    def allows(self, user, attributes):
        subjects = {user.name, *user.groups}
        return any(subjects & set(rule["who"]) and matches(rule, attributes) for rule in self.table["rules"])

    def demand(self, user, attributes):
        if not self.allows(user, attributes):
            resource = attributes.resource
            raise forbidden(resource, attributes.group, attributes.name, attributes.sentence(user)) if resource \
                else Refusal(403, "Forbidden", f'forbidden: {attributes.sentence(user)}', {})


def matches(rule, attributes):
    if attributes.path:
        return True  # paths that are no resources are there for everybody who may do anything
    return has(rule["verbs"], attributes.verb) and \
        has(rule["resources"], attributes.full_resource, with_group(attributes.full_resource, attributes.group)) and \
        ("namespaces" not in rule or has(rule["namespaces"], attributes.namespace)) and \
        ("names" not in rule or has(rule["names"], attributes.name))


def has(allowed, *values):
    return "*" in allowed or any(value in allowed for value in values)


def from_certificate(certificate):
    issuer = [value for name in certificate["issuer"] for key, value in name if key == "commonName"]
    if issuer != [AUTHORITY] or ssl.cert_time_to_seconds(certificate["notAfter"]) < time.time():
        raise unauthorized()
    subject = [pair for name in certificate["subject"] for pair in name]
    name = next((value for key, value in subject if key == "commonName"), "")
    return User(name, [value for key, value in subject if key == "organizationName"])
