"""The count of tests counts what ran, and never makes a failure look like a success."""

import contextlib
import io
import os
import unittest

import count
from tree import Tree


def case(name, output, status="run", more=""):
    return (f'<testcase name="{name}" status="{status}">{more}'
            f"<system-out>{output}</system-out></testcase>")


def synthesis(tested, passing, failing, crashing):
    return (f"[\x1b[0;34m====\x1b[0m] Synthesis: Tested: \x1b[0;34m{tested}\x1b[0m | "
            f"Passing: {passing} | Failing: {failing} | Crashing: {crashing}\n")


class Count(unittest.TestCase):
    def counted(self, *cases):
        """(last line, exit status) for a run of these tests."""
        text = '<?xml version="1.0"?>\n<testsuite>' + "".join(cases) + "</testsuite>"
        with Tree({"tests.xml": text}) as root:
            return self.run_on(os.path.join(root, "tests.xml"))

    def run_on(self, path):
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            status = count.main(path)
        self.lines = out.getvalue().splitlines()
        return self.lines[-1], status

    def test_a_plain_test_counts_as_one(self):
        self.assertEqual(self.counted(case("a", "x"), case("b", "")),
                         ("2 passed, 0 failed", 0))

    def test_criterion_tests_count_one_by_one(self):
        self.assertEqual(self.counted(case("a", synthesis(7, 7, 0, 0))),
                         ("7 passed, 0 failed", 0))
        self.assertEqual(self.counted(case("a", synthesis(7, 5, 2, 1), "fail")),
                         ("5 passed, 2 failed", 1))

    def test_criterion_that_ran_nothing_failed(self):
        self.assertEqual(self.counted(case("a", synthesis(0, 0, 0, 0))),
                         ("0 passed, 1 failed", 1))

    def test_unittest_tests_count_one_by_one(self):
        self.assertEqual(self.counted(case("a", "Ran 3 tests in 0.1s\n\nOK (skipped=1)\n")),
                         ("2 passed, 0 failed", 0))
        bad = "Ran 5 tests in 0.1s\n\nFAILED (failures=1, errors=1, skipped=1)\n"
        self.assertEqual(self.counted(case("a", bad, "fail")), ("2 passed, 2 failed", 1))

    def test_a_line_that_counts_is_believed(self):
        self.assertEqual(self.counted(case("a", "x\n12 passed, 0 failed\n")),
                         ("12 passed, 0 failed", 0))
        self.assertEqual(self.counted(case("a", "5 passed, 2 failed, 1 skipped\n", "fail")),
                         ("5 passed, 2 failed", 1))

    def test_a_program_that_died_after_its_last_test_failed(self):
        self.assertEqual(self.counted(case("a", synthesis(7, 7, 0, 0), "fail")),
                         ("7 passed, 1 failed", 1))

    def test_a_missing_program_failed(self):
        missing = '<skipped message="Unable to find executable"/>'
        self.assertEqual(self.counted(case("a", "", "notrun", missing)),
                         ("0 passed, 1 failed", 1))

    def test_a_skipped_test_is_neither_but_tells_why(self):
        skipped = '<skipped message="SKIP_RETURN_CODE=77"/>'
        self.assertEqual(self.counted(case("a", ""), case("b", "skipped: no browser\n", "notrun",
                                                          skipped)), ("1 passed, 0 failed", 0))
        self.assertIn("skipped: b: no browser", self.lines)
        self.assertEqual(self.counted(case("a", ""), case("b", "", "notrun", skipped)),
                         ("1 passed, 1 failed", 1))

    def test_reasons_inside_a_test_are_told(self):
        self.counted(case("a", "[SKIP] net::one: no: such\n" + synthesis(2, 2, 0, 0)),
                     case("b", "skipped two: is root\n1 passed, 0 failed\n"))
        self.assertEqual(self.lines[:2], ["skipped: a: net::one: no: such",
                                          "skipped: b: two: is root"])

    def test_a_suite_that_was_skipped_as_a_whole_has_not_failed(self):
        self.assertEqual(self.counted(case("a", "[SKIP] a::b: why\n" + synthesis(0, 0, 0, 0)),
                                      case("b", "")), ("1 passed, 0 failed", 0))

    def test_no_test_at_all_is_a_failure(self):
        self.assertEqual(self.counted(), ("0 passed, 1 failed", 1))
        self.assertEqual(self.run_on("/nonexistent/tests.xml"), ("0 passed, 1 failed", 1))


if __name__ == "__main__":
    unittest.main()
