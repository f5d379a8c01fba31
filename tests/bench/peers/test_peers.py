"""What peers.py reads out of what its peers print, and what it makes of it."""

import json
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import peers  # noqa: E402
import tools  # noqa: E402


class Figures(unittest.TestCase):
    def test_iperf3_is_read_at_the_receiver(self):
        text = json.dumps({"end": {"sum_sent": {"bits_per_second": 99},
                                   "sum_received": {"bits_per_second": 16}}})
        self.assertEqual(tools.iperf3_figure(text), 2)

    def test_sockperf_tells_mebibytes_or_a_median_in_microseconds(self):
        text = ("sockperf: ---> percentile 90.000 =   17.442\n"
                "sockperf: ---> percentile 50.000 =   16.380\n")
        self.assertAlmostEqual(tools.sockperf_figure(text, "round trip"), 16380)
        text = "sockperf: Summary: BandWidth is 937.070 MBps (7496.562 Mbps)"
        self.assertAlmostEqual(tools.sockperf_figure(text, "throughput"), 937.07 * 2**20)

    def test_fio_is_read_at_the_reader_and_round_trips_at_the_writer(self):
        job = {"read": {"bw_bytes": 12, "iops": 1}, "write": {"bw_bytes": 99, "iops": 1000},
               "error": 0}
        text = "fio: a warning\n" + json.dumps({"jobs": [job]})
        self.assertEqual(tools.fio_figure(text, "throughput"), 12)
        self.assertEqual(tools.fio_figure(text, "round trip"), 1e6)

    def test_a_peer_that_moved_nothing_has_failed(self):
        text = json.dumps({"jobs": [{"write": {"iops": 0}, "error": 98}]})
        with self.assertRaises(tools.Failed):
            tools.fio_figure(text, "round trip")

    def test_dd_stress_ng_and_perf(self):
        text = "4096000 bytes (4.1 MB, 3.9 MiB) copied, 0.002 s, 2.0 GB/s"
        self.assertAlmostEqual(tools.dd_figure(text), 2.048e9)
        text = "      bogo-ops-per-second-real-time: 1000.500000\n"
        self.assertAlmostEqual(tools.stress_ng_figure(text, 64), 64032)
        self.assertAlmostEqual(tools.perf_figure("0.5\n"), 1e4)


class Ratios(unittest.TestCase):
    def cell(self, measure):
        cell = peers.Cell(measure, "none", 64, "same")
        cell.ratios = {"a": [], "b": [], "c": []}
        return cell

    def test_more_is_better_for_both_measures(self):
        cell = self.cell("throughput")
        cell.note("a", 30, 20)
        self.assertEqual(cell.ratios["a"], [1.5])
        cell = self.cell("round trip")
        cell.note("a", 20, 30)
        self.assertEqual(cell.ratios["a"], [1.5])

    def test_the_best_peer_is_the_one_with_the_least_ratio(self):
        cell = self.cell("throughput")
        cell.ratios = {"a": [1.2, 1.3, 9], "b": [0.9, 0.98, 3], "c": []}
        self.assertEqual(cell.worst(), 0.98)
        self.assertEqual(cell.shown("c"), "failed")
        self.assertEqual(len(peers.missed([cell])), 1)

    def test_a_cell_that_no_peer_could_run_misses_no_goal(self):
        self.assertEqual(peers.missed([self.cell("throughput")]), [])

    def test_datagrams_have_a_size_that_fits_and_none_above(self):
        self.assertEqual(peers.sizes_of("throughput", "udp", [64, 65536, 2**20]), [64, 32768])


if __name__ == "__main__":
    unittest.main()
