"""Signals against whole runs: partial reports, exit statuses, and no process left."""
import contextlib
import fcntl
import json
import os
import select
import signal
import subprocess
import sys
import time

import harness
from processes import children, gone, has_channel, state, threads_of


PATIENCE_S = 120
TRIES = 10


def start(program, folder, *options):
    report = os.path.join(folder, "report.json")
    with contextlib.suppress(FileNotFoundError):
        os.remove(os.path.join(folder, "events"))  # of an earlier run
    process = subprocess.Popen(
        [program, "run", "--json", report, *events_to(folder), "--pin", "same", "--warnings", "all", *options],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    return process, report


def events_to(folder):
    return "-e", "jsonl=" + os.path.join(folder, "events")


def wait_for(process, happened, words):
    """What happened() returns, once that is true."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        found = happened()
        if found:
            return found
        assert process.poll() is None, ("it ended before", words, process.communicate())
        time.sleep(0.002)
    raise AssertionError(words)


def trials_of(folder):
    try:
        with open(os.path.join(folder, "events")) as events:
            return events.read().count('"event":"trial"')
    except OSError:
        return 0


def wait_for_trial(process, folder, beyond=0):
    """Until more than so many timed trials are over."""
    wait_for(process, lambda: trials_of(folder) > beyond, "no trial was seen")


def wait_for_child(process):
    return wait_for(process, lambda: children(process.pid), "no child was seen")[0]


def wait_for_window(process):
    """The child of a long window: it lives, and belongs to a trial. A stall in the calibration makes
    windows a fraction of what is asked for; rounds of warm-up calibrate again."""
    seen = {}

    def lives():
        now = time.monotonic()
        for pid in children(process.pid):
            if now - seen.setdefault(pid, now) > 0.1 and has_channel(pid):
                return pid
        return 0
    return wait_for(process, lives, "no child has a long window")


def interrupted(program, folder, number):
    process, path = start(program, folder, "-d", "20ms", "-r", "2000", "-w", "0", "pipe", "udp")
    wait_for_trial(process, folder)
    child = wait_for_child(process)
    process.send_signal(number)
    out, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 128 + number, (process.returncode, err)
    assert gone(child), "a child was left"
    with open(path) as file:
        report = json.load(file)
    assert report["run"]["status"] == "interrupted"
    rows = report["cases"]
    assert len(rows) == 6 and all(row["status"] != "failed" for row in rows), rows
    assert any(row["trials"] for row in rows)
    assert "interrupted" in out, out
    assert sorted(os.listdir(folder)) == ["events", "report.json", "tmp"], os.listdir(folder)


def test_ctrl_c_writes_a_partial_report_and_ends_with_130(program, folder):
    interrupted(program, folder, signal.SIGINT)


def test_sigterm_writes_a_partial_report_and_ends_with_143(program, folder):
    interrupted(program, folder, signal.SIGTERM)


def test_a_lost_terminal_writes_a_partial_report_and_ends_with_129(program, folder):
    interrupted(program, folder, signal.SIGHUP)


def test_a_limit_on_cpu_time_writes_a_partial_report_and_ends_with_152(program, folder):
    interrupted(program, folder, signal.SIGXCPU)


def test_sigquit_writes_a_partial_report_and_ends_with_131(program, folder):
    interrupted(program, folder, signal.SIGQUIT)


def test_timeout_tells_the_same_wish_twice_and_gets_a_whole_report(program, folder):
    """timeout(1) signals the process and its group: two signals within microseconds."""
    for _ in range(6):
        process, path = start(program, folder, "-d", "5ms", "-r", "9000", "-s", "64", "pipe")
        wait_for_trial(process, folder)
        process.send_signal(signal.SIGTERM)
        os.killpg(process.pid, signal.SIGTERM)
        process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 143, process.returncode
        with open(path) as file:
            assert json.load(file)["run"]["status"] == "interrupted"


def test_children_that_are_not_ours_do_not_end_a_trial(program, folder):
    """A program that is exec'd inherits the children of the one before it."""
    done = subprocess.run(
        ["sh", "-c", 'sleep 0.1 & sleep 0.2 & exec "$0" run -q -r 5 -d 20ms -w 0 -s 64 pipe unix udp',
         program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=PATIENCE_S)
    assert done.returncode == 0, done.stderr


def stop_reference(process):
    """The only child of a stream that has more than one thread: that of core to core."""
    def stopped():
        for child in children(process.pid):
            if threads_of(child) > 1:
                os.kill(child, signal.SIGSTOP)
                time.sleep(0.05)
                return state(child) == "T"
        return False
    wait_for(process, stopped, "no reference measurement was seen")


def test_a_reference_that_stands_still_is_given_up(program, folder):
    if len(os.sched_getaffinity(0)) < 2:
        raise harness.Skip("one CPU is not apart from itself")
    process, path = start(program, folder, "-q", "-d", "1ms", "-r", "5000", "-w", "0", "-s", "64", "pipe")
    stop_reference(process)
    wait_for_trial(process, folder, trials_of(folder) + 2)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 143, (process.returncode, err)
    with open(path) as file:
        rounds = json.load(file)["references"]["rounds"]
    unknown = [row["round"] for row in rounds if row["core_to_core_ns"] is None]
    assert unknown and max(row["round"] for row in rounds) > unknown[0], (unknown, len(rounds))


def plugin_options(program, name):
    """Of a plugin of tests/plugins."""
    return "--plugin", os.path.join(os.path.dirname(program), "tests", "plugins", name + ".so")


def test_an_inherited_mask_does_not_disarm_the_watchdog(program, folder):
    mask = {signal.SIGALRM, signal.SIGCHLD, signal.SIGINT, signal.SIGTERM}
    process = subprocess.Popen(
        [program, "run", "-q", "-d", "1ms", "-r", "1", "-w", "0", "--timeout", "300ms", "-s", "64",
         *plugin_options(program, "stopped"), "stopped"], stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, mask))
    _, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1 and "timed out" in err, (process.returncode, err)


def test_somebody_elses_alarm_is_no_timeout(program, folder):
    process, _ = start(program, folder, "-q", "-d", "30ms", "-r", "20", "-w", "0", "-s", "64", "pipe")
    wait_for_child(process)  # before the handler is there, an alarm ends any program
    for _ in range(10):
        time.sleep(0.02)
        process.send_signal(signal.SIGALRM)
    _, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0, err


def test_an_interrupt_while_the_report_is_written_does_not_cut_it(program, folder):
    process = subprocess.Popen(
        [program, "run", "--json", "-", "-d", "1ms", "-r", "3", "-w", "0", "-s", "64", "pipe"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    fcntl.fcntl(process.stdout, fcntl.F_SETPIPE_SZ, 4096)
    assert select.select([process.stdout], [], [], 60)[0]
    time.sleep(0.05)  # the report is larger than the pipe: it is being written, and nobody reads
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=PATIENCE_S)
    assert json.loads(out)["run"]["status"] == "complete"


def test_a_background_job_of_a_script_keeps_sigint_ignored(program, folder):
    process = subprocess.Popen(
        [program, "run", "-q", "-d", "20ms", "-r", "20", "-w", "0", "-s", "64", "pipe"],
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
    wait_for_child(process)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=PATIENCE_S) == 0


def test_ctrl_c_in_a_terminal_reaches_the_child_too_and_changes_nothing(program, folder):
    process, path = start(program, folder, "-d", "20ms", "-r", "2000", "-w", "0", "pipe")
    wait_for_trial(process, folder)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130, (process.returncode, err)
    with open(path) as file:
        assert json.load(file)["run"]["status"] == "interrupted"


def test_an_interrupt_in_a_long_trial_does_not_wait_for_its_end(program, folder):
    process, _ = start(program, folder, "-d", "60s", "--timeout", "100s", "-s", "64", "unix")
    wait_for_window(process)
    begin = time.monotonic()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130
    assert time.monotonic() - begin < 30


def test_json_on_standard_output_is_one_document_on_interrupt_too(program, folder):
    process = subprocess.Popen(
        [program, "run", "--json", "-", *events_to(folder), "-d", "20ms", "-r", "2000", "pipe"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for_trial(process, folder)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=PATIENCE_S)
    assert json.loads(out)["run"]["status"] == "interrupted"
    assert process.returncode == 130


def test_a_second_ctrl_c_ends_at_once(program, folder):
    """The first is held up where only a second helps: the writer of the report is blocked."""
    fifo = os.path.join(folder, "fifo")
    os.mkfifo(fifo)
    process = subprocess.Popen(
        [program, "run", "--json", fifo, *events_to(folder), "-d", "20ms", "-r", "2000", "-s", "64",
         "pipe"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    wait_for_trial(process, folder)
    process.send_signal(signal.SIGINT)
    time.sleep(0.5)
    assert process.poll() is None, "nothing held it up"
    end = time.monotonic() + PATIENCE_S
    while process.poll() is None and time.monotonic() < end:
        process.send_signal(signal.SIGINT)  # two are one where a busy machine has not run it since
        time.sleep(0.5)
    assert process.returncode == -signal.SIGINT, process.returncode


def test_the_child_goes_when_the_parent_is_killed(program, folder):
    process, path = start(program, folder, "-d", "30s", "-s", "4K", "unix")
    child = wait_for_window(process)
    process.kill()
    process.communicate()
    assert gone(child), "the child outlived its parent"
    assert not os.path.exists(path), "a half-written report"


def struck(program, folder, plugin, options):
    """The reason of the row of a plugin whose child strikes itself in its first receive. The
    other row goes on, and its trial of 1 ms would have to take as long as the watchdog to
    fail, too."""
    process, path = start(program, folder, "-s", "64", "-r", "1", "-w", "0", "-d", "1ms",
                          *options, *plugin_options(program, plugin), plugin, "udp")
    out, err = process.communicate(timeout=PATIENCE_S)
    with open(path) as file:
        rows = json.load(file)["cases"]
    assert process.returncode == 1, (process.returncode, err)
    assert [row["status"] for row in rows] == ["failed", "ok"], rows
    assert "failed" in out, out
    return rows[0]["reason"]


def test_a_killed_child_is_a_failed_row_and_the_others_go_on(program, folder):
    reason = struck(program, folder, "killed", ())
    assert "killed by signal 9" in reason, reason


def stop_and_continue(process, pid, seconds):
    os.kill(pid, signal.SIGSTOP)
    wait_for(process, lambda: state(pid) in ("T", "Z", "gone"), "it does not stop")
    time.sleep(seconds)
    if state(pid) == "T":
        os.kill(pid, signal.SIGCONT)


def measured_again(begin, folder, find, seconds, stops=4):
    """Who is found is stopped in some windows: at least one of them is measured again. On a busy
    machine who is found may be before or behind its window each time: any of some runs is enough."""
    for _ in range(TRIES):
        if repeats(*begin(), folder, find, seconds, stops) > 0:
            return
    raise AssertionError("nothing was measured again")


def repeats(process, path, folder, find, seconds, stops):
    """The number of trials that were measured again. Before the first trial a window is one of the
    calibration, which is not counted."""
    wait_for_trial(process, folder)
    for _ in range(stops):
        stop_and_continue(process, find(process), seconds)
        wait_for_trial(process, folder, trials_of(folder))
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 143, (process.returncode, err)
    with open(path) as file:
        row = json.load(file)["cases"][0]
    assert row["status"] == "ok", row["reason"]
    told = f"{row['repeated_trials']} measured again" in " ".join(out.split())
    assert not any(trial["stopped"] for trial in row["trials"])
    assert told == (row["repeated_trials"] > 0), out
    return row["repeated_trials"]


def test_a_trial_in_which_the_program_is_stopped_is_measured_again(program, folder):
    """The watchdog counts running time: it is stopped for longer than the timeout. A busy machine may
    make a window several times as long."""
    def begin():
        return start(program, folder, "-d", "500ms", "-r", "300", "-w", "2", "--timeout", "4s", "-s", "64",
                     "pipe")

    def find(process):
        return process.pid if wait_for_window(process) else 0
    measured_again(begin, folder, find, 4.1, stops=2)


def test_a_trial_in_which_the_child_is_stopped_is_measured_again(program, folder):
    def begin():
        return start(program, folder, "-d", "600ms", "-r", "200", "-w", "2", "-s", "64", "pipe")
    measured_again(begin, folder, wait_for_window, 0.02)


def server_process(process):
    """A process of the server in a long window: it came last."""
    def lives():
        wait_for_window(process)
        found = sorted(children(process.pid))
        return found[-1] if len(found) == 4 else 0
    return wait_for(process, lives, "no server process has a long window")


def start_server(program, folder, duration):
    return start(program, folder, "-p", "fan-in", "--server", "process", "-c", "2", "-d", duration,
                 "-r", "200", "-w", "2", "-s", "64", "--timeout", "100s", "pipe")


def test_a_trial_in_which_a_server_process_is_stopped_is_measured_again(program, folder):
    measured_again(lambda: start_server(program, folder, "600ms"), folder, server_process, 0.02)


def test_the_first_ctrl_c_ends_a_run_with_a_stopped_server_process(program, folder):
    process, path = start_server(program, folder, "5s")
    stopped = server_process(process)
    os.kill(stopped, signal.SIGSTOP)
    wait_for(process, lambda: state(stopped) == "T", "it does not stop")
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130, (process.returncode, err)
    assert gone(stopped), "a stopped process was left"
    with open(path) as file:
        assert json.load(file)["run"]["status"] == "interrupted"


def test_a_stopped_child_is_a_failed_row_by_the_watchdog(program, folder):
    reason = struck(program, folder, "stopped", ("--timeout", "3s"))
    assert "timed out" in reason and "stopped" in reason, reason


if __name__ == "__main__":
    harness.main(sys.modules[__name__], jobs=4)
