"""tools.py - the peers: programs of others that Debian packages, each run once for one cell and
its own figure read. Knows nothing of ipcmark or of ratios.

A figure is received bytes per second, or the median (where a program tells only the mean: the
mean) round trip in ns."""

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time

PERF_TRIPS = 50_000
PATIENCE_S = 15
DURATION_S = 1  # the shortest that iperf3, sockperf and fio take
UDP_MOST = 65507
ENDS = {"same": ("0", "0"), "split": ("0", "1")}  # CPUs: of who sends or asks, and the other


class Failed(Exception):
    """What a peer said instead of a figure."""


def pinned(cpu, *command):
    return ["taskset", "-c", cpu, *map(str, command)]


def output(command, statuses=(0,), **more):
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, timeout=PATIENCE_S,
                              check=False, **more)
    except subprocess.TimeoutExpired as late:
        raise Failed(f"{command[3]}: not done after {PATIENCE_S} s") from late
    if done.returncode not in statuses:
        raise Failed(f"{command[3]}: exit status {done.returncode}: "
                     f"{(done.stderr or done.stdout).strip()[-200:]}")
    return done.stdout


@contextlib.contextmanager
def background(command):
    """A server, for as long as the block lasts."""
    server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL)
    try:
        yield server
    finally:
        server.kill()
        server.wait()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def await_listener(protocol, port, server):
    """Until a row of /proc/net tells that somebody has bound the port."""
    wanted = f":{port:04X}"
    for _ in range(500):
        with open(f"/proc/net/{protocol}", encoding="ascii") as file:
            if any(line.split()[1].endswith(wanted) for line in file):
                return
        if server.poll() is not None:
            break
        time.sleep(0.01)
    raise Failed("the server did not listen")


class Peer:
    """program: what must be installed. runs(): whether it has such a cell."""

    program = None

    def installed(self):
        return shutil.which(self.program) is not None


class Iperf3(Peer):
    program = "iperf3"

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
    has none here. Its messages have 65,507 bytes at most. It sets TCP_NODELAY for round trips."""

    program = "sockperf"

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


class Fio(Peer):
    """Its engine for sockets: two processes, the reader listens. It tells the mean round trip; over
    a Unix socket it has one, but fails when it closes it: status 1. Its reader of UDP does not
    end."""

    program = "fio"

    def runs(self, measure, transport, size, pin):
        return transport in ("tcp", "unix")

    def run(self, measure, transport, size, pin):
        sender, receiver = ENDS[pin]
        with tempfile.TemporaryDirectory(prefix="ipcmark-peers-") as folder:
            port = free_port()
            name = [f"--filename={folder}/s"] if transport == "unix" else [
                "--hostname=127.0.0.1", f"--port={port}"]
            common = ["fio", "--ioengine=net", f"--protocol={transport}", f"--bs={size}",
                      "--time_based", f"--runtime={DURATION_S}", "--size=1t",
                      "--output-format=json", "--thread"]
            if measure == "round trip":
                common.append("--pingpong=1")
            listens = [] if transport == "unix" else ["--listen"]
            reader = pinned(receiver, *common, "--name=r", "--rw=read", *listens,
                            *[word for word in name if "hostname" not in word])
            with subprocess.Popen(reader, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL, text=True) as server:
                try:
                    time.sleep(0.4)
                    text = output(pinned(sender, *common, "--name=w", "--rw=write", *name),
                                  statuses=(0, 1))
                    if measure == "throughput":
                        text = server.communicate(timeout=20)[0]
                finally:
                    server.kill()
        return fio_figure(text, measure)


def fio_figure(text, measure):
    job = json.loads(text[text.index("{"):])["jobs"][0]
    if measure == "round trip":
        if not job["write"]["iops"]:
            raise Failed(f"fio: error {job['error']}")
        return 1e9 / job["write"]["iops"]
    return float(job["read"]["bw_bytes"])


class Dd(Peer):
    """dd from /dev/zero into a pipe, and out of it into /dev/null: what a shell script does."""

    program = "dd"

    def runs(self, measure, transport, size, pin):
        return measure == "throughput" and transport == "pipe"

    def run(self, measure, transport, size, pin):
        sender, receiver = ENDS[pin]
        count = max(2000, min(400_000, 2**30 // size))
        command = (f"taskset -c {sender} dd if=/dev/zero bs={size} count={count} 2>/dev/null | "
                   f"taskset -c {receiver} dd of=/dev/null bs={size} 2>&1")
        text = output(["sh", "-c", command, "dd"], env={**os.environ, "LC_ALL": "C"})
        return dd_figure(text)


def dd_figure(text):
    found = re.search(r"(\d+) bytes.* copied, ([\d.e+-]+) s", text)
    return int(found[1]) / float(found[2])


class StressNg(Peer):
    """Its pipe stressor; it writes PIPE_BUF bytes at most. It cannot pin its two ends apart."""

    program = "stress-ng"

    def runs(self, measure, transport, size, pin):
        return (measure == "throughput" and transport == "pipe" and size <= 4096 and
                pin == "same")

    def run(self, measure, transport, size, pin):
        with tempfile.NamedTemporaryFile(suffix=".yaml") as file:
            output(pinned(ENDS[pin][0], "stress-ng", "--pipe", 1, "--pipe-data-size", size,
                          "-t", DURATION_S, "--yaml", file.name, "--metrics"))
            with open(file.name, encoding="utf-8") as yaml:
                return stress_ng_figure(yaml.read(), size)


def stress_ng_figure(text, size):
    return float(re.search(r"bogo-ops-per-second-real-time: ([\d.]+)", text)[1]) * size


class Socat(Peer):
    """From /dev/zero through a socket into /dev/null."""

    program = "socat"

    def runs(self, measure, transport, size, pin):
        return measure == "throughput" and transport in ("unix", "tcp")

    def run(self, measure, transport, size, pin):
        sender, receiver = ENDS[pin]
        amount = max(2000, min(200_000, 2**29 // size)) * size
        with tempfile.TemporaryDirectory(prefix="ipcmark-peers-") as folder:
            port = free_port()
            here = f"UNIX-LISTEN:{folder}/s" if transport == "unix" else (
                f"TCP4-LISTEN:{port},bind=127.0.0.1")
            there = f"UNIX-CONNECT:{folder}/s" if transport == "unix" else f"TCP4:127.0.0.1:{port}"
            with background(pinned(receiver, "socat", "-u", "-b", size, here,
                                   "OPEN:/dev/null")) as server:
                if transport == "tcp":
                    await_listener("tcp", port, server)
                while transport == "unix" and not os.path.exists(f"{folder}/s"):
                    time.sleep(0.01)
                start = time.monotonic()
                output(pinned(sender, "socat", "-u", "-b", size,
                              f"OPEN:/dev/zero,readbytes={amount}", there))
                server.wait(20)
                return amount / (time.monotonic() - start)


class PerfBench(Peer):
    """perf bench sched pipe: four bytes to and fro over two pipes; tells only the mean. It cannot
    pin its two ends apart."""

    program = "perf"

    def runs(self, measure, transport, size, pin):
        return (measure == "round trip" and transport == "pipe-pair" and size == 4 and
                pin == "same")

    def run(self, measure, transport, size, pin):
        text = output(pinned(ENDS[pin][0], "perf", "bench", "-f", "simple", "sched", "pipe",
                             "-l", PERF_TRIPS))
        return perf_figure(text)


def perf_figure(text):
    return float(text.split()[-1]) * 1e9 / PERF_TRIPS


PEERS = [Iperf3(), Sockperf(), Fio(), Socat(), Dd(), StressNg(), PerfBench()]
