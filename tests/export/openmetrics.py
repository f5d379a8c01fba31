"""openmetrics.py IPCMARK - the parser of OpenMetrics in Prometheus' client for Python accepts every
report, which a mark ends, and finds the figures in it that format prometheus has."""

import sys

import documents

try:
    from prometheus_client.openmetrics import parser as openmetrics
    from prometheus_client import parser as prometheus
except ImportError:
    print("skipped: there is no python3-prometheus-client here")
    sys.exit(documents.SKIPPED)


def figures(parse, text):
    return [(sample.name, sample.labels, sample.value)
            for family in parse(text) for sample in family.samples]


def main():
    passed, bad = 0, []
    for name, report in documents.reports():
        texts = {form: documents.export(sys.argv[1], report, form).decode()
                 for form in ("openmetrics", "prometheus")}
        try:
            same = figures(openmetrics.text_string_to_metric_families, texts["openmetrics"]) == \
                figures(prometheus.text_string_to_metric_families, texts["prometheus"])
            found = [] if same else ["other figures than those of prometheus"]
        except ValueError as error:
            found = [str(error)[:300]]
        if texts["openmetrics"] != texts["prometheus"] + "# EOF\n":
            found.append("more than a mark at the end differs")
        passed += not found
        bad += [f"{name}: {words}" for words in found]
    return documents.conclude(passed, bad)


if __name__ == "__main__":
    sys.exit(main())
