#!/usr/bin/python3
"""kills.py [OPTION...] - the parent, a child or a server's process of a run is killed, stopped,
stopped for a while or asked to end at a random time, over every pattern and transport: nothing
hangs, and nothing is left but what the page of the transport says. Prints a Markdown table of
outcomes by what was struck and how.

    --count N      so many runs (1000)
    --seed N       of what is struck, how and when (1)
    --jobs N       so many at a time (twice the number of CPUs)

A run is one pattern over one transport with its trials of 5 ms. It is struck at a random time
within the first --within seconds (0.3), which begin with its start.
"""

import argparse
import collections
import concurrent.futures
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time

HANGS_AFTER_S = 60
STRIKES = ("SIGKILL", "SIGSTOP", "SIGSTOP, SIGCONT", "SIGTERM")
WHO = ("parent", "child")

# Names in TMPDIR and queues outlive a SIGKILL of the parent until the next run of the same user
# takes them back: so say the pages of the transports, and every run probes all of them.
QUEUES = ("sysv-mq", "posix-mq")
# They belong to the whole machine, so that one run with queues is looked at by itself.
QUEUES_LOCK = threading.Lock()


def stat_of(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rpartition(")")[2].split()
    except OSError:
        return None


def catches(pid, number):
    """Whether a process has a handler for a signal. True when it has gone."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as file:
            mask = next((line.split()[1] for line in file if line.startswith("SigCgt:")), "")
    except OSError:
        return True
    return not mask or bool(int(mask, 16) >> (number - 1) & 1)


def session(leader):
    """Processes of a session that are no zombies."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        stat = stat_of(pid)
        if stat and stat[3] == str(leader) and stat[0] not in "ZX":
            found.append(int(pid))
    return found


def queues():
    """System V queues of this user, and names of POSIX queues and shared memory."""
    with open("/proc/sysvipc/msg", encoding="ascii") as file:
        found = {f"queue {line.split()[1]}" for line in file.readlines()[1:]
                 if line.split()[7] == str(os.getuid())}
    for folder in ("/dev/mqueue", "/dev/shm"):
        if os.path.isdir(folder):
            found |= {name for name in os.listdir(folder) if "ipcmark" in name}
    return found


def names(ipcmark, what):
    done = subprocess.run([ipcmark, "run", "-q", "-r", "1", "-w", "0", "-d", "1ms", "-p", "all",
                           "-s", "64", "-c", "2", "--server", "process", "--json", "-", "all"],
                          check=False, stdout=subprocess.PIPE)
    cases = [case for case in json.loads(done.stdout)["cases"] if case["status"] == "ok"]
    return sorted({tuple(case[key] for key in what) for case in cases})


class Run:
    """One run that is struck."""

    def __init__(self, args, pattern, transport, source):
        self.args, self.pattern, self.transport = args, pattern, transport
        self.who, self.how = source.choice(WHO), source.choice(STRIKES)
        self.delay = source.uniform(0, args.within)
        self.draw = source.random()
        self.outcome, self.bad = "", []

    def victims(self, parent):
        if self.who == "parent":
            return [parent]
        return [pid for pid in session(parent) if pid != parent]

    def strike(self, process):
        time.sleep(self.delay)
        while (self.who, self.how) == ("parent", "SIGTERM") and process.poll() is None and \
                not catches(process.pid, signal.SIGTERM):  # before, there is no run to report
            time.sleep(0.001)
        victims = self.victims(process.pid)
        while not victims and process.poll() is None:  # between two trials there is no child
            victims = self.victims(process.pid)
        if process.poll() is not None:
            return "not met"
        pid = victims[int(self.draw * len(victims))]
        try:
            os.kill(pid, getattr(signal, self.how.split(",")[0]))
            if "SIGCONT" in self.how:
                time.sleep(0.2)
                os.kill(pid, signal.SIGCONT)
        except ProcessLookupError:
            return "not met"
        if self.how == "SIGSTOP" and self.who == "parent":
            time.sleep(0.3)
            os.kill(pid, signal.SIGCONT)  # who else would
        return ""

    def wait(self, process):
        try:
            return process.wait(HANGS_AFTER_S)
        except subprocess.TimeoutExpired:
            self.bad.append("hangs")
            for pid in session(process.pid):
                os.kill(pid, signal.SIGKILL)
            return process.wait()

    def left(self, folder, before):
        """Names that outlive a process. Another program may make a queue meanwhile."""
        names_ = set(os.listdir(os.path.join(folder, "tmp")))
        return names_ | (queues() - before if self.transport in QUEUES else set())

    def take_back(self, folder):
        """The next run removes what a killed one has left."""
        subprocess.run(self.command(folder, "1"), env=self.environment(folder), check=False,
                       stderr=subprocess.DEVNULL, timeout=HANGS_AFTER_S)

    def command(self, folder, rounds):
        return [self.args.ipcmark, "run", "-q", "-r", rounds, "-w", "0", "-d", "5ms", "-s", "64",
                "-c", "2", "--server", "process", "--timeout", "2s", "-p", self.pattern,
                "--json", os.path.join(folder, "report.json"), self.transport]

    def environment(self, folder):
        return {**os.environ, "TMPDIR": os.path.join(folder, "tmp")}

    def judge(self, status, folder, process, before):
        until = time.monotonic() + 5  # a child notices the death of its parent in its own time
        while session(process.pid) and time.monotonic() < until:
            time.sleep(0.005)
        self.bad += [f"process {pid} is left" for pid in session(process.pid)]
        for pid in session(process.pid):
            os.kill(pid, signal.SIGKILL)
        left, killed = self.left(folder, before), status == -signal.SIGKILL
        if left:  # other runs try queues meanwhile
            time.sleep(0.2)
            left &= self.left(folder, before)
        if killed and left:
            self.take_back(folder)
        self.bad += [f"{name} is left" for name in
                     (left & self.left(folder, before) if killed else left)]
        try:
            with open(os.path.join(folder, "report.json"), encoding="utf-8") as file:
                rows = json.load(file)["cases"]
        except OSError:
            rows = None
        except ValueError:
            self.bad.append("half a report")
            rows = None
        self.bad += [f"{row['name']}: {row['status']} without a reason" for row in rows or []
                     if row["status"] == "failed" and not row["reason"]]
        if rows is None and not killed:
            self.bad.append(f"status {status} without a report")
        return left

    def go(self):
        alone = QUEUES_LOCK if self.transport in QUEUES else contextlib.nullcontext()
        with alone, tempfile.TemporaryDirectory(prefix="kills-") as folder:
            os.mkdir(os.path.join(folder, "tmp"))
            before = queues()
            process = subprocess.Popen(
                self.command(folder, "10"), env=self.environment(folder),
                stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
            missed = self.strike(process)
            status = self.wait(process)
            left = self.judge(status, folder, process, before)
        self.outcome = missed or {0: "whole", 1: "failed row"}.get(status, f"status {status}")
        if left and not self.bad:
            self.outcome += ", name left"
        return self


def table(runs):
    outcomes = sorted({run.outcome for run in runs})
    print("| struck | how | " + " | ".join(outcomes) + " |")
    print("|---" * (len(outcomes) + 2) + "|")
    for who in WHO:
        for how in STRIKES:
            counts = collections.Counter(run.outcome for run in runs
                                         if (run.who, run.how) == (who, how))
            print(f"| {who} | {how} | " + " | ".join(str(counts[key]) for key in outcomes) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--build", default="build")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2 * (os.cpu_count() or 1))
    parser.add_argument("--within", type=float, default=0.3)
    args = parser.parse_args()
    args.ipcmark = os.path.abspath(os.path.join(args.build, "ipcmark"))
    source = random.Random(args.seed)
    pairs = names(args.ipcmark, ("pattern", "transport"))
    source.shuffle(pairs)
    runs = [Run(args, *pairs[number % len(pairs)], source) for number in range(args.count)]
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for run in pool.map(Run.go, runs):
            for words in run.bad:
                print(f"FAILED {run.pattern} over {run.transport}, {run.how} of a {run.who} after "
                      f"{run.delay:.3f} s: {words}", flush=True)
    table(runs)
    bad = sum(bool(run.bad) for run in runs)
    print(f"{len(runs)} runs of {len(pairs)} pairs of pattern and transport, {bad} with a fault")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
