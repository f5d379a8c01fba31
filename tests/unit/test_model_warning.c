/* test_model_warning.c - words of warnings, and how they name the cases concerned. */
#include "base/facts.h"
#include "test_model_calm.h"

#include <criterion/criterion.h>
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
    ipm_facts_text(&c->settings[IPM_SENDER], "notice", "TMPDIR is too long");
    ipm_facts_text(&c->settings[IPM_RECEIVER], "notice", "TMPDIR is too long");
    test_warn_expect(&r, IPM_WARN_NOTICE, "TMPDIR is too long: stream/unix/64");
    c = test_warn_add_case(&r, "stream/tcp/64");
    ipm_facts_text(&c->settings[IPM_RECEIVER], "notice", "no IPv6");
    c = test_warn_add_case(&r, "stream/unix/4096");
    ipm_facts_text(&c->settings[IPM_SENDER], "notice", "TMPDIR is too long");
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
    test_warn_expect(
        &r, IPM_WARN_DAMAGE,
        "messages arrived duplicated, out of order or corrupt: stream/unix/64 (1 "
        "corrupt), case 1 (1 corrupt), case 2 (1 corrupt) and 2 more");
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
