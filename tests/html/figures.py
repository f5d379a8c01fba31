"""figures.py IPCMARK - whether the drawings and tables of the html format tell the figures of
the report: every mark is put back on its axis and compared. Prints "N passed, N failed" last.
"""

import collections
import math
import os
import re
import sys

import reports
import tree
from answers import check_answer, check_heat, lead_of
from reports import documents, label

LEADS = {"MiB/s": ("throughput_bytes_per_second", 2 ** 20),
         "trips/s": ("round_trips_per_second", 1), "conn/s": ("connections_per_second", 1),
         "msg/s": ("achieved_per_second", 1)}
NEAR = 0.02  # places are written with a digit behind the point, ...
BLUR = 0.11  # ... and so are the two ends of a bar
PERCENTILES = {"50 %": "p50", "90 %": "p90", "99 %": "p99", "99.9 %": "p99_9"}


def expect(bad, fine, words):
    if not fine:
        bad.append(words)


def near(a, b):
    return math.isclose(a, b, rel_tol=NEAR, abs_tol=1e-9)


def sections(page, report):
    """(section of the page, cases of it that are ok) for each pattern."""
    found = [section for section in page.all("section")
             if re.fullmatch(r"p\d+", section.get("aria-labelledby"))]
    starts = [int(section.get("aria-labelledby")[1:]) for section in found]
    for section, begin, end in zip(found, starts, starts[1:] + [len(report["cases"])]):
        yield section, [case for case in report["cases"][begin:end] if case["status"] == "ok"]


def drawn(cases):
    """Those that could be verified, where there are such; of connect nothing is verified."""
    ranked = [case for case in cases if case["integrity"]["status"] is not None
              or case["pattern"] == "connect"]
    return ranked or cases


# --- places back to values ---------------------------------------------------------------

def scale(ticks, logarithmic):
    """What is at a place, from two places whose values are known: [(place, value)]."""
    (first, low), (last, high) = ticks[0], ticks[-1]
    if logarithmic:
        low, high = math.log10(low), math.log10(high)

    def value(place):
        found = low + (place - first) / (last - first) * (high - low)
        return 10 ** found if logarithmic else found
    return value


def ticks(picture, side, key, shift):
    return [(float(text.get(key)) + shift, tree.number(text.text()))
            for text in picture.all("text") if "tick" in text.classes() and text.get("text-anchor") == side]


def size_of(text):
    """"64 B", "4 KiB", or a number of clients."""
    digits, _, unit = text.partition(" ")
    return tree.number(digits) * {"": 1, "B": 1, "KiB": 2 ** 10, "MiB": 2 ** 20}[unit]


def marks(picture):
    """(mark, name, size, text of the value) of every mark of a curve."""
    for mark in picture.all("use"):
        if mark.text():
            name, size, value = re.fullmatch(r"(.*), (.*?): (.*)", mark.text()).groups()
            yield mark, name, size, value


def figures(section, words):
    return [figure for figure in section.of_class("figure")
            if figure.all("h3")[0].text().startswith(words)]


# --- rates -------------------------------------------------------------------------------

def wanted_rates(report, cases, unit):
    key, factor = LEADS[unit]
    found = collections.Counter()
    for case in drawn(cases):
        rate = case["summary"][key] or {"median": None}
        if rate["median"] is not None and rate["median"] > 0:
            ends = [rate[end] and rate[end] / factor for end in ("ci95_low", "ci95_high")]
            found[label(report, case), rate["median"] / factor, *ends] += 1
    return found


def take(bad, wanted, name, text, place, ends):
    """Strikes the figure that is shown, with its interval, off the list of those that must be."""
    for key, left in wanted.items():
        other, value, low, high = key
        if left > 0 and name == other and tree.shown_as(text, value) and near(place, value) \
                and (not ends if low is None else
                     len(ends) == 2 and near(ends[0], low) and near(ends[1], high)):
            wanted[key] -= 1
            return
    bad.append(f"{name}: nothing is {text}, at {place:.4g} from {ends}")


def whiskers(picture, pattern, value):
    """The ends of the intervals that are drawn, by what stands after them."""
    found, before = {}, []
    for part in picture.all("path", "use"):
        if "whisker" in part.classes():
            before = [value(float(place)) for place in
                      re.fullmatch(pattern, part.get("d")).groups()]
        elif part.name == "use":
            found[part], before = before, []
    return found


def check_curves(bad, figure, wanted):
    picture = figure.all("svg")[0]
    up = ticks(picture, "end", "y", -4)
    along = [(place, size_of(text.text())) for text in picture.all("text")
             if "tick" in text.classes() and text.get("text-anchor") == "middle"
             for place in [float(text.get("x"))]]
    ends = whiskers(picture, r"M\S+ (\S+)h6m-3 0V(\S+)m-3 0h6", scale(up, True))
    for mark, name, size, value in marks(picture):
        take(bad, wanted, name, value.split(" ")[0], scale(up, True)(float(mark.get("y"))),
             ends[mark])
        if len(along) > 1:
            expect(bad, near(scale(along, True)(float(mark.get("x"))), size_of(size)),
                   f"{name}: not at {size}")
    cells = [cell.text() for cell in figure.all("tbody")[0].all("td")
             if cell.text() != "-"]
    expect(bad, sorted(cells) == sorted(value for _, _, _, value in marks(picture)),
           "table and marks differ")


def check_rows(bad, figure, wanted):
    picture = figure.all("svg")[0]
    value = scale(ticks(picture, "middle", "x", 0), True)
    ends, before = whiskers(picture, r"M(\S+) \S+v6m0-3H(\S+)m0-3v6", value), math.inf
    for group in picture.of_class("s"):
        name, shown = group.all("title")[0].text(), group.of_class("value")[0].text()
        mark = group.all("use")[0]
        place = value(float(mark.get("x")))
        take(bad, wanted, name, shown, place, ends[mark])
        expect(bad, place <= before * (1 + NEAR), f"{name} is not in its place")
        before = place


def check_rates(bad, section, cases, report):
    found = figures(section, ("Throughput", "Round trips", "Connections", "Achieved"))
    unit = found[0].of_class("name")[-1].text() if found else None
    wanted = wanted_rates(report, cases, unit) if unit else {}
    for figure in found:
        (check_curves if figure.of_class("line") and figure.of_class("lead") else check_rows)(
            bad, figure, wanted)
    left = [key for key, count in wanted.items() if count]
    expect(bad, not left, f"not drawn: {left[:3]}")
    expect(bad, found or not cases, "nothing is drawn")


# --- the table of results ----------------------------------------------------------------

def check_results(bad, section, cases, report):
    name = "t" + section.get("aria-labelledby")[1:]
    tables = [table for table in list(reports.above(section))[-1].of_class("results")
              if table.parent.get("aria-labelledby") == name]
    expect(bad, len(tables) == bool(cases), f"{len(tables)} tables")
    if not tables:
        return
    unit = tables[0].all("thead")[0].all("tr")[1].children()[0].text()
    key, factor = LEADS[unit]
    wanted = sorted((label(report, case), case["summary"][key]["median"] / factor)
                    for case in cases)
    rows = [row for row in tables[0].all("tr") if "r" in row.classes()]
    if {case["summary"][key]["ci95_low"] for case in cases} == {None}:
        expect(bad, "95 %" not in tables[0].all("thead")[0].text(), "intervals without any")
    expect(bad, len(rows) == len(wanted), f"{len(rows)} rows, not {len(wanted)}")
    for row in rows:
        words = row.children("th")[0].text()
        for badge in row.of_class("badge"):
            words = words.replace(" " + badge.text(), "")
        shown = row.children("td")[0].text()
        fits = [item for item in wanted
                if item[0] == words.strip() and tree.shown_as(shown, item[1])]
        expect(bad, fits, f"no {words.strip()} has {shown}")
        wanted = [item for item in wanted if not fits or item is not fits[0]]


# --- costs -------------------------------------------------------------------------------

def user_share(case, side):
    parts = [[trial[side][key] for trial in case["trials"]] for key in ("user_ns", "system_ns")]
    if None in parts[0] + parts[1] or not sum(map(sum, parts)):
        return None
    return sum(parts[0]) / sum(map(sum, parts))


def per(case, own):
    """Messages of an end for each one that arrived, or for each round trip or connection, where
    these are counted."""
    trips = case["pattern"] in ("ping-pong", "connect", "fan-in-rpc") and not case["rate_per_second"]
    trials = [trial for trial in case["trials"] if trial["latency_ns"] or not trips]
    return sum(trial[own]["messages"] for trial in trials) / \
        sum(trial["latency_ns"]["count"] if trips else trial["received"]["messages"]
            for trial in trials)


def wanted_costs(case):
    """Both ends; then for each end the whole, its user and its system time."""
    found = []
    for side, own in (("sender", "sent"), ("receiver", "received")):
        whole = case["summary"][f"{side}_cpu_ns_per_message"]["median"]
        whole = whole and whole * per(case, own)
        share = user_share(case, side)
        found.append([whole] + [None if None in (whole, share) else whole * part
                                for part in (share, share is not None and 1 - share)])
    if None in (found[0][0], found[1][0]):
        return None
    return [found[0][0] + found[1][0]] + found[0] + found[1]


def fits_costs(row, bars, wanted, blur):
    """Whether cells and bars say what is wanted; the bars to within the blur of their ends."""
    cells = [cell.text() for cell in row.children("td")]
    parts = []
    for whole, user, system in (wanted[1:4], wanted[4:7]):
        parts += [whole] if user is None else [user, system]
    return (len(bars) == len(parts) and
            all(abs(bar - part) <= blur for bar, part in zip(bars, parts)) and
            all(text == "-" if value is None else tree.shown_as(text, value)
                for text, value in zip(cells, wanted)))


def check_costs(bad, section, cases, report):
    wanted = [(label(report, case), wanted_costs(case)) for case in cases]
    wanted = [item for item in wanted if item[1] is not None]
    for figure in figures(section, "CPU time per"):
        picture = figure.all("svg")[0]
        value = scale(ticks(picture, "middle", "x", 0), False)
        length = value(1) - value(0)
        for group, row in zip(picture.of_class("s"), figure.all("tbody")[0].children("tr")):
            name = group.all("title")[0].text()
            bars = [float(bar.get("width")) * length for bar in group.all("rect")]
            fits = [item for item in wanted if item[0] == name
                    and fits_costs(row, bars, item[1], BLUR * length)]
            expect(bad, fits, f"CPU time of {name}: {[c.text() for c in row.children('td')]}")
            wanted = [item for item in wanted if not fits or item is not fits[0]]
    expect(bad, not wanted, f"CPU time not drawn: {wanted[:2]}")


def check_efforts(bad, section, cases, report):
    """CPU time over the rate: each point is where its table says, and the table is right."""
    wanted = collections.Counter()
    if not cases:
        return
    key = lead_of(cases[0])
    factor = dict(LEADS.values())[key]
    for case in drawn(cases):
        rate, costs = case["summary"][key], wanted_costs(case)
        if rate and rate["median"] and costs and costs[0] > 0:
            wanted[label(report, case)] += 1
    for figure in figures(section, "CPU time against"):
        picture = figure.all("svg")[0]
        x = scale(ticks(picture, "middle", "x", 0), True)
        y = scale(ticks(picture, "end", "y", -4), True)
        groups = {group.all("title")[0].text(): group for group in picture.of_class("s")}
        for row in figure.all("tbody")[0].children("tr"):
            name = row.children("th")[0].text().strip()
            rate, cost = (cell.text() for cell in row.children("td"))
            mark = groups[name].all("use")[0]
            expect(bad, near(x(float(mark.get("x"))), tree.number(rate)) and
                   near(y(float(mark.get("y"))), tree.number(cost)), f"effort of {name}")
            fits = [case for case in cases if label(report, case) == name
                    and tree.shown_as(rate, case["summary"][key]["median"] / factor)
                    and tree.shown_as(cost, wanted_costs(case)[0])]
            expect(bad, fits, f"effort of {name}: {rate}, {cost}")
            wanted[name] -= 1
    expect(bad, not +wanted and not -wanted, f"effort: {wanted}")


def check_trials(bad, section, cases, report):
    """As many dots as trials that moved something, at their values."""
    found = figures(section, ("Throughput", "Round trips", "Connections", "Achieved"))
    dots = [dot for figure in found for path in figure.of_class("trials")
            for dot in re.findall(r"M(\S+) (\S+?)h0", path.get("d"))]
    wanted = [trial for case in drawn(cases) for trial in case["trials"]]
    full = [trial for trial in wanted if trial["received"]["bytes"] > 0]
    expect(bad, len(full) <= len(dots) <= len(wanted),
           f"{len(dots)} dots for {len(wanted)} trials")


def check_crossings(bad, section, cases, report):
    """A ring for each pair that changes its order, and axes that all placements share."""
    if len({(case["pin"], case["message_bytes"]) for case in cases}) != 2 * len(reports.SIZES):
        return
    found = figures(section, "Throughput")
    expect(bad, len({tuple(ticks(figure.all("svg")[0], "end", "y", -4)) for figure in found})
           == 1, "the placements have different axes")
    rings = [len(figure.of_class("cross")) for figure in found]
    notes = [figure.of_class("how")[0].text() for figure in found]
    expect(bad, rings == [1, 1] and all("passes" in note and "between 1 KiB and 4 KiB" in note
                                        for note in notes), f"crossovers: {rings}, {notes}")


def check_latencies(bad, section, cases, report):
    wanted = [(label(report, case), case["summary"]["latency_ns"]) for case in drawn(cases)
              if case["summary"]["latency_ns"]]
    for figure in figures(section, "Latency"):
        picture = figure.all("svg")[0]
        value = scale(ticks(picture, "end", "y", -4), True)
        for mark, name, share, shown in marks(picture):
            if share in PERCENTILES:
                figure_ns = [latency[PERCENTILES[share]]
                             for other, latency in wanted if other == name]
                expect(bad, re.search("[num]?s$", shown) and any(
                    tree.shown_as(shown, ns) and near(value(float(mark.get("y"))), ns)
                    for ns in figure_ns), f"{name}: {share} is {shown}")
        names = [group.all("title")[0].text() for group in picture.of_class("s")]
        for name in names:
            fits = [item for item in wanted if item[0] == name]
            expect(bad, fits, f"latency of {name} is drawn")
            wanted = [item for item in wanted if not fits or item is not fits[0]]
    expect(bad, not wanted, f"no latency of {[name for name, _ in wanted][:3]}")


CHECKS = (check_answer, check_rates, check_results, check_costs, check_latencies, check_efforts,
          check_trials, check_crossings, check_heat)


def main():
    program, passed, bad = os.path.abspath(sys.argv[1]), 0, []
    for name, report in reports.reports():
        whole, document = reports.both(program, report)
        page, _ = tree.read(document)
        for section, cases in sections(page, whole):
            for check in CHECKS:
                found = []
                check(found, section, cases, whole)
                passed += not found
                bad += [f"{name}: {check.__name__}: {words}" for words in found[:5]]
    return documents.conclude(passed, bad)


if __name__ == "__main__":
    sys.exit(main())
