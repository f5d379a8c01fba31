"""suites.py PROGRAM SUITE... - whether these are all suites of a Criterion program: a suite that
CTest does not know would never be run.
"""

import re
import subprocess
import sys


def suites_of(program):
    text = subprocess.run([program, "--list", "--ascii"], stdout=subprocess.PIPE, check=True,
                          timeout=60).stdout.decode()
    return set(re.findall(r"^(\w+): \d+ tests?", text, re.MULTILINE))


def main():
    there, known = suites_of(sys.argv[1]), set(sys.argv[2:])
    for suite in sorted(there ^ known):
        print(f"{suite}: {'CTest does not know it' if suite in there else 'there is none'}")
    return 0 if there and there == known else 1


if __name__ == "__main__":
    sys.exit(main())
