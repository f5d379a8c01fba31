"""steady.py IN.json OUT.json FACTOR [SECONDS] - makes the trials of a report as steady as no
machine is: every throughput is FACTOR GB/s and the CPU time of each side 500 ns / FACTOR per
message, up to a wobble that is the same every time; no trial is contended, and the reference measurements are alike in every round. SECONDS are added to when it was run. For the cases."""

import datetime
import json
import sys

SECOND = 10 ** 9


def steady(report, factor, seconds):
    for case in report["cases"]:
        for number, trial in enumerate(case["trials"]):
            speed = factor * (1 + 0.002 * (number % 3 - 1))
            rate = speed * 1e9
            trial["contended"] = False
            trial["null_syscall_ns"] = 150
            for side, count in (("sender", "sent"), ("receiver", "received")):
                trial[side]["user_ns"] = round(trial[count]["messages"] * 500 / speed)
                trial[side]["system_ns"] = 0
            trial["elapsed_ns"] = max(1, round(trial["received"]["bytes"] * SECOND / rate))
    for row in report["references"]["rounds"]:
        row["null_syscall_ns"], row["null_transport_ns_per_message"] = 150, 1.5
        row["core_to_core_ns"] = 120
        row["memcpy_bytes_per_second"] = {key: 5e10 for key in row["memcpy_bytes_per_second"]}
    started = datetime.datetime(2026, 1, 1) + datetime.timedelta(seconds=seconds)
    report["run"]["started_at"] = started.strftime("%Y-%m-%dT%H:%M:%SZ")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        report = json.load(file)
    steady(report, float(sys.argv[3]), int(sys.argv[4]) if len(sys.argv) > 4 else 0)
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump(report, file)


if __name__ == "__main__":
    main()
