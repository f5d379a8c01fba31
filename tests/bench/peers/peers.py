#!/usr/bin/python3
"""peers.py [OPTION...] - ipcmark beside the programs of others that Debian packages, as a
Markdown table: iperf3, sockperf, fio, socat, dd, stress-ng, perf bench, where installed.

Each cell is one transport, size and placement. A round of a cell runs ipcmark and every peer
that has such a cell once, in random order; the ratio of a round is ipcmark / peer for
throughput and peer / ipcmark for a round trip, so that more is better; shown is the median of
the ratios and its 95 % interval by order statistics, by peer. ipcmark's receive buffer is that
of the peer; kernel buffers, congestion control and the like are the system's defaults for all.
Both ends of everybody run in the session of this program: a peer that leaves it does "other work".

The goal is 1.00 against the best peer of each cell at equal work. "other work": the peer's own
counts show that it does not do the work of the cell, and it is not compared. Where it does
something besides (dd, iperf3 over UDP), loops written by hand, with it and without, tell what
that makes of the figure: the ratio times their ratio is the one at equal work. With --check
the exit status is 1 when a goal is missed.
"""

import argparse
import os
import platform
import random
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.dirname(HERE))

from cell import WAITS, best_of, by_waits, run_round  # noqa: E402
from common import ENDS, UDP_MOST  # noqa: E402
from fio import FioWhole  # noqa: E402
from tools import PEERS, STRESS_NG_BYTES  # noqa: E402
from trials import shown_size  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
SIZES = [64, 4096, 65536, 2**20]
UDP_SIZES = {65536: 32768}  # instead of what is too large
TRANSPORTS = {"throughput": ["pipe", "unix", "tcp", "udp"],
              "round trip": ["pipe-pair", "unix", "tcp", "udp"]}
SYSCTLS = ["kernel/sched_autogroup_enabled", "net/ipv4/tcp_congestion_control",
           "net/core/rmem_default", "net/core/wmem_default", "net/ipv4/tcp_rmem",
           "net/ipv4/tcp_wmem"]
VERSIONS = {"perf": ["version"], "socat": ["-V"]}
RATIO_LEAST = 1.0


def sizes_of(measure, transport, sizes):
    if transport == "pipe-pair":
        return [4]  # of perf bench, the only peer
    if transport == "pipe" and 64 in sizes:
        return sorted([*sizes, STRESS_NG_BYTES])
    if transport == "udp":
        return [UDP_SIZES.get(size, size) for size in sizes
                if UDP_SIZES.get(size, size) <= UDP_MOST]
    return sizes


def version(program):
    done = subprocess.run([program, *VERSIONS.get(program, ["--version"])], check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    lines = [line for line in done.stdout.splitlines() if any(map(str.isdigit, line))]
    return lines[0].strip()[:60] if lines else "unknown"


def sysctl(name):
    try:
        with open(f"/proc/sys/{name}", encoding="ascii") as file:
            return f"{name.replace('/', '.')} {' '.join(file.read().split())}"
    except OSError:
        return f"{name.replace('/', '.')} unknown"


def print_conditions(args):
    print(f"Linux {platform.release()}, {os.cpu_count()} CPUs; "
          f"{'; '.join(sysctl(name) for name in SYSCTLS)}\n")
    programs = dict.fromkeys(peer.program for peer in PEERS if peer.installed())
    for program in [args.ipcmark, *programs]:
        print(f"- {os.path.basename(program)}: {version(program)}")


def print_table(cells, args):
    names = [peer.name for peer in PEERS if any(peer.name in cell.ratios for cell in cells)]
    means = ", ".join(peer.name for peer in PEERS if peer.tells_mean and peer.name in names)
    print(f"\nipcmark against its peers, more is better: median ratio (95 % interval) of "
          f"{args.pairs} interleaved rounds, ipcmark {args.duration}, peers about 1 s, seed "
          f"{args.seed}. Round trips are medians on both sides, against {means or 'fio'} means "
          f"on both sides.\n")
    print("| what | transport | size | ends | equal work | best peer | " + " | ".join(names) +
          " | not the same work |")
    print("|---|---|---|---|---|---|" + "---|" * (len(names) + 1))
    for cell in cells:
        print(f"| {cell.measure} | {cell.shown_transport()} | {shown_size(cell.size)} | "
              f"{cell.pin} | {shown_least(cell.worst_equal())} | {shown_least(cell.worst())} | "
              + " | ".join(cell.shown(name) for name in names) + f" | {cell.reasons()} |")


def shown_least(ratio):
    return "-" if ratio is None else f"{ratio:.2f}"


def missed(cells):
    return [f"{cell}: {cell.worst_equal():.2f} of the best peer at equal work" for cell in cells
            if cell.worst_equal() is not None and cell.worst_equal() < RATIO_LEAST]


def print_misses(cells):
    for cell in cells:
        for name, reason in cell.failures.items():
            print(f"peers.py: {cell}: {name} failed: {reason}", file=sys.stderr)
        if cell.worst() is not None and cell.worst() < RATIO_LEAST <= cell.worst_equal():
            print(f"peers.py: {cell}: {cell.worst():.2f} of the best peer as it is; "
                  f"{cell.reasons()}", file=sys.stderr)
    for line in missed(cells):
        print(f"peers.py: below the goal: {line}", file=sys.stderr)


def words(text):
    return text.split(",")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=os.path.join(ROOT, "build"))
    parser.add_argument("--pairs", type=int, default=10, help="rounds of each cell")
    parser.add_argument("--duration", default="1s", help="of ipcmark's trial")
    parser.add_argument("--wait", help="of ipcmark: block, hybrid, spin, poll, or best: all of "
                        "them, and the best of each cell is shown; those beside it wait as they "
                        "always do")
    parser.add_argument("--measure", type=words, default=list(TRANSPORTS))
    parser.add_argument("--transports", type=words)
    parser.add_argument("--sizes", type=lambda text: [int(n) for n in text.split(",")],
                        default=SIZES)
    parser.add_argument("--pin", type=words, default=list(ENDS))
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--check", action="store_true", help="fail when a goal is missed")
    args = parser.parse_args()
    args.ipcmark = os.path.join(args.build, "ipcmark")
    FioWhole.preloaded = os.path.join(args.build, "tests", "whole.so")
    return args


def make_cells(args):
    """The cells of each row, by waiting."""
    waits = WAITS if args.wait == "best" else [args.wait]
    rows = [by_waits(measure, transport, size, pin, waits) for measure in args.measure
            for transport in args.transports or TRANSPORTS[measure]
            for size in sizes_of(measure, transport, args.sizes) for pin in args.pin
            if size != STRESS_NG_BYTES or pin == "same"]
    return [row for row in rows if row[0].peers]


def main():
    args = arguments()
    dice = random.Random(args.seed)
    rows = make_cells(args)
    print_conditions(args)
    for peer in PEERS:
        if not peer.installed():
            print(f"peers.py: skipped: {peer.name} is not installed", file=sys.stderr)
    begin = time.monotonic()
    for _ in range(args.pairs):
        for row in dice.sample(rows, len(rows)):
            run_round(row, args, dice)
    cells = [best_of(row) for row in rows]
    print_table(cells, args)
    print(f"\n{len(cells)} cells in {(time.monotonic() - begin) / 60:.1f} minutes")
    print_misses(cells)
    return 1 if args.check and missed(cells) else 0


if __name__ == "__main__":
    sys.exit(main())
