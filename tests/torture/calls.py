"""calls.py IPCMARK [OPTION...] - every system call of a run, of a report and of `ab` fails with
every error of its manual page, by strace: the outcome is a report whose rows tell their reasons,
or one clear line; the exit status is right; nothing hangs, and nothing is left behind.

    --sample N     N of all failures, drawn by --seed; without it, all
    --only REGEX   of the scenarios and calls ("uring read")
    --jobs N       so many at a time (twice the number of CPUs: they wait for time limits)

A call fails once for each pair of functions of ipcmark that comes to it, the one that calls and
its caller, in the first scenario of each command that has them. strace counts the calls of each
process by itself: call N fails in every process that comes to it. Prints "N passed, N failed" last.
"""

import argparse
import collections
import concurrent.futures
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SCHEMA = os.path.join(ROOT, "reports", "schema.json")
SKIPPED = 77
HANGS_AFTER_S = 60

sys.path.insert(0, os.path.join(HERE, "..", "support"))
import validate  # noqa: E402

# What the manual pages name, but for mistakes of the caller (EFAULT, EBADF, EINVAL of an
# argument), and EINTR of waitid(2), which does not come with WNOHANG. strace leaves the call
# out: so close(2), which closes whatever it returns, and kill(2), without which nothing ends,
# are not here.
FILES = "EACCES EDQUOT EIO ELOOP EMFILE ENFILE ENOENT ENOMEM ENOSPC EPERM EROFS"
ERRORS = {
    "accept4": "EAGAIN ECONNABORTED EINTR EMFILE ENFILE ENOBUFS ENOMEM EPERM EPROTO",
    "bind": "EACCES EADDRINUSE EADDRNOTAVAIL ELOOP ENOENT ENOMEM EROFS",
    "clone": "EAGAIN ENOMEM EPERM", "clone3": "EAGAIN ENOMEM EPERM",
    "connect": "EACCES EADDRNOTAVAIL EAGAIN ECONNREFUSED EINTR ENETUNREACH ETIMEDOUT",
    "epoll_create1": "EMFILE ENFILE ENOMEM", "epoll_ctl": "ENOMEM ENOSPC EPERM",
    "epoll_pwait": "EINTR", "epoll_wait": "EINTR",
    "eventfd2": "EMFILE ENFILE ENODEV ENOMEM",
    "fallocate": "EINTR EIO ENOSPC EOPNOTSUPP EPERM",
    "fchmod": "EIO EPERM EROFS", "fchown": "EIO EPERM EROFS",
    "fcntl": "EACCES EAGAIN EINTR EMFILE ENOLCK EPERM", "flock": "EAGAIN EINTR ENOLCK",
    "fsync": "EDQUOT EINTR EINVAL EIO ENOSPC EROFS", "ftruncate": "EINTR EIO EPERM",
    "getpeername": "ENOBUFS ENOTCONN", "getrandom": "EAGAIN EINTR ENOSYS",
    "getsockname": "ENOBUFS", "getsockopt": "ENOPROTOOPT",
    "io_uring_enter": "EAGAIN EBUSY EINTR ENXIO", "io_uring_setup": "EMFILE ENFILE ENOMEM EPERM",
    "ioctl": "ENOTTY", "linkat": FILES + " EEXIST EMLINK EXDEV EOPNOTSUPP",
    "listen": "EADDRINUSE EOPNOTSUPP", "membarrier": "EINVAL ENOSYS EPERM",
    "memfd_create": "EMFILE ENFILE ENOMEM", "mkdir": FILES + " EEXIST", "mknodat": FILES,
    "mmap": "EAGAIN ENFILE ENOMEM EPERM", "mprotect": "EACCES ENOMEM",
    "mq_open": "EACCES EEXIST EMFILE ENFILE ENOMEM ENOSPC", "mq_unlink": "EACCES ENOENT",
    "mq_timedsend": "EAGAIN EINTR EMSGSIZE", "mq_timedreceive": "EAGAIN EINTR EMSGSIZE",
    "msgctl": "EACCES EIDRM EPERM", "msgget": "EACCES EEXIST ENOENT ENOMEM ENOSPC",
    "msgrcv": "EACCES EIDRM EINTR", "msgsnd": "EACCES EAGAIN EIDRM EINTR ENOMEM",
    "newfstatat": "EACCES ELOOP ENOENT ENOMEM", "openat": FILES + " EINTR EISDIR ETXTBSY",
    "pipe2": "EMFILE ENFILE", "ppoll": "EINTR ENOMEM", "poll": "EINTR ENOMEM",
    "prctl": "EPERM", "pread64": "EAGAIN EINTR EIO", "prlimit64": "EPERM",
    "process_vm_readv": "ENOMEM EPERM ESRCH", "pwrite64": "EINTR EIO ENOSPC EDQUOT",
    "read": "EAGAIN EINTR EIO", "readlink": "EACCES EIO ELOOP ENOENT ENOMEM",
    "recvfrom": "EAGAIN ECONNREFUSED EINTR ENOMEM ENOTCONN",
    "recvmsg": "EAGAIN ECONNREFUSED EINTR ENOMEM ENOTCONN", "recvmmsg": "EAGAIN EINTR ENOMEM",
    "rename": FILES, "renameat": FILES, "renameat2": FILES + " EINVAL",
    "rmdir": "EBUSY EPERM", "sched_getaffinity": "ESRCH", "sched_setaffinity": "EPERM ESRCH",
    "sendmmsg": "EAGAIN EINTR ENOBUFS ENOMEM EPIPE", "sendmsg": "EAGAIN EINTR ENOBUFS ENOMEM EPIPE",
    "sendto": "EAGAIN ECONNRESET EINTR ENOBUFS ENOMEM EPIPE",
    "setsockopt": "ENOPROTOOPT EDOM ENOMEM EPERM", "shutdown": "ENOTCONN",
    "socket": "EACCES EAFNOSUPPORT EMFILE ENFILE ENOBUFS ENOMEM EPROTONOSUPPORT",
    "socketpair": "EAFNOSUPPORT EMFILE ENFILE EOPNOTSUPP", "splice": "EAGAIN EINVAL ENOMEM",
    "statx": "EACCES ENOENT ENOMEM ENOSYS", "timer_create": "EAGAIN ENOMEM",
    "tee": "EAGAIN ENOMEM", "unlink": "EACCES EBUSY EIO EPERM EROFS",
    "unlinkat": "EACCES EBUSY EIO EPERM EROFS", "vmsplice": "EAGAIN EINVAL ENOMEM",
    "wait4": "EINTR",
    "write": "EAGAIN EDQUOT EFBIG EINTR EIO ENOSPC EPERM EPIPE",
    "writev": "EAGAIN EDQUOT EFBIG EINTR EIO ENOSPC EPERM EPIPE",
}

# How a line of standard error begins.
SPOKEN = ("ipcmark: ", "hint: ", "warning: ", "strace: ")

# What may stay when the call that takes it away is the one that fails.
TAKES_AWAY = {"unlink", "unlinkat", "rmdir", "mq_unlink", "msgctl"}

RUN = "run -q -r 1 -w 0 -d 1ms -s 64 --timeout 20s --json report.json"
SCENARIOS = {
    "patterns": f"{RUN} -p duplex,ping-pong,connect unix",
    "streams": f"{RUN} pipe tcp udp",
    "servers": f"{RUN} -p fan-in-rpc -c 2 --server all unix",
    "datagrams": f"{RUN} -p fan-in-rpc -c 2 --server poll udp",
    "memory": f"{RUN} shm-ring shm-eventfd shm-spin cma",
    "queues": f"{RUN} posix-mq sysv-mq fifo",
    "lending": f"{RUN} pipe-vmsplice pipe-splice tcp-zerocopy udp-gso unix-fd",
    "uring": f"{RUN} --io uring -p duplex,ping-pong unix",
    "formats": "report --format html -o page.html sample.json",
    "compare": "compare -q --json comparison.json -e junit=x.xml sample.json sample.json",
    "ab": "ab -q -n 2 --b= --json ab.json -- -s 64 -d 1ms -w 0 pipe",
}
# What these write, beside the files that were there before.
RESULTS = {"report.json", "page.html", "comparison.json", "x.xml", "ab.json", "sample.json"}


def shared_names():
    """Names that outlive their process: queues and shared memory."""
    found = set()
    for folder in ("/dev/mqueue", "/dev/shm"):
        if os.path.isdir(folder):
            found |= {f"{folder}/{name}" for name in os.listdir(folder) if "ipcmark" in name}
    return found


def kept_names(before):
    """Those that are new, and stay: what runs at the same time has names for a moment."""
    until, new = time.monotonic() + 2, shared_names() - before
    while new and time.monotonic() < until:
        time.sleep(0.05)
        new &= shared_names()
    return sorted(new)


def ours(group):
    """Processes of a session that are running."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
                fields = file.read().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[3] == str(group) and fields[0] not in "ZX":
            found.append(int(pid))
    return found


class Place:
    """Where one command runs: a fresh folder, a TMPDIR, and the sample report."""

    def __init__(self, program, sample):
        self.program, self.sample = program, sample

    def run(self, scenario, tracer):
        """(status or None when it hangs, standard error, {file: bytes}, words on what is left)"""
        before = shared_names()
        with tempfile.TemporaryDirectory(prefix="calls-") as folder:
            work, tmp = os.path.join(folder, "work"), os.path.join(folder, "tmp")
            os.mkdir(work)
            os.mkdir(tmp)
            if "sample.json" in SCENARIOS[scenario]:
                shutil.copy(self.sample, os.path.join(work, "sample.json"))
            with open(os.path.join(folder, "err"), "w+b") as err:
                process = subprocess.Popen(
                    [*tracer, self.program, *SCENARIOS[scenario].split()], cwd=work,
                    env={**os.environ, "TMPDIR": tmp}, stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL, stderr=err, start_new_session=True)
                status = self.await_end(process)
                err.seek(0)
                words = err.read().decode("utf-8", "replace")
            left = [f"process {pid}" for pid in ours(process.pid)]
            for pid in ours(process.pid):
                os.kill(pid, signal.SIGKILL)
            left += kept_names(before)
            left += [f"TMPDIR/{name}" for name in os.listdir(tmp)]
            left += [name for name in os.listdir(work) if name not in RESULTS]
            files = {}
            for name in RESULTS & set(os.listdir(work)) - {"sample.json"}:
                with open(os.path.join(work, name), "rb") as file:
                    files[name] = file.read()
        return status, words, files, left

    @staticmethod
    def await_end(process):
        try:
            return process.wait(HANGS_AFTER_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return None


def check_report(text, validator):
    """Words on a report that is no good."""
    try:
        report = json.loads(text)
    except ValueError as error:
        return [f"no JSON: {error}"]
    bad = [f"schema: {error.json_path}: {error.message[:100]}"
           for error in validator.iter_errors(report)][:2]
    for case in report.get("cases", []):
        reason = case.get("reason")
        if case["status"] != "ok" and not reason:
            bad.append(f"{case['name']}: {case['status']} without a reason")
        if reason and ("out of turn" in reason or "timed out after" in reason):
            bad.append(f"{case['name']}: {reason}")
    return bad


def judge(scenario, call, result, validator):
    status, words, files, left = result
    bad = [] if call in TAKES_AWAY else [f"left: {name}" for name in left]
    if status is None:
        return bad + ["hangs"]
    if status not in (0, 1, 2, 3):
        bad.append(f"status {status}: {words[-300:]}")
    lines = words.splitlines()
    strange = [line for line in lines if not line.startswith(SPOKEN)]
    if strange:
        bad.append(f"says {strange[0][:200]!r}")
    if status == 2 and not lines:
        bad.append("status 2 without a word")
    for name, text in files.items():
        if name.endswith(".json"):
            bad += [f"{name}: {words}" for words in check_report(text, validator)]
        elif not text.rstrip().endswith((b">", b"\n")):
            bad.append(f"{name} ends too soon")
    wanted = {"formats": "page.html", "compare": "comparison.json", "ab": "ab.json"}
    if status == 0 and wanted.get(scenario, "report.json") not in files:
        bad.append("status 0 without a result")
    return bad


LINE = re.compile(r"(\d+) +(?:<\.\.\. )?(\w+)[( ]")
FRAME = re.compile(r" > (.*?)\((\w+)")


def stacks(log, program):
    """(call, its number in the process, functions of the program from the inside) of each call. A
    call that another process interrupts in the log has its functions where it is resumed."""
    counts, last, frames = {}, None, []
    for line in log:
        frame, call = FRAME.match(line), LINE.match(line)
        if frame:
            frames += [frame[2]] if frame[1] == program else []
        elif call:
            if last:
                yield *last, frames
            if "resumed>" not in line.split("(")[0]:
                counts[call.groups()] = counts.get(call.groups(), 0) + 1
            last, frames = (call[2], counts.get(call.groups(), 0)), []
    if last:
        yield *last, frames


def places(place, scenario, calls):
    """Of these calls: {(call, function, its caller): the least number behind those of the loader}, which calls
    before the program has a function."""
    found, loaded = {}, collections.Counter()
    with tempfile.NamedTemporaryFile("r", errors="replace") as log:
        place.run(scenario, ["strace", "-f", "-qq", "-k", "-o", log.name, "-e",
                             "trace=" + ",".join("?" + call for call in calls)])
        for call, number, frames in stacks(log, place.program):
            where = (call, *frames[:2])
            if not frames and not found:
                loaded[call] = number
            elif frames and number > loaded[call]:
                found[where] = min(number, found.get(where, number))
    return found


def failures(place, only, pool):
    """(scenario, call, error, number) of everything that can fail."""
    wanted = {scenario: [call for call in ERRORS if re.search(only, f"{scenario} {call}")]
              for scenario in SCENARIOS}
    wanted = {scenario: calls for scenario, calls in wanted.items() if calls}
    seen = set()
    for scenario, found in zip(wanted, pool.map(lambda one: places(place, *one), wanted.items())):
        for where, number in sorted(found.items()):
            key = (SCENARIOS[scenario].split()[0], where)
            if key in seen:
                continue
            seen.add(key)
            for error in ERRORS[where[0]].split():
                yield scenario, where[0], error, number


def make_sample(program, folder):
    path = os.path.join(folder, "sample.json")
    subprocess.run([program, "run", "-q", "-r", "6", "-w", "0", "-d", "1ms", "-s", "64", "--json",
                    path, "pipe"], check=True, timeout=60)
    return path


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", type=os.path.abspath)
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--jobs", type=int, default=2 * (os.cpu_count() or 1))
    given = parser.parse_args()
    probe = subprocess.run(["strace", "-qq", "-k", "-o", "/dev/null", "true"], check=False,
                           capture_output=True) if shutil.which("strace") else None
    if probe is None or probe.returncode:
        print("skipped: strace is not installed, may not trace here, or has no stack traces")
        return SKIPPED
    validator = validate.validator_of(SCHEMA)
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="sample-") as folder, \
            concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
        place = Place(given.program, make_sample(given.program, folder))

        def fail(failure):
            scenario, call, error, number = failure
            tracer = ["strace", "-f", "-qq", "--seccomp-bpf", "-o", "/dev/null", "-e", f"trace={call}",
                      "-e", f"inject={call}:error={error}:when={number}"]
            return judge(scenario, call, place.run(scenario, tracer), validator)

        every = list(failures(place, given.only, pool))
        if given.sample and given.sample < len(every):
            every = random.Random(given.seed).sample(every, given.sample)
        for (scenario, call, error, number), bad in zip(every, pool.map(fail, every)):
            passed, failed = passed + (not bad), failed + bool(bad)
            for words in bad[:4]:
                print(f"FAILED {scenario}: {call} {number} {error}: {words}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
