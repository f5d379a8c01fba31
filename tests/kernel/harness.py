"""Runs test functions of a module and counts: each is a sentence and fails by assert."""
import concurrent.futures
import functools
import multiprocessing
import os
import sys
import tempfile
import traceback


class Skip(Exception):
    """A test that cannot run here; its text is the reason."""


def run(program, module, name):
    """(the outcome, words on it) of one test, in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="ipcmark-test-") as folder:
        os.environ["TMPDIR"] = os.path.join(folder, "tmp")
        os.mkdir(os.environ["TMPDIR"])
        try:
            getattr(sys.modules[module], name)(program, folder)
            assert not os.listdir(os.environ["TMPDIR"]), "a file was left in TMPDIR"
            return "passed", ""
        except Skip as reason:
            return "skipped", f"skipped: {name}: {reason}"
        except Exception:
            return "failed", f"FAILED: {name}\n{traceback.format_exc()}"


def main(module, jobs=1):
    """Runs the tests of a module, `jobs` at a time: each in a process with a TMPDIR of its own."""
    names = [name for name in vars(module) if name.startswith("test_")]
    test = functools.partial(run, os.path.abspath(sys.argv[1]), module.__name__)
    # Forked processes have the module that called.
    with concurrent.futures.ProcessPoolExecutor(
            jobs, mp_context=multiprocessing.get_context("fork")) as pool:
        found = list(pool.map(test, names))
    for _, words in found:
        if words:
            print(words)
    passed, failed, skipped = (sum(outcome == kind for outcome, _ in found)
                               for kind in ("passed", "failed", "skipped"))
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(1 if failed or not passed else 0)
