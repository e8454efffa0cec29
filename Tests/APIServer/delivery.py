"""From a request to its answer on the wire: the log, and the faults that are about bytes and time."""

import asyncio
import json
import os
import time

import faults


class RequestLog:
    """One JSON object a line, written before the answer is sent."""

    def __init__(self, path):
        self.file = open(path, "a", encoding="utf-8", buffering=1)
        self.began = time.monotonic()

    def write(self, **entry):
        entry["at"] = round(time.monotonic() - self.began, 4)
        self.file.write(json.dumps(entry, separators=(",", ":")) + "\n")

    def request(self, request, answer, rule, settings):
        entry = {
            "event": "request", "listener": request.listener, "protocol": request.protocol, "tls": request.tls,
            "connection": request.connection, "stream": request.stream, "method": request.method,
            "path": request.path, "query": request.query, "headers": request.header_list,
            "size": len(request.body),
            "user": request.user.name if request.user else None,
            "groups": request.user.groups if request.user else [],
            "status": answer.status if answer else None,
        }
        if request.certificate:
            entry["certificate"] = dict(pair for name in request.certificate["subject"] for pair in name)
        if rule:
            entry["rule"] = rule
        if settings.get("logBodies"):
            entry["body"] = request.body.decode(errors="replace")
        self.write(**entry)


def handle(server, exchange, request):
    """Answers at once where no rule says otherwise, which keeps the usual case fast."""
    rule = server.faults.rule_for(request)
    if rule is None:
        answer = server.api.answer(request)
        settings = server.settings.value
        server.log.request(request, answer, None, settings)
        if answer.watch:
            begin(server, watched(exchange, answer))
        elif settings.get("writeLatency") and request.method != "GET":
            asyncio.get_running_loop().call_later(settings["writeLatency"] / 1000, exchange.send, answer)
        else:
            exchange.send(answer)
        return
    begin(server, under_rule(server, exchange, request, rule))


def begin(server, work):
    task = asyncio.get_running_loop().create_task(work)
    server.tasks.add(task)
    task.add_done_callback(server.tasks.discard)


async def watched(exchange, answer):
    """Tells of changes until the time is over, or nobody listens."""
    exchange.start(answer, None)
    while exchange.is_open and not answer.watch.is_over:
        lines = answer.watch.lines()
        if lines:
            exchange.write(lines)
        await asyncio.sleep(0.02)
    exchange.finish()


async def under_rule(server, exchange, request, rule):
    unanswered = rule.get("hang") or rule.get("reset") == "before" or rule.get("goaway") == "refuse"
    if unanswered or rule.get("exit"):
        server.log.request(request, None, rule, server.settings.value)
        await asyncio.sleep(rule.get("delay", 0) / 1000)
        if rule.get("exit"):
            os._exit(1)
        if rule.get("goaway"):
            exchange.go_away(refuse=True)
        elif not rule.get("hang"):
            exchange.reset(rule.get("streamOnly", False))
        return
    await asyncio.sleep(rule.get("delay", 0) / 1000)
    answer = faults.answer(rule, request, server)
    server.log.request(request, answer, rule, server.settings.value)
    if rule.get("reset") == "after":
        exchange.reset(rule.get("streamOnly", False))
    elif "reset" in rule:
        await partly(exchange, answer, rule)
    elif "truncate" in rule:
        answer.body = answer.body[:rule["truncate"]]
        exchange.send(answer)
    elif "drip" in rule:
        await slowly(exchange, answer, rule)
    else:
        exchange.send(answer)
    if rule.get("goaway"):
        exchange.go_away(refuse=False)


async def partly(exchange, answer, rule):
    exchange.start(answer, len(answer.body))
    exchange.write(answer.body[:rule["reset"]])
    await asyncio.sleep(0.05)  # so that the bytes are out before the connection is
    exchange.reset(rule.get("streamOnly", False))


async def slowly(exchange, answer, rule):
    piece = rule.get("piece", 1024)
    exchange.start(answer, len(answer.body))
    for at in range(0, len(answer.body), piece):
        exchange.write(answer.body[at:at + piece])
        await asyncio.sleep(rule["drip"] / 1000)
    exchange.finish()
