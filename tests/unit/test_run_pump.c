/* test_run_pump.c - the loops of the window over a transport of scripted results. */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "run/process/stop.h"
#include "run/pump/pump.h"

enum { PIPE_BYTES = 1 << 20, SEED = 9 };

/* What send and recv of the scripted transport do: a byte queue, cut as told. */
static unsigned char queue[PIPE_BYTES];
static size_t queue_head;
static size_t queue_tail;
static size_t most_bytes; /* a call moves no more than this; 0: no limit */
static int every_other;   /* every other call fails with this */
static unsigned calls;

static bool scripted_fails(void) {
    errno = every_other;
    return every_other && calls++ % 2 == 0;
}

static ssize_t scripted_send(struct ipm_endpoint *end, const void *buf, size_t len) {
    (void)end;
    if (scripted_fails())
        return -1;
    size_t moved = most_bytes && len > most_bytes ? most_bytes : len;
    memcpy(queue + queue_head, buf, moved);
    queue_head += moved;
    return (ssize_t)moved;
}

static ssize_t scripted_recv(struct ipm_endpoint *end, void *buf, size_t cap) {
    (void)end;
    if (scripted_fails())
        return -1;
    size_t there = queue_head - queue_tail;
    size_t moved = there < cap ? there : cap;
    if (most_bytes && moved > most_bytes)
        moved = most_bytes;
    memcpy(buf, queue + queue_tail, moved);
    queue_tail += moved;
    return (ssize_t)moved;
}

static struct ipm_transport scripted = {
    .name = "scripted", .send = scripted_send, .recv = scripted_recv};

static struct ipm_pump make_pump(struct ipm_endpoint *end, unsigned caps, bool verify,
                                 size_t message_bytes, size_t recv_bytes) {
    static struct ipm_case_config config;
    struct ipm_pump pump = {.end = end, .config = &config, .messages = 100, .seed = SEED};
    config = (struct ipm_case_config){
        .message_bytes = message_bytes, .recv_bytes = recv_bytes, .verify = verify};
    scripted.caps = caps;
    *end = (struct ipm_endpoint){.ops = &scripted, .rx_fd = -1, .tx_fd = -1};
    cr_assert_eq(ipm_pump_init(&pump), 0);
    return pump;
}

static const unsigned STREAM = IPM_CAP_RELIABLE | IPM_CAP_CONNECTED;

static unsigned steady_calls;

static ssize_t scripted_send_steady(struct ipm_endpoint *end, const void *buf,
                                    size_t len) {
    steady_calls++;
    return scripted_send(end, buf, len);
}

static unsigned count_steady_calls(unsigned caps, bool verify) {
    struct ipm_endpoint end;
    steady_calls = 0;
    queue_head = 0;
    scripted.send_steady = scripted_send_steady;
    struct ipm_pump pump = make_pump(&end, caps, verify, 64, 65536);
    cr_assert_eq(ipm_pump_send(&pump), 0);
    ipm_pump_done(&pump);
    scripted.send_steady = NULL;
    return steady_calls;
}

Test(run_pump, sends_steadily_only_what_it_never_changes) {
    cr_expect_eq(count_steady_calls(STREAM, false), 100);
    cr_expect_eq(count_steady_calls(STREAM, true), 0);
    cr_expect_eq(count_steady_calls(IPM_CAP_MESSAGES, false), 0); /* it is numbered */
}

Test(run_pump, counts_messages_bytes_and_calls) {
    struct ipm_endpoint end;
    struct ipm_pump pump = make_pump(&end, STREAM, false, 64, 65536);
    cr_assert_eq(ipm_pump_send(&pump), 0);
    cr_assert_eq(pump.counts.messages, 100);
    cr_assert_eq(pump.counts.bytes, 6400);
    cr_assert_eq(pump.counts.calls, 100);
    cr_assert_eq(pump.counts.partial_calls, 0);
    ipm_pump_done(&pump);
}

Test(run_pump, finishes_a_message_that_was_taken_in_parts) {
    struct ipm_endpoint end;
    struct ipm_pump pump = make_pump(&end, STREAM, false, 64, 65536);
    most_bytes = 60;
    cr_assert_eq(ipm_pump_send(&pump), 0);
    cr_assert_eq(pump.counts.bytes, 6400);
    cr_assert_eq(pump.counts.calls, 200);
    cr_assert_eq(pump.counts.partial_calls, 100);
    ipm_pump_done(&pump);
}

Test(run_pump, receives_a_stream_whatever_its_split) {
    for (most_bytes = 1; most_bytes < 200; most_bytes += 13) {
        struct ipm_endpoint end;
        struct ipm_pump pump = make_pump(&end, STREAM, false, 64, 100);
        queue_tail = 0;
        queue_head = 6400;
        cr_assert_eq(ipm_pump_recv(&pump), 0);
        cr_assert_eq(pump.counts.messages, 100);
        cr_assert_eq(pump.counts.bytes, 6400);
        ipm_pump_done(&pump);
    }
}

Test(run_pump, checks_every_message_whatever_the_split) {
    for (most_bytes = 1; most_bytes < 200; most_bytes++) {
        struct ipm_endpoint end;
        struct ipm_pump pump = make_pump(&end, STREAM, true, 64, 100);
        queue_head = queue_tail = 0;
        cr_assert_eq(ipm_pump_send(&pump), 0);
        ipm_pump_done(&pump);
        pump = make_pump(&end, STREAM, true, 64, 100);
        cr_assert_eq(ipm_pump_recv(&pump), 0);
        cr_assert_eq(pump.counts.messages, 100);
        cr_assert_eq(pump.tracker.distinct, 100, "cut at %zu", most_bytes);
        cr_assert_eq(pump.tracker.damage.corrupt_messages, 0);
        ipm_pump_done(&pump);
    }
}

Test(run_pump, sees_one_corrupt_byte_in_a_verified_stream) {
    struct ipm_endpoint end;
    struct ipm_pump pump = make_pump(&end, STREAM, true, 64, 1000);
    cr_assert_eq(ipm_pump_send(&pump), 0);
    ipm_pump_done(&pump);
    queue[64 * 40 + 33] ^= 1;
    pump = make_pump(&end, STREAM, true, 64, 1000);
    cr_assert_eq(ipm_pump_recv(&pump), 0);
    cr_assert_eq(pump.tracker.damage.corrupt_messages, 1);
    cr_assert_eq(pump.tracker.distinct, 99);
    ipm_pump_done(&pump);
}

Test(run_pump, a_stream_that_ends_early_is_an_error) {
    struct ipm_endpoint end;
    struct ipm_pump pump = make_pump(&end, STREAM, false, 64, 65536);
    queue_head = 6399;
    cr_assert_eq(ipm_pump_recv(&pump), -EPIPE);
    cr_assert_eq(pump.counts.messages, 99);
    ipm_pump_done(&pump);
}

Test(run_pump, an_end_mark_where_loss_is_allowed_is_none) {
    struct ipm_endpoint end;
    struct ipm_pump pump = make_pump(&end, IPM_CAP_MESSAGES, false, 64, 64);
    cr_assert_eq(ipm_pump_send(&pump), 0);
    ipm_pump_done(&pump);
    pump = make_pump(&end, IPM_CAP_MESSAGES, false, 64, 64);
    queue_head = 64 * 90;
    cr_assert_eq(ipm_pump_recv(&pump), 0);
    cr_assert_eq(pump.tracker.distinct, 90);
    ipm_tracker_finish(&pump.tracker, 100, 0);
    cr_assert_eq(pump.tracker.damage.lost_messages, 10);
    ipm_pump_done(&pump);
}

Test(run_pump, tries_again_after_a_signal) {
    struct ipm_endpoint end;
    struct ipm_pump pump = make_pump(&end, STREAM, false, 64, 65536);
    every_other = EINTR;
    cr_assert_eq(ipm_pump_send(&pump), 0);
    cr_assert_eq(pump.counts.messages, 100);
    cr_assert_eq(pump.counts.calls, 200);
    ipm_pump_done(&pump);
}

Test(run_pump, takes_eagain_for_an_error_unless_it_spins) {
    struct ipm_endpoint end;
    struct ipm_pump pump = make_pump(&end, STREAM, false, 64, 65536);
    every_other = EAGAIN;
    cr_assert_eq(ipm_pump_send(&pump), -EAGAIN);
    pump.wait = ipm_wait_find("spin");
    pump.counts = (struct ipm_counts){0};
    cr_assert_eq(ipm_pump_send(&pump), 0);
    ipm_pump_done(&pump);
}

Test(run_pump, takes_a_reset_or_refused_connection_for_a_peer_that_is_gone) {
    static const int gone[] = {EPIPE, ECONNRESET, ECONNREFUSED};
    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++) {
        struct ipm_endpoint end;
        struct ipm_pump pump = make_pump(&end, STREAM, false, 64, 65536);
        calls = 0;
        every_other = gone[i];
        cr_assert_eq(ipm_pump_send(&pump), -EPIPE);
        calls = 0;
        cr_assert_eq(ipm_pump_recv(&pump), -EPIPE);
        ipm_pump_done(&pump);
    }
}

static ssize_t scripted_recv_long(struct ipm_endpoint *end, void *buf, size_t cap) {
    (void)end;
    (void)buf;
    return (ssize_t)cap + 1;
}

Test(run_pump, a_message_longer_than_was_sent_is_an_error) {
    struct ipm_endpoint end;
    struct ipm_pump pump = make_pump(&end, IPM_CAP_MESSAGES, false, 64, 64);
    pump.calls.recv = scripted_recv_long;
    cr_assert_eq(ipm_pump_recv(&pump), -EMSGSIZE);
    ipm_pump_done(&pump);
}

Test(run_pump, leaves_when_the_stop_flag_is_set) {
    struct ipm_endpoint end;
    struct ipm_pump pump = make_pump(&end, STREAM, false, 64, 65536);
    ipm_stop_flag = 1;
    cr_assert_eq(ipm_pump_send(&pump), -EINTR);
    cr_assert_eq(pump.counts.messages, 0);
    cr_assert_eq(ipm_pump_recv(&pump), -EINTR);
    ipm_pump_done(&pump);
}
