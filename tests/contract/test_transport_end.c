/* test_transport_end.c - how a stream ends: by finish, by death, by a signal. */
#include "pair.h"
#include "run/waits/wait.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

enum { END_TRIES = 100000, END_SOME_BYTES = 1000 };

static unsigned char end_buf[65536];

static ssize_t end_recv(struct ipm_pair *pair) {
    return ipm_pair_recv(pair, end_buf, sizeof end_buf);
}

static const char *end_take_until_the_end(struct ipm_pair *pair) {
    if (!ipm_pair_recv_all(&pair->end, end_buf, END_SOME_BYTES))
        return "what was sent before the end did not come";
    if (end_recv(pair) != 0)
        return "no end of stream";
    return (pair->ops->caps & IPM_CAP_CONNECTED) && end_recv(pair) != 0
               ? "the end was not the last"
               : NULL;
}

static void end_finish(struct ipm_pair *pair) {
    cr_assert(ipm_pair_send_all(&pair->end, end_buf, END_SOME_BYTES));
    cr_expect_eq(pair->ops->finish(&pair->end), 0, "%s", pair->ops->name);
}

Test(transport_end, comes_after_finish_and_after_all_that_was_sent) {
    IPM_PAIR_EACH(ops, 0u, IPM_CAP_HOLLOW)
    ipm_pair_run(ops, end_take_until_the_end, end_finish);
}

static const char *end_answer_afterwards(struct ipm_pair *pair) {
    if (end_recv(pair) != 0)
        return "no end of stream";
    return ipm_pair_send_all(&pair->end, end_buf, END_SOME_BYTES) ? NULL
                                                                  : "cannot answer";
}

static void end_finish_and_listen(struct ipm_pair *pair) {
    cr_assert_eq(pair->ops->finish(&pair->end), 0);
    cr_expect(ipm_pair_recv_all(&pair->end, end_buf, END_SOME_BYTES), "%s",
              pair->ops->name);
}

/* SCTP, a connection that keeps messages apart, has no half-closed state (RFC 9260, 1.6). */
static bool end_may_close_both(const struct ipm_transport *ops) {
    const unsigned both = IPM_CAP_MESSAGES | IPM_CAP_CONNECTED;
    return (ops->caps & both) == both;
}

Test(transport_end, of_one_way_leaves_the_other_way_open) {
    IPM_PAIR_EACH(ops, 0u, IPM_CAP_HOLLOW)
    if (ops->direction != IPM_SIMPLEX && !end_may_close_both(ops))
        ipm_pair_run(ops, end_answer_afterwards, end_finish_and_listen);
}

static const char *end_wait(struct ipm_pair *pair) {
    return ipm_pair_await(pair) ? NULL : "the parent is gone";
}

/* A mark that may be lost is sent again and again, to nobody if need be. */
static void end_mark_often(struct ipm_pair *pair) {
    for (unsigned i = 0; i < 5000; i++)
        cr_assert_eq(pair->ops->finish(&pair->end), 0, "%s", pair->ops->name);
    cr_assert(ipm_pair_tell(pair));
}

Test(transport_end, is_marked_often_without_blocking_where_it_may_be_lost) {
    IPM_PAIR_EACH(ops, 0u, IPM_CAP_CONNECTED)
    ipm_pair_run(ops, end_wait, end_mark_often);
}

static ssize_t end_send_until_refused(struct ipm_pair *pair) {
    ssize_t r = 0;
    for (unsigned i = 0; i < END_TRIES && r >= 0; i++)
        r = ipm_pair_send(pair, end_buf, END_SOME_BYTES);
    return r;
}

/* The child dies with bytes unread, which makes a socket reset its connection. */
static void end_outlive(struct ipm_pair *pair) {
    if (!ipm_pair_waits_for_receiver(pair->ops))
        cr_assert(ipm_pair_send_all(&pair->end, end_buf, END_SOME_BYTES));
    ipm_pair_kill(pair);
}

Test(transport_end, of_the_peer_is_told_to_the_sender) {
    IPM_PAIR_EACH(ops, 0u, IPM_CAP_HOLLOW) {
        struct ipm_pair pair;
        if (!ipm_pair_tells_of_death(ops))
            continue;
        ipm_pair_open_plain(&pair, ops);
        ipm_pair_start(&pair, ipm_pair_sleep);
        end_outlive(&pair);
        cr_expect_eq(end_send_until_refused(&pair), -EPIPE, "%s", ops->name);
        cr_expect_eq(ops->finish(&pair.end), 0, "%s", ops->name);
        ipm_pair_end(&pair);
    }
}

/* A connection that was reset says so (tcp(7), unix(7)). */
static bool end_is_told(ssize_t r) {
    return r == 0 || r == -EPIPE;
}

Test(transport_end, of_the_peer_is_the_end_of_the_stream) {
    IPM_PAIR_EACH(ops, IPM_CAP_CONNECTED, 0u) {
        struct ipm_pair pair;
        ipm_pair_open_plain(&pair, ops);
        ipm_pair_start(&pair, ipm_pair_sleep);
        end_outlive(&pair);
        if (ops->direction != IPM_SIMPLEX)
            cr_expect(end_is_told(end_recv(&pair)), "%s", ops->name);
        ipm_pair_end(&pair);
    }
}

static const char *end_expect_the_end(struct ipm_pair *pair) {
    return end_recv(pair) == 0 ? NULL : "no end of stream";
}

static void end_detach(struct ipm_pair *pair) {
    pair->ops->detach(&pair->end);
}

Test(transport_end, comes_when_the_parent_goes_without_finish) {
    IPM_PAIR_EACH(ops, IPM_CAP_CONNECTED, 0u)
    ipm_pair_run(ops, end_expect_the_end, end_detach);
}

static void end_on_alarm(int number) {
    (void)number;
}

/* Again and again, so that one which comes before the call does no harm. */
static void end_set_alarms(void) {
    const struct sigaction action = {.sa_handler = end_on_alarm}; /* no SA_RESTART */
    const struct itimerval often = {.it_interval = {.tv_usec = 5000},
                                    .it_value = {.tv_usec = 5000}};
    (void)sigaction(SIGALRM, &action, NULL);
    (void)setitimer(ITIMER_REAL, &often, NULL);
}

static void end_stop_alarms(void) {
    const struct itimerval never = {.it_value = {0}};
    (void)setitimer(ITIMER_REAL, &never, NULL);
}

static const char *end_expect_interruption(struct ipm_pair *pair) {
    end_set_alarms();
    const ssize_t r = pair->ops->recv(&pair->end, end_buf, sizeof end_buf);
    const int reason = errno;
    end_stop_alarms();
    if (!ipm_pair_tell(pair))
        return "the parent is gone";
    return r < 0 && reason == EINTR ? NULL : "a signal does not end recv";
}

static void end_await(struct ipm_pair *pair) {
    cr_expect(ipm_pair_await(pair), "%s", pair->ops->name);
}

Test(transport_end, of_a_blocking_recv_comes_with_a_signal) {
    IPM_PAIR_EACH(ops, 0u, IPM_CAP_HOLLOW)
    ipm_pair_run(ops, end_expect_interruption, end_await);
}

static void end_send_until_interrupted(struct ipm_pair *pair) {
    const size_t most = pair->link.config.message_bytes;
    const size_t bytes = sizeof end_buf < most ? sizeof end_buf : most;
    ssize_t r = 0;
    end_set_alarms();
    for (unsigned i = 0; i < END_TRIES && r >= 0; i++)
        r = pair->ops->send(&pair->end, end_buf, bytes);
    const int reason = errno;
    end_stop_alarms();
    cr_expect(r < 0 && reason == EINTR, "%s: %zd", pair->ops->name, r);
    cr_assert(ipm_pair_tell(pair));
}

Test(transport_end, of_a_blocking_send_comes_with_a_signal) {
    IPM_PAIR_EACH(ops, IPM_CAP_RELIABLE, IPM_CAP_HOLLOW)
    ipm_pair_run(ops, end_wait, end_send_until_interrupted);
}

static const char *end_expect_nothing_yet(struct ipm_pair *pair) {
    (void)ipm_wait_unblock(&pair->end, NULL);
    ssize_t r = end_recv(pair);
    if (!ipm_pair_tell(pair))
        return "the parent is gone";
    return r == -EAGAIN ? NULL : "recv does not tell that there is nothing yet";
}

Test(transport_end, is_not_taken_for_a_wait_when_descriptors_do_not_block) {
    IPM_PAIR_EACH(ops, IPM_CAP_POLLABLE, IPM_CAP_HOLLOW)
    ipm_pair_run(ops, end_expect_nothing_yet, end_await);
}
