"""sandbox.py - a folder in which the shell lines of a CI job run: ipcmark is real but quick,
what would touch the machine or the network only writes down how it was called. For the tests
beside it."""

import copy
import json
import os
import subprocess

# Writes down its name and arguments; refuses where a test wants it to.
STUB = r"""#!/bin/sh
line="${0##*/} $*"
printf '%s\n' "$line" >>"$CALLS"
[ -z "$REFUSE" ] || ! printf '%s' "$line" | grep -qE -- "$REFUSE"
"""
STUBBED = ("sudo", "apt-get", "cmake", "make", "git", "gh", "curl")

# A run is a short one, of one case; its report is then the stored one where a verdict is wanted.
IPCMARK = r"""#!/bin/sh
printf 'ipcmark %s\n' "$*" >>"$CALLS"
case $1 in
run) "$REAL" "$@" -r 1 -w 0 -d 1ms -s 64 pipe && { [ -z "$STORED" ] || cp "$STORED" report.json; } ;;
ab) "$REAL" "$@" -n 10 ;;
*) exec "$REAL" "$@" ;;
esac
"""

# What 'ipcmark ab' runs as a side: it prints a report of one round, and the next time another.
SIDE = r"""#!/bin/sh
next=$(ls "{folder}"/turn-* | wc -l)
: >"{folder}/turn-$next"
exec cat "{folder}/report-$((next % 11)).json"
"""


def write(path, text, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, mode)
    return path


def doctored(report, number, factor=1.0, rounds=None):
    """The report as run NUMBER of a machine that never drifts and is never busy: its trials lie
    within 1 % of one another, and take FACTOR times as long."""
    report = copy.deepcopy(report)
    report["run"]["seed"] = number + 1
    report["run"]["started_at"] = f"2026-01-01T{number // 60:02}:{number % 60:02}:00Z"
    rounds = rounds or len(report["cases"][0]["trials"])
    report["references"]["rounds"] = [{**report["references"]["rounds"][0], "round": index}
                                      for index in range(rounds)]
    for case in report["cases"]:
        first = case["trials"][0]
        case["trials"] = [
            {**first, "round": index, "contended": False, "elapsed_ns": round(
                1e6 * factor * (1 + 0.01 * ((7 * index + 3 * number) % 11 - 5) / 5))}
            for index in range(rounds)]
    return report


class Sandbox:
    """What all jobs of a system share: programs, stored reports, and what was called."""

    def __init__(self, folder, program):
        self.folder = folder
        self.program = program
        self.calls = os.path.join(folder, "calls")
        self.said = ""
        write(self.path("bin/ipcmark"), IPCMARK, 0o755)
        self.sample = self.measure()

    def path(self, name):
        return os.path.join(self.folder, name)

    def measure(self):
        """A report of this machine, which the stored ones are made of."""
        done = subprocess.run([self.program, "run", "-q", "-r", "15", "-d", "1ms", "-s", "64",
                               "--json", "-", "pipe"], check=True, timeout=60,
                              stdout=subprocess.PIPE)
        return json.loads(done.stdout)

    def stored(self, number, factor=1.0):
        """The path of a doctored report."""
        return write(self.path(f"stored/{number}-{factor}.json"),
                     json.dumps(doctored(self.sample, number, factor)))

    def side(self, name, factor):
        """A prefix for 'ipcmark ab' that ends in an ipcmark of its own."""
        folder = self.path(name)
        for number in range(11):
            write(f"{folder}/report-{number}.json",
                  json.dumps(doctored(self.sample, number, factor, 1)))
        write(f"{folder}/turn-", "")
        return write(f"{folder}/ipcmark", SIDE.format(folder=folder), 0o755)

    def called(self):
        """The lines of calls since the last time."""
        if not os.path.exists(self.calls):
            return []
        with open(self.calls, encoding="utf-8") as file:
            lines = file.read().splitlines()
        os.remove(self.calls)
        return lines

    def run(self, shell, script, workspace, env, real=()):
        """Runs the lines; the programs REAL are those of the machine."""
        stubs = self.path("-".join(("stubs", *real)))
        for name in set(STUBBED) - set(real):
            write(os.path.join(stubs, name), STUB, 0o755)
        path = f"{stubs}:{self.path('bin')}:{os.environ['PATH']}"
        values = {"PATH": path, "HOME": self.folder, "CALLS": self.calls, "REAL": self.program,
                  "STORED": "", "REFUSE": "", **env}
        done = subprocess.run([*shell, "-c", script], cwd=workspace, env=values, timeout=120,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        self.said = done.stdout.decode("utf-8", "replace")
        return done.returncode
