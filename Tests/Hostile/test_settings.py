"""No settings are taken unasked from a file that somebody else could have written."""

import json
import os
import unittest

from case import Case, pod


@unittest.skipUnless(os.geteuid() == 0, "only root can give files away")
class ForeignOwners(Case):
    def test_refused(self):
        place = self.folder / "place"
        place.mkdir()
        file = place / ".vault-inject.yaml"
        file.write_text("image: attacker/vault:1\n")
        cases = {
            "belongs to another user (uid 1234)": lambda: os.chown(file, 1234, 1234),
            "is in a folder of another user (uid 1234)": lambda: os.chown(place, 1234, 1234),
        }
        for fault, change in cases.items():
            os.chown(file, 0, 0), os.chown(place, 0, 0)
            change()
            self.demand_refused(place, fault)
            with self.subTest("sudo"):
                run = self.inject("-f", "-", text=pod(), cwd=place, env={"SUDO_UID": "1234"})
                self.assertEqual(run.code, 0, run.err)

    def test_links(self):
        place = self.folder / "place"
        place.mkdir()
        (self.folder / "mine.yaml").write_text("image: mine/vault:1\n")
        link = place / ".vault-inject.yaml"
        link.symlink_to(self.folder / "mine.yaml")
        self.assertIn("mine/vault:1", self.inject("-f", "-", text=pod(), cwd=place).out)
        os.chown(link, 1234, 1234, follow_symlinks=False)
        self.demand_refused(place, "belongs to another user (uid 1234)")

    def demand_refused(self, place, fault):
        with self.subTest(fault):
            run = self.inject("-f", "-", text=pod(), cwd=place)
            self.assertEqual((run.code, run.out), (65, ""), run.err)
            self.assertIn(f".vault-inject.yaml: error: this configuration file {fault}, and is not used unasked", run.err)
            self.assertIn("--config .vault-inject.yaml", run.err)
            named = self.inject("-f", "-", "--config", ".vault-inject.yaml", text=pod(), cwd=place)
            self.assertEqual(named.code, 0, named.err)
            self.assertNotIn("warning", named.err)
            (self.folder / "other.yaml").write_text("image: other/vault:1\n")
            other = self.inject("-f", "-", "--config", "../other.yaml", text=pod(), cwd=place)
            self.assertEqual(other.code, 0, other.err)
            self.assertIn("other/vault:1", other.out)
            self.assertIn(f".vault-inject.yaml: warning: this configuration file {fault}", other.err)
            for words in (["config", "view"], ["apply", "--dry-run=client", "-f", "-"], ["--check", "-f", "-"], ["post-render"]):
                self.assertEqual(self.inject(*words, text=pod(), cwd=place).code, 65, words)


class Settings(Case):
    def setUp(self):
        super().setUp()
        self.file = self.folder / ".vault-inject.yaml"
        self.file.write_text("image: found/vault:1\n")
        self.place = self.folder / "a" / "b"
        self.place.mkdir(parents=True)

    def finds(self, **more):
        run = self.inject("-f", "-", text=pod(), cwd=self.place, **more)
        self.assertEqual(run.code, 0, run.err)
        return "found/vault:1" in run.out

    def test_looked_for_above(self):
        self.assertTrue(self.finds())

    def test_not_above_a_repository(self):
        for where in (self.place, self.place.parent):
            for make in (lambda path: path.mkdir(), lambda path: path.write_text("gitdir: x\n")):
                make(where / ".git")
                with self.subTest(where):
                    self.assertFalse(self.finds())
                (where / ".git").rmdir() if (where / ".git").is_dir() else (where / ".git").unlink()

    def test_in_the_root_of_a_repository(self):
        (self.folder / ".git").mkdir()
        self.assertTrue(self.finds())

    def test_not_above_the_home_folder(self):
        self.assertFalse(self.finds(env={"HOME": str(self.place)}))
        self.assertFalse(self.finds(env={"HOME": str(self.place.parent) + "/"}))
        self.assertTrue(self.finds(env={"HOME": str(self.folder)}))
        self.assertTrue(self.finds(env={"HOME": "/nowhere"}))
        self.assertTrue(self.finds(env={"HOME": ""}))

    def test_writable_by_anyone(self):
        def refused():
            run = self.inject("-f", "-", text=pod(), cwd=self.place)
            return "anyone" in run.err and run.code == 65 and not run.out
        self.assertFalse(refused())
        self.file.chmod(0o666)
        self.assertTrue(refused())
        self.file.chmod(0o664)
        self.assertFalse(refused())
        self.folder.chmod(0o777)
        self.assertTrue(refused())
        self.folder.chmod(0o1777)
        self.assertFalse(refused())

    def test_named(self):
        run = self.inject("-f", "-", text=pod(), cwd=self.place)
        self.assertEqual(run.err.splitlines()[-2], "configuration: ../../.vault-inject.yaml")
        more = self.folder / "more.yaml"
        more.write_text("sidecars: native\n")
        run = self.inject("-f", "-", "--config", str(more), text=pod(), cwd=self.place)
        self.assertEqual(run.err.splitlines()[-2], f"configuration: ../../.vault-inject.yaml, {more}")
        for words in (["--check"], ["-v"], ["uninject", "-v"], ["apply", "--dry-run=client"]):
            run = self.inject(*words, "-f", "-", text=pod(), cwd=self.place)
            self.assertEqual(run.err.splitlines()[-2], "configuration: ../../.vault-inject.yaml", words)

    def test_named_for_machines(self):
        run = self.inject("-f", "-", "--report", "json", text=pod(), cwd=self.place)
        self.assertEqual(json.loads(run.err)["configuration"], ["../../.vault-inject.yaml"])
        run = self.inject("-f", "-", "--report", "sarif", text=pod(), cwd=self.place)
        self.assertEqual(json.loads(run.err)["runs"][0]["properties"]["configuration"], ["../../.vault-inject.yaml"])

    def test_not_named_where_nothing_is_said(self):
        self.assertEqual(self.inject("-q", "-f", "-", text=pod(), cwd=self.place).err, "")
        (self.place / "a.yaml").write_text("a: 1\n")
        nothing = self.inject("-i", "a.yaml", cwd=self.place).err
        self.assertEqual(nothing.splitlines()[0], "nothing to do in 1 file: no pod asks for injection")
        self.assertNotIn("configuration:", nothing)
        self.file.unlink()
        self.assertNotIn("configuration:", self.inject("-f", "-", text=pod(), cwd=self.place).err)
