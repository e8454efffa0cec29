"""Texts that get longer, and what it costs to read them: twice the text may cost twice as much, and not four times."""

import math
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from harness.places import PROGRAM

HASHICORP = "vault.hashicorp.com/"


def pod(annotations="", spec="", *, app="    command: [app]\n"):
    return ("apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  annotations:\n"
            f"    {HASHICORP}agent-inject: \"true\"\n    {HASHICORP}role: web\n"
            f"    {HASHICORP}agent-inject-secret-db: secret/data/db\n{annotations}"
            f"spec:\n  containers:\n  - name: app\n{app}{spec}")


def numbered(line):
    """A text with a line for each number."""
    return lambda count: "".join(line.format(number) + "\n" for number in range(count))


def annotations(line):
    return lambda count: pod(annotations=numbered("    " + line)(count))


def template(text, end=""):
    """A template of a secret, in which a part is repeated."""
    def made(count):
        parts = "".join(text.replace("#", str(number)) for number in range(count)) + end * count
        return pod(annotations=f"    {HASHICORP}agent-inject-template-db: '{parts}'\n")
    return made


def variables(value):
    """Variables of a container, of which each has this value."""
    return lambda count: pod(app="    command: [app]\n    env:\n" + numbered(
        "    - {{name: N{0}, value: '" + value + "'}}")(count))


def argument(part):
    """One argument of the application, in which a part is repeated."""
    return lambda count: pod(app="    command: [app, '" + part * count + "']\n    env: "
                             "[{name: A, value: 'vault:secret/data/db#a'}]\n")


def elsewhere(text):
    """A pod with this in a place that nobody looks at."""
    return lambda count: pod(spec="  extra:\n" + text(count))


def nested_block(count):
    return "".join("  " + " " * depth + "a:\n" for depth in range(2, count + 2))


def talend(count):
    return ("apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  annotations:\n"
            "    sidecar.vault.talend.org/inject: 'true'\n    sidecar.vault.talend.org/role: web\n"
            f"    sidecar.vault.talend.org/secrets-path: {','.join(f'secret/{number}' for number in range(count))}\n"
            f"    sidecar.vault.talend.org/secrets-destination: {','.join(f'f{number}' for number in range(count))}\n"
            "spec:\n  containers:\n  - name: app\n")


# What is repeated, from how many times, up to how many bytes.
KINDS = {
    "variables filled in": (argument("$(A) "), 2_500),
    "variables not closed": (argument("$("), 20_000),
    "variables closed at the end": (lambda count: argument("$(")(count).replace("$(']", "$()']"), 40_000),
    "references among text": (lambda count: variables("${{vault:a/b#c}} ")(1).replace(
        "#c} ", "#c} " + "${vault:a/b#c} ${ >>vault:" * count), 1_000),
    "references": (variables("vault:secret/data/{0}#a"), 200),
    "references that are none": (variables("valut:secret/data/{0}#a"), 200),
    "values of variables": (variables("a:b#{0}"), 600),
    "actions not closed": (template("{{ "), 1_000),
    "actions": (template("{{ $a := # }}"), 500),
    "conditions in conditions": (template("{{ if . }}", "{{ end }}"), 500),
    "pipes": (lambda count: template("{{ . " + "| toJSON " * count + "}}")(1), 1_200),
    "parentheses": (lambda count: template("{{ " + "(" * count + "1" + ")" * count + " }}")(1), 8_000),
    "secrets of a template": (template('{{ with secret "secret/data/#" }}{{ .Data.data.a }}{{ end }}'), 150),
    "the same secret of a template": (template('{{ with secret "secret/data/a" }}{{ .Data.data.a }}{{ end }}'), 250),
    "definitions of a template": (template('{{ define "a#" }}{{ template "a#" . }}{{ end }}'), 250),
    "secrets": (annotations(HASHICORP + "agent-inject-secret-s{0}: secret/data/s{0}"), 150),
    "secrets as variables": (lambda count: annotations(
        f"{HASHICORP}agent-inject-secret-s{{0}}: secret/data/s{{0}}\n    {HASHICORP}agent-inject-env-s{{0}}: V{{0}}=a")(
            count), 100),
    "misspelt annotations": (annotations(HASHICORP + "agent-injcet-secert-{0}: a"), 100),
    "misspelt prefixes": (annotations("vault.hashicorp.co/agent-inject-secret-{0}: a"), 100),
    "other annotations": (annotations("example.com/a{0}: b"), 1_000),
    "secrets of Talend's": (talend, 300),
    "containers": (lambda count: pod(spec=numbered("  - {{name: c{0}, image: a}}")(count)), 100),
    "init containers": (lambda count: pod(
        spec="  initContainers:\n" + numbered("  - {{name: c{0}, image: a}}")(count)), 100),
    "containers with references": (lambda count: pod(spec=numbered(
        "  - {{name: c{0}, command: [a], env: [{{name: A, value: 'vault:a/b#{0}'}}, {{name: B, value: a}}]}}")(count)),
        50),
    "volumes": (lambda count: pod(spec="  volumes:\n" + numbered("  - {{name: v{0}, emptyDir: {{}}}}")(count)), 700),
    "mounts": (lambda count: pod(app="    command: [app]\n    volumeMounts:\n" + numbered(
        "    - {{name: v{0}, mountPath: /m{0}}}")(count)), 600),
    "documents": (lambda count: "---\n".join(pod() for _ in range(count)), 15),
    "empty documents": (lambda count: pod() + "---\n" * count, 2_500),
    "other documents": (lambda count: pod() + "---\na: b\n" * count, 2_000),
    "lists in lists": (elsewhere(lambda count: "    " + "[" * count + "]" * count + "\n"), 20_000),
    "maps in maps": (elsewhere(lambda count: "    " + "{a: " * count + "1" + "}" * count + "\n"), 15_000),
    "lists not closed": (elsewhere(lambda count: "    " + "[" * count + "\n"), 80_000),
    "maps below maps": (elsewhere(nested_block), 150),
    "JSON in JSON": (lambda count: '{"kind":"Pod","apiVersion":"v1","metadata":{"annotations":{"' + HASHICORP
                     + 'agent-inject":"true"}},"a":' + "[" * count + "]" * count + "}", 40_000),
    "a long line": (elsewhere(lambda count: "    a: " + "b c " * count + "\n"), 25_000),
    "a long line in quotes": (elsewhere(lambda count: '    a: "' + r"b\n\u00e4" * count + '"\n'), 8_000),
    "a long list": (elsewhere(lambda count: "    a: [" + "b, " * count + "]\n"), 6_000),
    "a long list in a block": (elsewhere(lambda count: "    a:\n" + "    - b\n" * count), 3_000),
    "keys": (elsewhere(numbered("    k{0}: a")), 2_500),
    "questioned keys": (elsewhere(numbered("    ? k{0}\n    : a")), 1_500),
    "aliases": (elsewhere(lambda count: "    a: &a [b]\n    c: [" + "*a, " * count + "]\n"), 6_000),
    "aliases of aliases": (elsewhere(lambda count: "    a0: &a0 [b]\n" + "".join(
        f"    a{number}: &a{number} [*a{number - 1}, *a{number - 1}]\n" for number in range(1, count))), 1_200),
    "merged maps": (elsewhere(lambda count: "    a: &a {b: c}\n" + numbered("    m{0}: {{<<: *a}}")(count)), 1_500),
    "containers by alias": (lambda count: pod(spec="  - &c {name: b, image: a}\n" + "  - *c\n" * count), 100),
    "lines of a block": (elsewhere(lambda count: "    a: |\n" + "      b\n" * count), 8_000),
    "folded lines": (elsewhere(lambda count: "    a: >\n" + "      b\n\n" * count), 6_000),
    "lines of a plain text": (elsewhere(lambda count: "    a: b\n" + "      b\n" * count), 10_000),
    "lines of a template": (lambda count: pod(annotations=f"    {HASHICORP}agent-inject-template-db: |\n"
                                              + "      {{ . }}\n" * count), 1_000),
    "comments": (lambda count: pod(annotations="    # a\n" * count), 8_000),
    "comments at the end of lines": (lambda count: pod(annotations=numbered("    a{0}: b # {0}")(count)), 1_500),
    "empty lines": (lambda count: pod(annotations="\n" * count), 30_000),
    "white space": (lambda count: pod(annotations="    a: b" + " " * count + "\n"), 100_000),
}

def unreadable(count):
    return f"a: [{'b/' * 20}\n---\n" * count + pod()


def named(number):
    return pod().replace("name: web", f"name: web{number}").replace("role: web", f"role: web{number}")


def documents(count):
    return "---\n".join(named(number) for number in range(count))


def items(count):
    return "apiVersion: v1\nkind: List\nitems:\n" + "".join(
        "- " + named(number).rstrip("\n").replace("\n", "\n  ") + "\n" for number in range(count))


def asking_bank_vaults(count):
    return ("apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  annotations: "
            "{vault.security.banzaicloud.io/vault-role: web}\nspec:\n  containers:\n  - name: app\n"
            "    command: [app]\n    env:\n" + numbered(
                "    - {{name: N{0}, value: 'vault:secret/data/{0}#a'}}")(count))


def with_settings(override, text=lambda count: pod()):
    """A text, and settings with so many overrides."""
    return lambda count: (text(count), "overrides:\n" + numbered(
        "- {{" + override + ", image: 'example.com/vault:{0}'}}")(count))


def size(made):
    """How long a text is, with its settings."""
    return len(made) if isinstance(made, str) else sum(map(len, made))


def with_namespaces(count):
    return "---\n".join(pod().replace("  name: web\n", f"  name: web\n  namespace: n{number}\n", 1)
                        for number in range(count))


SECRETS = annotations(HASHICORP + "agent-inject-secret-s{0}: secret/data/s{0}")

# What is done with some texts alone, which may come with settings.
TASKS = {
    "documents of a repository that cannot be read": (["--check", "--hook"], unreadable, 1_000),
    "overrides for files": (["-f"], with_settings("paths: 'no{0}.yaml'"), 100),
    "overrides for namespaces": (["-f"], with_settings("namespaces: n{0}", with_namespaces), 25),
    "annotations converted": (["convert", "--to", "openbao", "-f"], SECRETS, 800),
    "secrets of Talend's converted": (["convert", "--to", "hashicorp", "-f"], talend, 300),
    "references converted": (["convert", "--from", "bank-vaults", "-f"], asking_bank_vaults, 300),
    "documents explained": (["explain", "-f"], documents, 60),
    "containers explained": (["explain", "-f"], lambda count: pod(
        spec=numbered("  - {{name: c{0}, image: a}}")(count)), 400),
    "items of a list explained": (["explain", "-f"], items, 20),
    "roles of a policy": (["policy", "-f"], documents, 30),
    "paths of a policy": (["policy", "-o", "terraform", "-f"], SECRETS, 200),
    "documents to migrate": (["migrate", "-f"], documents, 30),
    "mistakes that are fixed": (["lint", "--fix", "--diff", "-f"], annotations(
        HASHICORP + "agent-inject-secert-s{0}: secret/data/s{0}"), 50),
    "documents as patches": (["-o", "patch", "-f"], documents, 20),
    "items of a list": (["--diff", "-f"], items, 20),
    "findings in SARIF": (["lint", "--report", "sarif", "-f"], annotations(
        HASHICORP + "agent-injcet-secert-{0}: a"), 60),
}

# What is done with each of the others: what is looked at, what is told, what is written.
MANNERS = {"-f": ["-f"], "--check": ["--check", "-f"], "lint": ["lint", "-f"], "-i": ["-i", "-f"]}


class Cost:
    """What a run with one kind of text costs, over one with hardly any."""

    # Twice the text may cost so many times as much; four times would be the square of its length.
    MOST_FOR_TWICE = 2.6
    # The longer of two texts is so many times the shorter.
    FACTOR = 8
    # What the shorter has to cost to be measured, in seconds of the processor, unless the longer has so many bytes.
    LEAST = 0.012
    MOST_BYTES = 3_000_000
    WORDS = ["--vault-addr", "https://vault.example.com"]

    def __init__(self, folder, words, program=(PROGRAM,)):
        self.words, self.program = words, program
        self.file = Path(folder) / "x.yaml"
        self.base = min(self.seconds(pod()) for _ in range(3))

    def run(self, text, *, under=()):
        """The processor's time of a run, and what it wrote to standard error; a text may come with settings."""
        text, settings = (text, "") if isinstance(text, str) else text
        self.file.write_text(text, encoding="utf-8")
        if settings:
            (self.file.parent / ".vault-inject.yaml").write_text(settings, encoding="utf-8")
        with tempfile.TemporaryFile() as errors:
            process = subprocess.Popen(
                [*under, *self.program, *self.words, self.file, *self.WORDS], stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=errors, cwd=self.file.parent)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            errors.seek(0)
            return usage.ru_utime + usage.ru_stime, process.returncode, errors.read().decode("utf-8", "replace")

    def seconds(self, text):
        seconds, code, errors = self.run(text)
        assert code in (0, 1, 65), f"ended with {code}: {errors[-500:]}"
        return seconds

    def length(self, made, count):
        """How often the part stands in the shorter text."""
        while size(made(count * self.FACTOR * 2)) < self.MOST_BYTES:
            seconds = self.seconds(made(count)) - self.base
            if seconds >= self.LEAST:
                break
            count *= 2 if seconds > self.LEAST / 3 else 3
        return count

    def growth(self, made, count):
        """What twice the text costs, as it shows in a text that is several times as long."""
        texts = made(count), made(count * self.FACTOR)
        times = [], []
        # Some texts grow faster than the number of their parts, such as maps that are indented ever further.
        doublings = math.log2(size(texts[1]) / size(texts[0]))
        for _ in range(3):
            for text, found in zip(texts, times):
                found.append(self.seconds(text))
            short, long = (max(min(found) - self.base, 0.001) for found in times)
            growth = (long / short) ** (1 / doublings)
            # What is hardly to be measured is not held against it.
            if growth <= self.MOST_FOR_TWICE or long < 2 * self.LEAST:
                return min(growth, self.MOST_FOR_TWICE)
        return growth

    def instructions(self, text):
        """The instructions of a run, as valgrind counts them; none where it cannot run the program."""
        program = self.file.parent / "program"
        if not program.exists():
            # It does not know the debugger's tables of every compiler.
            subprocess.run(["strip", "-g", "-o", program, self.program[0]], check=True)
        under = ("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null")
        counted = Cost.__new__(Cost)
        counted.file, counted.words, counted.program = self.file, self.words, (program,)
        errors = counted.run(text, under=under)[2]
        found = re.search(r"I\s+refs:\s+([\d,]+)", errors)
        return int(found[1].replace(",", "")) if found else None

    def counted_growth(self, made, count):
        """What twice the text costs in instructions, which no load changes; none where nothing counts them."""
        if not shutil.which("valgrind") or not shutil.which("strip"):
            return None
        texts = pod(), made(count), made(2 * count)
        base, short, long = (self.instructions(text) for text in texts)
        if not base or not short or not long or short <= base:
            return None
        return ((long - base) / (short - base)) ** (1 / math.log2(size(texts[2]) / size(texts[1])))
