"""documents.py ROOT - the schema of the report is strict and speaks of every field, and
reports/README.md has the same fields in the same order. Prints one line a violation.
"""

import json
import os
import re
import sys


def load(root):
    with open(os.path.join(root, "reports/schema.json"), encoding="utf-8") as file:
        schema = json.load(file)
    with open(os.path.join(root, "reports/README.md"), encoding="utf-8") as file:
        return schema, file.read()


def objects(schema):
    yield from schema["$defs"].items()


def fields_of_schema(schema):
    return {name: list(thing["properties"]) for name, thing in objects(schema)}


def fields_of_readme(text):
    """The first cell of each row of the table below each heading of an object."""
    found, name = {}, None
    for line in text.splitlines():
        heading = re.fullmatch(r"#+ (?:`(\w+)`)?.*", line)
        row = re.match(r"\| `(\w+)` \|", line)
        if heading:
            name = heading.group(1)
        elif row and name:
            found.setdefault(name, []).append(row.group(1))
    return found


def check_schema(schema):
    for name, thing in objects(schema):
        if thing.get("additionalProperties") is not False:
            yield f"schema.json: {name} lets unknown keys pass"
        if "patternProperties" not in thing and thing["required"] != list(thing["properties"]):
            yield f"schema.json: {name} does not require all of its keys"
        for key, field in thing["properties"].items():
            if not field.get("title") or not field.get("description"):
                yield f"schema.json: {name}.{key} has no title or description"


def check_readme(schema, text):
    wanted, found = fields_of_schema(schema), fields_of_readme(text)
    for name in sorted(wanted.keys() | found.keys()):
        if wanted.get(name) != found.get(name):
            yield (f"README.md and schema.json differ about {name}: "
                   f"{found.get(name)} and {wanted.get(name)}")


def main():
    schema, text = load(sys.argv[1])
    found = [*check_schema(schema), *check_readme(schema, text)]
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
