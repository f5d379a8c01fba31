#!/usr/bin/python3
"""loads.py [OPTION...] - ipcmark beside programs of others that load a link as a program does:
at a rate, or by several pairs at once; where they are installed.

- sockperf under-load (--mps, each message is answered): median round trip at a rate
- fio (rate_iops, rate_process=poisson): CPU time of the sender per message at a rate
- hackbench -f 1, over pipes and sockets: throughput of 1, 2 and 4 pairs

A round runs each cell of ipcmark and its peer once, in random order, pinned alike; the ratio is
ipcmark / peer for throughput and peer / ipcmark else, so that more is better. Shown is the median
of the ratios and its 95 % interval by order statistics. What is not installed is skipped."""

import argparse
import os
import random
import re
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.dirname(HERE))

from cell import shown_ratio  # noqa: E402
from common import (DURATION_S, ENDS, Failed, Peer, await_listener, background,  # noqa: E402
                    free_port, output, pinned)
from fio import READER_S, Fio, fio_job  # noqa: E402
from tools import sockperf_figure  # noqa: E402
from trials import middle, run_case, shown_size  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
RATES = [1000, 10_000]
GROUPS = [1, 2, 4]
SIZES = [64, 4096]
HACKBENCH_LOOPS = 20_000


class UnderLoad(Peer):
    """sockperf under-load: sends by a schedule, and answers are received by a thread of its own,
    as ipcmark's ping-pong with a rate does."""

    program = "sockperf"
    better = "less"
    cells = [(transport, size, f"{rate}/s", ["-p", "ping-pong", "--rate", str(rate)])
             for transport in ("tcp", "udp") for size in SIZES for rate in RATES]

    def run(self, transport, size, load, pin):
        port, (sender, receiver) = free_port(), ENDS[pin]
        tcp = ["--tcp"] if transport == "tcp" else []
        where = ["-i", "127.0.0.1", "-p", port]
        with background(pinned(receiver, "sockperf", "sr", *tcp, *where)) as server:
            await_listener(transport, port, server)
            text = output(pinned(sender, "sockperf", "ul", "--full-rtt", *tcp, *where, "-t",
                                 DURATION_S, "-m", size, "--mps", load.rstrip("/s"),
                                 "--reply-every", 1))
        return sockperf_figure(text, "round trip")

    def ours(self, case):
        return middle(case["trials"][0]["latency_ns"]["histogram"])


class RateIops(Peer):
    """fio's engine for sockets with rate_iops: what it costs to keep a schedule."""

    program = "fio"
    better = "less"
    cells = [("tcp", size, f"{rate}/s poisson",
              ["-p", "stream", "--rate", str(rate), "--arrivals", "poisson"])
             for size in SIZES for rate in RATES]

    def run(self, transport, size, load, pin):
        port, (sender, receiver) = free_port(), ENDS[pin]
        common = [*Fio().words("throughput", transport, size), f"--port={port}"]
        with background(pinned(receiver, *common, f"--runtime={READER_S}", "--name=r",
                               "--rw=read", "--listen")) as server:
            await_listener(transport, port, server)
            time.sleep(0.1)  # it is bound, and listens soon
            text = output(pinned(sender, *common, f"--runtime={DURATION_S}", "--name=w",
                                 "--rw=write", "--hostname=127.0.0.1",
                                 f"--rate_iops={load.split('/')[0]}", "--rate_process=poisson"),
                          statuses=(0, 1))
        return fio_cpu_figure(text)

    def ours(self, case):
        sender = case["trials"][0]["sender"]
        return ((sender["user_ns"] + sender["system_ns"]) /
                case["trials"][0]["sent"]["messages"])


def fio_cpu_figure(text):
    """ns of CPU time per message that was written."""
    job = fio_job(text)
    cpu_ns = (job["usr_cpu"] + job["sys_cpu"]) / 100 * job["write"]["runtime"] * 1e6
    return cpu_ns / job["write"]["total_ios"]


class Hackbench(Peer):
    """With -f 1 a group is one sender and one receiver: a pair. It cannot pin the two apart."""

    program = "hackbench"
    better = "more"
    cells = [(transport, size, f"{pairs} pairs", ["-p", "stream", "--pairs", str(pairs)])
             for transport in ("pipe", "socketpair") for size in SIZES for pairs in GROUPS]

    def run(self, transport, size, load, pin):
        groups = int(load.split()[0])
        kind = ["-p"] if transport == "pipe" else []
        text = output(pinned(ENDS[pin][0], "hackbench", *kind, "-f", 1, "-g", groups, "-l",
                             HACKBENCH_LOOPS, "-s", size))
        return hackbench_figure(text, groups * HACKBENCH_LOOPS * size)

    def ours(self, case):
        trial = case["trials"][0]
        return trial["received"]["bytes"] * 1e9 / trial["elapsed_ns"]


def hackbench_figure(text, moved):
    """Bytes a second."""
    return moved / float(re.search(r"Time: ([\d.]+)", text)[1])


PEERS = [UnderLoad(), RateIops(), Hackbench()]


def ratio(peer, ours, theirs):
    return ours / theirs if peer.better == "more" else theirs / ours


class Load:
    """A peer and one of its cells: the ratios by round."""

    def __init__(self, peer, cell):
        self.peer = peer
        self.transport, self.size, self.load, self.options = cell
        self.ratios, self.failure = [], None

    def run_ipcmark(self, args):
        return self.peer.ours(run_case(args, [
            "-r", "1", "-w", "0", "-d", args.duration, "-s", str(self.size), "--pin", args.pin,
            "--recv-size", "message", *self.options, self.transport]))

    def run_round(self, args, dice):
        runs = [lambda: self.run_ipcmark(args),
                lambda: self.peer.run(self.transport, self.size, self.load, args.pin)]
        figures = {i: runs[i]() for i in dice.sample(range(2), 2)}
        self.ratios.append(ratio(self.peer, figures[0], figures[1]))

    def attempt(self, args, dice):
        try:
            self.run_round(args, dice)
        except (Failed, subprocess.SubprocessError, OSError, TypeError, ValueError,
                KeyError) as reason:
            self.failure = str(reason)

    def row(self):
        shown = shown_ratio(self.ratios) if self.ratios else "failed"
        return (f"| {self.peer.program} | {self.transport} | {shown_size(self.size)} | "
                f"{self.load} | {shown} |")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=os.path.join(ROOT, "build"))
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--duration", default="1s", help="of ipcmark's trial")
    parser.add_argument("--wait", help="of ipcmark: block, hybrid, spin or poll; those beside it "
                        "wait as they always do")
    parser.add_argument("--pin", default="same", choices=list(ENDS),
                        help="hackbench takes part with 'same' only")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    args = parser.parse_args()
    args.ipcmark = os.path.join(args.build, "ipcmark")
    return args


def takes_part(peer, args):
    if not peer.installed():
        print(f"loads.py: skipped: {peer.program} is not installed", file=sys.stderr)
        return False
    if peer.program == "hackbench" and args.pin != "same":
        print("loads.py: skipped: hackbench cannot pin its two ends apart", file=sys.stderr)
        return False
    return True


def main():
    args = arguments()
    dice = random.Random(args.seed)
    loads = [Load(peer, cell) for peer in PEERS if takes_part(peer, args) for cell in peer.cells]
    for _ in range(args.rounds):
        for load in dice.sample(loads, len(loads)):
            if load.failure is None:
                load.attempt(args, dice)
    print(f"ipcmark against programs that load a link, more is better: median ratio (95 % "
          f"interval) of {args.rounds} interleaved rounds, pin {args.pin}, seed {args.seed}.\n")
    print("| peer | transport | size | load | ratio |\n|---|---|---|---|---|")
    for load in loads:
        print(load.row())
        if load.failure is not None:
            print(f"loads.py: {load.peer.program} over {load.transport}: {load.failure}",
                  file=sys.stderr)
    return 1 if any(load.failure is not None for load in loads) else 0


if __name__ == "__main__":
    sys.exit(main())
