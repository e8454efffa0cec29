"""The bill of materials: what is in the program, in SPDX 2.3."""

import json
import re
import time

from release import LICENSE, NAME, ROOT, Unavailable, output
from sums import sha256

SWIFT_LICENCE = "Apache-2.0 WITH Swift-exception"


def resolved(identity):
    """The version of a package that SwiftPM has fetched, which it writes down when it builds."""
    path = ROOT / "Package.resolved"
    if not path.exists():
        raise Unavailable(f"there is no {path.name}: build the program with plugin/release.sh first")
    pins = json.loads(path.read_text())["pins"]
    return next(pin["state"]["version"] for pin in pins if pin["identity"] == identity)


def swift():
    return re.search(r"Swift version (\S+)", output("swift", "--version"))[1]


def parts():
    """What is linked into the program: name, version, supplier, licence and where it comes from."""
    yield ("swift-argument-parser", resolved("swift-argument-parser"), "Apple Inc.", SWIFT_LICENCE,
           "https://github.com/apple/swift-argument-parser", "swift/github.com/apple/swift-argument-parser")
    yield ("libyaml", output("pkg-config", "--modversion", "yaml-0.1"), "The YAML Project", "MIT",
           "https://github.com/yaml/libyaml", "github/yaml/libyaml")
    yield ("swift-runtime", swift(), "The Swift project", SWIFT_LICENCE,
           "https://github.com/swiftlang/swift", "github/swiftlang/swift")
    # plugin/release.sh leaves the archive here that it has linked.
    if (ROOT / ".build/release-archives/libstdc++.a").exists():
        yield ("libstdc++", output("cc", "-dumpfullversion"), "The GNU project",
               "GPL-3.0-or-later WITH GCC-exception-3.1", "https://gcc.gnu.org", "generic/libstdc%2B%2B")


def package(name, version, supplier, licence, location, locator, **more):
    return {
        "SPDXID": identifier(name), "name": name, "versionInfo": version, "supplier": supplier,
        "downloadLocation": location, "filesAnalyzed": False, "licenseConcluded": licence, "licenseDeclared": licence,
        "copyrightText": "NOASSERTION", **more,
        "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                          "referenceLocator": f"pkg:{locator}@{version}"}],
    }


def identifier(name):
    return "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", name)


def document(release):
    digest = sha256(release.program)
    linked = [package(name, version, f"Organization: {supplier}", *rest) for name, version, supplier, *rest in parts()]
    program = package(
        NAME, release.version, "NOASSERTION", LICENSE, release.url or "NOASSERTION", f"generic/{NAME}",
        checksums=[{"algorithm": "SHA256", "checksumValue": digest}], primaryPackagePurpose="APPLICATION")
    return {
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"{NAME}-{release.version}-{release.system}-{release.processor}",
        # A name, which leads nowhere: it has to be another for every program.
        "documentNamespace": f"https://spdx.org/spdxdocs/{NAME}-{release.version}-{digest}",
        "creationInfo": {
            "created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(release.epoch)),
            "creators": [f"Tool: {NAME}-package-{release.version}"]},
        "packages": [program, *linked],
        "relationships": [
            relationship("SPDXRef-DOCUMENT", "DESCRIBES", identifier(NAME)),
            *(relationship(identifier(NAME), "STATIC_LINK", part["SPDXID"]) for part in linked)],
    }


def relationship(one, kind, other):
    return {"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other}


def make(release):
    path = release.folder / f"{NAME}_v{release.version}_{release.system}_{release.processor}.spdx.json"
    path.write_text(json.dumps(document(release), indent=2) + "\n")
    return path
