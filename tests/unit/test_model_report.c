/* test_model_report.c - the memory of a report. */
#include "model/report/report.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

Test(model_report, a_fresh_report_knows_nothing) {
    struct ipm_report r;
    ipm_report_init(&r);
    cr_expect_eq(r.case_count, 0);
    cr_expect_eq(r.run.status, IPM_RUN_COMPLETE);
    cr_expect_eq(r.host.cpus_online, -1);
    cr_expect_eq(r.host.cpus_allowed, -1);
    cr_expect_eq(r.host.memory_bytes, -1);
    cr_expect_eq(r.host.pipe_max_bytes, -1);
    cr_expect_eq(r.host.so_sndbuf_max_bytes, -1);
    cr_expect_eq(r.host.so_rcvbuf_max_bytes, -1);
    cr_expect_eq(r.host.open_files_max, -1);
    cr_expect_eq(r.host.processes_max, -1);
    cr_expect(isnan(r.host.load_1m));
    cr_expect_str_eq(r.host.governor, "");
    cr_expect(isnan(r.references.null_syscall_ns.median));
    cr_expect(isnan(r.references.core_to_core_ns.median));
    cr_expect(isnan(r.references.null_transport_ns_per_message.median));
    cr_expect(isnan(r.references.memcpy_bytes_per_second[IPM_LIST_MOST - 1].median));
    ipm_report_done(&r);
}

Test(model_report, what_is_added_is_zeroed_and_what_was_added_stays) {
    struct ipm_report r;
    ipm_report_init(&r);
    for (uint64_t i = 0; i < 100; i++) {
        struct ipm_case *c = ipm_report_add_case(&r);
        cr_assert_not_null(c);
        cr_assert_eq(c->config.message_bytes, 0);
        cr_assert_eq(c->trial_count, 0);
        c->config.message_bytes = i + 1;
    }
    cr_assert_eq(r.case_count, 100);
    for (uint64_t i = 0; i < 100; i++)
        cr_expect_eq(r.cases[i].config.message_bytes, i + 1);
    ipm_report_done(&r);
}

Test(model_report, trials_and_rounds_grow_one_by_one) {
    struct ipm_report r;
    ipm_report_init(&r);
    struct ipm_case *c = ipm_report_add_case(&r);
    for (uint64_t i = 0; i < 33; i++) {
        struct ipm_sample *trial = ipm_case_add_trial(c);
        struct ipm_reference_round *round = ipm_references_add_round(&r.references);
        cr_assert_eq(trial->elapsed_ns, 0);
        cr_assert_eq(round->null_syscall_ns, 0);
        trial->round = trial->elapsed_ns = i;
        round->round = i;
        round->null_syscall_ns = 1;
    }
    cr_expect_eq(c->trial_count, 33);
    cr_expect_eq(r.references.count, 33);
    for (uint64_t i = 0; i < 33; i++) {
        cr_expect_eq(c->trials[i].round, i);
        cr_expect_eq(r.references.rounds[i].round, i);
    }
    ipm_report_done(&r);
}

Test(model_report, the_command_is_a_copy_and_can_be_set_again) {
    struct ipm_report r;
    char word[] = "run";
    char *argv[] = {word, word, NULL};
    ipm_report_init(&r);
    cr_assert_eq(ipm_report_set_command(&r, 2, argv), 0);
    word[0] = 'X';
    cr_assert_eq(r.run.command_count, 2);
    cr_expect_str_eq(r.run.command[0], "run");
    cr_assert_eq(ipm_report_set_command(&r, 1, argv), 0);
    cr_assert_eq(r.run.command_count, 1);
    cr_expect_str_eq(r.run.command[0], "Xun");
    ipm_report_done(&r);
}

Test(model_report, done_is_safe_on_a_zeroed_report_and_twice) {
    struct ipm_report r;
    memset(&r, 0, sizeof r);
    ipm_report_done(&r);
    ipm_report_done(&r);
    cr_expect_null(r.cases);
}
