"""Tests of tests/support/validate.py: it must see what is wrong, since so much leans on it."""

import json
import os
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


def validate(text):
    return subprocess.run(
        [sys.executable, "-B", os.path.join(ROOT, "tests/support/validate.py"),
         os.path.join(ROOT, "reports/schema.json"), "-"],
        input=text.encode(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)


class Validate(unittest.TestCase):
    def setUp(self):
        with open(os.path.join(HERE, "report-empty.json"), encoding="utf-8") as file:
            self.text = file.read()

    def refuse(self, before, after, words):
        self.assertIn(before, self.text)
        result = validate(self.text.replace(before, after, 1))
        self.assertEqual(result.returncode, 1)
        self.assertIn(words, result.stderr.decode())

    def test_accepts_the_sample(self):
        self.assertEqual(validate(self.text).returncode, 0)

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
        self.assertEqual(validate("").returncode, 1)
        self.assertEqual(validate(json.dumps([])).returncode, 1)


if __name__ == "__main__":
    unittest.main()
