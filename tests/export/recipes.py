"""recipes.py IPCMARK - runs each jq recipe of reports/recipes over the sample reports and holds
what comes out against the target's form; and checks that the jobs of reports/ci ask for formats
that exist."""

import csv
import json
import os
import re
import subprocess
import sys
import tempfile

import jsonschema

import documents

REPORTS = os.path.join(documents.ROOT, "reports")
ARGUMENTS = ["--arg", "repository", "https://github.com/me/project", "--arg", "project", "me"]
UNLABELLED = ["--arg", "commit", "0" * 40, "--arg", "branch", "main"]
HISTORY = {"1.csv": {"commit": "c1"}, "2.csv": {"branch": "b", "commit": "c2", "ci": "gitlab"}}

TEXT, NUMBER, COUNT = {"type": "string"}, {"type": "number"}, {"type": "integer", "minimum": 0}
NUMBERS = {"type": "array", "items": NUMBER, "minItems": 1}


def strict(required, **optional):
    return {"type": "object", "properties": {**required, **optional},
            "required": list(required), "additionalProperties": False}


MACHINE = strict({key: TEXT for key in (
    "name", "architecture_name", "kernel_name", "os_name", "os_version", "cpu_model_name",
    "cpu_core_count", "cpu_thread_count", "cpu_l1d_cache_bytes", "cpu_l1i_cache_bytes",
    "cpu_l2_cache_bytes", "cpu_l3_cache_bytes", "cpu_frequency_max_hz", "memory_bytes",
    "gpu_count")} | {"gpu_product_names": {"type": "array"}})
CONBENCH = strict({
    "run_id": TEXT, "batch_id": TEXT, "run_reason": TEXT, "timestamp": TEXT,
    "tags": {"type": "object", "required": ["name", "case"]}, "info": {"type": "object"},
    "context": {"type": "object", "required": ["benchmark_language"]}, "machine_info": MACHINE,
    "stats": strict({"data": NUMBERS, "unit": TEXT, "times": NUMBERS, "time_unit": TEXT,
                     "iterations": COUNT}),
    "github": strict({"repository": TEXT, "commit": TEXT})})
CODESPEED = {"type": "array", "items": strict(
    {"commitid": TEXT, "project": TEXT, "branch": TEXT, "executable": TEXT, "benchmark": TEXT,
     "environment": TEXT, "result_value": NUMBER},
    std_dev=NUMBER, min=NUMBER, max=NUMBER,
    result_date={"type": "string", "pattern": r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$"})}
GOOGLE = strict({
    "context": {"type": "object", "required": ["date", "host_name", "executable", "num_cpus",
                                               "mhz_per_cpu", "cpu_scaling_enabled", "caches",
                                               "load_avg", "library_build_type"]},
    "benchmarks": {"type": "array", "items": strict(
        {"name": TEXT, "family_index": COUNT, "per_family_instance_index": COUNT,
         "run_name": TEXT, "run_type": {"const": "iteration"}, "repetitions": COUNT,
         "repetition_index": COUNT, "threads": COUNT, "iterations": COUNT, "real_time": NUMBER,
         "cpu_time": NUMBER, "time_unit": {"const": "ns"}, "bytes_per_second": NUMBER,
         "items_per_second": NUMBER})}})

WORD = r"(?:[^,= \\\n]|\\[,= ])+"
POINT = re.compile(rf"ipcmark((?:,{WORD}={WORD})+) (\w+=[-+.\deE]+(?:,\w+=[-+.\deE]+)*)( \d+)?")


def ok_cases(report):
    return [case for case in report["cases"] if case["status"] == "ok"]


def check_influxdb(report, text):
    lines = text.split("\n")[:-1]
    if len(lines) != len(ok_cases(report)):
        yield f"{len(lines)} points, not {len(ok_cases(report))}"
    for line, case in zip(lines, ok_cases(report)):
        point = POINT.fullmatch(line)
        if point is None:
            yield f"no point: {line[:300]!r}"
            continue
        fields = dict(field.split("=") for field in point[2].split(","))
        median = case["summary"]["throughput_bytes_per_second"]["median"]
        if any(f",label_{key}=" not in point[1] for key in report["run"]["labels"]):
            yield f"{line[:300]!r} has not all labels"
        if float(fields["throughput_bytes_per_second"]) != median or not point[3]:
            yield f"{line[:300]!r} is not that of {case['name']}"


def check_conbench(report, text):
    results = [json.loads(line) for line in text.split("\n")[:-1]]
    for result, case in zip(results, ok_cases(report)):
        jsonschema.validate(result, CONBENCH)
        if result["github"]["commit"] != report["run"]["labels"].get("commit", "0" * 40):
            yield f"{case['name']}: another commit than what was measured"
        if len(result["stats"]["data"]) != len(case["trials"]):
            yield f"{case['name']}: another number of values than trials"
    if len(results) != len(ok_cases(report)):
        yield "another number of results than cases"


def check_codespeed(report, text):
    results = json.loads(text)
    jsonschema.validate(results, CODESPEED)
    wanted = [case["summary"]["throughput_bytes_per_second"]["median"]
              for case in ok_cases(report)]
    commit = report["run"]["labels"].get("commit", "0" * 40)
    if any(result["commitid"] != commit for result in results):
        yield "another commit than what was measured"
    if [result["result_value"] for result in results] != wanted:
        yield "other values than the report"


def check_google(report, text):
    document = json.loads(text)
    jsonschema.validate(document, GOOGLE)
    wanted = sum(len(case["trials"]) for case in ok_cases(report))
    if len(document["benchmarks"]) != wanted:
        yield f"{len(document['benchmarks'])} repetitions, not {wanted}"


CHECKS = {"influxdb": check_influxdb, "conbench": check_conbench, "codespeed": check_codespeed,
          "google-benchmark": check_google}


def text_of(*path):
    with open(os.path.join(REPORTS, *path), encoding="utf-8") as file:
        return file.read()


def recipes():
    """{name: (jq options, program)}; the first line of a program shows how jq is called."""
    found = {}
    for name in os.listdir(os.path.join(REPORTS, "recipes")):
        if not name.endswith(".jq"):
            continue
        program = text_of("recipes", name)
        usage = re.match(rf"# jq (.*-f {re.escape(name)}.*)\n", program)[1]
        found[name.removesuffix(".jq")] = re.findall(r"(?<!\S)-[rc]\b", usage), program
    return found


def run(program, jq, options, report):
    whole = documents.export(program, report, "json")
    given = [] if report["run"]["labels"] else UNLABELLED
    return subprocess.run([jq, *options, *ARGUMENTS, *given], input=whole, check=True,
                          stdout=subprocess.PIPE, timeout=60).stdout.decode("utf-8"), whole


def check_otava(program, text):
    """The program of the README picks the trials of a case, and the columns it names are there."""
    command = re.search(r"^python3 -c .*? >", text, re.MULTILINE | re.DOTALL)[0].rstrip(" >")
    columns = re.findall(r"^      (\w+): \{direction: -?1\}", text, re.MULTILINE)
    columns += re.search(r"attributes: \[(.*)\]", text)[1].split(", ")
    with tempfile.TemporaryDirectory(prefix="recipes-") as folder:
        os.mkdir(os.path.join(folder, "history"))
        for name, labels in HISTORY.items():
            report = documents.load("patterns.json")
            report["run"]["labels"] = labels
            with open(os.path.join(folder, "history", name), "wb") as file:
                file.write(documents.export(program, report, "csv"))
        done = subprocess.run(["sh", "-c", command.replace("unix/4096/pin=same", "pipe/64")], cwd=folder,
                              check=True, stdout=subprocess.PIPE, timeout=60)
    rows = list(csv.DictReader(done.stdout.decode("utf-8").splitlines()))
    picked = next(case for case in documents.load("patterns.json")["cases"]
                  if case["name"] == "stream/pipe/64")
    wanted = [labels["commit"] for labels in HISTORY.values() for _ in picked["trials"]]
    if [row["label_commit"] for row in rows] != wanted:
        yield f"Otava blames {[row['label_commit'] for row in rows]}"
    if any(row["case"] != "stream/pipe/64" for row in rows):
        yield f"the program of the README picks {[row['case'] for row in rows]}"
    if any(not row.get(column) for row in rows for column in ["started_at", *columns]):
        yield "Otava is told of a column that is empty"


def check_jobs(program):
    """Words on formats that the jobs ask for and that do not exist."""
    text = text_of("ci", "github-actions.yml") + text_of("ci", "gitlab-ci.yml")
    known = subprocess.run([program, "list", "formats", "--json"], check=True,
                           stdout=subprocess.PIPE, timeout=60).stdout
    names = {entry["name"] for entry in json.loads(known)["formats"]}
    asked = re.findall(r"(?:-e |--format )([a-z-]+)\b(?!\.)", text)
    if len(asked) < 10:
        yield "the jobs ask for too few formats"
    for name in sorted(set(asked) - names):
        yield f"a job asks for the format {name}"


def main():
    program = os.path.abspath(sys.argv[1])
    jq, = documents.need("jq")
    found, passed = recipes(), 0
    bad = [*check_jobs(program), *check_otava(program, text_of("README.md"))]
    if set(found) != set(CHECKS):
        bad.append(f"recipes: {sorted(found)}")
    for name, (options, recipe) in found.items():
        for title, report in documents.reports():
            try:
                out, whole = run(program, jq, [*options, recipe], report)
                words = list(CHECKS[name](json.loads(whole), out))
            except (subprocess.CalledProcessError, jsonschema.ValidationError,
                    ValueError) as error:
                words = [str(error)[:600]]
            passed += not words
            bad += [f"{name} of {title}: {word}" for word in words[:5]]
    return documents.conclude(passed, bad)


if __name__ == "__main__":
    sys.exit(main())
