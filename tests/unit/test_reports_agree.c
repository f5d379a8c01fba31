/* Reports whose parts contradict each other, as those do that were changed by hand. */
#include "tests/support/assert.h"
#include "tests/unit/test_reports_read.h"

#include <stdio.h>
#include <string.h>

#define spoiled ipm_test_read_spoiled
#define CASE0   " (case 'stream/pipe/64')"

static struct ipm_sample *trials_of(struct ipm_report *report) {
    return report->cases[0].trials;
}

static void lose_more(struct ipm_report *report) {
    trials_of(report)->damage.lost_messages = trials_of(report)->sent.messages + 1;
}

static void receive_more(struct ipm_report *report) {
    trials_of(report)->received.messages = trials_of(report)->sent.messages + 1;
}

Test(reports_agree, more_lost_than_sent_is_refused_and_more_received_is_doubled) {
    spoiled(lose_more, NO_REPORT "cases[0].trials[0].lost_messages is more than were "
                                 "sent" CASE0);
    spoiled(receive_more, NULL);
}

static void take_no_time(struct ipm_report *report) {
    trials_of(report)[1].elapsed_ns = 0;
}

Test(reports_agree, a_window_takes_time) {
    spoiled(take_no_time,
            NO_REPORT "cases[0].trials[1].elapsed_ns must be a whole number "
                      "from 1 to 9007199254740992");
}

static void repeat_a_round(struct ipm_report *report) {
    trials_of(report)[2].round = trials_of(report)[1].round;
}

static void exchange_rounds(struct ipm_report *report) {
    struct ipm_sample *trials = trials_of(report);
    const struct ipm_sample first = trials[0];
    trials[0] = trials[1];
    trials[1] = first;
}

static void leave_rounds_out(struct ipm_report *report) {
    trials_of(report)[report->cases[0].trial_count - 1].round = 999;
}

static void repeat_a_reference(struct ipm_report *report) {
    report->references.rounds[1].round = report->references.rounds[0].round;
}

Test(reports_agree, rounds_are_in_order_and_none_is_there_twice) {
    spoiled(repeat_a_round,
            NO_REPORT "cases[0].trials[2].round is not above that before it" CASE0);
    spoiled(exchange_rounds,
            NO_REPORT "cases[0].trials[1].round is not above that before it" CASE0);
    spoiled(leave_rounds_out, NULL);
    spoiled(repeat_a_reference,
            NO_REPORT "references.rounds[1].round is not above that before it");
}

static void give_a_reason(struct ipm_report *report) {
    (void)snprintf(report->cases[0].reason, sizeof report->cases[0].reason, "none");
}

static void fail_without_a_reason(struct ipm_report *report) {
    report->cases[0].status = IPM_CASE_FAILED;
}

static void fail_late(struct ipm_report *report) {
    fail_without_a_reason(report);
    give_a_reason(report);
}

static void skip_what_was_measured(struct ipm_report *report) {
    report->cases[0].status = IPM_CASE_SKIPPED;
    give_a_reason(report);
}

Test(reports_agree, a_status_has_its_reason_and_its_trials) {
    spoiled(give_a_reason, NO_REPORT "cases[0].reason is given, and status is ok" CASE0);
    spoiled(fail_without_a_reason,
            NO_REPORT "cases[0].reason is missing, and status is failed" CASE0);
    spoiled(fail_late, NULL);
    spoiled(skip_what_was_measured,
            NO_REPORT "cases[0].trials is not empty, and status is skipped" CASE0);
}

/* The name of the first case, which the tests below give it, and a setting. */
static const char *name;
static void (*change)(struct ipm_case_config *config);

static void rename_case(struct ipm_report *report) {
    struct ipm_case_config *config = &report->cases[0].config;
    (void)snprintf(config->name, sizeof config->name, "%s", name);
    if (change != NULL)
        change(config);
}

static void of_tcp(struct ipm_case_config *config) {
    (void)snprintf(config->transport, sizeof config->transport, "tcp");
}

static void of_responses(struct ipm_case_config *config) {
    config->response_bytes = 4096;
}

static void expect_name(const char *as, void (*how)(struct ipm_case_config *),
                        const char *words) {
    name = as;
    change = how;
    spoiled(rename_case, words);
}

Test(reports_agree, a_name_says_the_same_as_the_settings) {
    expect_name("stream/pipe/64", of_tcp,
                NO_REPORT
                "cases[0].name contradicts its settings, 'stream/tcp/64'" CASE0);
    expect_name("stream/pipe/640", NULL,
                NO_REPORT "cases[0].name contradicts its settings, 'stream/pipe/64' "
                          "(case 'stream/pipe/640')");
    expect_name("stream/pipe/64/clients=2/copy", NULL,
                NO_REPORT "cases[0].name contradicts its clients, '1' "
                          "(case 'stream/pipe/64/clients=2/copy')");
    expect_name("stream/pipe/64/clients=1/pin=none", NULL, NULL);
    expect_name("stream/pipe/64/clients=1/recv=message/x=y", NULL, NULL);
    expect_name("stream/pipe/64:4096/clients=1", of_responses, NULL);
    expect_name("stream/pipe/64:4095", of_responses,
                NO_REPORT "cases[0].name contradicts its settings, 'stream/pipe/64:4096' "
                          "(case 'stream/pipe/64:4095')");
}

Test(reports_agree, a_name_of_another_form_says_nothing) {
    expect_name("the old kernel", of_tcp, NULL);
    expect_name("stream/pipe", of_tcp, NULL);
    expect_name("stream/pipe/large", of_tcp, NULL);
    expect_name("a/b/64bytes", of_tcp, NULL);
}
