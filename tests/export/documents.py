"""documents.py - reports to export, and what ipcmark makes of them. For the tests beside it."""

import copy
import json
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
GOLDEN = os.path.join(ROOT, "tests", "golden")
SKIPPED = 77

# Whatever any of the formats gives a meaning.
HOSTILE = ("a\"b'c,d|e<f>&g\\h`i*j_k\nl\rm\tn\x1b[31mo\x7fp\u0085q\u2028r\u202es\ufffet{}=#"
           "\U0001f427 ]]> --> @name ü")


def load(name):
    with open(os.path.join(GOLDEN, name), encoding="utf-8") as file:
        return json.load(file)


def hostile():
    """The sample report with such text wherever text may stand; one case that failed
    after its first trials."""
    report = copy.deepcopy(load("report.json"))
    report["tool"]["version"] = report["tool"]["commit"] = HOSTILE[:30]
    report["error"] = HOSTILE
    report["run"]["labels"] = {"commit": HOSTILE[:40], "branch": "x", "A_9": HOSTILE[40:]}
    report["cases"][0]["status"] = "failed"
    for key in ("hostname", "kernel", "cpu_model", "virtualization"):
        report["host"][key] = HOSTILE if key != "virtualization" else HOSTILE[:20]
    for number, case in enumerate(report["cases"]):
        case["name"] = f"{HOSTILE} {number}"
        case["transport"] = HOSTILE[:9] + str(number)
        case["pattern"] = HOSTILE[9:18]
        case["reason"] = HOSTILE if case["status"] != "ok" else None
    return report


def reports():
    """(name, report) of everything that is exported in the tests, with and without labels."""
    for name in ("report.json", "patterns.json", "report-empty.json"):
        report = load(name)
        if name == "patterns.json":
            report["run"]["labels"] = {}
        yield name, report
    yield "hostile", hostile()


def export(program, report, name):
    """The bytes of the report in a format."""
    return subprocess.run([program, "report", "--format", name, "-"], check=True, timeout=60,
                          input=json.dumps(report).encode(), stdout=subprocess.PIPE).stdout


def need(*names):
    """The paths of programs; ends the test as skipped where one is missing."""
    paths = [shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin") for name in names]
    for name, path in zip(names, paths):
        if path is None:
            print(f"skipped: there is no {name} here")
            sys.exit(SKIPPED)
    return paths


def conclude(passed, bad):
    """Prints what was wrong and the counts; the exit status."""
    for words in bad:
        print(words)
    print(f"{passed} passed, {len(bad)} failed")
    return 1 if bad or not passed else 0
