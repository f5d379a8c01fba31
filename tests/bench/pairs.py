"""pairs.py - ipcmark beside hand-written loops, in interleaved pairs: the parts speed, pingpong,
fanin, memory-rings and splice of bench.py."""

import math
import random
import statistics

from trials import call, middle, run_case, shown_size

PINS = {"none": "unpinned", "same": "on one CPU", "split": "on two CPUs"}
# The largest datagram has 65,507 bytes: where others move 64 KiB, UDP moves 32.
UDP_MOST, UDP_INSTEAD = 65507, 32768
PINGPONG_TRANSPORTS = ["pipe-pair", "unix", "tcp", "udp"]
PINGPONG_SIZE = 64
FANIN_CLIENTS, FANIN_SIZE = 16, 4096
SPLICE_TRANSPORTS, SPLICE_SIZE = ["pipe-vmsplice", "pipe-splice"], 262144
RATIO_LEAST = 0.97
LATENCY_RATIO_MOST = 1.03
# Of rings in shared memory, beside a ring of head and tail or slots with a flag each, and beside
# two flags alone.
RING_LAYOUTS = {"ring": "a ring of head and tail", "slots": "slots with a flag each"}
RINGS = ["shm-ring", "shm-spin", "shm-eventfd"]
RING_RATIO_LEAST = 0.9
FLAGS_RATIO_MOST = 1.2
# Of the interval of a ratio: from here on it does not tell what the goals ask.
INTERVAL_MOST = 0.06


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


class Cell:
    """One cell of a table: its pairs. Those below say what is run and what is read."""

    program = None  # of the hand-written loops
    is_time = False  # the figure; else it is a rate

    def __init__(self, args, transport, size, pin):
        self.args, self.transport, self.size, self.pin = args, transport, size, pin
        self.row, self.column = (PINS[pin], transport), shown_size(size)
        self.note = ""
        self.ratios = []
        self.figures, self.bare_figures = [], []
        self.messages = None
        self.cpus = []

    def options(self):
        """Of ipcmark, besides those that all have."""
        raise NotImplementedError

    def figure(self, trial):
        """What is compared, of ipcmark's trial."""
        raise NotImplementedError

    def amount(self, trial):
        """How many messages the hand-written loops have to move for the same trial."""
        raise NotImplementedError

    def subject(self):
        """The first argument of the hand-written loops."""
        return self.transport

    def run_ipcmark(self):
        """The figure of one trial; notes its number of messages and its CPUs."""
        case = run_case(self.args, [
            "-r", "1", "-w", "0", "-d", self.args.duration, "-s", str(self.size), "--pin",
            self.pin, *self.options(), self.transport])
        trial = case["trials"][0]
        self.messages = self.amount(trial)
        if self.pin != "none":
            self.cpus = [f"{case['sender_cpu']}:{case['receiver_cpu']}"]
        return self.figure(trial)

    def run_bare(self):
        return float(call([f"{self.args.programs}/{self.program}", self.subject(),
                           str(self.size), str(self.messages), *self.cpus]).split()[0])

    def run_pair(self, bare_first):
        if self.messages is None:
            self.run_ipcmark()
        ours = self.run_bare if self.args.control else self.run_ipcmark
        order = [self.run_bare, ours] if bare_first else [ours, self.run_bare]
        rates = [run() for run in order + order[::-1]]
        outer, inner = rates[0] * rates[3], rates[1] * rates[2]
        (self.bare_figures if bare_first else self.figures).extend(rates[::3])
        (self.figures if bare_first else self.bare_figures).extend(rates[1:3])
        self.ratios.append(math.sqrt(inner / outer if bare_first else outer / inner))

    def is_wide(self):
        low, high = interval(self.ratios)
        return high - low > INTERVAL_MOST

    def ratio(self):
        return statistics.median(self.ratios)

    def ratio_by_rank(self):
        """The k-th of all trials by the k-th of the hand-written loops, the median of these.
        Where a trial draws one of two rhythms, the ratio of a pair is mostly the draw; this
        compares like with like as long as both draw with the same odds."""
        return statistics.median(ours / bare for ours, bare in
                                 zip(sorted(self.figures), sorted(self.bare_figures)))

    def shown(self):
        low, high = interval(self.ratios)
        return f"{self.note}{self.ratio():.3f} ({low:.3f} .. {high:.3f})"

    def __str__(self):
        return f"{self.transport}/{self.size}/pin={self.pin}"


def throughput(trial):
    return trial["received"]["bytes"] * 1e9 / trial["elapsed_ns"]


class Stream(Cell):
    program = "bare"

    def __init__(self, args, transport, size, pin):
        super().__init__(args, transport, size, pin)
        if transport == "udp" and size > UDP_MOST:
            self.size = UDP_INSTEAD
            self.note = f"{shown_size(UDP_INSTEAD)}: "

    def options(self):
        return ["-p", "stream"]

    def figure(self, trial):
        return throughput(trial)

    def amount(self, trial):
        return trial["sent"]["messages"]


class PingPong(Cell):
    program = "bare_pingpong"
    is_time = True

    def shown(self):
        return f"{super().shown()}, by rank {self.ratio_by_rank():.3f}"

    def options(self):
        return ["-p", "ping-pong"]

    def figure(self, trial):
        return middle(trial["latency_ns"]["histogram"])

    def amount(self, trial):
        return trial["latency_ns"]["count"]


class FanIn(Cell):
    program = "bare_fanin"

    def options(self):
        return ["-p", "fan-in", "-c", str(FANIN_CLIENTS), "--server", "epoll"]

    def figure(self, trial):
        return throughput(trial)

    def amount(self, trial):
        return max(1, trial["sent"]["messages"] // FANIN_CLIENTS)

    def subject(self):
        return str(FANIN_CLIENTS)


class Ring(Cell):
    """Beside a ring by hand of that layout: memcpy in, and a reading pass or memcpy out."""

    program = "bare_shm"

    def __init__(self, args, transport, size, pin, copies, layout="ring"):
        super().__init__(args, transport, size, pin)
        self.copies, self.layout = copies, layout
        self.row = (PINS[pin], transport + (" copied" if copies else ""))

    def options(self):
        wait = "spin" if self.transport == "shm-spin" else "hybrid"
        return ["-p", "stream", "--wait", wait, *(["--copy"] if self.copies else [])]

    def figure(self, trial):
        return throughput(trial)

    def amount(self, trial):
        return trial["sent"]["messages"]

    def subject(self):
        return self.layout + ("-copy" if self.copies else "")


class Flags(PingPong):
    """Messages that go to and fro beside two flags that do, without a message."""

    program = "bare_shm"

    def subject(self):
        return "flags"


class Splice(Stream):
    """Pages lent to a pipe of the default capacity, or of 1 MiB."""

    program = "bare_splice"

    def __init__(self, args, transport, pin, large):
        super().__init__(args, transport, SPLICE_SIZE, pin)
        self.large = large
        self.column += ", pipe of 1 MiB" if large else ", default pipe"

    def options(self):
        return ["-p", "stream", *(["--buffer", "1M"] if self.large else [])]

    def subject(self):
        return f"{self.transport}-1M" if self.large else self.transport


def measure(cells, args):
    """After args.pairs of each, only cells whose interval is still wide go on: whatever their
    ratio, so that it is not what stops them."""
    dice = random.Random(args.seed)
    for done in range(max(args.pairs, args.most)):
        wanted = [cell for cell in cells if done < args.pairs or cell.is_wide()]
        for cell in dice.sample(wanted, len(wanted)):
            cell.run_pair(dice.random() < 0.5)


def print_table(what, cells, args):
    ours = "hand-written loops" if args.control else "ipcmark"
    print(f"\n{what} of {ours} / that of hand-written loops: median ratio (95 % interval) "
          f"of {args.pairs} interleaved pairs of 2 x {args.duration}, up to {args.most} where it "
          f"was wider than {INTERVAL_MOST}, seed {args.seed}:\n")
    columns = list(dict.fromkeys(cell.column for cell in cells))
    print("| ends | transport | " + " | ".join(columns) + " |")
    print("|---|---|" + "---|" * len(columns))
    for row in dict.fromkeys(cell.row for cell in cells):
        shown = [cell.shown() for cell in cells if cell.row == row]
        print("| " + " | ".join([*row, *shown]) + " |")


def too_slow(cells):
    return [f"{cell}: ratio {cell.ratio():.3f}, below {RATIO_LEAST}"
            for cell in cells if cell.ratio() < RATIO_LEAST]


def speed(args):
    cells = [Stream(args, transport, size, pin) for pin in args.pin
             for transport in args.transports for size in args.sizes]
    measure(cells, args)
    print_table("Throughput", cells, args)
    return too_slow(cells)


def pingpong(args):
    cells = [PingPong(args, transport, PINGPONG_SIZE, pin)
             for pin in args.pin if pin != "none"
             for transport in args.transports if transport in PINGPONG_TRANSPORTS]
    measure(cells, args)
    print_table("Median round trip", cells, args)
    return [f"ping-pong {cell}: ratio {cell.ratio_by_rank():.3f}, above {LATENCY_RATIO_MOST}"
            for cell in cells if cell.ratio_by_rank() > LATENCY_RATIO_MOST]


def fanin(args):
    cells = [FanIn(args, "unix", FANIN_SIZE, pin) for pin in args.pin]
    measure(cells, args)
    print_table(f"Throughput with {FANIN_CLIENTS} clients and an epoll server", cells, args)
    return [f"fan-in {words}" for words in too_slow(cells)]


def memory_rings(args):
    missed = []
    for layout, words in RING_LAYOUTS.items():
        cells = [Ring(args, transport, size, pin, copies, layout) for pin in args.pin
                 for transport in RINGS for copies in (False, True) for size in args.sizes]
        measure(cells, args)
        print_table(f"Throughput of rings, beside {words},", cells, args)
        missed += [f"rings {cell}: ratio {cell.ratio():.3f}, below {RING_RATIO_LEAST}"
                   for cell in cells if cell.layout == "ring" and cell.pin == "split"
                   and cell.ratio() < RING_RATIO_LEAST]
    flags = [Flags(args, "shm-spin", PINGPONG_SIZE, pin) for pin in args.pin if pin != "none"]
    measure(flags, args)
    print_table("Median round trip, beside two flags alone,", flags, args)
    return missed + [f"flags {cell}: ratio {cell.ratio():.3f}, above {FLAGS_RATIO_MOST}"
                     for cell in flags if cell.pin == "split"
                     and cell.ratio() > FLAGS_RATIO_MOST]


def splice(args):
    cells = [Splice(args, transport, pin, large) for pin in args.pin
             for transport in SPLICE_TRANSPORTS for large in (False, True)]
    measure(cells, args)
    print_table("Throughput of lent pages", cells, args)
    return too_slow(cells)
