"""trials.py - running programs for bench.py, and reading figures out of ipcmark's reports."""

import json
import subprocess
import sys


def call(command, timeout=120):
    """Standard output of a command that must succeed."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=timeout, check=False)
    if done.returncode != 0:
        sys.exit(f"bench.py: {' '.join(command)}: exit status {done.returncode}\n"
                 f"{done.stderr}{done.stdout[-400:]}")
    return done.stdout


def run(args, words, timeout=120):
    """The cases of one run of ipcmark; --wait of the script is that of all which name none."""
    wait = getattr(args, "wait", None)
    if wait and "--wait" not in words:
        words = [*words, "--wait", wait]
    report = json.loads(call([args.ipcmark, "run", "-q", "--json", "-", *words], timeout))
    return report["cases"]


def run_case(args, words):
    """The one case of a run; it must be good."""
    case = run(args, words)[0]
    if case["status"] != "ok":
        sys.exit(f"bench.py: {case['name']}: {case['reason']}")
    return case


def middle(histogram):
    """The median inside its bucket, as if values lay evenly in it: what a report shows is
    the middle of a bucket, up to 0.8 % off, which is too much for a goal of 3 %."""
    half, below = sum(histogram["count"]) / 2, 0
    for lower, upper, count in zip(histogram["lower_ns"], histogram["upper_ns"],
                                   histogram["count"]):
        if below + count >= half:
            return lower + (upper - lower) * (half - below) / count
        below += count
    raise ValueError("an empty histogram has no median")


def shown_size(size):
    return f"{size} B" if size < 1024 else f"{size // 1024} KiB"
