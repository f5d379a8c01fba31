"""promtool.py IPCMARK - Prometheus' own checker reads the metrics of every report, and has
nothing to find fault with."""

import subprocess
import sys

import documents


def series(text):
    return {line.rsplit(" ", 1)[0] for line in text.splitlines() if not line.startswith("#")}


def together(texts):
    """The files as the textfile collector shows them: the series of a family side by side."""
    families, family = {}, None
    for text in texts:
        for line in text.splitlines():
            if line.startswith("# HELP"):
                family = families.setdefault(line.split()[2], [line])
            elif line not in family or not line.startswith("#"):
                family.append(line)
    return "".join(line + "\n" for lines in families.values() for line in lines)


def check_runs(promtool, program):
    """Two runs of one command on one machine are told apart in every series."""
    command = [program, "run", "-q", "-r", "1", "-w", "0", "-d", "1ms", "--seed", "7", "null",
               "-e", "prometheus=/dev/stdout"]
    texts = [subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
             for _ in range(2)]
    done = subprocess.run([promtool, "check", "metrics"], input=together(texts), check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    same = series(texts[0]) & series(texts[1])
    return [f"of two runs: {done.stdout}"] * (done.returncode != 0) + sorted(same)


def main():
    promtool, = documents.need("promtool")
    passed, bad = 1, check_runs(promtool, sys.argv[1])
    for name, report in documents.reports():
        text = documents.export(sys.argv[1], report, "prometheus")
        done = subprocess.run([promtool, "check", "metrics"], input=text, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
        fine = done.returncode == 0 and not done.stdout.strip()
        passed += fine
        if not fine:
            bad.append(f"{name}: {done.stdout.decode('utf-8', 'replace')[:1000]}")
    return documents.conclude(passed, bad)


if __name__ == "__main__":
    sys.exit(main())
