"""manuals.py IPCMARK IPM_GENERATE ROOT HEADERS MANUALS - the manual pages that were built are what
the tables make of them now, their sections are in the order of man-pages(7), their examples fit a
terminal of 80 columns, and mandoc(1) and lexgrog(1) have nothing to say against them. Prints one
line a violation; exit status 1 when there is one, 77 and the reason where a tool is missing."""

import filecmp
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile


CODE_COLUMNS = 80 - 11 # man(1) indents what is shown as it is

SECTIONS = ("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "ENVIRONMENT", "FILES",
            "NOTES", "EXAMPLES", "SEE ALSO")


def output(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=60, check=False, encoding="utf-8")
    return done.stdout


def check_texts(generator, root, headers, manuals):
    """The texts that were built, against those of now; each file of src/man is one of them."""
    names = {os.path.basename(path) for path in glob.glob(f"{manuals}/scd/*")}
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([generator, "pages", root, headers, folder], check=True, timeout=60)
        _, stale, missing = filecmp.cmpfiles(folder, f"{manuals}/scd",
                                             sorted(names | set(os.listdir(folder))),
                                             shallow=False)
    for name in stale + missing:
        yield f"{name}: stale; build the target ipm_manuals"
    for name in os.listdir(f"{root}/src/man"):
        if name.endswith(".scd") and name not in names:
            yield f"src/man/{name}: of no command and no page of src/man/manual.c"


def check_width(manuals):
    """Lines that are shown as they are, but for those of the installed headers."""
    for path in glob.glob(f"{manuals}/scd/*"):
        with open(path, encoding="utf-8") as file:
            sections = re.split(r"^# ", file.read(), flags=re.MULTILINE)
        for section in sections:
            if section.startswith("IPCMARK/"):
                continue
            for block in re.findall(r"^```\n(.*?)^```$", section, re.MULTILINE | re.DOTALL):
                for line in block.replace("\\\\", "\\").splitlines():
                    if len(line) > CODE_COLUMNS:
                        yield f"{os.path.basename(path)}: too wide: {line}"


def check_order(manuals):
    """Sections are those of man-pages(7) and in its order; only pages that are no commands have
    some of their own."""
    for path in sorted(glob.glob(f"{manuals}/scd/*")):
        name = os.path.basename(path)
        with open(path, encoding="utf-8") as file:
            sections = re.findall(r"^# (.*)$", file.read(), re.MULTILINE)
        known = [section for section in sections if section in SECTIONS]
        if known != sorted(set(known), key=SECTIONS.index):
            yield f"{name}: sections out of order: {', '.join(known)}"
        for section in set(sections) - set(known) if name.endswith(".1.scd") else ():
            yield f"{name}: no section of man-pages(7): {section}"


def check_options(program, command, pages):
    """Every option and default in the help is in the page."""
    page = " ".join(pages.get(f"ipcmark-{command}.1", "").split())
    for line in output(program, "help", command).splitlines():
        option = re.match(r"  (?:-\w, |    )(--[\w-]+)", line)
        words = [option.group(1)] if option else []
        words += re.findall(r"\(default ([^;)\s]+)", line)
        for word in words:
            if word not in page:
                yield f"ipcmark-{command}(1) lacks '{word}'"


def check_contents(program, root, pages):
    help_text = output(program, "help").partition("\ncommands:\n")[2]
    for command in re.findall(r"^  ([\w-]+) ", help_text, re.MULTILINE):
        yield from check_options(program, command, pages)
    for row in json.loads(output(program, "list", "--json"))["transports"]:
        if not re.search(f"\n(   |       ){row['name']}\n", pages["ipcmark-transport.7"]):
            yield f"ipcmark-transport(7) lacks {row['name']}"
    with open(f"{root}/reports/schema.json", encoding="utf-8") as file:
        for name, thing in json.load(file)["$defs"].items():
            for key in thing["properties"]:
                if f"\n       {key}, " not in pages["ipcmark-report.5"]:
                    yield f"ipcmark-report(5) lacks {name}.{key}"


def check_lint(path):
    yield from output("mandoc", "-T", "lint", path).splitlines()
    name = os.path.basename(path)[:-2]
    if not re.fullmatch(rf'{re.escape(path)}: "{name} - [^"]+"\n', output("lexgrog", path)):
        yield f"{path}: lexgrog finds no name"


def main():
    program, generator, root, headers, manuals = sys.argv[1:]
    bad = [*check_texts(generator, root, headers, manuals), *check_width(manuals),
           *check_order(manuals)]
    missing = [tool for tool in ("mandoc", "lexgrog") if shutil.which(tool) is None]
    if not missing:
        paths = sorted(glob.glob(f"{manuals}/pages/man*/*"))
        pages = {os.path.basename(path):
                 re.sub(".\b", "", output("mandoc", "-T", "utf8", "-O", "width=200", path))
                 for path in paths}
        bad += check_contents(program, root, pages)
        bad += [line for path in paths for line in check_lint(path)]
    for line in bad:
        print(line)
    if bad:
        return 1
    if missing:
        print(f"skipped: {' and '.join(missing)}: not installed")
        return 77
    return 0


if __name__ == "__main__":
    sys.exit(main())
