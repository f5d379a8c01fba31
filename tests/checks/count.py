"""count.py JUNIT - how many tests a CTest run had: prints what failed, what was skipped and why,
and "N passed, N failed" last.

JUNIT is what `ctest --output-junit` wrote. A CTest test that is a whole Criterion or
unittest program, or prints "N passed, N failed" itself, counts as the tests inside it;
any other one counts as one. A test that is skipped without a reason has failed. Exit status 1
when something failed or nothing ran.
"""

import re
import sys
import xml.etree.ElementTree as ElementTree

CRITERION = re.compile(r"Tested: *(\d+) *\| *Passing: *(\d+) *\| *Failing: *(\d+)"
                       r" *\| *Crashing: *(\d+)")
UNITTEST = re.compile(r"^Ran (\d+) tests? in ", re.MULTILINE)
UNITTEST_BAD = re.compile(r"(?:failures|errors|unexpected successes)=(\d+)")
UNITTEST_SKIPPED = re.compile(r"^(?:OK|FAILED) \(.*\bskipped=(\d+)", re.MULTILINE)
PLAIN = re.compile(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", re.MULTILINE)
# What tests/support/criterion_main.c says, and what our own programs print.
SKIPPED = re.compile(r"^(?:\[SKIP\] ([^:]+::[^:]+)|skipped(?: ([^:]+))?): (.+)$", re.MULTILINE)
COLOUR = re.compile(r"\x1b?\[[0-9;]*m")
# What CTest escapes as it likes and XML 1.0 forbids: colours of a test's output.
CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def inner(text):
    """(passed, failed) of the tests inside one CTest test, or None when it is one test."""
    synopses = CRITERION.findall(text)
    if synopses:
        tested = sum(int(found[0]) for found in synopses)
        passing = sum(int(found[1]) for found in synopses)
        return passing, tested - passing
    ran = UNITTEST.search(text)
    if ran:
        tail = text[ran.end():]
        bad = sum(int(number) for number in UNITTEST_BAD.findall(tail))
        skipped = sum(int(number) for number in UNITTEST_SKIPPED.findall(tail))
        return max(int(ran.group(1)) - bad - skipped, 0), bad
    plain = PLAIN.findall(text)
    if plain:
        return int(plain[-1][0]), int(plain[-1][1])
    return None


def is_skipped(case):
    """Whether a test that did not run was meant not to."""
    skipped = case.find("skipped")
    return case.get("status") == "disabled" or (
        skipped is not None and skipped.get("message", "").startswith("SKIP_"))


def reasons_of(case, text):
    """Why it, or what is inside it, was skipped: words, each with its name."""
    return [": ".join(word for word in (case.get("name"), *found) if word)
            for found in SKIPPED.findall(text)]


def weigh(case):
    """(passed, failed, reasons) of one CTest test. CTest's own verdict has the last word:
    a program that ran no test, or died after its last one, has failed."""
    text = COLOUR.sub("", case.findtext("system-out") or "")
    reasons = reasons_of(case, text)
    if is_skipped(case):
        return 0, 0 if reasons else 1, reasons
    good = case.get("status") == "run"
    counts = inner(text)
    if counts is None:
        return (1, 0, reasons) if good else (0, 1, reasons)
    passed, failed = counts
    if failed == 0 and (not good or passed == 0 and not reasons):
        failed = 1
    return passed, failed, reasons


def read(path):
    try:
        with open(path, "rb") as file:
            text = CONTROL.sub(b"", file.read()).decode("utf-8", "replace")
        return list(ElementTree.fromstring(text.split("?>", 1)[-1]).iter("testcase"))
    except (OSError, ElementTree.ParseError) as error:
        print(f"count.py: {path}: {error}", file=sys.stderr)
        return []


def main(path):
    passed, failed, skipped = 0, 0, []
    for case in read(path):
        good, bad, reasons = weigh(case)
        passed, failed, skipped = passed + good, failed + bad, skipped + reasons
        if bad:
            print(f"failed: {case.get('name')}: {bad} of {good + bad}")
    for words in skipped:
        print(f"skipped: {words}")
    if passed + failed == 0 and not skipped:
        failed = 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
