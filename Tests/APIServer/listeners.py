"""The ports the server listens on, each with its own certificate, or with none."""

import asyncio
import ssl

from http1 import HTTP1
from http2 import HTTP2

NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME: expired client certificates are refused with 401, not by TLS


class Door(asyncio.Protocol):
    """One connection: finds out what is spoken, and hands the bytes on."""

    numbers = 0

    def __init__(self, server, listener):
        self.server, self.listener = server, listener
        self.spoken, self.is_full = None, False

    def connection_made(self, transport):
        Door.numbers += 1
        tls = transport.get_extra_info("ssl_object")
        protocol = tls.selected_alpn_protocol() if tls else None
        facts = {"connection": Door.numbers, "listener": self.listener, "tls": tls.version() if tls else "",
                 "certificate": tls.getpeercert() or None if tls else None}
        self.server.log.write(event="connection", connection=Door.numbers, listener=self.listener,
                              alpn=protocol, tls=facts["tls"])
        self.spoken = (HTTP2 if protocol == "h2" else HTTP1)(self.server, transport, facts, self)
        self.server.doors.add(self)

    def data_received(self, data):
        self.spoken.receive(data)

    def eof_received(self):
        return False

    def pause_writing(self):
        self.is_full = True

    def resume_writing(self):
        self.is_full = False
        self.spoken.resumed()

    def connection_lost(self, error):
        self.server.doors.discard(self)
        self.server.log.write(event="connection closed", connection=self.spoken.facts["connection"],
                              listener=self.listener)
        self.spoken.lost()


def tls_context(certificate, client_authorities, protocols):
    """Client certificates of any of the authorities pass here; who they are is looked at later, and answered 401."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate.certificate_path, certificate.key_path)
    for authority in client_authorities:
        context.load_verify_locations(authority.certificate_path)
    context.verify_mode = ssl.CERT_OPTIONAL
    context.verify_flags |= NO_CHECK_TIME
    context.set_alpn_protocols(protocols)
    return context


async def listen(server, name, host, context):
    loop = asyncio.get_running_loop()
    made = await loop.create_server(lambda: Door(server, name), host, 0, ssl=context, backlog=512)
    server.listeners.append(made)
    return made.sockets[0].getsockname()[1]
