/* test_run_pump_request.c - question and answer over a transport that gives back what it got. */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "run/pump/pump.h"

enum { ASK_MESSAGES = 100, ASK_BYTES = 64 };

static unsigned char held[8 * ASK_BYTES]; /* sent, and not yet received */
static size_t held_bytes;
static size_t sent_bytes;
static size_t echo_most_bytes; /* a call moves no more than this; 0: no limit */
static size_t extra_bytes;     /* come with the answer to the tenth */
static size_t ends_at;         /* no more than this comes back; 0: all */
static int echo_every_other;   /* every other call of recv fails with this */
static unsigned recv_calls;
static unsigned released; /* of messages read in place */

static ssize_t echo_send(struct ipm_endpoint *end, const void *buf, size_t len) {
    (void)end;
    const size_t moved = echo_most_bytes && len > echo_most_bytes ? echo_most_bytes : len;
    memcpy(held + held_bytes, buf, moved);
    held_bytes += moved;
    sent_bytes += moved;
    if (sent_bytes == (size_t)10 * ASK_BYTES)
        held_bytes += extra_bytes;
    return (ssize_t)moved;
}

static ssize_t echo_recv(struct ipm_endpoint *end, void *buf, size_t cap) {
    (void)end;
    if (echo_every_other && recv_calls++ % 2 == 0) {
        errno = echo_every_other;
        return -1;
    }
    if (ends_at && sent_bytes > ends_at)
        return 0;
    size_t moved = held_bytes < cap ? held_bytes : cap;
    if (echo_most_bytes && moved > echo_most_bytes)
        moved = echo_most_bytes;
    memcpy(buf, held, moved);
    held_bytes -= moved;
    memmove(held, held + moved, held_bytes);
    return (ssize_t)moved;
}

static const struct ipm_transport echo_transport = {.name = "echo",
                                                    .caps = IPM_CAP_RELIABLE |
                                                            IPM_CAP_CONNECTED,
                                                    .send = echo_send,
                                                    .recv = echo_recv};

/* In place: one message at a time lies in `held`. */
static size_t odd_bytes; /* so long is the tenth answer; 0: as the others */

static ssize_t echo_lease(struct ipm_endpoint *end, void **ret_buf) {
    (void)end;
    *ret_buf = held;
    return ASK_BYTES;
}

static ssize_t echo_commit(struct ipm_endpoint *end, size_t len) {
    (void)end;
    held_bytes = len;
    sent_bytes += len;
    return (ssize_t)len;
}

/* What is sent in place lies there alone. */
static ssize_t echo_place(struct ipm_endpoint *end, const void *buf, size_t len) {
    memcpy(held, buf, len);
    return echo_commit(end, len);
}

static ssize_t echo_borrow(struct ipm_endpoint *end, const void **ret_buf) {
    (void)end;
    if (echo_every_other && recv_calls++ % 2 == 0) {
        errno = echo_every_other;
        return -1;
    }
    if (ends_at && sent_bytes > ends_at)
        return 0;
    *ret_buf = held;
    return (ssize_t)(odd_bytes && sent_bytes == (size_t)10 * ASK_BYTES ? odd_bytes
                                                                       : held_bytes);
}

static int echo_release(struct ipm_endpoint *end) {
    (void)end;
    released++;
    return 0;
}

static const struct ipm_transport placed_transport = {
    .name = "placed",
    .caps = IPM_CAP_RELIABLE | IPM_CAP_CONNECTED | IPM_CAP_MESSAGES | IPM_CAP_IN_PLACE,
    .send = echo_place,
    .recv = echo_recv,
    .lease = echo_lease,
    .commit = echo_commit,
    .borrow = echo_borrow,
    .release = echo_release};

struct echo {
    struct ipm_endpoint end;
    struct ipm_case_config config;
    struct ipm_pump out;
    struct ipm_pump in;
    struct ipm_histogram latency;
};

static struct echo *echo_make_of(const struct ipm_transport *ops, const char *wait,
                                 bool verify) {
    static struct echo echo;
    const struct ipm_pump pump = {
        .end = &echo.end, .config = &echo.config, .messages = ASK_MESSAGES};
    echo = (struct echo){
        .end = {.ops = ops, .rx_fd = -1, .tx_fd = -1},
        .config = {.message_bytes = ASK_BYTES, .recv_bytes = 65536, .verify = verify},
        .out = pump,
        .in = pump};
    (void)strcpy(echo.config.wait, wait);
    cr_assert_eq(ipm_pump_init(&echo.out), 0);
    cr_assert_eq(ipm_pump_init(&echo.in), 0);
    echo.out.back = &echo.in;
    echo.out.latency = &echo.latency;
    return &echo;
}

static struct echo *echo_make(const char *wait, bool verify) {
    return echo_make_of(&echo_transport, wait, verify);
}

static void echo_done(struct echo *echo) {
    ipm_pump_done(&echo->out);
    ipm_pump_done(&echo->in);
}

static void echo_expect(const struct echo *echo, uint64_t messages, uint64_t reads) {
    cr_expect_eq(echo->out.counts.messages, messages);
    cr_expect_eq(echo->out.counts.bytes, messages * ASK_BYTES);
    cr_expect_eq(echo->in.counts.messages, messages);
    cr_expect_eq(echo->in.counts.bytes, messages * ASK_BYTES);
    cr_expect_eq(echo->in.counts.calls, reads);
    cr_expect_eq(echo->in.counts.partial_calls, reads - messages);
}

Test(run_pump_request, counts_each_message_and_each_call) {
    for (int verify = 0; verify < 2; verify++) {
        struct echo *echo = echo_make("block", verify);
        cr_assert_eq(ipm_pump_request(&echo->out), 0);
        echo_expect(echo, ASK_MESSAGES, ASK_MESSAGES);
        cr_expect_eq(echo->out.counts.calls, ASK_MESSAGES);
        cr_expect_eq(echo->out.counts.partial_calls, 0);
        cr_expect_eq(echo->latency.count, ASK_MESSAGES);
        echo_done(echo);
    }
}

Test(run_pump_request, puts_parts_together) {
    echo_most_bytes = 30;
    struct echo *echo = echo_make("block", false);
    cr_assert_eq(ipm_pump_request(&echo->out), 0);
    echo_expect(echo, ASK_MESSAGES, 3 * ASK_MESSAGES);
    cr_expect_eq(echo->out.counts.partial_calls, 2 * ASK_MESSAGES);
    echo_done(echo);
}

Test(run_pump_request, goes_on_where_nothing_came_yet) {
    echo_every_other = EAGAIN;
    struct echo *echo = echo_make("spin", false);
    cr_assert_eq(ipm_pump_request(&echo->out), 0);
    echo_expect(echo, ASK_MESSAGES, 2 * ASK_MESSAGES);
    echo_done(echo);
}

Test(run_pump_request, takes_no_more_than_was_asked_for) {
    extra_bytes = ASK_BYTES;
    struct echo *echo = echo_make("block", false);
    cr_expect_eq(ipm_pump_request(&echo->out), -EMSGSIZE);
    echo_done(echo);
}

Test(run_pump_request, tells_an_early_end_and_a_failure) {
    ends_at = (size_t)20 * ASK_BYTES;
    struct echo *echo = echo_make("block", false);
    cr_expect_eq(ipm_pump_request(&echo->out), -EPIPE);
    cr_expect_eq(echo->in.counts.messages, 20);
    cr_expect_eq(echo->out.counts.messages, 20);
    echo_done(echo);
    ends_at = 0;
    echo_every_other = ECONNRESET;
    echo = echo_make("block", false);
    cr_expect_eq(ipm_pump_request(&echo->out), -EPIPE);
    echo_done(echo);
}

/* The other side: what is received is in place before it begins, and answers pile up. */
Test(run_pump_request, answers_each_one) {
    struct echo *echo = echo_make("block", false);
    echo->in.back = &echo->out;
    held_bytes = ASK_BYTES;
    cr_assert_eq(ipm_pump_respond(&echo->in), 0);
    echo_expect(echo, ASK_MESSAGES, ASK_MESSAGES);
    cr_expect_eq(sent_bytes, (size_t)ASK_MESSAGES * ASK_BYTES);
    echo_done(echo);
}

Test(run_pump_request, asks_in_place) {
    for (int verify = 0; verify < 2; verify++) {
        released = 0;
        struct echo *echo = echo_make_of(&placed_transport, "block", verify);
        cr_assert_eq(ipm_pump_request(&echo->out), 0);
        echo_expect(echo, ASK_MESSAGES, ASK_MESSAGES);
        cr_expect_eq(echo->out.counts.calls, ASK_MESSAGES);
        cr_expect_eq(echo->latency.count, ASK_MESSAGES);
        cr_expect_eq(released, ASK_MESSAGES);
        echo_done(echo);
    }
}

Test(run_pump_request, goes_on_in_place_where_nothing_came_yet) {
    echo_every_other = EAGAIN;
    struct echo *echo = echo_make_of(&placed_transport, "spin", false);
    cr_assert_eq(ipm_pump_request(&echo->out), 0);
    echo_expect(echo, ASK_MESSAGES, 2 * ASK_MESSAGES);
    cr_expect_eq(released, ASK_MESSAGES);
    echo_done(echo);
}

Test(run_pump_request, counts_one_of_another_length_in_place_as_corrupt) {
    odd_bytes = ASK_BYTES - 1;
    struct echo *echo = echo_make_of(&placed_transport, "block", false);
    cr_assert_eq(ipm_pump_request(&echo->out), 0);
    cr_expect_eq(echo->in.counts.messages, ASK_MESSAGES);
    cr_expect_eq(echo->in.counts.calls, ASK_MESSAGES);
    cr_expect_eq(echo->in.counts.bytes, ASK_MESSAGES * ASK_BYTES - 1);
    cr_expect_eq(echo->in.tracker.damage.corrupt_messages, 1);
    cr_expect_eq(released, ASK_MESSAGES);
    echo_done(echo);
    odd_bytes = ASK_BYTES + 1;
    sent_bytes = 0;
    echo = echo_make_of(&placed_transport, "block", false);
    cr_expect_eq(ipm_pump_request(&echo->out), -EMSGSIZE);
    echo_done(echo);
}

Test(run_pump_request, tells_an_early_end_in_place) {
    ends_at = (size_t)20 * ASK_BYTES;
    struct echo *echo = echo_make_of(&placed_transport, "block", false);
    cr_expect_eq(ipm_pump_request(&echo->out), -EPIPE);
    cr_expect_eq(echo->in.counts.messages, 20);
    cr_expect_eq(echo->out.counts.messages, 20);
    echo_done(echo);
}

Test(run_pump_request, answers_each_one_in_place) {
    struct echo *echo = echo_make_of(&placed_transport, "block", false);
    echo->in.back = &echo->out;
    held_bytes = ASK_BYTES;
    cr_assert_eq(ipm_pump_respond(&echo->in), 0);
    echo_expect(echo, ASK_MESSAGES, ASK_MESSAGES);
    cr_expect_eq(released, ASK_MESSAGES);
    echo_done(echo);
}
