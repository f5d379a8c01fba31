"""examples.py IPCMARK BUILD - runs the examples of README.md: every line of a block of shell that
calls ipcmark, with short trials, and every command of a console block, whose headings must be those
that the page shows. Those that name files run in their order, the others at the same time. Prints
"N passed, N failed" last."""

import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# Measures as little as possible: the last of an option counts. What compares needs blocks.
WRAPPER = """#!/bin/sh
case "$1" in
run)
    shift
    case " $* " in
    *" --find-crossovers "*) set -- "$@" -s 64..4K ;;
    *" -s "*) ;;
    *) set -- -s 64 "$@" ;;
    esac
    exec "{program}" run "$@" -r 1 -w 0 -d 1ms ;;
ab)
    shift
    case " $* " in *" -- "*) ;; *) set -- "$@" -- -s 64 pipe ;; esac
    exec "{program}" ab --blocks 10 "$@" -s 64 -d 1ms -w 0 ;;
gate)
    shift
    exec "{program}" gate -n 10 "$@" -- -d 1ms -w 0 -s 64 pipe ;;
count) # the boots would take a minute: tests/kernel/counts.py has them
    shift
    exec "{program}" count --kernel no-such-kernel "$@" ;;
esac
exec "{program}" "$@"
"""

JOBS = 3 # they wait more than they work

# Statuses that say something of the machine, not of the example: a verdict, too little data.
STATUSES = {"compare": (0, 1, 3), "ab": (0, 1, 3), "gate": (0, 1, 3), "choose": (0, 3),
            "report": (0, 3)}


def prepare(folder, program, build):
    """What the examples name and a user would have."""
    for path in ("bin", "old", "new", "mine/build", "history", "reports"):
        os.makedirs(os.path.join(folder, path))
    wrapper = os.path.join(folder, "bin", "ipcmark")
    with open(wrapper, "w", encoding="utf-8") as file:
        file.write(WRAPPER.format(program=program))
    os.chmod(wrapper, 0o755)
    for side in ("old", "new"):
        os.symlink(program, os.path.join(folder, side, "ipcmark"))
    for source, target in (("plugins/example.so", "mine/build/example.so"),
                           ("slow.so", "slow.so")):
        shutil.copy(os.path.join(build, "tests", source), os.path.join(folder, target))
    for name in ("base.json", "new.json"):
        run(folder, f"ipcmark run -q --json {name}")
    for node in range(4):
        run(folder, f"ipcmark run -q --label node=n{node} --json reports/n{node}.json pipe")


def run(folder, line):
    """(status, standard output, standard error) of one line of shell."""
    env = dict(os.environ, PATH=os.path.join(folder, "bin") + ":" + os.environ["PATH"],
               COLUMNS="80")
    done = subprocess.run(["sh", "-c", line], cwd=folder, env=env, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=300, check=False)
    return done.returncode, done.stdout, done.stderr


def headings(text):
    """The words of each line that holds no figure. One round has no interval, and no ±%, and so
    rules of another width. A busy machine has another unit of throughput."""
    lines = (re.sub("[KG]iB/s", "MiB/s", line.replace("95 % interval", "interval")).split()
             for line in text.splitlines())
    return [[word for word in words if word != "±%" and word.strip("─")] for words in lines
            if len(words) > 3 and not any(re.search(r"\d", word) for word in words)]


def examples(text):
    """(command, output or None) of every example, in the order of the page."""
    for block in re.finditer(r"^```(sh|console)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        if block[1] == "sh":
            for line in block[2].splitlines():
                if line.startswith(("ipcmark ", "mkdir ")):
                    yield line, None
        else:
            command, _, shown = block[2].partition("\n")
            yield command.removeprefix("$ "), shown


# What reads or writes files that another example writes or reads.
FILES = re.compile(r"\.json|gate|mkdir|reports/|history/|mine/")


def chains(found):
    """Lists of examples; those of a list run one after the other. All of FILES are one list."""
    ordered = [one for one in found if FILES.search(one[0])]
    return [ordered, *([one] for one in found if one not in ordered)]


def check(folder, line, shown):
    """Words on what is wrong with one example, or None."""
    status, out, err = run(folder, line)
    allowed = STATUSES.get(line.split()[1], (0,))
    if "compare" in line:
        allowed = STATUSES["compare"]
    if "ipcmark count" in line and "no-such-kernel" in err:
        return None
    if status not in allowed or "nothing in common" in err:
        return f"status {status}: {err.strip()[-300:]}"
    if shown is not None:
        wanted, got = headings(shown), headings(out)
        missing = [words for words in wanted[:2] if words not in got]
        if "\ncontended: " in out:
            return None  # a busy machine: one line tells all of them
        if not wanted or missing:
            return f"no line {missing or 'of words alone'} in {out[:2000]}"
    return None


def main():
    program, build = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as file:
        found = list(examples(file.read()))
    passed, failed = 0, 0
    with tempfile.TemporaryDirectory(prefix="examples-") as folder:
        prepare(folder, program, build)
        with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
            results = pool.map(lambda chain: [(line, check(folder, line, shown))
                                              for line, shown in chain], chains(found))
        for line, words in (one for chain in results for one in chain):
            passed += words is None
            failed += words is not None
            if words:
                print(f"FAILED {line}\n    {words}")
    failed += len(found) < 20 # the blocks were not found
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
