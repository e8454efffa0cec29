"""Has a cluster judge the objects of guard_cases, with the guard and without."""

import copy
import json

import guard_cases
import program
from cluster import Failed
from stage import Stage

# Objects from this size on are not recorded, but for their verdicts: the program and guard_cases make them again.
LARGE = 20_000


def prepared(case):
    """The object as somebody applies it."""
    thing = copy.deepcopy(case.object)
    if case.injected is not None:
        result = program.inject(thing, case.injected)
        if result.made is None:
            raise Failed(f"{case.name} is not injected: {result.said}")
        thing = result.made
    if case.then:
        case.then(thing)
    return thing


def send(stage, case, thing):
    """Does by dry run what the case does, and gives the answer."""
    name = thing["metadata"].get("name")
    if case.operation == "create":
        return stage.cluster.ask("POST", stage.path(thing, case.namespace) + "?dryRun=All", thing)
    path = stage.path(thing, case.namespace, name, case.subresource)
    if case.operation == "delete":
        return stage.cluster.ask("DELETE", path + "?dryRun=All")
    live = stage.cluster.demand("GET", path)
    case.edit(live)
    return stage.cluster.ask("PUT", path + "?dryRun=All", live)


def edited(case, thing):
    thing = copy.deepcopy(thing)
    if case.edit:
        case.edit(thing)
    return thing


def verdict(stage, case, thing, answer):
    """What is recorded of an answer."""
    denied = "denied request: "
    message = stage.without_names(answer.message)
    line = {"name": case.name, "group": case.group, "operation": case.operation}
    if case.subresource:
        line["subresource"] = case.subresource
    if case.namespace != "own":
        line["namespace"] = case.namespace
    if case.operation != "create":
        line["old"] = thing
    if len(json.dumps(thing)) < LARGE:
        line["object"] = edited(case, thing)
    line["allowed"] = answer.is_good
    line["message"] = message.partition(denied)[2] or message
    if warnings := [stage.without_names(text) for text in answer.warnings if stage.run in text]:
        line["warnings"] = warnings
    return line


def complaint(case, line):
    """What is wrong with a verdict; None where it is as it should be."""
    noticed = not line["allowed"] or "warnings" in line
    if noticed != case.refused:
        return f"{case.name}: should be {'refused' if case.refused else 'let through'}, and is not: {line['message']}"
    if len(line.get("warnings", [])) > 1:
        return f"{case.name}: is warned of more than once: {line['warnings']}"
    return None


def is_in_force(stage, group):
    """Whether the policies judge pods; and workloads, which have a binding of their own."""
    probes = [guard_cases.pod("probe", guard_cases.HASHICORP | guard_cases.TALEND)]
    if "--workloads" in guard_cases.GROUPS[group]:
        probes.append(guard_cases.workload("Deployment", "probe", guard_cases.HASHICORP))
    answers = [stage.cluster.ask("POST", stage.path(probe) + "?dryRun=All", probe) for probe in probes]
    return [stage.run in answer.message + str(answer.warnings) for answer in answers]


def record(cluster, policies, groups):
    """The recorded lines, and what is wrong: `policies` gives what the guard of a group is."""
    lines, wrong = [], []
    chosen = [case for case in guard_cases.cases() if case.group in groups]
    objects = {case.name: prepared(case) for case in chosen}
    if len(objects) < len(chosen):
        raise Failed("two cases have one name")
    with Stage(cluster, exempting=guard_cases.EXEMPTING) as stage:
        for case in chosen:
            if case.operation != "create":
                cluster.demand("POST", stage.path(objects[case.name], case.namespace), objects[case.name])
        for case in list(chosen):
            # That it is refused has to be the guard's doing.
            if not (answer := send(stage, case, objects[case.name])).is_good:
                chosen.remove(case)
                if not case.is_recorded:
                    wrong.append(f"{case.name} is refused without the guard: {stage.without_names(answer.message)}")
        for group in groups:
            def probed(group=group):
                return is_in_force(stage, group)

            with stage.policies(policies(group)):
                cluster.wait("the guard is not in force", lambda: all(probed()))
                for case in (case for case in chosen if case.group == group):
                    thing = objects[case.name]
                    lines.append(verdict(stage, case, thing, send(stage, case, thing)))
                    wrong.append(complaint(case, lines[-1]))
            cluster.wait("the guard is still in force", lambda: not any(probed()))
    return sorted(lines, key=lambda line: line["name"]), [text for text in wrong if text]


def summary(lines):
    refused = sum(not line["allowed"] for line in lines)
    warned = sum("warnings" in line for line in lines)
    return f"{len(lines)} objects, {refused} refused, {warned} warned of"
