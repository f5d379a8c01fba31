"""The report's statistics, computed again from its own trials in another language."""
import json
import math
import os
import statistics
import subprocess
import sys

import harness


def ranks(count):
    """The order statistics of a 95 % interval of the median, from the binomial's tail."""
    below, rank = 0.0, 0
    while below + math.comb(count, rank) * 0.5 ** count <= 0.025:
        below += math.comb(count, rank) * 0.5 ** count
        rank += 1
    return rank


def statistic(values):
    values = sorted(value for value in values if value is not None)
    count = len(values)
    if not count:
        return {"median": None, "count": 0}
    rank = ranks(count)
    return {
        "median": statistics.median(values),
        "ci95_low": values[rank - 1] if rank else None,
        "ci95_high": values[count - rank] if rank else None,
        "mean": statistics.fmean(values),
        "stddev": statistics.stdev(values) if count > 1 else None,
        "min": values[0], "max": values[-1], "count": count,
    }


def ratio(a, b):
    return None if a is None or b is None or b == 0 else a / b


def cpu(end):
    return end["user_ns"] + end["system_ns"]


def throughput(trial):
    return trial["received"]["bytes"] / trial["elapsed_ns"] * 1e9


def wire_overhead(trial):
    wire = trial["wire"]
    if not wire:
        return None
    once = wire["payload_bytes"] - wire["retransmitted_bytes"]
    return ratio(wire["header_bytes"] + wire["retransmitted_bytes"], once)


def switches(trial):
    return sum(trial[end][kind] for end in ("sender", "receiver")
               for kind in ("voluntary_switches", "involuntary_switches"))


# What two cases have in common that are compared: all but the transport.
CONDITIONS = ("pattern", "message_bytes", "framing", "io", "clients", "server", "batch",
              "think_ns", "buffer_bytes", "pin", "wait", "verify")


def pipe_of(report, case):
    """The trials of the pipe under the same conditions, by round: their throughput."""
    for other in report["cases"]:
        if other["transport"] == "pipe" and other["status"] == "ok" and all(
                other[key] == case[key] for key in CONDITIONS):
            return {t["round"]: throughput(t) for t in other["trials"]}
    return {}


def flow_rate(flow):
    return flow["bytes"] / flow["elapsed_ns"] * 1e9 if flow["bytes"] else 0


def way(case, index):
    return lambda t: flow_rate(t["flows"][index]) if case["pattern"] == "duplex" else None


def of_clients(case, figure):
    """A figure of the rates of all clients, where there are some."""
    return lambda t: figure([flow_rate(f) for f in t["flows"]]) if case["server"] else None


def jain(rates):
    return ratio(sum(rates) ** 2, len(rates) * sum(rate * rate for rate in rates))


def answers(case, connects):
    def rate(trial):
        if not trial["latency_ns"] or (case["pattern"] == "connect") != connects:
            return None
        return trial["latency_ns"]["count"] / trial["elapsed_ns"] * 1e9
    return rate


def framing(case):
    if case["framing"] == "none":
        return lambda t: None
    return lambda t: ratio(t["framing_bytes"], t["received"]["bytes"])


def cpus_busy(case):
    """Of an end that is pinned, at most its CPU; of two ends on one CPU, that one."""
    pinned = [case[end] is not None for end in ("sender_cpu", "receiver_cpu")]
    most = 1 if all(pinned) and case["sender_cpu"] == case["receiver_cpu"] else math.inf

    def busy(trial):
        ends = [ratio(cpu(trial[end]), trial["elapsed_ns"]) for end in ("sender", "receiver")]
        if None in ends:
            return None
        return min(most, sum(min(end, 1) if bound else end for end, bound in zip(ends, pinned)))
    return busy


def metrics(report, case):
    """Each metric of one case as a list over its trials."""
    size = str(case["message_bytes"])
    memcpy = {row["round"]: row["memcpy_bytes_per_second"].get(size)
              for row in report["references"]["rounds"]}
    pipes = pipe_of(report, case)
    if case["pattern"] == "connect":
        memcpy = pipes = {}  # it moves no stream that could be compared
    each = {
        "throughput_bytes_per_second": throughput,
        "messages_per_second": lambda t: t["received"]["messages"] / t["elapsed_ns"] * 1e9,
        "sender_cpu_ns_per_message": lambda t: ratio(cpu(t["sender"]), t["sent"]["messages"]),
        "receiver_cpu_ns_per_message":
            lambda t: ratio(cpu(t["receiver"]), t["received"]["messages"]),
        "cpu_ns_per_byte":
            lambda t: ratio(cpu(t["sender"]) + cpu(t["receiver"]), t["received"]["bytes"]),
        "cpus_busy_ratio": cpus_busy(case),
        "calls_per_message":
            lambda t: ratio(t["sent"]["calls"] + t["received"]["calls"], t["sent"]["messages"]),
        "context_switches_per_message": lambda t: ratio(switches(t), t["sent"]["messages"]),
        "setup_ns": lambda t: t["setup_ns"],
        "loss_ratio": lambda t: ratio(t["lost_messages"], t["sent"]["messages"]),
        "memcpy_ratio": lambda t: ratio(throughput(t), memcpy.get(t["round"])),
        "pipe_ratio": lambda t: ratio(throughput(t), pipes.get(t["round"])),
        "wire_overhead_ratio": wire_overhead,
        "framing_overhead_ratio": framing(case),
        "round_trips_per_second": answers(case, False),
        "connections_per_second": answers(case, True),
        "forward_bytes_per_second": way(case, 0),
        "backward_bytes_per_second": way(case, 1),
        "client_bytes_per_second": of_clients(case, statistics.fmean),
        "fairness_ratio": of_clients(case, jain),
    }
    return {name: statistic([f(t) for t in case["trials"]]) for name, f in each.items()}


# Of ten thousand, since 0.9 is no binary fraction.
QUANTILES = {"p50": 5000, "p90": 9000, "p99": 9900, "p99_9": 9990, "p99_99": 9999}


def width(lower):
    """Of the bucket that begins there: 64 to a power of two, and none narrower than 1."""
    return max(1, 2 ** (lower.bit_length() - 7))


def rows(latency):
    """The histogram as (lower, upper, count), after a look at whether it is one."""
    histogram = latency["histogram"]
    found = list(zip(histogram["lower_ns"], histogram["upper_ns"], histogram["count"]))
    assert len({len(array) for array in histogram.values()}) == 1
    for lower, upper, count in found:
        assert upper == lower + width(lower) and lower % width(lower) == 0 and count > 0
    assert found == sorted(found) and sum(count for _, _, count in found) == latency["count"]
    return found


def figures(latencies):
    """What a list of latencies with their histograms says together."""
    counts = {}
    for latency in latencies:
        for lower, upper, count in rows(latency):
            counts[lower, upper] = counts.get((lower, upper), 0) + count
    result = {"count": sum(counts.values()), "min": min(t["min"] for t in latencies),
              "max": max(t["max"] for t in latencies)}
    result["mean"] = sum(round(t["mean"] * t["count"]) for t in latencies) / result["count"]
    for name, share in QUANTILES.items():
        rank, below = max(1, -(-share * result["count"] // 10000)), 0
        for (lower, upper), count in sorted(counts.items()):
            below += count
            if below >= rank:
                break
        middle = (lower + upper - 1) / 2
        result[name] = min(max(middle, result["min"]), result["max"])
    return result


def same(a, b):
    if a is None or b is None:
        return a is b
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)


def patterns(program):
    listed = subprocess.run([program, "list", "patterns", "--json"], check=True, timeout=60,
                            stdout=subprocess.PIPE).stdout
    return [row["name"] for row in json.loads(listed)["patterns"]]


# One of each kind: the figures of the others come out of the same code.
TRANSPORTS = ("pipe", "pipe-pair", "unix", "unix-dgram", "tcp", "udp", "shm-ring", "sysv-mq")


def measured(program, folder, *arguments):
    path = os.path.join(folder, "report.json")
    subprocess.run([program, "run", "-q", "--json", path, "-w", "0", "-d", "1ms", *arguments,
                    *TRANSPORTS], check=True, timeout=200)
    with open(path) as file:
        report = json.load(file)
    assert not [case["name"] for case in report["cases"] if case["status"] == "failed"]
    return report


def compare(case, name, given, expected):
    for key, value in expected.items():
        assert same(given[key], value), (case["name"], name, key, given[key], value)
    return len(expected)


def compared(report):
    """How many figures of the summaries were found again."""
    done = 0
    for case in report["cases"]:
        for name, expected in metrics(report, case).items():
            given = case["summary"][name]
            if given is None:
                assert expected["count"] == 0, (case["name"], name)
            else:
                done += compare(case, name, given, expected)
    return done


def latencies_compared(report):
    done = 0
    for case in report["cases"]:
        timed = [t["latency_ns"] for t in case["trials"] if t["latency_ns"]]
        assert (case["summary"]["latency_ns"] is None) == (not timed), case["name"]
        for latency in timed:
            done += compare(case, "trial", latency, figures([latency]))
        if timed:
            done += compare(case, "summary", case["summary"]["latency_ns"], figures(timed))
    return done


def test_every_statistic_follows_from_the_trials(program, folder):
    report = measured(program, folder, "-r", "7", "--pin", "none,same", "-s", "64,4K")
    assert compared(report) > 1000


def test_so_does_every_statistic_of_every_pattern_and_framing(program, folder):
    names = patterns(program)
    report = measured(program, folder, "-r", "2", "-p", ",".join(names), "-s", "64",
                      "--framing", "none,length", "--clients", "1,3", "--server", "thread,epoll")
    assert {case["pattern"] for case in report["cases"]} == set(names)
    assert compared(report) > 1000
    assert latencies_compared(report) > 100
    for case in report["cases"]:
        flows = {"duplex": 2}.get(case["pattern"], case["clients"] if case["server"] else 0)
        assert {len(t["flows"]) for t in case["trials"]} <= {flows}, case["name"]


def test_the_ends_name_each_other(program, folder):
    """Four-tuple, two-tuples, path and unnamed client, inode: the two sides agree."""
    path = os.path.join(folder, "report.json")
    subprocess.run([program, "run", "-q", "--json", path, "-r", "1", "-w", "0", "-d", "3ms",
                    "-s", "64", "all"], check=True, timeout=200)
    with open(path) as file:
        ends = {case["transport"]: case["endpoints"] for case in json.load(file)["cases"]}
    for transport in ("tcp", "udp"):
        sender, receiver = ends[transport]["sender"], ends[transport]["receiver"]
        assert sender["local_address"] == receiver["local_address"] == "127.0.0.1"
        assert sender["local_port"] == receiver["peer_port"] != sender["peer_port"]
        assert sender["peer_port"] == receiver["local_port"]
    unix = ends["unix"]
    assert unix["sender"]["local_path"] == unix["receiver"]["peer_path"] != ""
    assert unix["sender"]["peer_path"] == unix["receiver"]["local_path"] == ""
    assert unix["sender"]["local_path"].startswith(os.environ["TMPDIR"])
    assert ends["pipe"]["sender"] == ends["pipe"]["receiver"] != {}
    pair = ends["pipe-pair"]
    assert pair["sender"]["tx_pipe_inode"] == pair["receiver"]["rx_pipe_inode"]


if __name__ == "__main__":
    harness.main(sys.modules[__name__])
