#!/usr/bin/python3
"""bench.py [speed|instructions|startup|memory|all] [OPTION...] - what ipcmark itself costs,
as Markdown tables.

speed         throughput of ipcmark / that of bare.c, hand-written loops without a harness:
              pairs of two trials each, in the order ABBA or BAAB by chance, so that a
              machine that drifts hits both alike, interleaved over all cells; a pair's ratio
              is that of the geometric means; median of the ratios and its 95 % interval by
              order statistics. With --control hand-written loops stand in both places:
              what the machine alone does to a ratio
instructions  user-space instructions of the pump for one message over the null
              transport, counted by callgrind
startup       how long `ipcmark --version` takes
memory        the largest peak memory of a process, messages of up to 1 MiB

With --check the exit status is 1 when a figure misses its target. Only ratios of
trials next to each other mean anything on a shared machine, so every pair is one ratio.
A hand-written loop takes the number of messages of the ipcmark trial before it.
"""

import argparse
import glob
import json
import math
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TRANSPORTS = ["pipe", "pipe-pair", "unix", "tcp", "udp"]
SIZES = [64, 4096, 65536]
# The largest datagram has 65,507 bytes: where others move 64 KiB, UDP moves 32.
UDP_MOST, UDP_INSTEAD = 65507, 32768
PINS = {"none": "unpinned", "same": "on one CPU", "split": "on two CPUs"}
RATIO_LEAST = 0.97
INSTRUCTIONS_MOST = 40
STARTUP_MOST_MS = 5
STARTUP_RUNS = 50
MEMORY_MOST_MIB = 16
MESSAGES_FEW, MESSAGES_MANY = 10_000, 110_000


def call(command, timeout=120):
    """Standard output of a command that must succeed."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=timeout, check=False)
    if done.returncode != 0:
        sys.exit(f"bench.py: {' '.join(command)}: exit status {done.returncode}\n"
                 f"{done.stderr}{done.stdout[-400:]}")
    return done.stdout


def interval(values):
    """95 % interval of the median by order statistics: the narrowest pair of ranks, equally
    far from both ends, whose binomial coverage is enough; everything below six values."""
    ordered, count = sorted(values), len(values)
    rank, below, term = 0, 0.0, 0.5 ** count
    while below + term <= 0.025:
        below += term
        rank += 1
        term = term * (count - rank + 1) / rank
    rank = max(rank, 1)
    return ordered[rank - 1], ordered[count - rank]


def shown_size(size):
    return f"{size} B" if size < 1024 else f"{size // 1024} KiB"


class Cell:
    """One transport, size and placement: its pairs."""

    def __init__(self, transport, size, pin, args):
        self.transport, self.pin, self.args = transport, pin, args
        self.asked_size = size
        self.size = UDP_INSTEAD if transport == "udp" and size > UDP_MOST else size
        self.ratios = []
        self.messages = None
        self.cpus = None

    def run_ipcmark(self):
        """Bytes per second of one trial; notes its number of messages and its CPUs."""
        report = json.loads(call([
            self.args.ipcmark, "run", "-r", "1", "-w", "0", "-d", self.args.duration, "-s",
            str(self.size), "--pin", self.pin, "-q", "--json", "-", self.transport]))
        case = report["cases"][0]
        if case["status"] != "ok":
            sys.exit(f"bench.py: {case['name']}: {case['reason']}")
        trial = case["trials"][0]
        self.messages = trial["sent"]["messages"]
        if self.pin != "none":
            self.cpus = f"{case['sender_cpu']}:{case['receiver_cpu']}"
        return trial["received"]["bytes"] * 1e9 / trial["elapsed_ns"]

    def run_bare(self):
        command = [self.args.bare, self.transport, str(self.size), str(self.messages)]
        return float(call(command + ([self.cpus] if self.cpus else [])).split()[0])

    def run_pair(self, bare_first):
        if self.messages is None:
            self.run_ipcmark()
        ours = self.run_bare if self.args.control else self.run_ipcmark
        order = [self.run_bare, ours] if bare_first else [ours, self.run_bare]
        rates = [run() for run in order + order[::-1]]
        outer, inner = rates[0] * rates[3], rates[1] * rates[2]
        self.ratios.append(math.sqrt(inner / outer if bare_first else outer / inner))

    def shown(self):
        low, high = interval(self.ratios)
        size = "" if self.size == self.asked_size else f"{shown_size(self.size)}: "
        return f"{size}{statistics.median(self.ratios):.3f} ({low:.3f} .. {high:.3f})"


def print_speed(cells, args):
    ours = "hand-written loops" if args.control else "ipcmark"
    print(f"\nThroughput of {ours} / that of hand-written loops: median ratio (95 % interval) "
          f"of {args.pairs} interleaved pairs of 2 x {args.duration}, seed {args.seed}:\n")
    print("| ends | transport | " + " | ".join(shown_size(size) for size in args.sizes) + " |")
    print("|---|---|" + "---|" * len(args.sizes))
    for pin in args.pin:
        for transport in args.transports:
            shown = [cell.shown() for cell in cells
                     if (cell.transport, cell.pin) == (transport, pin)]
            print(f"| {PINS[pin]} | {transport} | " + " | ".join(shown) + " |")


def speed(args):
    cells = [Cell(transport, size, pin, args) for pin in args.pin
             for transport in args.transports for size in args.sizes]
    dice = random.Random(args.seed)
    for _ in range(args.pairs):
        for cell in dice.sample(cells, len(cells)):
            cell.run_pair(dice.random() < 0.5)
    print_speed(cells, args)
    return [f"{cell.transport}/{cell.size}/pin={cell.pin}: ratio below {RATIO_LEAST}"
            for cell in cells if statistics.median(cell.ratios) < RATIO_LEAST]


def count_instructions(args, side, messages):
    """Instructions of a whole run of pump_null, by callgrind's own total."""
    with tempfile.TemporaryDirectory(prefix="ipcmark-bench-") as folder:
        call(["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out.%p",
              args.pump, side, str(messages)])
        total = 0
        for path in glob.glob(f"{folder}/out.*"):
            with open(path, encoding="utf-8") as file:
                total += sum(int(line.split()[1]) for line in file
                             if line.startswith("totals:"))
        return total


def instructions(args):
    print("\nUser-space instructions of the pump for one message over `null`, by callgrind "
          f"({MESSAGES_MANY:,} messages less {MESSAGES_FEW:,}):\n")
    print("| side | instructions |\n|---|---|")
    sides = {}
    for side in ("sender", "receiver"):
        few, many = (count_instructions(args, side, messages)
                     for messages in (MESSAGES_FEW, MESSAGES_MANY))
        sides[side] = (many - few) / (MESSAGES_MANY - MESSAGES_FEW)
        print(f"| {side} | {sides[side]:.1f} |")
    both = sum(sides.values())
    print(f"| both | {both:.1f} |")
    return [f"{both:.1f} instructions a message: more than {INSTRUCTIONS_MOST}"
            ] if not 1 < both <= INSTRUCTIONS_MOST else []


def startup(args):
    times = []
    for _ in range(STARTUP_RUNS):
        start = time.monotonic()
        call([args.ipcmark, "--version"])
        times.append((time.monotonic() - start) * 1e3)
    median = statistics.median(times)
    print(f"\n`ipcmark --version`, fork and exec included: median {median:.2f} ms, fastest "
          f"{min(times):.2f} ms of {STARTUP_RUNS}.")
    return [f"--version takes {median:.2f} ms, more than {STARTUP_MOST_MS}"
            ] if median > STARTUP_MOST_MS else []


def memory(args):
    report = json.loads(call([args.ipcmark, "run", "-r", "1", "-w", "0", "-d", "20ms", "-s",
                              "64,64K,1M", "-q", "--json", "-", *args.transports]))
    peaks = {}
    for case in report["cases"]:
        for trial in case["trials"]:
            for role in ("sender", "receiver"):
                peaks[role] = max(peaks.get(role, 0), trial[role]["peak_rss_bytes"] or 0)
    print("\nLargest peak memory of a process, messages of up to 1 MiB:\n")
    print("| process | MiB |\n|---|---|")
    for role, peak in peaks.items():
        print(f"| {role} | {peak / 2**20:.1f} |")
    return [f"{role}: {peak / 2**20:.1f} MiB, more than {MEMORY_MOST_MIB}"
            for role, peak in peaks.items() if not 0 < peak <= MEMORY_MOST_MIB * 2**20]


PARTS = {"speed": speed, "instructions": instructions, "startup": startup, "memory": memory}


def words(choices):
    def parse(text):
        chosen = text.split(",")
        if set(chosen) - set(choices):
            raise argparse.ArgumentTypeError(f"one or more of {', '.join(choices)}")
        return chosen
    return parse


def arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", nargs="?", default="all", choices=[*PARTS, "all"])
    parser.add_argument("--build", default=os.path.join(ROOT, "build"))
    parser.add_argument("--pairs", type=int, default=15)
    parser.add_argument("--duration", default="50ms", help="of one trial")
    parser.add_argument("--transports", type=words(TRANSPORTS), default=TRANSPORTS)
    parser.add_argument("--sizes", default=SIZES,
                        type=lambda text: [int(size) for size in text.split(",")])
    parser.add_argument("--pin", type=words(PINS), default=list(PINS))
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--control", action="store_true",
                        help="hand-written loops against themselves")
    parser.add_argument("--check", action="store_true", help="fail when a target is missed")
    args = parser.parse_args()
    args.ipcmark = os.path.join(args.build, "ipcmark")
    args.bare = os.path.join(args.build, "tests", "bare")
    args.pump = os.path.join(args.build, "tests", "pump_null")
    return args


def main():
    args = arguments()
    missed = []
    for part in PARTS if args.part == "all" else [args.part]:
        missed += PARTS[part](args)
        sys.stdout.flush()
    for words_of in missed if args.check else []:
        print(f"bench.py: missed: {words_of}", file=sys.stderr)
    return 1 if missed and args.check else 0


if __name__ == "__main__":
    sys.exit(main())
