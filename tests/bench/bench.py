#!/usr/bin/python3
"""bench.py [PART|all] [OPTION...] - what ipcmark itself costs, as Markdown tables, by PART:

speed         throughput of ipcmark / that of bare.c, hand-written loops without a harness:
              pairs of two trials each, in the order ABBA or BAAB by chance, so that a
              machine that drifts hits both alike, interleaved over all cells; a pair's ratio
              is that of the geometric means; median of the ratios and its 95 % interval by
              order statistics. With --control hand-written loops stand in both places:
              what the machine alone does to a ratio
pingpong      the same for the median round trip of 64 B and bare_pingpong.c; and by rank:
              all trials of both sorted, the k-th by the k-th, the median of these ratios,
              which the goal is for: a trial over unix on two CPUs draws one of two rhythms,
              25 % apart, and the ratio of a pair is mostly that draw
fanin         the same for 16 clients that send to one epoll server, and bare_fanin.c
memory-rings  rings in shared memory beside rings by hand, of head and tail, and of slots with a
              flag each (bare_shm.c): the throughput in place and copied; and the round trip of
              shm-spin beside that of two flags
splice        the same for pages lent to a pipe, 256 KiB a message, and bare_splice.c
clients       fan-in by number of clients and by server: what each costs. No goal
instructions  user-space instructions of the pump for one message over the null
              transport, counted by callgrind
startup       how long `ipcmark --version` takes
memory        the largest peak memory of a process, messages of up to 1 MiB
goals         each goal of speed in one table, with the ratio and whether it is reached; not a
              part of `all`

With --check the exit status is 1 when a figure misses its target. Only ratios of
trials next to each other mean anything on a shared machine, so every pair is one ratio.
A hand-written loop takes the number of messages of the ipcmark trial before it.
"""

import argparse
import glob
import os
import random
import statistics
import sys
import tempfile
import time

from clients import COUNTS, SERVERS, clients
from goals import goals
from pairs import PINS, fanin, memory_rings, pingpong, speed, splice
from trials import call, run

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TRANSPORTS = ["pipe", "pipe-pair", "unix", "tcp", "udp"]
SIZES = [64, 4096, 65536]
INSTRUCTIONS_MOST = 40
STARTUP_MOST_MS = 5
STARTUP_RUNS = 50
MEMORY_MOST_MIB = 16
MESSAGES_FEW, MESSAGES_MANY = 10_000, 110_000


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
    cases = run(args, ["-r", "1", "-w", "0", "-d", "20ms", "-s", "64,64K,1M",
                       *args.transports])
    peaks = {}
    for case in cases:
        for trial in case["trials"]:
            for role in ("sender", "receiver"):
                peaks[role] = max(peaks.get(role, 0), trial[role]["peak_rss_bytes"] or 0)
    print("\nLargest peak memory of a process, messages of up to 1 MiB:\n")
    print("| process | MiB |\n|---|---|")
    for role, peak in peaks.items():
        print(f"| {role} | {peak / 2**20:.1f} |")
    return [f"{role}: {peak / 2**20:.1f} MiB, more than {MEMORY_MOST_MIB}"
            for role, peak in peaks.items() if not 0 < peak <= MEMORY_MOST_MIB * 2**20]


PARTS = {"speed": speed, "pingpong": pingpong, "fanin": fanin, "memory-rings": memory_rings,
         "splice": splice, "clients": clients, "instructions": instructions,
         "startup": startup, "memory": memory}
ALONE = {"goals": goals}


def words(choices):
    def parse(text):
        chosen = text.split(",")
        if set(chosen) - set(choices):
            raise argparse.ArgumentTypeError(f"one or more of {', '.join(choices)}")
        return chosen
    return parse


def numbers(text):
    return [int(number) for number in text.split(",")]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", nargs="?", default="all", choices=[*PARTS, *ALONE, "all"])
    parser.add_argument("--build", default=os.path.join(ROOT, "build"))
    parser.add_argument("--pairs", type=int, default=15)
    parser.add_argument("--most", type=int, default=60,
                        help="pairs of a cell whose interval stays wide")
    parser.add_argument("--duration", default="50ms", help="of one trial")
    parser.add_argument("--wait", help="of ipcmark: block, hybrid, spin or poll; those beside it "
                        "wait as they always do")
    parser.add_argument("--transports", type=words(TRANSPORTS), default=TRANSPORTS)
    parser.add_argument("--sizes", type=numbers, default=SIZES)
    parser.add_argument("--pin", type=words(PINS), default=list(PINS))
    parser.add_argument("--counts", type=numbers, default=COUNTS, help="of clients")
    parser.add_argument("--servers", type=words(SERVERS), default=SERVERS)
    parser.add_argument("--trials", type=int, default=5, help="of a case of clients")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--control", action="store_true",
                        help="hand-written loops against themselves")
    parser.add_argument("--check", action="store_true", help="fail when a target is missed")
    args = parser.parse_args()
    args.ipcmark = os.path.join(args.build, "ipcmark")
    args.programs = os.path.join(args.build, "tests")
    args.pump = os.path.join(args.programs, "pump_null")
    return args


def main():
    args = arguments()
    missed = []
    for part in PARTS if args.part == "all" else [args.part]:
        missed += {**PARTS, **ALONE}[part](args)
        sys.stdout.flush()
    for words_of in missed if args.check else []:
        print(f"bench.py: missed: {words_of}", file=sys.stderr)
    return 1 if missed and args.check else 0


if __name__ == "__main__":
    sys.exit(main())
