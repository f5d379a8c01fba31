"""reports.py - the reports whose pages are looked at. For the tests beside it."""

import copy
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(os.path.dirname(HERE), "export"))

# pylint: disable=wrong-import-position
import documents  # noqa: E402
from clean import clean  # noqa: E402,F401

CROWD = 30
TRIALS = 12  # an interval is not all of them
SIZES = (64, 1024, 4096, 65536)
CLIENTS = (1, 4, 16)


def trials(model, factor):
    """Trials that took so many times as long, each a little longer than the one before; the
    ends differ in CPU time and in how it divides."""
    for number in range(TRIALS):
        trial = copy.deepcopy(model)
        trial["round"] = number
        trial["elapsed_ns"] = int(trial["elapsed_ns"] * factor * (1 + number / 20))
        for side, share in (("sender", 0.3), ("receiver", 0.7 / factor)):
            cpu = int(trial["elapsed_ns"] * (1 + share))
            trial[side]["user_ns"] = int(cpu * share)
            trial[side]["system_ns"] = cpu - trial[side]["user_ns"]
        yield trial


def another(case, number, factor, **keys):
    """The case over another transport. The last of them moves nothing that can be verified."""
    made = copy.deepcopy(case)
    made.update(transport=f"transport-{number}", **keys)
    made["name"] = "/".join(str(made[key]) for key in
                            ("pattern", "transport", "message_bytes", "clients"))
    made["trials"] = list(trials(made["trials"][0], factor))
    if number == CROWD - 1:
        made["integrity"].update(verified_messages=0, verified_bytes=0)
    return made


def crowd(pattern, sizes, clients):
    """Thirty transports, each with every size and every number of clients."""
    report = documents.load("patterns.json")
    model = next(case for case in report["cases"]
                 if case["pattern"] == pattern and case["status"] == "ok")
    points = [(size, count) for size in sizes for count in clients]
    report["cases"] = [another(model, number, 1.13 ** number * (place + 1),
                               message_bytes=size, clients=count)
                       for place, (size, count) in enumerate(points)
                       for number in range(CROWD)]
    return report


def unsplit():
    """Nothing is ranked, and a trial does not know its sender's user time."""
    report = documents.load("report.json")
    for case in report["cases"]:
        for trial in case["trials"][:1]:
            trial["sender"]["user_ns"] = None
        case["integrity"]["verified_messages"] = 0
    return report


def reports():
    yield from documents.reports()
    yield "crowd by size", crowd("stream", SIZES, CLIENTS[:1])
    yield "crowd by clients", crowd("fan-in", SIZES[:1], CLIENTS)
    yield "crowd by both", crowd("fan-in", SIZES[:2], CLIENTS[:2])
    yield "crowd in rows", crowd("ping-pong", SIZES[:1], CLIENTS[:1])
    yield "unsplit", unsplit()


def both(program, report):
    """The report as ipcmark understands it, derived figures included, and its page."""
    whole = json.loads(documents.export(program, report, "json"))
    return whole, documents.export(program, report, "html")
