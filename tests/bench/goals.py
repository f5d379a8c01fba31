"""goals.py - the part goals of bench.py: each goal of speed, and whether it is reached. All cells are
interleaved, as in the other parts. A cell beside programs of others takes some seconds a round."""

import os
import random
import sys

from pairs import (FANIN_SIZE, LATENCY_RATIO_MOST, PINGPONG_SIZE, PINGPONG_TRANSPORTS, PINS,
                   RATIO_LEAST, Cell, FanIn, Flags, PingPong, Ring, Stream, interval, measure)
from trials import shown_size

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "peers"))

from cell import WAITS, best_of, by_waits, run_round  # noqa: E402
from fio import FioWhole  # noqa: E402


class Futex(PingPong):
    """Rings whose sides sleep beside Unix sockets, both of ipcmark."""

    def __init__(self, args, pin):
        super().__init__(args, "shm-ring", PINGPONG_SIZE, pin)

    def options(self):
        return [*super().options(), "--wait", "block"]

    def run_bare(self):
        socket = PingPong(self.args, "unix", self.size, self.pin)
        return Cell.run_ipcmark(socket)


class Kept(Cell):
    """How much of a schedule is kept: the time it is made for / the time it took."""

    def __init__(self, args, transport, rate):
        super().__init__(args, transport, 64, "split")
        self.rate = rate

    def options(self):
        return ["-p", "stream", "--wait", "spin", "--rate", str(self.rate)]

    def amount(self, trial):
        return trial["sent"]["messages"]

    def figure(self, trial):
        return trial["scheduled_ns"] / trial["elapsed_ns"]

    def run_pair(self, bare_first):
        self.ratios.append(self.run_ipcmark())


class Paced(Cell):
    """The CPU time of a message of an open loop beside that of a hand-written one."""

    program = "bare_paced"
    is_time = True

    def options(self):
        return ["-p", "stream", "--rate", "10k"]

    def amount(self, trial):
        return trial["sent"]["messages"]

    def figure(self, trial):
        return sum(trial[role][key] for role in ("sender", "receiver")
                   for key in ("user_ns", "system_ns")) / self.amount(trial)

    def run_bare(self):
        return super().run_bare() / self.messages


class BestWaiting(Cell):
    """The best of ipcmark's ways of waiting beside the best program of others, at equal work."""

    waits, names = WAITS, None

    def __init__(self, args, what, transport, size, pin):
        super().__init__(args, transport, size, pin)
        self.cells = by_waits(what, transport, size, pin, self.waits)
        self.peers = self.cells[0].peers
        self.peers[:] = [peer for peer in self.peers
                         if self.names is None or peer.name in self.names]
        self.row = (PINS[pin], transport, what)
        self.dice = random.Random(args.seed)

    def run_pair(self, bare_first):
        run_round(self.cells, self.args, self.dice)
        best = best_of(self.cells)
        nearest = best.nearest()
        self.ratios = best.equal(nearest) if nearest else []
        self.row = (*self.row[:3], best.wait, nearest or "no peer")

    def is_wide(self):
        return False  # a round takes too long for more

    def reasons(self):
        """Why peers have no figures."""
        first = self.cells[0]
        return [f"{name}: {why}" for name, why in {**first.unequal, **first.failures}.items()]


class EqualWaiting(BestWaiting):
    """The same with the waiting of iperf3, which selects."""

    waits, names = ["poll"], ["iperf3"]


PEER_CELLS = [("throughput", "pipe", 65536), ("throughput", "unix", 65536),
              ("throughput", "unix", 2**20), ("throughput", "tcp", 2**20),
              ("throughput", "udp", 64), ("round trip", "unix", 64), ("round trip", "tcp", 64)]


def beside_peers(kind, args, cells, limit):
    """The cells of which a peer is installed."""
    FioWhole.preloaded = os.path.join(args.programs, "whole.so")
    made = [kind(args, *cell, "split") for cell in cells]
    for cell in made:
        if not cell.peers:
            print(f"bench.py: skipped: no peer of {', '.join(cell.row)} is installed",
                  file=sys.stderr)
    return [(cell, limit) for cell in made if cell.peers]


def rings(args):
    return [(Ring(args, transport, size, "split", copies), least)
            for transport in ("shm-ring", "shm-spin") for copies in (False, True)
            for size, least in ((64, 0.9), (4096, RATIO_LEAST), (65536, 0.95))]


def goal_cells(args):
    """Each with the least or, where the figure is a time, the most that its ratio may be."""
    pins = ("same", "split")
    return {
        "stream / bare loop": [(Stream(args, transport, size, pin), RATIO_LEAST)
                               for pin in pins for transport in args.transports
                               for size in args.sizes],
        "round trip / bare loop": [(PingPong(args, transport, PINGPONG_SIZE, pin),
                                    LATENCY_RATIO_MOST)
                                   for pin in pins for transport in PINGPONG_TRANSPORTS],
        "fan-in / bare loop": [(FanIn(args, "unix", FANIN_SIZE, pin), RATIO_LEAST)
                               for pin in pins],
        "ring / bare ring": rings(args),
        "spinning round trip / two flags": [(Flags(args, "shm-spin", PINGPONG_SIZE, "split"),
                                             1.1)],
        "futex round trip / Unix socket": [(Futex(args, "same"), 1.0)],
        "10,000/s: CPU time / bare loop": [(Paced(args, transport, 64, pin), 1.02) for pin in pins
                                           for transport in ("pipe", "unix")],
        "500,000/s: schedule / time taken": [(Kept(args, "shm-ring", 500_000), 0.99)],
        "best waiting / best peer": beside_peers(BestWaiting, args, PEER_CELLS, 1.0),
        "equal waiting / peer": beside_peers(EqualWaiting, args, [("throughput", "tcp", 2**20)],
                                             RATIO_LEAST),
    }


def goal_row(goal, cell, limit):
    """As Markdown, and whether the goal is reached."""
    is_time = cell.is_time
    if not cell.ratios:
        return f"| {goal} | {', '.join(cell.row)} | {shown_size(cell.size)} | - | | failed |", False
    ratio = cell.ratio_by_rank() if type(cell) is PingPong else cell.ratio()
    reached = ratio <= limit if is_time else ratio >= limit
    low, high = interval(cell.ratios)
    return (f"| {goal} | {', '.join(cell.row)} | {shown_size(cell.size)} | {ratio:.3f} "
            f"({low:.3f} .. {high:.3f}) | {'at most' if is_time else 'at least'} {limit} | "
            f"{'reached' if reached else 'NOT reached'} |"), reached


def goals(args):
    """All goals at once; a duration or number of pairs that is doubled doubles the time."""
    by_goal = goal_cells(args)
    measure([cell for cells in by_goal.values() for cell, _ in cells], args)
    missed = []
    print("| goal | ends | size | median ratio (95 % interval) | wanted | |\n" + "|---" * 6 + "|")
    for goal, cells in by_goal.items():
        for cell, limit in cells:
            row, reached = goal_row(goal, cell, limit)
            print(row)
            missed += [] if reached else [f"{goal}: {cell}"]
            for reason in cell.reasons() if isinstance(cell, BestWaiting) else []:
                print(f"bench.py: {cell}: {reason}", file=sys.stderr)
    return missed
