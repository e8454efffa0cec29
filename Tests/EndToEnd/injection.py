"""Runs the command under test, and finds the pods in what it prints."""

import json

from harness import processes
from harness.places import PROGRAM


def run(*arguments):
    return processes.run([PROGRAM, *map(str, arguments)], "", timeout=60)


def inject(path, *arguments):
    """The objects the command makes of a file."""
    done = run("-f", path, "-o", "json", *arguments)
    if done.code != 0:
        raise AssertionError(f"{path} was not injected (exit {done.code}): {done.err}")
    return list(objects(done.out))


def objects(text):
    """The JSON objects of a stream, those inside lists included."""
    decoder = json.JSONDecoder()
    index = 0
    while index < len(text):
        if text[index].isspace():
            index += 1
            continue
        value, index = decoder.raw_decode(text, index)
        yield from value["items"] if value["kind"].endswith("List") else [value]


def pod_template(workload):
    """The metadata and specification of the pods a workload makes; claimed volumes are folders here."""
    if workload["kind"] == "Pod":
        return workload["metadata"], workload["spec"]
    spec = workload["spec"]
    if workload["kind"] == "CronJob":
        spec = spec["jobTemplate"]["spec"]
    pod = spec["template"]["spec"]
    claims = [{"name": claim["metadata"]["name"], "emptyDir": {}} for claim in spec.get("volumeClaimTemplates", [])]
    return spec["template"].get("metadata", {}), {**pod, "volumes": pod.get("volumes", []) + claims}


def workloads(manifests):
    """Those objects that make pods."""
    return [item for item in manifests if item["kind"] == "Pod" or "template" in item.get("spec", {})
            or "jobTemplate" in item.get("spec", {})]
