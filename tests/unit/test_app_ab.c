/* test_app_ab.c - the two commands of `ab`, and the blocks made of them. */
#include "app/commands/ab_blocks.h"
#include "app/commands/ab_options.h"
#include "base/err.h"
#include "model/report/report.h"
#include "run/process/stop.h"
#include "tests/support/tempdir.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

TestSuite(app_ab);

static struct ipm_ab_request request;

static int ab_parse(char **argv, struct ipm_err *err) {
    int argc = 0;
    while (argv[argc])
        argc++;
    request = (struct ipm_ab_request){0};
    int code = ipm_optparse_parse(&ipm_ab_syntax, argc, argv, 2, &request, err);
    return code == 0 ? ipm_ab_request_settle(&request, err) : code;
}

Test(app_ab, takes_words_behind_the_dashes_for_run) {
    char *argv[] = {"ipcmark", "ab",   "--b", "taskset -c '0 1'", "-n", "20", "--", "-s",
                    "64",      "pipe", NULL};
    struct ipm_err err = {0};
    cr_assert_eq(ab_parse(argv, &err), 0, "%s", err.text);
    cr_expect_eq(request.blocks, 20);
    cr_expect_eq(request.run.count, 3);
    cr_expect_str_eq(request.run.items[2], "pipe");
    cr_expect_eq(request.sides[IPM_ARM_BASE].prefix_count, 0);
    cr_expect_eq(request.sides[IPM_ARM_NEW].prefix_count, 3);
    cr_expect_str_eq(request.sides[IPM_ARM_NEW].prefix_words[2], "0 1");
    cr_expect_neq(request.sides[IPM_ARM_NEW].binary_path[0], '\0');
    cr_expect_eq(request.judging.outputs.count, 1);
    ipm_ab_request_done(&request);
}

Test(app_ab, lets_a_prefix_bring_its_own_program) {
    char *argv[] = {"ipcmark",           "ab", "--a", "env /old/ipcmark", "--b",
                    "env /new/ipcmark2", NULL};
    struct ipm_err err = {0};
    cr_assert_eq(ab_parse(argv, &err), 0, "%s", err.text);
    cr_expect_str_eq(request.sides[IPM_ARM_BASE].binary_path, "");
    cr_expect_neq(request.sides[IPM_ARM_NEW].binary_path[0], '\0');
    ipm_ab_request_done(&request);
}

Test(app_ab, wants_to_be_told_what_b_is) {
    char *nothing[] = {"ipcmark", "ab", "--", "--b", "x", NULL};
    char *only_a[] = {"ipcmark", "ab", "--a", "x", "--a-options", "-q", NULL};
    char *alike[] = {"ipcmark", "ab", "--b", "", NULL};
    struct ipm_err err = {0};
    cr_expect_eq(ab_parse(nothing, &err), -EINVAL);
    cr_expect_str_eq(err.text, "no B is given");
    ipm_ab_request_done(&request);
    cr_expect_eq(ab_parse(only_a, &err), -EINVAL);
    ipm_ab_request_done(&request);
    cr_expect_eq(ab_parse(alike, &err), 0);
    ipm_ab_request_done(&request);
}

/* A command that writes what it was given, and no report. */
Test(app_ab, puts_its_own_options_last_but_before_dashes) {
    static const char *const words[] = {"-s", "64", "--", "pipe"};
    char folder[IPM_TEMPDIR_BYTES];
    char prefix[2 * IPM_TEMPDIR_BYTES];
    char line[512] = "";
    struct ipm_report report;
    struct ipm_err err = {0};
    ipm_tempdir_open(folder);
    const char *file = ipm_tempdir_file(folder, "args");
    (void)snprintf(prefix, sizeof prefix, "sh -c 'echo \"$@\" >%s; exit 5' x", file);
    struct ipm_ab_arm side = {.name = "B",
                              .prefix = prefix,
                              .binary = "prog",
                              .options = "--spin",
                              .run_words = words,
                              .run_count = 4};
    ipm_stop_install();
    cr_assert_eq(ipm_ab_arm_settle(&side, &err), 0);
    cr_expect_eq(ipm_ab_arm_run(&side, 7, &report, &err), -EIO);
    ipm_report_done(&report);
    cr_expect_str_eq(err.text, "the command of B ended with status 5 and no report: it "
                               "printed nothing");
    FILE *in = fopen(file, "re");
    cr_assert_not_null(in);
    cr_assert_not_null(fgets(line, sizeof line, in));
    (void)fclose(in);
    cr_expect_str_eq(line, "prog run -s 64 --spin -r 1 -q --json - --seed 7 -- pipe\n");
    ipm_ab_arm_done(&side);
    ipm_tempdir_close(folder);
}

Test(app_ab, has_a_title_of_all_that_is_special) {
    char title[64];
    const struct ipm_ab_arm plain = {.prefix = ""};
    const struct ipm_ab_arm full = {.prefix = "nice", .binary = "b", .options = "-s 1"};
    ipm_ab_arm_title(title, sizeof title, &plain);
    cr_expect_str_eq(title, "");
    ipm_ab_arm_title(title, sizeof title, &full);
    cr_expect_str_eq(title, "nice b -s 1");
}
