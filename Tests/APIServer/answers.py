"""What the server answers: objects, and Status where something is wrong, worded as the recordings have it."""

import json
import re
from dataclasses import dataclass, field

JSON = "application/json"
FIRST_KEYS = ("kind", "apiVersion", "metadata")


@dataclass
class Answer:
    """A status, a body and headers."""
    status: int
    body: bytes = b""
    content_type: str = JSON
    headers: list = field(default_factory=list)
    watch: object = None  # what goes on telling of changes, in place of a body


def encode(value):
    """Compact JSON with keys in a fixed order, kind, apiVersion and metadata first."""
    if not isinstance(value, dict):
        return ENCODER.encode(value).encode()
    parts = [f'"{key}":{ENCODER.encode(value[key])}' for key in FIRST_KEYS if key in value]
    parts += [f"{ENCODER.encode(key)}:{ENCODER.encode(value[key])}" for key in sorted(value) if key not in FIRST_KEYS]
    return ("{" + ",".join(parts) + "}").encode()


ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def json_answer(status, value, headers=()):
    return Answer(status, encode(value) + b"\n", headers=list(headers))


def text_answer(status, text):
    return Answer(status, text.encode(), "text/plain; charset=utf-8")


class Refusal(Exception):
    """A request that is answered with a Status."""

    def __init__(self, code, reason, message, details=None, headers=(), metadata=None):
        super().__init__(message)
        self.code, self.reason, self.message, self.details = code, reason, message, details
        self.headers = list(headers)
        self.metadata = metadata or {}

    def answer(self):
        status = {"kind": "Status", "apiVersion": "v1", "metadata": self.metadata, "status": "Failure", "message": self.message}
        if self.reason:
            status["reason"] = self.reason
        if self.details:
            status["details"] = self.details
        status["code"] = self.code
        # In the order of the recordings, which is not the alphabet's.
        return Answer(self.code, json.dumps(status, ensure_ascii=False, separators=(",", ":")).encode() + b"\n",
                      headers=self.headers)


@dataclass(frozen=True)
class Cause:
    """One field that is wrong. `value` is shown in the message; `kind` is Invalid, Required and so on."""
    field: str
    kind: str
    detail: str = ""
    value: object = None

    REASONS = {"Invalid value": "FieldValueInvalid", "Required value": "FieldValueRequired",
               "Duplicate value": "FieldValueDuplicate", "Not found": "FieldValueNotFound",
               "Unsupported value": "FieldValueNotSupported", "Forbidden": "FieldValueForbidden",
               "Too long": "FieldValueTooLong"}

    @property
    def message(self):
        parts = [self.kind]
        if self.kind in ("Invalid value", "Duplicate value", "Not found", "Unsupported value"):
            parts.append(self.value.text if isinstance(self.value, Verbatim) else json.dumps(self.value))
        if self.detail:
            parts.append(self.detail)
        return ": ".join(parts)

    def as_status(self):
        return {"reason": self.REASONS[self.kind], "message": self.message, "field": self.field}


@dataclass(frozen=True)
class Verbatim:
    """A value a message shows as it is."""
    text: str


def with_group(name, group):
    return f"{name}.{group}" if group else name


def details(name, group, kind, **more):
    found = {"name": name, "group": group, "kind": kind, **more}
    return {key: value for key, value in found.items() if value}


def invalid(kind, group, name, causes):
    # The sentence has each of them once, the details have all that were found.
    sentences = list(dict.fromkeys(f"{cause.field}: {cause.message}" for cause in causes))
    said = sentences[0] if len(sentences) == 1 else "[" + ", ".join(sentences) + "]"
    return Refusal(422, "Invalid", f'{with_group(kind, group)} "{name}" is invalid: {said}',
                   details(name, group, kind, causes=[cause.as_status() for cause in causes]))


def not_found(plural, group, name):
    return Refusal(404, "NotFound", f'{with_group(plural, group)} "{name}" not found', details(name, group, plural))


def already_exists(plural, group, name, is_going=False):
    going = "object is being deleted: " if is_going else ""
    return Refusal(409, "AlreadyExists", f'{going}{with_group(plural, group)} "{name}" already exists',
                   details(name, group, plural))


def stale(plural, group, name):
    return Refusal(409, "Conflict", f'Operation cannot be fulfilled on {with_group(plural, group)} "{name}": the object '
                   "has been modified; please apply your changes to the latest version and try again",
                   details(name, group, plural))


def precondition(plural, group, name, wanted, found):
    return Refusal(409, "Conflict", f'Operation cannot be fulfilled on {with_group(plural, group)} "{name}": Precondition '
                   f"failed: UID in precondition: {wanted}, UID in object meta: {found}",
                   details(name, group, plural))


def forbidden(plural, group, name, why):
    subject = f'{with_group(plural, group)} "{name}"' if name else with_group(plural, group)
    return Refusal(403, "Forbidden", f"{subject} is forbidden: {why}", details(name, group, plural))


def bad_request(message):
    return Refusal(400, "BadRequest", message)


def unauthorized():
    return Refusal(401, "Unauthorized", "Unauthorized")


def no_such_path():
    return text_answer(404, "404 page not found\n")


def method_not_allowed():
    return Refusal(405, "MethodNotAllowed", "the server does not allow this method on the requested resource")


def expired_continue(token=None):
    """A list that is forgotten; the token leads to the rest of it as it is now."""
    return Refusal(410, "Expired", "The provided continue parameter is too old to display a consistent list result. "
                   "You can start a new list without the continue parameter, or use the continue token in this response "
                   "to retrieve the remainder of the results. Continuing with the provided token results in an "
                   "inconsistent list - objects that were created, modified, or deleted between the time the first "
                   "chunk was returned and now may show up in the list.",
                   metadata={"continue": token} if token else None)


def warning_header(text):
    quoted = re.sub(r'(["\\])', r"\\\1", text)
    return ("warning", f'299 - "{quoted}"')
