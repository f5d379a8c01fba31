"""phoronix.py IPCMARK - the profile of reports/ci for the Phoronix Test Suite: its elements are those
of that suite's schema, install.sh makes what the suite calls, and its parsers find their figures in
what this prints, for every entry of every menu. The suite itself is not there. Prints "N passed, N
failed" last.
"""

import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

import documents

PROFILE = os.path.join(documents.ROOT, "reports", "ci", "phoronix")
KEY = "#_RESULT_#"
SHORT = ["-r", "1", "-d", "1ms", "-w", "0"]

# Elements of pts-core/openbenchmarking.org/schemas that the profile uses, in the order which these
# require.
ORDER = {
    "test-definition.xml": {
        "PhoronixTestSuite": "TestInformation TestProfile TestSettings",
        "TestInformation": "Title Description Executable TimesToRun",
        "TestProfile": "Version SupportedPlatforms SoftwareType TestType License Status "
                       "EnvironmentSize SystemDependencies",
        "TestSettings": "Default Option", "Default": "Arguments",
        "Option": "DisplayName Identifier ArgumentPrefix Menu", "Menu": "Entry",
        "Entry": "Name Value"},
    "results-definition.xml": {
        "PhoronixTestSuite": "ResultsParser",
        "ResultsParser": "OutputTemplate LineHint DivideResultBy ResultScale ResultProportion "
                         "AppendToArgumentsDescription"}}
VALUES = {"Version": r"\d\.\d{1,2}\.\d{1,2}", "TimesToRun": r"[1-9]\d*", "Status": "Unverified",
          "SoftwareType": "Benchmark", "TestType": "System", "License": "Free",
          "ResultProportion": "HIB|LIB", "DivideResultBy": r"[1-9]\d*"}
PATTERNS = {"stream": "throughput_bytes_per_second", "ping-pong": "round_trips_per_second",
            "connect": "connections_per_second"}


def load(name):
    return xml.parse(os.path.join(PROFILE, name)).getroot()


def check_elements(name):
    bad = []
    for above in load(name).iter():
        allowed = ORDER[name].get(above.tag, "").split()
        tags = [below.tag for below in above]
        if not set(tags) <= set(allowed) or tags != sorted(tags, key=allowed.index):
            bad.append(f"{name}: {above.tag} has {tags}")
        if not tags and not re.fullmatch(VALUES.get(above.tag, ".+"), above.text or ""):
            bad.append(f"{name}: {above.tag} is '{above.text}'")
    return bad


def parse(parser, log):
    """The figure that the suite takes: the word of the last line with the hint that stands where
    the template has the key."""
    lines = [line for line in log.splitlines() if parser.findtext("LineHint") in line]
    place = parser.findtext("OutputTemplate").split().index(KEY)
    return float(lines[-1].split()[place]) if lines else None


def install(program, folder):
    """Runs install.sh as the suite does."""
    environment = dict(os.environ, HOME=folder, IPCMARK=program,
                       LOG_FILE=os.path.join(folder, "log"))
    subprocess.run(["sh", os.path.join(PROFILE, "install.sh")], cwd=folder, env=environment,
                   check=True, timeout=60)
    return environment


def status(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        return file.read().strip()


def choices(settings):
    """The words of each entry of a menu, with the first entries of the others."""
    menus = [[(option.findtext("ArgumentPrefix") or "") + entry.findtext("Value")
              for entry in option.iter("Entry")] for option in settings.iter("Option")]
    usual = [menu[0] for menu in menus]
    for place, menu in enumerate(menus):
        for entry in menu:
            yield " ".join([*usual[:place], entry, *usual[place + 1:]]).split()


def check_choice(words, folder, environment):
    """The suite gets the primary metric and the CPU time of both ends; or the case is skipped, and
    the status says so."""
    subprocess.run(["./run-ipcmark", *SHORT, *words], cwd=folder, env=environment, check=False,
                   timeout=60)
    log = status(folder, "log")
    if re.search("^ok 1 .* # SKIP ", log, re.MULTILINE):
        return [] if status(folder, "test-exit-status") == "3" else [f"{words}: {log}"]
    found = {}
    for parser in load("results-definition.xml"):
        figure = parse(parser, log)
        if figure is not None:
            found[parser.findtext("LineHint").strip("# :")] = figure
    wanted = {PATTERNS[words[words.index("-p") + 1]], "sender_cpu_ns_per_message",
              "receiver_cpu_ns_per_message"}
    good = wanted <= found.keys() and status(folder, "test-exit-status") == "0"
    return [] if good else [f"{words}: {found} of {log}"]


def main():
    program = os.path.abspath(sys.argv[1])
    results = [check_elements(name) for name in ORDER]
    with tempfile.TemporaryDirectory() as folder:
        environment = install(program, folder)
        if status(folder, "install-exit-status") != "0":
            results.append(["it is not installed"])
        results += [check_choice(words, folder, environment)
                    for words in choices(load("test-definition.xml"))]
        install("/nowhere/ipcmark", folder)
        if status(folder, "install-exit-status") == "0":
            results.append(["what is not there is installed"])
    return documents.conclude(sum(not found for found in results),
                              [words for found in results for words in found])


if __name__ == "__main__":
    sys.exit(main())
