"""shape.py ROOT - how long functions and files are, and what lies at the top level.
Prints the figures and one line a violation; exit status 1 when there is one.

A function is counted from the first line of its signature to its closing brace. The code
is clang-formatted (another check sees to that), so a function begins at a line in column
0 that ends, perhaps some lines later, in ") {", and ends at a "}" in column 0.
"""

import os
import re
import statistics
import sys

MEDIAN_MOST = 12
USUAL_MOST = 35
USUAL_SHARE = 0.90
FUNCTION_MOST = 60
FILE_MOST = 400
FOLDERS = ("src", "transports", "reports")
TOP = {"src", "transports", "tests", "reports", "CMakeLists.txt", "README.md", "LICENSE"}
# Words that promise work instead of doing it.
PROMISES = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")
TEXTS = (".c", ".h", ".def", ".py", ".cmake", ".md", ".json", ".yml", ".txt", ".sh")


def functions(text):
    """(name, first line, lines) of every function of a clang-formatted C file."""
    lines = text.splitlines()
    start = None
    for number, line in enumerate(lines):
        if line == "}" and start is not None:
            head = " ".join(lines[start:number])
            yield re.search(r"(\w+)\(", head).group(1), start + 1, number - start + 1
            start = None
        elif start is None and re.match(r"[A-Za-z_].*\(", line):
            end = number
            while end + 1 < len(lines) and not lines[end].endswith(("{", ";", ")", "}")):
                end += 1
            if lines[end].endswith(") {"):
                start = number


def files(root, folders, endings):
    for top in folders:
        for folder, _, names in os.walk(os.path.join(root, top)):
            for name in sorted(names):
                if name.endswith(endings):
                    path = os.path.join(folder, name)
                    with open(path, encoding="utf-8") as file:
                        yield os.path.relpath(path, root), file.read()


def check_lengths(lengths):
    """Words about the distribution; lengths are those of all functions."""
    if not lengths:
        yield "no function found"
        return
    median = statistics.median(lengths)
    share = sum(length <= USUAL_MOST for length in lengths) / len(lengths)
    print(f"{len(lengths)} functions: median {median:g} lines, {share:.1%} within "
          f"{USUAL_MOST}, longest {max(lengths)}")
    if median > MEDIAN_MOST:
        yield f"median function has {median:g} lines, more than {MEDIAN_MOST}"
    if share < USUAL_SHARE:
        yield f"only {share:.1%} of the functions are within {USUAL_MOST} lines"


def check_files(root):
    for path, text in files(root, FOLDERS + ("tests",), (".c", ".h", ".py")):
        count = len(text.splitlines())
        if count > FILE_MOST:
            yield f"{path}: {count} lines, more than {FILE_MOST}"


def check_code(root):
    lengths = []
    for path, text in files(root, FOLDERS, (".c", ".h")):
        for name, line, length in functions(text):
            lengths.append(length)
            if length > FUNCTION_MOST:
                yield f"{path}:{line}: {name} has {length} lines, more than {FUNCTION_MOST}"
    yield from check_lengths(lengths)


def check_promises(root):
    for path, text in files(root, FOLDERS + ("tests",), TEXTS):
        for number, line in enumerate(text.splitlines(), 1):
            if PROMISES.search(line):
                yield f"{path}:{number}: promises work: {line.strip()}"


def check_top(root):
    """Build folders are ignored by git, and here."""
    for name in sorted(os.listdir(root)):
        if name not in TOP and not name.startswith((".", "build")):
            yield f"{name}: does not belong at the top level"
    for name in sorted(TOP - set(os.listdir(root))):
        yield f"{name}: missing at the top level"


def violations(root):
    yield from check_top(root)
    yield from check_files(root)
    yield from check_code(root)
    yield from check_promises(root)


def main(root):
    found = list(violations(root))
    for words in found:
        print(words)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
