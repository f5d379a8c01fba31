#!/usr/bin/python3
"""soak.py [OPTION...] - one run of many trials, watched: whether its memory grows by more than
its samples, and whether a descriptor, a process or a name is left. Prints a Markdown table of
what the parent has, a row whenever a tenth of the run is over.

    --trials N     in all (100000)
    --build DIR    build

A trial is kept, so memory grows by its samples; what a trial takes is the growth per trial in
the second half of the run. It has 1 ms of window and little else.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

ROUNDS_MOST = 10000
CASES = "-p stream,duplex,ping-pong,connect,fan-in -s 64 -c 2 pipe-pair unix udp shm-ring".split()
# Of a sample with its flows and histograms; a leak of one page for each trial is found.
KEPT_BYTES_MOST = 4096


def status_of(pid, key):
    with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as file:
        for line in file:
            if line.startswith(key + ":"):
                return int(line.split()[1])
    return 0


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return len(file.read().split())


class Watch:
    """What the parent of a run has, again and again."""

    def __init__(self, process, events):
        self.process, self.events, self.trials, self.rows = process, events, 0, []

    def look(self):
        """Between two trials descriptors come and go: the least of several looks counts."""
        pid = self.process.pid
        fds, kids, threads = [], [], []
        for _ in range(50):
            fds.append(len(os.listdir(f"/proc/{pid}/fd")))
            kids.append(children(pid))
            threads.append(status_of(pid, "Threads"))
            time.sleep(0.001)
        return {"trials": self.trials, "rss": status_of(pid, "VmRSS") * 1024, "fds": min(fds),
                "children": min(kids), "threads": min(threads)}

    def follow(self, whole):
        """A row for each tenth of the trials, printed at once."""
        print("| trials | seconds | memory MiB | descriptors | children | threads |\n"
              "|---|---|---|---|---|---|", flush=True)
        step = max(1, whole // 10)
        began = time.monotonic()
        for line in self.events:
            self.trials += '"event":"trial"' in line
            if self.trials >= step * (len(self.rows) + 1) and self.process.poll() is None:
                try:
                    self.rows.append(self.look())
                except OSError:
                    return
                row = self.rows[-1]
                print(f"| {row['trials']} | {time.monotonic() - began:.0f} | "
                      f"{row['rss'] / 2**20:.1f} | {row['fds']} | {row['children']} | "
                      f"{row['threads']} |", flush=True)


def judge(rows, left):
    bad = [f"{name} is left in TMPDIR" for name in left]
    if len(rows) < 4:
        return bad + ["it ended too soon"]
    half = rows[len(rows) // 2 - 1:]
    grown = (half[-1]["rss"] - half[0]["rss"]) / (half[-1]["trials"] - half[0]["trials"])
    print(f"\n{grown:.0f} bytes a trial in the second half")
    if grown > KEPT_BYTES_MOST:
        bad.append("memory grows by more than samples")
    for key in ("fds", "threads"):  # on a busy machine a look may fall into a single trial
        last = min(row[key] for row in rows[-3:])
        if last > rows[0][key]:
            bad.append(f"{key} grow from {rows[0][key]} to {last}")
    return bad


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--build", default="build")
    parser.add_argument("--trials", type=int, default=100000)
    args = parser.parse_args()
    ipcmark = os.path.abspath(os.path.join(args.build, "ipcmark"))
    plan = subprocess.run([ipcmark, "run", "-q", "-r", "1", "-w", "0", "-d", "1ms", "--json", "-",
                           *CASES], check=True, stdout=subprocess.PIPE)
    cases = len([case for case in json.loads(plan.stdout)["cases"] if case["status"] == "ok"])
    rounds = min(ROUNDS_MOST, max(1, args.trials // cases))
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        process = subprocess.Popen(
            [ipcmark, "run", "--progress", "never", "-r", str(rounds), "-w", "0", "-d", "1ms",
             "-e", "jsonl=-", *CASES], env={**os.environ, "TMPDIR": folder},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        watch = Watch(process, process.stdout)
        watch.follow(rounds * cases)
        status = process.wait()
        left = os.listdir(folder)
    bad = judge(watch.rows, left) + ([f"exit status {status}"] if status else [])
    for words in bad:
        print(f"FAILED: {words}")
    print(f"{watch.trials} trials of {cases} cases")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
