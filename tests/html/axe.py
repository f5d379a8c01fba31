"""axe.py IPCMARK - axe-core, out of the npm registry, finds nothing to complain of in pages: on a
phone and on desks, light, dark, in forced colours, and without styles. Skipped where Chromium, npm or
its registry is missing. Prints "N passed, N failed" last.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile

import devtools
import reports
import strict
from browser import STRICT
from reports import documents

PACKAGE = "axe-core@4"
PAGES = ("report.json", "patterns.json", "comparison, changes")
WHOLE = PAGES[::2]  # looked at in all ways
LIGHT, DARK = ("light", "none"), ("dark", "none")
FORCED = ("light", "active")
# browser.py looks at more widths: colours, names and roles are the same there.
LOOKS = [(390, *LIGHT), (1280, *LIGHT), (1280, *DARK), (390, *FORCED)]
WRONG = b"<!DOCTYPE html><title>wrong</title><body><img src='data:,'>"

FOUND = """axe.run(document, {resultTypes: ["violations"]}).then(found => found.violations.map(
  wrong => `${wrong.id}: ${wrong.nodes.map(node => node.html.slice(0, 100)).slice(0, 2)}`))"""


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(documents.SKIPPED)


def script(folder):
    """The text of axe-core."""
    if shutil.which("npm") is None:
        skip("there is no npm here, which fetches axe-core")
    done = subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, timeout=60,
                          check=False, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        skip(f"npm cannot fetch {PACKAGE}: {(done.stderr or done.stdout).strip()[:100]}")
    with tarfile.open(os.path.join(folder, done.stdout.split()[-1])) as package:
        return package.extractfile("package/axe.min.js").read().decode()


def look(browser, width, mode, forced):
    browser.look(width, 900, mode)
    browser.call("Emulation.setEmulatedMedia",
                 features=[{"name": "prefers-color-scheme", "value": mode},
                           {"name": "forced-colors", "value": forced}])


def complaints(browser):
    return browser.call("Runtime.evaluate", expression=FOUND, awaitPromise=True,
                        returnByValue=True)["result"]["value"]


def check(browser, axe, folder, name, document):
    path = pathlib.Path(folder, "page.html")
    path.write_bytes(document)
    browser.open(path.as_uri())
    browser.run(axe + ";0")
    results = []
    for seen in LOOKS if name in WHOLE else LOOKS[::2]:
        look(browser, *seen)
        results.append([f"{name}, {seen}: {words}" for words in complaints(browser)])
    with strict.server(document, STRICT) as url:
        look(browser, 390, *LIGHT)
        browser.open(url)
        browser.run(axe + ";0")
        results.append([f"{name}, no styles: {words}" for words in complaints(browser)])
    return results


def check_catches(browser, axe, folder):
    path = pathlib.Path(folder, "wrong.html")
    path.write_bytes(WRONG)
    browser.open(path.as_uri())
    browser.run(axe + ";0")
    found = " ".join(complaints(browser))
    return [f"not caught: {rule}" for rule in ("html-has-lang", "image-alt") if rule not in found]


def pages(program):
    for name, report in reports.reports():
        if name in PAGES:
            yield name, reports.both(program, report)[1]
    for name, _, document in reports.comparisons(program):
        if f"comparison, {name}" in PAGES:
            yield f"comparison, {name}", document
    *_, (name, shown, left_out) = reports.histories()
    yield f"history, {name}", reports.history_page(program, shown + left_out)


def main():
    program, path = os.path.abspath(sys.argv[1]), devtools.program()
    if path is None:
        skip("there is no chromium here")
    with tempfile.TemporaryDirectory() as folder:
        axe = script(folder)
        browser = devtools.Browser(path)
        try:
            results = [check_catches(browser, axe, folder)]
            for name, document in pages(program):
                results += check(browser, axe, folder, name, document)
        finally:
            browser.close()
    return documents.conclude(sum(not found for found in results),
                              [words for found in results for words in found[:5]])


if __name__ == "__main__":
    sys.exit(main())
