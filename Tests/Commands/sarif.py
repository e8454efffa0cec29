#!/usr/bin/env python3
"""Reads a SARIF log from standard input and demands what the standard and code scanning demand of it.

Every object may have the properties listed here and no others, so that a misspelt one is found, too.
"""
import json, sys, urllib.parse

TEXT = {"text": str}
RULE = {"id": str, "shortDescription": TEXT, "fullDescription": TEXT, "help": TEXT, "defaultConfiguration": {"level": str}}
REGION = {"startLine": int, "startColumn?": int, "endLine?": int, "endColumn?": int}
LOCATION = {"physicalLocation?": {"artifactLocation": {"uri": str, "uriBaseId?": str}, "region": REGION},
            "logicalLocations?": [{"fullyQualifiedName": str, "kind": str}]}
RESULT = {"ruleId": str, "ruleIndex": int, "kind?": str, "level": str, "message": TEXT, "locations": [LOCATION],
          "partialFingerprints": {"objectAndRule/v1": str}}
NOTIFICATION = {"descriptor": {"id": str}, "level": str, "message": TEXT}
RUN = {"tool": {"driver": {"name": str, "version": str, "semanticVersion": str, "rules": [RULE]}}, "columnKind": str,
       "invocations": [{"executionSuccessful": bool, "toolExecutionNotifications": [NOTIFICATION]}],
       "originalUriBaseIds": {"SRCROOT": {"uri": str}}, "results": [RESULT]}
LOG = {"$schema": str, "version": str, "runs": [RUN]}


def demand(condition, message):
    if not condition:
        sys.exit(f"SARIF: {message}")


def check(value, shape, path):
    if isinstance(shape, list):
        demand(isinstance(value, list), f"{path} is not a list")
        for index, item in enumerate(value):
            check(item, shape[0], f"{path}[{index}]")
    elif isinstance(shape, dict):
        demand(isinstance(value, dict), f"{path} is not an object")
        known = {key.rstrip("?"): (part, key.endswith("?")) for key, part in shape.items()}
        for key in value:
            demand(key in known, f"{path}.{key} is not a property")
        for key, (part, is_optional) in known.items():
            demand(key in value or is_optional, f"{path}.{key} is missing")
            if key in value:
                check(value[key], part, f"{path}.{key}")
    else:
        demand(type(value) is shape, f"{path} is {value!r}")
        demand(value != "", f"{path} is empty")


def check_result(result, rules, path):
    demand(rules[result["ruleIndex"]]["id"] == result["ruleId"], f"{path}: rule and index disagree")
    is_finding = result.get("kind", "fail") == "fail"
    demand(result["level"] in ("error", "warning", "note") if is_finding else result["level"] == "none", f"{path}: level")
    demand(len(result["locations"]) == 1, f"{path}: code scanning shows one location")
    demand(result["locations"][0], f"{path}: no place at all")
    if "physicalLocation" not in result["locations"][0]:
        return   # an object of a cluster
    place = result["locations"][0]["physicalLocation"]
    uri = place["artifactLocation"]["uri"]
    parts = urllib.parse.urlsplit(uri)
    demand(urllib.parse.quote(uri, safe="/%:?#[]@!$&'()*+,;=~") == uri, f"{path}: {uri} is not a URI")
    demand(("uriBaseId" in place["artifactLocation"]) == (parts.scheme == ""), f"{path}: base of {uri}")
    region = place["region"]
    start = region["startLine"], region.get("startColumn", 1)
    end = region.get("endLine", start[0]), region.get("endColumn", start[1])
    demand(min(start + end) >= 1 and start <= end, f"{path}: region {region}")


def main():
    log = json.load(sys.stdin)
    check(log, LOG, "log")
    demand(log["version"] == "2.1.0" and len(log["runs"]) == 1, "version or number of runs")
    run = log["runs"][0]
    demand(run["columnKind"] in ("utf16CodeUnits", "unicodeCodePoints"), "columnKind")
    root = run["originalUriBaseIds"]["SRCROOT"]["uri"]
    demand(root.startswith("file:///") and root.endswith("/"), f"the root {root}")
    rules = run["tool"]["driver"]["rules"]
    demand(len({rule["id"] for rule in rules}) == len(rules), "two rules of one name")
    for index, result in enumerate(run["results"]):
        check_result(result, rules, f"results[{index}]")
    prints = [result["partialFingerprints"]["objectAndRule/v1"] for result in run["results"]]
    demand(len(set(prints)) == len(prints), "two results with one fingerprint")
    demand({result["ruleId"] for result in run["results"]} == {rule["id"] for rule in rules}, "rules without results")
    for result in run["results"]:
        location = result["locations"][0]
        if "physicalLocation" not in location:
            print(result["level"], result["ruleId"], *[place["fullyQualifiedName"] for place in location["logicalLocations"]])
            continue
        place = location["physicalLocation"]
        region = place["region"]
        print(result["level"], result["ruleId"], place["artifactLocation"]["uri"],
              f"{region['startLine']}:{region.get('startColumn', '')}-{region.get('endLine', '')}:{region.get('endColumn', '')}")
    for note in run["invocations"][0]["toolExecutionNotifications"]:
        print(note["level"], note["descriptor"]["id"])
    print("succeeded" if run["invocations"][0]["executionSuccessful"] else "did not succeed")


main()
