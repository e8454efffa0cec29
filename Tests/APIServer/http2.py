"""HTTP/2: many requests at once on one connection."""

import asyncio

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.exceptions
import h2.settings
import hyperframe.frame

import delivery
from answers import Refusal
from http1 import abort, compressed
from request import Request

STREAMS = 100  # at once on one connection, as kube-apiserver has it
WINDOW = 1 << 20
SECONDS_TO_RETIRE = 1


class HTTP2:
    def __init__(self, server, transport, facts, door):
        self.server, self.transport, self.facts, self.door = server, transport, facts, door
        self.streams = {}
        configuration = h2.config.H2Configuration(
            client_side=False, header_encoding="utf-8", validate_inbound_headers=False,
            normalize_inbound_headers=False, validate_outbound_headers=False, normalize_outbound_headers=False)
        self.connection = h2.connection.H2Connection(configuration)
        self.connection.local_settings = h2.settings.Settings(client=False, initial_values={
            h2.settings.SettingCodes.MAX_CONCURRENT_STREAMS: STREAMS,
            h2.settings.SettingCodes.INITIAL_WINDOW_SIZE: WINDOW,
            h2.settings.SettingCodes.MAX_HEADER_LIST_SIZE: 1 << 20})
        self.connection.initiate_connection()
        self.connection.increment_flow_control_window(WINDOW * 64)
        self.flush()

    def receive(self, data):
        try:
            events = self.connection.receive_data(data)
        except h2.exceptions.ProtocolError:
            self.flush()
            self.transport.close()
            return
        self.flush()
        for event in events:
            if self.transport is not None and not self.transport.is_closing():
                self.take(event)

    def take(self, event):
        if isinstance(event, h2.events.RequestReceived):
            self.streams[event.stream_id] = stream = Stream(self, event.stream_id, event.headers)
            if self.server.settings.value.get("unread401") and event.stream_ended is None:
                self.refuse_unread(stream)
        elif isinstance(event, h2.events.DataReceived):
            self.data(event)
        elif isinstance(event, h2.events.StreamEnded):
            if event.stream_id in self.streams:
                self.streams[event.stream_id].handle()
        elif isinstance(event, h2.events.StreamReset):
            self.streams.pop(event.stream_id, None)
            self.server.log.write(event="stream reset by client", stream=event.stream_id, **self.named)
        elif isinstance(event, h2.events.ConnectionTerminated):
            self.server.log.write(event="goodbye of client", **self.named)
        elif isinstance(event, (h2.events.WindowUpdated, h2.events.RemoteSettingsChanged)):
            self.resumed()

    def refuse_unread(self, stream):
        """Bad credentials are answered before the request's body is read, and end the connection: the client has the
        status line then, and nothing of what comes after it."""
        request = stream.request()
        try:
            self.server.api.user_of(request)
        except Refusal as refusal:
            answer = refusal.answer()
            self.server.log.request(request, answer, None, self.server.settings.value)
            stream.start(answer, len(answer.body))
            stream.go_away(refuse=False, last=stream.number)
            self.transport.close()

    @property
    def named(self):
        return {"connection": self.facts["connection"], "listener": self.facts["listener"]}

    def data(self, event):
        stream = self.streams.get(event.stream_id)
        if stream is not None:
            stream.received.append(event.data)
        self.connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)

    def flush(self):
        data = self.connection.data_to_send()
        if data and self.transport is not None:
            self.transport.write(data)

    def resumed(self):
        """Goes on with what had no room."""
        for stream in list(self.streams.values()):
            if stream.pending or stream.is_finished:
                stream.pour()

    def retire(self):
        """As Go's servers do it: no new requests, please; those under way, and those that cross this, are answered."""
        farewell = hyperframe.frame.GoAwayFrame(0, last_stream_id=(1 << 31) - 1, error_code=0)
        self.transport.write(farewell.serialize())
        asyncio.get_running_loop().call_later(SECONDS_TO_RETIRE, self.close_when_idle)

    def close_when_idle(self):
        if self.transport is not None and not self.streams:
            self.transport.close()
        elif self.transport is not None:
            asyncio.get_running_loop().call_later(SECONDS_TO_RETIRE, self.close_when_idle)

    def lost(self):
        self.transport = None
        self.streams = {}


class Stream:
    """One request and its answer."""

    def __init__(self, owner, number, headers):
        self.owner, self.number, self.headers = owner, number, headers
        self.received, self.pending, self.is_finished, self.has_ended = [], memoryview(b""), False, False
        self.accepts = ""

    def request(self):
        """The request as far as it has come in."""
        pseudo = {name: value for name, value in self.headers if name.startswith(":")}
        headers = [pair for pair in self.headers if not pair[0].startswith(":")]
        headers.insert(0, ("host", pseudo.get(":authority", "")))
        return Request(pseudo[":method"], pseudo[":path"], headers, b"".join(self.received), protocol="HTTP/2",
                       stream=self.number, **self.owner.facts)

    def handle(self):
        request = self.request()
        self.accepts = request.headers.get("accept-encoding", "")
        delivery.handle(self.owner.server, self, request)

    @property
    def is_open(self):
        return self.owner.transport is not None and self.number in self.owner.streams

    def send(self, answer):
        body, extra = compressed(answer, self.accepts)
        self.start(answer, len(body), extra)
        self.is_finished = True
        self.write(body)

    def start(self, answer, length, extra=()):
        if self.is_open:
            self.owner.connection.send_headers(self.number, [
                (":status", str(answer.status)), ("content-type", answer.content_type),
                *([] if length is None else [("content-length", str(length))]), *answer.headers, *extra])
            if length is None:
                self.owner.flush()

    def write(self, data):
        self.pending = memoryview(bytes(self.pending) + data) if self.pending else memoryview(data)
        self.pour()

    def finish(self):
        self.is_finished = True
        self.pour()

    def pour(self):
        """Sends as much as the windows and the buffers have room for."""
        connection = self.owner.connection
        while self.is_open and self.pending and not self.owner.door.is_full:
            room = min(connection.local_flow_control_window(self.number), connection.max_outbound_frame_size)
            if room <= 0:
                break
            piece, self.pending = self.pending[:room], self.pending[room:]
            connection.send_data(self.number, bytes(piece))
            if not self.pending and not self.is_finished or len(piece) < 16384:
                continue
            self.owner.flush()
        if self.is_open and self.is_finished and not self.pending:
            connection.end_stream(self.number)
            del self.owner.streams[self.number]
        if self.owner.transport is not None:
            self.owner.flush()

    def reset(self, stream_only=False):
        if not self.is_open:
            return
        if not stream_only:
            abort(self.owner.transport)
            return
        self.owner.connection.reset_stream(self.number, h2.errors.ErrorCodes.INTERNAL_ERROR)
        self.owner.flush()
        self.owner.streams.pop(self.number, None)

    def go_away(self, refuse, last=None):
        """Ends the connection in an orderly way; with refuse, this request counts as never seen.

        With last, at once: nothing after that stream was seen."""
        if self.owner.transport is None:
            return
        if refuse or last is not None:
            last = max(0, self.number - 2) if last is None else last
            self.owner.connection.close_connection(h2.errors.ErrorCodes.NO_ERROR, last_stream_id=last)
            self.owner.flush()
            self.owner.transport.close()
        else:
            self.owner.retire()
