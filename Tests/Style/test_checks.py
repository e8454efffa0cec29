"""Each check finds a fault that is planted for it, and nothing in a small tree without one."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
MAP = "# The map\n\n```floors\nManifestText: Text <- Editing\nWorkloads: .\n```\n\n[a file](ManifestText/Text/Text.swift)\n"
PACKAGE = """
    .systemLibrary(name: "CLibYAML"),
    .target(name: "ManifestText", dependencies: ["CLibYAML"], swiftSettings: strict),
    .target(
      name: "Workloads", dependencies: ["ManifestText"], swiftSettings: strict),
    .target(
      name: "VaultInjectCLI",
      dependencies: [
        "ManifestText",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
"""
SOUND = {
    "Package.swift": PACKAGE,
    "README.md": "[the map](Sources/README.md#the-map) and [elsewhere](https://example.com/none)\n",
    "Sources/README.md": MAP,
    "Sources/ManifestText/Text/Text.swift": "import CLibYAML\n\npublic struct Text {}\n",
    "Sources/ManifestText/Editing/Edit.swift": "struct Edit { var text: Text }\n",
    "Sources/Workloads/Kind.swift": "public import ManifestText\n\npublic struct Kind {}\n",
}


class Checks(unittest.TestCase):
    def check(self, name, planted=None):
        """The exit code and the words of a check of a small tree, with some files planted in it."""
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for path, text in {**SOUND, **(planted or {})}.items():
                file = root / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
            subprocess.run("git init -q && git add -A", shell=True, cwd=root, check=True)
            done = subprocess.run([sys.executable, HERE / f"{name}.py"], cwd=root, capture_output=True, text=True)
            return done.returncode, done.stdout + done.stderr

    def demand(self, name, words, planted):
        code, said = self.check(name, planted)
        self.assertEqual(code, 1, said)
        self.assertIn(words, said)

    def test_a_sound_tree_has_no_faults(self):
        for name in ("imports", "floors", "links", "systems"):
            code, said = self.check(name)
            self.assertEqual(code, 0, f"{name}: {said}")

    def test_an_import_upward(self):
        for line in ("import Injection", "@testable internal import Injection", "import struct Injection.Injector"):
            self.demand("imports", "ManifestText must not import Injection",
                        {"Sources/ManifestText/Text/More.swift": f"{line}\n"})

    def test_an_import_of_foundation(self):
        self.demand("imports", "Workloads must not import Foundation", {"Sources/Workloads/More.swift": "import Foundation\n"})

    def test_a_module_that_is_not_declared(self):
        self.demand("imports", "Newcomer: Package.swift has no such target", {"Sources/Newcomer/File.swift": "struct A {}\n"})

    def test_a_second_door_to_standard_error(self):
        for line in ("fputs(text, stderr)", "standardError.write(bytes)", "debugPrint(text)"):
            self.demand("imports", "standard error takes a ShownText alone",
                        {"Sources/Workloads/More.swift": f"func say() {{ {line} }}\n"})

    def test_a_dependency_that_the_map_lists_later(self):
        self.demand("imports", "ManifestText depends on Workloads, which Sources/README.md does not list before it",
                    {"Package.swift": PACKAGE.replace('"CLibYAML"]', '"CLibYAML", "Workloads"]')})

    def test_the_parser_below_the_commands(self):
        self.demand("imports", "Runs/More.swift:1: only Sources/VaultInjectCLI/Commands imports ArgumentParser", {
            "Sources/VaultInjectCLI/Runs/More.swift": "internal import ArgumentParser\n",
            "Sources/VaultInjectCLI/Commands/Command.swift": "internal import ArgumentParser\n",
        })
        code, said = self.check("imports", {
            "Sources/VaultInjectCLI/Commands/Command.swift": "internal import ArgumentParser\n",
        })
        self.assertEqual(code, 0, said)

    def test_a_bare_print(self):
        for line in ("print(text)", 'Swift.print(text, terminator: "")'):
            self.demand("imports", "what is printed goes through ProgramText",
                        {"Sources/Workloads/More.swift": f"func say() {{ {line} }}\n"})
        code, said = self.check("imports", {
            "Sources/Workloads/More.swift": "func print(_ text: String) { Output.print(text) }  // print(text)\n",
        })
        self.assertEqual(code, 0, said)

    def test_an_exit_code_below_the_commands(self):
        for line in ("throw ExitCode(64)", "exit(1)"):
            self.demand("imports", "only Sources/VaultInjectCLI/Commands knows exit codes", {
                "Sources/Workloads/More.swift": f"func end() {{ {line} }}\n",
                "Sources/VaultInjectCLI/Commands/End.swift": f"func end() {{ {line} }}\n",
            })

    def test_an_arrow_upward(self):
        for use in ("var edit: Edit", "func f() { _ = Edit.self }", "let made = \"\\(Edit())\""):
            self.demand("floors", "uses Edit of Editing, which is not below Text",
                        {"Sources/ManifestText/Text/More.swift": f"struct More {{ {use} }}\n"})

    def test_an_arrow_by_a_member(self):
        self.demand("floors", "uses .edited of Editing", {
            "Sources/ManifestText/Editing/Text+Edit.swift": "extension Text {\n  var edited: Int { 0 }\n}\n",
            "Sources/ManifestText/Text/More.swift": "func more(_ text: Text) -> Int { text.edited }\n",
        })

    def test_a_comment_is_no_arrow(self):
        code, said = self.check("floors", {"Sources/ManifestText/Text/More.swift": "// An Edit\nlet more = \"Edit\"\n"})
        self.assertEqual(code, 0, said)

    def test_a_folder_without_a_floor(self):
        self.demand("floors", "no floor of Sources/README.md has this folder",
                    {"Sources/ManifestText/Attic/File.swift": "struct Attic {}\n"})

    def test_a_floor_without_a_folder(self):
        self.demand("floors", "there is no folder ManifestText/Cellar",
                    {"Sources/README.md": MAP.replace("Text <-", "Cellar <- Text <-")})

    def test_a_link_to_nothing(self):
        self.demand("links", "README.md:2: there is no Sources/Nothing.swift",
                    {"README.md": "A page\n[nothing](Sources/Nothing.swift#place)\n"})

    def test_a_link_to_no_heading(self):
        page = "# A page\n[one](#one) [two](#two)\n```\n## Two\n```\n## One\n"
        self.demand("links", "README.md:2: README.md has no heading for #two", {"README.md": page})

    def test_a_comment_that_names_no_file(self):
        self.demand("links", "More.swift:2: there is no Text+Lines.swift", {
            "Sources/ManifestText/Text/More.swift": "/// See `Text+Words`.\n/// See `Text+Words` and `Text+Lines`.\n",
            "Sources/ManifestText/Text/Text+Words.swift": "extension Text {}\n",
        })

    def test_conditional_code_elsewhere(self):
        for line in ("#if os(Linux)", "#if canImport(Darwin)", "#if arch(arm64)"):
            self.demand("systems", "More.swift:1: conditional code is in the files that Tests/Style/systems.py lists",
                        {"Sources/Workloads/More.swift": f"{line}\n#endif\n"})

    def test_a_condition_nobody_knows(self):
        self.demand("systems", "does not say what `os(Windows)` is on a Mac",
                    {"Sources/LibC/LibC.swift": "#if os(Windows)\n#endif\n"})

    def test_a_listed_file_without_conditional_code(self):
        self.demand("systems", "LibC.swift: Tests/Style/systems.py lists it, and there is no conditional code in it",
                    {"Sources/LibC/LibC.swift": "public import Glibc\n"})

    def test_a_name_of_linux_that_a_mac_would_compile(self):
        swift, c = "Sources/LibC/LibC.swift", "Sources/CFiles/CFiles.c"
        for planted in ({swift: "#if canImport(Darwin)\npipe2(&ends, 0)\n#endif\n"},
                        {swift: "#if canImport(Musl)\n#else\nlet flag = O_PATH\n#endif\n"},
                        {swift: "#if arch(arm64)\n#else\nlet time = status.st_mtim\n#endif\n"},
                        {c: "#ifdef __APPLE__\n#endif\n#include <sys/epoll.h>\n"},
                        {c: "#ifndef __linux__\nint f(int d) { return syncfs(d); }\n#endif\n"},
                        {"Sources/Workloads/More.swift": "let found = open(\"/proc/self/fd\", 0)\n"}):
            self.demand("systems", "macOS has no ", planted)

    def test_a_name_of_linux_that_a_mac_does_not_compile(self):
        for text in ("#if defined(__APPLE__)\n#elif defined(RENAME_EXCHANGE)\nint x = RENAME_EXCHANGE;\n#endif\n",
                     "#ifdef __APPLE__\n#else\nint f(int d) { return fdatasync(d); }\n#endif\n",
                     "#ifdef __linux__\n#include <features.h>\n#endif\n// syncfs(d)\n"):
            code, said = self.check("systems", {"Sources/CFiles/CFiles.c": text})
            self.assertEqual(code, 0, said)

    def test_a_script_for_a_newer_bash(self):
        for line in ("mapfile -t names < list", "declare -A table", 'echo "${name,,}"', "sed -i s/a/b/ file"):
            self.demand("systems", "plugin/release.sh:2: macOS's bash and tools have no",
                        {"plugin/release.sh": f"# mapfile\n{line}\n"})

    def test_a_map_that_is_long(self):
        self.demand("links", "150 are enough", {"Sources/README.md": MAP + "more\n" * 150})


if __name__ == "__main__":
    unittest.main()
