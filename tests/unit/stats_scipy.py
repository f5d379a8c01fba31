"""Compares the statistics of the library with those of NumPy and SciPy.

usage: stats_scipy.py STATS_CLI

The lists come from a fixed seed: short and long, with ties, constant, far from zero, with
unknown values among them, and one for every length that the order statistics must hold for.
"""

import math
import random
import subprocess
import sys

import numpy
from scipy.stats import binom

FIELDS = ("count", "median", "ci95_low", "ci95_high", "mean", "stddev", "min", "max")
EXACT = ("count", "ci95_low", "ci95_high", "min", "max")
KINDS = (
    lambda r: r.gauss(0, 1),
    lambda r: float(r.randint(0, 5)),
    lambda r: r.lognormvariate(20, 0.1),
    lambda r: 1e12 + r.random(),
    lambda r: r.choice((math.nan, r.random())),
)


def random_list(source):
    count = source.randint(1, 60)
    kind = source.randrange(len(KINDS) + 1)
    if kind == len(KINDS):
        return [source.uniform(-1e9, 1e9)] * count
    return [KINDS[kind](source) for _ in range(count)]


def all_lists():
    source = random.Random(20231123)
    lists = [random_list(source) for _ in range(1000)]
    for count in (61, 100, 999, 1074, 1075, 1076, 2000, 9999, 10000):
        lists.append([float(i) for i in source.sample(range(count), count)])
    return lists


def expected(values):
    known = sorted(v for v in values if not math.isnan(v))
    count = len(known)
    if count == 0:
        return dict.fromkeys(FIELDS, math.nan) | {"count": 0}
    rank = int(binom.ppf(0.025, count, 0.5))
    return {
        "count": count,
        "median": numpy.median(known),
        "ci95_low": known[rank - 1] if rank else math.nan,
        "ci95_high": known[count - rank] if rank else math.nan,
        "mean": math.fsum(known) / count,
        "stddev": numpy.std(known, ddof=1) if count > 1 else math.nan,
        "min": known[0],
        "max": known[-1],
    }


def agree(field, ours, theirs, values):
    if math.isnan(theirs) or math.isnan(ours):
        return math.isnan(theirs) and math.isnan(ours)
    if field in EXACT:
        return ours == theirs
    scale = max(abs(v) for v in values if not math.isnan(v))
    return math.isclose(ours, theirs, rel_tol=1e-12, abs_tol=1e-14 * scale)


def main():
    lists = all_lists()
    text = "".join(" ".join(map(repr, values)) + "\n" for values in lists)
    done = subprocess.run(sys.argv[1:2], input=text, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    if len(lines) != len(lists):
        sys.exit(f"{len(lists)} lists went in, {len(lines)} statistics came out")
    wrong = 0
    for values, line in zip(lists, lines):
        ours = dict(zip(FIELDS, map(float, line.split())))
        theirs = expected(values)
        for field in FIELDS:
            if not agree(field, ours[field], theirs[field], values):
                wrong += 1
                print(f"n = {len(values)}: {field} is {ours[field]!r}, not {theirs[field]!r}")
    print(f"{len(lists)} lists compared, {wrong} differences")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
