"""promtool.py IPCMARK - Prometheus' own checker reads the metrics of every report, and has
nothing to find fault with."""

import subprocess
import sys

import documents


def main():
    promtool, = documents.need("promtool")
    passed, bad = 0, []
    for name, report in documents.reports():
        text = documents.export(sys.argv[1], report, "openmetrics")
        done = subprocess.run([promtool, "check", "metrics"], input=text, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
        fine = done.returncode == 0 and not done.stdout.strip()
        passed += fine
        if not fine:
            bad.append(f"{name}: {done.stdout.decode('utf-8', 'replace')[:1000]}")
    return documents.conclude(passed, bad)


if __name__ == "__main__":
    sys.exit(main())
