"""reports.py - the reports whose pages are looked at. For the tests beside it."""

import copy
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(os.path.dirname(HERE), "export"))

# pylint: disable=wrong-import-position
import documents  # noqa: E402
from clean import clean  # noqa: E402,F401

CROWD = 20
TRIALS = 12  # an interval is not all of them
SIZES = (64, 1024, 4096, 65536)
CLIENTS = (1, 4, 16)


def trials(model, factor):
    """Trials that took so many times as long, each a little longer than the one before; the
    ends differ in CPU time and in how it divides."""
    for number in range(TRIALS):
        trial = {**model, "sender": dict(model["sender"]), "receiver": dict(model["receiver"])}
        trial["round"] = number
        trial["elapsed_ns"] = int(trial["elapsed_ns"] * factor * (1 + number / 20))
        for side, share in (("sender", 0.3), ("receiver", 0.7 / factor)):
            cpu = int(trial["elapsed_ns"] * (1 + share))
            trial[side]["user_ns"] = int(cpu * share)
            trial[side]["system_ns"] = cpu - trial[side]["user_ns"]
        yield trial


def another(case, number, factor, **keys):
    """The case over another transport. The last of them moves nothing that can be verified."""
    made = {**case, "integrity": dict(case["integrity"])}
    made.update(transport=f"transport-{number}", **keys)
    made["name"] = "/".join(str(made[key]) for key in
                            ("pattern", "transport", "message_bytes", "clients"))
    made["trials"] = list(trials(made["trials"][0], factor))
    if number == CROWD - 1:
        made["integrity"].update(verified_messages=0, verified_bytes=0)
    return made


def crowd(pattern, sizes, clients):
    """Twenty transports, each with every size and every number of clients."""
    report = documents.load("patterns.json")
    model = next(case for case in report["cases"]
                 if case["pattern"] == pattern and case["status"] == "ok")
    points = [(size, count) for size in sizes for count in clients]
    report["cases"] = [another(model, number, 1.13 ** number * (place + 1),
                               message_bytes=size, clients=count)
                       for place, (size, count) in enumerate(points)
                       for number in range(CROWD)]
    return report


def crossing():
    """Two transports, of which one is faster for small messages and one for large ones; and the
    same, a hundred times slower, in another place."""
    report = documents.load("patterns.json")
    model = next(case for case in report["cases"]
                 if case["pattern"] == "stream" and case["status"] == "ok")
    report["cases"] = [another(model, number, slower * (5 if (number == 0) == (size > 1024) else 1),
                               message_bytes=size, pin=pin)
                       for pin, slower in (("same", 1), ("split", 100))
                       for size in SIZES for number in range(2)]
    for case in report["cases"]:
        case["name"] += "/pin=" + case["pin"]
        case.update(sender_cpu=0, receiver_cpu=int(case["pin"] == "split"))
    return report


def everything():
    """Every pattern over transports of long names, as `ipcmark run -p all all` has them."""
    report = documents.load("patterns.json")
    models = {case["pattern"]: case for case in reversed(report["cases"])
              if case["status"] == "ok" and not case["rate_per_second"]}
    report["cases"] = []
    for pattern, model in reversed(models.items()):
        for size in SIZES[1:] if pattern != "connect" else (1,):
            for number, transport in enumerate(("socketpair-seqpacket", "unix-abstract")):
                case = another(model, number, 1.13 ** number, message_bytes=size)
                case.update(transport=transport, name=f"{pattern}/{transport}/{size}")
                report["cases"].append(case)
            if pattern in ("stream", "duplex", "fan-in"):
                case = another(model, number, 1, message_bytes=size, batch=64)
                case.update(transport="udp-gso", name=f"{pattern}/udp-gso/{size}/batch=64")
                report["cases"].append(case)
    return report


def tied():
    """Three transports of one rate."""
    report = crowd("stream", SIZES[:2], CLIENTS[:1])
    report["cases"] = report["cases"][:3]
    for case in report["cases"][1:]:
        case["trials"] = report["cases"][0]["trials"]
    return report


def unsplit():
    """Nothing is ranked, and no trial knows its sender's user time."""
    report = documents.load("report.json")
    for case in report["cases"]:
        for trial in case["trials"]:
            trial["sender"]["user_ns"] = None
        case["integrity"]["verified_messages"] = 0
    return report


def reports():
    yield from documents.reports()
    yield "crowd by size", crowd("stream", SIZES, CLIENTS[:1])
    yield "crowd by clients", crowd("fan-in", SIZES[:1], CLIENTS)
    yield "crowd by both", crowd("fan-in", SIZES[:2], CLIENTS[:2])
    yield "crowd in rows", crowd("ping-pong", SIZES[:1], CLIENTS[:1])
    yield "crossing", crossing()
    yield "everything", everything()
    yield "tied", tied()
    yield "unsplit", unsplit()


def both(program, report):
    """The report as ipcmark understands it, derived figures included, and its page."""
    whole = json.loads(documents.export(program, report, "json"))
    return whole, documents.export(program, report, "html")


def label(report, case):
    servers = {case["server"] for case in report["cases"] if case["server"]}
    words = [case["transport"], case["wait"] if case["wait"] != "block" else "", case["congestion"]]
    words += [case["server"]] if len(servers) > 1 else []
    return clean(" ".join(word for word in words if word))


def above(element):
    while element.parent is not None:
        element = element.parent
        yield element


# --- comparisons -------------------------------------------------------------------------

FACTORS = (1, 1.01, 3, 0.3, 1.4, 0.99, 250)
SHORT = 4  # trials, which are too few


def steady(case, number, factor, noise):
    """The case with trials of about one length: what drifts cannot be told apart."""
    made = another(case, number, 1)
    for place, trial in enumerate(made["trials"]):
        trial["elapsed_ns"] = int(case["trials"][0]["elapsed_ns"] * factor
                                  * (1 + noise * (place * 5 % TRIALS) / TRIALS))
    return made


def side(factors, noise=0.01, hostile=""):
    report = documents.load("report.json")
    model = next(case for case in report["cases"] if case["status"] == "ok")
    report["cases"] = [steady(model, number, factor, noise if number != 4 else 0.9)
                       for number, factor in enumerate(factors)]
    for case in report["cases"][5:6]:
        case["trials"] = case["trials"][:SHORT]
    for case in report["cases"]:
        transport = case["transport"] + hostile[:20]
        case["name"] = case["name"].replace(case["transport"], transport, 1) + hostile
        case["transport"] = transport
    return report


def human(name):
    """What a page calls a case of the reports above: "transport-3 64 B"."""
    _, transport, size, _ = name.split("/", 3)
    return clean(f"{transport} {size} B")


def contended():
    """In all trials but those of the first case, others took CPU time."""
    report = side(FACTORS)
    for case in report["cases"][1:]:
        for trial in case["trials"]:
            trial.update(throttled_ns=trial["elapsed_ns"], contended=True)
    return report


def missing():
    """A case that NEW has not, one that BASE has not, one that failed; another kernel."""
    base, fresh = side(FACTORS[:3]), side(FACTORS[:4])
    del fresh["cases"][0]
    fresh["cases"][0].update(status="failed", reason=documents.HOSTILE, trials=[])
    fresh["host"]["kernel"] = documents.HOSTILE
    return base, fresh


def pairs():
    plain = side([1] * len(FACTORS))
    yield "changes", plain, side(FACTORS), ()
    yield "all metrics", plain, side(FACTORS), ("--metric", "all")
    yield "the same", plain, plain, ()
    yield "contended", plain, contended(), ()
    yield "missing", *missing(), ()
    yield "missing, and let pass", *missing(), ("--allow-missing",)
    yield "nothing", side([]), side([]), ()
    yield "hostile", *(side(factors, hostile=documents.HOSTILE)
                       for factors in ([1] * len(FACTORS), FACTORS)), ("--allow-missing",)


def compared(program, folder, base, fresh, options):
    """The JSON document and the page of a comparison."""
    names = [os.path.join(folder, name) for name in ("a<b>&\"c.json", "d'e.json")]
    out = [os.path.join(folder, name) for name in ("comparison.json", "comparison.html")]
    for name, report in zip(names, (base, fresh)):
        with open(name, "w", encoding="utf-8") as file:
            json.dump(report, file)
    done = subprocess.run([program, "compare", "-q", *options, "--json", out[0],
                           "-e", f"html={out[1]}", *names], timeout=60, check=False,
                          stderr=subprocess.DEVNULL)
    assert done.returncode in (0, 1, 3), done.returncode
    with open(out[0], encoding="utf-8") as whole, open(out[1], "rb") as document:
        return json.load(whole), document.read()


def comparisons(program):
    """(name, JSON document, page) of everything that is compared in the tests."""
    with tempfile.TemporaryDirectory() as folder:
        for name, base, fresh, options in pairs():
            yield name, *compared(program, folder, base, fresh, options)


def run_of(report, day, **keys):
    """The report of another day, with other labels or on another machine."""
    made = copy.deepcopy(report)
    made["run"] |= {"started_at": f"2026-11-{day:02}T12:00:00Z", "seed": day,
                    "labels": {"commit": f"{day:02}c0ffee"}} | keys.get("run", {})
    made["host"] |= keys.get("host", {})
    return made


def histories():
    """(name, the runs that are shown, those that are left out)."""
    for name in ("report.json", "patterns.json", "report-empty.json"):
        plain = documents.load(name)
        yield name, [run_of(plain, day) for day in range(1, 6)], []
    yield "many cases", [run_of(crowd("stream", SIZES[:2], CLIENTS[:1]), day) for day in (1, 2)], []
    hostile = documents.hostile()
    yield "hostile", [run_of(hostile, 1), run_of(
        hostile, 2, run={"labels": hostile["run"]["labels"]})], []
    plain = documents.load("patterns.json")
    gap = run_of(plain, 3)
    gap["cases"] = gap["cases"][1:]
    yield "a gap", [run_of(plain, 1), gap, run_of(plain, 4, run={"labels": {}})], [
        run_of(plain, 2, host={"cpu_model": "another"})]


def slowed(report, factors):
    """The report, whose first cases took so many times as long."""
    made = copy.deepcopy(report)
    for case, factor in zip(made["cases"], factors):
        once = case["trials"][0]["elapsed_ns"] * factor
        for number, trial in enumerate(case["trials"]):
            trial["elapsed_ns"] = int(once * (1 + number % 3 / 1000))
    return made


def changes():
    """(name, runs, what the page must begin with) of histories."""
    plain = crowd("stream", SIZES[:1], CLIENTS[:1])
    plain["cases"] = plain["cases"][:3]
    before = [run_of(slowed(plain, [1 + day % 2 / 100] * 3), day) for day in range(1, 6)]
    last = run_of(slowed(plain, (2, 0.5, 1)), 6)
    yield "changed", before + [last], (
        "1 case became slower and 1 faster", "1 the same", "slower transport-0", "faster transport-1")
    yield "unchanged", before + [run_of(slowed(plain, (1, 1, 1)), 6)], ("No case became slower or faster", "3 the same")
    yield "short", before[:2] + [last], ("runs may differ: five in the history tell how much",)
    yield "one", before[:1], ("There is one run",)


def history_page(program, runs):
    """The page of these runs, whose names are not in the order of time."""
    with tempfile.TemporaryDirectory() as folder:
        for number, report in enumerate(runs):
            with open(os.path.join(folder, f"{9 - number}.json"), "w", encoding="utf-8") as file:
                json.dump(report, file)
        return subprocess.run([program, "report", "--format", "html", folder], check=True,
                              stdout=subprocess.PIPE, timeout=60).stdout
