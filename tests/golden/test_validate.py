"""Tests of tests/support/validate.py: it must see what is wrong, since so much leans on it."""

import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


SCHEMA = os.path.join(ROOT, "reports/schema.json")

sys.path.insert(0, os.path.join(ROOT, "tests/support"))
import validate as validator  # noqa: E402


class Validation:
    """What validate.py says of a document; without a process, which takes half a second."""

    def __init__(self, text):
        words = io.StringIO()
        with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file, \
                contextlib.redirect_stderr(words):
            file.write(text)
            file.flush()
            self.returncode = validator.main([SCHEMA, file.name])
        self.stderr = words.getvalue()


class Validate(unittest.TestCase):
    def setUp(self):
        with open(os.path.join(HERE, "report-empty.json"), encoding="utf-8") as file:
            self.text = file.read()

    def refuse(self, before, after, words):
        self.assertIn(before, self.text)
        result = Validation(self.text.replace(before, after, 1))
        self.assertEqual(result.returncode, 1)
        self.assertIn(words, result.stderr)

    def test_accepts_the_sample(self):
        self.assertEqual(Validation(self.text).returncode, 0)

    def test_is_a_program_that_reads_standard_input(self):
        for text, status in ((self.text, 0), ("{}", 1)):
            done = subprocess.run([sys.executable, "-B", validator.__file__, SCHEMA, "-"],
                                  input=text.encode(), stderr=subprocess.DEVNULL, check=False)
            self.assertEqual(done.returncode, status)

    def test_refuses_a_key_that_comes_twice(self):
        self.refuse('"kind": "run",', '"kind": "run", "kind": "run",', "comes twice")

    def test_refuses_what_is_no_number_of_json(self):
        for word in ("NaN", "Infinity", "-Infinity", "1e999"):
            self.refuse('"load_1m": 0.1', f'"load_1m": {word}, "x": 0.1', word)

    def test_refuses_an_unknown_key_a_missing_key_and_a_wrong_type(self):
        self.refuse('"kind": "run",', '"kind": "run", "more": 1,', "'more' was unexpected")
        self.refuse('"kind": "run",', "", "'kind' is a required property")
        self.refuse('"turbo": null', '"turbo": 1', "$.host.turbo")

    def test_refuses_text_that_is_not_utf8_and_no_json(self):
        self.assertEqual(Validation("").returncode, 1)
        self.assertEqual(Validation(json.dumps([])).returncode, 1)


class Agree(unittest.TestCase):
    """What the schema lets pass, and yet no run can have measured."""

    def setUp(self):
        with open(os.path.join(HERE, "patterns.json"), encoding="utf-8") as file:
            self.document = json.load(file)

    def trial(self, pattern):
        return next(case["trials"][0] for case in self.document["cases"]
                    if case["pattern"] == pattern and case["trials"])

    def refuse(self, words):
        result = Validation(json.dumps(self.document))
        self.assertEqual(result.returncode, 1)
        self.assertIn(words, result.stderr)

    def test_accepts_the_sample(self):
        self.assertEqual(Validation(json.dumps(self.document)).returncode, 0)

    def test_refuses_a_histogram_of_other_values(self):
        self.trial("ping-pong")["latency_ns"]["histogram"]["count"][0] += 1
        self.refuse("another number of values than count")

    def test_refuses_arrays_of_different_lengths(self):
        self.trial("connect")["latency_ns"]["histogram"]["upper_ns"].pop()
        self.refuse("arrays of different lengths")

    def test_refuses_percentiles_that_fall_and_a_mean_beside_them(self):
        latency = self.trial("fan-in-rpc")["latency_ns"]
        latency["p90"] = latency["max"] + 1
        self.refuse("do not ascend")
        latency["mean"] = latency["max"] + 1
        self.refuse("the mean is not between")

    def test_refuses_flows_too_many_too_few_too_large_and_too_long(self):
        self.trial("stream")["flows"] = self.trial("duplex")["flows"]
        self.refuse("2 of them, not 0")
        self.trial("stream")["flows"] = []
        lost = self.trial("fan-in")["flows"].pop()
        self.refuse("3 of them, not 4")
        lost["bytes"] = self.trial("fan-in")["received"]["bytes"]
        self.trial("fan-in")["flows"].append(lost)
        self.refuse("more bytes than were received")
        lost["bytes"], lost["elapsed_ns"] = 0, self.trial("fan-in")["elapsed_ns"] + 1
        self.refuse("longer than the window")

    def test_refuses_framing_bytes_without_framing(self):
        self.trial("stream")["framing_bytes"] = 1
        self.refuse("without framing")


if __name__ == "__main__":
    unittest.main()
