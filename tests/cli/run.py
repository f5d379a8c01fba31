"""run.py [--part K/N] IPCMARK SCHEMA [CASE...] - runs the command line tests: a folder of cases/
a case. With --part, the Kth of N parts of them.

    cmd        a shell script. $IPCMARK is the program; $VALIDATE FILE... checks reports; $SCHEMA
               is the schema, $CASE the folder of the case, $PLUGINS that of the plugins which
               tests/plugins makes. It runs in a fresh folder, with
               standard input at its end. Status 77 skips the case: its output is the reason.
    status     the exit status it must have; without the file, 0
    stdout     what it must print there, exactly; or
    stdout.re  a line each: a regular expression for the whole line; a line "..." stands for
               any number of lines. Without either, nothing may be printed.
    stderr     the same for standard error
    within     seconds that it may take; without it, 1 when the status is 2, else 30

No process, no file in TMPDIR and no hidden file beside a result may be left behind. Prints
"N passed, N failed" last.
"""

import argparse
import ctypes
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
CASES = os.path.join(HERE, "cases")
VALIDATE = os.path.join(HERE, "..", "support", "validate.py")
SKIPPED = 77
PR_SET_CHILD_SUBREAPER = 36
# A sanitizer, or a machine shared with others, must not turn a limit of 1 s into noise:
# IPM_TEST_PATIENCE multiplies every limit.
PATIENCE = float(os.environ.get("IPM_TEST_PATIENCE", "1"))


def read(case, name):
    try:
        with open(os.path.join(CASES, case, name), encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return None


def lines_match(patterns, lines):
    """Whether lines are what patterns say. "..." takes as few lines as it can."""
    if not patterns:
        return not lines
    if patterns[0] == "...":
        return any(lines_match(patterns[1:], lines[skip:]) for skip in range(len(lines) + 1))
    return bool(lines) and re.fullmatch(patterns[0], lines[0]) is not None and \
        lines_match(patterns[1:], lines[1:])


def check_stream(case, name, text):
    exact, patterns = read(case, name), read(case, name + ".re")
    if patterns is not None:
        fine = lines_match(patterns.splitlines(), text.splitlines())
        wanted = patterns
    else:
        fine = text == (exact or "")
        wanted = exact or ""
    if not fine:
        yield f"{name}: wanted\n{wanted}got\n{text[:3000]}"


def children():
    """Processes whose parent is this one: those of the case, orphans included."""
    found = []
    for name in os.listdir("/proc"):
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                stat = file.read()
        except OSError:
            continue
        if stat.rpartition(")")[2].split()[1] == str(os.getpid()):
            found.append((int(name), stat.split("(", 1)[1].rpartition(")")[0]))
    return found


def check_processes():
    for pid, name in children():
        yield f"process {name} was left behind"
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def check_files(work, tmp):
    for name in os.listdir(tmp):
        yield f"{name} was left in TMPDIR"
    for name in os.listdir(work):
        if name.startswith("."):
            yield f"{name} was left beside the results"


def environment(program, schema, case, tmp):
    keep = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "TMPDIR": tmp,
            "IPCMARK": program, "SCHEMA": schema, "CASE": os.path.join(CASES, case),
            "PLUGINS": os.path.join(os.path.dirname(program), "tests", "plugins"),
            "VALIDATE": f"{sys.executable} -B {VALIDATE} {schema}", "PYTHON": sys.executable}
    keep.update((key, value) for key, value in os.environ.items()
                if key.endswith("SAN_OPTIONS"))
    return keep


def execute(case, env, work, limit):
    """(status, stdout, stderr) of the script; status None when it took too long."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        script = subprocess.Popen(["sh", os.path.join(CASES, case, "cmd")], cwd=work, env=env,
                                  stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                                  start_new_session=True)
        try:
            status = script.wait(limit)
        except subprocess.TimeoutExpired:
            os.killpg(script.pid, signal.SIGKILL)
            script.wait()
            status = None
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "backslashreplace"))
    return status, *texts


def judge(case, program, schema):
    """(words on what is wrong, reason to skip or None)."""
    wanted = int(read(case, "status") or 0)
    limit = float(read(case, "within") or (1 if wanted == 2 else 30)) * PATIENCE
    with tempfile.TemporaryDirectory(prefix="cli-") as root:
        work, tmp = os.path.join(root, "work"), os.path.join(root, "tmp")
        os.mkdir(work)
        os.mkdir(tmp)
        begun = time.monotonic()
        status, out, err = execute(case, environment(program, schema, case, tmp), work,
                                   limit + 10)
        took = time.monotonic() - begun
        bad = [*check_processes(), *check_files(work, tmp)]
    if status == SKIPPED:
        return bad, out.strip() or "no reason given"
    if status != wanted:
        bad.append(f"status: wanted {wanted}, got {status}")
    if took > limit:
        bad.append(f"took {took:.1f} s, more than {limit:g}")
    return bad + [*check_stream(case, "stdout", out), *check_stream(case, "stderr", err)], None


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--part", default="1/1")
    parser.add_argument("program", type=os.path.abspath)
    parser.add_argument("schema", type=os.path.abspath)
    parser.add_argument("cases", nargs="*")
    given = parser.parse_args()
    part, parts = map(int, given.part.split("/"))
    names = given.cases or sorted(os.listdir(CASES))
    return given.program, given.schema, names[part - 1::parts]


def main():
    program, schema, names = arguments()
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    passed = failed = 0
    for case in names:
        bad, skipped = judge(case, program, schema)
        if skipped and not bad:
            print(f"skipped {case}: {skipped}")
            continue
        passed, failed = passed + (not bad), failed + bool(bad)
        for words in bad:
            print(f"FAILED {case}: {words}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
