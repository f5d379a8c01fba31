/* test_fan_faults.c - every fallible call of a trial of many clients fails once, in the parent
 * and in the others: the trial says so, and nothing is left. */
#include "base/err.h"
#include "fanrig.h"
#include "fault.h"
#include "rows.h"
#include "run/process/stop.h"
#include "run/servers/server.h"
#include "tests/support/leaks.h"
#include "tests/support/trial.h"

#include <criterion/criterion.h>
#include <errno.h>

enum { FAN_FAULTS_MOST = 600 };

static enum ipm_fault_side fan_faults_side;
static int fan_faults_error;

/* Returns whether the nth call was reached. */
static int fan_faults_strike(const struct ipm_test_trial *config, int nth) {
    const char *transport = config->trial.transport->name;
    const char *server = config->trial.server->strategy.name;
    struct ipm_sample sample;
    struct ipm_err err = {0};
    ipm_fault_arm(fan_faults_side, nth, fan_faults_error);
    const int failed = ipm_test_trial_run(config, &sample, NULL, &err);
    const int struck = ipm_fault_disarm();
    if (!failed)
        ipm_sample_done(&sample);
    cr_assert(!failed == !err.code, "%s, %s: call %d, %s: %d %s", transport, server, nth,
              ipm_fault_name(), failed, err.text);
    cr_assert(!failed || !struck || ipm_fault_is_told(err.text), "%s, %s, %s: %s",
              transport, server, ipm_fault_name(), err.text);
    cr_assert(struck || !failed, "%s, %s fails by itself: %s", transport, server,
              err.text);
    return struck;
}

static void fan_faults_sweep(const struct ipm_transport *transport, const char *pattern,
                             const struct ipm_server *server) {
    struct ipm_test_trial config = ipm_fanrig_config(transport, pattern, server);
    struct ipm_leaks leaks;
    int nth = 0;
    config.settings.clients = 2; /* one is struck, the other must be let go */
    config.trial.messages = 5;
    config.settings.buffer_bytes = 65536;
    config.trial.timeout_ns = IPM_FAULT_LONG_NS;
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

/* Each transport under one server: what a transport calls does not differ by the server, and
 * what a server calls is swept over two transports below. */
static void fan_faults_of_transport(const struct ipm_transport *ops,
                                    enum ipm_fault_side side, int error_number) {
    ipm_stop_install();
    fan_faults_side = side;
    fan_faults_error = error_number;
    fan_faults_sweep(ops, "fan-in", ipm_fanrig_server(ops));
}

static void fan_faults_of_servers(const char *transport, const char *pattern,
                                  enum ipm_fault_side side, int error_number) {
    ipm_stop_install();
    fan_faults_side = side;
    fan_faults_error = error_number;
    for (size_t i = 0; ipm_servers[i]; i++)
        fan_faults_sweep(ipm_transport_find(transport), pattern, ipm_servers[i]);
}

IPM_ROW_TEST(ops, fan_faults, in_the_parent_leave_nothing, IPM_CAP_MULTI) {
    fan_faults_of_transport(ops, IPM_FAULT_PARENT, EMFILE);
}

IPM_ROW_TEST(ops, fan_faults, in_a_client_or_a_server_process_leave_nothing,
             IPM_CAP_MULTI) {
    fan_faults_of_transport(ops, IPM_FAULT_CHILD, ENOMEM);
}

Test(fan_faults, of_each_server_leave_nothing_without_memory) {
    fan_faults_of_servers("udp", "fan-in-rpc", IPM_FAULT_PARENT, ENOMEM);
}

Test(fan_faults, of_each_server_leave_nothing_when_told_to_try_again) {
    fan_faults_of_servers("unix", "fan-in-rpc", IPM_FAULT_PARENT, EAGAIN);
}

Test(fan_faults, in_clients_of_each_server_leave_nothing) {
    fan_faults_of_servers("unix", "fan-in-rpc", IPM_FAULT_CHILD, EMFILE);
}
