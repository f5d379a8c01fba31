"""cell.py - one cell of the table of peers.py: who runs in it, and what the rounds gave."""

import os
import statistics
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from common import Failed, Unequal, one_session  # noqa: E402
from pairs import interval  # noqa: E402
from tools import ENDS, PEERS  # noqa: E402
from trials import call, middle, run_case, shown_size  # noqa: E402

PATTERNS = {"throughput": "stream", "round trip": "ping-pong"}
LOOP_BYTES, LOOP_LEAST, LOOP_MOST = 2**29, 1000, 100_000
WAITS = ["block", "hybrid", "spin", "poll"]  # of ipcmark


def mean_trip(trial):
    return trial["latency_ns"]["mean"]


def median_trip(trial):
    return middle(trial["latency_ns"]["histogram"])


def shown_ratio(ratios):
    low, high = interval(ratios)
    return f"{statistics.median(ratios):.2f} ({low:.2f} .. {high:.2f})"


class Cell:
    """One transport, size and placement: the figures of everybody, by round. `wait` is how
    ipcmark waits; None: by --wait of the script, or as usual.

    Where a peer does something besides the work of the cell, two hand-written loops run in the
    same round, one of which does that, too. Their ratio, the gain, times that of ipcmark is
    what ipcmark would have reached at the work of the peer: equal()."""

    def __init__(self, measure, transport, size, pin, wait=None):
        self.measure, self.transport, self.size, self.pin = measure, transport, size, pin
        self.wait = wait
        self.peers = [peer for peer in PEERS
                      if peer.installed() and peer.runs(measure, transport, size, pin)]
        self.ratios = {peer.name: [] for peer in self.peers}
        self.gains = {}
        self.failures, self.unequal = {}, {}

    def run_ipcmark(self, args, receives):
        """The figure for a peer that tells the median, and for one that tells the mean."""
        buffer = ["--recv-size", receives] if self.transport in ("pipe", "unix", "tcp") else []
        wait = ["--wait", self.wait] if self.wait else []
        case = run_case(args, ["-r", "1", "-w", "0", "-d", args.duration, "-s", str(self.size),
                               "-p", PATTERNS[self.measure], "--pin", self.pin, *wait, *buffer,
                               self.transport])
        trial = case["trials"][0]
        if self.measure == "throughput":
            rate = trial["received"]["bytes"] * 1e9 / trial["elapsed_ns"]
            return rate, rate
        return median_trip(trial), mean_trip(trial)

    def run_peer(self, peer):
        try:
            with one_session():
                return peer.run(self.measure, self.transport, self.size, self.pin)
        except Unequal as reason:
            self.unequal[peer.name] = str(reason)
        except (Failed, subprocess.TimeoutExpired, OSError, TypeError, ValueError,
                KeyError) as reason:
            self.failures[peer.name] = str(reason)
        self.peers.remove(peer)  # it would do so again, and take its time for it
        return None

    def run_loop(self, args, loop):
        messages = max(LOOP_LEAST, min(LOOP_MOST, LOOP_BYTES // self.size))
        program = os.path.join(args.build, "tests", "bare")
        return float(call([program, loop, str(self.size), str(messages),
                           ":".join(ENDS[self.pin])]).split()[0])

    def rhythm(self, peer):
        return peer.rhythm(self.measure, self.transport, self.size, self.pin)

    def take(self, figures):
        for peer in self.peers:
            if figures.get(peer):
                ours = figures[self, peer.receives][peer.tells_mean]
                self.note(peer.name, ours, figures[peer])
                plain, besides = self.rhythm(peer) or (None, None)
                if plain:
                    self.gains.setdefault(peer.name, []).append(
                        figures[besides] / figures[plain])

    def note(self, name, ours, theirs):
        more = self.measure == "throughput"
        self.ratios[name].append(ours / theirs if more else theirs / ours)

    def same(self):
        """The names of the peers that have figures to compare."""
        return [name for name, ratios in self.ratios.items()
                if ratios and name not in self.unequal]

    def worst(self):
        """Against the best peer as it is: the least ratio, or None."""
        return min((statistics.median(self.ratios[name]) for name in self.same()), default=None)

    def equal(self, name):
        ratios = self.ratios[name]
        return [ratio * gain for ratio, gain in
                zip(ratios, self.gains.get(name, [1] * len(ratios)))]

    def nearest(self):
        """The best peer at equal work, or None."""
        return min(self.same(), key=lambda name: statistics.median(self.equal(name)),
                   default=None)

    def worst_equal(self):
        """The same as worst() at equal work."""
        nearest = self.nearest()
        return statistics.median(self.equal(nearest)) if nearest else None

    def shown(self, name):
        if name not in self.ratios:
            return ""
        if name in self.unequal:
            return "other work"
        return shown_ratio(self.ratios[name]) if self.ratios[name] else "failed"

    def reasons(self):
        """Why what peers did is not the work of the cell, by counts or by the loops."""
        told = list(self.unequal.values())
        for name, gains in self.gains.items():
            told.append(f"{name}'s loop is {shown_ratio(gains)} times as fast as a plain one")
        return "; ".join(told)

    def shown_transport(self):
        return f"{self.transport}, {self.wait}" if self.wait else self.transport

    def __str__(self):
        return (f"{self.measure} {self.shown_transport()} {shown_size(self.size)} "
                f"pin {self.pin}")


def by_waits(measure, transport, size, pin, waits):
    """Cells that differ in the waiting of ipcmark alone; what befalls a peer befalls it in all."""
    cells = [Cell(measure, transport, size, pin, wait) for wait in waits]
    for cell in cells[1:]:
        cell.peers, cell.unequal, cell.failures = (cells[0].peers, cells[0].unequal,
                                                   cells[0].failures)
    return cells


def run_round(cells, args, dice):
    """Everybody once, in random order: the peers, their loops, and ipcmark for each of the cells,
    which are by_waits, and for each receive buffer of a peer."""
    first = cells[0]
    ours = sorted({peer.receives for peer in first.peers})
    loops = sorted({loop for peer in first.peers for loop in first.rhythm(peer) or ()})
    runners = [(cell, receives) for cell in cells for receives in ours] + loops + first.peers
    figures = {}
    for what in dice.sample(runners, len(runners)):
        if isinstance(what, tuple):
            figures[what] = what[0].run_ipcmark(args, what[1])
        elif what in loops:
            figures[what] = first.run_loop(args, what)
        else:
            figures[what] = first.run_peer(what)
    for cell in cells:
        cell.take(figures)


def best_of(cells):
    """The cell whose waiting is the best beside the best peer at equal work."""
    return max(cells, key=lambda cell: cell.worst_equal() or 0)
