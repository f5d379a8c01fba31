"""scrape.py IPCMARK - a run's metrics through the real chain: the textfile collector of the
node exporter reads the file, Prometheus scrapes the exporter, and a query returns the median.
Both are started here on free ports of 127.0.0.1 and ended here.
"""

import contextlib
import ctypes
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

import documents

PATIENCE_S = 60
PR_SET_PDEATHSIG = 1

CONFIG = """
global: {{scrape_interval: 1s}}
scrape_configs:
  - job_name: ipcmark
    static_configs: [{{targets: ["127.0.0.1:{port}"]}}]
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


@contextlib.contextmanager
def server(folder, *command):
    """Runs a server; its output is in folder/log. It does not outlive the block."""
    with open(os.path.join(folder, "log"), "ab") as log:
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log,
                                   stderr=log, preexec_fn=die_with_parent)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def get(url):
    """The body, or None while nobody answers. No proxy between this and 127.0.0.1."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=5) as answer:
            return answer.read().decode("utf-8")
    except (OSError, urllib.error.URLError):
        return None


def wait_for(what):
    """What the function returns, as soon as that is something."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        time.sleep(0.1)
    return None


def query(port, words):
    """The values of the samples that Prometheus has for a query; [] while there are none."""
    text = get(f"http://127.0.0.1:{port}/api/v1/query?" + urllib.parse.urlencode({"query": words}))
    result = json.loads(text)["data"]["result"] if text else []
    return [(sample["metric"], float(sample["value"][1])) for sample in result]


def measure(program, folder):
    """A short run; the JSON report of it. The metrics are where the exporter looks."""
    report = os.path.join(folder, "report.json")
    subprocess.run([program, "run", "-q", "-s", "64,4K", "-r", "6", "-d", "2ms", "-w", "0",
                    "--json", report, "-e",
                    "prometheus=" + os.path.join(folder, "ipcmark.prom"), "-p", "stream,ping-pong",
                    "--label", "branch=main", "--label", "commit=1a2b3c", "pipe", "unix"],
                   check=True, timeout=120)
    with open(report, encoding="utf-8") as file:
        return json.load(file)


def check_exporter(port):
    url = f"http://127.0.0.1:{port}/metrics"
    text = wait_for(lambda: "ipcmark_case_ok" in (get(url) or "") and get(url))
    if text is None:
        yield "the exporter does not show the metrics"
    elif "node_textfile_scrape_error 0\n" not in text:
        yield "the exporter found fault with the file"


def check_queries(port, report):
    for case in report["cases"]:
        if case["status"] != "ok" or case["pattern"] != "stream":
            continue
        words = f'ipcmark_throughput_bytes_per_second{{case="{case["name"]}"}}'
        found = wait_for(lambda words=words: query(port, words))
        wanted = case["summary"]["throughput_bytes_per_second"]["median"]
        if [value for _, value in found or []] != [wanted]:
            yield f"{words} is {found}, not {wanted}"
        elif found[0][0]["transport"] != case["transport"]:
            yield f"{words} has labels of another case: {found[0][0]}"


def check_dashboard(port):
    """Each query of the dashboard gives something, unless it looks for what failed."""
    with open(os.path.join(documents.ROOT, "reports", "recipes", "grafana.json"),
              encoding="utf-8") as file:
        dashboard = json.load(file)
    variables = [entry["name"] for entry in dashboard["templating"]["list"]]
    targets = [target for panel in dashboard["panels"] for target in panel["targets"]]
    for target in [*targets, *dashboard["annotations"]["list"]]:
        words = target["expr"]
        for name in variables:
            words = words.replace(f'"${name}"', '".*"')
        failed = words.endswith("== 1")
        found = query(port, words) if failed else wait_for(
            lambda words=words: query(port, words)) or []
        if "$" in words or bool(found) == failed:
            yield f"the dashboard's {words} gives {found}"
        for label in re.findall(r"{{(\w+)}}", target.get("legendFormat", "{{label_commit}}")):
            if any(label not in labels for labels, _ in found):
                yield f"the dashboard's {words} has no label {label}"
    for entry in dashboard["templating"]["list"][1:]:
        metric, label = re.fullmatch(r"label_values\((\w+), (\w+)\)", entry["query"]).groups()
        found = wait_for(lambda metric=metric: query(port, metric)) or []
        if not any(label in labels for labels, _ in found):
            yield f"the variable {entry['name']} has no values"


def chain(folder, prometheus, exporter, report):
    """Words on what is wrong, a list."""
    ports = free_port(), free_port()
    with open(os.path.join(folder, "prometheus.yml"), "w", encoding="utf-8") as file:
        file.write(CONFIG.format(port=ports[0]))
    with server(folder, exporter, "--collector.disable-defaults", "--collector.textfile",
                f"--collector.textfile.directory={folder}",
                f"--web.listen-address=127.0.0.1:{ports[0]}"), \
        server(folder, prometheus, "--config.file=prometheus.yml",
               f"--storage.tsdb.path={folder}/data",
               f"--web.listen-address=127.0.0.1:{ports[1]}"):
        return [*check_exporter(ports[0]), *check_queries(ports[1], report),
                *check_dashboard(ports[1])]


def main():
    prometheus, exporter = documents.need("prometheus", "prometheus-node-exporter")
    with tempfile.TemporaryDirectory(prefix="scrape-") as folder:
        report = measure(os.path.abspath(sys.argv[1]), folder)
        bad = chain(folder, prometheus, exporter, report)
        if bad:
            with open(os.path.join(folder, "log"), encoding="utf-8", errors="replace") as log:
                print(log.read()[-3000:])
    return documents.conclude(len(report["cases"]) + 1 - len(bad), bad)


if __name__ == "__main__":
    sys.exit(main())
