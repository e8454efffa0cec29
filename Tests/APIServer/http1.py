"""HTTP/1.1, one request at a time on a connection."""

import gzip
import http
import socket
import struct

import delivery
from request import Request

GZIP_FROM = 128 * 1024  # what a real server compresses from on


def compressed(answer, accepts):
    """The body and the headers that say how it is encoded."""
    if "gzip" in accepts and len(answer.body) >= GZIP_FROM and answer.content_type.startswith("application/json"):
        return gzip.compress(answer.body, 1), [("content-encoding", "gzip"), ("vary", "Accept-Encoding")]
    return answer.body, []


def abort(transport):
    """Loses a connection as a crash does: without goodbye of TLS or TCP."""
    found = transport.get_extra_info("socket")
    if found is not None:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


class HTTP1:
    def __init__(self, server, transport, facts, door):
        self.server, self.transport, self.facts = server, transport, facts
        self.buffer = b""
        self.is_busy = self.is_chunked = False
        self.count = 0
        self.request = None

    def receive(self, data):
        self.buffer += data
        self.proceed()

    def proceed(self):
        while not self.is_busy and self.transport is not None:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            head = self.buffer[:end].decode("latin-1").split("\r\n")
            headers = [(name.strip().lower(), value.strip())
                       for name, _, value in (line.partition(":") for line in head[1:])]
            body = self.body(dict(headers), end + 4)
            if body is None:
                return
            self.count += 1
            method, target, _ = head[0].split(" ", 2)
            self.request = Request(method, target, headers, body, stream=self.count, protocol="HTTP/1.1", **self.facts)
            self.is_busy = True
            delivery.handle(self.server, self, self.request)

    def body(self, headers, start):
        """The body, taken from the buffer; None where it is not all there."""
        if headers.get("transfer-encoding", "").lower() == "chunked":
            return self.chunked_body(start)
        length = int(headers.get("content-length", 0))
        if headers.get("expect", "").lower() == "100-continue" and len(self.buffer) == start and length:
            self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        if len(self.buffer) < start + length:
            return None
        body, self.buffer = self.buffer[start:start + length], self.buffer[start + length:]
        return body

    def chunked_body(self, at):
        body = b""
        while True:
            end = self.buffer.find(b"\r\n", at)
            if end < 0:
                return None
            size = int(self.buffer[at:end].split(b";")[0], 16)
            if len(self.buffer) < end + 2 + size + 2:
                return None
            body += self.buffer[end + 2:end + 2 + size]
            at = end + 2 + size + 2
            if size == 0:
                self.buffer = self.buffer[at:]
                return body

    # MARK: Answering

    def send(self, answer):
        body, extra = compressed(answer, self.request.headers.get("accept-encoding", ""))
        self.start(answer, len(body), extra)
        self.write(body)
        self.finish()

    def start(self, answer, length, extra=()):
        reason = http.HTTPStatus(answer.status).phrase if answer.status in set(http.HTTPStatus) else "Unknown"
        self.is_chunked = length is None
        lines = [f"HTTP/1.1 {answer.status} {reason}", f"content-type: {answer.content_type}",
                 "transfer-encoding: chunked" if self.is_chunked else f"content-length: {length}"]
        lines += [f"{name}: {value}" for name, value in [*answer.headers, *extra]]
        self.transport.write("\r\n".join([*lines, "", ""]).encode("utf-8"))

    def write(self, data):
        if self.transport is not None and self.request.method != "HEAD":
            self.transport.write(b"%x\r\n%s\r\n" % (len(data), data) if self.is_chunked else data)

    @property
    def is_open(self):
        return self.transport is not None

    def finish(self):
        if self.is_chunked and self.transport is not None:
            self.transport.write(b"0\r\n\r\n")
        closes = self.request.headers.get("connection", "").lower() == "close"
        self.is_busy = False
        if closes and self.transport is not None:
            self.transport.close()
        elif self.buffer:
            self.proceed()

    def reset(self, stream_only=False):
        if self.transport is not None:
            abort(self.transport)

    def go_away(self, refuse):
        """There is no such thing here; the connection is closed."""
        if self.transport is not None:
            self.transport.close()

    def lost(self):
        self.transport = None

    def resumed(self):
        pass
