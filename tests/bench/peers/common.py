"""common.py - what the peers of tools.py and fio.py share: running a program, pinned, and its
server. Knows nothing of ipcmark or of ratios."""

import contextlib
import glob
import os
import shutil
import socket
import subprocess
import threading
import time

PATIENCE_S = 15
DURATION_S = 1  # the shortest that iperf3, sockperf and fio take
UDP_MOST = 65507
ENDS = {"same": ("0", "0"), "split": ("0", "1")}  # CPUs: of who sends or asks, and the other


class Failed(Exception):
    """What a peer said instead of a figure."""


class Unequal(Failed):
    """Why what a peer did is not the work of the cell, by its own counts."""


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
def background(command, **more):
    """A server, for as long as the block lasts."""
    server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              **{"stdout": subprocess.DEVNULL, **more})
    try:
        yield server
    finally:
        server.kill()
        server.communicate()


def begun_by(pid):
    """All processes that a process has begun, and what these have."""
    found = []
    for path in glob.glob(f"/proc/{pid}/task/*/children"):
        with contextlib.suppress(OSError), open(path, encoding="ascii") as file:
            for child in map(int, file.read().split()):
                found += [child, *begun_by(child)]
    return found


def session_of(pid):
    with contextlib.suppress(OSError):
        return os.getsid(pid)
    return os.getsid(0)  # it has ended


@contextlib.contextmanager
def one_session():
    """Nothing that the block begins may leave the session of this process: the scheduler gives
    each session one weight (sched_autogroup_enabled, sched(7)), so that two ends in sessions of
    their own have twice as much of a busy machine as two ends in one."""
    left, over = [], threading.Event()

    def watch():
        while not over.wait(0.05):
            left.extend(pid for pid in begun_by(os.getpid()) if session_of(pid) != os.getsid(0))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
    if left:
        raise Unequal("a process of it runs in a session of its own, with a weight of its own")


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


def await_path(path, server):
    for _ in range(500):
        if os.path.exists(path):
            return
        if server.poll() is not None:
            break
        time.sleep(0.01)
    raise Failed("the server did not listen")


class Peer:
    """name: of its column. program: what must be installed. runs(): whether it has such a cell.
    run(): received bytes per second, or the round trip in ns: the mean where tells_mean, else
    the median. receives: what its receiver offers a call on a byte stream, as ipcmark's
    --recv-size. rhythm(): of bare.c's transports the plain one, and the one whose loop does besides
    what this peer does, or None."""

    program = None
    tells_mean = False
    receives = "message"

    @property
    def name(self):
        return self.program

    def installed(self):
        return shutil.which(self.program) is not None

    def rhythm(self, measure, transport, size, pin):
        return None
