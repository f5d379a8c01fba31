/* test_run_pump_leases.c - the pump over a byte stream in whose memory messages are made, and
 * that is told when nobody looks at its bytes. */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "run/pump/pump.h"
#include "run/trial/trial.h"

enum { PLACES = 3, PLACE_BYTES = 4096, LEASES = 10, LEASE_BYTES = 100 };

static unsigned char leases_places[PLACES][PLACE_BYTES];
static unsigned leases;
static size_t committed; /* of the place that is leased */
static unsigned char leases_queue[LEASES * 2 * LEASE_BYTES];
static size_t leases_head;
static size_t leases_tail;
static bool looked; /* recv was called of an end whose bytes are not only counted */

static ssize_t leases_lease(struct ipm_endpoint *end, void **ret_buf) {
    (void)end;
    committed = 0;
    *ret_buf = leases_places[leases++ % PLACES];
    return PLACE_BYTES;
}

/* Half at first: the rest must follow from the same place. */
static ssize_t leases_commit(struct ipm_endpoint *end, size_t len) {
    const unsigned char *place = leases_places[(leases + PLACES - 1) % PLACES];
    const size_t moved = committed == 0 && len > 1 ? len / 2 : len;
    (void)end;
    memcpy(leases_queue + leases_head, place + committed, moved);
    leases_head += moved;
    committed += moved;
    return (ssize_t)moved;
}

static ssize_t leases_send(struct ipm_endpoint *end, const void *buf, size_t len) {
    (void)end;
    (void)buf;
    (void)len;
    errno = EIO; /* the bytes are elsewhere */
    return -1;
}

static ssize_t leases_recv(struct ipm_endpoint *end, void *buf, size_t cap) {
    const size_t there = leases_head - leases_tail;
    const size_t moved = there < cap ? there : cap;
    looked = looked || !end->counted;
    if (!end->counted)
        memcpy(buf, leases_queue + leases_tail, moved);
    leases_tail += moved;
    return (ssize_t)moved;
}

static const struct ipm_transport leasing = {.name = "leasing",
                                             .caps = IPM_CAP_RELIABLE | IPM_CAP_CONNECTED,
                                             .send = leases_send,
                                             .recv = leases_recv,
                                             .lease = leases_lease,
                                             .commit = leases_commit};

/* Sends and receives all over one end. */
static void leases_run(const char *framing, bool verify, uint64_t batch) {
    struct ipm_endpoint end = {.ops = &leasing, .rx_fd = -1, .tx_fd = -1};
    const struct ipm_case_config config = {.message_bytes = LEASE_BYTES,
                                           .recv_bytes = 1000,
                                           .batch = batch,
                                           .verify = verify};
    struct ipm_pump out = {.end = &end,
                           .config = &config,
                           .framing = ipm_framing_find(framing),
                           .messages = LEASES,
                           .seed = 5};
    struct ipm_pump in = out;
    cr_assert_eq(ipm_pump_init(&out), 0);
    cr_assert_eq(ipm_pump_init(&in), 0);
    cr_assert_eq(ipm_pump_send(&out), 0);
    cr_assert_eq(ipm_pump_recv(&in), 0);
    cr_expect_eq(out.counts.messages, LEASES);
    cr_expect_eq(in.counts.messages, LEASES);
    cr_expect_eq(in.tracker.damage.corrupt_messages, 0);
    cr_expect_eq(in.tracker.distinct, verify ? LEASES : 0);
    ipm_pump_done(&out);
    ipm_pump_done(&in);
}

Test(run_pump_leases, get_each_call_its_own_place_and_commit_all_of_it) {
    leases_run("none", false, 1);
    cr_expect_eq(leases, LEASES);
    cr_expect_eq(leases_head, (size_t)LEASES * LEASE_BYTES);
}

Test(run_pump_leases, hold_a_batch_and_what_is_left_of_one) {
    leases_run("none", true, 4);
    cr_expect_eq(leases, 3);
}

Test(run_pump_leases, are_given_messages_whose_framing_is_legal_from_the_first) {
    leases_run("length", false, 3);
    cr_expect_eq(leases, 4);
}

Test(run_pump_leases, are_given_contents_that_are_verified) {
    leases_run("delimiter", true, 1);
    cr_expect_eq(leases, LEASES);
}

Test(run_pump_leases, a_place_too_short_for_a_batch_is_refused) {
    struct ipm_endpoint end = {.ops = &leasing, .rx_fd = -1, .tx_fd = -1};
    const struct ipm_case_config config = {.message_bytes = LEASE_BYTES, .batch = 41};
    struct ipm_pump out = {.end = &end, .config = &config, .messages = 50};
    cr_assert_eq(ipm_pump_init(&out), 0);
    cr_expect_eq(ipm_pump_send(&out), -EMSGSIZE);
    ipm_pump_done(&out);
}

Test(run_pump_leases, bytes_that_are_only_counted_need_not_be_written) {
    leases_run("none", false, 1);
    cr_expect_not(looked);
}

Test(run_pump_leases, bytes_that_are_looked_at_are) {
    leases_run("none", true, 1);
    cr_expect(looked);
}

Test(run_pump_leases, messages_that_are_told_apart_are_looked_at) {
    leases_run("length", false, 1);
    cr_expect(looked);
}

Test(run_pump_leases, a_call_is_as_large_as_a_batch_with_its_framing) {
    struct ipm_case_config settings = {.message_bytes = LEASE_BYTES};
    struct ipm_trial_config config = {.settings = &settings, .transport = &leasing};
    cr_expect_eq(ipm_trial_call_bytes(&config), (size_t)LEASE_BYTES);
    config.framing = ipm_framing_find("length");
    settings.batch = 7;
    cr_expect_eq(ipm_trial_call_bytes(&config), (size_t)7 * (LEASE_BYTES + 4));
    settings.batch = UINT64_MAX;
    cr_expect_eq(ipm_trial_call_bytes(&config), SIZE_MAX);
}
