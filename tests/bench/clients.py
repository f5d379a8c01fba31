"""clients.py - what a server costs by its number of clients and by how it serves them: the
part clients of bench.py."""

import statistics

from trials import run, shown_size

SERVERS = ["thread", "process", "select", "poll", "epoll"]
TRANSPORTS = ["unix", "udp"]
COUNTS = [1, 10, 100, 1000]
SIZE = 4096
TIMEOUT_S = 3600
UNKNOWN = "-"


def median(summary, key, per=1.0, digits=2):
    """A statistic of a summary as text."""
    figure = summary[key]
    return UNKNOWN if figure is None else f"{figure['median'] / per:.{digits}f}"


def peak(case):
    peaks = [trial["receiver"]["peak_rss_bytes"] for trial in case["trials"]]
    known = [bytes_ for bytes_ in peaks if bytes_ is not None]
    return f"{statistics.median(known) / 2**20:.1f}" if known else UNKNOWN


COLUMNS = {
    "GB/s": lambda case: median(case["summary"], "throughput_bytes_per_second", 1e9),
    "server CPU ns a message":
        lambda case: median(case["summary"], "receiver_cpu_ns_per_message", digits=0),
    "switches a message":
        lambda case: median(case["summary"], "context_switches_per_message", digits=3),
    "fairness": lambda case: median(case["summary"], "fairness_ratio", digits=3),
    "server peak MiB": peak,
}


def row(case):
    figures = [shown(case) if case["status"] == "ok" else UNKNOWN
               for shown in COLUMNS.values()]
    return "| " + " | ".join([f"{case['clients']:,}", case["server"], *figures]) + " |"


def print_table(transport, cases, args):
    print(f"\nFan-in over {transport}, {shown_size(SIZE)} messages, {args.trials} trials of "
          f"{args.duration}, medians; switches of both ends; fairness is Jain's index:\n")
    print("| clients | server | " + " | ".join(COLUMNS) + " |")
    print("|--:|---|" + "--:|" * len(COLUMNS))
    for case in sorted(cases, key=lambda case: case["clients"]):
        print(row(case))
    for case in cases:
        if case["status"] != "ok":
            print(f"\n{case['name']} {case['status']}: {case['reason']}")


def clients(args):
    transports = [name for name in args.transports if name in TRANSPORTS]
    cases = run(args, ["-p", "fan-in", "-c", ",".join(map(str, args.counts)), "--server",
                       ",".join(args.servers), "-s", str(SIZE), "-r", str(args.trials), "-d",
                       args.duration, *transports], TIMEOUT_S)
    for transport in transports:
        print_table(transport, [case for case in cases if case["transport"] == transport],
                    args)
    return [f"{case['name']}: {case['reason']}" for case in cases
            if case["status"] == "failed"]
