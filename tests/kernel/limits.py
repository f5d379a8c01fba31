"""Resource limits (setrlimit(2)) against whole runs."""
import os
import subprocess
import sys

import harness

PATIENCE_S = 120


def test_a_stack_of_64_kib_is_large_enough(program, folder):
    with open(program, "rb") as binary:
        if b"san_init" in binary.read():
            raise harness.Skip("a sanitizer needs a larger stack")
    report = os.path.join(folder, "report.json")
    small = ["prlimit", f"--stack={64 << 10}", program]
    for options in (["run", "-d", "1ms", "-r", "1", "-w", "0", "-s", "64", "-p", "all", "-c", "2",
                     "--json", report, "pipe", "unix", "shm-ring", "udp"],
                    ["report", report], ["compare", report, report]):
        done = subprocess.run(small + options, capture_output=True, text=True, timeout=PATIENCE_S,
                              env={**os.environ, "PATH": "/usr/bin:/bin"})
        assert done.returncode in (0, 3), (options, done.returncode, done.stderr)


if __name__ == "__main__":
    harness.main(sys.modules[__name__])
