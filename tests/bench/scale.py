"""scale.py [--check] IPCMARK - what reports cost that are as large as they may be: each command
over reports of growing size, made of the stored sample. Prints a table of processor time, peak
memory and size. --check instead counts the instructions of small reports, which must grow as
the reports do: exit status 1 when they grow faster."""

import argparse
import copy
import glob
import json
import os
import subprocess
import sys
import tempfile

GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "golden", "patterns.json")
COMMANDS = {"text": ["report", "--format", "text"], "html": ["report", "--format", "html"],
            "csv": ["report", "--format", "csv"], "json": ["report", "--format", "json"]}
# Name: pattern, cases, trials of each.
FULL = {"100,000 trials, 10 cases": ("stream", 10, 10_000),
        "100,000 trials, 1,000 cases": ("stream", 1_000, 100),
        "10,000 latencies": ("ping-pong", 10, 1_000),
        "100,000 latencies": ("ping-pong", 10, 10_000),
        "10,000 cases of one transport, 1 trial": ("stream", 10_000, 1),
        "10,000 cases in 5,000 groups, 1 trial": ("stream", 10_000, 1, 2)}
# Twice the size may cost so many times the instructions: commands, and both sizes. What is larger
# than 1 MiB is checked once more while it is read: of each two, both are larger or neither is.
CHECKED = {"trials": (("html", "compare"), ("stream", 1, 200), ("stream", 1, 400)),
           "cases": (("html", "compare"), ("stream", 70, 1), ("stream", 140, 1)),
           "groups": (("text", "html"), ("stream", 70, 1, 2), ("stream", 140, 1, 2)),
           "charts": (("html",), ("stream", 140, 1, 1, "think_ns"), ("stream", 280, 1, 1, "think_ns")),
           "placements": (("html",), ("stream", 140, 1, 1, "pin"), ("stream", 280, 1, 1, "pin")),
           # Many, as a walk over all trials of the report costs little for each of them.
           "cases on one CPU": (("text", "compare"), ("stream", 2_000, 1, 1, "message_bytes", "same"),
                                ("stream", 4_000, 1, 1, "message_bytes", "same"))}
GROWTH_MOST = 2.2
MEMORY_MOST_MIB = 1024


def make(path, pattern, cases, rounds, transports=1, key="message_bytes", pin="none"):
    """A group of one or two transports for each size, or for each value of another setting; one
    transport has no groups of sizes. With both ends on one CPU, slowed trials are looked for."""
    with open(GOLDEN, encoding="utf-8") as file:
        report = json.load(file)
    model = next(case for case in report["cases"]
                 if case["pattern"] == pattern and case["status"] == "ok")
    cpu = 0 if pin == "same" else model["sender_cpu"]
    model.update(pin=pin, sender_cpu=cpu, receiver_cpu=cpu)
    model["trials"] = [dict(model["trials"][i % len(model["trials"])], round=i)
                       for i in range(rounds)]
    report["settings"]["rounds"] = rounds
    report["cases"] = []
    for i in range(cases):
        case = copy.copy(model)
        number = i // transports
        case[key] = f"{number}:{number + 1}" if key == "pin" else (model[key] or 0) + number
        if i % transports == 1:
            case["transport"] = "shm-ring"
        case["name"] = f"{pattern}/{case['transport']}/{case['message_bytes']}/{key}={case[key]}"
        report["cases"].append(case)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(report, file, separators=(",", ":"))


def commands(path):
    yield from COMMANDS.items()
    yield "compare", ["compare", path]


def call(command, path):
    """(seconds of processor time, MiB at most) of a command that must not be refused."""
    pid = os.fork()
    if pid == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.execv(command[0], [*command, path])
    _, status, usage = os.wait4(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if code not in (0, 1, 3):
        sys.exit(f"{command}: status {code}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def table(ipcmark, folder):
    print("| report | MiB | " + " | ".join(name for name, _ in commands("")) +
          " | most memory, MiB |")
    print("|---" * (3 + len(COMMANDS) + 1) + "|")
    for name, size in FULL.items():
        path = os.path.join(folder, "report.json")
        make(path, *size)
        costs = [call([ipcmark, *words], path) for _, words in commands(path)]
        if max(memory for _, memory in costs) > MEMORY_MOST_MIB:
            sys.exit(f"{name}: more than {MEMORY_MOST_MIB} MiB")
        print(f"| {name} | {os.path.getsize(path) / 2**20:.0f} | " +
              " | ".join(f"{seconds:.1f} s" for seconds, _ in costs) +
              f" | {max(memory for _, memory in costs):.0f} |", flush=True)


def instructions(ipcmark, folder, words, path):
    subprocess.run(["valgrind", "--tool=cachegrind", "--cache-sim=no",
                    f"--cachegrind-out-file={folder}/out.%p", ipcmark, *words, path], check=False,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=200)
    total = 0
    for out in glob.glob(f"{folder}/out.*"):
        with open(out, encoding="utf-8") as file:
            total += sum(int(line.split()[1]) for line in file if line.startswith("summary:"))
        os.remove(out)
    return total


def check(ipcmark, folder):
    bad = 0
    for pattern, cases, rounds, *more in FULL.values():  # small ones, which must not be refused
        path = os.path.join(folder, "small.json")
        make(path, pattern, max(2, cases // 1000), max(1, rounds // 1000), *more)
        call([ipcmark, *COMMANDS["csv"]], path)
    for name, (words, *sizes) in CHECKED.items():
        paths = [os.path.join(folder, f"{i}.json") for i in range(len(sizes))]
        for path, size in zip(paths, sizes):
            make(path, *size)
        for command in words:
            few, many = (instructions(ipcmark, folder, dict(commands(path))[command], path)
                         for path in paths)
            growth = many / few if few else float("inf")
            print(f"{name}: {command}: twice as many cost {growth:.2f} times the instructions")
            bad += not growth <= GROWTH_MOST
    return bad


def main():
    parser = argparse.ArgumentParser(description="reports as large as they may be")
    parser.add_argument("ipcmark")
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ipcmark-scale-") as folder:
        if args.check:
            return 1 if check(args.ipcmark, folder) else 0
        table(args.ipcmark, folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
