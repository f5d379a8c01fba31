"""validate.py SCHEMA.json DOC.json... - checks documents against a schema (draft 2020-12),
that none has a key twice, NaN or an infinity in it, and what a schema cannot say: figures that
belong together agree. "-" is standard input. Prints one
line a violation; exit status 1 when there is one, 2 when the schema itself is no good.
"""

import functools
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


# How many flows a trial of a pattern has where there are neither several clients nor several pairs.
FLOWS = {"duplex": 2}

QUANTILES = ("min", "p50", "p90", "p99", "p99_9", "p99_99", "max")


def disagreements_of_latency(latency):
    histogram = latency["histogram"]
    values = [latency[key] for key in QUANTILES]
    if len({len(array) for array in histogram.values()}) != 1:
        yield "histogram: arrays of different lengths"
    if sum(histogram["count"]) != latency["count"]:
        yield "histogram: another number of values than count"
    if values != sorted(values):
        yield "latency_ns: min, percentiles and max do not ascend"
    if not latency["min"] <= latency["mean"] <= latency["max"]:
        yield "latency_ns: the mean is not between min and max"


def disagreements_of_trial(case, trial):
    several = case["clients"] if case["server"] else case["pairs"] if case["pairs"] > 1 else 0
    wanted = several or FLOWS.get(case["pattern"], 0)
    if len(trial["flows"]) != wanted:
        yield f"flows: {len(trial['flows'])} of them, not {wanted}"
    if sum(flow["bytes"] for flow in trial["flows"]) > trial["received"]["bytes"]:
        yield "flows: more bytes than were received"
    if any(flow["elapsed_ns"] > trial["elapsed_ns"] for flow in trial["flows"]):
        yield "flows: one is longer than the window"
    if case["framing"] == "none" and trial["framing_bytes"]:
        yield "framing_bytes: there are some without framing"
    if trial["latency_ns"]:
        yield from disagreements_of_latency(trial["latency_ns"])


def disagreements(document):
    """Of a document that the schema has nothing against."""
    for c, case in enumerate(document.get("cases", [])):
        for t, trial in enumerate(case["trials"]):
            for words in disagreements_of_trial(case, trial):
                yield f"$.cases[{c}].trials[{t}].{words}"


def violations(validator, name):
    try:
        document = load(name)
    except (OSError, ValueError, RecursionError) as error:
        return [f"{name}: {error}"]
    found = [f"{name}: {error.json_path}: {error.message[:300]}"
             for error in sorted(validator.iter_errors(document), key=lambda e: e.json_path)]
    return found or [f"{name}: {words}" for words in disagreements(document)]


@functools.lru_cache(maxsize=None)  # checking a schema takes half a second
def validator_of(name):
    """Of a file that holds a schema; leaves the program when it is not a good one."""
    schema = load(name)
    try:
        jsonschema.Draft202012Validator.check_schema(schema)
    except jsonschema.SchemaError as error:
        print(f"{name}: {error.message}", file=sys.stderr)
        sys.exit(2)
    return jsonschema.Draft202012Validator(schema)


def main(names):
    if len(names) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    validator = validator_of(names[0])
    found = [line for name in names[1:] for line in violations(validator, name)]
    for line in found[:SHOWN_MOST]:
        print(line, file=sys.stderr)
    if len(found) > SHOWN_MOST:
        print(f"and {len(found) - SHOWN_MOST} more", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
