"""run.py [--refusals|--folders] IPCMARK SCHEMA [NAME...] - runs the command line tests: the blocks of refusals.txt, and
a folder of cases/ a case. NAME is a regular expression for the beginning of names of cases.

    cmd        a shell script. $IPCMARK is the program; $VALIDATE FILE... checks reports; $SCHEMA
               is the schema, $CASE the folder of the case, $PLUGINS that of the plugins which
               tests/plugins makes. It runs in a fresh folder, with
               standard input at its end. Status 77 skips the case: its output is the reason.
    status     the exit status it must have; without the file, 0
    stdout     what it must print there, exactly; or
    stdout.re  a line each: a regular expression for the whole line; a line "..." stands for
               any number of lines. Without either, nothing may be printed.
    stderr     the same for standard error
    within     seconds of processor time that it may take; without it, 1 when the status is 2,
               else 30. What waits is ended after 300 s.

No process, no file in TMPDIR and no hidden file beside a result may be left behind. Prints
"N passed, N failed" last.
"""

import argparse
import ctypes
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
CASES = os.path.join(HERE, "cases")
REFUSALS = os.path.join(HERE, "refusals.txt")
SKIPPED = 77
PR_SET_CHILD_SUBREAPER = 36
# A sanitizer takes several times the processor time: IPM_TEST_PATIENCE multiplies limits.
PATIENCE = float(os.environ.get("IPM_TEST_PATIENCE", "1"))
HANGS_AFTER_S = 300

sys.path.insert(0, os.path.join(HERE, "..", "support"))
import validate  # noqa: E402


def read_folder(case):
    """What a case of cases/ consists of: its files by name."""
    folder = os.path.join(CASES, case)
    found = {}
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            with open(path, encoding="utf-8") as file:
                found[name] = file.read()
    return found


def read_refusals():
    """The same for each block of refusals.txt, by its name."""
    with open(REFUSALS, encoding="utf-8") as file:
        blocks = re.sub("^#.*\n", "", file.read(), flags=re.MULTILINE).strip().split("\n\n")
    found = {}
    for block in blocks:
        name, command, *lines = [line.strip() for line in block.splitlines()]
        if len(lines) != 2 or not lines[1].removeprefix("~ ").startswith("hint: ") or name in found:
            sys.exit(f"refusals.txt: '{name}' is not a command line, a line and a hint")
        patterns = [line[2:] if line.startswith("~ ") else re.escape(line) for line in lines]
        found[name] = {"cmd": 'ipcmark() { "$IPCMARK" "$@"; }\n' + command, "status": "2",
                       "stderr.re": "\n".join(patterns) + "\n"}
    return found


def read_cases(given):
    """The cases that the command line asks for, by their names."""
    found = {} if given.folders else read_refusals()
    if not given.refusals:
        found |= {case: read_folder(case) for case in os.listdir(CASES)}
    return {case: parts for case, parts in sorted(found.items())
            if any(re.match(name, case) for name in given.names)}


def lines_match(patterns, lines):
    """Whether lines are what patterns say. "..." takes as few lines as it can."""
    if not patterns:
        return not lines
    if patterns[0] == "...":
        return any(lines_match(patterns[1:], lines[skip:]) for skip in range(len(lines) + 1))
    return bool(lines) and re.fullmatch(patterns[0], lines[0]) is not None and \
        lines_match(patterns[1:], lines[1:])


def check_stream(parts, name, text):
    exact, patterns = parts.get(name), parts.get(name + ".re")
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


def check_documents(folder, validator):
    for name in sorted(os.listdir(folder)):
        yield from validate.violations(validator, os.path.join(folder, name))


def environment(program, schema, case, root):
    keep = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8",
            "TMPDIR": os.path.join(root, "tmp"), "DOCUMENTS": os.path.join(root, "documents"),
            "IPCMARK": program, "SCHEMA": schema, "CASE": os.path.join(CASES, case),
            "PLUGINS": os.path.join(os.path.dirname(program), "tests", "plugins"),
            "VALIDATE": f"sh {os.path.join(HERE, 'keep.sh')}", "PYTHON": sys.executable}
    keep.update((key, value) for key, value in os.environ.items()
                if key.endswith("SAN_OPTIONS"))
    return keep


def execute(command, env, work):
    """(status, stdout, stderr) of a script; status None when it had to be ended."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        script = subprocess.Popen(["sh", "-c", command], cwd=work, env=env,
                                  stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                                  start_new_session=True)
        try:
            status = script.wait(HANGS_AFTER_S * PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(script.pid, signal.SIGKILL)
            script.wait()
            status = None
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "backslashreplace"))
    return status, *texts


def children_took_s():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def judge(case, parts, program, schema, validator):
    """(words on what is wrong, reason to skip or None)."""
    wanted = int(parts.get("status", 0))
    limit = float(parts.get("within", 1 if wanted == 2 else 30)) * PATIENCE
    with tempfile.TemporaryDirectory(prefix="cli-") as root:
        work, tmp, documents = (os.path.join(root, name) for name in ("work", "tmp", "documents"))
        for folder in (work, tmp, documents):
            os.mkdir(folder)
        begun = children_took_s()
        status, out, err = execute(parts["cmd"], environment(program, schema, case, root), work)
        took = children_took_s() - begun
        bad = [*check_processes(), *check_files(work, tmp), *check_documents(documents, validator)]
    if status == SKIPPED:
        return bad, out.strip() or "no reason given"
    if status != wanted:
        bad.append(f"status: wanted {wanted}, got {status}")
    if took > limit:
        bad.append(f"took {took:.1f} s of processor time, more than {limit:g}")
    return bad + [*check_stream(parts, "stdout", out), *check_stream(parts, "stderr", err)], None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--refusals", action="store_true", help="only those of refusals.txt")
    parser.add_argument("--folders", action="store_true", help="only those of cases/")
    parser.add_argument("program", type=os.path.abspath)
    parser.add_argument("schema", type=os.path.abspath)
    parser.add_argument("names", nargs="*", default=[""])
    given = parser.parse_args()
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    validator = validate.validator_of(given.schema)
    passed = failed = 0
    for case, parts in read_cases(given).items():
        bad, skipped = judge(case, parts, given.program, given.schema, validator)
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
