"""Rewrites files in place while things go wrong: signals, a full disk, somebody else's changes.

Whatever happens, each file holds what it held before or what it should hold afterwards.
"""

import fcntl
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import tempfile
import time

from harness.case import Case
from harness.places import PROGRAM
from harness.processes import for_everybody, take_default_signals

FAULTS = pathlib.Path(__file__).with_name("faults.c")
POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: {name}
  annotations:
    sidecar.vault.talend.org/inject: "true"
    sidecar.vault.talend.org/role: shop
    sidecar.vault.talend.org/secrets-path: secret/shop
spec:
  containers:
  - name: app
    image: busybox
"""


def build_faults(folder):
    library = os.path.join(folder, "faults.so")
    compiler = os.environ.get("CC") or shutil.which("clang") or "cc"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-w", "-o", library, str(FAULTS), "-ldl"], check=True)
    return library


class InPlace(Case):
    @classmethod
    def setUpClass(cls):
        cls.tools = tempfile.TemporaryDirectory()
        cls.faults = build_faults(cls.tools.name)

    @classmethod
    def tearDownClass(cls):
        cls.tools.cleanup()

    def pods(self, count):
        """Writes files of pods; what each holds, and what it should hold when it is injected."""
        texts = {}
        for number in range(count):
            old = POD.format(name=f"pod-{number}").encode()
            name = f"{number:03}.yaml"
            (self.folder / name).write_bytes(old)
            texts[name] = old
        whole = subprocess.run([PROGRAM, "-q", *texts], cwd=self.folder, capture_output=True, check=True).stdout
        news = [text for text in whole.split(b"---\n")]
        self.assertEqual(len(news), count)
        return {name: (old, new) for (name, old), new in zip(texts.items(), news)}

    def command(self, *words, **faults):
        environment = {**os.environ, **{f"FAULT_{key.upper()}": str(value) for key, value in faults.items()}}
        if faults:
            environment["LD_PRELOAD"] = self.faults
        return dict(args=[PROGRAM, *words], cwd=self.folder, env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE,
                    text=True, errors="surrogateescape", preexec_fn=take_default_signals)

    def inject(self, *words, **faults):
        return subprocess.run(**self.command(*words, **faults), timeout=300)

    def run_as_nobody(self, *words):
        if os.getuid() != 0:
            self.skipTest("only root may run a program as somebody else")
        command = self.command(*words)
        command["args"][0] = for_everybody(self, PROGRAM)
        return subprocess.run(**command, user=65534, group=65534, extra_groups=[], timeout=300)

    def read(self, name="000.yaml"):
        return (self.folder / name).read_bytes()

    def demand_names(self, names):
        self.assertEqual(sorted(entry.name for entry in self.folder.iterdir()), sorted(names))

    # Signals

    def interrupted(self, number, step, texts, **faults):
        """Runs with a signal at one step; how it ended, what it said, and which files have changed."""
        for entry in self.folder.glob(".vault-inject-*"):
            entry.unlink()
        for name, (old, _) in texts.items():
            (self.folder / name).write_bytes(old)
        done = self.inject("-i", *texts, signal=f"{int(number)}:{step}", **faults)
        changed = set()
        for name, (old, new) in texts.items():
            now = self.read(name)
            self.assertIn(now, (old, new), f"{name} is neither what it was nor what it should be, at step {step}")
            if now == new:
                changed.add(name)
        return done, changed

    def at_every_step(self, number, most_left, **faults):
        """Interrupts a run at every step of it; at most so many names may be left behind."""
        texts = self.pods(4)
        counter = os.path.join(self.tools.name, "steps")
        self.assertEqual(self.inject("-i", *texts, steps=counter, **faults).returncode, 0)
        steps = int(pathlib.Path(counter).read_text())
        self.assertGreater(steps, 20)
        amounts = set()
        for step in range(steps):
            done, changed = self.interrupted(number, step, texts, **faults)
            self.assertEqual(done.returncode, -number, done.stderr)
            amounts.add(len(changed))
            if number != signal.SIGKILL:
                reported = {line.split(":")[0] for line in done.stderr.splitlines() if line.endswith(": rewritten")}
                self.assertEqual(reported, changed)
            left = [entry for entry in self.folder.iterdir() if entry.name not in texts]
            self.assertLessEqual(len(left), most_left, f"{left} at step {step}")
            for entry in left:
                self.assertTrue(entry.name.startswith(".vault-inject-"), entry.name)
        # What a killed process left in the way does not disturb the next one, which clears it away.
        self.assertEqual(self.inject("-i", *texts).returncode, 0)
        self.demand_names(texts)
        self.assertTrue(all(self.read(name) == new for name, (_, new) in texts.items()))
        return amounts

    def test_interrupt(self):
        self.at_every_step(signal.SIGINT, 0)

    def test_terminate(self):
        self.at_every_step(signal.SIGTERM, 0)

    def test_terminate_where_files_have_names_at_once(self):
        self.at_every_step(signal.SIGTERM, 0, no_unnamed=1, no_exchange=1)

    def test_hang_up(self):
        self.at_every_step(signal.SIGHUP, 0)

    def test_kill(self):
        self.assertEqual(self.at_every_step(signal.SIGKILL, 1), {0, 1, 2, 3, 4})

    def test_kill_where_files_have_names_at_once(self):
        self.assertEqual(self.at_every_step(signal.SIGKILL, 4, no_unnamed=1, no_exchange=1), {0, 1, 2, 3, 4})

    def gone(self):
        """The number of a process that is gone."""
        process = subprocess.Popen(["true"])
        process.wait()
        return process.pid

    def test_leftovers_are_cleared_also_where_nothing_changes(self):
        texts = self.pods(2)
        (self.folder / "sub").mkdir()
        for words in (["000.yaml"], [str(self.folder)], ["./000.yaml"], ["000.yaml"]):
            left = [self.folder / f".vault-inject-{self.gone()}-{number}" for number in (0, 17)]
            apart = self.folder / "sub" / left[0].name
            for path in (*left, apart):
                path.write_bytes(texts["000.yaml"][0])
            for other in (["--check"], ["-o", "name"]):
                self.inject(*other, *words)
                self.assertTrue(all(path.exists() for path in left))
            self.assertEqual(self.inject("-i", *words).returncode, 0)
            self.assertEqual([path for path in left if path.exists()], [])
            # No file of that folder was named.
            self.assertTrue(apart.exists())

    def test_what_is_not_certain_to_be_a_leftover_stays(self):
        self.pods(1)
        gone = self.gone()
        kept = [self.folder / name for name in (
            f".vault-inject-{os.getpid()}-0", ".vault-inject-1-0", f".vault-inject-{gone}-0.yaml",
            f".vault-inject-{gone}", f".vault-inject-{gone}-", f".vault-inject-x{gone}-0", f".vault-inject-0{gone}-0",
            f".vault-inject-{gone}-0-0", f"vault-inject-{gone}-0", ".vault-inject-99999999999999999999-0",
            f".vault-inject--{gone}-0", ".vault-inject-0-0", f".vault-inject-{gone}-٣")]
        for path in kept:
            path.write_text("precious")
        folder, link, locked = (self.folder / f".vault-inject-{gone}-{number}" for number in (1, 2, 3))
        folder.mkdir()
        link.symlink_to("000.yaml")
        locked.write_text("held by a process in a container")
        kept += [folder, link, locked]
        if os.getuid() == 0:
            foreign = self.folder / f".vault-inject-{gone}-4"
            foreign.write_text("somebody else's")
            os.chown(foreign, 1234, 2345)
            kept.append(foreign)
        with open(locked) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            for _ in range(2):
                self.assertEqual(self.inject("-i", "000.yaml").returncode, 0)
        self.assertEqual([path.name for path in kept if not os.path.lexists(path)], [])

    def test_names_that_are_not_utf_8(self):
        (_, (old, new)), = self.pods(1).items()
        names = [b"caf\xe9.yaml", b"\xff\xfe.yaml", b"a\xf4\x8f\xbf\xa9.yaml", "\U0010ffe9.yaml".encode(), "café.yaml".encode()]
        folder = os.path.join(os.fsencode(self.folder), b"d\xe8")
        for words in (names, [b"."], [b"*.yaml"], [os.path.join(folder, name) for name in names], [b"-f", folder + b"/"],
                      [b"link.yaml"]):
            shutil.rmtree(folder, ignore_errors=True)
            os.mkdir(folder)
            for name in names[:1] if words == [b"link.yaml"] else names:
                with open(os.path.join(folder, name), "wb") as file:
                    file.write(old)
            if words == [b"link.yaml"]:
                os.symlink(os.path.join(folder, names[0]), os.path.join(folder, b"link.yaml"))
            command = {**self.command("-i", *words), "cwd": folder}
            done = subprocess.run(**command)
            self.assertEqual(done.returncode, 0, done.stderr)
            for name in os.listdir(folder):
                with open(os.path.join(folder, name), "rb") as file:
                    self.assertEqual(file.read(), new, (words, name))
            if words != [b"link.yaml"]:
                self.assertEqual(sorted(os.listdir(folder)), sorted(names))
                self.assertIn("caf\\xE9.yaml: rewritten\n", done.stderr)
            self.assertIsNone(re.search("[\udc80-\udcff\U0010ff80-\U0010ffff]", done.stderr))

    def test_interrupt_between_many_files(self):
        texts = self.pods(150)
        done, changed = self.interrupted(signal.SIGINT, 300, texts)
        self.assertEqual(done.returncode, -signal.SIGINT)
        self.assertTrue(0 < len(changed) < len(texts))
        self.assertIn("error: interrupted: files that are not named above are as they were\n", done.stderr)
        self.demand_names(texts)

    def test_signals_from_outside(self):
        texts = self.pods(40)
        source = random.Random(1)
        for number in [signal.SIGINT, signal.SIGTERM, signal.SIGKILL] * 3:
            for name, (old, _) in texts.items():
                (self.folder / name).write_bytes(old)
            with subprocess.Popen(**self.command("-i", *texts)) as process:
                time.sleep(source.uniform(0, 0.1))
                process.send_signal(number)
                process.communicate(timeout=300)
            self.assertIn(process.returncode, (0, -number))
            self.assertTrue(all(self.read(name) in both for name, both in texts.items()))
            if number != signal.SIGKILL:
                self.demand_names(texts)
            for entry in self.folder.glob(".vault-inject-*"):
                entry.unlink()

    # Changes by hand that are adopted

    def adopt(self, folder, **faults):
        return subprocess.run(**{**self.command("-i", "--adopt", "sub/a.yaml", "sub/b.yaml", **faults), "cwd": folder}, timeout=300)

    def adopting(self, folder, number, step, files):
        """Adopts with a signal at one step; how it ended, and which of the files hold what they should."""
        for path in (folder / ".vault-inject.yaml", *folder.rglob(".vault-inject-*")):
            path.unlink(missing_ok=True)
        for name, (old, _) in files.items():
            if old is not None:
                (folder / name).write_bytes(old)
        done = self.adopt(folder, signal=f"{int(number)}:{step}")
        changed = set()
        for name, (old, new) in files.items():
            now = (folder / name).read_bytes() if (folder / name).exists() else None
            if new is not None:
                self.assertIn(now, (old, new), f"{name} is neither what it was nor what it should be, at step {step}")
            if now != old:
                changed.add(name)
        return done, changed

    def adopt_at_every_step(self, number, configuration, most_left):
        """Interrupts an adoption at every step of it, and runs it again."""
        folder = self.folder / "adopting"
        (folder / "sub").mkdir(parents=True)
        settings = folder / ".vault-inject.yaml"
        if configuration is not None:
            settings.write_bytes(configuration)
        injected = {}
        for name in ("a", "b"):
            text = POD.format(name=name).encode()
            done = subprocess.run([PROGRAM, "-q"], input=text, cwd=folder, capture_output=True, check=True)
            injected[f"sub/{name}.yaml"] = done.stdout.replace(b"hashicorp/vault:2.", b"hashicorp/vault:3.")
        settings.unlink(missing_ok=True)
        files = {".vault-inject.yaml": (configuration, None)} | {name: (old, None) for name, old in injected.items()}
        counter = os.path.join(self.tools.name, "adopting")
        files_as_they_should_be = self.adopted(folder, files, counter)
        steps = int(pathlib.Path(counter).read_text())
        self.assertGreater(steps, 15)
        met = set()
        for step in range(steps):
            done, changed = self.adopting(folder, number, step, files_as_they_should_be)
            self.assertEqual(done.returncode, -number, done.stderr)
            met.add(frozenset(changed))
            # The settings come first: without them a manifest would be taken for changed by hand.
            if changed:
                self.assertIn(".vault-inject.yaml", changed, f"at step {step}")
            left = list(folder.rglob(".vault-inject-*"))
            self.assertLessEqual(len(left), most_left, f"{left} at step {step}")
            again = self.adopt(folder)
            self.assertEqual(again.returncode, 0, again.stderr)
            for name, (_, new) in files_as_they_should_be.items():
                self.assertEqual((folder / name).read_bytes(), new, f"{name} at step {step}")
            self.assertEqual(list(folder.rglob(".vault-inject-*")), [])
        return met

    def adopted(self, folder, files, counter):
        """What an adoption that nothing disturbs makes of the files; it is counted in steps."""
        for name, (old, _) in files.items():
            if old is not None:
                (folder / name).write_bytes(old)
        done = self.adopt(folder, steps=counter)
        self.assertEqual(done.returncode, 0, done.stderr)
        made = {name: (old, (folder / name).read_bytes()) for name, (old, _) in files.items()}
        self.assertTrue(all(old != new for old, new in made.values()))
        self.assertIn(b"image: hashicorp/vault:3.", made[".vault-inject.yaml"][1])
        return made

    ALL_ADOPTED = frozenset({".vault-inject.yaml", "sub/a.yaml", "sub/b.yaml"})

    def test_kill_while_adopting(self):
        met = self.adopt_at_every_step(signal.SIGKILL, b"# ours\nvault: {address: https://vault.example.com}\n", 1)
        self.assertLessEqual({frozenset(), frozenset({".vault-inject.yaml"}), self.ALL_ADOPTED}, met)

    def test_kill_while_adopting_without_a_configuration(self):
        met = self.adopt_at_every_step(signal.SIGKILL, None, 1)
        self.assertLessEqual({frozenset(), frozenset({".vault-inject.yaml"}), self.ALL_ADOPTED}, met)

    def test_interrupt_while_adopting(self):
        self.adopt_at_every_step(signal.SIGINT, b"vault: {address: https://vault.example.com}\n", 0)

    def test_interrupt_while_annotating(self):
        self.annotate_at_every_step(signal.SIGINT, 0)

    def test_kill_while_annotating(self):
        self.annotate_at_every_step(signal.SIGKILL, 1)

    def annotate_at_every_step(self, number, most_left):
        """Interrupts an annotation at every step of it."""
        old = b"apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: nginx}]}\n"
        name, words = "pod.yaml", ["annotate", "-i", "pod.yaml", "--secret", "db=secret/data/shop", "--role", "shop"]
        (self.folder / name).write_bytes(old)
        counter = os.path.join(self.tools.name, "annotating")
        self.assertEqual(self.inject(*words, steps=counter).returncode, 0)
        new = self.read(name)
        self.assertIn(b"agent-inject-secret-db", new)
        met = set()
        for step in range(int(pathlib.Path(counter).read_text())):
            (self.folder / name).write_bytes(old)
            done = self.inject(*words, signal=f"{int(number)}:{step}")
            self.assertEqual(done.returncode, -number, done.stderr)
            self.assertIn(self.read(name), (old, new), f"at step {step}")
            met.add(self.read(name) == new)
            self.assertLessEqual(len(list(self.folder.iterdir())), 1 + most_left, f"at step {step}")
            self.assertEqual(self.inject(*words).returncode, 0)
            self.assertEqual(self.read(name), new)
            self.demand_names([name])
        self.assertIn(True, met)

    def test_interrupt_while_migrating(self):
        """Nothing is printed by halves, and nothing is written."""
        texts = self.pods(40)
        words = ["migrate", "-R", "-f", "."]
        whole = self.inject(*words).stdout
        self.assertIn("Pod/pod-39", whole)
        source = random.Random(1)
        for _ in range(8):
            with subprocess.Popen(**self.command(*words)) as process:
                time.sleep(source.uniform(0, 0.1))
                process.send_signal(signal.SIGINT)
                output, _ = process.communicate(timeout=300)
            self.assertIn(process.returncode, (0, -signal.SIGINT))
            self.assertIn(output, ("", whole))
            self.demand_names(texts)

    def test_ignored_interrupt_stays_ignored(self):
        texts = self.pods(4)
        command = self.command("-i", *texts, signal=f"{int(signal.SIGINT)}:5")
        command["preexec_fn"] = lambda: signal.signal(signal.SIGINT, signal.SIG_IGN)
        done = subprocess.run(**command)
        self.assertEqual(done.returncode, 0)
        self.assertTrue(all(self.read(name) == new for name, (_, new) in texts.items()))

    # Somebody else

    def somebody_changes(self, how, expected, **faults):
        texts = self.pods(3)
        path = self.folder / "000.yaml"
        done = self.inject("-i", *texts, change=f"{how}:{path}", **faults)
        self.assertEqual(done.returncode, 74, done.stderr)
        self.assertIn("000.yaml: error: cannot be rewritten: somebody changed it since it was read\n", done.stderr)
        self.assertEqual(self.read(), expected(texts["000.yaml"][0]))
        self.assertTrue(all(self.read(name) == texts[name][1] for name in ("001.yaml", "002.yaml")))
        self.demand_names(texts)

    def test_file_changed_in_the_last_moment(self):
        self.somebody_changes("append", lambda old: old + b"# theirs\n")

    def test_file_replaced_in_the_last_moment(self):
        self.somebody_changes("replace", lambda old: b"# theirs\n")

    def test_file_touched_in_the_last_moment(self):
        self.somebody_changes("touch", lambda old: old)

    # The disk

    def disk_fails(self, words, count=5, **faults):
        texts = self.pods(count)
        done = self.inject("-i", *texts, **faults)
        self.assertEqual(done.returncode, 74, done.stderr)
        self.assertIn(words, done.stderr)
        failed = {line.split(":")[0] for line in done.stderr.splitlines() if "cannot be rewritten" in line}
        self.assertTrue(failed)
        for name, (old, new) in texts.items():
            self.assertEqual(self.read(name), old if name in failed else new, name)
        self.demand_names(texts)

    def test_full_disk(self):
        self.disk_fails("No space left on device\n  hint: the disk is full; the file is as it was\n", full=14_000)

    def test_full_disk_where_files_have_names_at_once(self):
        self.disk_fails("No space left on device", full=14_000, no_unnamed=1)

    def test_disk_that_cannot_be_flushed(self):
        self.disk_fails("Input/output error", flush=1)

    def test_full_file_system(self):
        mount = f"mount -t tmpfs -o size=32k,nr_inodes=64 none {self.folder} && cd {self.folder} && cat"
        script = f"{mount} > 000.yaml; head -c 28000 /dev/zero > ballast; {PROGRAM} -i 000.yaml; echo $?; ls -A; cat 000.yaml"
        old = POD.format(name="pod")
        done = subprocess.run(["unshare", "--mount", "bash", "-c", script], input=old, capture_output=True, text=True)
        refusals = ("permission denied", "not permitted", "unshare: ")   # the last in a root that is no mount of its own
        if any(words in done.stderr.lower() for words in refusals):
            self.skipTest(f"no file system may be mounted here: {done.stderr}")
        self.assertEqual(done.stdout, "74\n000.yaml\nballast\n" + old, done.stderr)
        self.assertIn("000.yaml: error: cannot be rewritten: No space left on device\n", done.stderr)

    # What stays

    def test_where_names_cannot_be_exchanged(self):
        texts = self.pods(3)
        self.assertEqual(self.inject("-i", *texts, no_exchange=1, no_unnamed=1).returncode, 0)
        self.assertTrue(all(self.read(name) == new for name, (_, new) in texts.items()))
        self.demand_names(texts)

    def test_attributes_stay(self):
        texts = self.pods(1)
        path = self.folder / "000.yaml"
        access = bytes.fromhex("0200000001000600ffffffff02000400010000000400040fffffffff10000400ffffffff20000000ffffffff")
        access = access.replace(b"\x04\x0f", b"\x04\x00")
        try:
            os.setxattr(path, "user.note", b"kept")
            os.setxattr(path, "user.empty", b"")
            os.setxattr(path, "system.posix_acl_access", access)
        except OSError as error:
            self.skipTest(f"the file system keeps no such attributes: {error}")
        os.chmod(path, 0o640)
        before = {name: os.getxattr(path, name) for name in os.listxattr(path)}
        self.assertEqual(self.inject("-i", "000.yaml").returncode, 0)
        self.assertEqual(self.read(), texts["000.yaml"][1])
        self.assertEqual({name: os.getxattr(path, name) for name in os.listxattr(path)}, before)
        self.assertEqual(os.stat(path).st_mode & 0o7777, 0o640)

    def test_owner_stays(self):
        if os.getuid() != 0:
            self.skipTest("only root may give files away")
        texts = self.pods(1)
        os.chown(self.folder / "000.yaml", 1234, 2345)
        self.assertEqual(self.inject("-i", "000.yaml").returncode, 0)
        status = os.stat(self.folder / "000.yaml")
        self.assertEqual((status.st_uid, status.st_gid), (1234, 2345))
        self.assertEqual(self.read(), texts["000.yaml"][1])

    def test_owner_that_could_not_stay(self):
        texts = self.pods(1)
        os.chmod(self.folder / "000.yaml", 0o666)
        os.chmod(self.folder, 0o777)
        done = self.run_as_nobody("-i", "000.yaml")
        self.assertEqual(done.returncode, 74)
        self.assertIn("000.yaml: error: cannot be rewritten: it belongs to another user or group", done.stderr)
        self.assertEqual(self.read(), texts["000.yaml"][0])
        self.demand_names(texts)

    def test_folder_that_is_not_writable(self):
        texts = self.pods(1)
        os.chmod(self.folder / "000.yaml", 0o666)
        os.chmod(self.folder, 0o755)
        done = self.run_as_nobody("-i", "000.yaml")
        self.assertEqual(done.returncode, 74)
        self.assertIn("000.yaml: error: cannot be rewritten: its folder is read-only\n", done.stderr)
        self.assertEqual(self.read(), texts["000.yaml"][0])
        self.demand_names(texts)

    def test_several_processes_at_once(self):
        texts = self.pods(120)
        names = list(texts)
        processes = [subprocess.Popen(**self.command("-i", "--hook", *names[part::4])) for part in range(4)]
        for process in processes:
            process.communicate(timeout=300)
            self.assertEqual(process.returncode, 0)
        self.assertTrue(all(self.read(name) == new for name, (_, new) in texts.items()))
        self.demand_names(texts)
