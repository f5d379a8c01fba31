"""examples.py IPCMARK BUILD - runs the examples of README.md and of the manual pages, with short
trials: every line of a block of shell that calls ipcmark, every line under EXAMPLES, and every
command of a console block, whose headings must be those that the page shows. Each has a folder of
its own, with the files that examples name. Prints what is not run here, and why, and last
"N passed, N failed"."""

import concurrent.futures
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# Measures as little as possible: the last of an option counts. One block has no verdict, as the
# examples of a console do.
WRAPPER = """#!/bin/sh
words=" $* "
case "$1" in
run)
    shift
    case "$words" in
    *" --find-crossovers "*) set -- "$@" -s 64..4K ;;
    *" -p all "*) set -- "$@" -s 64 ;;
    *" -s "*) ;;
    *) set -- -s 64 "$@" ;;
    esac
    case "$words" in *" sweep "*) set -- "$@" --budget 1s ;; esac
    exec "{program}" run "$@" -r 1 -w 0 -d 1ms ;;
ab)
    shift
    blocks=1
    case "$words" in
    *" -d "*) blocks=10 ;;
    *" -- "*) ;;
    *) set -- "$@" -- pipe ;;
    esac
    exec "{program}" ab --blocks $blocks "$@" -s 64 -d 1ms -w 0 ;;
gate)
    shift
    case "$words" in *" -- "*) ;; *) set -- "$@" -- pipe ;; esac
    case "$words" in *" --baseline-dir "*) set -- "$@" -r 7 ;; esac
    exec "{program}" gate -n 1 "$@" -s 64 -d 1ms -w 0 ;;
count) # the boots would take a minute: tests/kernel/counts.py has them
    shift
    exec "{program}" count --kernel no-such-kernel "$@" ;;
esac
exec "{program}" "$@"
"""

# What is not run as it stands, and where else it is.
ELSEWHERE = (
    (r"cp -r /usr/", "installed files: tests/plugins/outside.py"),
    (r"(cmake|cc) ", "a build of a plugin: tests/plugins/outside.py"),
    (r"bencher run ", "the program and an account of Bencher"),
    (r".*\$PUSHGATEWAY", "a Pushgateway: tests/export/pushgateway.py"),
    (r".*\[OPTION...\]", "a synopsis"),
)

# What stands before and behind a command, where it writes, and what it waits for.
SUBSTITUTES = ((r"^git bisect run ", ""), (r" +# .*", ""), (r"--budget 2m", "--budget 4s"),
               (r"/var/lib/prometheus/node-exporter/", ""))

JOBS = 3 # they wait more than they work

# Statuses that say something of the machine, not of the example: a verdict, too little data.
STATUSES = {"compare": (0, 1, 3), "ab": (0, 1, 3), "gate": (0, 1, 3, 125), "doctor": (0, 1),
            "choose": (0, 3), "report": (0, 3)}

MEASURE = "-p stream,ping-pong -s 64,4K -r 7 -w 0 -d 1ms --pin same pipe-pair unix"


def prepare(folder, program, build):
    """What the examples name and a user would have."""
    for path in ("bin", "old", "new", "build", "mine/build", "history", "reports"):
        os.makedirs(os.path.join(folder, path))
    wrapper = os.path.join(folder, "bin", "ipcmark")
    with open(wrapper, "w", encoding="utf-8") as file:
        file.write(WRAPPER.format(program=program))
    os.chmod(wrapper, 0o755)
    for side in ("old", "new"):
        os.symlink(program, os.path.join(folder, side, "ipcmark"))
    for source, target in (("example.so", "build"), ("example.so", "mine/build")):
        shutil.copy(os.path.join(build, "tests/plugins", source), os.path.join(folder, target))
    shutil.copy(os.path.join(build, "tests/slow.so"), folder)
    for name in ("base.json", "new.json"):
        subprocess.run([program, "run", "-q", "--json", name, *MEASURE.split()], cwd=folder,
                       check=True, timeout=300)
    shutil.copy(f"{folder}/base.json", f"{folder}/report.json")
    run(folder, "ipcmark gate --baseline-dir history") # begins it
    shutil.copy(f"{folder}/base.json", f"{folder}/history")
    for node in range(4):
        run(folder, f"ipcmark run -q --label node=n{node} --json reports/n{node}.json pipe")


def run(folder, line):
    """(status, standard output, standard error) of one line of shell."""
    env = dict(os.environ, PATH=os.path.join(folder, "bin") + ":" + os.environ["PATH"],
               COLUMNS="80", GITHUB_STEP_SUMMARY="summary.md")
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


def lines_of(block):
    """The lines of a block, those joined that end with a backslash."""
    return re.sub(r" *\\\n *", " ", block).splitlines()


def examples(text):
    """(command, output or None) of every example, in the order of README.md."""
    for block in re.finditer(r"^```(sh|console)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        if block[1] == "sh":
            for line in lines_of(block[2]):
                if line.startswith("ipcmark "):
                    yield line, None
        else:
            command, _, shown = block[2].partition("\n")
            yield command.removeprefix("$ "), shown


def page_examples(folder):
    """The same of the texts of the manual pages."""
    for path in sorted(glob.glob(f"{folder}/*.scd")):
        with open(path, encoding="utf-8") as file:
            text = file.read().replace("\\\\", "\\")
        for block in re.finditer(r"^```\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
            title = text[:block.start()].rpartition("\n# ")[2].partition("\n")[0]
            for line in map(str.strip, lines_of(block[1])):
                if line.startswith(("ipcmark ", "bencher ")) or (line and title == "EXAMPLES"):
                    yield line, None


def typed(line):
    for old, new in SUBSTITUTES:
        line = re.sub(old, new, line)
    return line


def elsewhere(line):
    return next((why for pattern, why in ELSEWHERE if re.match(pattern, line)), None)


def check(folder, line, shown):
    """Words on what is wrong with one example, or None."""
    status, out, err = run(folder, line)
    allowed = STATUSES.get(line.split()[1], (0,))
    if "compare" in line:
        allowed = STATUSES["compare"]
    if "ipcmark count" in line and status == 2 and "No such file" in err:
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


def check_alone(prepared, number, example):
    folder = f"{prepared}.{number}"
    shutil.copytree(prepared, folder, symlinks=True)
    return check(folder, *example)


def find(build):
    """The examples, each once."""
    with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as file:
        found = list(examples(file.read()))
    with tempfile.TemporaryDirectory() as pages:
        subprocess.run([f"{build}/ipm_generate", "pages", ROOT, f"{build}/include/ipcmark", pages],
                       check=True, timeout=60)
        found += page_examples(pages)
    found = [(typed(line), shown) for line, shown in found]
    return list(dict(reversed(found)).items())[::-1] # with its output, if it has one


def main():
    program, build = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    found = find(build)
    for line, _ in found:
        if elsewhere(line):
            print(f"not run: {line}: {elsewhere(line)}")
    run_here = [one for one in found if not elsewhere(one[0])]
    with tempfile.TemporaryDirectory(prefix="examples-") as top:
        prepared = os.path.join(top, "example")
        prepare(prepared, program, build)
        with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
            results = pool.map(lambda one: check_alone(prepared, *one), enumerate(run_here))
        wrong = [(line, words) for (line, _), words in zip(run_here, results) if words]
    for line, words in wrong:
        print(f"FAILED {line}\n    {words}")
    failed = len(wrong) + (len(run_here) < 60) # the blocks were not found
    print(f"{len(run_here) - len(wrong)} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
