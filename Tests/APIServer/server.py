#!/usr/bin/env python3
"""A Kubernetes API server for tests: TLS, HTTP/1.1 and HTTP/2, and answers as kube-apiserver 1.36 gives them.

  .build/end-to-end/venv/bin/python Tests/APIServer/server.py --folder DIR

prints its port, then a line for each other listener, and runs until standard input closes or it gets SIGTERM.
The packages it needs are in Tests/requirements.txt. In DIR it makes, before the port is printed:

  NAME.kubeconfig     one for each way to get in, and for each that must fail: see kubeconfigs.py for the names
                      (token, certificate, certificate-files, basic, exec, viewer, deployer, insecure, wrong-ca …)
  certificates/       ca.crt, server.crt, expired.crt, wrong-name.crt, admin.crt … each with its .key
  exec/               the credential plugin, what it prints, and calls.jsonl: how it was called
  ports.json          {"main": "https://127.0.0.1:PORT", "other": …}: where each listener is
  requests.jsonl      one line for each request, and for each connection that begins or ends
  access.json         tokens, passwords and the rules of who may do what: see access.py; may be written at any time
  rules.json          faults: see faults.py; may be written at any time, and starts to count again then
  settings.json       {"watches": false} ends watches at once; {"discovery": "v2" | "v2beta1" | "legacy", "logBodies": true, "writeLatency": 10}; the last one
                      is how many milliseconds writing takes, as it does where etcd is; may be written at any time;
                      "unread401": true answers bad credentials over HTTP/2 before the body is read, and ends the
                      connection with that

Listeners: main; other (the same server at another port, for redirects); http1 (no HTTP/2); expired and wrong-name
(certificates that are); stranger (another authority's); plain (no TLS). All but the last take client certificates.

Namespaces: default, kube-system, kube-public, kube-node-lease, shop, staging, strict (Pod Security warns there) and
locked (it refuses there). Requests that only tests make, without credentials:

  POST /_test/fill    {"template": OBJECT, "count": 20000, "namespaces": ["shop"]}: that many objects at once; @N@ in
                      the template is their number, @NAMESPACE@ their namespace, @VERSION@ a resourceVersion
  POST /_test/reset   forgets all objects but those of the start
  POST /_test/log     {"namespace": "shop", "pod": "web-1", "container": "vault-agent", "text": "…"}: what it wrote
  GET  /_test/usage   {"cpu": seconds of this process, "requests": so many were answered}

Where it is not what kube-apiserver does: nothing runs (no controllers, no kubelet), objects that are deleted in the
foreground and pods vanish after 0.15 s, versions of a kind are not converted, patches are not
limited in time, and a client certificate of an authority that is in neither ca.crt nor other-ca.crt ends the
handshake instead of giving 401.
"""

import argparse
import asyncio
import json
import os
import signal
import stat
import sys
import time
from pathlib import Path

import listeners
from answers import json_answer
from api import API
from certificates import Certificates
from delivery import RequestLog
from faults import Faults
from kubeconfigs import Kubeconfigs
from watched import WatchedFile

HOST = "127.0.0.1"


class Server:
    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.certificates = Certificates(folder / "certificates")
        self.settings = WatchedFile(folder / "settings.json", {"discovery": "v2"})
        self.faults = Faults(folder / "rules.json")
        self.log = RequestLog(folder / "requests.jsonl")
        self.api = Testing(self)
        self.addresses, self.listeners, self.doors, self.tasks = {}, [], set(), set()

    async def start(self):
        made = self.certificates
        authorities = (made.authority, made.other_authority)
        both, old = ["h2", "http/1.1"], ["http/1.1"]
        for name, certificate, protocols in (
                ("main", made.server, both), ("other", made.server, both), ("http1", made.server, old),
                ("expired", made.expired, both), ("wrong-name", made.wrong_name, both),
                ("stranger", made.stranger, both), ("plain", None, old)):
            context = listeners.tls_context(certificate, authorities, protocols) if certificate else None
            port = await listeners.listen(self, name, HOST, context)
            self.addresses[name] = f"{'https' if certificate else 'http'}://{HOST}:{port}"
        (self.folder / "ports.json").write_text(json.dumps(self.addresses, indent=1) + "\n")
        Kubeconfigs(self.folder, made, self.addresses).write_all()

    async def run(self):
        await self.start()
        loop, done = asyncio.get_running_loop(), asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, done.set)
        print(self.addresses["main"].rsplit(":", 1)[1])
        for name, address in self.addresses.items():
            print(name, address)
        sys.stdout.flush()
        if not stat.S_ISREG(os.fstat(0).st_mode) and not os.path.samestat(os.fstat(0), os.stat(os.devnull)):
            loop.add_reader(0, lambda: os.read(0, 4096) or done.set())
        await done.wait()
        os._exit(0)  # whatever is under way is lost, as when a server is stopped


class Testing:
    """The API, and the requests that only tests make."""

    def __init__(self, server):
        self.server, self.count = server, 0
        self.api = API(server.folder, server.settings)

    def answer(self, request):
        self.count += 1
        if not request.path.startswith("/_test/"):
            return self.api.answer(request)
        if request.path == "/_test/usage":
            return json_answer(200, {"cpu": time.process_time(), "requests": self.count})
        if request.path == "/_test/reset":
            self.api = API(self.server.folder, self.server.settings)
        elif request.path == "/_test/log":
            order = json.loads(request.body)
            self.api.logs[order["namespace"], order["pod"], order["container"]] = order["text"]
        elif request.path == "/_test/fill":
            self.fill(json.loads(request.body))
        return json_answer(200, {})

    def user_of(self, request):
        """Who asks; a refusal where that cannot be told."""
        return self.api.access.user_of(request)

    def fill(self, order):
        template = order["template"]
        group, _, version = template["apiVersion"].rpartition("/")
        resource = next(each for each in self.api.resources.found.values()
                        if (each.group, each.version, each.kind) == (group, version, template["kind"]))
        text = json.dumps({name: value for name, value in template.items() if name not in ("kind", "apiVersion")},
                          separators=(",", ":"))
        self.api.store.fill(resource, text.encode(), order["count"], order.get("namespaces", ["default"]))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", required=True, type=Path, help="where everything of this run is put")
    asyncio.run(Server(parser.parse_args().folder.resolve()).run())


if __name__ == "__main__":
    main()
