#!/usr/bin/env python3
"""Runs the real program on the transcripts in cases/ and compares exit code, standard error and output whole.

A transcript is made of sections: `--- command`, `--- file NAME` for each file it needs, `--- input` for standard
input, then what is expected: `--- exit`, `--- stderr`, `--- stdout` (left out where the output is not looked at).
With `--- cluster`, KUBECONFIG leads to an API server; the section holds its faults (see ../APIServer/faults.py), and
$CLUSTER is the server's folder, with a kubeconfig for each way to reach it.
With --record what really happened is written into the transcripts, and the run fails all the same.
"""
import difflib, functools, os, pathlib, re, shutil, subprocess, sys, tempfile

import cluster

HERE = pathlib.Path(__file__).parent
PROGRAM = os.environ.get("KUBECTL_VAULT_INJECT") or str(HERE.parents[1] / ".build/debug/kubectl-vault-inject")


the_cluster = functools.cache(cluster.Cluster)


def needs_cluster(case):
    return "\n--- cluster\n" in case.read_text(encoding="utf-8")


def needs_kubectl(case):
    return any(kind == "command" and re.search(r"(^|[;|& ])kubectl ", text)
               for kind, _, text in sections(case.read_text(encoding="utf-8")))


def why_skipped(case):
    """What a case needs that this machine does not have; None where it has all."""
    if needs_cluster(case) and not cluster.python():
        return "no Python with the packages of Tests/requirements.txt"
    if needs_kubectl(case) and not shutil.which("kubectl"):
        return "no kubectl"
    return None


def sections(text):
    parts = re.split(r"(?m)^--- (\w+)(?: (.*))?\n", text)
    return [(parts[i], parts[i + 1], parts[i + 2]) for i in range(1, len(parts), 3)]


def run(case, folder):
    given = sections(case.read_text(encoding="utf-8"))
    for kind, name, text in given:
        if kind == "file":
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
    words = next(text for kind, _, text in given if kind == "command")
    stdin = next((text for kind, _, text in given if kind == "input"), "")
    environment = {"PATH": f"{folder}/bin:{os.environ['PATH']}", "HOME": str(folder), "FIXTURES": str(HERE.parent / "Fixtures")}
    for kind, _, text in given:
        if kind == "cluster":
            the_cluster().prepare(text)
            environment |= the_cluster().environment()
    (folder / "bin").mkdir()
    for name in ("kubectl-vault-inject", "kubectl-vault_inject"):
        (folder / "bin" / name).symlink_to(PROGRAM)
    return given, subprocess.run(["bash", "-c", words], cwd=folder, env=environment, input=stdin,
                                 capture_output=True, text=True, timeout=60)


def check(case, record):
    with tempfile.TemporaryDirectory() as folder:
        given, done = run(case, pathlib.Path(folder))
    neutral = the_cluster().without_ports if needs_cluster(case) else str
    actual = {"exit": f"{done.returncode}\n", "stderr": neutral(done.stderr.replace(folder, "FOLDER")), "stdout": neutral(done.stdout)}
    expected = {kind: text for kind, _, text in given if kind in actual}
    if record:
        kept = [(k, n, t) for k, n, t in given if k not in actual]
        wanted = ["exit", "stderr"] + (["stdout"] if "stdout" in expected else [])
        case.write_text("".join(f"--- {k}{' ' + n if n else ''}\n{t}" for k, n, t in kept + [(k, None, actual[k]) for k in wanted]),
                        encoding="utf-8")
        return f"{case.stem}: recorded"
    differences = []
    for kind in ("exit", "stderr") + (("stdout",) if "stdout" in expected else ()):
        if expected.get(kind) != actual[kind]:
            differences += difflib.unified_diff(expected.get(kind, "").splitlines(), actual[kind].splitlines(),
                                                f"{case.stem} {kind} expected", "got", lineterm="")
    return "\n".join(differences)


def main():
    record = "--record" in sys.argv
    names = [word for word in sys.argv[1:] if word != "--record"]
    cases = sorted(path for path in (HERE / "cases").glob("*.txt") if not names or path.stem in names)
    skipped = [path for path in cases if why_skipped(path)]
    for case in skipped:
        print(f"!!! SKIPPED: {case.stem}: {why_skipped(case)}")
    run_cases = [path for path in cases if path not in skipped]
    failures = [text for text in (check(case, record) for case in run_cases) if text]
    print("\n".join(failures))
    print(f"{len(run_cases) - len(failures)} passed, {len(failures)} failed, {len(skipped)} skipped")
    return 1 if failures or not cases else 0


sys.exit(main())
