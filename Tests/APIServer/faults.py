"""Faults on request: which requests are not answered as they should be.

A rule is an object of the list in rules.json, which may be written while the server runs (write another file and
rename it). The first rule that matches is taken. What a rule matches by:

  "method": "PATCH"      "path": "*/deployments/web-*"     fnmatch, without the query
  "query": "dryRun=All"  a part of the query                "listener": "main"
  "nth": 2 or [1, 3]     only these of the requests it would match, counted from 1    "times": 2   only the first two

and what it does, any of:

  "delay": 500           milliseconds before the answer       "warnings": ["text", …]   on the answer
  "status": 503, "reason": "…", "message": "…"                another answer; the request is not carried out,
                                                              but with "carriedOut": true
  "body": …, "contentType": "…"                               its body, where it is no Status
  "retryAfter": 1        a Retry-After on it, with details.retryAfterSeconds
  "headers": {"x": "y"}
  "redirect": "other"    to another listener, or to a URL      (status 307 where none is given)
  "size": 100000000      a well-formed answer of that many bytes, with "status"
  "reset": "before"      the connection is lost before the request is carried out
  "reset": "after"       … after it was carried out, before the answer
  "reset": 100           … after so many bytes of the answer's body
  "truncate": 100        a complete answer with so many bytes of its body
  "drip": 50             milliseconds between pieces of the body, of "piece": 1024 bytes
  "hang": true           no answer ever
  "goaway": "after"      HTTP/2: answered, and the client asked to take another connection from now on; this one is
                         closed when nothing is under way any more, as by kube-apiserver's --goaway-chance
  "goaway": "refuse"     HTTP/2: not carried out, and the client told so, with the same end of the connection
  "webhook": "name"      refuses dry runs as a webhook with side effects does
  "typed": ".spec.x"     500: failed to create typed patch object, as for a field nobody knows
  "endless": true        a list that goes on for ever: "same" with the same token, "new" with another one each time,
                         "empty" with pages that hold nothing
  "expireContinue": true 410 for the next page of a list; "rest" with the token that leads to the rest all the same
  "exit": true           the server is gone, at once
"""

import fnmatch
import itertools
import json

import admission
from answers import Answer, Refusal, expired_continue, json_answer, warning_header
from watched import WatchedFile

REASONS = {400: "BadRequest", 401: "Unauthorized", 403: "Forbidden", 404: "NotFound", 409: "Conflict", 410: "Expired",
           422: "Invalid", 429: "TooManyRequests", 500: "InternalError", 503: "ServiceUnavailable", 504: "Timeout"}


class Faults:
    def __init__(self, path):
        self.file = WatchedFile(path, [])
        self.counts = {}

    def rule_for(self, request):
        """The rule that a request falls under; None for nearly all of them."""
        if self.file.refresh():
            self.counts = {}
        for index, rule in enumerate(self.file.kept):
            if matches(rule, request):
                self.counts[index] = count = self.counts.get(index, 0) + 1
                wanted = rule.get("nth")
                if wanted is not None and count not in (wanted if isinstance(wanted, list) else [wanted]):
                    continue
                if count <= rule.get("times", count):
                    return rule
        return None


def matches(rule, request):
    if rule.get("method", request.method) != request.method:
        return False
    if rule.get("listener", request.listener) != request.listener:
        return False
    if "path" in rule and not fnmatch.fnmatchcase(request.path, rule["path"]):
        return False
    if "webhook" in rule and not request.is_dry:
        return False
    if "expireContinue" in rule and "continue" not in request.query:
        return False
    return rule.get("query", "") in request.target.partition("?")[2]


def answer(rule, request, server):
    """The answer under a rule; the connection does what is about bytes and time."""
    if rule.get("carriedOut"):
        server.api.answer(request)
    made = made_answer(rule, request, server) or server.api.answer(request)
    if "retryAfter" in rule:
        made.headers.append(("retry-after", str(rule["retryAfter"])))
    made.headers.extend(rule.get("headers", {}).items())
    if "warnings" in rule:
        made.headers.extend(warning_header(text) for text in rule["warnings"])
    return made


def made_answer(rule, request, server):
    if "redirect" in rule:
        base = server.addresses.get(rule["redirect"], rule["redirect"])
        location = base + (request.target if rule["redirect"] in server.addresses else "")
        return Answer(rule.get("status", 307), b"", "text/plain", [("location", location)])
    if "webhook" in rule:
        return admission.webhook_without_dry_run(rule["webhook"]).answer()
    if "typed" in rule:
        return Refusal(500, "", "failed to create typed patch object (default/web; apps/v1, Kind=Deployment): "
                       f"{rule['typed']}: field not declared in schema").answer()
    if "expireContinue" in rule:
        wants_rest = rule["expireContinue"] == "rest"
        return expired_continue(request.query["continue"] + "=" if wants_rest else None).answer()
    if "size" in rule:
        return large(rule["size"], rule.get("status", 200))
    if "endless" in rule:
        request.query.pop("continue", None)
        return endless(rule["endless"], server.api.answer(request))
    return status_answer(rule) if "status" in rule else None


def status_answer(rule):
    code = rule["status"]
    if "body" in rule:
        body = rule["body"] if isinstance(rule["body"], str) else json.dumps(rule["body"])
        return Answer(code, body.encode(), rule.get("contentType", "application/json"))
    details = {"retryAfterSeconds": rule["retryAfter"]} if isinstance(rule.get("retryAfter"), int) else None
    reason = rule.get("reason", REASONS.get(code, ""))
    return Refusal(code, reason, rule.get("message", "the server is told to say this"), details).answer()


TOKENS = itertools.count()


def endless(how, made):
    """A list whose pages lead on and on."""
    found = json.loads(made.body)
    found["metadata"]["continue"] = "same" if how == "same" else f"token-{next(TOKENS)}"
    if how == "empty":
        found["items"] = []
    return json_answer(made.status, found)


def large(size, status):
    head, tail = b'{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"large"},"data":{"large":"', b'"}}'
    return Answer(status, head + b"x" * max(0, size - len(head) - len(tail)) + tail)
