"""jq.py IPCMARK - what other programs write of a report is read as the report that it was: jq,
which keeps numbers as doubles; Python; and whoever writes 5000000.0 for a whole number, another
order of keys, or a byte order mark."""

import json
import os
import shutil
import subprocess
import sys
import tempfile

import documents

SEED = 2**63 - 1


def reals(value):
    """Every whole number as a real one."""
    if isinstance(value, dict):
        return {key: reals(item) for key, item in value.items()}
    if isinstance(value, list):
        return [reals(item) for item in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def backwards(value):
    """The keys of every object in reverse."""
    if isinstance(value, dict):
        return {key: backwards(value[key]) for key in reversed(value)}
    return [backwards(item) for item in value] if isinstance(value, list) else value


def jq(text, *options):
    return subprocess.run(["jq", *options, "."], input=text, capture_output=True, text=True,
                          check=True).stdout


FORMS = {
    "indented by jq": lambda text: jq(text),
    "sorted by jq": lambda text: jq(text, "-S"),
    "compact by jq": lambda text: jq(text, "-c"),
    "with a byte order mark": lambda text: "\ufeff" + text,
    "with real numbers": lambda text: json.dumps(reals(json.loads(text))),
    "with exponents": lambda text: text.replace(": 1000,", ": 1e3,").replace(": 10,", ": 1.0E+1,"),
    "backwards": lambda text: json.dumps(backwards(json.loads(text))),
    "not in ASCII": lambda text: json.dumps(json.loads(text), ensure_ascii=False),
}


def exported(program, text):
    with tempfile.TemporaryDirectory() as folder:
        name = os.path.join(folder, "report.json")
        with open(name, "w", encoding="utf-8") as file:
            file.write(text)
        return subprocess.run([program, "report", "--format", "json", name], check=False,
                              capture_output=True, text=True)


def main():
    if shutil.which("jq") is None:
        print("skipped: no jq")
        return 77
    program, failed = sys.argv[1], 0
    report = documents.load("report.json")
    report["run"]["seed"] = report["settings"]["seed"] = SEED
    original = exported(program, json.dumps(report)).stdout
    if json.loads(original)["run"]["seed"] != str(SEED):
        failed += 1
        print(f"a seed of {SEED} is no text")
    for name, form in FORMS.items():
        result = exported(program, form(original))
        if result.stderr or json.loads(result.stdout) != json.loads(original):
            failed += 1
            print(f"{name}: {result.stderr or 'another report'}")
    print(f"{len(FORMS) + 1 - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
