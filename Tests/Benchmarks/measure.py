#!/usr/bin/env python3
"""Measures kubectl-vault-inject beside kubectl, grep and a bare libyaml scan; prints one table.

CPU is user and system time, wall is the whole process's, both as the kernel counts them (wait4), and each
figure is the median of several runs. Runs of the things compared take turns, so that a noisy moment hits all. CPU is
measured on one processor, where the program has one thread, and wall on all there are.
"""

import argparse
import contextlib
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass

import cluster
import releases
import shapes
import vault

HERE = os.path.dirname(os.path.abspath(__file__))
MARK = b"sidecar.vault.talend.org/status"
HASHICORP_MARK = b"vault.hashicorp.com/agent-inject-status"


@dataclass(frozen=True)
class Sample:
    cpu: float
    wall: float
    peak: int  # bytes; never less than this script's own, which the kernel counts into its children's


def spawn(command, output="/dev/null", accepted=(0,)):
    """Runs one process to its end; what it cost. Anything but an accepted exit code ends the benchmark."""
    writing = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    log = os.path.join(os.environ["BENCHMARK_FOLDER"], "stderr.txt")
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, output, writing, 0o644),
        (os.POSIX_SPAWN_OPEN, 2, log, writing, 0o644),
    ]
    start = time.perf_counter()
    process = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
    _, status, usage = os.wait4(process, 0)
    wall = time.perf_counter() - start
    code = os.waitstatus_to_exitcode(status)
    if code not in accepted:
        with open(log, encoding="utf-8", errors="replace") as file:
            shown = " ".join(command)[:200]
            sys.exit(f"benchmark: `{shown}` ended with {code}:\n{file.read()[:2000]}")
    return Sample(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * 1024)


@contextlib.contextmanager
def one_processor():
    """Lets what is run meanwhile use one processor, where the system can be told so."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


def compare(runs, *jobs):
    """The median sample of each job; the jobs take turns. A job is a function that returns a sample."""
    samples = [[] for _ in jobs]
    for _ in range(runs):
        for job, taken in zip(jobs, samples):
            taken.append(job())
    return [
        Sample(*(statistics.median(getattr(sample, field) for sample in taken)
                 for field in ("cpu", "wall", "peak")))
        for taken in samples
    ]


def compare_cpu(runs, *jobs):
    """The same, on one processor."""
    with one_processor():
        return compare(runs, *jobs)


class Table:
    HEADER = ("what", "ours", "compared with", "theirs", "ratio", "target", "")

    def __init__(self):
        self.rows = []

    def add(self, what, ours, against, theirs, unit, target=None):
        """One row; a target is the ratio ours/theirs must not exceed. Faster than theirs reads 1/n."""
        ratio = ours / theirs
        self.rows.append((
            what, unit(ours), against, unit(theirs),
            f"{ratio:.2f}" if ratio >= 0.1 else f"1/{1 / ratio:.0f}",
            "" if target is None else f"≤ {target:g}",
            "" if target is None else ("met" if ratio <= target else "MISSED"),
        ))

    def skip(self, what, why):
        self.rows.append((what, "", why, "", "", "", "skipped"))

    def print(self):
        rows = [self.HEADER, *self.rows]
        widths = [max(len(row[column]) for row in rows) for column in range(len(self.HEADER))]
        rows.insert(1, tuple("-" * width for width in widths))
        for row in rows:
            print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |")


def seconds(value):
    return f"{value:.3f} s" if value >= 0.1 else f"{value * 1000:.1f} ms"


def megabytes(value):
    return f"{value / 1e6:.1f} MB"


def millions(value):
    return f"{value / 1e6:.{1 if value >= 1e7 else 2}f} million"


class Benchmark:
    def __init__(self, options):
        self.binary = os.path.abspath(options.binary)
        self.scanner = os.path.abspath(options.scan)
        self.folder = os.environ["BENCHMARK_FOLDER"]
        self.quick = options.quick
        self.record = options.record
        self.runs = options.runs or (1 if options.quick else 5)
        self.kubectl = shutil.which("kubectl")
        self.table = Table()
        self.generated = set()

    def path(self, name):
        return os.path.join(self.folder, name)

    def generate(self, *arguments):
        subprocess.run([sys.executable, os.path.join(HERE, "generate.py"), *map(str, arguments)], check=True)

    def deployments(self, count):
        path = self.path(f"{count}.yaml")
        if path not in self.generated:
            self.generate("deployments", count, path)
            self.generated.add(path)
        return path

    def inject(self, source, output):
        return spawn([self.binary, "-q", "-f", source], output)

    def scan(self, path):
        return spawn([self.scanner, path])

    def demand_injected(self, path, count, mark=MARK):
        """A run that injected nothing would be fast, and worth nothing."""
        with open(path, "rb") as file:
            found = sum(line.lstrip().startswith(mark) for line in file)
        if found != count:
            sys.exit(f"benchmark: {path} holds {found} injected Deployments instead of {count}")

    def throughput(self):
        count = 1_000 if self.quick else 10_000
        source, output = self.deployments(count), self.path("injected.yaml")
        self.inject(source, output)
        self.demand_injected(output, count)
        size = os.path.getsize(source)
        what = f"inject {count:,} Deployments ({megabytes(size)})"
        ours = self.beside_scan(what, source, output)
        if self.kubectl:
            [theirs] = compare_cpu(
                min(self.runs, 3), lambda: spawn(self.patch(source), self.path("patched.yaml")))
            self.table.add("", ours.cpu, "kubectl patch --local, CPU", theirs.cpu, seconds)
        else:
            self.table.skip("", "kubectl patch --local: no kubectl here")
        self.table.add("the same run, peak memory", ours.peak, "input + 32 MB", size + 32_000_000, megabytes, 1)

    def json_list(self):
        """A list of JSON, which is one document however long it is."""
        count = 2_000 if self.quick else 25_000
        source, output = self.path("list.json"), self.path("injected.json")
        self.generate("list", count, source)
        self.inject(source, output)
        self.demand_injected(output, count, b'"' + MARK)
        sizes = [os.path.getsize(path) for path in (source, output)]
        [ours] = compare_cpu(min(self.runs, 3), lambda: self.inject(source, output))
        self.table.add(f"one list of JSON ({megabytes(sizes[0])}), peak memory", ours.peak, "4 × input + output",
                       4 * sizes[0] + sizes[1], megabytes, 1)

    def dialects(self):
        count = 1_000 if self.quick else 10_000
        source, output = self.path("hashicorp.yaml"), self.path("injected.yaml")
        self.generate("hashicorp", count, source)
        self.inject(source, output)
        self.demand_injected(output, count, HASHICORP_MARK)
        self.beside_scan(f"inject {count:,} Deployments of HashiCorp's dialect", source, output)

    def beside_scan(self, what, source, output):
        """An injection and the bare scan of what it reads and writes: work by CPU, waiting by wall."""
        jobs = (lambda: self.inject(source, output), lambda: self.scan(source), lambda: self.scan(output))
        scan = "bare libyaml scan of input and output"
        ours, scan_in, scan_out = compare_cpu(self.runs, *jobs)
        self.table.add(f"{what}, CPU", ours.cpu, f"{scan}, CPU", scan_in.cpu + scan_out.cpu, seconds, 0.7)
        shared, scan_in, scan_out = compare(self.runs, *jobs)
        self.table.add(f"the same by {min(os.cpu_count(), 8)} threads, wall", shared.wall, f"{scan}, wall",
                       scan_in.wall + scan_out.wall, seconds, 0.4)
        # More threads hold more at once.
        return Sample(ours.cpu, shared.wall, shared.peak)

    def patch(self, source):
        return ["kubectl", "patch", "--local", "-f", source, "--patch-file", self.path("patch.json"),
                "-o", "yaml"]

    def kustomize(self):
        count = 100 if self.quick else 1_000
        what = f"inject {count:,} Deployments, CPU"
        if not self.kubectl:
            self.table.skip(what, "kubectl kustomize: no kubectl here")
            return
        folder = self.path("kustomize")
        os.makedirs(folder, exist_ok=True)
        shutil.copy(self.deployments(count), os.path.join(folder, "deployments.yaml"))
        shutil.copy(self.path("patch.json"), folder)
        with open(os.path.join(folder, "kustomization.yaml"), "w", encoding="utf-8") as file:
            file.write("resources: [deployments.yaml]\n"
                       "patches: [{path: patch.json, target: {kind: Deployment}}]\n")
        output = self.path("injected.yaml")
        ours, theirs = compare_cpu(
            min(self.runs, 3), lambda: self.inject(self.deployments(count), output),
            lambda: spawn(["kubectl", "kustomize", folder], self.path("patched.yaml")))
        self.table.add(what, ours.cpu, "kubectl kustomize with a patch, CPU", theirs.cpu, seconds)

    def start_up(self):
        source, output = self.deployments(1), self.path("injected.yaml")
        runs = self.runs * 8  # milliseconds are noisy, and cheap
        [ours] = compare(runs, lambda: self.inject(source, output))
        self.table.add("one manifest, whole process, wall", ours.wall, "3 ms", 0.003, seconds, 1)
        if self.kubectl:
            [theirs] = compare(runs, lambda: spawn(self.patch(source), self.path("patched.yaml")))
            self.table.add("", ours.wall, "kubectl patch --local, wall", theirs.wall, seconds)
        else:
            self.table.skip("", "kubectl patch --local: no kubectl here")

    def instructions(self):
        """What is executed, which does not depend on what else the machine does, beside what releases needed."""
        missing = [tool for tool in ("valgrind", "strip") if not shutil.which(tool)]
        if missing:
            return self.table.skip("instructions", f"callgrind: no {missing[0]} here")
        # valgrind cannot read all that the compiler writes for debuggers.
        spawn(["strip", "--strip-debug", "-o", self.path("stripped"), self.binary])
        count = 30 if self.quick else 300
        source, single = self.deployments(count), self.deployments(1)
        hashicorp, one_of_hashicorp = self.path("hashicorp.yaml"), self.path("hashicorp-1.yaml")
        self.generate("hashicorp", count, hashicorp)
        self.generate("hashicorp", 1, one_of_hashicorp)
        start = self.executed("-q", "-f", single)
        self.add_instructions("one manifest, whole process", start)
        for verb, arguments in (("inject", ("-q", "-f")), ("lint", ("lint", "-q"))):
            for dialect, many, one in (("Talend's", source, single), ("HashiCorp's", hashicorp, one_of_hashicorp)):
                more = self.executed(*arguments, many) - self.executed(*arguments, one)
                self.add_instructions(f"{verb} one Deployment more of {dialect} dialect", more / (count - 1))

    def executed(self, *arguments):
        log = self.path("callgrind.txt")
        spawn(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", f"--log-file={log}",
               self.path("stripped"), *arguments], accepted=(0, 1))
        with open(log, encoding="utf-8") as file:
            return next(int(line.split(":")[1]) for line in file if "Collected" in line)

    def add_instructions(self, what, count):
        past = releases.figures(what)
        title = f"{what}, instructions"
        if not past:
            self.table.add(title, count, "no release yet", count, millions)
        for release, figure in past:
            self.table.add(title, count, f"release {release}", figure, millions)
            title = ""
        if self.record:
            releases.record(self.record, what, count)

    def untouched(self):
        count = 500 if self.quick else 5_000
        folder = self.path(f"repository-{count}")
        shutil.rmtree(folder, ignore_errors=True)
        self.generate("folder", count, folder)
        files = sorted(os.path.join(root, name) for root, _, names in os.walk(folder) for name in names)
        commands = (
            ("-i --hook FILES…", [self.binary, "-i", "--hook", *files]),
            ("--check --hook FILES…", [self.binary, "--check", "--hook", *files]),
            ("-i FILES…", [self.binary, "-q", "-i", *files]),
            # Everything is read and printed here, which grep has no part in.
            ("-R -f DIR", [self.binary, "-q", "-R", "-f", folder]),
        )
        output = self.path("untouched.yaml")
        grep, *ours = compare_cpu(
            self.runs, lambda: spawn(["grep", "-rl", "sidecar.vault.talend.org", folder], accepted=(1,)),
            *(lambda command=command: spawn(command, output) for _, command in commands))
        for (name, _), sample in zip(commands, ours):
            self.table.add(f"{count:,} files with nothing to inject, {name}, CPU", sample.cpu,
                           "grep -rl", grep.cpu, seconds, 5 if name.startswith("-R") else 2.5)

    def lint(self):
        """Only the findings, of annotated manifests and of a repository without any."""
        count = 1_000 if self.quick else 10_000
        hashicorp = self.path("hashicorp.yaml")
        self.generate("hashicorp", count, hashicorp)
        for name, source in (("Talend's", self.deployments(count)), ("HashiCorp's", hashicorp)):
            ours, theirs = compare_cpu(self.runs, lambda: spawn([self.binary, "lint", "-q", source]),
                                       lambda: self.scan(source))
            self.table.add(f"lint {count:,} Deployments of {name} dialect, CPU", ours.cpu,
                           "bare libyaml scan of the input", theirs.cpu, seconds, 1.5)
        count = 500 if self.quick else 5_000
        folder = self.path(f"repository-{count}")
        shutil.rmtree(folder, ignore_errors=True)
        self.generate("folder", count, folder)
        ours, theirs = compare_cpu(
            self.runs, lambda: spawn([self.binary, "lint", folder]),
            lambda: spawn(["grep", "-rl", "sidecar.vault.talend.org", folder], accepted=(1,)))
        self.table.add(f"lint {count:,} files with nothing to say, CPU", ours.cpu, "grep -rl", theirs.cpu, seconds, 3)

    def rewritten(self):
        """Many files to rewrite; each run begins with what was there before, flushed, so that all runs are alike."""
        count = 100 if self.quick else 1_000
        source, folder = self.path("sources"), self.path("rewritten")
        shutil.rmtree(source, ignore_errors=True)
        self.generate("manifests", count, source)
        names = [os.path.join(folder, name) for name in sorted(os.listdir(source))]

        def run(command):
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(source, folder)
            os.sync()
            return spawn(command)

        def copy(flushed):
            target = self.path("copied")
            shutil.rmtree(target, ignore_errors=True)
            os.sync()
            command = ["cp", "-r", source, target]
            return spawn(["sh", "-c", '"$@" && sync -f "$3"', "sh", *command] if flushed else command)

        ours, theirs, flushed = compare(
            min(self.runs, 5), lambda: run([self.binary, "-q", "-i", *names]), lambda: copy(False), lambda: copy(True))
        self.demand_rewritten(names)
        what = f"rewrite {count:,} files in place, wall"
        self.table.add(what, ours.wall, "cp -r", theirs.wall, seconds)
        self.table.add("", ours.wall, "cp -r and sync", flushed.wall, seconds)
        self.table.add(f"rewrite {count:,} files in place, CPU", ours.cpu, "cp -r, CPU", theirs.cpu, seconds)
        for path in (source, folder, self.path("copied")):
            shutil.rmtree(path, ignore_errors=True)

    def demand_rewritten(self, paths):
        for path in paths:
            self.demand_injected(path, 1)

    def growth(self):
        sizes = (300, 1_000, 3_000) if self.quick else (1_000, 3_000, 10_000, 30_000, 100_000)
        output = self.path("injected.yaml")
        costs = []
        for size in sizes:
            source = self.deployments(size)
            runs = self.runs if size <= 10_000 else min(self.runs, 3)
            [ours] = compare_cpu(runs, lambda: self.inject(source, output))
            costs.append(ours.cpu / size)
            self.table.add(f"{size:,} documents, CPU a document", costs[-1],
                           f"{sizes[0]:,} documents, CPU a document", costs[0],
                           lambda cost: f"{cost * 1e6:.1f} µs", 1.05 if size == sizes[-1] else None)

    def shapes(self):
        """Manifests that are large in one direction: what one more costs, of few and of four times as many."""
        source, output, restored = self.path("shape.yaml"), self.path("injected.yaml"), self.path("restored.yaml")
        for name, manifest, count in shapes.SHAPES:
            costs = []
            for size in (count, 4 * count):
                with open(source, "w", encoding="utf-8") as file:
                    file.write(manifest(size))
                samples = compare(max(self.runs, 3), lambda: self.inject(source, output),
                                  lambda: spawn([self.binary, "uninject", "-q", "-f", output], restored))
                costs.append([sample.cpu / size for sample in samples])
            for verb, few, many in zip(("inject", "uninject"), *costs):
                self.table.add(f"{verb} {4 * count:,} {name}, CPU for each", many, f"{count:,}, CPU for each", few,
                               lambda cost: f"{cost * 1e6:.1f} µs", 1.2)
        for path in (source, restored):
            os.remove(path)

    def apply(self):
        """Server-side apply beside kubectl's. kubectl gets what ours has injected; ours injects as it applies."""
        count = 50 if self.quick else 500
        what = f"apply {count:,} Deployments"
        reason = cluster.missing() or (None if self.kubectl else "no kubectl here")
        if reason:
            self.table.skip(what, f"kubectl apply --server-side: {reason}")
            return
        source, injected = self.deployments(count), self.path("applied.yaml")
        self.inject(source, injected)
        server = cluster.Cluster(self.path("cluster"))
        try:
            for latency in (cluster.WRITE_LATENCY, 0):
                server.set_latency(latency)
                ours, theirs = self.applied(server, count, source, injected)
                target = 0.2 if latency else None
                against = f"kubectl apply --server-side, writes take {latency} ms"
                self.table.add(f"{what}, wall", ours.wall, against, theirs.wall, seconds, target)
                self.table.add(f"{what}, CPU", ours.cpu, against, theirs.cpu, seconds, target)
        finally:
            server.stop()
            os.remove(injected)

    def applied(self, server, count, source, injected):
        namespaces = cluster.namespaces_of(source)

        def job(command):
            def run():
                server.empty(namespaces)
                sample = spawn([*command, "--kubeconfig", server.kubeconfig])
                if server.count() != (count, count):
                    sys.exit(f"benchmark: `{command[0]}` applied {server.count()} instead of {count} Deployments")
                return sample
            return run

        return compare(min(self.runs, 3), job([self.binary, "apply", "-q", "-f", source]),
                       job([self.kubectl, "apply", "--server-side", "-f", injected]))

    def preflight(self):
        """500 pods of twenty roles, beside one login of OpenBao's own client for each role."""
        count = 50 if self.quick else 500
        what = f"preflight {count:,} pods of {vault.ROLES} roles"
        reason = vault.missing()
        if reason:
            self.table.skip(what, f"bao login: {reason}")
            return
        source = self.path("pods.json")
        vault.pods(source, count)
        server = vault.Vault(self.path("vault"))
        ours = [self.binary, "preflight", "-q", "-f", source, "--vault-url", server.address,
                "--kubeconfig", server.kubeconfig]
        login = 'a=$1; b=$2; shift 2; n=0; for t; do "$a" write -address="$b" auth/kubernetes/login ' \
                'role=team-$n jwt="$t" || exit; n=$((n + 1)); done'
        try:
            ours, theirs = compare(
                min(self.runs, 3), lambda: spawn(ours),
                lambda: spawn(["sh", "-c", login, "sh", server.bao, server.address, *server.tokens]))
            self.table.add(f"{what}, wall", ours.wall, f"{vault.ROLES} logins with bao", theirs.wall, seconds)
            self.table.add(f"{what}, CPU", ours.cpu, f"{vault.ROLES} logins with bao", theirs.cpu, seconds)
        finally:
            server.stop()
            os.remove(source)

    STEPS = ("throughput", "json_list", "dialects", "kustomize", "start_up", "instructions", "untouched", "lint",
             "rewritten", "growth", "shapes", "apply", "preflight")

    def run(self, steps):
        self.generate("patch", self.path("patch.json"))
        for step in steps:
            print(f"benchmark: {step.replace('_', ' ')}", file=sys.stderr, flush=True)
            getattr(self, step)()
        written = ("injected.yaml", "patched.yaml", "untouched.yaml", "hashicorp.yaml", "hashicorp-1.yaml", "stripped",
                   "list.json", "injected.json")
        for path in (*self.generated, *map(self.path, written)):
            if os.path.exists(path):
                os.remove(path)


def machine():
    model = "unknown processor"
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            model = next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), model)
    except OSError:
        pass
    return f"{os.cpu_count()} cores ({model}), {platform.system()} {platform.release()} {platform.machine()}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True, help="the release build of kubectl-vault-inject")
    parser.add_argument("--scan", required=True, help="the built scan.c")
    parser.add_argument("--runs", type=int, default=0, help="runs of each measurement (5)")
    parser.add_argument("--only", choices=Benchmark.STEPS, help="one step")
    parser.add_argument("--record", metavar="RELEASE", help="keep the instructions as those of a release")
    parser.add_argument("--quick", action="store_true", help="small inputs, one run: does it work at all")
    options = parser.parse_args()
    benchmark = Benchmark(options)
    if not benchmark.kubectl:
        print("benchmark: NO kubectl ON THIS MACHINE: its columns are skipped", file=sys.stderr)
    benchmark.run([options.only] if options.only else Benchmark.STEPS)
    quick = ", QUICK: no figures to keep" if benchmark.quick else ""
    print(f"{machine()}; medians of several runs{quick}")
    print()
    benchmark.table.print()


if __name__ == "__main__":
    main()
