"""page.py IPCMARK - the html format without a browser: the page is well-formed, fetches
nothing, runs nothing, can be read by machines that read to people, and whatever a report holds
stays text. Prints "N passed, N failed" last.
"""

import itertools
import os
import re
import sys

import eyes
import reports
import tree
from reports import clean, documents

CONTRAST_TEXT, CONTRAST_DRAWING = 4.5, 3.0
OPEN = 36 # charts of a pattern in a history; more of them are folded


def expect(bad, fine, words):
    if not fine:
        bad.append(words)


def check_form(bad, page, errors, _report):
    bad += errors
    ids = [element.get("id") for element in page.all() if element.get("id")]
    expect(bad, len(ids) == len(set(ids)), "an id is there twice")
    for element in page.all():
        for key in ("aria-labelledby", "href"):
            words = (element.get(key) or "").split()
            wanted = words if key != "href" else [word[1:] for word in words if word[0] == "#"]
            for word in wanted:
                expect(bad, word in ids, f"{key} of <{element.name}>: no {word}")
    names = [caption.text() for caption in page.all("caption")]
    expect(bad, len(names) == len(set(names)), "two tables have one name")
    for table in page.all("table"):
        rows = table.all("tr")
        widths = [sum(int(cell.get("colspan") or 1) for cell in row.children()) for row in rows]
        if rows and rows[0].children()[0].get("rowspan") == "2":
            widths[1] += 1
        expect(bad, len(set(widths)) < 2, f"rows of {sorted(set(widths))} cells")


def check_closed(bad, page, _errors, _report):
    """Nothing is fetched and nothing runs."""
    for element in page.all():
        expect(bad, element.name not in ("script", "iframe", "object", "embed", "img", "base",
                                         "form", "foreignobject", "animate", "set"),
               f"<{element.name}>")
        for key, value in element.attributes.items():
            expect(bad, not key.startswith("on") and key not in ("style", "src", "srcset"),
                   f"attribute {key} of <{element.name}>")
            if key.endswith("href"):
                expect(bad, value[0] == "#" or value == "data:,", f"{key} {value!r}")
            if element.name != "meta":
                expect(bad, "url(" not in (value or "").replace("url(#", ""), f"{key} {value!r}")
    style = page.all("style")[0].text()
    expect(bad, set(re.findall(r"url\((.)", style)) <= {"#"} and "@import" not in style,
           "the style fetches something")
    policies = [meta.get("content") for meta in page.all("meta")
                if meta.get("http-equiv") == "Content-Security-Policy"]
    expect(bad, len(policies) == 1 and policies[0].startswith("default-src 'none';"),
           f"policies {policies}")


def check_readable(bad, page, _errors, _report):
    """What screen readers and keyboards hold on to."""
    for name in ("main", "header", "footer", "nav", "h1", "title"):
        found = [element for element in page.all(name) if element.parent.name != "svg"]
        count = len([element for element in found if name != "title" or
                     element.parent.name == "head"])
        expect(bad, count == 1, f"{count} <{name}>")
    expect(bad, page.all("html")[0].get("lang") == "en", "no language")
    skip = page.all("a")[0]
    expect(bad, skip.get("href") == "#main" and page.all("main")[0].get("id") == "main",
           "the first link does not skip")
    levels = [int(heading.name[1]) for heading in page.all("h1", "h2", "h3", "h4")]
    expect(bad, all(after <= before + 1 for before, after in zip(levels, levels[1:])),
           f"headings leave out a level: {levels}")
    for picture in page.all("svg"):
        words = [child.name for child in picture.children("title", "desc") if child.text()]
        expect(bad, picture.get("aria-hidden") == "true" or
               (picture.get("role") == "img" and words == ["title", "desc"]
                and picture.get("aria-labelledby")), "a drawing without words")
    for table in page.all("table"):
        box = table.parent
        expect(bad, table.children()[0].name == "caption" and table.children()[0].text(),
               "a table without caption")
        expect(bad, all(cell.get("scope") in ("col", "row", "rowgroup", "colgroup")
                        for cell in table.all("th")), "a heading without scope")
        expect(bad, box.get("tabindex") == "0" and box.get("role") == "region"
               and box.get("aria-labelledby"), "a box that scrolls by pointer only")
    for figure in page.of_class("figure"):
        expect(bad, [child.name for child in figure.children()] ==
               ["h3", "svg", "p", "details"], "a figure without its table")
    for box in page.all("input"):
        expect(bad, box.parent.name == "label" and box.parent.text().strip(), "a box unnamed")


def check_words(bad, page, _errors, report):
    """What the report says is on the page, letter by letter."""
    text = page.all("body")[0].text()
    title = page.all("title")[0].text()
    host = clean(report["host"]["hostname"])
    expect(bad, host in title, f"title {title!r}")
    for key in ("hostname", "kernel", "cpu_model", "os"):
        expect(bad, clean(report["host"][key]) in text, f"{key} is not there")
    answer = [box.text() for box in page.all("section")
              if box.get("aria-labelledby") == "answer"]
    first = [warning for warning in report["warnings"] if warning["cause"] is None][:3]
    expect(bad, not report["cases"] or ("Warnings" in answer[0]) == bool(first),
           "the first warnings are not in the answer")
    pins = {case["pin"] for case in report["cases"]}
    expect(bad, not pins or ("The scheduler chose" in answer[0]) == (pins == {"none"})
           and ("What the placement does" in answer[0]) == (len(pins) > 1), "placement")
    ranked = [case["name"].removesuffix("/pin=" + case["pin"]) for case in report["cases"]
              if case["status"] == "ok" and case["integrity"]["verified_messages"] != 0]
    expect(bad, len(ranked) == len(set(ranked)) or "times as much" in answer[0] or
           report["error"], "nothing is said of the placement")
    names = re.compile("|".join(re.escape(case["name"]) for case in sorted(
        report["cases"], key=lambda case: -len(case["name"]))) or "$")
    for warning in report["warnings"]:  # names of cases are those of the tables there
        expect(bad, all(clean(words) in text for key in ("message", "effect", "advice")
                        for words in names.split(warning[key] or "")),
               f"warning {warning['code']} is not there")
    for case in report["cases"]:
        if case["status"] != "ok":
            folded = case["reason"].replace(f"'{case['transport']}'", "the transport")
            reasons = [clean(words.replace(f"'{case['pattern']}'", name))
                       for words in (case["reason"], folded)
                       for name in (f"'{case['pattern']}'", "the pattern")]
            rows = [row.text() for row in page.all("tr")
                    if row.children()[0].text() in reasons]
            pattern = "" if case["pattern"] == "stream" else clean(case["pattern"])
            expect(bad, any(clean(case["transport"]) in row and pattern in row
                            for row in rows), f"{case['name']}: no reason")
    expect(bad, clean(report["error"]) in text, "the error is not there")
    expect(bad, ("Interrupted" in text) == (report["run"]["status"] == "interrupted"),
           "how the run ended is not there")
    expect(bad, clean(" ".join(report["run"]["command"])) in text, "the command is not there")


def check_distinct(bad, page, _errors, _report):
    """Colour is never the only cue: no two names share marker and dash."""
    looks = [(box.parent.all("use")[0].get("href"), box.parent.all("path")[0].get("stroke-dasharray"))
             for names in page.of_class("names") for box in names.all("input")]
    expect(bad, len(looks) == len(set(looks)), "two names look alike without colour")
    names = [box.parent.text().strip() for box in page.all("input")]
    expect(bad, len(names) == len(set(names)), "a name is there twice")


# --- contrast ----------------------------------------------------------------------------

def contrast(a, b):
    light, dark = sorted((eyes.luminance(eyes.linear(a)), eyes.luminance(eyes.linear(b))),
                         reverse=True)
    return (light + 0.05) / (dark + 0.05)


def inks(page):
    """The colour of each class c0, c1, ... on the page."""
    return {word: element.get("color") for element in page.all("svg", "g")
            for word in element.classes() if re.fullmatch(r"c\d", word)}


def check_contrast(bad, page, _errors, _report):
    """WCAG 2.2, 1.4.3 and 1.4.11, level AA, in light and dark."""
    style = page.all("style")[0].text()
    modes = [dict(re.findall(r"--([\w-]+): (#\w+);", block))
             for block in re.findall(r":root \{(.*?)\}", style, re.DOTALL)]
    series = inks(page)
    expect(bad, len(modes) == 2 and modes[0].keys() == modes[1].keys(), "two modes differ")
    modes[0].update(series)
    modes[1].update({name: re.search(rf"\.{name} {{ color: (#\w+)", style)[1]
                     for name in series})
    for color in series.values():  # where the style sheet is refused
        expect(bad, contrast(color, "#ffffff") >= CONTRAST_DRAWING and
               contrast(color, "#121212") >= CONTRAST_DRAWING, f"{color} on black or white")
    for colors in modes:
        found = {name: colors[name] for name in series}
        for one, other in itertools.combinations(found, 2):
            expect(bad, eyes.distance(found[one], found[other]) >= eyes.LEAST,
                   f"{found[one]} and {found[other]} look alike to some")
        papers = [colors["paper"], colors["panel"]]
        pairs = [(name, paper, CONTRAST_TEXT) for name in ("text", "faint", "link", "bad")
                 for paper in papers]
        pairs += [(name, colors[f"{name}-paper"], CONTRAST_TEXT)
                  for name in ("good", "bad", "warn")]
        pairs += [("text", colors[f"{name}-paper"], CONTRAST_TEXT) for name in ("bad", "warn")]
        pairs += [(name, paper, CONTRAST_DRAWING) for name in colors
                  if name in series or name in ("good", "bad", "warn", "faint")
                  for paper in papers]
        for name, paper, least in pairs:
            expect(bad, contrast(colors[name], paper) >= least,
                   f"{name} {colors[name]} on {paper}: {contrast(colors[name], paper):.2f}")


CHECKS = (check_form, check_closed, check_readable, check_words, check_distinct,
          check_contrast)


# --- a history ---------------------------------------------------------------------------

def check_history(bad, page, shown, left_out):
    """Every run is a row with its labels, and a column of the table of each case that it has."""
    rows = next(table for table in page.all("table") if table.children()[0].get("id") ==
                "runs-table").all("tr")[1:]
    wanted = [clean(run["run"]["started_at"]) for run in reversed(shown)]
    expect(bad, [row.children()[1].text() for row in rows] == wanted, "runs are not in order")
    for row, run in zip(rows, reversed(shown)):
        words = ", ".join(f"{key}={value}" for key, value in run["run"]["labels"].items())
        expect(bad, row.children()[2].text() == clean(words), f"labels {row.children()[2].text()!r}")
    names = [case["name"] for case in shown[-1]["cases"] if case["status"] == "ok"]
    figures = page.of_class("figure")
    expect(bad, len(figures) == len(names), f"{len(figures)} charts of {len(names)} cases")
    for name, figure in zip(names, figures):
        runs = [run for run in shown if any(case["name"] == name for case in run["cases"])]
        cells = figure.all("tbody")[0].all("td")
        expect(bad, len(cells) == len(runs) and all(cell.text() != "-" for cell in cells),
               f"{name}: {len(cells)} values of {len(runs)} runs")
        labels = [run["run"]["labels"].get("commit") for run in runs]
        heads = [head.text() for head in figure.all("thead")[0].all("th")][1:]
        expect(bad, all(head == clean(label)[:7] for head, label in zip(heads, labels) if label),
               f"{name}: columns {heads}")
    folded = [box.all("summary")[0].text() for box in page.of_class("more")]
    count = len([name for name in names if name.startswith("stream/")]) - OPEN
    expect(bad, folded == ([f"{count} more cases"] if count > 0 else []), f"folded: {folded}")
    text = page.all("header")[0].text()
    expect(bad, ("left out: 1 of another machine" in text) == (len(left_out) == 1), "left out")


def check_histories(program):
    """(whether it passed, words) for each check of each history."""
    for name, shown, left_out in reports.histories():
        page, errors = tree.read(reports.history_page(program, shown + left_out))
        for check in CHECKS:
            found = []
            if check is not check_words:
                check(found, page, errors, None)
                yield found, f"history, {name}: {check.__name__}"
        found = []
        check_history(found, page, shown, left_out)
        yield found, f"history, {name}: check_history"


def check_changes(program):
    """A history begins with what changed in its last run."""
    for name, runs, wanted in reports.changes():
        page, _ = tree.read(reports.history_page(program, runs))
        answer = page.all("main")[0].all("section")[0]
        rows = " ".join(" ".join(cell.text() for cell in row.children()) for row in answer.all("tr"))
        text = answer.text() + " " + " ".join(f"{row.children()[1].text()} {row.children()[0].text()}"
                                              for row in answer.all("tr") if len(row.children()) > 1)
        yield [f"no {words!r} in {text[:300]!r} {rows[:200]!r}" for words in wanted
               if clean(words) not in text], f"history, {name}: the answer"


def main():
    program, passed, bad = os.path.abspath(sys.argv[1]), 0, []
    for found, title in itertools.chain(check_histories(program), check_changes(program)):
        passed += not found
        bad += [f"{title}: {words}" for words in found[:5]]
    for name, report in reports.reports():
        whole, document = reports.both(program, report)
        page, errors = tree.read(document)
        for check in CHECKS:
            found = []
            check(found, page, errors, whole)
            passed += not found
            bad += [f"{name}: {check.__name__}: {words}" for words in found[:5]]
    return documents.conclude(passed, bad)


if __name__ == "__main__":
    sys.exit(main())
