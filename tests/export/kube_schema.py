"""kube_schema.py - the Kubernetes jobs of reports/ci are of the published API: the classes of
the Python client, which are generated from its schema, take every key, type and required value.
Skipped where python3-kubernetes is missing. Prints "N passed, N failed" last.
"""

import copy
import glob
import os
import re
import sys

import yaml

import documents

try:
    from kubernetes.client import models
except ImportError:
    print("skipped: there is no python3-kubernetes here")
    sys.exit(documents.SKIPPED)

PLAIN = {"str": str, "int": int, "bool": bool, "object": object}


def build(kind, value):
    """The value as an object of that type of the schema; ValueError where it is none."""
    inner = re.fullmatch(r"list\[(.*)\]|dict\(str, (.*)\)", kind)
    if inner and inner[1] and isinstance(value, list):
        return [build(inner[1], item) for item in value]
    if inner and inner[2] and isinstance(value, dict):
        return {key: build(inner[2], item) for key, item in value.items()}
    if inner or (kind in PLAIN and not isinstance(value, PLAIN[kind])):
        raise ValueError(f"{value!r} is no {kind}")
    if kind in PLAIN:
        return value
    model = getattr(models, kind)
    if not isinstance(value, dict):
        raise ValueError(f"{value!r} is no {kind}")
    names = {key: name for name, key in model.attribute_map.items()}
    for key in value.keys() - names.keys():
        raise ValueError(f"{kind} has no '{key}'")
    return model(**{names[key]: build(model.openapi_types[names[key]], item)
                    for key, item in value.items()})


KINDS = {("batch/v1", "Job"): "V1Job", ("apps/v1", "DaemonSet"): "V1DaemonSet"}


def refused(job):
    """Why it is not of the API, or None."""
    try:
        build(KINDS[job["apiVersion"], job["kind"]], job)
    except ValueError as wrong:
        return str(wrong)
    return None


def check(path):
    """The job is of the API, and is not with a key, a type or a part of another kind."""
    with open(path, encoding="utf-8") as file:
        job = yaml.safe_load(file)
    name = os.path.basename(path)
    words = refused(job)
    bad = [f"{name}: {words}"] if words else []
    for key, value in (("replica", 4), ("template", None), ("template", ["pod"])):
        other = copy.deepcopy(job)
        other["spec"][key] = value
        if not refused(other):
            bad.append(f"{name}: '{key}: {value}' is taken")
    return bad


def main():
    paths = sorted(glob.glob(os.path.join(documents.ROOT, "reports", "ci", "kubernetes-*.yml")))
    results = [check(path) for path in paths]
    return documents.conclude(sum(not found for found in results),
                              [words for found in results for words in found])


if __name__ == "__main__":
    sys.exit(main())
