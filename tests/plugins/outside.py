"""outside.py BUILD CMAKE CC CONTRACT SCHEMA - a reader's way to a transport of their own:
installs ipcmark into a scratch folder, builds the installed example apart from the tree by
its own CMake file, lists it, runs it, and puts it through the contract tests."""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
VALIDATE = os.path.join(HERE, "..", "support", "validate.py")
CONTRACT_TESTS = "transport_@(batch|connect|data|end|life|limits|many|series|table)/*"
ARGS = None


def execute(*command, **more):
    """(status, standard output and error)."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False, timeout=600, **more)
    return done.returncode, done.stdout


class Outside(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = tempfile.mkdtemp(prefix="outside-")
        cls.addClassCleanup(shutil.rmtree, cls.root)
        cls.stage = os.path.join(cls.root, "stage")
        status, words = execute(ARGS.cmake, "--install", ARGS.build,
                                env=dict(os.environ, DESTDIR=cls.stage))
        assert status == 0, words
        cls.prefix = next(folder for folder, _, names in os.walk(cls.stage)
                          if os.path.basename(folder) == "bin" and "ipcmark" in names)[:-4]
        cls.env = dict(os.environ, CC=ARGS.cc,
                       PKG_CONFIG_PATH=os.path.join(cls.prefix, "share", "pkgconfig"))
        cls.ipcmark = os.path.join(cls.prefix, "bin", "ipcmark")
        cls.example = os.path.join(cls.root, "example")
        shutil.copytree(os.path.join(cls.prefix, "share", "ipcmark", "example"), cls.example)
        cls.built = os.path.join(cls.root, "built")
        cls.plugin = os.path.join(cls.built, "example.so")
        cls.fine(ARGS.cmake, "-S", cls.example, "-B", cls.built,
                 "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", "-DCMAKE_C_FLAGS=-Werror")
        cls.fine(ARGS.cmake, "--build", cls.built)

    @classmethod
    def fine(cls, *command, **more):
        status, words = execute(*command, **{"env": cls.env, **more})
        assert status == 0, f"{command}: status {status}\n{words}"
        return words

    def pkg_config(self, *words):
        return self.fine("pkg-config", *words, "ipcmark").split()

    def test_is_built_with_nothing_but_what_is_installed(self):
        with open(os.path.join(self.built, "compile_commands.json"), encoding="utf-8") as file:
            command = json.load(file)[0]["command"]
        folders = re.findall(r"-(?:I|isystem) ?(\S+)", command)
        self.assertTrue(folders)
        for folder in folders:
            self.assertEqual(os.path.commonpath([os.path.realpath(folder), self.stage]),
                             self.stage, folder)

    def test_exports_one_symbol(self):
        words = self.fine("nm", "-D", "--defined-only", self.plugin)
        self.assertEqual([line.split()[-1] for line in words.splitlines()], ["ipcmark_plugin"])

    def test_is_listed_by_the_installed_program(self):
        rows = json.loads(self.fine(self.ipcmark, "list", "--json", "--plugin", self.plugin))
        mine = rows["transports"][-1]
        self.assertEqual((mine["name"], mine["plugin"], mine["runnable"]),
                         ("example", os.path.realpath(self.plugin), True))

    def test_is_measured_by_the_installed_program(self):
        report = os.path.join(self.root, "report.json")
        self.fine(self.ipcmark, "run", "-q", "-r", "1", "-w", "0", "-d", "5ms", "-s", "64,64K",
                  "--pin", "none", "-p", "stream,ping-pong", "--plugin", self.plugin, "example",
                  "--json", report)
        self.fine(sys.executable, "-B", VALIDATE, ARGS.schema, report)
        with open(report, encoding="utf-8") as file:
            cases = json.load(file)["cases"]
        self.assertEqual([case["name"] for case in cases],
                         [f"{pattern}/example/{size}" for pattern in ("stream", "ping-pong")
                          for size in (64, 65536)])
        self.assertEqual({(case["status"], case["integrity"]["status"]) for case in cases},
                         {("ok", "ok")})

    def test_passes_the_contract_tests(self):
        self.fine(ARGS.contract, "-j1", "--timeout", "300", "--filter", CONTRACT_TESTS,
                  env=dict(os.environ, IPM_CONTRACT_PLUGINS=self.plugin))

    def test_the_contract_tests_are_about_the_plugin(self):
        """The one that fails leaves its folder where it fails: in that of this test."""
        mute = os.path.join(os.path.dirname(ARGS.contract), "plugins", "fit.so")
        status, words = execute(ARGS.contract, "-j1", "--filter", "transport_life/describes*",
                                env=dict(os.environ, TMPDIR=self.root,
                                         IPM_CONTRACT_PLUGINS=f"{self.plugin}:{mute}"))
        self.assertNotEqual(status, 0)
        self.assertIn("fit: the child: says nothing of itself", words)
        self.assertNotIn("example:", words)

    def test_is_built_by_one_line_too(self):
        other = os.path.join(self.root, "other.so")
        self.fine(*ARGS.cc.split(), *self.pkg_config("--cflags"),
                  *self.pkg_config("--variable=plugin_flags"), "-O2",
                  os.path.join(self.example, "example.c"), "-o", other)
        self.assertIn(other, self.fine(self.ipcmark, "list", "--plugin", other))

    def test_pkg_config_tells_the_abi_of_the_header(self):
        header = os.path.join(self.prefix, "include", "ipcmark", "transport.h")
        with open(header, encoding="utf-8") as file:
            wanted = re.search(r"#define IPM_TRANSPORT_ABI (\d+)", file.read()).group(1)
        self.assertEqual(self.pkg_config("--variable=abi"), [wanted])


def main():
    global ARGS
    parser = argparse.ArgumentParser(description="a plugin built apart from the tree")
    for name in ("build", "cmake", "cc", "contract", "schema"):
        parser.add_argument(name)
    ARGS = parser.parse_args()
    unittest.main(argv=sys.argv[:1], verbosity=2)


if __name__ == "__main__":
    main()
