"""Compares the lines of the cost model with SciPy's least squares of no negative coefficients.

usage: fit_scipy.py FIT_CLI

The times are those of random models with noise; a part falls with the size, so that a
coefficient would be negative.
"""

import random
import subprocess
import sys

import numpy
from scipy.optimize import nnls


def random_series(source):
    sizes = sorted(source.sample(range(1, 1 << 20), source.randint(3, 12)))
    fixed, per_byte = 10 ** source.uniform(0, 6), 10 ** source.uniform(-4, 1)
    kind = source.randrange(4)
    times = [(fixed * (kind != 1) + per_byte * n * (kind != 2)) * source.uniform(0.9, 1.1)
             for n in sizes]
    return sizes, sorted(times, reverse=True) if kind == 3 else times


def expected(sizes, times):
    rows = numpy.array([[1 / t, n / t] for n, t in zip(sizes, times)])
    scale = numpy.linalg.norm(rows, axis=0)  # nnls has an absolute tolerance
    line = nnls(rows / scale, numpy.ones(len(times)))[0] / scale
    return *line, max(abs(rows @ line - 1))


def main():
    source = random.Random(20261128)
    series = [random_series(source) for _ in range(1000)]
    text = "".join(" ".join(f"{n} {t!r}" for n, t in zip(*one)) + "\n" for one in series)
    done = subprocess.run(sys.argv[1:2], input=text, capture_output=True, text=True, check=True)
    lines = [[float(word) for word in line.split()] for line in done.stdout.splitlines()]
    models = wrong = 0
    for one, (regimes, *ours) in zip(series, lines, strict=True):
        theirs = expected(*one)
        models += regimes == 1
        wanted = theirs if regimes else (0, 0, theirs[2])
        if (regimes == 1) != (theirs[2] <= 0.15) or not numpy.allclose(ours, wanted, rtol=1e-6):
            wrong += 1
            print(f"{one}: {ours}, not {wanted}")
    print(f"{len(lines)} series compared, {models} models, {wrong} differences")
    sys.exit(1 if wrong or models < 100 else 0)


if __name__ == "__main__":
    main()
