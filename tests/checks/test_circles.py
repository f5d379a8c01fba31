"""The circle check finds every kind of circle, and nothing where there is none."""

import os
import subprocess
import unittest

import circles
from tree import Tree

TOP = {"reports/a.h": "", "transports/a.h": ""}


class Circles(unittest.TestCase):
    def found(self, files, known=()):
        """What is said of a tree whose .c files are compiled as CMake does it."""
        with Tree({**TOP, **files}) as root:
            objects = []
            for path in files:
                if path.endswith(".c"):
                    objects.append(os.path.join(root, "b/ipm.dir", path + ".o"))
                    os.makedirs(os.path.dirname(objects[-1]), exist_ok=True)
                    subprocess.run(["cc", f"-I{root}/src", "-c", "-o", objects[-1],
                                    os.path.join(root, path)], check=True)
            graph = circles.file_graph(*circles.symbols(objects))
            folders = circles.folder_graph(graph, *circles.included(root))
            return list(circles.violations(graph, folders, known))

    def test_calls_in_one_direction_are_fine(self):
        self.assertEqual(self.found({
            "src/run/a.c": "void b(void);\nvoid a(void) {\n    b();\n}\n",
            "src/run/b.c": "void b(void) {\n}\n"}), [])

    def test_two_files_that_call_each_other_are_refused_with_their_symbols(self):
        found = self.found({
            "src/run/a.c": "void b(void);\nvoid a(void) {\n    b();\n}\n",
            "src/run/b.c": "void a(void);\nvoid b(void) {\n    a();\n}\n"})
        self.assertEqual(len(found), 1)
        self.assertIn("src/run/a.c needs src/run/b.c for b", found[0])
        self.assertIn("src/run/b.c needs src/run/a.c for a", found[0])

    def test_a_circle_of_three_is_refused(self):
        files = {f"src/run/{one}.c": f"void {other}(void);\nvoid {one}(void) {{\n"
                                     f"    {other}();\n}}\n"
                 for one, other in (("a", "b"), ("b", "c"), ("c", "a"))}
        self.assertIn("circle of 3 files", self.found(files)[0])

    def test_a_circle_through_a_variable_is_refused(self):
        self.assertNotEqual(self.found({
            "src/run/a.c": "extern int b;\nint a(void) {\n    return b;\n}\n",
            "src/run/b.c": "int a(void);\nint b;\nint c(void) {\n    return a();\n}\n"}), [])

    def test_static_functions_of_one_name_are_no_circle(self):
        text = "static void x(void) {\n}\nvoid %s(void) {\n    x();\n}\n"
        self.assertEqual(self.found({"src/run/a.c": text % "a", "src/run/b.c": text % "b"}),
                         [])

    def test_folders_that_call_each_other_are_refused(self):
        found = self.found({
            "src/run/x/a.c": "void b(void);\nvoid a(void) {\n    b();\n}\n",
            "src/run/y/b.c": "void b(void) {\n}\n",
            "src/run/y/c.c": "void d(void);\nvoid c(void) {\n    d();\n}\n",
            "src/run/x/d.c": "void d(void) {\n}\n"})
        self.assertEqual(len(found), 1)
        self.assertIn("src/run/y needs src/run/x for src/run/y/c.c: d", found[0])

    def test_folders_that_include_each_other_are_refused(self):
        found = self.found({
            "src/run/x/a.h": '#include "run/y/b.h"\n', "src/run/y/b.h": "",
            "src/run/y/c.h": '#include "run/x/d.h"\n', "src/run/x/d.h": "",
            "src/run/x/e.c": "int e;\n"})
        self.assertIn("circle of 2 folders", found[0])

    def test_a_table_may_stand_above_the_folders_of_its_rows(self):
        files = {
            "src/run/rows.def": "ROW(a)\n",
            "src/run/row.h": "extern int (*const rows[])(void);\n",
            "src/run/table.c": '#include "run/row.h"\nint a(void);\n#define ROW(x) x,\n'
                               'int (*const rows[])(void) = {\n#include "run/rows.def"\n};\n',
            "src/run/x/a.c": '#include "run/row.h"\nint a(void) {\n    return 0;\n}\n'}
        self.assertEqual(self.found(files), [])
        files["src/run/x/a.c"] = ('#include "run/row.h"\nint a(void) {\n'
                                  "    return rows[0]();\n}\n")
        self.assertIn("circle of 2 files", self.found(files)[0])

    def test_a_known_circle_is_passed_over_until_it_is_broken(self):
        files = {"src/run/a.c": "void b(void);\nvoid a(void) {\n    b();\n}\n",
                 "src/run/b.c": "void a(void);\nvoid b(void) {\n    a();\n}\n"}
        known = {("src/run/b.c", "src/run/a.c"): "why"}
        self.assertEqual(self.found(files, known), [])
        files["src/run/b.c"] = "void b(void) {\n}\n"
        self.assertIn("closes no circle", self.found(files, known)[0])


if __name__ == "__main__":
    unittest.main()
