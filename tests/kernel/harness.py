"""Runs test functions of a module and counts: each is a sentence and fails by assert."""
import os
import sys
import tempfile
import traceback


class Skip(Exception):
    """A test that cannot run here; its text is the reason."""


def main(module):
    program = os.path.abspath(sys.argv[1])
    tests = [(name, f) for name, f in vars(module).items() if name.startswith("test_")]
    passed = failed = skipped = 0
    for name, function in tests:
        with tempfile.TemporaryDirectory(prefix="ipcmark-test-") as folder:
            os.environ["TMPDIR"] = os.path.join(folder, "tmp")
            os.mkdir(os.environ["TMPDIR"])
            try:
                function(program, folder)
                assert not os.listdir(os.environ["TMPDIR"]), "a file was left in TMPDIR"
                passed += 1
            except Skip as reason:
                skipped += 1
                print(f"skipped: {name}: {reason}")
            except Exception:
                failed += 1
                print(f"FAILED: {name}")
                traceback.print_exc(file=sys.stdout)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(1 if failed or not passed else 0)
