"""Has a cluster inject the pods of mutate_cases by admission-policy, and compares with what the program injects."""

import collections
import copy
import hashlib
import json
import re

import mutate_cases
import program
from mutate_cases import INJECTED, REFUSED, UNSERVED, UNTOUCHED
from stage import Stage

# What the companion says of what the policy does not serve.
NOT_SERVED = "does not serve"
# What the program refuses and no policy can see: CEL does not parse the agent's templates.
BEYOND_POLICIES = {"template-syntax"}
SERVER_SETS = ("uid", "creationTimestamp", "generation", "managedFields", "namespace")
# What every pod has after a cluster took it; a recording is easier to read without.
CONTAINER_DEFAULTS = {
    "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File", "resources": {}}
POD_DEFAULTS = {
    "dnsPolicy": "ClusterFirst", "schedulerName": "default-scheduler", "securityContext": {}, "priority": 0,
    "terminationGracePeriodSeconds": 30, "preemptionPolicy": "PreemptLowerPriority", "enableServiceLinks": True,
    "serviceAccount": "default", "serviceAccountName": "default", "tolerations": [
        {"key": f"node.kubernetes.io/{what}", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300}
        for what in ("not-ready", "unreachable")]}


# MARK: Pods

def sent(stage, case, thing):
    return stage.cluster.ask("POST", stage.path(thing, case.namespace) + "?dryRun=All", thing)


def admitted(answer, source):
    """The pod of an answer, without what differs from one request to the next."""
    thing = named_alike(copy.deepcopy(answer.body))
    thing.pop("status", None)
    for key in SERVER_SETS:
        thing["metadata"].pop(key, None)
    if "generateName" in source["metadata"]:
        thing["metadata"].pop("name", None)
    return thing


def named_alike(value):
    """With one name for the volume of the service account's token, which the server makes up again each time."""
    if isinstance(value, dict):
        return {key: named_alike(each) for key, each in value.items()}
    if isinstance(value, list):
        return [named_alike(each) for each in value]
    if isinstance(value, str) and re.fullmatch(r"kube-api-access-[a-z0-9]{5}", value):
        return "kube-api-access-xxxxx"
    return value


def without_record(thing):
    """Without the annotation that says what was injected: policies leave none."""
    annotations = thing["metadata"]["annotations"]
    for key in [key for key in annotations if key.rpartition("/")[2] == "injection"]:
        del annotations[key]
    return thing


def shortened(thing):
    """Without the defaults that a cluster fills in and nothing injected ever sets."""
    def less(value, defaults):
        return {key: each for key, each in value.items() if key not in defaults or defaults[key] != each}

    spec = less(thing["spec"], POD_DEFAULTS)
    for key in ("containers", "initContainers"):
        if key in spec:
            spec[key] = [less(each, CONTAINER_DEFAULTS) for each in spec[key]]
    return {**thing, "spec": spec}


# MARK: Differences

def differences(before, after, path=""):
    """The JSON Patch that makes one value of the other."""
    if before == after:
        return []
    if isinstance(before, dict) and isinstance(after, dict):
        patch = [{"op": "remove", "path": path + pointer(key)} for key in before if key not in after]
        for key, value in after.items():
            if key in before:
                patch += differences(before[key], value, path + pointer(key))
            else:
                patch.append({"op": "add", "path": path + pointer(key), "value": value})
        return patch
    if isinstance(before, list) and isinstance(after, list) and (patch := insertions(before, after, path)) is not None:
        return patch
    return [{"op": "replace", "path": path, "value": after}]


def insertions(before, after, path):
    """The same for lists where elements were only added or changed; None for others."""
    patch, index = [], 0
    for place, value in enumerate(after):
        if index < len(before) and identity(before[index]) == identity(value):
            patch += differences(before[index], value, f"{path}/{place}")
            index += 1
        else:
            patch.append({"op": "add", "path": f"{path}/{place}", "value": value})
    return patch if index == len(before) else None


def identity(element):
    return (element.get("name"), element.get("mountPath")) if isinstance(element, dict) else element


def pointer(key):
    return "/" + key.replace("~", "~0").replace("/", "~1")


def digest(value):
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]


# MARK: Verdicts

def outcome(answer, before, after):
    """What became of a pod under the policies."""
    if not answer.is_good:
        return UNSERVED if NOT_SERVED in answer.message else REFUSED
    return UNTOUCHED if before == after else INJECTED


def complaint(case, got, result, expected, differing):
    """What is wrong with what became of a pod, where the program has it `expected` with this result."""
    if expected == INJECTED:
        if got not in case.outcomes:
            return f"{case.name}: should be {' or '.join(case.outcomes)}, and is {got}"
        return f"{case.name}: differs from the program's: {differing}" if got == INJECTED and differing else None
    right = {expected} | ({UNSERVED} if expected == REFUSED else set())
    if got in right or got == INJECTED and result.rules and set(result.rules) <= BEYOND_POLICIES:
        return None
    return f"{case.name}: {expected} by the program, {got} by the policies: {result.said}"


class Comparison:
    """One pod: what the cluster makes of it alone, and of what the program makes of it."""

    def __init__(self, stage, case, options):
        self.stage, self.case, self.wanted = stage, case, None
        answer = sent(stage, case, case.pod)
        self.message = answer.message
        if not answer.is_good:
            return
        self.before = admitted(answer, case.pod)
        # As policies see it: with what the built-in plugins put in, such as the mount of the token.
        self.result = program.inject({**case.pod, "spec": self.before["spec"]}, options)
        self.expected = INJECTED if self.result.made else REFUSED if self.result.is_refused else UNTOUCHED
        if self.result.made:
            again = sent(stage, case, without_record(self.result.made))
            if again.is_good:
                self.wanted = admitted(again, case.pod)
            else:
                # Whoever injects such a pod, the cluster does not take it.
                self.expected = REFUSED

    def judge(self):
        """The line to record, and what is wrong."""
        answer = sent(self.stage, self.case, self.case.pod)
        after = admitted(answer, self.case.pod) if answer.is_good else None
        got = outcome(answer, self.before, after)
        line = {"name": self.case.name, "group": self.case.group, "program": self.expected, "outcome": got}
        if self.case.namespace != "own":
            line["namespace"] = self.case.namespace
        if not self.case.is_kept:
            line["digest"] = digest([self.before, after])
        elif got == INJECTED or not self.case.is_recorded:
            line["pod"] = shortened(self.before)
        if got == INJECTED and self.case.is_kept:
            line["patch"] = differences(line["pod"], shortened(after))
        if not answer.is_good:
            message = self.stage.without_names(answer.message)
            line["message"] = message.partition("denied request: ")[2] or message
        differing = differences(self.wanted, after) if self.wanted and after else None
        return line, complaint(self.case, got, self.result, self.expected, differing)


def is_in_force(stage, options):
    """Whether the policy injects, and whether its companion refuses."""
    prefix = next((word.partition("=")[2] for word in options if word.startswith("talend.annotationPrefix=")),
                  "sidecar.vault.talend.org")
    good = mutate_cases.pod("probe", mutate_cases.talend(prefix, secrets_path="secret/a"))
    bad = mutate_cases.pod("probe", mutate_cases.talend(prefix, auth="approle"))
    answers = [stage.cluster.ask("POST", stage.path(each) + "?dryRun=All", each) for each in (good, bad)]
    changed = answers[0].body.get("metadata", {}).get("annotations") != good["metadata"]["annotations"]
    return [answers[0].is_good and changed, not answers[1].is_good]


def record(cluster, policies, groups):
    """The recorded lines, and what is wrong: `policies` gives what the policies of a group are."""
    lines, wrong = [], []
    cases = [case for case in mutate_cases.cases() if case.group in groups]
    with Stage(cluster, exempting=mutate_cases.EXEMPTING) as stage:
        compared = [Comparison(stage, case, groups[case.group]) for case in cases]
        wrong += [f"{each.case.name} is refused without the policies: {each.message}" for each in compared
                  if each.message and not each.case.is_recorded]
        for group, options in groups.items():
            def probed(options=options):
                return is_in_force(stage, options)

            with stage.policies(policies(group)):
                cluster.wait("the policies are not in force", lambda: all(probed()))
                for each in compared:
                    if not each.message and each.case.group == group:
                        line, complained = each.judge()
                        lines.append(line)
                        wrong.append(complained)
            cluster.wait("the policies are still in force", lambda: not any(probed()))
    return sorted(lines, key=lambda line: line["name"]), [text for text in wrong if text]


def summary(lines):
    """How many of each kind there are, by what the program says and what became of them."""
    def kind(name):
        return name.partition("-")[0] if name.startswith(("generated-", "recorded-", "wild-")) else "made by hand"

    counts = collections.Counter((kind(line["name"]), line["program"], line["outcome"]) for line in lines)
    told = [f"  {count:4} {kind}: {program} by the program, {got} by the policies"
            for (kind, program, got), count in sorted(counts.items())]
    return "\n".join([f"{len(lines)} pods", *told])
