"""What peers.py reads out of what its peers print, and what it makes of it."""

import errno
import json
import os
import random
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import cell as cells  # noqa: E402
import common  # noqa: E402
import fio  # noqa: E402
import loads  # noqa: E402
import peers  # noqa: E402
import tools  # noqa: E402


class Sessions(unittest.TestCase):
    def test_what_stays_in_the_session_is_compared(self):
        with common.one_session():
            common.output(common.pinned("0", "sleep", "0.2"))

    def test_what_leaves_the_session_is_not(self):
        with self.assertRaises(common.Unequal), common.one_session():
            common.output(common.pinned("0", "sh", "-c", "setsid -w sleep 0.2; true"))


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

    def test_loads_are_read_as_bytes_a_second_and_cpu_time_per_message(self):
        text = "Running in process mode with 2 groups\nTime: 0.500\n"
        self.assertEqual(loads.hackbench_figure(text, 1000), 2000)
        job = {"usr_cpu": 1.5, "sys_cpu": 3.5, "write": {"runtime": 1000, "total_ios": 5000}}
        self.assertAlmostEqual(loads.fio_cpu_figure(json.dumps({"jobs": [job]})), 1e4)
        for peer in loads.PEERS:
            more = peer.better == "more"
            self.assertEqual(loads.ratio(peer, 30, 20), 1.5 if more else 20 / 30)

    def test_fio_is_read_by_the_messages_that_came_whole(self):
        reader = {"read": {"total_ios": 12, "short_ios": 2, "bw_bytes": 1}}
        writer = {"write": {"io_bytes": 640, "runtime": 1000}}
        self.assertEqual(fio.rate_figure(writer, reader, 64), 640)
        for wrote in (575, 640 + fio.PIPELINE_MOST + 1):
            writer["write"]["io_bytes"] = wrote
            with self.assertRaises(common.Unequal):
                fio.rate_figure(writer, reader, 64)

    def trip(self, short_asking, short_answering, moved):
        writer = {"error": 0, "write": {"total_ios": 10, "short_ios": short_asking,
                                        "io_bytes": moved, "runtime": 1000}}
        return fio.trip_figure(writer, {"read": {"short_ios": short_answering}}, 64)

    def test_a_round_trip_of_fio_is_one_when_nothing_came_in_parts(self):
        self.assertEqual(self.trip(0, 0, 640), 1e8)
        for counts in ((1, 0, 640), (0, 1, 640), (0, 0, 600)):
            with self.assertRaises(common.Unequal):
                self.trip(*counts)

    def test_a_killed_reader_of_fio_tells_nothing_and_its_writer_may(self):
        self.assertIsNone(fio.fio_job("fio: waiting for connection\n"))
        fio.check_short({"write": {"total_ios": 9, "short_ios": 0}})
        with self.assertRaises(common.Unequal):
            fio.check_short({"write": {"total_ios": 9, "short_ios": 1}})

    def test_a_peer_that_moved_nothing_has_failed(self):
        writer = {"error": 98, "write": {"total_ios": 0, "short_ios": 0, "io_bytes": 0}}
        with self.assertRaises(common.Failed):
            fio.trip_figure(writer, {"read": {"short_ios": 0}}, 64)

    def test_only_one_error_of_fio_is_allowed_and_over_unix_sockets_only(self):
        fio.check_error({"error": errno.EISCONN}, "unix")
        for error, transport in ((errno.EISCONN, "tcp"), (errno.EPIPE, "unix")):
            with self.assertRaises(common.Failed):
                fio.check_error({"error": error}, transport)

    def test_stress_ng_must_move_the_size_a_call(self):
        tools.check_call((51200, 100), 512)
        with self.assertRaises(common.Unequal):
            tools.check_call((51200, 100), 64)

    def test_dd_stress_ng_and_perf(self):
        text = "4096000 bytes (4.1 MB, 3.9 MiB) copied, 0.002 s, 2.0 GB/s"
        self.assertAlmostEqual(tools.dd_figure(text), 2.048e9)
        text = "      bogo-ops-per-second-real-time: 1000.500000\n"
        self.assertAlmostEqual(tools.stress_ng_figure(text, 64), 64032)
        self.assertAlmostEqual(tools.perf_figure("0.7\n"), 1e4)


class Ratios(unittest.TestCase):
    def cell(self, measure):
        cell = cells.Cell(measure, "none", 64, "same")
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

    def test_equal_work_is_the_ratio_times_what_the_loops_tell(self):
        cell = self.cell("throughput")
        cell.ratios = {"a": [0.8, 0.8, 0.8], "b": [1.1, 1.1, 1.1]}
        cell.gains = {"a": [1.5, 1.5, 1.5]}
        self.assertAlmostEqual(cell.worst(), 0.8)
        self.assertAlmostEqual(cell.worst_equal(), 1.1)
        self.assertEqual(peers.missed([cell]), [])

    def test_the_best_waiting_is_that_whose_nearest_peer_is_furthest_behind(self):
        row = cells.by_waits("throughput", "none", 64, "same", cells.WAITS)
        for cell, ratios in zip(row, ([1.2, 0.7], [0.9, 1.0], [2.0, 0.8], [])):
            cell.ratios = {name: [ratio] for name, ratio in zip("ab", ratios)}
        best = cells.best_of(row)
        self.assertEqual((best.wait, best.nearest()), ("hybrid", "a"))
        self.assertEqual(best.shown_transport(), "none, hybrid")

    def test_a_peer_runs_once_a_round_for_all_ways_of_waiting(self):
        row = cells.by_waits("throughput", "none", 64, "same", ["block", "poll"])
        peer = common.Peer()
        peer.program, peer.run = "made up", lambda *cell: 10
        row[0].peers.append(peer)
        for cell, figure in zip(row, (5, 20)):
            cell.ratios = {"made up": []}
            cell.run_ipcmark = lambda args, receives, figure=figure: (figure, figure)
        cells.run_round(row, None, random.Random(1))
        self.assertEqual([cell.ratios["made up"] for cell in row], [[0.5], [2]])

    def test_a_peer_that_does_other_work_is_not_compared(self):
        cell = self.cell("round trip")
        cell.ratios = {"a": [0.4], "b": [1.1]}
        cell.unequal = {"a": "parts"}
        self.assertEqual(cell.worst(), 1.1)
        self.assertEqual(cell.shown("a"), "other work")
        self.assertEqual(cell.reasons(), "parts")

    def test_a_cell_that_no_peer_could_run_misses_no_goal(self):
        self.assertEqual(peers.missed([self.cell("throughput")]), [])

    def test_datagrams_have_a_size_that_fits_and_none_above(self):
        self.assertEqual(peers.sizes_of("throughput", "udp", [64, 65536, 2**20]), [64, 32768])

    def test_stress_ng_has_a_size_of_its_own(self):
        self.assertEqual(peers.sizes_of("throughput", "pipe", [64, 4096]), [64, 512, 4096])


if __name__ == "__main__":
    unittest.main()
