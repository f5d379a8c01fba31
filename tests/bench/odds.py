#!/usr/bin/python3
"""odds.py [--samples N] - what the rule of `ipcmark gate` finds, and how often it cries wolf, by
simulation, as a Markdown table. A history of 10 runs; a new run, and the second measurement of
what it makes suspect, by the rule in src/app/commands/README.md. Half of the variance of a run
is common to all cases. Both measurements together have the error of one run. "Together": all that makes a run differ lasts until the second measurement;
"apart": nothing of it does. "Outliers": one run in ten is 5 % slower in all cases."""

import argparse

import numpy
from scipy.stats import t as student

RUNS, THRESHOLD, ALPHA, PLANTED = 10, numpy.log(1.02), 0.01, 0.05
MEDIAN_ERROR = 1.2533
SPREADS = (0.003, 0.005, 0.01, 0.015, 0.02, 0.03)


def runs(rng, shape, spread, outliers):
    """The values of runs in all their cases, as logarithms."""
    common = rng.standard_normal((shape[0], 1))
    noise = spread * (common + rng.standard_normal(shape)) / numpy.sqrt(2)
    return noise + 0.05 * (rng.random((shape[0], 1)) < outliers)


def holm(p, suspects):
    """Probabilities with Holm's correction over the suspects; 1 for all others."""
    p = numpy.where(suspects, p, 1)
    order = numpy.argsort(p, 1)
    left = numpy.maximum(suspects.sum(1, keepdims=True) - numpy.arange(p.shape[1]), 1)
    corrected = numpy.maximum.accumulate(numpy.take_along_axis(p, order, 1) * left, 1)
    whole = numpy.empty_like(p)
    numpy.put_along_axis(whole, order, corrected, 1)
    return whole


def share_failed(rng, shape, spread, outliers, together, planted):
    """In how many of the runs something regressed; planted is in the first case."""
    history = numpy.stack([runs(rng, shape, spread, outliers) for _ in range(RUNS)])
    first = runs(rng, shape, spread, outliers)
    second = first.copy() if together else runs(rng, shape, spread, outliers)
    centre, differ = numpy.median(history, 0), history.std(0, ddof=1)
    first[:, 0] += planted
    second[:, 0] += planted
    both = (first + second) / 2 - centre
    error = differ * numpy.hypot(MEDIAN_ERROR / numpy.sqrt(RUNS), 1)
    suspects = first - centre > THRESHOLD / 2
    failed = suspects & (holm(student.sf(both / error, RUNS - 1), suspects) < ALPHA)
    failed &= (both > THRESHOLD) & (second - centre > THRESHOLD / 2)
    return (failed[:, 0] if planted else failed.any(1)).mean()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=4000)
    samples = parser.parse_args().samples
    rng = numpy.random.default_rng(16)
    print("| gated | outliers | spread of runs | found, apart | found, together |"
          " wrong, apart | wrong, together |\n|--:|---|--:|--:|--:|--:|--:|")
    for gated in (6, 60):
        for outliers in (0, 0.1):
            for spread in SPREADS:
                shares = [share_failed(rng, (samples, gated), spread, outliers, together, planted)
                          for planted in (PLANTED, 0) for together in (False, True)]
                print(f"| {gated} | {'one in ten' if outliers else 'none'} | {spread:.1%} | "
                      + " | ".join(f"{share:.1%}" for share in shares) + " |")


if __name__ == "__main__":
    main()
