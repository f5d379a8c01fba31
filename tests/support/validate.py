"""validate.py SCHEMA.json DOC.json... - checks documents against a schema (draft 2020-12),
and that none has a key twice, NaN or an infinity in it. "-" is standard input. Prints one
line a violation; exit status 1 when there is one, 2 when the schema itself is no good.
"""

import json
import math
import sys

import jsonschema

SHOWN_MOST = 20


def unique(pairs):
    keys = [key for key, _ in pairs]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise ValueError(f"key {twice[0]!r} comes twice")
    return dict(pairs)


def refuse(word):
    raise ValueError(f"{word} is no number of JSON")


def finite(text):
    """Python turns 1e999 into an infinity without a word."""
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text} is too large")
    return number


def load(name):
    with sys.stdin.buffer if name == "-" else open(name, "rb") as file:
        text = file.read().decode("utf-8")
    return json.loads(text, object_pairs_hook=unique, parse_constant=refuse,
                      parse_float=finite)


def violations(validator, name):
    try:
        document = load(name)
    except (OSError, ValueError, RecursionError) as error:
        return [f"{name}: {error}"]
    return [f"{name}: {error.json_path}: {error.message[:300]}"
            for error in sorted(validator.iter_errors(document), key=lambda e: e.json_path)]


def main():
    if len(sys.argv) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    schema = load(sys.argv[1])
    try:
        jsonschema.Draft202012Validator.check_schema(schema)
    except jsonschema.SchemaError as error:
        print(f"{sys.argv[1]}: {error.message}", file=sys.stderr)
        return 2
    validator = jsonschema.Draft202012Validator(schema)
    found = [line for name in sys.argv[2:] for line in violations(validator, name)]
    for line in found[:SHOWN_MOST]:
        print(line, file=sys.stderr)
    if len(found) > SHOWN_MOST:
        print(f"and {len(found) - SHOWN_MOST} more", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
