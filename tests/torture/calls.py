"""calls.py IPCMARK [OPTION...] - every system call of a run, of a report and of `ab` fails with
every error of its manual page, by strace: the outcome is a report whose rows tell their reasons,
or one clear line; the exit status is right; nothing hangs, and nothing is left behind.

    --sample N     N of all failures, drawn by --seed; without it, all
    --nth N        the first N calls of each kind in each process (3)
    --only REGEX   of the scenarios and calls ("uring read")

strace counts the calls of each process by itself: call N fails in every process that comes to
it. What the loader calls before main() is left out. Prints "N passed, N failed" last.
"""

import argparse
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile

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

RUN = "run -q -r 1 -w 0 -d 1ms -s 64 --timeout 3s --json report.json"
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
    "ab": "ab -q -n 2 --json ab.json -- -s 64 -d 1ms -w 0 pipe",
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
            left += sorted(shared_names() - before)
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


def counts(place, scenario, most):
    """{call: numbers of those that are worth to fail}: what is called before main() is not."""
    with tempfile.NamedTemporaryFile("r") as log:
        tracer = ["strace", "-f", "-qq", "-o", log.name]
        place.run(scenario, tracer)
        found, first, loaded = {}, None, {}
        for line in log:
            match = LINE.match(line)
            if match is None or "resumed>" in line.split("(")[0]:
                continue
            pid, call = match.groups()
            first = first or pid
            found.setdefault(call, {}).setdefault(pid, 0)
            found[call][pid] += 1
            if pid == first and call == "munmap" and not loaded:
                loaded = {name: pids.get(pid, 0) for name, pids in found.items()}
    numbers = {}
    for call, pids in found.items():
        if call not in ERRORS:
            continue
        skip = loaded.get(call, 0)
        others = max((count for pid, count in pids.items() if pid != first), default=0)
        wanted = set(range(skip + 1, min(skip + most, pids.get(first, 0)) + 1))
        if not skip:
            wanted |= set(range(1, min(most, others) + 1))
        else:
            wanted |= set(range(skip + 1, min(skip + most, others) + 1))
        numbers[call] = sorted(wanted)
    return numbers


def failures(place, most, only):
    """(scenario, call, error, number) of everything that can fail."""
    for scenario in SCENARIOS:
        if only and not any(re.search(only, f"{scenario} {call}") for call in ERRORS):
            continue
        for call, numbers in sorted(counts(place, scenario, most).items()):
            if only and not re.search(only, f"{scenario} {call}"):
                continue
            for error in ERRORS[call].split():
                for number in numbers:
                    yield scenario, call, error, number


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
    parser.add_argument("--nth", type=int, default=3)
    parser.add_argument("--only")
    given = parser.parse_args()
    probe = subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"], check=False,
                           capture_output=True) if shutil.which("strace") else None
    if probe is None or probe.returncode:
        print("skipped: strace is not installed, or may not trace here")
        return SKIPPED
    validator = validate.validator_of(SCHEMA)
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="sample-") as folder:
        place = Place(given.program, make_sample(given.program, folder))
        every = list(failures(place, given.nth, given.only))
        if given.sample and given.sample < len(every):
            every = random.Random(given.seed).sample(every, given.sample)
        for scenario, call, error, number in every:
            tracer = ["strace", "-f", "-qq", "--seccomp-bpf", "-o", "/dev/null", "-e", f"trace={call}",
                      "-e", f"inject={call}:error={error}:when={number}"]
            bad = judge(scenario, call, place.run(scenario, tracer), validator)
            passed, failed = passed + (not bad), failed + bool(bad)
            for words in bad[:4]:
                print(f"FAILED {scenario}: {call} {number} {error}: {words}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
