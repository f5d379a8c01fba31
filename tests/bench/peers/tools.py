"""tools.py - the peers: programs of others that Debian packages, each run once for one cell and
its own figure read. Knows nothing of ipcmark or of ratios."""

import json
import os
import re
import tempfile
import time

from common import (DURATION_S, ENDS, UDP_MOST, Failed, Peer, Unequal, await_listener,
                    await_path, background, free_port, output, pinned)
from fio import Fio, FioWhole

PERF_TRIPS = 70_000  # about a second
STRESS_NG_BYTES = 512


def messages_of_a_second(size, call_us):
    """About: so long a message for the calls, and its bytes at 2 GB/s."""
    return max(500, round(1e6 / (call_us + size / 2000)))


class Iperf3(Peer):
    """Its receiver of UDP waits in select before each read, ipcmark's in the read alone."""

    program = "iperf3"

    def rhythm(self, measure, transport, size, pin):
        return ("udp", "udp-select") if transport == "udp" else None

    def runs(self, measure, transport, size, pin):
        return measure == "throughput" and (transport == "tcp" or
                                            transport == "udp" and size <= UDP_MOST)

    def run(self, measure, transport, size, pin):
        port, (sender, receiver) = free_port(), ENDS[pin]
        udp = ["-u", "-b", "0"] if transport == "udp" else []
        with background(pinned(receiver, "iperf3", "-s", "-1", "-p", port)) as server:
            await_listener("tcp6", port, server)
            text = output(pinned(sender, "iperf3", "-c", "127.0.0.1", "-p", port, "-t",
                                 DURATION_S, "-l", size, "-J", *udp))
        return iperf3_figure(text)


def iperf3_figure(text):
    """UDP's sum_received is what came, and so is TCP's."""
    end = json.loads(text)["end"]
    return end["sum_received"]["bits_per_second"] / 8


class Sockperf(Peer):
    """Its throughput is what was sent (a stream's is what will be received, too), so that UDP
    has none here. Its messages have 65,507 bytes at most. It sets TCP_NODELAY for round trips. Its
    receiver of a stream takes as much as there is."""

    program = "sockperf"
    receives = "64K"

    def runs(self, measure, transport, size, pin):
        return size <= UDP_MOST and (transport == "tcp" or
                                     transport == "udp" and measure == "round trip")

    def run(self, measure, transport, size, pin):
        port, (asker, other) = free_port(), ENDS[pin]
        tcp = ["--tcp"] if transport == "tcp" else []
        where = ["-i", "127.0.0.1", "-p", port]
        what = ["pp", "--full-rtt"] if measure == "round trip" else ["tp"]
        with background(pinned(other, "sockperf", "sr", *tcp, *where)) as server:
            await_listener(transport, port, server)
            text = output(pinned(asker, "sockperf", *what, *tcp, *where, "-t", DURATION_S, "-m",
                                 size))
        return sockperf_figure(text, measure)


def sockperf_figure(text, measure):
    if measure == "round trip":
        return float(re.search(r"percentile 50.000 = +([\d.]+)", text)[1]) * 1e3
    return float(re.search(r"BandWidth is ([\d.]+) MBps", text)[1]) * 2**20


class Dd(Peer):
    """dd from /dev/zero into a pipe, and out of it into /dev/null: what a shell script does."""

    program = "dd"

    def rhythm(self, measure, transport, size, pin):
        return "pipe-message", "pipe-copied"

    def runs(self, measure, transport, size, pin):
        return measure == "throughput" and transport == "pipe"

    def run(self, measure, transport, size, pin):
        sender, receiver = ENDS[pin]
        count = messages_of_a_second(size, 5)
        command = (f"taskset -c {sender} dd if=/dev/zero bs={size} count={count} 2>/dev/null | "
                   f"taskset -c {receiver} dd of=/dev/null bs={size} 2>&1")
        text = output(["sh", "-c", command, "dd"], env={**os.environ, "LC_ALL": "C"})
        return dd_figure(text)


def dd_figure(text):
    found = re.search(r"(\d+) bytes.* copied, ([\d.e+-]+) s", text)
    return int(found[1]) / float(found[2])


class StressNg(Peer):
    """Its pipe stressor, which cannot pin its two ends apart. The one that Debian 12 has writes 512
    bytes whatever --pipe-data-size says; that it does is checked by the kernel's counts."""

    program = "stress-ng"

    def runs(self, measure, transport, size, pin):
        return (measure == "throughput" and transport == "pipe" and size == STRESS_NG_BYTES and
                pin == "same")

    def run(self, measure, transport, size, pin):
        with tempfile.NamedTemporaryFile(suffix=".yaml") as file:
            with background(pinned(ENDS[pin][0], "stress-ng", "--pipe", 1, "--pipe-data-size",
                                   size, "-t", DURATION_S, "--yaml", file.name,
                                   "--metrics")) as stressor:
                time.sleep(DURATION_S / 2)
                check_call(most_read(stressor.pid), size)
                if stressor.wait(20) != 0:
                    raise Failed(f"stress-ng: exit status {stressor.returncode}")
            with open(file.name, encoding="utf-8") as yaml:
                return stress_ng_figure(yaml.read(), size)


def most_read(pid):
    """Bytes and calls of the one of a process and what it has begun that read most."""
    with open(f"/proc/{pid}/io", encoding="ascii") as file:
        counts = dict(line.split(": ") for line in file.read().splitlines())
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        below = [most_read(child) for child in file.read().split()]
    return max([(int(counts["rchar"]), int(counts["syscr"])), *below])


def check_call(read, size):
    if abs(read[0] / max(read[1], 1) - size) > 0.05 * size:
        raise Unequal(f"stress-ng moves {read[0] / max(read[1], 1):.0f} bytes a call")


def stress_ng_figure(text, size):
    return float(re.search(r"bogo-ops-per-second-real-time: ([\d.]+)", text)[1]) * size


class Socat(Peer):
    """From /dev/zero through a socket into /dev/null."""

    program = "socat"

    def runs(self, measure, transport, size, pin):
        return measure == "throughput" and transport in ("unix", "tcp")

    def run(self, measure, transport, size, pin):
        sender, receiver = ENDS[pin]
        amount = messages_of_a_second(size, 14) * size
        with tempfile.TemporaryDirectory(prefix="ipcmark-peers-") as folder:
            port = free_port()
            here = f"UNIX-LISTEN:{folder}/s" if transport == "unix" else (
                f"TCP4-LISTEN:{port},bind=127.0.0.1")
            there = f"UNIX-CONNECT:{folder}/s" if transport == "unix" else f"TCP4:127.0.0.1:{port}"
            with background(pinned(receiver, "socat", "-u", "-b", size, here,
                                   "OPEN:/dev/null")) as server:
                if transport == "tcp":
                    await_listener("tcp", port, server)
                else:
                    await_path(f"{folder}/s", server)
                start = time.monotonic()
                output(pinned(sender, "socat", "-u", "-b", size,
                              f"OPEN:/dev/zero,readbytes={amount}", there))
                server.wait(20)
                return amount / (time.monotonic() - start)


class PerfBench(Peer):
    """perf bench sched pipe: four bytes to and fro over two pipes; tells only the mean. It cannot
    pin its two ends apart."""

    program = "perf"
    tells_mean = True

    def runs(self, measure, transport, size, pin):
        return (measure == "round trip" and transport == "pipe-pair" and size == 4 and
                pin == "same")

    def run(self, measure, transport, size, pin):
        text = output(pinned(ENDS[pin][0], "perf", "bench", "-f", "simple", "sched", "pipe",
                             "-l", PERF_TRIPS))
        return perf_figure(text)


def perf_figure(text):
    return float(text.split()[-1]) * 1e9 / PERF_TRIPS


PEERS = [Iperf3(), Sockperf(), Fio(), FioWhole(), Socat(), Dd(), StressNg(), PerfBench()]
