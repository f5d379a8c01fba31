"""exports.py PROGRAM HEADERS - whether the program lends plugins just what the installed
headers declare: no symbol less, and none of its own more. Exit status 1 when not."""

import os
import re
import subprocess
import sys


def declared(folder):
    """Names of the functions and variables that the headers declare."""
    names = set()
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            text = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.DOTALL)
        names.update(re.findall(r"\b(ipm_\w+)\(", text))
        names.update(re.findall(r"^extern [^;]*?\b(ipm_\w+);", text, re.MULTILINE))
    return names


def exported(program):
    done = subprocess.run(["nm", "-D", "--defined-only", program], check=True,
                          capture_output=True, text=True)
    names = [line.split()[-1] for line in done.stdout.splitlines()]
    return {name for name in names if re.match(r"ipm", name)}


def main():
    program, headers = sys.argv[1:]
    wanted, got = declared(os.path.join(headers, "ipcmark")), exported(program)
    for name in sorted(wanted - got):
        print(f"{name} is in an installed header, but the program does not export it")
    for name in sorted(got - wanted):
        print(f"{name} is exported, but in no installed header")
    print(f"{len(wanted & got)} symbols are lent to plugins")
    return 1 if wanted != got or not wanted else 0


if __name__ == "__main__":
    sys.exit(main())
