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


def metrics(report, case):
    """Each metric of one case as a list over its trials."""
    size = str(case["message_bytes"])
    memcpy = {row["round"]: row["memcpy_bytes_per_second"][size]
              for row in report["references"]["rounds"]}
    pipe = next((c for c in report["cases"] if c["transport"] == "pipe" and c["pin"] == case["pin"]
                 and c["message_bytes"] == case["message_bytes"]), None)
    pipes = {t["round"]: throughput(t) for t in pipe["trials"]} if pipe else {}
    trials = case["trials"]
    each = {
        "throughput_bytes_per_second": throughput,
        "messages_per_second": lambda t: t["received"]["messages"] / t["elapsed_ns"] * 1e9,
        "sender_cpu_ns_per_message": lambda t: ratio(cpu(t["sender"]), t["sent"]["messages"]),
        "receiver_cpu_ns_per_message":
            lambda t: ratio(cpu(t["receiver"]), t["received"]["messages"]),
        "cpu_ns_per_byte":
            lambda t: ratio(cpu(t["sender"]) + cpu(t["receiver"]), t["received"]["bytes"]),
        "calls_per_message":
            lambda t: ratio(t["sent"]["calls"] + t["received"]["calls"], t["sent"]["messages"]),
        "context_switches_per_message": lambda t: ratio(switches(t), t["sent"]["messages"]),
        "setup_ns": lambda t: t["setup_ns"],
        "loss_ratio": lambda t: ratio(t["lost_messages"], t["sent"]["messages"]),
        "memcpy_ratio": lambda t: ratio(throughput(t), memcpy.get(t["round"])),
        "pipe_ratio": lambda t: ratio(throughput(t), pipes.get(t["round"])),
        "wire_overhead_ratio": wire_overhead,
    }
    return {name: statistic([f(t) for t in trials]) for name, f in each.items()}


def same(a, b):
    if a is None or b is None:
        return a is b
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)


def test_every_statistic_follows_from_the_trials(program, folder):
    path = os.path.join(folder, "report.json")
    subprocess.run([program, "run", "-q", "--json", path, "-r", "7", "-w", "0", "-d", "3ms",
                    "--pin", "none,same", "-s", "64,4K", "all"], check=True, timeout=200)
    with open(path) as file:
        report = json.load(file)
    compared = 0
    for case in report["cases"]:
        assert case["status"] == "ok", case["reason"]
        for name, expected in metrics(report, case).items():
            given = case["summary"][name]
            if given is None:
                assert expected["count"] == 0, (case["name"], name)
                continue
            for key, value in expected.items():
                assert same(given[key], value), (case["name"], name, key, given[key], value)
                compared += 1
    assert compared > 1000, compared


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
