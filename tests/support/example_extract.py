"""example_extract.py README.md OUTPUT.c - takes the one C block of a README out of it, so
that a test can compile what the reader is shown."""

import re
import sys

readme, output = sys.argv[1:]
with open(readme, encoding="utf-8") as source:
    blocks = re.findall(r"^```c\n(.*?)^```$", source.read(), re.MULTILINE | re.DOTALL)
if len(blocks) != 1:
    sys.exit(f"{readme}: {len(blocks)} C blocks, not one")
with open(output, "w", encoding="utf-8") as target:
    target.write(blocks[0])
