"""golden.py --forms FILE... - checks that these files are the rows of FORMS.
golden.py [--update] RENDER_SAMPLE [NAME...] - renders the sample report in every form and
compares with the files beside this one; --update writes them afresh instead. Look at the
difference before you commit it.

An HTML file here has STYLE_MARK where the page has reports/html/page.css: a change of the style
sheet changes no file here, and a page without exactly one verbatim copy of it differs.
"""

import difflib
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
STYLE = os.path.join(HERE, "..", "..", "reports", "html", "page.css")
STYLE_MARK = b"(page.css)\n"

# File: the arguments of render_sample. Two rounds show what comes between two trials; one file
# of a format is enough for that.
FORMS = {
    "text-80.txt": ["text", "80", "10"],
    "text-120.txt": ["text", "120", "10"],
    "text-60.txt": ["text", "60", "10"],
    "text-ascii.txt": ["text", "80", "10", "ascii"],
    "text-color.txt": ["text", "100", "10", "color"],
    "text-warnings.txt": ["text", "100", "10", "warnings"],
    "text-empty.txt": ["text", "80", "0", "empty"],
    "sides-80.txt": ["text", "80", "7", "sides"],
    "sides-120.txt": ["text", "120", "7", "sides"],
    "sides-60.txt": ["text", "60", "7", "sides", "ascii"],
    "sides-44.txt": ["text", "44", "7", "sides"],
    "sides-few.txt": ["text", "80", "5", "sides"],
    "patterns-80.txt": ["text", "80", "10", "patterns"],
    "patterns-120.txt": ["text", "120", "10", "patterns"],
    "patterns-60.txt": ["text", "60", "10", "patterns"],
    "patterns-ascii.txt": ["text", "80", "10", "patterns", "ascii"],
    "report.json": ["json", "80", "2"],
    "patterns.json": ["json", "80", "1", "patterns"],
    "report-empty.json": ["json", "80", "0", "empty"],
    "report.jsonl": ["jsonl", "80", "1", "patterns"],
    "report.csv": ["csv", "80", "2"],
    "patterns.csv": ["csv", "80", "1", "patterns"],
    "report.md": ["markdown", "80", "10"],
    "report-warnings.md": ["markdown", "80", "10", "warnings"],
    "patterns.md": ["markdown", "80", "10", "patterns"],
    "report.html": ["html", "80", "10"],
    "patterns.html": ["html", "80", "10", "patterns"],
    "report-empty.html": ["html", "80", "0", "empty"],
    "github.json": ["github", "80", "10", "patterns"],
    "github-smaller.json": ["github-smaller", "80", "10", "patterns"],
    "bencher.json": ["bencher", "80", "10", "patterns"],
    "comparison-80.txt": ["text", "80", "10", "comparison"],
    "comparison-120.txt": ["text", "120", "10", "comparison"],
    "comparison-ascii.txt": ["text", "60", "10", "comparison", "ascii"],
    "comparison-color.txt": ["text", "100", "10", "comparison", "color"],
    "comparison-empty.txt": ["text", "80", "10", "comparison", "empty"],
    "comparison.json": ["json", "80", "10", "comparison"],
    "comparison-empty.json": ["json", "80", "10", "comparison", "empty"],
    "comparison.md": ["markdown", "80", "10", "comparison"],
    "comparison.html": ["html", "80", "10", "comparison"],
    "comparison-empty.html": ["html", "80", "10", "comparison", "empty"],
    "comparison.xml": ["junit", "80", "10", "comparison"],
    "choice-80.txt": ["text", "80", "12", "choice"],
    "choice-between.txt": ["text", "80", "12", "choice", "between"],
    "choice-empty.txt": ["text", "80", "12", "choice", "empty"],
    "choice.json": ["json", "80", "12", "choice", "between"],
    "report.prom": ["prometheus", "80", "10"],
    "explanation.txt": ["text", "80", "12", "explanation"],
    "explanation.json": ["json", "80", "12", "explanation"],
    "merge.txt": ["text", "80", "12", "merge"],
    "merge-empty.txt": ["text", "80", "12", "merge", "empty"],
    "merge.json": ["json", "80", "12", "merge"],
    "report.ktap": ["ktap", "80", "10"],
    "report.lava": ["lava", "80", "10"],
    "junit.xml": ["junit", "80", "10"],
    "junit-empty.xml": ["junit", "80", "0", "empty"],
}


def without_style(page):
    with open(STYLE, "rb") as file:
        return page.replace(file.read(), STYLE_MARK, 1)


def rendered(program, name):
    text = subprocess.run([program, *FORMS[name]], check=True, stdout=subprocess.PIPE,
                          timeout=60).stdout
    return without_style(text) if name.endswith(".html") else text


def differs(path, now):
    with open(path, "rb") as file:
        before = file.read()
    lines = [text.decode("utf-8", "backslashreplace").splitlines(keepends=True)
             for text in (before, now)]
    sys.stdout.writelines(difflib.unified_diff(*lines, path, "now"))
    return before != now


def forms_differ(files):
    for name in sorted(FORMS.keys() ^ set(files)):
        print(f"{name}: {'no file is there' if name in FORMS else 'is no row of FORMS'}")
    return FORMS.keys() != set(files)


def main():
    if sys.argv[1:2] == ["--forms"]:
        return 1 if forms_differ(sys.argv[2:]) else 0
    arguments = [word for word in sys.argv[1:] if word != "--update"]
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    program, names = arguments[0], arguments[1:] or FORMS
    bad = 0
    for name in names:
        path = os.path.join(HERE, name)
        now = rendered(program, name)
        if "--update" in sys.argv:
            with open(path, "wb") as file:
                file.write(now)
        else:
            bad += differs(path, now)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
