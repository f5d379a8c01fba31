"""example.py ROOT - whether the one C block of transports/README.md is the file that it says
it is: transports/example/example.c. Exit status 1 when it is not."""

import difflib
import os
import re
import sys


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return file.read()


def main():
    folder = os.path.join(sys.argv[1], "transports")
    blocks = re.findall(r"^```c\n(.*?)^```$", read(folder, "README.md"),
                        re.MULTILINE | re.DOTALL)
    if len(blocks) != 1:
        print(f"transports/README.md: {len(blocks)} C blocks, not one")
        return 1
    lines = list(difflib.unified_diff(
        read(folder, "example", "example.c").splitlines(), blocks[0].splitlines(),
        "transports/example/example.c", "transports/README.md", lineterm=""))
    print("\n".join(lines) or "the example and the README are the same")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
