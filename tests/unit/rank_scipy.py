"""Compares the tests by ranks with those of SciPy.

usage: rank_scipy.py RANK_CLI

Fourteen hundred inputs from a fixed seed, from one value on, with ties and zeros and without.
Where there are ties SciPy's own tests are not exact: its permutation_test goes through all
signs or all divisions then. The interval of a shift is of its distribution without ties.
"""

import functools
import itertools
import math
import random
import subprocess
import sys

import numpy
from scipy import stats

SMALL_SIGNED, SMALL_SUM = 11, 9  # up to here all permutations are gone through
ABOUT = {"rel_tol": 1e-9, "abs_tol": 1e-12}


def has_ties(values):
    return len(set(values)) < len(values)


def permuted(statistic, data, kind, alternative):
    return stats.permutation_test(data, statistic, permutation_type=kind, n_resamples=numpy.inf,
                                  alternative=alternative, vectorized=False).pvalue


def expected_signed(differences):
    known = [d for d in differences if d]
    if not known:
        return math.nan, math.nan, 0
    if not has_ties([abs(d) for d in known]):
        tails = [stats.wilcoxon(known, alternative=side, method="exact").pvalue
                 for side in ("greater", "less")]
        return (*tails, len(known))
    ranks = stats.rankdata(numpy.abs(known))
    sums = numpy.zeros(1)  # of all signs
    for rank in ranks:
        sums = numpy.concatenate([sums, sums + rank])
    seen = ranks[numpy.sign(known) > 0].sum()
    return (numpy.mean(sums >= seen - 1e-9), numpy.mean(sums <= seen + 1e-9), len(known))


def expected_sum(a, b):
    if not a or not b:
        return math.nan, math.nan, len(a) + len(b)
    if not has_ties(a + b):
        tails = [stats.mannwhitneyu(a, b, alternative=side, method="exact").pvalue
                 for side in ("greater", "less")]
        return (*tails, len(a) + len(b))
    both = stats.rankdata(a + b)

    def statistic(x, _y):
        return numpy.sum(x)

    data = (both[:len(a)], both[len(a):])
    if min(len(a), len(b)) < 2:  # which SciPy refuses
        seen = both[:len(a)].sum()
        sums = numpy.array([sum(one) for one in itertools.combinations(both, len(a))])
        return numpy.mean(sums >= seen - 1e-9), numpy.mean(sums <= seen + 1e-9), len(both)
    tails = [permuted(statistic, data, "independent", side) for side in ("greater", "less")]
    return (*tails, len(a) + len(b))


def list_with(u, count, other):
    """Ranks of a list of `count` among `other` more, without ties, whose U is u."""
    ranks = list(range(count))
    for i in reversed(range(count)):
        moved = min(u, other)
        ranks[i], u = ranks[i] + moved, u - moved
    return ranks


def probability(u, count, other):
    """That U is at most u where nothing is different, by SciPy."""
    ranks = list_with(u, count, other)
    rest = sorted(set(range(count + other)) - set(ranks))
    return stats.mannwhitneyu(ranks, rest, alternative="less", method="exact").pvalue


@functools.lru_cache(maxsize=None)
def outside(count, other):
    found = 0
    while found < count * other and probability(found, count, other) <= 0.025:
        found += 1
    return found


def expected_shift(a, b):
    differences = sorted(after - before for before in a for after in b)
    k = outside(len(a), len(b))
    ends = (differences[k - 1], differences[-k]) if k else (math.nan, math.nan)
    return (numpy.median(differences), *ends)


def expected_holm(values):
    """By Holm's own words: the k-th smallest of m by m - k + 1, and none below one before."""
    order = sorted(range(len(values)), key=lambda i: values[i])
    adjusted, least = [0.0] * len(values), 0.0
    for k, i in enumerate(order):
        least = max(least, min(1.0, values[i] * (len(values) - k)))
        adjusted[i] = least
    return adjusted


def make_values(source, most_tied, most):
    tied = source.random() < 0.4
    count = source.randint(1, most_tied if tied else most)
    if tied:
        return [float(source.randint(-3, 3)) for _ in range(count)]
    return [source.gauss(0.3, 1) for _ in range(count)]


def make_sum(source):
    tied = source.random() < 0.4
    most = SMALL_SUM // 2 if tied else 20
    lists = [[float(source.randint(0, 3)) if tied else source.gauss(0, 1)
              for _ in range(source.randint(1, most))] for _ in range(2)]
    return lists


def shown(word, *lists):
    return " ".join([word, *(" ".join([str(len(one)), *map(repr, one)]) for one in lists)])


def make_inputs():
    source = random.Random(20261124)
    inputs = []
    for _ in range(400):
        values = make_values(source, SMALL_SIGNED, 45)
        inputs.append((shown("signed", values), expected_signed(values)))
    for _ in range(400):
        a, b = make_sum(source)
        inputs.append((shown("sum", a, b), expected_sum(a, b)))
        inputs.append((shown("shift", a, b), expected_shift(a, b)))
    for _ in range(200):
        values = [source.choice((source.random(), source.random() ** 6, 0.01))
                  for _ in range(source.randint(1, 40))]
        inputs.append((shown("holm", values), expected_holm(values)))
    return inputs


def agree(ours, theirs):
    return len(ours) == len(theirs) and all(
        math.isclose(a, b, **ABOUT) or (math.isnan(a) and math.isnan(b))
        for a, b in zip(ours, theirs))


def main():
    inputs = make_inputs()
    text = "".join(line + "\n" for line, _ in inputs)
    done = subprocess.run(sys.argv[1:2], input=text, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    if len(lines) != len(inputs):
        sys.exit(f"{len(inputs)} inputs went in, {len(lines)} answers came out")
    wrong = 0
    for (asked, theirs), line in zip(inputs, lines):
        ours = list(map(float, line.split()))
        if not agree(ours, theirs):
            wrong += 1
            print(f"{asked}\n  is {ours}, not {list(theirs)}")
    print(f"{len(inputs)} inputs compared, {wrong} differences")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
