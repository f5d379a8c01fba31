/* test_model_calm.c - the calm report. Holds no test. */
#include "test_model_calm.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static const struct ipm_sample calm_trial = {
    .elapsed_ns = 100000000,
    .sent = {.messages = 1000, .bytes = 64000, .calls = 1000},
    .received = {.messages = 1000, .bytes = 64000, .calls = 1000},
    .usage = {{.first_cpu = 0, .last_cpu = 0}, {.first_cpu = 1, .last_cpu = 1}},
};

struct ipm_case *test_warn_add_case(struct ipm_report *r, const char *name) {
    struct ipm_case *c = ipm_report_add_case(r);
    (void)snprintf(c->config.name, sizeof c->config.name, "%s", name);
    (void)snprintf(c->config.pin, sizeof c->config.pin, "none");
    for (uint64_t i = 0; i < TEST_WARN_ROUNDS; i++) {
        struct ipm_sample *trial = ipm_case_add_trial(c);
        *trial = calm_trial;
        trial->round = i;
    }
    return c;
}

struct ipm_case *test_warn_calm(struct ipm_report *r) {
    ipm_report_init(r);
    (void)snprintf(r->tool.build_type, sizeof r->tool.build_type, "Release");
    (void)snprintf(r->host.governor, sizeof r->host.governor, "performance");
    r->host.cpus_online = 4;
    r->host.cpus_allowed = 4;
    r->host.load_1m = 0.5;
    ipm_options_defaults(&r->settings);
    r->settings.rounds = TEST_WARN_ROUNDS;
    r->settings.duration_ns = 100000000;
    return test_warn_add_case(r, "stream/unix/64");
}

const struct ipm_warning *test_warn_find(struct ipm_report *r,
                                         enum ipm_warning_code code) {
    cr_assert_eq(ipm_report_summarize(r), 0);
    for (size_t i = 0; i < r->warnings.count; i++)
        if (strcmp(r->warnings.items[i].code, ipm_warning_rules[code].word) == 0)
            return &r->warnings.items[i];
    return NULL;
}

void test_warn_expect(struct ipm_report *r, enum ipm_warning_code code,
                      const char *message) {
    const struct ipm_warning *warning = test_warn_find(r, code);
    cr_assert_not_null(warning, "no warning '%s'", ipm_warning_rules[code].word);
    cr_expect_str_eq(warning->message, message);
    cr_expect_str_neq(warning->advice, "");
    cr_expect_eq(r->warnings.count, 1);
}

void test_warn_expect_none(struct ipm_report *r) {
    cr_assert_eq(ipm_report_summarize(r), 0);
    cr_expect_eq(r->warnings.count, 0, "'%s': %s", r->warnings.items[0].code,
                 r->warnings.items[0].message);
}
