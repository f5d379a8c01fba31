"""junit_schema.py IPCMARK - the JUnit files of every report, and of a comparison, keep to
junit.xsd, and the schema refuses what does not."""

import os
import subprocess
import sys

import documents

SCHEMA = os.path.join(documents.HERE, "junit.xsd")


def complaints(xmllint, document):
    """What xmllint(1) has to say, or None when the document is fine."""
    done = subprocess.run([xmllint, "--noout", "--nonet", "--schema", SCHEMA, "-"],
                          input=document, check=False, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=60)
    return None if done.returncode == 0 else done.stdout.decode("utf-8", "replace")[:1000]


def main():
    xmllint, = documents.need("xmllint")
    passed, bad = 0, []
    with open(os.path.join(documents.HERE, "..", "golden", "comparison.xml"), "rb") as file:
        words = complaints(xmllint, file.read())
    passed += words is None
    bad += [f"comparison: {words}"] if words else []
    for name, report in documents.reports():
        document = documents.export(sys.argv[1], report, "junit")
        words = complaints(xmllint, document)
        passed += words is None
        bad += [f"{name}: {words}"] if words else []
        for part in (b' tests="', b"<properties>", b' timestamp="'):
            if complaints(xmllint, document.replace(part, b" x" + part, 1)) is None:
                bad.append(f"{name}: the schema lets pass what has no {part.decode()}")
    return documents.conclude(passed, bad)


if __name__ == "__main__":
    sys.exit(main())
