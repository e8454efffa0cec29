"""The little protobuf that kubectl sends: reviews of access, and objects that are no more than a name."""

MAGIC = b"k8s\0"
METADATA = {1: "name", 2: "generateName", 3: "namespace"}
RESOURCE = {1: "namespace", 2: "verb", 3: "group", 4: "version", 5: "resource", 6: "subresource", 7: "name"}
ACCESS = {1: ("resourceAttributes", RESOURCE), 2: ("nonResourceAttributes", {1: "path", 2: "verb"})}
KINDS = {
    "Namespace": {1: ("metadata", METADATA)},
    "ServiceAccount": {1: ("metadata", METADATA)},
    "SelfSubjectReview": {1: ("metadata", METADATA)},
    "SelfSubjectAccessReview": {1: ("metadata", METADATA), 2: ("spec", ACCESS)},
}


def decoded(body):
    """The object of a body; None where it is of a kind that is not read."""
    envelope = {number: value for number, value in records(body[len(MAGIC):])}
    kind = dict(records(envelope[1]))
    name = kind[2].decode()
    if name not in KINDS:
        return None
    return {"apiVersion": kind[1].decode(), "kind": name, **read(envelope.get(2, b""), KINDS[name])}


def read(data, fields):
    found = {}
    for number, value in records(data):
        field = fields.get(number)
        if isinstance(field, str):
            if value:
                found[field] = value.decode()
        elif field:
            found[field[0]] = read(value, field[1])
    return found


def records(data):
    """The fields of a message; those that are no text or message are left out."""
    at = 0
    while at < len(data):
        tag, at = varint(data, at)
        if tag & 7 == 2:
            length, at = varint(data, at)
            yield tag >> 3, data[at:at + length]
            at += length
        elif tag & 7 == 0:
            _, at = varint(data, at)
        else:
            at += 8 if tag & 7 == 1 else 4


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at
