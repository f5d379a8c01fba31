"""kube_jobs.py IPCMARK - the Kubernetes jobs of reports/ci: their selectors are of their pods, and
their command is run as a node runs it. No cluster is asked; kube_schema.py checks the keys. Prints
"N passed, N failed" last.
"""

import json
import os
import re
import subprocess
import sys

import yaml

import documents

CI = os.path.join(documents.ROOT, "reports", "ci")


def check_container(program, container, name):
    """The arguments, as the node expands them, print one report with the label of the node."""
    source = container["env"][0]
    if source != {"name": "NODE", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}}:
        yield f"{name}: NODE is {source}"
    words = [word.replace("$(NODE)", "worker-1") for word in container["args"]]
    short = ["-s", "64", "-r", "1", "-d", "1ms", "-w", "0", "--pin", "none", "null"]
    out = subprocess.run([program, *words, *short], check=True, stdout=subprocess.PIPE,
                         timeout=60).stdout
    if json.loads(out)["run"]["labels"].get("node") != "worker-1":
        yield f"{name}: no label of the node"


def check_kubernetes(program, name):
    with open(os.path.join(CI, name), encoding="utf-8") as file:
        text = file.read()
    job = yaml.safe_load(text)
    spec, template = job["spec"], job["spec"]["template"]
    pod, kind = template["spec"], job["kind"]
    bad = []
    labels = template["metadata"]["labels"]
    selectors = [spec.get("selector"), *(
        term["labelSelector"] for term in pod.get("affinity", {}).get("podAntiAffinity", {}).get(
            "requiredDuringSchedulingIgnoredDuringExecution", []))]
    if any(selector and selector != {"matchLabels": labels} for selector in selectors):
        bad.append(f"{name}: a selector that is not of its pods")
    if kind == "Job" and pod.get("restartPolicy") != "Never":
        bad.append(f"{name}: a pod of a job ends")
    if kind == "DaemonSet" and "restartPolicy" in pod:
        bad.append(f"{name}: a pod of a daemon set is always started again")
    if f"-l app={labels['app']} " not in text:
        bad.append(f"{name}: its words select other pods")
    containers = pod.get("initContainers", []) + pod["containers"]
    bad += check_container(program, containers[0], name)
    return bad


def main():
    names = [name for name in sorted(os.listdir(CI)) if re.fullmatch(r"kubernetes-.*\.yml", name)]
    results = [check_kubernetes(os.path.abspath(sys.argv[1]), name) for name in names]
    bad = [words for found in results for words in found]
    return documents.conclude(sum(not found for found in results), bad)


if __name__ == "__main__":
    sys.exit(main())
