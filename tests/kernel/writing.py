"""Where results go: descriptors, targets that nobody reads, file systems that refuse calls."""
import contextlib
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import termios
import time

import harness

PATIENCE_S = 60
RUN = ["run", "-q", "-d", "1ms", "-r", "2", "-w", "0", "-s", "64", "pipe"]
EXPECTED = {"compare": 1, "ab": 3}  # a case of the stored report failed; ab has two blocks only
STORED = os.path.join(os.path.dirname(__file__), "..", "golden", "report.json")


def commands():
    """Each way to name a target: words before it, and whether its document is JSON."""
    yield [*RUN, "--json"], "", True
    yield [*RUN, "-e"], "csv=", False
    yield [*RUN, "-e"], "html=", False
    yield [*RUN, "-e"], "jsonl=", False
    yield ["report", STORED, "-f", "json", "-o"], "", True
    yield ["compare", "-q", STORED, STORED, "--json"], "", True
    yield ["ab", "-q", "-n", "2", "--b", "", "--json"], "", True


def tail(words):
    """The options of the single runs: a block is one round."""
    own = [word for i, word in enumerate(RUN) if "-r" not in RUN[max(i - 1, 0):i + 1]]
    return ["--", *own[2:]] if words[0] == "ab" else []


def call(program, words, target, **more):
    return subprocess.Popen([program, *words[:-1], words[-1], target, *tail(words)],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)


def finish(process):
    out, err = process.communicate(timeout=PATIENCE_S)
    return process.returncode, out, err


def small_pipe():
    """Smaller than any report."""
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
    return reader, writer


# --- descriptors

def names_of(fd, folder):
    link = os.path.join(folder, f"link{fd}")
    if not os.path.islink(link):
        os.symlink(f"/dev/fd/{fd}", link)
    return f"/dev/fd/{fd}", f"/proc/self/fd/{fd}", link


def test_an_open_file_is_written_where_it_stands_by_every_name(program, folder):
    for words, prefix, is_json in commands():
        for i in range(3) if words[0] == "report" else [2]:
            path = os.path.join(folder, "log")
            with open(path, "w+", encoding="utf-8") as log:
                log.write("kept\n")
                log.flush()
                inode = os.stat(path).st_ino
                name = names_of(log.fileno(), folder)[i]
                status, _, err = finish(call(program, words, prefix + name,
                                             pass_fds=[log.fileno()]))
            assert status == EXPECTED.get(words[0], 0), (words, name, err)
            assert os.stat(path).st_ino == inode, (words, name, "replaced")
            with open(path, encoding="utf-8") as log:
                text = log.read()
            assert text.startswith("kept\n") and len(text) > 100, (words, name, text[:50])
            if is_json:
                json.loads(text[5:])


def test_standard_error_may_be_a_log_that_is_appended_to(program, folder):
    for name in ("/dev/stderr", "/dev/fd/2", "/proc/self/fd/2"):
        with open(os.path.join(folder, "log"), "a+", encoding="utf-8") as log:
            log.truncate(0)
            log.write("kept\n")
            log.flush()
            done = subprocess.run([program, *RUN, "--json", name], stderr=log, check=True,
                                  timeout=PATIENCE_S)
            log.seek(0)
            assert log.readline() == "kept\n" and json.load(log), (name, done)


def test_a_deleted_file_and_memory_are_written(program, folder):
    path = os.path.join(folder, "deleted")
    with open(path, "w+", encoding="utf-8") as deleted:
        os.unlink(path)
        for fd in (deleted.fileno(), os.memfd_create("memory", 0)):
            status, _, err = finish(call(program, [*RUN, "--json"], f"/dev/fd/{fd}",
                                         pass_fds=[fd]))
            assert status == 0, err
            assert os.lseek(fd, 0, os.SEEK_CUR) > 1000
    assert sorted(os.listdir(folder)) == ["tmp"], os.listdir(folder)


def test_a_socket_is_written(program, folder):
    ours, theirs = socket.socketpair()
    process = call(program, [*RUN, "--json"], f"/dev/fd/{theirs.fileno()}",
                   pass_fds=[theirs.fileno()])
    theirs.close()
    with ours, ours.makefile("r", encoding="utf-8") as text:
        assert json.load(text)["kind"] == "run"
    assert finish(process)[0] == 0


def test_a_pipe_of_another_user_is_written(program, folder):
    if os.geteuid() != 0:
        raise harness.Skip("needs root to be another user")
    os.chmod(os.environ["TMPDIR"], 0o777)
    os.chmod(folder, 0o755)
    reader, writer = os.pipe()
    place = tempfile.mkdtemp(dir="/dev/shm")  # the folder of the program may be root's alone
    os.chmod(place, 0o755)
    copy = shutil.copy(program, place)
    try:
        process = call(copy, [*RUN, "--json"], f"/dev/fd/{writer}", pass_fds=[writer],
                       user=65534, cwd="/")
        os.close(writer)
        with os.fdopen(reader, encoding="utf-8") as text:
            assert json.load(text)["kind"] == "run"
        assert finish(process)[0] == 0
    finally:
        shutil.rmtree(place)


def test_a_descriptor_that_cannot_be_written_is_refused_at_once(program, folder):
    lonely = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with open("/dev/null", encoding="utf-8") as only_read, lonely:
        for fd, words in ((only_read.fileno(), "Bad file descriptor"), (77, "Bad file descriptor"),
                          (lonely.fileno(), "Transport endpoint is not connected")):
            passed = [] if fd == 77 else [fd]
            status, _, err = finish(call(program, [*RUN, "--json"], f"/dev/fd/{fd}", pass_fds=passed))
            assert status == 2, (fd, status, err)
            assert err.startswith(f"ipcmark: cannot write '/dev/fd/{fd}': {words}"), err


def test_one_descriptor_takes_one_document(program, folder):
    with open(os.path.join(folder, "log"), "w", encoding="utf-8") as log:
        fd = log.fileno()
        status, _, err = finish(call(program, [*RUN, "--json", f"/dev/fd/{fd}", "-e"],
                                     f"csv=/proc/self/fd/{fd}", pass_fds=[fd]))
    assert status == 2 and "is given twice" in err, err


def test_a_descriptor_that_does_not_block_is_waited_for(program, folder):
    reader, writer = small_pipe()
    os.set_blocking(writer, False)
    process = call(program, [*RUN, "--json"], f"/dev/fd/{writer}",
                   pass_fds=[writer])
    os.close(writer)
    time.sleep(1)  # what has to wait for a reader has filled the pipe by now
    with os.fdopen(reader, encoding="utf-8") as text:
        assert len(json.load(text)["cases"][0]["trials"]) == 2
    assert finish(process)[0] == 0


# --- targets that nobody reads

OPENS_OR_WRITES = {"x86_64": ("1", "2", "257"), "aarch64": ("64", "56")}  # write, open, openat


def call_of(pid):
    """The number of the system call in which it is; None where nobody tells, or of another machine."""
    try:
        with open(f"/proc/{pid}/syscall", encoding="ascii") as file:
            return file.read().split()[0] if os.uname().machine in OPENS_OR_WRITES else None
    except OSError:
        return None


def blocked(process):
    """Until it waits for the reader: in a call that opens or writes. Where that cannot be seen:
    asleep, and without processor time for a while. Or it has ended."""
    used, since = None, time.monotonic()
    while time.monotonic() - since < 0.4 and process.poll() is None:
        with open(f"/proc/{process.pid}/stat", encoding="utf-8") as stat:
            now = stat.read().rsplit(")", 1)[1].split()
        call = call_of(process.pid)
        waits = call is None or call in OPENS_OR_WRITES[os.uname().machine]
        if now[0] != "S" or now[11:15] != used or not waits:
            used, since = now[11:15], time.monotonic()
        elif call is not None and time.monotonic() - since > 0.1:
            return
        time.sleep(0.02)


def filled(reader):
    """Until the pipe takes no more: then the report is being written."""
    held = 0
    while held < fcntl.fcntl(reader, fcntl.F_GETPIPE_SZ):
        time.sleep(0.02)
        held = int.from_bytes(fcntl.ioctl(reader, termios.FIONREAD, bytes(4)), "little")


def end(processes, number):
    """By one signal each. SIGXCPU is delivered after SIGCONT, whose handler restarts the call: it
    stands for any signal that comes just before a call blocks."""
    for process in processes:
        blocked(process)
    for process in processes:
        if number == signal.SIGXCPU:
            process.send_signal(signal.SIGSTOP)
        process.send_signal(number)
        process.send_signal(signal.SIGCONT)
    for process in processes:
        status, _, err = finish(process)
        assert status in (-number, 128 + number), (process.args, status, err)
        assert "Interrupted system call" not in err, err


def test_a_fifo_without_a_reader_ends_with_the_first_signal(program, folder):
    fifo = os.path.join(folder, "fifo")
    os.mkfifo(fifo)
    for number in signal.SIGTERM, signal.SIGXCPU:
        end([call(program, words, prefix + fifo) for words, prefix, _ in commands()], number)


def test_a_reader_that_stalls_ends_with_the_first_signal(program, folder):
    for number in signal.SIGTERM, signal.SIGXCPU:
        reader, writer = small_pipe()
        end([call(program, words, f"{prefix}/dev/fd/{writer}", pass_fds=[writer])
             for words, prefix, _ in commands()], number)
        os.close(writer)
        os.close(reader)


def test_a_reader_that_is_slow_gets_the_whole_report_after_a_signal(program, folder):
    """And after SIGXCPU, which comes every second, a second one does not end it."""
    reader, writer = small_pipe()
    process = call(program, [*RUN, "--json"], f"/dev/fd/{writer}", pass_fds=[writer])
    os.close(writer)
    filled(reader)
    for _ in range(2):
        process.send_signal(signal.SIGXCPU)
        time.sleep(0.4)
    with os.fdopen(reader, encoding="utf-8") as text:
        assert json.load(text)["run"]["status"] == "complete"
    assert finish(process)[0] == 0


# --- file systems that refuse calls

def injected(program, words, fault):
    if not shutil.which("strace"):
        raise harness.Skip("strace is not installed")
    call_name = fault.split(":")[0]
    done = subprocess.run(["strace", "-qq", "-o", "/dev/null", "-e", "trace=" + call_name, "-e",
                           "inject=" + fault, program, *words], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=PATIENCE_S)
    if "ptrace" in done.stderr:
        raise harness.Skip("strace may not trace here")
    return done


def left_in(folder):
    return sorted(set(os.listdir(folder)) - {"tmp"})


def test_calls_that_a_file_system_lacks_are_done_without(program, folder):
    path = os.path.join(folder, "report.json")
    for old in (False, True):
        for fault in ("fchmod:error=EPERM", "fchmod:error=EOPNOTSUPP", "fchown:error=EPERM",
                      "fsync:error=EINVAL", "fsync:error=ENOSYS", "fallocate:error=EPERM",
                      "fallocate:error=ENOSYS", "statx:error=ENOSYS", "faccessat2:error=EPERM",
                      "linkat:error=EPERM", "linkat:error=EOPNOTSUPP", "getrandom:error=ENOSYS",
                      "umask:error=ENOSYS"):
            if os.path.exists(path):
                os.unlink(path)
            if old:
                with open(path, "w", encoding="utf-8") as file:
                    file.write("old")
                os.chmod(path, 0o600)
            done = injected(program, ["report", STORED, "-f", "json", "-o", path], fault)
            assert done.returncode == 0, (fault, done.stderr)
            with open(path, encoding="utf-8") as file:
                assert json.load(file)["kind"] == "run", fault
            if old:
                assert os.stat(path).st_mode & 0o077 == 0, (fault, "others may read it now")
            assert left_in(folder) == ["report.json"], (fault, left_in(folder))


def test_what_is_lost_is_told_by_file_and_reason_and_nothing_is_left(program, folder):
    path = os.path.join(folder, "report")
    reasons = {"ENOSPC": "No space left on device", "EIO": "Input/output error",
               "EDQUOT": "Disk quota exceeded", "EFBIG": "File too large"}
    for form in ("json", "jsonl", "csv", "html", "markdown", "prometheus", "text"):
        for fault, reason in (("write", "ENOSPC"), ("write", "EDQUOT"), ("fsync", "EIO")):
            done = injected(program, ["report", STORED, "-f", form, "-o", path],
                            f"{fault}:error={reason}:when=1")
            words = f"ipcmark: cannot write '{path}': {reasons[reason]}\n"
            assert (done.returncode, done.stderr) == (1, words), (form, fault, done.stderr)
            assert left_in(folder) == [], (form, fault, left_in(folder))
    for words, status in ((["compare", "-q", STORED, STORED, "--json", path], 1),
                          ([*RUN, "--json", path], 1), ([*RUN, "-e", "jsonl=" + path], 1),
                          ([*RUN, "-e", "csv=" + path], 1)):
        done = injected(program, words, "fsync:error=EDQUOT")
        assert (done.returncode, done.stderr) == \
            (status, f"ipcmark: cannot write '{path}': Disk quota exceeded\n"), (words, done)
        if "jsonl" in words[-1]:  # it could be read meanwhile, and what was written stays
            os.unlink(path)
        assert left_in(folder) == [], (words, left_in(folder))


def test_a_target_without_room_is_refused_before_the_first_trial(program, folder):
    path = os.path.join(folder, "report")
    for reason, words in (("ENOSPC", "No space left on device"), ("EDQUOT", "Disk quota exceeded")):
        done = injected(program, [*RUN, "--json", path], "fallocate:error=" + reason)
        assert (done.returncode, done.stderr) == (2, f"ipcmark: cannot write '{path}': {words}\n"), done
        assert left_in(folder) == [], left_in(folder)


def files_of_children(pid):
    """What is open. strace has other children before the program, which come and go."""
    fds = []
    with contextlib.suppress(OSError):
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            for child in file.read().split():
                fds += [os.readlink(f"/proc/{child}/fd/{fd}")
                        for fd in os.listdir(f"/proc/{child}/fd")]
    return fds


def test_a_kill_while_a_report_is_written_leaves_nothing(program, folder):
    path = os.path.join(folder, "report.json")
    if not shutil.which("strace"):
        raise harness.Skip("strace is not installed")
    process = subprocess.Popen(
        ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync", "-e",
         "inject=fsync:delay_enter=30000000", program, "report", STORED, "-f", "json", "-o", path],
        start_new_session=True)
    try:
        for _ in range(1000):
            fds = files_of_children(process.pid)
            if any(folder in fd for fd in fds):
                break
            time.sleep(0.01)
        if not any("(deleted)" in fd for fd in fds):
            raise harness.Skip(f"{folder} has no files without a name, or strace may not trace")
        assert left_in(folder) == [], left_in(folder)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert left_in(folder) == [], left_in(folder)


if __name__ == "__main__":
    harness.main(sys.modules[__name__], jobs=4)
