/* test_model_warning.c - words of warnings, and how they name the cases concerned. */
#include "test_model_calm.h"
#include "tests/support/report_sample.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

Test(model_warning, every_code_has_a_word_of_its_own) {
    for (size_t i = 0; i < IPM_WARN_CODES; i++) {
        const char *word = ipm_warning_rules[i].word;
        cr_assert_not_null(word);
        for (size_t k = 0; k < i; k++)
            cr_expect_str_neq(word, ipm_warning_rules[k].word);
    }
}

Test(model_warning, notices_are_told_once_each_with_their_cases) {
    struct ipm_report r;
    struct ipm_case *c = test_warn_calm(&r);
    ipm_sample_fact_text(&c->settings[IPM_SENDER], "notice", "TMPDIR is too long");
    ipm_sample_fact_text(&c->settings[IPM_RECEIVER], "notice", "TMPDIR is too long");
    test_warn_expect(&r, IPM_WARN_NOTICE, "TMPDIR is too long: stream/unix/64");
    c = test_warn_add_case(&r, "stream/tcp/64");
    ipm_sample_fact_text(&c->settings[IPM_RECEIVER], "notice", "no IPv6");
    c = test_warn_add_case(&r, "stream/unix/4096");
    ipm_sample_fact_text(&c->settings[IPM_SENDER], "notice", "TMPDIR is too long");
    test_warn_expect(&r, IPM_WARN_NOTICE,
                     "TMPDIR is too long: stream/unix/64, stream/unix/4096; no IPv6: "
                     "stream/tcp/64");
    ipm_report_done(&r);
}

Test(model_warning, a_message_names_three_cases_and_counts_the_rest) {
    struct ipm_report r;
    struct ipm_case *c = test_warn_calm(&r);
    c->integrity.damage.corrupt_messages = 1;
    for (int i = 1; i < 5; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "case %d", i);
        test_warn_add_case(&r, name)->integrity.damage.corrupt_messages = 1;
    }
    test_warn_expect(&r, IPM_WARN_DAMAGE,
                     "messages arrived damaged: stream/unix/64 (1 corrupt), case 1 (1 "
                     "corrupt), case 2 (1 corrupt) and 2 more");
    ipm_report_done(&r);
}

Test(model_warning, a_full_message_still_counts_the_rest) {
    for (int length = 1; length < IPM_CASE_NAME_BYTES; length++) {
        struct ipm_report r;
        (void)test_warn_calm(&r);
        char name[IPM_CASE_NAME_BYTES];
        memset(name, 'n', sizeof name);
        name[length] = '\0';
        for (int i = 0; i < 4; i++)
            (void)test_warn_add_case(&r, name);
        for (size_t i = 0; i < r.case_count; i++)
            r.cases[i].integrity.damage.corrupt_messages = 1;
        const struct ipm_warning *warning = test_warn_find(&r, IPM_WARN_DAMAGE);
        cr_assert_not_null(warning);
        cr_expect_not_null(strstr(warning->message, " more"), "%d: %s", length,
                           warning->message);
        ipm_report_done(&r);
    }
}

Test(model_warning, names_that_do_not_fit_are_counted_and_never_cut) {
    struct ipm_report r;
    (void)test_warn_calm(&r);
    char name[IPM_CASE_NAME_BYTES];
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    for (int i = 0; i < 4; i++)
        test_warn_add_case(&r, name)->integrity.damage.corrupt_messages = 1;
    const struct ipm_warning *warning = test_warn_find(&r, IPM_WARN_DAMAGE);
    cr_assert_not_null(warning);
    const char *end = strstr(warning->message, name);
    cr_assert_not_null(end);
    cr_expect_str_eq(end + strlen(name), " (1 corrupt) and 3 more");
    ipm_report_done(&r);
}

/* --- by cause, worst first ---------------------------------------------------------------- */

Test(model_warning, the_table_leads_by_what_a_figure_suffers) {
    struct ipm_report r;
    struct ipm_case *c = test_warn_calm(&r);
    r.host.load_1m = 3;
    r.settings.rounds = 5;
    c->trials[0].damage.lost_messages = 150;
    c->trials[0].damage.corrupt_messages = 1;
    cr_assert_eq(ipm_report_summarize(&r), 0);
    static const char *const codes[] = {"damage", "load", "loss", "few_rounds"};
    cr_assert_eq(r.warnings.count, 4);
    for (size_t i = 0; i < r.warnings.count; i++)
        cr_expect_str_eq(r.warnings.items[i].code, codes[i]);
    const struct ipm_warnings_top top = ipm_warnings_top(&r.warnings);
    cr_expect_eq(top.count, 3);
    cr_expect_str_eq(top.lines[0],
                     "messages arrived damaged: no figure counts, 1 corrupt "
                     "(stream/unix/64)");
    cr_expect_str_eq(top.lines[1], "the load average was 3.00 on 4 CPUs: rates are too "
                                   "low, latencies too high");
    cr_expect_str_eq(top.lines[2],
                     "messages were lost: rates leave out 1.5 % (stream/unix/64)");
    cr_expect_str_eq(top.more, " (1 more: --warnings all)");
    ipm_report_done(&r);
}

Test(model_warning, the_effect_is_that_of_the_worst_case) {
    struct ipm_report r;
    (void)test_warn_calm(&r);
    test_warn_add_case(&r, "worst")->trials[0].damage.lost_messages = 300;
    test_warn_add_case(&r, "last")->trials[0].damage.lost_messages = 10;
    const struct ipm_warning *loss = test_warn_find(&r, IPM_WARN_LOSS);
    cr_assert_not_null(loss);
    cr_expect_str_eq(loss->effect, "rates leave out 3 % (worst)");
    cr_expect_str_eq(loss->line,
                     "messages were lost (2 cases): rates leave out 3 % (worst)");
    ipm_report_done(&r);
}

/* Half of the trials take twice as long. */
static void warning_spread(struct ipm_case *c) {
    for (size_t i = 0; i < c->trial_count; i++)
        c->trials[i].elapsed_ns *= 1 + i % 2;
}

Test(model_warning, what_the_scheduler_did_is_one_line) {
    struct ipm_report r;
    struct ipm_case *c = test_warn_calm(&r);
    warning_spread(c);
    c->trials[0].usage[IPM_SENDER].migrations = 3;
    cr_expect_str_eq(test_warn_find(&r, IPM_WARN_WIDE_INTERVAL)->cause, "migrated");
    for (size_t i = 0; i < c->trial_count; i++)
        c->trials[i].usage[IPM_RECEIVER].last_cpu = 0;
    cr_expect_str_eq(test_warn_find(&r, IPM_WARN_WIDE_INTERVAL)->cause, "one_cpu");
    cr_expect_str_eq(test_warn_find(&r, IPM_WARN_MIGRATED)->cause, "one_cpu");
    cr_expect_eq(ipm_warnings_top(&r.warnings).count, 1);
    cr_expect_str_eq(
        ipm_warnings_top(&r.warnings).lines[0],
        "both ends ran on one CPU in most trials: trials differ, 3 migrations "
        "(stream/unix/64)");
    ipm_report_done(&r);
}

Test(model_warning, what_an_unpinned_case_did_explains_no_pinned_one) {
    struct ipm_report r;
    (void)test_warn_calm(&r);
    struct ipm_case *pinned = test_warn_add_case(&r, "pinned");
    (void)snprintf(pinned->config.pin, sizeof pinned->config.pin, "same");
    warning_spread(pinned);
    r.cases[0].trials[0].usage[IPM_SENDER].migrations = 3;
    cr_expect_str_eq(test_warn_find(&r, IPM_WARN_WIDE_INTERVAL)->cause, "");
    ipm_report_done(&r);
}

Test(model_warning, what_was_done_is_not_advised) {
    struct ipm_report r;
    struct ipm_case *c = test_warn_calm(&r);
    warning_spread(c);
    cr_expect_str_eq(test_warn_find(&r, IPM_WARN_WIDE_INTERVAL)->advice,
                     "--rounds 30 narrows it; --pin same,split removes the influence of "
                     "the scheduler");
    (void)snprintf(c->config.pin, sizeof c->config.pin, "split");
    cr_expect_str_eq(test_warn_find(&r, IPM_WARN_WIDE_INTERVAL)->advice,
                     "--rounds 30 narrows it");
    r.settings.precision_ratio = 0.01;
    cr_expect_str_eq(test_warn_find(&r, IPM_WARN_WIDE_INTERVAL)->advice,
                     "a longer --budget has time for more rounds");
    r.settings.precision_ratio = NAN;
    r.settings.rounds = 30;
    cr_expect_str_eq(test_warn_find(&r, IPM_WARN_WIDE_INTERVAL)->advice, "");
    ipm_report_done(&r);
}

Test(model_warning, a_machine_is_not_warned_of_where_nothing_was_measured) {
    struct ipm_report r;
    test_warn_calm(&r)->status = IPM_CASE_FAILED;
    r.host.load_1m = 99;
    r.settings.rounds = 1;
    test_warn_expect_none(&r);
    ipm_report_done(&r);
}
