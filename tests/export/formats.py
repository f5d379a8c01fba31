"""formats.py IPCMARK - every format of the sample reports, and of one made to harm, read back
by a parser of its kind and compared with the JSON report. Prints "N passed, N failed" last.
"""

import csv
import functools
import io
import json
import math
import os
import re
import sys
import xml.etree.ElementTree as ElementTree

import jsonschema

import documents
from clean import clean

LEADS = ("throughput_bytes_per_second", "round_trips_per_second", "connections_per_second",
         "achieved_per_second")
COSTS = ("sender_cpu_ns_per_message", "receiver_cpu_ns_per_message")
SERIES = re.compile(r'(\w+)(?:\{((?:\w+="(?:[^"\\]|\\.)*",?)*)\})? (\S+)')
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


def same(text, number):
    """Whether a field holds that number; an empty one is unknown."""
    if number is None:
        return text == ""
    return text != "" and math.isclose(float(text), number, rel_tol=1e-12, abs_tol=1e-300)


def expect(bad, fine, words):
    if not fine:
        bad.append(words)


def ok_cases(report):
    return [case for case in report["cases"] if case["status"] == "ok"]


# --- csv ---------------------------------------------------------------------------------

def trial_of_row(bad, row, trial):
    for side in ("sent", "received"):
        for key, value in trial[side].items():
            expect(bad, same(row[f"{side}_{key}"], value), f"{side}_{key} differs")
    for side in ("sender", "receiver"):
        for key in ("user_ns", "system_ns", "minor_faults", "last_cpu"):
            expect(bad, same(row[f"{side}_{key}"], trial[side][key]), f"{side}_{key} differs")
    expect(bad, same(row["elapsed_ns"], trial["elapsed_ns"]), "elapsed_ns differs")
    expect(bad, same(row["setup_ns"], trial["setup_ns"]), "setup_ns differs")
    rate = trial["received"]["bytes"] * 1e9 / trial["elapsed_ns"]
    expect(bad, same(row["throughput_bytes_per_second"], rate), "throughput differs")
    latency = trial["latency_ns"]
    for key in ("p50", "p99", "p99_9"):
        expect(bad, same(row[f"latency_{key}_ns"], latency and latency[key]), f"{key} differs")


def check_csv(report, document):
    bad, text = [], document.decode("utf-8")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    wanted = [(case, trial) for case in report["cases"] for trial in case["trials"] or [None]]
    expect(bad, len(rows) == len(wanted), f"{len(rows)} rows, not {len(wanted)}")
    expect(bad, text.count("\n") == len(rows) + 1, "a row is more than a line")
    for row, (case, trial) in zip(rows, wanted):
        expect(bad, None not in row and None not in row.values(), "a row of another length")
        expect(bad, row["case"] == clean(case["name"]), f"case {row['case']!r}")
        expect(bad, row["reason"] == clean(case["reason"]), f"reason {row['reason']!r}")
        expect(bad, row["status"] == case["status"], "status differs")
        expect(bad, same(row["buffer_bytes"], case["buffer_bytes"]), "buffer_bytes differs")
        expect(bad, row["wait"] == case["wait"], "wait differs")
        if trial is None:
            expect(bad, row["round"] == row["throughput_bytes_per_second"] == "", "not empty")
        else:
            trial_of_row(bad, row, trial)
    return bad


# --- JSON for dashboards -----------------------------------------------------------------

def leads(case):
    summary = case["summary"]
    return next(key for key in reversed(LEADS) if summary[key])


def watched(case):
    """Name and statistic (for a latency: the number) of what is charted of a case."""
    yield leads(case), case["summary"][leads(case)]
    for key in COSTS:
        if case["summary"][key]["median"] is not None:
            yield key, case["summary"][key]
    for key in ("p50", "p99"):
        if case["summary"]["latency_ns"] and not case["saturated"]:
            yield f"latency_{key}_ns", {"median": case["summary"]["latency_ns"][key],
                                        "ci95_low": None, "ci95_high": None}


def check_github_entry(bad, entry, case, key, statistic):
    expect(bad, entry["name"] == f"{case['name']} {key}", f"name {entry['name']!r}")
    expect(bad, entry["value"] == statistic["median"], f"{key}: value differs")
    expect(bad, entry["unit"] and set(entry) <= {"name", "value", "unit", "range", "extra"},
           "keys differ")
    if statistic["ci95_low"] is None:
        expect(bad, "range" not in entry, "a range that nobody knows")
    else:
        half = (statistic["ci95_high"] - statistic["ci95_low"]) / 2
        found = re.fullmatch(r"± (\S+)", entry["range"])
        expect(bad, found and math.isclose(float(found[1]), half, rel_tol=1e-8, abs_tol=1e-9),
               f"range {entry['range']!r}")


def check_github(report, document, bigger):
    bad, entries = [], json.loads(document)
    wanted = [(case, key, statistic) for case in ok_cases(report)
              for key, statistic in watched(case) if (key in LEADS) == bigger]
    expect(bad, len(entries) == len(wanted), f"{len(entries)} entries, not {len(wanted)}")
    for entry, (case, key, statistic) in zip(entries, wanted):
        check_github_entry(bad, entry, case, key, statistic)
    return bad


def check_bencher(report, document):
    bad, found = [], json.loads(document)
    expect(bad, set(found) == {case["name"] for case in ok_cases(report)}, "cases differ")
    for case in ok_cases(report):
        if sum(other["name"] == case["name"] for other in ok_cases(report)) > 1:
            continue
        wanted = {key.replace("_", "-"): value for key, value in watched(case)}
        measures = found[case["name"]]
        expect(bad, set(measures) == set(wanted), f"measures {sorted(measures)}")
        for slug, metric in measures.items():
            low = wanted[slug]["ci95_low"]
            expect(bad, re.fullmatch(r"[a-z0-9-]{1,64}", slug), f"slug {slug!r}")
            expect(bad, metric["value"] == wanted[slug]["median"], f"{slug}: value differs")
            expect(bad, metric.get("lower_value") == low, f"{slug}: lower_value differs")
    return bad


# --- Prometheus text ---------------------------------------------------------------------

def unescape(text):
    return re.sub(r"\\(.)", lambda found: {"n": "\n"}.get(found[1], found[1]), text)


def series_of(text):
    """{(name, labels): value}; a line of another form or a series twice is a ValueError."""
    found, typed = {}, set()
    for line in text.rstrip("\n").split("\n"):
        if line.startswith("# "):
            word, name, _ = line[2:].split(" ", 2)
            if (word, name) in typed:
                raise ValueError(f"{word} of {name} twice")
            typed.add((word, name))
            continue
        match = SERIES.fullmatch(line)
        if match is None or ("TYPE", match[1]) not in typed or ("HELP", match[1]) not in typed:
            raise ValueError(f"line {line!r}")
        labels = {name: unescape(value) for name, value in LABEL.findall(match[2] or "")}
        key = (match[1], tuple(sorted(labels.items())))
        if key in found:
            raise ValueError(f"series {key} twice")
        found[key] = float(match[3])
    return found


def of_case(series, name, case):
    return [value for (family, labels), value in series.items()
            if family == name and ("case", clean(case["name"])) in labels]


def check_prometheus(report, document):
    bad, text = [], document.decode("utf-8")
    series = series_of(text)
    expect(bad, text.endswith("\n"), "no line end at the end")
    firsts = {case["name"]: case for case in reversed(report["cases"])}.values()
    for case in firsts:
        expect(bad, of_case(series, "ipcmark_case_ok", case) == [case["status"] == "ok"],
               f"{case['name']}: case_ok")
        twins = [other for other in ok_cases(report) if other["name"] == case["name"]]
        if case["status"] != "ok":
            expect(bad, twins or not of_case(
                series, "ipcmark_throughput_bytes_per_second", case), "a figure of nothing")
            continue
        for suffix, key in (("", "median"), ("_ci95_low", "ci95_low")):
            value = case["summary"]["throughput_bytes_per_second"][key]
            name = f"ipcmark_throughput_bytes_per_second{suffix}"
            expect(bad, of_case(series, name, case) == ([] if value is None else [value]),
                   f"{case['name']}: {name}")
        setup = of_case(series, "ipcmark_setup_seconds", case)[0]
        expect(bad, math.isclose(setup, case["summary"]["setup_ns"]["median"] / 1e9,
                                 rel_tol=1e-12), f"{case['name']}: setup_seconds")
    return bad


# --- the others --------------------------------------------------------------------------

def check_junit(report, document):
    bad, root = [], ElementTree.fromstring(document)
    suite = root.find("testsuite")
    cases = suite.findall("testcase")
    ending = ending_of(report)
    statuses = [case["status"] for case in report["cases"]]
    expect(bad, len(cases) == len(statuses) + ending, "number of test cases differs")
    expect(bad, [case.get("name") for case in cases][:len(statuses)]
           == [clean(case["name"]) for case in report["cases"]], "names differ")
    for element, case in zip(cases, report["cases"]):
        kind = {"failed": "error", "skipped": "skipped"}.get(case["status"])
        inside = [child.tag for child in element]
        expect(bad, inside == ([kind] if kind else []), f"{inside} in a case that is not so")
        if kind:
            expect(bad, element[0].get("message") == clean(case["reason"]), "reason differs")
    for key, tag in (("errors", "error"), ("skipped", "skipped"), ("failures", "failure")):
        count = len(suite.findall(f"testcase/{tag}"))
        expect(bad, suite.get(key) == str(count), f"{key} is not {count}")
    expect(bad, suite.get("tests") == str(len(cases)), "tests differs")
    return bad


def ending_of(report):
    return report["error"] is not None or report["run"]["status"] != "complete"


def check_ktap(report, document):
    """A version, a plan, and a result for each case, with nothing behind its name but a skip."""
    bad, lines = [], document.decode("utf-8").split("\n")[:-1]
    count = len(report["cases"]) + ending_of(report)
    expect(bad, lines[:2] == ["KTAP version 1", f"1..{count}"], f"begins with {lines[:2]}")
    results = [line for line in lines[2:] if not line.startswith("# ")]
    expect(bad, len(results) == count, f"{len(results)} results, not {count}")
    for number, (line, case) in enumerate(zip(results, report["cases"]), 1):
        name = clean(case["name"]).replace("#", "?")
        wanted = ("not ok" if case["status"] == "failed" else "ok") + f" {number} {name}"
        if case["status"] == "skipped":
            wanted += " # SKIP " + clean(case["reason"]).replace("#", "?")
        expect(bad, line == wanted, f"{line!r}, not {wanted!r}")
    text = "\n".join(lines)
    for case in ok_cases(report):
        median = case["summary"][leads(case)]["median"]
        values = [float(value) for value in re.findall(rf"# {leads(case)}: (\S+) ", text)]
        expect(bad, median in values, f"{case['name']}: {median} is not there")
    return bad


SIGNAL = re.compile(r"<LAVA_SIGNAL_TESTCASE TEST_CASE_ID=([\w.-]+) RESULT=(pass|fail|skip)"
                    r"(?: UNITS=([^\s>]+) MEASUREMENT=(\d+\.\d+))?>", re.ASCII)


def check_lava(report, document):
    """Each signal is one that the dispatcher reads; each case has its result, and its figures."""
    bad, text = [], document.decode("utf-8")
    signals = [SIGNAL.fullmatch(line) for line in text.split("\n")
               if line.startswith("<LAVA_SIGNAL")]
    expect(bad, None not in signals, "a signal of another form")
    found = [signal.groups() for signal in signals if signal]
    plain = [entry for entry in found if "." not in entry[0] or entry[3] is None]
    expect(bad, len(plain) == len(report["cases"]) + ending_of(report), f"{len(plain)} results")
    wanted = sum(len(list(watched(case))) for case in ok_cases(report))
    expect(bad, sum(entry[1] == "pass" for entry in found) == wanted, "number of figures")
    for case in report["cases"]:
        name = re.sub(r"[^A-Za-z0-9_.]", "-", case["name"], flags=re.ASCII)
        result = {"ok": "pass", "failed": "fail", "skipped": "skip"}[case["status"]]
        # One letter of the name can be several bytes, each of them a dash.
        expect(bad, any(re.sub("-+", "-", entry[0]) == re.sub("-+", "-", name)
                        and entry[1] == result for entry in found), f"{name} is not {result}")
    return bad


def check_markdown(report, document):
    """Every table has as many cells in each row, and every case is named once."""
    bad, width = [], 0
    for line in document.decode("utf-8").split("\n"):
        cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
        expect(bad, not width or not cells or cells == width, f"{cells} cells, not {width}")
        width = cells
        expect(bad, "<" not in re.sub(r"</?(details|summary)>|<!-- -->", "", line),
               f"HTML in {line!r}")
    text = document.decode("utf-8")
    rows = len(re.findall(r"^\|", text, re.MULTILINE)) - 2 * text.count("| case |")
    expect(bad, rows == len(ok_cases(report)), f"{rows} rows, not {len(ok_cases(report))}")
    return bad


@functools.cache
def part_of_schema(name):
    """What checks a part of the schema: made once, since that takes longer than to check."""
    parts = documents.load("../../reports/schema.json")["$defs"]
    return jsonschema.Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": parts})


def check_jsonl(report, document):
    bad = []
    lines = [json.loads(line) for line in document.decode("utf-8").rstrip("\n").split("\n")]
    trials = sum(len(case["trials"]) for case in report["cases"])
    failed = sum(case["status"] == "failed" for case in report["cases"])
    kinds = ["start"] + ["trial"] * (trials + failed) + ["case"] * len(report["cases"]) + ["end"]
    expect(bad, [line["event"] for line in lines] == kinds, "events differ")

    def check(name, value):
        part_of_schema(name).validate(value)
    for line in lines:
        kind = line.pop("event")
        if kind == "trial" and line["trial"]:
            check("trial", line["trial"])
        if kind == "case":
            check("case", {**line, "trials": []})
        if kind == "end":
            check("run", line["run"])
            check("references", line["references"])
    expect(bad, lines[0]["cases"] == [case["name"] for case in report["cases"]], "names differ")
    return bad


CHECKS = {
    "csv": check_csv,
    "github": lambda report, document: check_github(report, document, True),
    "github-smaller": lambda report, document: check_github(report, document, False),
    "bencher": check_bencher,
    "prometheus": check_prometheus,
    "openmetrics": lambda report, document: check_prometheus(
        report, document.removesuffix(b"# EOF\n")),
    "junit": check_junit,
    "ktap": check_ktap,
    "lava": check_lava,
    "markdown": check_markdown,
    "jsonl": check_jsonl,
}


def main():
    program, passed, bad = os.path.abspath(sys.argv[1]), 0, []
    for name, report in documents.reports():
        # What ipcmark itself makes of the report: derived figures included.
        whole = json.loads(documents.export(program, report, "json"))
        for form, check in CHECKS.items():
            try:
                found = check(whole, documents.export(program, report, form))
            except (ValueError, jsonschema.ValidationError, ElementTree.ParseError) as error:
                found = [str(error)[:500]]
            passed += not found
            bad += [f"{name} as {form}: {words}" for words in found[:5]]
    return documents.conclude(passed, bad)


if __name__ == "__main__":
    sys.exit(main())
