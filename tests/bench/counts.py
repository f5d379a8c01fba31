#!/usr/bin/python3
"""counts.py PART [OPTION...] - what `ipcmark count` finds, and what it does not, as a Markdown
table of verdicts by case. Figures do not depend on the load of the machine.

options  two words for the kernel that make memory cheaper, each against the kernel as it is
same     each two of --runs reports of three boots each: whatever changed is a false alarm
longer   each of these reports against each of a program with --longer more instructions in every
         call that sends (longer.c), two of which a round trip has

Boots are those of different seeds: the same boot gives the same figures, and would prove nothing.
"""

import argparse
import collections
import copy
import itertools
import json
import os
import subprocess
import sys
import tempfile

SEEDS = 3
RUN = ["-p", "ping-pong", "-s", "64", "pipe-pair", "unix", "tcp"]
OPTIONS = ["init_on_alloc=0", "hardened_usercopy=off"]


def call(command):
    """What it prints; statuses from 2 on are no verdict but a failure."""
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    if done.returncode > 1 or not done.stdout:
        raise SystemExit(f"{' '.join(command)}: status {done.returncode}")
    return json.loads(done.stdout)


def count(program, seeds, *words, run=()):
    return call([program, "count", "--seeds", str(seeds), "--json", "-", *words, "--",
                 *(run or RUN)])


def split(report):
    """Reports of SEEDS boots each."""
    parts = []
    for first in range(0, report["settings"]["rounds"], SEEDS):
        part = copy.deepcopy(report)
        for case in part["cases"]:
            case["trials"] = [dict(trial, round=trial["round"] - first) for trial in case["trials"]
                              if first <= trial["round"] < first + SEEDS]
        part["references"]["rounds"] = []
        part["settings"]["rounds"] = SEEDS
        parts.append(part)
    return parts


def compare(program, base, fresh):
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, name) for name in ("base.json", "new.json")]
        for path, report in zip(paths, (base, fresh)):
            with open(path, "w", encoding="utf-8") as file:
                json.dump(report, file)
        return call([program, "compare", "--json", "-", *paths])["results"]


def show_options(args):
    print("| words | case | instructions | change | range of seeds | verdict |\n"
          "|---|---|--:|--:|--:|---|")
    for words in OPTIONS:
        run = ["-p", "ping-pong", "-s", "64,4K", "pipe-pair", "unix"]
        results = count(args.program, SEEDS, "--append-b", words, run=run)["results"]
        for row in sorted(results, key=lambda row: row["case"]):
            print(f"| `{words}` | `{row['case']}` | {row['base']['median']:,.0f} | "
                  f"{(row['ratio'] - 1) * 100:+.2f} % | {(row['ratio_low'] - 1) * 100:+.2f} .. "
                  f"{(row['ratio_high'] - 1) * 100:+.2f} % | {row['verdict']} |", flush=True)


def show_verdicts(args):
    boots = SEEDS * args.runs
    base = split(count(args.longer_program, boots))
    pairs = itertools.combinations(base, 2)
    if args.part == "longer":
        pairs = itertools.product(base, split(
            count(args.longer_program, boots, "--append", f"IPM_LONGER={args.longer}")))
    show_pairs(args.program, pairs)


def show_pairs(program, pairs):
    found = collections.defaultdict(collections.Counter)
    changes = collections.defaultdict(list)
    for one, other in pairs:
        for row in compare(program, one, other):
            found[row["case"]][row["verdict"]] += 1
            changes[row["case"]].append((row["ratio"] - 1) * 100)
    print("| case | change | regressed | improved | same | undecided |\n|---|--:|--:|--:|--:|--:|")
    for case, verdicts in sorted(found.items()):
        counts = " | ".join(str(verdicts[word]) for word in
                            ("regressed", "improved", "same", "undecided"))
        print(f"| `{case}` | {min(changes[case]):+.2f} .. {max(changes[case]):+.2f} % | {counts} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=("options", "same", "longer"))
    parser.add_argument("--build", default="build")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--longer", type=int, default=100)
    args = parser.parse_args()
    args.program = os.path.join(args.build, "ipcmark")
    args.longer_program = os.path.join(args.build, "tests", "ipcmark_longer")
    if args.part == "options":
        show_options(args)
    else:
        show_verdicts(args)


if __name__ == "__main__":
    sys.exit(main())
