"""comparisons.py IPCMARK - the page of a comparison without a browser: well-formed, closed,
readable; it says what the JSON document says, and each mark of its drawings is put back on its
axis and compared. Prints "N passed, N failed" last.
"""

import os
import re
import sys

import figures
import page
import reports
import tree
from reports import clean, documents, human

MARKERS = {"regressed": "#m4", "improved": "#m2", "same": "#m0", "undecided": "#m3",
           "insufficient": "#m6", "machine": "#m6"}
NEAR = 0.01
WANTED = {"regressed", "improved", "same", "undecided", "insufficient", "contended"}


def expect(bad, fine, words):
    if not fine:
        bad.append(words)


def shows(result):
    """Whether the change of a result is shown."""
    return result["ratio"] is not None and result["verdict"] != "contended"


def near(a, b):
    return abs(a / b - 1) <= NEAR


# --- words -------------------------------------------------------------------------------

def check_words(bad, whole, root):
    text, title = root.all("body")[0].text(), root.all("title")[0].text()
    expect(bad, whole["gate"] in title, f"title {title!r}")
    gate = root.of_class("gate")[0]
    expect(bad, whole["gate"] in gate.classes() and whole["gate"] in gate.text(), "no gate")
    sides = ("A", "B") if whole["design"] == "paired" else ("BASE", "NEW")
    expect(bad, root.all("h1")[0].text() == f"Is {sides[1]} slower than {sides[0]}?", "heading")
    top = root.all("header")[0].text()
    for run in whole["runs"]:
        expect(bad, clean(run["name"] or "as it is") in top, "a run is not named at the top")
        for key in ("name", "hostname", "kernel", "started_at"):
            expect(bad, clean(run[key] or "") in text, f"{key} of a run is not there")
    for difference in whole["differences"]:
        for key in ("what", "base", "new"):
            expect(bad, clean(difference[key] or "") in text, f"difference: no {key}")
    for case in whole["unmatched"]:
        expect(bad, human(case["case"]) in text and clean(case["reason"] or "") in text,
               f"{case['case']} is not there")
    rows = [row for box in root.all("div") if box.get("aria-labelledby") == "unmatched-table"
            for row in box.all("tbody")[0].all("tr")]
    reasons = {(case["state"], case["reason"]) for case in whole["unmatched"]}
    expect(bad, len(rows) == len(reasons), f"{len(rows)} rows for {len(reasons)} reasons")


def said(cell):
    """The name in the cell, without the note below it."""
    return "".join(part for part in cell.inside if isinstance(part, str))


def check_table(bad, whole, root):
    """Worst first, as in the document; what is the same is folded away, all else is not, and
    what has no change is in rows by reason."""
    for same, name in ((False, "changes-table"), (True, "same-table")):
        wanted = [(human(result["case"]), result["verdict"], result["metric"])
                  for result in whole["results"] if (result["verdict"] == "same") == same and shows(result)]
        found = [box for box in root.all("div") if box.get("aria-labelledby") == name]
        rows = [row.children() for box in found for row in box.all("tbody")[0].all("tr")]
        expect(bad, [(said(row[0]), row[1].text(), row[2].text()) for row in rows] == wanted,
               f"rows of {name}")
        expect(bad, all(bool(row[0].all("small")) for row in rows
                        if row[1].text() in ("undecided", "insufficient", "contended")), "no note")
        for box in found:
            folded = any(above.name == "details" for above in reports.above(box))
            expect(bad, folded == same, f"{name} is {'' if folded else 'not '}folded")
    few = [(human(result["case"]), result["verdict"], result["metric"])
           for result in whole["results"] if not shows(result)]
    rows = [row.children() for box in root.all("div") if box.get("aria-labelledby") == "few-table"
            for row in box.all("tbody")[0].all("tr")]
    told = [(name, row[1].text(), row[0].all("small")[0].text())
            for row in rows for name in row[2].text().split(", ")]
    expect(bad, sorted(told) == sorted(few), f"without a change: {told}")
    expect(bad, all(said(row[0]) for row in rows), "no reason")


# --- drawings ----------------------------------------------------------------------------

def ratio(words):
    return 1 + float(words.removesuffix(" %")) / 100


def check_mark(bad, group, result, value):
    name = human(result["case"])
    expect(bad, group.all("title")[0].text() == f"{name}: {result['verdict']}",
           f"{name} is not in its place")
    expect(bad, result["verdict"] in group.classes(), f"{name}: classes {group.classes()}")
    marks = group.all("use")
    expect(bad, len(marks) == 1, f"{name}: {len(marks)} marks")
    for mark in marks:
        expect(bad, mark.get("href") == MARKERS[result["verdict"]], f"{name}: marker")
        expect(bad, near(value(float(mark.get("x"))), result["ratio"]), f"{name}: ratio")
    lines = group.of_class("whisker")
    expect(bad, len(lines) == (result["ratio_low"] is not None), f"{name}: whiskers")
    for line in lines:
        low, high = re.fullmatch(r"M(\S+) \S+v6m0-3H(\S+)m0-3v6", line.get("d")).groups()
        expect(bad, near(value(float(low)), result["ratio_low"]) and
               near(value(float(high)), result["ratio_high"]), f"{name}: interval")
    for band in group.of_class("band"):
        left = float(band.get("x"))
        right, limit = left + float(band.get("width")), 1 + result["threshold_ratio"]
        expect(bad, near(value(left), 1 / limit) and near(value(right), limit),
               f"{name}: threshold")


def check_drawings(bad, whole, root):
    results = [result for result in whole["results"] if shows(result)]
    left = {(result["metric"], result["verdict"] == "same") for result in results}
    for figure in root.of_class("figure"):
        title, picture = figure.all("h3")[0].text(), figure.all("svg")[0]
        metric = re.match(r"Change of (\S+), ", title)[1]
        same = title.endswith(": unchanged")
        wanted = [result for result in results if result["metric"] == metric
                  and (result["verdict"] == "same") == same]
        places = [(float(text.get("x")), ratio(text.text())) for text in picture.all("text")
                  if "tick" in text.classes()]
        expect(bad, places == sorted(places) and len(places) > 1, f"{title}: ticks {places}")
        value = figures.scale([places[0], places[-1]], True)
        groups = picture.of_class("s")
        expect(bad, len(groups) == len(wanted), f"{title}: {len(groups)} rows")
        for group, result in zip(groups, wanted):
            check_mark(bad, group, result, value)
        rows = figure.all("tbody")[0].all("tr")
        expect(bad, [row.children()[0].text() for row in rows]
               == [human(result["case"]) for result in wanted], f"{title}: table")
        better = "better →" if wanted[0]["direction"] == "more_is_better" else "worse →"
        expect(bad, picture.of_class("name")[0].text().endswith(better), f"{title}: direction")
        left.discard((metric, same))
    expect(bad, not left, f"not drawn: {left}")


CHECKS = (check_words, check_table, check_drawings)
FORMS = (page.check_form, page.check_closed, page.check_readable, page.check_contrast)


def main():
    program, passed, bad, seen = os.path.abspath(sys.argv[1]), 0, [], set()
    for name, whole, document in reports.comparisons(program):
        root, errors = tree.read(document)
        seen |= {result["verdict"] for result in whole["results"]}
        for check in CHECKS + FORMS:
            found = []
            if check in FORMS:
                check(found, root, errors, whole)
            else:
                check(found, whole, root)
            passed += not found
            bad += [f"{name}: {check.__name__}: {words}" for words in found[:5]]
    expect(bad, seen == WANTED, f"verdicts that were seen: {seen}")
    return documents.conclude(passed, bad)


if __name__ == "__main__":
    sys.exit(main())
