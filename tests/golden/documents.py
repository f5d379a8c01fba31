"""documents.py [--update] RENDER_SAMPLE ROOT - reports/schema.json and the tables of fields in
reports/README.md are what the program's tables of fields make of them, and the schema is
strict; what is written of random reports keeps to it. Prints one line a violation; --update writes both files afresh.
"""

import json
import os
import re
import subprocess
import sys

import jsonschema

RANDOM_REPORTS = 8
BEGIN = "<!-- fields: tests/golden/documents.py --update writes what follows -->\n"
END = "<!-- end of fields -->\n"


def type_words(field):
    """The type of a field for a reader: "integer or null", "list of [case](#case)"."""
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        return f"[{name}](#{name})"
    if "oneOf" in field:
        return type_words(field["oneOf"][1]) + " or null"
    if "const" in field:
        return str(field["const"])
    if "enum" in field:
        return " or ".join("null" if word is None else f"`{word}`" for word in field["enum"])
    if field["type"] == "array":
        return "list of " + type_words(field["items"])
    values = field.get("additionalProperties") or next(
        iter(field.get("patternProperties", {}).values()), None)
    if values:
        return "by key: " + type_words(values)
    types = field["type"]
    return types if isinstance(types, str) else " or ".join(types)


def tables(schema):
    for name, thing in schema["$defs"].items():
        yield f"\n### `{name}`\n\n{thing['title']}.\n\n| key | type | meaning |\n|---|---|---|\n"
        for key, field in thing["properties"].items():
            yield f"| `{key}` | {type_words(field)} | {field['description']} |\n"
    yield "\n"


def readme_with(text, schema):
    """The text with its part between the marks made from the schema."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit("reports/README.md lacks the marks of the tables of fields")
    return before + begin + "".join(tables(schema)) + end + after


def check_schema(schema):
    for name, thing in schema["$defs"].items():
        if thing.get("additionalProperties") is not False:
            yield f"schema.json: {name} lets unknown keys pass"
        if "patternProperties" not in thing and thing["required"] != list(thing["properties"]):
            yield f"schema.json: {name} does not require all of its keys"
        for key, field in thing["properties"].items():
            if not re.search(r"\w", field["description"]):
                yield f"schema.json: {name}.{key} has no description"


def check_random(program, schema):
    """Reports of any contents keep to the schema."""
    validator = jsonschema.Draft202012Validator(schema)
    for seed in range(RANDOM_REPORTS):
        text = subprocess.run([program, "json", "80", str(seed), "random"], check=True,
                              stdout=subprocess.PIPE, timeout=60, encoding="utf-8").stdout
        for error in validator.iter_errors(json.loads(text)):
            yield f"the random report {seed}: {error.json_path}: {error.message[:200]}"


def main():
    arguments = [word for word in sys.argv[1:] if word != "--update"]
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    program, root = arguments
    text = subprocess.run([program, "schema"], check=True, stdout=subprocess.PIPE, timeout=60,
                          encoding="utf-8").stdout
    schema = json.loads(text)
    bad = [*check_schema(schema), *check_random(program, schema)]
    for name, make in (("schema.json", lambda _: text),
                       ("README.md", lambda old: readme_with(old, schema))):
        path = os.path.join(root, "reports", name)
        with open(path, encoding="utf-8") as file:
            before = file.read()
        now = make(before)
        if "--update" in sys.argv:
            with open(path, "w", encoding="utf-8") as file:
                file.write(now)
        elif now != before:
            bad.append(f"reports/{name} is stale: tests/golden/documents.py --update "
                       "RENDER_SAMPLE ROOT refreshes it")
    for line in bad:
        print(line)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
