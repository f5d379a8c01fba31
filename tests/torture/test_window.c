/* test_window.c - what is inside the window and what is not: transports that waste time at
 * a chosen place show it in the sample, or do not. */
#include "base/err.h"
#include "base/usage.h"
#include "run/patterns/pattern.h"
#include "run/process/stop.h"
#include "tests/support/trial.h"
#include "transports/transport.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { WINDOW_MESSAGES = 20, WINDOW_WASTE_MS = 400, WINDOW_TRIES = 5 };

static const uint64_t WINDOW_WASTE_NS = WINDOW_WASTE_MS * 1000000ull;

enum window_place {
    WINDOW_NOWHERE,
    WINDOW_FIRST_RECV,
    WINDOW_LAST_RECV,
    WINDOW_ATTACH,
    WINDOW_SENDER_PREPARE, /* while the receiver may already wait */
};

static const struct ipm_transport *window_real;
static enum window_place window_waste;
static struct ipm_transport window_rigged;
static int window_receives;
static int window_drop; /* this receive of a message is swallowed */

/* Burns CPU rather than sleeps: so that it shows in the usage, too. On a loaded machine that
 * takes longer by the clock. */
static void window_burn(void) {
    const clock_t end = clock() + WINDOW_WASTE_MS * (CLOCKS_PER_SEC / 1000);
    while (clock() < end)
        continue;
}

static int window_attach(struct ipm_endpoint *end, struct ipm_link *link,
                         struct ipm_err *err) {
    if (end->side == IPM_CHILD && window_waste == WINDOW_ATTACH)
        window_burn();
    return window_real->attach(end, link, err);
}

static void window_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                            struct ipm_facts *settings) {
    if (end->side == IPM_PARENT && window_waste == WINDOW_SENDER_PREPARE)
        window_burn();
    window_real->describe(end, endpoint, settings);
}

static ssize_t window_recv(struct ipm_endpoint *end, void *buf, size_t cap) {
    const int now = ++window_receives;
    if (now == 1 && window_waste == WINDOW_FIRST_RECV)
        window_burn();
    ssize_t moved = window_real->recv(end, buf, cap);
    if (now == WINDOW_MESSAGES && window_waste == WINDOW_LAST_RECV)
        window_burn();
    return now == window_drop ? window_real->recv(end, buf, cap) : moved;
}

static struct ipm_test_trial window_config(const char *name, enum window_place waste) {
    window_real = ipm_transport_find(name);
    window_waste = waste;
    window_receives = 0;
    window_rigged = *window_real;
    window_rigged.attach = window_attach;
    window_rigged.describe = window_describe;
    window_rigged.recv = window_recv;
    ipm_stop_install();
    struct ipm_test_trial config =
        ipm_test_trial_make(&window_rigged, "stream", 64, WINDOW_MESSAGES);
    config.settings.recv_bytes = 64;
    return config;
}

static struct ipm_sample window_sample(const struct ipm_test_trial *config) {
    struct ipm_sample sample;
    struct ipm_err err = {0};
    cr_assert_eq(ipm_test_trial_run(config, &sample, NULL, &err), 0, "%s", err.text);
    return sample;
}

/* The elapsed time of the least disturbed of a few trials. */
static uint64_t window_least_ns(enum window_place waste) {
    uint64_t least_ns = UINT64_MAX;
    for (int i = 0; i < WINDOW_TRIES && least_ns >= WINDOW_WASTE_NS; i++) {
        struct ipm_test_trial config = window_config("unix", waste);
        const uint64_t now_ns = window_sample(&config).elapsed_ns;
        least_ns = now_ns < least_ns ? now_ns : least_ns;
    }
    return least_ns;
}

static int64_t window_cpu_ns(const struct ipm_sample *sample, enum ipm_role role) {
    return sample->usage[role].user_ns + sample->usage[role].system_ns;
}

Test(window, does_not_hold_the_time_that_a_ready_receiver_waits_for_the_sender) {
    cr_assert_lt(window_least_ns(WINDOW_SENDER_PREPARE), WINDOW_WASTE_NS);
}

Test(window, opens_at_the_senders_first_call_not_at_the_receivers_first_byte) {
    struct ipm_test_trial config = window_config("pipe", WINDOW_FIRST_RECV);
    struct ipm_sample sample = window_sample(&config);
    cr_assert_lt(WINDOW_WASTE_NS * 8 / 10, sample.elapsed_ns);
}

Test(window, closes_at_the_receivers_last_byte_not_at_the_senders_last_call) {
    struct ipm_test_trial config = window_config("pipe", WINDOW_LAST_RECV);
    struct ipm_sample sample = window_sample(&config);
    cr_assert_lt(WINDOW_WASTE_NS * 8 / 10, sample.elapsed_ns);
    cr_assert_lt((int64_t)WINDOW_WASTE_NS / 4, window_cpu_ns(&sample, IPM_RECEIVER));
    cr_assert_lt(window_cpu_ns(&sample, IPM_SENDER), (int64_t)WINDOW_WASTE_NS / 2);
}

Test(window, does_not_hold_what_comes_before_it) {
    struct ipm_test_trial config = window_config("unix", WINDOW_ATTACH);
    struct ipm_sample sample = window_sample(&config);
    cr_assert_lt(window_least_ns(WINDOW_ATTACH), WINDOW_WASTE_NS);
    cr_assert_lt(window_cpu_ns(&sample, IPM_RECEIVER), (int64_t)WINDOW_WASTE_NS / 2);
    cr_assert_lt(WINDOW_WASTE_NS * 8 / 10, sample.setup_ns);
}

Test(window, has_no_page_fault_of_its_own_buffers) {
    struct ipm_test_trial config = window_config("pipe", WINDOW_NOWHERE);
    config.settings.message_bytes = config.settings.recv_bytes = 4 << 20;
    struct ipm_sample sample = window_sample(&config);
    /* 4 MiB untouched would be 1,024 faults, or a few with huge pages */
    cr_assert_lt(sample.usage[IPM_SENDER].minor_faults, 300);
    cr_assert_lt(sample.usage[IPM_RECEIVER].minor_faults, 300);
}

Test(window, a_message_that_a_reliable_transport_loses_is_an_error) {
    struct ipm_test_trial config = window_config("pipe", WINDOW_NOWHERE);
    struct ipm_sample sample;
    struct ipm_err err = {0};
    window_drop = 3;
    cr_assert_lt(ipm_test_trial_run(&config, &sample, NULL, &err), 0);
    cr_assert_not_null(strstr(err.text, "cannot receive"), "%s", err.text);
}

Test(window, a_pinned_end_runs_where_it_was_pinned_and_the_pin_goes_with_the_trial) {
    int before[IPM_CPUS_MOST];
    int after[IPM_CPUS_MOST];
    const int count = ipm_usage_allowed_cpus(before);
    struct ipm_test_trial config = window_config("pipe", WINDOW_NOWHERE);
    config.settings.sender_cpu = before[0];
    config.settings.receiver_cpu = before[count - 1];
    struct ipm_sample sample = window_sample(&config);
    cr_assert_eq(sample.usage[IPM_SENDER].first_cpu, before[0]);
    cr_assert_eq(sample.usage[IPM_SENDER].last_cpu, before[0]);
    cr_assert_eq(sample.usage[IPM_RECEIVER].first_cpu, before[count - 1]);
    cr_assert_eq(sample.usage[IPM_RECEIVER].last_cpu, before[count - 1]);
    cr_assert_eq(ipm_usage_allowed_cpus(after), count);
}

static ssize_t inflight_refuse(void) {
    errno = EIO;
    return -1;
}

static ssize_t window_recv_blocking(struct ipm_endpoint *end, void *buf, size_t cap) {
    if ((fcntl(end->rx_fd, F_GETFL) & O_NONBLOCK) == 0)
        return inflight_refuse();
    return window_real->recv(end, buf, cap);
}

Test(window, spinning_makes_the_descriptors_non_blocking) {
    struct ipm_test_trial config = window_config("unix", WINDOW_NOWHERE);
    window_rigged.recv = window_recv_blocking;
    (void)strcpy(config.settings.wait, "spin");
    struct ipm_sample sample = window_sample(&config);
    cr_assert_eq(sample.received.messages, WINDOW_MESSAGES);
}

static int window_wire(const struct ipm_endpoint *end, struct ipm_wire *wire) {
    static uint64_t calls;
    const uint64_t scale = end->side == IPM_PARENT ? 1 : 1000;
    calls++;
    *wire = (struct ipm_wire){.segments = 7 * scale * calls,
                              .payload_bytes = 11 * scale * calls,
                              .retransmitted_bytes = 2 * scale * calls,
                              .header_bytes = 3 * scale * calls};
    return 0;
}

Test(window, the_wire_is_what_both_ends_sent_inside_it) {
    struct ipm_test_trial config = window_config("pipe", WINDOW_NOWHERE);
    window_rigged.wire = window_wire;
    struct ipm_sample sample = window_sample(&config);
    cr_assert(sample.wire.known);
    cr_assert_eq(sample.wire.segments, 7007);
    cr_assert_eq(sample.wire.payload_bytes, 11011);
    cr_assert_eq(sample.wire.retransmitted_bytes, 2002);
    cr_assert_eq(sample.wire.header_bytes, 3003);
}

static ssize_t window_recv_inherited(struct ipm_endpoint *end, void *buf, size_t cap) {
    struct sigaction action;
    (void)sigaction(SIGINT, NULL, &action);
    if (action.sa_handler != SIG_IGN)
        return inflight_refuse();
    (void)sigaction(SIGTERM, NULL, &action);
    return action.sa_handler == SIG_DFL ? window_real->recv(end, buf, cap)
                                        : inflight_refuse();
}

Test(window, the_child_leaves_the_terminals_signals_to_its_parent) {
    struct ipm_test_trial config = window_config("pipe", WINDOW_NOWHERE);
    window_rigged.recv = window_recv_inherited;
    (void)window_sample(&config);
}

Test(window, a_large_case_does_not_show_in_the_peak_memory_of_a_small_one) {
    struct ipm_test_trial config = window_config("pipe", WINDOW_NOWHERE);
#ifdef IPM_SANITIZED
    cr_skip_test("a sanitizer keeps what was freed");
#endif
    config.settings.message_bytes = config.settings.recv_bytes = 64 << 20;
    config.trial.messages = 1;
    struct ipm_sample large = window_sample(&config);
    config.settings.message_bytes = config.settings.recv_bytes = 64;
    struct ipm_sample small = window_sample(&config);
    cr_assert_lt(64 << 20, large.usage[IPM_SENDER].peak_rss_bytes);
    cr_assert_lt(small.usage[IPM_SENDER].peak_rss_bytes,
                 large.usage[IPM_SENDER].peak_rss_bytes - (60 << 20));
}

Test(window, messages_too_short_to_tell_are_counted_and_nothing_is_made_up) {
    struct ipm_test_trial config = window_config("udp", WINDOW_FIRST_RECV);
    config.settings.message_bytes = config.settings.recv_bytes = 1;
    config.trial.messages = 20000;
    struct ipm_sample sample = window_sample(&config);
    cr_assert_lt(0, sample.damage.lost_messages);
    cr_assert_eq(sample.damage.lost_messages + sample.received.messages, 20000);
    cr_assert_eq(sample.damage.duplicated_messages, 0);
    cr_assert_eq(sample.damage.reordered_messages, 0);
    cr_assert_eq(sample.damage.corrupt_messages, 0);
}
