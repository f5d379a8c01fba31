"""The shape check measures functions as they are and finds what is too long."""

import contextlib
import io
import unittest

import shape
from tree import Tree

TOP = {"CMakeLists.txt": "", "README.md": "", "LICENSE": "", "src/a.c": "int a;\n",
       "tests/a.txt": "", "transports/a.h": "", "reports/a.h": ""}


def function(name, lines):
    """A function of that many lines, the signature and the last brace included."""
    return f"void {name}(void) {{\n" + "    x();\n" * (lines - 2) + "}\n\n"


class Shape(unittest.TestCase):
    def found(self, files):
        with Tree({**TOP, "src/f.c": function("small", 5), **files}) as root:
            with contextlib.redirect_stdout(io.StringIO()):
                return list(shape.violations(root))

    def test_a_small_tree_is_fine(self):
        self.assertEqual(self.found({}), [])

    def test_functions_are_found_with_their_lengths(self):
        text = ("static const int table[] = {\n    1,\n};\n\nstruct s {\n    int a;\n};\n\n"
                + "int proto(int a);\n\n" + function("one", 4)
                + "static int two(int a,\n               int b) {\n    return a;\n}\n")
        self.assertEqual([(name, length) for name, _, length in shape.functions(text)],
                         [("one", 4), ("two", 4)])

    def test_a_function_of_61_lines_is_refused(self):
        small = "".join(function(f"f{i}", 5) for i in range(20))
        self.assertEqual(self.found({"src/b.c": small + function("long", 60)}), [])
        found = self.found({"src/b.c": small + function("long", 61)})
        self.assertEqual(len(found), 1)
        self.assertIn("long has 61 lines", found[0])

    def test_a_high_median_is_refused(self):
        found = self.found({"src/b.c": function("b", 13) + function("c", 13)})
        self.assertIn("median", found[0])

    def test_too_many_long_functions_are_refused(self):
        small = "".join(function(f"f{i}", 5) for i in range(7))
        self.assertEqual(self.found({"src/b.c": small}), [])
        found = self.found({"src/b.c": small + function("long", 36)})
        self.assertIn("within 35", found[0])

    def test_a_file_of_401_lines_is_refused(self):
        self.assertEqual(self.found({"reports/b.c": "int a;\n" * 400}), [])
        self.assertIn("401 lines", self.found({"reports/b.c": "int a;\n" * 401})[0])

    def test_a_stranger_at_the_top_is_refused(self):
        self.assertIn("docs", self.found({"docs/a.md": ""})[0])

    def test_build_folders_and_dot_files_at_the_top_are_fine(self):
        self.assertEqual(self.found({"build-asan/a": "", ".ci/run": ""}), [])

    def test_a_promise_of_work_is_refused(self):
        self.assertIn("promises", self.found({"src/b.c": "/* TO" "DO: all */\n"})[0])
        self.assertEqual(self.found({"src/b.c": 'char a[] = "ipcmark-XXXXXX";\n'}), [])


if __name__ == "__main__":
    unittest.main()
