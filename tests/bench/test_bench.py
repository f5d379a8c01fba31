"""The arithmetic of bench.py: intervals, medians, ratios, and what a missing figure shows."""

import argparse
import contextlib
import io
import unittest

import clients
import goals
import pairs
import trials


class Interval(unittest.TestCase):
    def test_fifteen_values_give_the_fourth_and_the_twelfth(self):
        self.assertEqual(pairs.interval(range(15, 0, -1)), (4, 12))

    def test_six_values_give_the_first_and_the_last(self):
        self.assertEqual(pairs.interval([3, 1, 2, 6, 5, 4]), (1, 6))

    def test_few_values_give_all_of_them(self):
        self.assertEqual(pairs.interval([7]), (7, 7))
        self.assertEqual(pairs.interval([2, 9, 4]), (2, 9))

    def test_twenty_values_give_the_sixth_and_the_fifteenth(self):
        self.assertEqual(pairs.interval(range(1, 21)), (6, 15))


class Middle(unittest.TestCase):
    def test_the_median_lies_in_its_bucket_by_rank(self):
        histogram = {"lower_ns": [100, 200, 240], "upper_ns": [101, 204, 244],
                     "count": [2, 4, 4]}
        self.assertEqual(trials.middle(histogram), 203)

    def test_a_bucket_that_ends_at_half_gives_its_upper_bound(self):
        histogram = {"lower_ns": [8, 64], "upper_ns": [9, 65], "count": [5, 5]}
        self.assertEqual(trials.middle(histogram), 9)

    def test_no_value_has_no_median(self):
        with self.assertRaises(ValueError):
            trials.middle({"lower_ns": [], "upper_ns": [], "count": []})


class Fixed(pairs.Cell):
    """ipcmark takes 6 and then 24, hand-written loops 4 and then 9."""

    def __init__(self, pin="same"):
        super().__init__(argparse.Namespace(control=False), "unix", 64, pin)
        self.messages = 1
        self.ours, self.bare = iter([6, 24]), iter([4, 9])

    def run_ipcmark(self):
        return next(self.ours)

    def run_bare(self):
        return next(self.bare)


class Counted(pairs.Cell):
    """A cell whose ratios are known."""

    def __init__(self, ratios):
        super().__init__(None, "made up", 64, "none")
        self.known = ratios

    def run_pair(self, bare_first):
        self.ratios.append(self.known[len(self.ratios) % len(self.known)])


class Pair(unittest.TestCase):
    def test_a_ratio_is_of_ipcmark_to_the_loops_in_either_order(self):
        for bare_first in (False, True):
            cell = Fixed()
            cell.run_pair(bare_first)
            self.assertEqual(cell.ratios, [2])

    def test_by_rank_like_is_compared_with_like(self):
        cell = Fixed()
        cell.run_pair(True)
        self.assertEqual((cell.figures, cell.bare_figures), ([6, 24], [4, 9]))
        cell.figures, cell.bare_figures = [147, 101, 101], [100, 145.54, 100]
        self.assertAlmostEqual(cell.ratio_by_rank(), 1.01)

    def test_by_rank_a_rhythm_that_only_one_has_is_seen(self):
        cell = Fixed()
        cell.figures, cell.bare_figures = [125, 125, 125], [100, 100, 125]
        self.assertEqual(cell.ratio_by_rank(), 1.25)

    def test_only_cells_with_a_wide_interval_go_on_and_not_for_ever(self):
        calm, wild = Counted([1.0, 1.01]), Counted([0.9, 1.1])
        pairs.measure([calm, wild], argparse.Namespace(seed=1, pairs=6, most=9))
        self.assertEqual((len(calm.ratios), len(wild.ratios)), (6, 9))

    def test_only_a_ratio_below_the_goal_is_too_slow(self):
        cells = [Fixed(), Fixed("split")]
        cells[0].ratios, cells[1].ratios = [0.96, 0.5, 2], [0.97, 0.98, 0.5]
        self.assertEqual(pairs.too_slow(cells), ["unix/64/pin=same: ratio 0.960, below 0.97"])

    def test_fan_in_is_cut_into_equal_parts_for_the_clients(self):
        cell = pairs.FanIn(None, "unix", 4096, "none")
        self.assertEqual(cell.amount({"sent": {"messages": 16 * 781}}), 781)
        self.assertEqual(cell.amount({"sent": {"messages": 3}}), 1)


class Splice(unittest.TestCase):
    def test_both_sides_get_the_same_capacity(self):
        small, large = (pairs.Splice(None, "pipe-splice", "same", large)
                        for large in (False, True))
        self.assertEqual((small.subject(), small.options()),
                         ("pipe-splice", ["-p", "stream"]))
        self.assertEqual((large.subject(), large.options()),
                         ("pipe-splice-1M", ["-p", "stream", "--buffer", "1M"]))
        self.assertNotEqual(small.column, large.column)


class Goals(unittest.TestCase):
    def row(self, cell, limit, ratios):
        cell.ratios = cell.figures = ratios
        cell.bare_figures = [1] * len(ratios)
        return goals.goal_row("goal", cell, limit)

    def test_a_throughput_is_reached_from_its_limit_on_and_a_time_up_to_it(self):
        ring = pairs.Ring(None, "shm-ring", 64, "split", True)
        self.assertEqual(self.row(ring, 0.9, [0.9] * 6),
                         ("| goal | on two CPUs, shm-ring copied | 64 B | 0.900 (0.900 .. 0.900)"
                          " | at least 0.9 | reached |", True))
        self.assertFalse(self.row(ring, 0.9, [0.89] * 6)[1])
        flags = pairs.Flags(None, "shm-spin", 64, "split")
        self.assertTrue(self.row(flags, 1.1, [1.1] * 6)[1])
        self.assertFalse(self.row(flags, 1.1, [1.11] * 6)[1])

    def test_a_cell_whose_peers_all_failed_is_not_reached_and_says_why(self):
        args = argparse.Namespace(seed=1)
        cell = goals.BestWaiting(args, "throughput", "none", 64, "split")
        cell.cells[0].failures["made up"] = "killed"
        cell.run_pair(False)
        self.assertEqual(goals.goal_row("goal", cell, 1.0), (
            "| goal | on two CPUs, none, throughput, block, no peer | 64 B | - | | failed |",
            False))
        self.assertEqual(cell.reasons(), ["made up: killed"])

    def test_a_schedule_that_takes_longer_is_kept_in_part(self):
        kept = goals.Kept(None, "shm-ring", 500_000)
        self.assertEqual(kept.figure({"scheduled_ns": 50, "elapsed_ns": 100}), 0.5)


class Clients(unittest.TestCase):
    case = {"clients": 1000, "server": "epoll", "name": "a", "status": "ok", "reason": None,
            "trials": [{"receiver": {"peak_rss_bytes": mib * 2**20 if mib else None}}
                       for mib in (3, None, 5)],
            "summary": {"throughput_bytes_per_second": {"median": 1.239e9},
                        "receiver_cpu_ns_per_message": {"median": 2345.4},
                        "context_switches_per_message": {"median": 0.0125},
                        "fairness_ratio": None}}

    def test_a_row_has_base_units_turned_into_those_of_its_columns(self):
        self.assertEqual(clients.row(self.case),
                         "| 1,000 | epoll | 1.24 | 2345 | 0.013 | - | 4.0 |")

    def test_a_skipped_case_shows_no_figure_and_its_reason(self):
        case = dict(self.case, status="skipped", reason="too many", trials=[])
        args = argparse.Namespace(trials=1, duration="2ms")
        with contextlib.redirect_stdout(io.StringIO()) as out:
            clients.print_table("unix", [case], args)
        self.assertIn("| 1,000 | epoll | - | - | - | - | - |\n\na skipped: too many",
                      out.getvalue())


if __name__ == "__main__":
    unittest.main()
