/* test_account.c - what a transport can tell only after the window is in the facts of the
 * trial, from both sides. */
#include "base/err.h"
#include "base/facts.h"
#include "run/patterns/pattern.h"
#include "run/process/stop.h"
#include "tests/support/trial.h"
#include "transports/transport.h"

#include <criterion/criterion.h>

static int64_t account_received; /* of this process, whichever it is */
static const struct ipm_transport *account_real;

static ssize_t account_recv(struct ipm_endpoint *end, void *buf, size_t cap) {
    ssize_t r = account_real->recv(end, buf, cap);
    account_received += r > 0;
    return r;
}

static void account_tell(const struct ipm_endpoint *end, struct ipm_facts *settings) {
    (void)end;
    ipm_facts_number(settings, "received_calls", account_received);
}

Test(account, of_both_sides_is_taken_after_the_window) {
    account_real = ipm_transport_find("unix");
    struct ipm_transport rigged = *account_real;
    rigged.recv = account_recv;
    rigged.account = account_tell;
    struct ipm_test_trial config = ipm_test_trial_make(&rigged, "stream", 64, 100);
    config.settings.recv_bytes = 64;
    struct ipm_trial_facts facts;
    struct ipm_sample sample;
    struct ipm_err err = {0};
    ipm_stop_install();
    cr_assert_eq(ipm_test_trial_run(&config, &sample, &facts, &err), 0, "%s", err.text);
    cr_expect_eq(ipm_facts_find(&facts.settings[IPM_SENDER], "received_calls")->number,
                 0);
    cr_expect_eq(ipm_facts_find(&facts.settings[IPM_RECEIVER], "received_calls")->number,
                 100);
    cr_expect_not_null(ipm_facts_find(&facts.settings[IPM_SENDER], "so_sndbuf_bytes"));
    ipm_sample_done(&sample);
}
