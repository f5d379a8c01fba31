#!/usr/bin/python3
"""verdicts.py PART [OPTION...] [-- RUN-OPTION...] - how often verdicts are wrong, and how
often they find what is there, as a Markdown table of verdicts by case:

ab-same        `ipcmark ab` of the same thing twice: whatever changed is a false alarm
ab-slow        `ipcmark ab` against the same thing slowed by --share (10 %)
compare-same   `ipcmark compare` of two reports of a chain, made one after the other with
               --pause seconds between: each with the one that came --apart later
compare-slow   `ipcmark compare` of two reports, --pause seconds between, where the second is
               slowed by --share (20 %)

gate-same      `ipcmark gate` over a history of --history reports of the same thing
gate-slow      the same of the thing slowed by --share (5 %)

What is slowed is the parent when it sends (slow.c, preloaded), or what --kind says: its reads, both,
one more system call, copy or slow lock for each message, or ("buffer") a buffer of 4 KiB; A, or the base, has it preloaded
as well, with a share of 0. That is the true change of round trips (-p ping-pong), and of streams
on one CPU (--pin same) whose messages fill the channel.
What the noise does not allow to tell is undecided, and no error; "same" for what was slowed
is one. The last line says in how many runs any case was called wrongly. Ctrl-C ends the count and
shows the runs that were made.
"""

import argparse
import collections
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

VERDICTS = ("regressed", "improved", "same", "undecided", "insufficient", "contended",
            "machine")
DOUBTS = {"undecided", "insufficient", "contended", "machine"}
SHARES = {"ab-slow": 0.10, "compare-slow": 0.20, "gate-slow": 0.05}
GATE_ROUNDS = ("-r", "60", "-d", "20ms")  # of gate itself, for the reports of its history
KINDS = ("write", "read", "both", "syscall", "copy", "lock", "buffer")


def call(command, environment=None):
    """What it prints; statuses from 4 on are no verdict but a failure."""
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False, env=environment)
    if done.returncode > 3 or not done.stdout:
        raise SystemExit(f"{' '.join(command)}: status {done.returncode}")
    return json.loads(done.stdout)


def slowed(args, share):
    library = os.path.join(args.build, "tests", "slow.so")
    kind = "write" if args.kind == "buffer" else args.kind
    share = 0 if args.kind == "buffer" else share
    return {"LD_PRELOAD": library, "IPM_SLOW_SHARE": str(share), "IPM_SLOW_KIND": kind}


def words(args, share):
    """The options of run; a buffer is one of them."""
    return [*args.run, *(["--buffer", "4K"] if share and args.kind == "buffer" else [])]


def prefix(args, share):
    if args.part.endswith("same"):
        return ""
    return "env " + " ".join(f"'{key}={value}'" for key, value in slowed(args, share).items())


def run_ab(args):
    return call([args.ipcmark, "ab", "-q", "--json", "-", "--blocks", str(args.blocks or 15),
                 "--threshold", args.threshold or "5%", "-m", args.metric, "--a", prefix(args, 0),
                 "--b", prefix(args, args.share),
                 "--b-options", " ".join(words(args, args.share)[len(args.run):]),
                 "--", *args.run])


def measure(args, share, target, options=()):
    more = {} if args.part.endswith("same") else slowed(args, share)
    with open(target, "w", encoding="utf-8") as file:
        json.dump(call([args.ipcmark, "run", "-q", "--json", "-", *options, *words(args, share)],
                       {**os.environ, **more}), file)


def compare(args, base, new):
    return call([args.ipcmark, "compare", "-q", "--json", "-",
                 "--threshold", args.threshold or "5%", "-m", args.metric, base, new])


def gate(args, folder, share):
    """Its comparison. What is planted is inherited by the processes that it measures."""
    more = {} if args.part.endswith("same") else slowed(args, share)
    command = [args.ipcmark, "gate", "-q", "--json", "-", "--baseline-dir", folder]
    command += ["--blocks", str(args.blocks)] if args.blocks else []
    command += ["--threshold", args.threshold] if args.threshold else []
    return call([*command, "--", *words(args, share)], {**os.environ, **more})


def run_gate(args, folder):
    """Each run is over a history of the same reports, none of which is chosen by its figures."""
    history = os.path.join(folder, "history")
    os.makedirs(history, exist_ok=True)
    while (number := len(os.listdir(history))) < args.history:
        measure(args, 0, os.path.join(history, f"{number:03}.json"), GATE_ROUNDS)
    with tempfile.TemporaryDirectory() as copy:
        shutil.copytree(history, copy, dirs_exist_ok=True)
        done = gate(args, copy, args.share)
    done["results"] = [result for result in done["results"] if result["gated"]]
    return done


def run_compare(args, folder, number):
    """Reports are numbered: those of the chain for all runs, the others two a run."""
    chained = args.part == "compare-same"
    first = number if chained else 2 * number
    last = number + args.apart if chained else first + 1
    names = [os.path.join(folder, f"{n}.json") for n in range(first, last + 1)]
    for name in names:
        if not os.path.exists(name):
            measure(args, 0 if name == names[0] else args.share, name)
            time.sleep(args.pause)
    return compare(args, names[0], names[-1])


def wrong(args, result):
    """Of what is the same, any change; of what was slowed, anything but that, and doubt. What is
    planted need not show in the CPU time of the receiver and in calls, which gate judges, too."""
    fine = {"same"} if args.part.endswith("same") else {"regressed"}
    if args.part == "gate-slow" and result["metric"] != "sender-cpu":
        fine = {"same", "regressed"}
    return result["verdict"] not in fine | DOUBTS


def table(args, runs):
    counts = collections.defaultdict(collections.Counter)
    for results in runs:
        for result in results:
            counts[result["case"], result["metric"]][result["verdict"]] += 1
    yield f"| case | metric | {' | '.join(VERDICTS)} |"
    yield "|---|---|" + "--:|" * len(VERDICTS)
    for (case, metric), count in counts.items():
        yield f"| {case} | {metric} | " + " | ".join(str(count[v]) for v in VERDICTS) + " |"
    bad = sum(any(wrong(args, result) for result in results) for results in runs)
    found = sum(any(result["verdict"] == "regressed" for result in results) for results in runs)
    yield f"\n{args.part}: {bad} of {len(runs)} runs with a wrong verdict"
    yield f"{args.part}: a regression in {found} of {len(runs)} runs"


def parse():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=["ab-same", "ab-slow", "compare-same", "compare-slow",
                                         "gate-same", "gate-slow"])
    parser.add_argument("--build", default="build")
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--blocks", type=int, help="default 15, of gate its own")
    parser.add_argument("--share", type=float, help="by how much it is slowed: 0.1")
    parser.add_argument("--pause", type=float, default=60, help="seconds between two reports")
    parser.add_argument("--apart", type=int, default=2, help="reports from base to new")
    parser.add_argument("--threshold", help="default 5%%, of gate its own")
    parser.add_argument("--kind", choices=KINDS, default="write", help="what is planted")
    parser.add_argument("--metric", default="primary", help="that ab and compare judge")
    parser.add_argument("--history", type=int, default=10, help="reports, for gate")
    parser.add_argument("--folder", help="of the reports, which are kept; those that are "
                        "there are not made again")
    typed = sys.argv[1:]
    cut = typed.index("--") if "--" in typed else len(typed)
    args = parser.parse_args(typed[:cut])
    args.run = typed[cut + 1:]
    args.build = os.path.abspath(args.build)
    args.ipcmark = os.path.join(args.build, "ipcmark")
    if args.share is None:
        args.share = SHARES.get(args.part, 0)
    return args


def main():
    args = parse()
    runs = []
    with contextlib.ExitStack() as stack, contextlib.suppress(KeyboardInterrupt):
        folder = args.folder or stack.enter_context(tempfile.TemporaryDirectory())
        os.makedirs(folder, exist_ok=True)
        for number in range(args.runs):
            if sys.stderr.isatty():
                print(f"\r\033[Krun {number + 1} of {args.runs}", end="", file=sys.stderr)
            done = (run_ab(args) if args.part.startswith("ab")
                    else run_gate(args, folder) if args.part.startswith("gate")
                    else run_compare(args, folder, number))
            runs.append(done["results"])
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr)
    print("\n".join(table(args, runs)))


if __name__ == "__main__":
    main()
