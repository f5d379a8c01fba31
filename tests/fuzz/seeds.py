"""seeds.py FOLDER - writes small reports into a folder, for fuzz_report to begin with: a case of
each pattern and status, out of the golden ones. They are not in corpus/, because they follow the
schema of the report."""

import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
GOLDEN = os.path.join(HERE, "..", "golden")


def load(name):
    with open(os.path.join(GOLDEN, name), encoding="utf-8") as file:
        return json.load(file)


def seeds():
    report = load("patterns.json")
    cases = report["cases"]
    for case in {(case["pattern"], case["status"]): case for case in cases}.values():
        yield f"{case['pattern']}-{case['status']}", {**report, "cases": [case]}
    report = load("report.json")
    yield "two-cases", {**report, "cases": report["cases"][:2]}
    yield "empty", load("report-empty.json")
    yield "comparison", load("comparison-empty.json")


def main():
    os.makedirs(sys.argv[1], exist_ok=True)
    for name, document in seeds():
        with open(os.path.join(sys.argv[1], name), "w", encoding="utf-8") as file:
            json.dump(document, file, separators=(",", ":"))


if __name__ == "__main__":
    main()
