/* test_fan_faults.c - every fallible call of a trial of many clients fails once, in the parent
 * and in the others: the trial says so, and nothing is left. */
#include "base/err.h"
#include "fanrig.h"
#include "fault.h"
#include "rows.h"
#include "run/fan.h"
#include "run/server.h"
#include "run/stop.h"
#include "tests/support/leaks.h"

#include <criterion/criterion.h>
#include <errno.h>

enum { FAN_FAULTS_MOST = 600 };

static enum ipm_fault_side fan_faults_side;
static int fan_faults_error;

/* Returns whether the nth call was reached. */
static int fan_faults_strike(const struct ipm_trial_config *config, int nth) {
    struct ipm_sample sample;
    struct ipm_err err = {0};
    ipm_fault_arm(fan_faults_side, nth, fan_faults_error);
    const int failed = ipm_fan_run(config, &sample, NULL, &err);
    const int struck = ipm_fault_disarm();
    if (!failed)
        ipm_sample_done(&sample);
    cr_assert(!failed == !err.code, "%s, %s: call %d, %s: %d %s", config->transport->name,
              config->server->strategy.name, nth, ipm_fault_name(), failed, err.text);
    cr_assert(!failed || err.text[0], "a failure of %s without words", ipm_fault_name());
    cr_assert(struck || !failed, "%s, %s fails by itself: %s", config->transport->name,
              config->server->strategy.name, err.text);
    return struck;
}

static void fan_faults_sweep(const struct ipm_transport *transport, const char *pattern,
                             const struct ipm_server *server) {
    struct ipm_trial_config config = ipm_fanrig_config(transport, pattern, server);
    struct ipm_leaks leaks;
    int nth = 0;
    config.messages = 5;
    config.buffer_bytes = 65536;
    config.timeout_ns = 300000000;
    ipm_leaks_begin(&leaks);
    while (nth < FAN_FAULTS_MOST && fan_faults_strike(&config, nth)) {
        ipm_leaks_check(&leaks);
        nth++;
    }
    cr_assert_lt(nth, FAN_FAULTS_MOST, "%s: the sweep has no end", transport->name);
    cr_assert_lt(5, nth, "%s, %s: only %d calls failed", transport->name,
                 server->strategy.name, nth);
    ipm_leaks_end(&leaks);
}

static void fan_faults_everywhere(const struct ipm_transport *ops,
                                  enum ipm_fault_side side, int error_number) {
    fan_faults_side = side;
    fan_faults_error = error_number;
    ipm_fanrig_each(ops, "fan-in", fan_faults_sweep);
}

/* Over one transport: what differs by the error is not in the transports. */
static void fan_faults_of_servers(int error_number) {
    ipm_stop_install();
    fan_faults_side = IPM_FAULT_PARENT;
    fan_faults_error = error_number;
    for (size_t i = 0; ipm_servers[i]; i++)
        fan_faults_sweep(ipm_transport_find("udp"), "fan-in-rpc", ipm_servers[i]);
}

IPM_ROW_TEST(ops, fan_faults, in_the_parent_leave_nothing, IPM_CAP_MULTI) {
    fan_faults_everywhere(ops, IPM_FAULT_PARENT, EMFILE);
}

IPM_ROW_TEST(ops, fan_faults, in_a_client_or_a_server_process_leave_nothing,
             IPM_CAP_MULTI) {
    fan_faults_everywhere(ops, IPM_FAULT_CHILD, ENOMEM);
}

Test(fan_faults, of_each_server_leave_nothing_whatever_the_error) {
    fan_faults_of_servers(ENOMEM);
    fan_faults_of_servers(EAGAIN);
}
