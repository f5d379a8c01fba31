"""The include check finds every kind of violation, and nothing where there is none."""

import unittest

import includes
from tree import Tree

HEADER = "#ifndef IPM_{0}_H\n#define IPM_{0}_H\n{1}\n#endif\n"


class Includes(unittest.TestCase):
    def found(self, path, text, **more):
        files = {path: text}
        files.update({key.replace("__", "/") + ".c": value for key, value in more.items()})
        with Tree(files) as root:
            return [words for at, _, words in includes.violations(root) if at == path]

    def assert_refused(self, path, text, **more):
        self.assertNotEqual(self.found(path, text, **more), [], text)

    def assert_fine(self, path, text, **more):
        self.assertEqual(self.found(path, text, **more), [])

    def test_an_include_from_above_is_refused(self):
        for path, name in (("src/base/a.c", "model/plan/plan.h"),
                           ("src/model/a.c", "run/pump/pump.h"),
                           ("src/model/a.c", "transports/common/fd.h"),
                           ("src/run/a.c", "reports/renderer.h"),
                           ("src/run/a.c", "app/commands/command.h"),
                           ("transports/a.c", "model/plan/plan.h"),
                           ("transports/a.c", "run/trial/trial.h"),
                           ("transports/a.c", "reports/renderer.h"),
                           ("reports/a.c", "transports/transport.h"),
                           ("reports/a.c", "run/schedule/runner.h"),
                           ("reports/a.c", "app/commands/command.h")):
            self.assert_refused(path, f'#include "{name}"\n')

    def test_an_include_from_below_is_fine(self):
        for path, name in (("src/base/a.c", "base/err.h"),
                           ("src/model/a.c", "transports/transport.h"),
                           ("src/run/a.c", "model/plan/plan.h"),
                           ("transports/a.c", "base/err.h"),
                           ("reports/a.c", "model/report/report.h"),
                           ("src/app/a.c", "run/schedule/runner.h")):
            self.assert_fine(path, f'#include "{name}"\n')

    def test_a_system_header_out_of_bounds_is_refused(self):
        for path, name in (("src/base/a.c", "jansson.h"), ("src/run/a.c", "jansson.h"),
                           ("reports/table.c", "jansson.h"), ("reports/a.c", "time.h"),
                           ("transports/a.c", "stdio.h"), ("transports/a.c", "time.h"),
                           ("transports/a.c", "sys/wait.h"),
                           ("transports/a.c", "jansson.h"), ("src/model/a.c", "unistd.h"),
                           ("src/model/a.c", "time.h"), ("src/model/a.c", "fcntl.h"),
                           ("src/model/a.c", "sys/stat.h")):
            self.assert_refused(path, f"#include <{name}>\n")

    def test_jansson_in_a_json_file_of_reports_is_fine(self):
        self.assert_fine("reports/json/lists.c", "#include <jansson.h>\n")

    def test_a_file_outside_the_table_is_refused(self):
        self.assert_refused("src/extra/a.c", "int a;\n")

    def test_a_second_reader_of_time_is_refused(self):
        call = "void f(void) {\n    clock_gettime(CLOCK_MONOTONIC, 0);\n}\n"
        self.assert_refused("src/run/a.c", call)
        self.assert_refused("src/app/a.c", "long t(void) {\n    return time(0);\n}\n")
        self.assert_fine("src/base/clock.c", call)

    def test_a_second_meter_of_usage_is_refused(self):
        call = "void f(void) {\n    getrusage(RUSAGE_SELF, 0);\n}\n"
        self.assert_refused("src/run/trial/trial.c", call)
        self.assert_fine("src/base/usage.c", call)

    def test_a_second_place_that_forks_is_refused(self):
        call = "int f(void) {\n    return fork();\n}\n"
        self.assert_refused("src/run/schedule/runner.c", call)
        self.assert_refused("transports/a.c", call)
        self.assert_fine("src/run/process/spawn.c", call)

    def test_a_report_that_computes_a_statistic_is_refused(self):
        self.assert_refused("reports/a.c", "int f(void) {\n    return ipm_stats_of(1);\n}\n")

    def test_a_member_or_a_longer_name_is_not_a_call(self):
        self.assert_fine("src/run/a.c", "int f(struct x *x) {\n    return x->clock(1) + "
                                        "x->o.time(2) + real_time(3);\n}\n")

    def test_words_in_comments_and_strings_are_not_calls(self):
        self.assert_fine("src/run/a.c", '/* fork() and\n * clock(1) */\n'
                                        'const char *a = "fork()"; // time(0)\n')

    def test_a_transport_named_in_run_is_refused(self):
        row = '    .name = "pipe-pair",\n'
        self.assert_refused("src/run/a.c", 'const char *a = "pipe-pair";\n',
                            transports__b=row)
        self.assert_fine("src/run/a.c", 'const char *a = "the pipe-pair there";\n'
                                        '/* "pipe-pair" */\n', transports__b=row)

    def test_a_typedefd_struct_is_refused(self):
        self.assert_refused("src/run/a.c", "typedef struct a {\n    int b;\n} a_t;\n")

    def test_a_header_without_its_guard_is_refused(self):
        self.assert_refused("src/run/a.h", "int a(void);\n")
        self.assert_refused("src/run/a.h", HEADER.format("RUN_B", "int a(void);"))
        self.assert_fine("src/run/a.h", "/* Why. */\n" + HEADER.format("RUN_A", "int a(void);"))

    def test_includes_out_of_order_are_refused(self):
        header = {"src__run__a": "", }
        self.assert_refused("src/run/a.c", '#include "base/err.h"\n#include "run/a.h"\n')
        self.assert_refused("src/run/a.c", '#include <errno.h>\n#include "base/err.h"\n')
        self.assert_fine("src/run/a.c", '#include "run/a.h"\n\n#include "base/err.h"\n'
                                        '\n#include <errno.h>\n', **header)

    def test_a_header_that_does_not_compile_alone_is_refused(self):
        text = {"src/run/a.h": HEADER.format("RUN_A", "size_t a(void);"),
                "src/run/b.h": HEADER.format("RUN_B", "#include <stddef.h>\nsize_t b(void);")}
        with Tree(text) as root:
            found = list(includes.violations(root, "cc"))
        self.assertEqual([path for path, _, _ in found], ["src/run/a.h", "headers"])
        self.assertIn("does not compile alone", found[0][2])

    def test_headers_that_do_not_compile_together_are_refused(self):
        text = {"src/run/a.h": HEADER.format("RUN_A", "#define IPM_A 1"),
                "src/run/b.h": HEADER.format("RUN_B", "#ifdef IPM_A\n#error twice\n#endif")}
        with Tree(text) as root:
            found = [words for path, _, words in includes.violations(root, "cc")
                     if path == "headers"]
        self.assertEqual(len(found), 1)
        self.assertIn("twice", found[0])

    def test_static_names_that_tests_of_a_folder_share_are_refused(self):
        text = {f"tests/unit/test_{name}.c": "static int made = 1;\n"
                                             f"int {name}(void);\nint {name}(void) {{\n    return made;\n}}\n"
                for name in ("one", "two")}
        with Tree(text) as root:
            found = [path for path, _, _ in includes.violations(root, "cc")]
        self.assertEqual(found, ["tests/unit"])

    def test_a_tag_that_is_defined_twice_is_refused(self):
        for one, other in (("struct a {", "enum a {"), ("struct a {", "struct a {"),
                           ("enum a { A, B", "enum { X, B = 2"), ("union a {", "struct a {")):
            self.assert_refused("src/run/b.c", other + "};\n", src__base__a=one + "};\n")

    def test_a_tag_that_is_only_used_twice_is_fine(self):
        self.assert_fine("src/run/b.c", "struct a;\nstruct a *f(enum b c, struct a *d);\n",
                         src__base__a="struct a {int x;};\nenum b { A };\n")

    def test_the_line_of_a_violation_is_told(self):
        with Tree({"src/run/a.c": '/* one\n * two */\n\n#include "app/x.h"\n'}) as root:
            self.assertEqual([line for _, line, _ in includes.violations(root)], [4])


if __name__ == "__main__":
    unittest.main()
