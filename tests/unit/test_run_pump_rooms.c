/* test_run_pump_rooms.c - the pump over a byte stream that says where messages are made, and
 * that can take bytes without a look at them. */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "run/pump/pump.h"
#include "run/trial/trial.h"

enum { ROOMS = 3, ROOM_BYTES = 4096, MESSAGES = 10, MESSAGE_BYTES = 100 };

static unsigned char rooms[ROOMS][ROOM_BYTES];
static unsigned room_calls;
static unsigned elsewhere; /* calls of send whose bytes are in no room */
static unsigned char queue[MESSAGES * 2 * MESSAGE_BYTES];
static size_t queue_head;
static size_t queue_tail;
static unsigned reads;
static unsigned discards;

static void *rooms_next(struct ipm_endpoint *end, size_t len) {
    (void)end;
    cr_assert_leq(len, (size_t)ROOM_BYTES);
    return rooms[room_calls++ % ROOMS];
}

/* Half at first: the rest must come from the same room. */
static ssize_t rooms_send(struct ipm_endpoint *end, const void *buf, size_t len) {
    const unsigned char *bytes = buf;
    const unsigned char *room = rooms[(room_calls + ROOMS - 1) % ROOMS];
    const size_t moved = bytes == room && len > 1 ? len / 2 : len;
    (void)end;
    elsewhere += room_calls == 0 || bytes < room || bytes >= room + ROOM_BYTES;
    memcpy(queue + queue_head, bytes, moved);
    queue_head += moved;
    return (ssize_t)moved;
}

static ssize_t rooms_take(void *buf, size_t cap) {
    const size_t there = queue_head - queue_tail;
    const size_t moved = there < cap ? there : cap;
    if (buf)
        memcpy(buf, queue + queue_tail, moved);
    queue_tail += moved;
    return (ssize_t)moved;
}

static ssize_t rooms_recv(struct ipm_endpoint *end, void *buf, size_t cap) {
    (void)end;
    reads++;
    return rooms_take(buf, cap);
}

static ssize_t rooms_discard(struct ipm_endpoint *end, void *buf, size_t cap) {
    (void)end;
    (void)buf;
    discards++;
    return rooms_take(NULL, cap);
}

static const struct ipm_transport roomy = {.name = "roomy",
                                           .caps = IPM_CAP_RELIABLE | IPM_CAP_CONNECTED,
                                           .send = rooms_send,
                                           .recv = rooms_recv,
                                           .room = rooms_next,
                                           .discard = rooms_discard};

/* Sends and receives all over one end. Returns whether it was told that it only counts. */
static bool rooms_run(const char *framing, bool verify, uint64_t batch) {
    struct ipm_endpoint end = {.ops = &roomy, .rx_fd = -1, .tx_fd = -1};
    const struct ipm_case_config config = {.message_bytes = MESSAGE_BYTES,
                                           .recv_bytes = 1000,
                                           .batch = batch,
                                           .verify = verify};
    struct ipm_pump out = {.end = &end,
                           .config = &config,
                           .framing = ipm_framing_find(framing),
                           .messages = MESSAGES,
                           .seed = 5};
    struct ipm_pump in = out;
    cr_assert_eq(ipm_pump_init(&out), 0);
    cr_assert_eq(ipm_pump_init(&in), 0);
    cr_assert_eq(ipm_pump_send(&out), 0);
    cr_assert_eq(ipm_pump_recv(&in), 0);
    cr_expect_eq(out.counts.messages, MESSAGES);
    cr_expect_eq(in.counts.messages, MESSAGES);
    cr_expect_eq(in.tracker.damage.corrupt_messages, 0);
    cr_expect_eq(in.tracker.distinct, verify ? MESSAGES : 0);
    ipm_pump_done(&out);
    ipm_pump_done(&in);
    return end.counted;
}

Test(run_pump_rooms, get_each_call_its_own_and_all_of_it_from_there) {
    rooms_run("none", false, 1);
    cr_expect_eq(room_calls, MESSAGES);
    cr_expect_eq(elsewhere, 0);
}

Test(run_pump_rooms, hold_a_batch_and_what_is_left_of_one) {
    rooms_run("none", true, 4);
    cr_expect_eq(room_calls, 3);
    cr_expect_eq(elsewhere, 0);
}

Test(run_pump_rooms, are_given_messages_whose_framing_is_legal_from_the_first) {
    rooms_run("length", false, 3);
    cr_expect_eq(room_calls, 4);
}

Test(run_pump_rooms, are_given_contents_that_are_verified) {
    rooms_run("delimiter", true, 1);
    cr_expect_eq(room_calls, MESSAGES);
}

Test(run_pump_rooms, bytes_that_are_only_counted_are_discarded) {
    cr_expect(rooms_run("none", false, 1));
    cr_expect_eq(reads, 0);
    cr_expect_lt(0, discards);
}

Test(run_pump_rooms, bytes_that_are_looked_at_are_read) {
    cr_expect_not(rooms_run("none", true, 1));
    cr_expect_eq(discards, 0);
}

Test(run_pump_rooms, messages_that_are_told_apart_are_read) {
    cr_expect_not(rooms_run("length", false, 1));
    cr_expect_eq(discards, 0);
}

Test(run_pump_rooms, a_call_is_as_large_as_a_batch_with_its_framing) {
    struct ipm_case_config settings = {.message_bytes = MESSAGE_BYTES};
    struct ipm_trial_config config = {.settings = &settings, .transport = &roomy};
    cr_expect_eq(ipm_trial_call_bytes(&config), (size_t)MESSAGE_BYTES);
    config.framing = ipm_framing_find("length");
    settings.batch = 7;
    cr_expect_eq(ipm_trial_call_bytes(&config), (size_t)7 * (MESSAGE_BYTES + 4));
    settings.batch = UINT64_MAX;
    cr_expect_eq(ipm_trial_call_bytes(&config), SIZE_MAX);
}
