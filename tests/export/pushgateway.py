"""pushgateway.py IPCMARK - the command of reports/README.md pushes a run to a real Pushgateway, which
then shows its metrics with the labels of the run. Skipped where it or curl is missing. Prints "N
passed, N failed" last.
"""

import os
import re
import subprocess
import sys
import tempfile

import documents
from scrape import free_port, get, server, wait_for

SHORT = "-s 64 -r 1 -d 1ms -w 0 --label commit=1a2b3c unix"


def recipe():
    """The command, and a run that is short."""
    with open(os.path.join(documents.ROOT, "reports", "README.md"), encoding="utf-8") as file:
        command = re.search(r"^ipcmark run .* \| curl .*\n.*PUSHGATEWAY.*$", file.read(),
                            re.MULTILINE)
    return command[0].replace(" | curl", f" {SHORT} | curl --noproxy '*' --silent --show-error")


def check(program, folder, pushgateway):
    url = f"http://127.0.0.1:{free_port()}"
    with server(folder, pushgateway, f"--web.listen-address={url.removeprefix('http://')}"):
        if not wait_for(lambda: get(f"{url}/-/ready")):
            return ["the Pushgateway does not answer"]
        os.symlink(program, os.path.join(folder, "ipcmark"))
        path = f"{folder}:{os.environ['PATH']}"
        pushed = subprocess.run(["sh", "-c", recipe()], check=False, timeout=120, cwd=folder,
                                env=dict(os.environ, PUSHGATEWAY=url, PATH=path))
        lines = [line for line in (wait_for(lambda: get(f"{url}/metrics")) or "").splitlines()
                 if line.startswith("ipcmark_throughput_bytes_per_second{")]
    bad = [f"status {pushed.returncode}"] if pushed.returncode != 0 else []
    if len(lines) < 1 or any('label_commit="1a2b3c"' not in line for line in lines):
        bad.append(f"the Pushgateway shows {lines}")
    return bad


def main():
    pushgateway, _ = documents.need("prometheus-pushgateway", "curl")
    with tempfile.TemporaryDirectory(prefix="push-") as folder:
        bad = check(os.path.abspath(sys.argv[1]), folder, pushgateway)
    return documents.conclude(1 - bool(bad), bad)


if __name__ == "__main__":
    sys.exit(main())
