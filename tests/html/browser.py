"""browser.py IPCMARK - the html format in Chromium: nothing is complained of, nothing is
fetched, it fits a phone, follows dark mode, and works by keyboard. Skipped where there is no
Chromium. Prints "N passed, N failed" last.
"""

import os
import pathlib
import re
import sys
import tempfile

import devtools
import reports
import strict
import tree
from reports import documents

DESK, DARK, PHONE = (1280, 320, "light"), (1280, 320, "dark"), (390, 400, "light")
PAPER = (718, 1000, "light")  # A4
WIDTHS = (390, 768, 1280, 1920)
TEXT_LEAST = 12  # pixels

# All pages have one style sheet: one of each kind is seen in every look, the others on a desk.
ALL_LOOKS = dict.fromkeys(("report.json", "comparison, changes"), (DESK, DARK, PHONE))
ALL_LOOKS["everything"] = (DESK,)
LEAST_COLORS = 50
TAB, SPACE, ENTER = ("Tab", 9), (" ", 32, " "), ("Enter", 13, "\r")

# What nothing may report of a page, and what a page that misbehaves must be caught by.
WRONG = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>wrong</title>
<style>body { background: url(http://outside.test/a.png) }</style></head><body>
<svg viewBox="0 0 9 9"><rect width="nan" height="3"/></svg></body></html>"""


def complaints(browser):
    """What the browser said of the page, and what it fetched beside the page."""
    found = []
    for event in browser.events:
        method, params = event.get("method"), event.get("params")
        if method == "Log.entryAdded":
            found.append(f"log: {params['entry']['text'][:200]}")
        if method in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown"):
            found.append(f"console: {str(params)[:200]}")
        if method == "Network.requestWillBeSent" and params.get("type") != "Document" \
                and params["request"]["url"] != "data:,":
            found.append(f"fetched: {params['request']['url'][:200]}")
    return found


def variables(document, mode):
    style = tree.read(document)[0].all("style")[0].text()
    blocks = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    return dict(re.findall(r"--([\w-]+): (#\w+);", blocks[mode == "dark"]))


def full(color):
    return color if len(color) == 7 else "#" + "".join(2 * digit for digit in color[1:])


def check_seen(browser, document, look):
    """What a picture of the page shows."""
    width, height, mode = look
    browser.look(*look)
    browser.run("(document.querySelector('.chart') || document.body).scrollIntoView()")
    bad, wanted = [], variables(document, mode)
    wide, high, found = browser.colors()
    if (wide, high) != (width, height):
        bad.append(f"{wide} x {high} pixels")
    if max(found, key=found.get) not in (full(wanted["paper"]), full(wanted["panel"])):
        bad.append(f"most of it is {max(found, key=found.get)}")
    if len(found) < LEAST_COLORS or full(wanted["text"]) not in found:
        bad.append(f"nothing to be seen: {len(found)} colours")
    ink = browser.run("innerWidth > 600 && document.querySelector('.c0 .line') && "
                      "getComputedStyle(document.querySelector('.c0 .line')).stroke")
    if ink and "#%02x%02x%02x" % tuple(map(int, re.findall(r"\d+", ink))) not in found:
        bad.append("no line to be seen")
    return bad


def check_fits(browser, width):
    """Nothing is wider than the screen; the words of drawings are large enough, in their
    drawing, and not over each other."""
    browser.look(width, 400, "light")
    overflow = browser.run("document.documentElement.scrollWidth - innerWidth")
    bad = [f"{overflow} pixels wider than the screen"] if overflow > 0 else []
    bad += [f"{width} pixels: {words}" for words in browser.run(LAYOUT % TEXT_LEAST)]
    wanted = 2 if width >= 768 else 1
    found = browser.run(COLUMNS)
    return bad + ([f"{width} pixels: {found} columns of charts"]
                  if found not in (None, wanted) else [])


def check_print(browser, _document):
    """On paper there is nothing to scroll: no table is wider than the page. A heading stays with
    what follows it, which Chromium keeps for blocks and grids, not for a row of boxes."""
    browser.look(*PAPER)
    browser.call("Emulation.setEmulatedMedia", media="print")
    over = browser.run("document.documentElement.scrollWidth - innerWidth")
    loose = browser.run("""[...document.querySelectorAll("h2 + *")].filter(
      box => getComputedStyle(box).display == "flex").length""")
    browser.call("Emulation.setEmulatedMedia", media="")
    return ([f"{over} pixels wider than the paper"] if over > 0 else []) + (
        [f"{loose} headings may end a page"] if loose else [])


def check_cue(browser):
    """Tables fit a desk, but for a matrix of many cases; what is wider than its box tells it by a
    shadow."""
    browser.look(*DESK)
    wide = browser.run("""(document.querySelectorAll("details").forEach(box => box.open = true),
      [...document.querySelectorAll(".figure .scroll, .scroll:has(.results, .heat)")].filter(
      box => box.scrollWidth > box.clientWidth).length)""")
    if wide:
        return [f"{wide} tables are cut on a desk"]
    browser.look(*PHONE)
    cut = browser.run("""[...document.querySelectorAll(".scroll")].filter(
      box => box.scrollWidth > box.clientWidth
        && getComputedStyle(box).backgroundImage == "none").length""")
    return [f"{cut} tables are cut without a cue"] if cut else []


COLUMNS = """(charts => charts && getComputedStyle(charts).gridTemplateColumns.split(" ").length)(
  document.querySelector(".charts"))"""

LAYOUT = """(() => {
  const bad = [];
  const apart = (a, b) => a.right < b.left + 1 || b.right < a.left + 1
    || a.bottom < b.top + 2.5 || b.bottom < a.top + 2.5;
  for (const svg of document.querySelectorAll(".chart")) {
    if (!svg.checkVisibility())
      continue;
    const all = svg.getBoundingClientRect(), scale = svg.getScreenCTM().a, boxes = [];
    for (const text of svg.querySelectorAll("text")) {
      const box = text.getBoundingClientRect(), words = text.textContent;
      const size = parseFloat(getComputedStyle(text).fontSize) * scale;
      if (size < %d)
        bad.push(`${size.toFixed(1)} px: ${words}`);
      if (box.left < all.left - 1 || box.right > all.right + 1 || box.bottom > all.bottom + 1
          || box.top < all.top - 1)
        bad.push(`leaves its drawing: ${words}`);
      for (const [other, said] of boxes)
        if (!apart(box, other))
          bad.push(`${words} is over ${said}`);
      boxes.push([box, words]);
    }
  }
  for (const cell of document.querySelectorAll("thead th"))
    if (cell.checkVisibility() && cell.firstChild?.data) {
      const range = document.createRange();
      let at = 0;
      for (const word of cell.firstChild.data.split(/(?<=[^A-Za-z0-9])/)) {
        range.setStart(cell.firstChild, at);
        range.setEnd(cell.firstChild, at + word.trimEnd().length);
        at += word.length;
        if (new Set([...range.getClientRects()].map(box => box.top)).size > 1)
          bad.push(`a heading breaks within ${word}`);
      }
    }
  return bad.slice(0, 5);
})()"""

FOCUS = "document.activeElement.outerHTML.slice(0, 80)"
OPACITY = "getComputedStyle(document.querySelector('.s%d')).opacity"


def check_keyboard(browser, _document):
    """Skip link, focus that is seen, a box ticked by the space bar, a table unfolded."""
    bad = []
    browser.look(1280, 900, "light")
    browser.run("scrollTo(0, 0); document.activeElement.blur()")
    browser.press(*TAB)
    if browser.run("document.activeElement.className") != "skip":
        bad.append(f"the first stop is {browser.run(FOCUS)}")
    if browser.run("document.activeElement.getBoundingClientRect().left") < 0:
        bad.append("the skip link is not seen")
    if browser.run("getComputedStyle(document.activeElement).outlineStyle") == "none":
        bad.append("focus is not seen")
    browser.press(*ENTER)
    if browser.run("location.hash") != "#main":
        bad.append("the skip link does not skip")
    if browser.run("document.querySelectorAll('.keys input').length") > 1:
        bad += check_highlight(browser)
    return bad + check_filters(browser) + check_unfolding(browser)


def check_filters(browser):
    """A box of a placement, or of a pattern, leaves nothing of the others, and all else."""
    bad = []
    for kind in "zy":
        boxes = browser.run(f"[...document.querySelectorAll('.keys [id^={kind}]')].map(box => box.id)")
        for box in boxes[:2]:
            browser.run(f"document.getElementById('{box}').focus()")
            browser.press(*SPACE)
            found = browser.run(f"""[[...document.querySelectorAll(".{kind}")].filter(
              part => (getComputedStyle(part).display != "none") != part.classList.contains("{box}")
            ).length, getComputedStyle(document.querySelector("#answer, #runs")).display]""")
            browser.press(*SPACE)
            if found != [0, "block"]:
                bad.append(f"the box {box} leaves {found}")
    return bad


def check_highlight(browser):
    browser.run("document.querySelector('#k0').focus()")
    browser.press(*SPACE)
    dimmed = browser.run("document.querySelector('.s1') ? " + OPACITY % 1 + " : '0.12'")
    shown = browser.run("document.querySelector('.s0') ? " + OPACITY % 0 + " : '1'")
    rows = browser.run("""[0, 1].map(n => document.querySelector(".r" + n)).map(
      row => !row || getComputedStyle(row).display).join()""")
    charts = browser.run("""[...document.querySelectorAll(".figure.r")].filter(chart =>
      (getComputedStyle(chart).display == "none") == chart.classList.contains("r0")).length""")
    browser.press(*SPACE)
    if charts:
        return [f"the box leaves {charts} charts of others, or hides its own"]
    if rows not in ("table-row,none", "true,none", "table-row,true", "true,true", "block,none"):
        return [f"the box shows the rows {rows}"]
    if (shown, dimmed) != ("1", "0.12"):
        return [f"highlighting shows {shown} and {dimmed}"]
    return []


def check_unfolding(browser):
    """The first table of a drawing, and before it what that is folded away in."""
    table = "document.querySelector('details.data')"
    outer = f"{table}?.parentElement.closest('details:not([open])')"
    for box in (outer, table):
        if browser.run(f"!!{box}"):
            browser.run(f"window.box = {box}; box.querySelector('summary').focus()")
            browser.press(*ENTER)
            if not browser.run("window.box.open"):
                return ["a table does not unfold"]
    return []


def check_voice(browser, document):
    """What a screen reader is told: names of drawings, tables, landmarks."""
    nodes = browser.call("Accessibility.getFullAXTree")["nodes"]
    named = [(node["role"]["value"], node.get("name", {}).get("value"))
             for node in nodes if not node.get("ignored") and "role" in node]
    roles = {role for role, _ in named}
    bad = [f"no {role}" for role in ("main", "banner", "navigation", "contentinfo")
           if role not in roles]
    page = tree.read(document)[0]
    shown = [figure.all("h3")[0].text() for figure in page.of_class("figure")
             if not any("more" in box.classes() for box in reports.above(figure))]
    told = [name for role, name in named if role in ("image", "img", "graphics-document")]
    bad += [f"drawing without its name: {name}" for name in shown
            if not any(words and words.startswith(name[:20]) for words in told)]
    return bad + [f"a {role} without a name" for role, name in named
                  if role in ("checkbox", "region", "link") and not name]


def check_page(browser, folder, name, document):
    path = pathlib.Path(folder, "page.html")
    path.write_bytes(document)
    browser.look(*DESK)
    browser.open(path.as_uri())
    results = [check_seen(browser, document, look) for look in ALL_LOOKS.get(name, (DESK,))]
    results += [check_fits(browser, width)
                for width in (WIDTHS if name in ALL_LOOKS else (PHONE[0], DESK[0]))]
    results += [check_keyboard(browser, document), check_voice(browser, document)]
    if name in ALL_LOOKS:
        results += [check_print(browser, document), check_cue(browser)]
    results.append(complaints(browser))
    return [[f"{name}: {words}" for words in found[:5]] for found in results]


# What Jenkins sends with the pages that it serves.
STRICT = "default-src 'none'; img-src 'self'; style-src 'self'"
DRAWN = """(() => {
  const of = (words, key) => {
    const found = document.querySelector(words);
    return found && getComputedStyle(found)[key];
  };
  return [of("body", "maxWidth"), of(".keys", "display"), of(".s > :is(.line, .whisker)", "fill"),
    of(".s > :is(.line, .whisker)", "stroke") == of(".s", "color"), of(".chart", "width") != "0px",
    [...document.querySelectorAll(".chart text")].every(
      text => parseFloat(getComputedStyle(text).fontSize) >= 12)];
})()"""


def check_strict(browser, name, document):
    """Where no style is permitted, the charts are the same and what needs styles is hidden."""
    bad = []
    with strict.server(document, STRICT) as url:
        for width, mode in ((1280, "light"), (1280, "dark"), (390, "light")):
            browser.look(width, 320, mode)
            browser.open(url)
            bad += [f"{name}, {width}: {words}" for words in browser.run(LAYOUT % TEXT_LEAST)]
            found = browser.run(DRAWN)
            if found[0] != "none":
                bad.append(f"{name}: the policy is not in force")
            if found[1] not in (None, "none") or found[2] not in (None, "none") or \
                    found[3:] != [True] * 3:
                bad.append(f"{name}: without styles {mode}: {found[1:]}")
            bad += [f"{name}: {words}" for words in complaints(browser)
                    if "Content Security Policy" not in words]
    return bad


def check_catches(browser, folder):
    """That what misbehaves is seen: else the silence of the others would mean nothing."""
    path = pathlib.Path(folder, "wrong.html")
    path.write_text(WRONG, encoding="utf-8")
    browser.open(path.as_uri())
    found = " ".join(complaints(browser))
    return [f"not caught: {words}" for words in ("outside.test", "nan") if words not in found]


def main():
    program, path = os.path.abspath(sys.argv[1]), devtools.program()
    if path is None:
        print("skipped: there is no chromium here")
        return documents.SKIPPED
    browser, results = devtools.Browser(path), []
    try:
        with tempfile.TemporaryDirectory() as folder:
            results.append(check_catches(browser, folder))
            for name, report in reports.reports():
                _, document = reports.both(program, report)
                results += check_page(browser, folder, name, document)
                if name in ALL_LOOKS:
                    results.append(check_strict(browser, name, document))
            for name, shown, left_out in list(reports.histories())[-1:]:
                document = reports.history_page(program, shown + left_out)
                results += check_page(browser, folder, f"history, {name}", document)
                results.append(check_strict(browser, f"history, {name}", document))
            for name, _, document in reports.comparisons(program):
                results += check_page(browser, folder, f"comparison, {name}", document)
                if f"comparison, {name}" in ALL_LOOKS:
                    results.append(check_strict(browser, f"comparison, {name}", document))
    finally:
        browser.close()
    bad = [words for found in results for words in found]
    return documents.conclude(sum(not found for found in results), bad)


if __name__ == "__main__":
    sys.exit(main())
