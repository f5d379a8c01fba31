"""answers.py - whether the page names the fastest of the report, what cannot be told from it, and
the shares of all others. For figures.py."""

import collections
import math
import statistics

import reports
from reports import label


def expect(bad, fine, words):
    if not fine:
        bad.append(words)


def lead_of(case):
    if case["rate_per_second"]:
        return "achieved_per_second"
    return {"connect": "connections_per_second", "ping-pong": "round_trips_per_second",
            "fan-in-rpc": "round_trips_per_second"}.get(
                case["pattern"], "throughput_bytes_per_second")


def grouped(cases):
    """Cases that differ in nothing but the transport and the server."""
    groups = collections.defaultdict(list)
    for case in cases:
        groups[tuple(case[key] for key in ("message_bytes", "framing", "clients", "pin", "io",
                                           "batch", "think_ns", "wait"))].append(case)
    return groups.values()


def rates(case):
    """What a case did in each round."""
    def done(trial):
        if lead_of(case) == "throughput_bytes_per_second":
            return trial["received"]["bytes"]
        return trial["latency_ns"]["count"] if trial["latency_ns"] else 0
    return {trial["round"]: done(trial) / trial["elapsed_ns"] for trial in case["trials"]
            if trial["elapsed_ns"]}


def ratio(best, case):
    """The median of their ratios by round, and half of its interval; NaN: too few rounds."""
    one, other = rates(best), rates(case)
    ratios = sorted(one[key] / other[key] for key in one if other.get(key))
    count = len(ratios)
    rank = next((rank for rank in range(count)
                 if sum(math.comb(count, k) for k in range(rank + 1)) > 0.025 * 2 ** count), 0)
    if rank == 0:
        return math.nan, math.nan, math.nan
    low, high = ratios[rank - 1], ratios[count - rank]
    return statistics.median(ratios), (high - low) / 2, low


def is_tie(best, case):
    """Whether the interval of their ratios by round is known and not above 1 in both forms."""
    middle, half, low = ratio(best, case)
    return min(low, middle - half) <= 1


def times(best, case):
    """How many times as fast the one is, as the text says it."""
    middle, half, _ = ratio(best, case)
    decimals = 2 if half < 0.095 else 1 if half < 9.95 else 0
    return f"{middle:.{decimals}f} ± {half:.{decimals}f} times {{}}"


def rate_of(case):
    return (case["summary"][lead_of(case)] or {}).get("median")


def known_of(cases):
    return [case for case in cases if rate_of(case)
            and (case["integrity"]["status"] is not None or case["pattern"] == "connect")]


def fastest(cases):
    """The fastest of cases that differ in the transport only, and who cannot be told from it."""
    known = known_of(cases)
    best = max(known, key=rate_of, default=None)
    return best, [case for case in known if case is not best and is_tie(best, case)]


def check_answer(bad, section, cases, report):
    """Each group of cases has its fastest, and its ties, in a cell of the answer."""
    page = list(reports.above(section))[-1]
    cells = [cell.text() for table in page.of_class("answers") for cell in table.all("td")]
    expect(bad, not any("<" in cell for cell in cells), "markup is told as text")
    few = "few_rounds" in [warning["code"] for warning in report["warnings"]]
    for title in [title.text() for table in page.of_class("answers") for title in table.all("caption")]:
        expect(bad, "Fastest" not in title or ("not certain" in title) == few, f"few rounds: {title}")
    for group in grouped(cases):
        best, ties = fastest(group)
        if best is None or len({case["server"] for case in group}) > 1:
            continue
        wanted = label(report, best)
        next_best = max((case for case in known_of(group) if case is not best), key=rate_of,
                        default=None)
        if next_best and not ties and not math.isnan(ratio(best, next_best)[0]):
            words = times(best, next_best).format(label(report, next_best))
            expect(bad, any(words in cell for cell in cells), f"no {words} for {best['name']}")
        expect(bad, any(wanted in cell and ("no difference" in cell or "undecided against" in cell) == bool(ties)
                        and all(label(report, tie) in cell for tie in ties[:3])
                        for cell in cells), f"no answer {wanted} for {best['name']}")


def check_heat(bad, section, cases, report):
    """Every share of the fastest is in the table at a glance."""
    page = list(reports.above(section))[-1]
    shares = {cell.text() for table in page.of_class("heat") for cell in table.all("td")}
    if len(report["cases"]) < 2 or not shares:
        return
    for group in grouped(cases):
        best, _ = fastest(group)
        for case in group if best else ():
            rate = case["summary"][lead_of(case)]
            if case["integrity"]["status"] is None and case["pattern"] != "connect" or not rate \
                    or rate["median"] is None:
                continue
            share = rate["median"] / best["summary"][lead_of(case)]["median"] * 100
            expect(bad, f"{share:.{int(share < 0.95)}f}" in shares, f"no share {share:.3g}")
