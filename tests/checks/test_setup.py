"""The two commands of the README, src/setup and tests/run, on machines made of fakes:
with and without apt-get, as root, with sudo and without."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest

from tree import Tree

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
REAL = ("sh", "dirname", "env", "rm", "cat", "mktemp", "chmod", "mkdir", "tail")
LOG = '#!/bin/sh\necho "$(basename "$0") $*" >>"$FAKE_LOG"\n'.replace(
    '$(basename "$0")', "${0##*/}")
FAKES = {
    "apt-get": LOG,
    "cmake": LOG + 'i=0\nwhile [ $i -lt 99 ]; do i=$((i + 1)); echo "line $i"; done\n'
                   'case "$*" in --build*) exit "$FAKE_BUILD" ;; esac\n',
    "nproc": "#!/bin/sh\necho 2\n",
    "sudo": LOG + '"$@"\n',
    "id": "#!/bin/sh\necho $FAKE_UID\n",
    "dpkg-query": '#!/bin/sh\nfor last; do :; done\ncase " $FAKE_INSTALLED " in\n'
                  '*" $last "*) printf "installed " ;;\n'
                  '*" all "*) printf "installed " ;;\n'
                  '*) printf "not-installed "; exit 1 ;;\nesac\n',
    "ctest": LOG + 'printf "<t><testcase name=\\"a\\" status=\\"$FAKE_VERDICT\\"/></t>" '
                   '>"$2/tests.xml"\n[ "$FAKE_VERDICT" = run ]\n',
}


class Machine:
    """A copy of the scripts on a machine that has only the commands named."""

    def __init__(self, without=(), **settings):
        self.tree = Tree({"build/ipcmark": ""})
        self.root = self.tree.folder.name
        for path in ("src/setup", "src/packages.sh", "tests/run", "tests/checks/count.py"):
            os.makedirs(os.path.dirname(os.path.join(self.root, path)), exist_ok=True)
            shutil.copy(os.path.join(ROOT, path), os.path.join(self.root, path))
        self.tree.write("build/ipcmark", LOG, 0o755)
        for name in REAL:
            os.makedirs(os.path.join(self.root, "bin"), exist_ok=True)
            os.symlink(shutil.which(name), os.path.join(self.root, "bin", name))
        for name, text in FAKES.items():
            if name not in without:
                self.tree.write("bin/" + name, text, 0o755)
        self.env = {"PATH": os.path.join(self.root, "bin"), "FAKE_UID": "0",
                    "FAKE_INSTALLED": "all", "FAKE_VERDICT": "run", "FAKE_BUILD": "0",
                    **settings,
                    "FAKE_LOG": os.path.join(self.root, "log")}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.tree.folder.cleanup()

    def run(self, *command):
        """Runs a script from another directory; returns the finished process."""
        return subprocess.run([os.path.join(self.root, command[0]), *command[1:]],
                              cwd="/", env=self.env, capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, check=False)

    def log(self):
        try:
            with open(self.env["FAKE_LOG"], encoding="utf-8") as file:
                return file.read()
        except FileNotFoundError:
            return ""


class Scripts(unittest.TestCase):
    def test_setup_builds_and_runs_without_apt_when_nothing_is_missing(self):
        with Machine() as machine:
            done = machine.run("src/setup")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertNotIn("apt-get", machine.log())
            self.assertIn("cmake --build build", machine.log())
            self.assertTrue(machine.log().endswith("\nipcmark run\n"), machine.log())

    def test_setup_does_not_ask_for_the_tests_packages(self):
        with Machine(FAKE_INSTALLED="") as machine:
            machine.run("src/setup")
            self.assertIn("libjansson-dev", machine.log())
            self.assertNotIn("criterion", machine.log())
            self.assertIn("-DIPM_TESTS=OFF", machine.log())

    def test_only_what_is_missing_is_installed_and_said_before(self):
        installed = "gcc libc6-dev make cmake pkg-config libxxhash-dev liburing-dev scdoc"
        with Machine(FAKE_INSTALLED=installed) as machine:
            done = machine.run("src/setup")
            self.assertIn("installing with apt-get: libjansson-dev\n", done.stdout)
            installs = [line for line in machine.log().splitlines() if " install " in line]
            self.assertEqual(len(installs), 1)
            self.assertTrue(installs[0].endswith("-recommends libjansson-dev"), installs)

    def test_setup_prints_few_lines_and_names_its_log(self):
        with Machine(FAKE_INSTALLED="") as machine:
            done = machine.run("src/setup")
            lines = done.stdout.splitlines()
            self.assertLess(len(lines), 10, done.stdout)
            self.assertEqual(lines[-1], "the log of the build is build/setup.log")
            with open(os.path.join(machine.root, "build/setup.log"), encoding="utf-8") as log:
                self.assertEqual(log.read().count("line 99\n"), 2)

    def test_a_failed_build_shows_its_last_lines(self):
        for script, log in (("src/setup", "setup"), ("tests/run", "tests")):
            with Machine(FAKE_BUILD="3") as machine:
                done = machine.run(script)
                self.assertEqual(done.returncode, 3)
                self.assertIn("line 99\nipcmark: failed: cmake --build build", done.stderr)
                self.assertIn(f"the whole log is build/{log}.log\n", done.stderr)
                self.assertNotIn("ipcmark run", machine.log())
                self.assertNotIn("ctest", machine.log())

    def test_root_does_not_need_sudo(self):
        with Machine(without=["sudo"], FAKE_INSTALLED="") as machine:
            self.assertEqual(machine.run("src/setup").returncode, 0)
            self.assertIn("apt-get", machine.log())

    def test_a_user_installs_with_sudo(self):
        with Machine(FAKE_INSTALLED="", FAKE_UID="1000") as machine:
            self.assertEqual(machine.run("src/setup").returncode, 0)
            self.assertIn("sudo env DEBIAN_FRONTEND=noninteractive apt-get", machine.log())

    def test_a_user_without_sudo_is_told_the_packages(self):
        with Machine(without=["sudo"], FAKE_INSTALLED="", FAKE_UID="1000") as machine:
            done = machine.run("src/setup")
            self.assertEqual(done.returncode, 1)
            self.assertIn("libjansson-dev", done.stderr)
            self.assertEqual(machine.log(), "")

    def test_a_system_without_apt_is_told_the_packages(self):
        for script, package in (("src/setup", "libjansson-dev"),
                                ("tests/run", "libcriterion-dev")):
            with Machine(without=["apt-get"]) as machine:
                done = machine.run(script)
                self.assertEqual(done.returncode, 1)
                self.assertIn(package, done.stderr)
                self.assertEqual(machine.log(), "")

    def test_tests_run_ends_with_the_count(self):
        with Machine() as machine:
            done = machine.run("tests/run")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(done.stdout.splitlines()[-1], "1 passed, 0 failed")
            self.assertIn("--no-tests=error", machine.log())

    def test_tests_run_fails_when_a_test_fails(self):
        with Machine(FAKE_VERDICT="fail") as machine:
            done = machine.run("tests/run")
            self.assertNotEqual(done.returncode, 0)
            self.assertEqual(done.stdout.splitlines()[-1], "0 passed, 1 failed")

    def test_tests_run_takes_another_build_folder(self):
        with Machine(IPM_BUILD="build-x", IPM_CMAKE_ARGS="-DA=1 -DB=2") as machine:
            os.makedirs(os.path.join(machine.root, "build-x"))
            machine.run("tests/run")
            self.assertIn("cmake -S . -B build-x -DIPM_TESTS=ON -DA=1 -DB=2", machine.log())


class Origin(unittest.TestCase):
    """src/packaging/origin.cmake: which commit sources are of, and of which time."""

    def origin_of(self, source):
        """Commit and time, by the script as it is in a repository, not in a tarball."""
        with open(f"{ROOT}/src/packaging/origin.cmake", encoding="utf-8") as file:
            script = re.sub('(IPM_COMMIT|time) "[0-9a-f]+"', r'\1 "$Format:x$"', file.read())
        with tempfile.NamedTemporaryFile("w", suffix=".cmake") as file:
            file.write(f"set(SOURCE {source})\n{script}\n"
                       'message("${IPM_COMMIT} $ENV{SOURCE_DATE_EPOCH}")\n')
            file.flush()
            env = {**os.environ, "SOURCE_DATE_EPOCH": ""}
            return subprocess.run(["cmake", "-P", file.name], check=True, env=env, text=True,
                                  stderr=subprocess.PIPE).stderr.rstrip("\n")

    @unittest.skipUnless(shutil.which("git"), "git is not installed")
    def test_sources_inside_another_repository_are_of_no_commit(self):
        with tempfile.TemporaryDirectory() as outer:
            inner = os.path.join(outer, "inner")
            os.makedirs(f"{inner}/src")
            with open(f"{inner}/src/CHANGELOG.md", "w", encoding="utf-8") as file:
                os.utime(file.fileno(), (12345, 12345))
            git = ["git", "-C", outer, "-c", "user.name=x", "-c", "user.email=x"]
            subprocess.run([*git, "init", "-q"], check=True)
            subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "x"], check=True)
            self.assertEqual(self.origin_of(inner), " 12345")
            self.assertRegex(self.origin_of(outer), "^[0-9a-f]{12} [0-9]{10}$")
            if os.getuid() == 0:  # as in a container that builds sources of its host
                for folder in (outer, f"{outer}/.git"):
                    os.chown(folder, 1, 1)
                self.assertRegex(self.origin_of(outer), "^[0-9a-f]{12} [0-9]{10}$")


if __name__ == "__main__":
    unittest.main()
