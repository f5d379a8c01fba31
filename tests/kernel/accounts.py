"""The report against the kernel's own account: strace counts the calls, wait4 the CPU."""
import json
import os
import re
import resource
import shutil
import subprocess
import sys

import harness

ROUNDS = 3
TRIES = 10
SENDS = {"write", "sendto", "send", "sendmsg", "sendmmsg"}
RECEIVES = {"read", "recvfrom", "recv", "recvmsg", "recvmmsg"}
CALL = re.compile(r'(\w+)\((\d+), (?:"(?:[^"\\]|\\.)*"\.*|0x[0-9a-f]+|NULL), (\d+)')

# Of several messages: how many is all that its result tells.
MANY = re.compile(r"((?:send|recv)mmsg)\((\d+), ")


def trace(program, folder, transport, size, extra=()):
    """One case under strace: its report, and the lines of each process. Where the machine stood
    still a trial is measured again, and belongs to no process in particular: then all is."""
    if not shutil.which("strace"):
        raise harness.Skip("strace is not installed")
    for number in range(TRIES):
        work = os.path.join(folder, str(number))
        os.mkdir(work)
        report, logs = trace_once(program, work, transport, size, extra)
        if report["cases"][0]["repeated_trials"] == 0:
            return report, logs
    raise AssertionError(f"{TRIES} runs with repeated trials")


def trace_once(program, folder, transport, size, extra):
    log = os.path.join(folder, "log")
    run = subprocess.run(
        ["strace", "-ff", "-o", log, "-e", "trace=read,write,sendto,recvfrom,sendmmsg,recvmmsg,io_uring_enter,clone,fork,vfork,clone3",
         program, "run", "-q", "--json", "-", "-r", str(ROUNDS), "-w", "0", "-d", "2ms", "--pin", "none", "-s", size,
         *extra, transport],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=120)
    if "PTRACE" in run.stderr or "ptrace" in run.stderr:
        raise harness.Skip("strace may not trace here")
    assert run.returncode == 0, run.stderr
    report = json.loads(run.stdout)
    logs = {}
    for name in os.listdir(folder):
        if name.startswith("log."):
            with open(os.path.join(folder, name)) as file:
                logs[int(name[4:])] = file.read().splitlines()
    return report, logs


def data_calls(lines, names, least):
    """How many data calls of at least that many bytes: of the descriptor that moved most bytes,
    the path under test. stdio reads files in 4 KiB, so messages are larger than that."""
    calls, moved = {}, {}
    for line in lines:
        many = MANY.match(line)
        match = many or CALL.match(line)
        if match and match.group(1) in names and (many or int(match.group(3)) >= least):
            result = re.search(r"\) += (\d+)$", line)
            count = int(result.group(1)) if result else 0
            calls[match.group(2)] = calls.get(match.group(2), 0) + 1
            moved[match.group(2)] = moved.get(match.group(2), 0) + count * (least if many else 1)
    return calls[max(moved, key=moved.get)] if any(moved.values()) else 0


def split_by_child(lines):
    """The parent's lines from the fork of each child to its death. The thread that guards the
    writing of the report comes after all of them."""
    parts = {}
    current = None
    for line in lines:
        if "CLONE_THREAD" in line:
            break
        match = re.match(r"(?:clone|fork|vfork|clone3)\(.*\) += (\d+)$", line)
        if match:
            current = int(match.group(1))
            parts[current] = []
        elif line.startswith("--- SIGCHLD"):
            current = None
        elif current is not None:
            parts[current].append(line)
    return parts


def calls_agree(program, folder, transport, size, bytes_, extra=(), two_way=False):
    report, logs = trace(program, folder, transport, size, extra)
    trials = report["cases"][0]["trials"]
    assert len(trials) == ROUNDS
    parent = max(logs, key=lambda pid: len(split_by_child(logs[pid])))
    parts = split_by_child(logs[parent])
    # The null reference makes no data calls; the timed trials are the last that do.
    sent = [(child, data_calls(lines, SENDS, bytes_)) for child, lines in parts.items()]
    timed = [(child, calls) for child, calls in sent if calls][-ROUNDS:]
    for (child, calls), trial in zip(timed, trials):
        received = data_calls(logs[child], RECEIVES, bytes_)
        if two_way:
            calls += data_calls(logs[child], SENDS, bytes_)
            received += data_calls(parts[child], RECEIVES, bytes_)
        assert calls == trial["sent"]["calls"], (transport, size, calls, trial["sent"])
        assert received == trial["received"]["calls"], (transport, received, trial["received"])


def test_pipe_calls_are_those_that_strace_counts(program, folder):
    calls_agree(program, folder, "pipe", "8K", 8192)


def test_pipe_pair_calls_are_those_that_strace_counts(program, folder):
    calls_agree(program, folder, "pipe-pair", "64K", 65536)


def test_unix_calls_are_those_that_strace_counts(program, folder):
    calls_agree(program, folder, "unix", "8K", 8192)


def test_tcp_calls_are_those_that_strace_counts(program, folder):
    calls_agree(program, folder, "tcp", "64K", 65536)


def test_udp_calls_are_those_that_strace_counts(program, folder):
    """Where messages are lost, the end mark, an empty datagram, is one receive more."""
    calls_agree(program, folder, "udp", "8K", 8192)


def test_calls_of_a_batch_are_those_that_strace_counts(program, folder):
    calls_agree(program, folder, "unix", "8K", 8192, ["--batch", "5", "--framing", "length"])


def test_calls_of_a_batch_of_datagrams_are_those_that_strace_counts(program, folder):
    calls_agree(program, folder, "udp", "8K", 8192, ["--batch", "5"])


def test_calls_of_both_sides_are_those_that_strace_counts(program, folder):
    calls_agree(program, folder, "pipe-pair", "8K", 8192, ["-p", "ping-pong"], two_way=True)


def ring_calls(lines):
    return sum(line.startswith("io_uring_enter(") for line in lines)


def ring_calls_agree(program, folder, transport, extra):
    """Both ends together, because a question and the wait for its answer are one call."""
    report, logs = trace(program, folder, transport, "8K", ["--io", "uring", *extra])
    case = report["cases"][0]
    if case["status"] == "skipped":
        raise harness.Skip(case["reason"])
    parent = max(logs, key=lambda pid: len(split_by_child(logs[pid])))
    parts = split_by_child(logs[parent])
    timed = [child for child, lines in parts.items() if ring_calls(lines)][-ROUNDS:]
    assert len(timed) == len(case["trials"]) == ROUNDS
    for child, trial in zip(timed, case["trials"]):
        calls = ring_calls(parts[child]) + ring_calls(logs[child])
        told = trial["sent"]["calls"] + trial["received"]["calls"]
        assert calls == told, (transport, calls, told)


def test_calls_by_a_ring_are_those_that_strace_counts(program, folder):
    ring_calls_agree(program, folder, "pipe", ["--batch", "5"])


def test_calls_by_a_ring_in_turn_are_those_that_strace_counts(program, folder):
    ring_calls_agree(program, folder, "unix", ["-p", "ping-pong"])


def test_receiving_message_by_message_shows_in_the_calls(program, folder):
    calls_agree(program, folder, "pipe", "8K", 8192, ["--recv-size", "message"])


def test_no_process_with_a_second_thread_takes_part(program, folder):
    """Whoever has ever had one takes longer over every call that may block: libc's wrappers
    then look for a cancellation (pthreads(7)), and a child inherits that."""
    report, logs = trace(program, folder, "pipe", "8K")
    parent = max(logs, key=lambda pid: len(split_by_child(logs[pid])))
    ends = [parent, *split_by_child(logs[parent])]
    moving = [pid for pid in ends if data_calls(logs[pid], SENDS | RECEIVES, 8192)]
    assert len(moving) > ROUNDS, moving
    for pid in moving:
        lines = logs[pid]
        last = max((at for at, line in enumerate(lines) if "SIGCHLD" in line), default=len(lines))
        assert not any("CLONE_THREAD" in line for line in lines[:last]), pid


def test_cpu_in_the_report_is_what_wait4_says_within_set_up(program, folder):
    """Many windows, little else: the windows' CPU is most of the processes' and never more."""
    path = os.path.join(folder, "report.json")
    process = subprocess.Popen(
        [program, "run", "-q", "--json", path, "-r", "5", "-w", "0", "-d", "60ms", "-s", "4K",
         "pipe", "unix"])
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0
    with open(path) as file:
        report = json.load(file)
    window = wall = 0
    for case in report["cases"]:
        for trial in case["trials"]:
            wall += trial["elapsed_ns"] / 1e9
            for end in ("sender", "receiver"):
                window += (trial[end]["user_ns"] + trial[end]["system_ns"]) / 1e9
    whole = usage.ru_utime + usage.ru_stime
    elapsed = report["run"]["elapsed_ns"] / 1e9
    # Outside the windows there are calibration, verified runs, references and forks: at most
    # both ends busy for all of that time.
    assert window <= whole * 1.02 + 0.02, (window, whole)
    assert whole - window <= 2 * (elapsed - wall) + 0.1, (whole, window, elapsed, wall)


if __name__ == "__main__":
    harness.main(sys.modules[__name__])
