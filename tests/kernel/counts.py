"""`ipcmark count`: a guest gives the same figures each time, and leaves nothing behind."""
import json
import os
import signal
import subprocess
import sys
import time

import harness

PATIENCE_S = 280
SMALL = ["--", "-p", "ping-pong", "-s", "64", "--messages", "300", "pipe-pair", "unix"]


def count(program, *words, env=None):
    return subprocess.run([program, "count", *words], capture_output=True, text=True,
                          timeout=PATIENCE_S, env={**os.environ, **(env or {})})


def need_a_guest(program):
    """Skips where the emulator or a kernel is missing, with the words of the program."""
    tried = subprocess.run([program, "doctor", "--json"], capture_output=True, text=True,
                           timeout=PATIENCE_S)
    findings = {row["key"]: row for row in json.loads(tried.stdout)["findings"]}
    for key in ("qemu", "guest_kernel"):
        if findings[key]["value"] is None:
            raise harness.Skip(f"{findings[key]['reason']}: {findings[key]['command']}")


def test_a_missing_emulator_is_one_line_with_its_package(program, folder):
    tried = count(program, "--kernel", program, env={"PATH": folder})
    assert tried.returncode == 2, tried
    assert tried.stdout == "", tried
    assert tried.stderr == ("ipcmark: 'qemu-system-x86_64' is not installed\n"
                            "hint: apt-get install qemu-system-x86\n"), tried


def figures(path):
    """What a boot measured, without when and by which command line."""
    with open(path, encoding="utf-8") as file:
        report = json.load(file)
    assert report["host"]["clock"] == "instructions", report["host"]
    assert [case["primary_metric"] for case in report["cases"]] == \
        ["instructions_per_round_trip"] * 2, report["cases"]
    assert all(case["status"] == "ok" for case in report["cases"]), report["cases"]
    del report["run"]["started_at"], report["run"]["command"]
    return report


def test_two_boots_are_the_same_to_the_last_digit(program, folder):
    need_a_guest(program)
    boots = []
    for number in range(2):
        path = os.path.join(folder, f"boot{number}.json")
        done = count(program, "-q", "--seeds", "1", "--json", path, *SMALL)
        assert done.returncode == 0, done
        boots.append(figures(path))
    assert boots[0] == boots[1]
    pipe, unix = (case["summary"]["instructions_per_round_trip"]["median"]
                  for case in boots[0]["cases"])
    assert 2000 < pipe < unix < 100000, (pipe, unix)


def test_a_guest_that_panics_shows_the_end_of_its_console(program, folder):
    need_a_guest(program)
    done = count(program, "-q", "--append", "rdinit=/none root=/none", *SMALL)
    assert done.returncode == 1, done
    assert done.stderr.count("\n") == 1, done
    assert "gave no report; its console ends with: " in done.stderr, done


def test_what_is_no_kernel_is_one_line(program, folder):
    need_a_guest(program)
    path = os.path.join(folder, "text")
    with open(path, "w") as file:
        file.write("no kernel\n" * 1000)
    done = count(program, "--kernel", path, "--timeout", "20s", *SMALL)
    assert done.returncode == 1, done
    assert done.stderr.startswith("ipcmark: the guest "), done


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(word) for word in file.read().split()]


def name_of(pid):
    try:
        with open(f"/proc/{pid}/comm") as file:
            return file.read().strip()
    except OSError:
        return ""


def test_a_signal_ends_the_emulator(program, folder):
    need_a_guest(program)
    running = subprocess.Popen([program, "count", *SMALL], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + PATIENCE_S
    emulators = []
    while not emulators and running.poll() is None and time.monotonic() < deadline:
        emulators = [pid for pid in children(running.pid) if name_of(pid).startswith("qemu")]
        time.sleep(0.02)
    running.send_signal(signal.SIGTERM)
    out, err = running.communicate(timeout=PATIENCE_S)
    assert running.returncode == 143, (running.returncode, out, err)
    assert err == "ipcmark: interrupted\n", err
    assert emulators and not any(name_of(pid).startswith("qemu") for pid in emulators)


if __name__ == "__main__":
    harness.main(sys.modules[__name__])
