#!/usr/bin/python3
"""peers.py [OPTION...] - ipcmark beside the programs of others that Debian packages, as a
Markdown table: iperf3, sockperf, fio, socat, dd, stress-ng, perf bench, where installed.

Each cell is one transport, size and placement. A round of a cell runs ipcmark and every peer
that has such a cell once, in random order; the ratio of a round is ipcmark / peer for
throughput and peer / ipcmark for a round trip, so that more is better; shown is the median of
the ratios and its 95 % interval by order statistics, by peer. The goal is 1.00 against the
best peer of each cell. Buffers, congestion control and the like are the system's defaults for
all. With --check the exit status is 1 when a goal is missed.
"""

import argparse
import os
import random
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

from pairs import interval  # noqa: E402
from tools import ENDS, Failed, PEERS, UDP_MOST  # noqa: E402
from trials import middle, run_case, shown_size  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
SIZES = [64, 4096, 65536, 2**20]
UDP_SIZES = {65536: 32768}  # instead of what is too large
TRANSPORTS = {"throughput": ["pipe", "unix", "tcp", "udp"],
              "round trip": ["pipe-pair", "unix", "tcp", "udp"]}
PATTERNS = {"throughput": "stream", "round trip": "ping-pong"}
RATIO_LEAST = 1.0


def mean_trip(trial):
    return trial["latency_ns"]["mean"]


def median_trip(trial):
    return middle(trial["latency_ns"]["histogram"])


class Cell:
    """One transport, size and placement: the figures of everybody, by round."""

    def __init__(self, measure, transport, size, pin):
        self.measure, self.transport, self.size, self.pin = measure, transport, size, pin
        self.peers = [peer for peer in PEERS
                      if peer.installed() and peer.runs(measure, transport, size, pin)]
        self.ratios = {peer.program: [] for peer in self.peers}
        self.failures = {}

    def run_ipcmark(self, args):
        """The figure for a peer that tells the median, and for one that tells the mean."""
        case = run_case(args, ["-r", "1", "-w", "0", "-d", args.duration, "-s", str(self.size),
                               "-p", PATTERNS[self.measure], "--pin", self.pin,
                               self.transport])
        trial = case["trials"][0]
        if self.measure == "throughput":
            rate = trial["received"]["bytes"] * 1e9 / trial["elapsed_ns"]
            return rate, rate
        return median_trip(trial), mean_trip(trial)

    def run_peer(self, peer):
        try:
            return peer.run(self.measure, self.transport, self.size, self.pin)
        except (Failed, subprocess.TimeoutExpired, OSError, TypeError, ValueError,
                KeyError) as reason:
            self.failures[peer.program] = str(reason)
            self.peers.remove(peer)  # it would fail again, and take its time for it
            return None

    def run_round(self, args, dice):
        runners = [None, *self.peers]
        figures = {}
        for peer in dice.sample(runners, len(runners)):
            figures[peer] = self.run_ipcmark(args) if peer is None else self.run_peer(peer)
        for peer in self.peers:
            if figures.get(peer):
                mean = peer.program in ("fio", "perf")
                self.note(peer.program, figures[None][mean], figures[peer])

    def note(self, program, ours, theirs):
        more = self.measure == "throughput"
        self.ratios[program].append(ours / theirs if more else theirs / ours)

    def worst(self):
        """Against the best peer: the least ratio, or None."""
        medians = [statistics.median(ratios) for ratios in self.ratios.values() if ratios]
        return min(medians, default=None)

    def shown(self, program):
        ratios = self.ratios.get(program)
        if ratios is None:
            return ""
        if not ratios:
            return "failed"
        low, high = interval(ratios)
        return f"{statistics.median(ratios):.2f} ({low:.2f} .. {high:.2f})"

    def __str__(self):
        return f"{self.measure} {self.transport} {shown_size(self.size)} pin {self.pin}"


def sizes_of(measure, transport, sizes):
    if transport == "pipe-pair":
        return [4]  # of perf bench, the only peer
    if transport == "udp":
        return [UDP_SIZES.get(size, size) for size in sizes
                if UDP_SIZES.get(size, size) <= UDP_MOST]
    return sizes


def print_table(cells, args):
    programs = [peer.program for peer in PEERS
                if any(peer.program in cell.ratios for cell in cells)]
    print(f"\nipcmark against its peers, more is better: median ratio (95 % interval) of "
          f"{args.pairs} interleaved rounds, ipcmark {args.duration}, peers 1 s, seed "
          f"{args.seed}:\n")
    print("| what | transport | size | ends | best peer | " + " | ".join(programs) + " |")
    print("|---|---|---|---|---|" + "---|" * len(programs))
    for cell in cells:
        worst = cell.worst()
        print(f"| {cell.measure} | {cell.transport} | {shown_size(cell.size)} | {cell.pin} | "
              f"{'-' if worst is None else f'{worst:.2f}'} | "
              + " | ".join(cell.shown(program) for program in programs) + " |")


def missed(cells):
    return [f"{cell}: {cell.worst():.2f} of the best peer" for cell in cells
            if cell.worst() is not None and cell.worst() < RATIO_LEAST]


def words(text):
    return text.split(",")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=os.path.join(ROOT, "build"))
    parser.add_argument("--pairs", type=int, default=10, help="rounds of each cell")
    parser.add_argument("--duration", default="300ms", help="of ipcmark's trial")
    parser.add_argument("--measure", type=words, default=list(TRANSPORTS))
    parser.add_argument("--transports", type=words)
    parser.add_argument("--sizes", type=lambda text: [int(n) for n in text.split(",")],
                        default=SIZES)
    parser.add_argument("--pin", type=words, default=list(ENDS))
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--check", action="store_true", help="fail when a goal is missed")
    args = parser.parse_args()
    args.ipcmark = os.path.join(args.build, "ipcmark")
    return args


def make_cells(args):
    cells = [Cell(measure, transport, size, pin) for measure in args.measure
             for transport in args.transports or TRANSPORTS[measure]
             for size in sizes_of(measure, transport, args.sizes) for pin in args.pin]
    return [cell for cell in cells if cell.peers]


def main():
    args = arguments()
    dice = random.Random(args.seed)
    cells = make_cells(args)
    for peer in PEERS:
        if not peer.installed():
            print(f"peers.py: skipped: {peer.program} is not installed", file=sys.stderr)
    for _ in range(args.pairs):
        for cell in dice.sample(cells, len(cells)):
            cell.run_round(args, dice)
    print_table(cells, args)
    for cell in cells:
        for program, reason in cell.failures.items():
            print(f"peers.py: {cell}: {program} failed: {reason}", file=sys.stderr)
    for line in missed(cells):
        print(f"peers.py: below the goal: {line}", file=sys.stderr)
    return 1 if args.check and missed(cells) else 0


if __name__ == "__main__":
    sys.exit(main())
