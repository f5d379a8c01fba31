"""Resource limits (setrlimit(2)) and control groups against whole runs."""
import contextlib
import json
import os
import shutil
import subprocess
import sys
import time

import harness

PATIENCE_S = 120


def need_small(program, reason):
    with open(program, "rb") as binary:
        if b"san_init" in binary.read():
            raise harness.Skip(reason)


def test_a_stack_of_64_kib_is_large_enough(program, folder):
    need_small(program, "a sanitizer needs a larger stack")
    report = os.path.join(folder, "report.json")
    small = ["prlimit", f"--stack={64 << 10}", program]
    for options in (["run", "-d", "1ms", "-r", "1", "-w", "0", "-s", "64", "-p", "all", "-c", "2",
                     "--json", report, "pipe", "unix", "shm-ring", "udp"],
                    ["report", report], ["compare", report, report]):
        done = subprocess.run(small + options, capture_output=True, text=True, timeout=PATIENCE_S,
                              env={**os.environ, "PATH": "/usr/bin:/bin"})
        assert done.returncode in (0, 3), (options, done.returncode, done.stderr)


def put(text, *path):
    with open(os.path.join(*path), "w") as file:
        file.write(text)


@contextlib.contextmanager
def group(controller, *files):
    """A new control group of either version that has one of the files; skips where there is none."""
    for place in (f"/sys/fs/cgroup/{controller}", "/sys/fs/cgroup", "/sys/fs/cgroup/unified"):
        path = os.path.join(place, f"ipcmark-test-{os.getpid()}")
        try:
            os.mkdir(path)
        except OSError:
            continue
        try:
            found = [name for name in files if os.access(os.path.join(path, name), os.W_OK)]
            if found:
                yield path, found[0]
                return
        finally:
            os.rmdir(path)
    raise harness.Skip(f"no control group for {controller} can be made here")


def start_in(path, *command):
    """A leak check starts a process of its own, which a limit may refuse."""
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                            env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"},
                            preexec_fn=lambda: put(str(os.getpid()), path, "cgroup.procs"))


def throttled(path):
    """Whether the kernel has withheld time of the group."""
    with open(os.path.join(path, "cpu.stat")) as file:
        return dict(line.split() for line in file)["nr_throttled"] != "0"


def test_a_quota_is_told_and_replaces_the_advice_of_more_rounds(program, folder):
    report = os.path.join(folder, "report.json")
    with group("cpu", "cpu.cfs_quota_us", "cpu.max") as (path, file):
        put("20000" if file == "cpu.cfs_quota_us" else "20000 100000", path, file)
        for _ in range(5):
            process = start_in(path, program, "run", "-d", "5ms", "-r", "6", "-w", "0", "-s", "64",
                               "--json", report, "pipe")
            out, err = process.communicate(timeout=PATIENCE_S)
            assert process.returncode == 0, err
            if throttled(path):
                break
        else:
            raise harness.Skip("other processes left less of the CPUs than the quota allows")
    with open(report) as file:
        document = json.load(file)
    assert document["host"]["cpu_quota_cpus"] == 0.2, document["host"]
    assert document["host"]["cpu_throttled_periods"] > 0
    assert "quota" in [warning["code"] for warning in document["warnings"]]
    words = " ".join(out.split())
    assert "quota 0.2" in words and "--rounds 30 narrows" not in words, out


def test_a_frozen_container_is_no_timeout(program, folder):
    """No signal tells that it was frozen: the watchdog's only comes late."""
    report = os.path.join(folder, "report.json")
    with group("freezer", "freezer.state", "cgroup.freeze") as (path, file):
        process = start_in(path, program, "run", "-q", "-d", "200ms", "-r", "1", "-w", "0",
                           "--timeout", "2s", "-s", "64", "--json", report, "pipe")
        time.sleep(0.3)
        put("FROZEN" if file == "freezer.state" else "1", path, file)
        time.sleep(3)
        put("THAWED" if file == "freezer.state" else "0", path, file)
        _, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0, err
    with open(report) as file:
        row = json.load(file)["cases"][0]
    assert row["trials"][0]["elapsed_ns"] < 3e9 and not row["trials"][0]["stopped"], row["trials"]


def rows_of(command, folder):
    """The cases of a report that this command, without its options of a short run, writes."""
    report = os.path.join(folder, "report.json")
    done = subprocess.run([*command, "-q", "-d", "1ms", "-r", "1", "-w", "0", "--json", report],
                          capture_output=True, text=True, timeout=PATIENCE_S)
    if "strace: " in done.stderr or "unshare: " in done.stderr or not os.path.exists(report):
        raise harness.Skip(f"cannot be tried here: {done.stderr[:200]}")
    with open(report) as file:
        rows = json.load(file)["cases"]
    os.unlink(report)
    return rows


def expect_skipped(rows, word):
    assert [row["status"] for row in rows] == ["skipped"] * len(rows), rows
    assert all(word in row["reason"] for row in rows), rows


def test_a_system_call_that_a_filter_refuses_skips_the_row_and_names_the_filter(program, folder):
    for tool in ("strace", "unshare"):
        if not shutil.which(tool):
            raise harness.Skip(f"{tool} is not installed")
    ring = ("io_uring", ["--io", "uring", "pipe"])
    child = ("a container's filter of system calls", ["pipe"])
    for call, (word, options) in {"prctl": child, "io_uring_enter": ring, "io_uring_register": ring,
                                  "epoll_create1": (child[0], ["shm-eventfd"]),
                                  "sched_setaffinity": ("--pin none", ["--pin", "same", "pipe"]),
                                  }.items():
        tracer = ["strace", "-f", "-qq", "--seccomp-bpf", "-o", "/dev/null", "-e", "trace=" + call,
                  "-e", f"inject={call}:error=EPERM"]
        rows = rows_of([*tracer, program, "run", "-s", "64", *options], folder)
        expect_skipped(rows, word)
    tracer[-3:] = ["trace=getrusage", "-e", "inject=getrusage:error=EPERM"]
    rows = rows_of([*tracer, program, "run", "-s", "64", "--pin", "none", "pipe"], folder)
    assert rows[0]["status"] == "ok" and rows[0]["trials"][0]["sender"]["user_ns"] is None, rows


def test_a_loopback_with_few_ports_or_a_tiny_mtu_names_the_limit(program, folder):
    if not shutil.which("unshare") or not shutil.which("ip"):
        raise harness.Skip("unshare or ip is not installed")
    for change, options, word in (
            ("echo 40000 40003 >/proc/sys/net/ipv4/ip_local_port_range",
             ["-s", "64", "-p", "connect,stream", "tcp"], "ip_local_port_range"),
            ("ip link set lo mtu 100", ["-s", "60000", "-p", "stream,ping-pong", "udp"], "--buffer")):
        rows = rows_of(["unshare", "-n", "sh", "-c", f'ip link set lo up && {change} && exec "$@"', "sh",
                        program, "run", "--pin", "none", *options], folder)
        expect_skipped(rows, word)


def test_a_control_group_that_allows_no_process_is_named(program, folder):
    report = os.path.join(folder, "report.json")
    with group("pids", "pids.max") as (path, file):
        put("2", path, file)
        process = start_in(path, program, "run", "-q", "-d", "1ms", "-r", "1", "-w", "0", "-s", "64",
                           "--pin", "none", "-p", "stream,duplex,fan-in", "-c", "2", "--server",
                           "thread,process,poll", "--json", report, "unix")
        _, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0, err
    with open(report) as file:
        rows = json.load(file)["cases"]
    assert rows[0]["status"] == "ok", rows[0]
    expect_skipped(rows[1:], "pids.max")


def test_memory_that_a_control_group_does_not_grant_is_named_before_the_run(program, folder):
    need_small(program, "a sanitizer needs more memory")
    report = os.path.join(folder, "report.json")
    with group("memory", "memory.limit_in_bytes", "memory.max") as (path, file):
        put(str(32 << 20), path, file)
        process = start_in(path, program, "run", "-q", "-d", "1ms", "-r", "1", "-w", "0", "-s",
                           "64,32M", "--pin", "none", "-p", "stream,ping-pong,fan-in-rpc", "-c", "2",
                           "--json", report, "unix", "shm-eventfd")
        _, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0, (process.returncode, err)
    with open(report) as report:
        rows = json.load(report)["cases"]
    reasons = [row["reason"] for row in rows if row["message_bytes"] == 64]
    assert reasons == [None] * 6, reasons
    expect_skipped([row for row in rows if row["message_bytes"] > 64], f"{path}/{file}")


def test_a_child_is_killed_for_memory_before_the_run(program, folder):
    """Buffers of sockets are not in the estimate."""
    need_small(program, "a sanitizer needs more memory")
    report = os.path.join(folder, "report.json")
    with group("memory", "memory.limit_in_bytes", "memory.max") as (path, file):
        put(str(64 << 20), path, file)
        process = start_in(path, program, "run", "-q", "-d", "1ms", "-r", "1", "-w", "0", "-s", "1M",
                           "--pin", "none", "-p", "fan-in,stream", "-c", "40", "--json", report, "unix")
        _, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode in (0, 1), (process.returncode, err)
    with open(report) as file:
        rows = json.load(file)["cases"]
    assert rows[0]["status"] == "ok" or "memory" in rows[0]["reason"], rows[0]["reason"]
    assert rows[1]["status"] == "ok", rows[1]["reason"]


if __name__ == "__main__":
    harness.main(sys.modules[__name__])
