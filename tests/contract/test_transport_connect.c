/* test_transport_connect.c - connections made while the link is open, for every transport that
 * can. */
#include "pair.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

enum { DIAL_TIMES = 40 };

static unsigned char dial_byte;

static struct ipm_endpoint dial_end(const struct ipm_pair *pair) {
    return (struct ipm_endpoint){.ops = pair->ops,
                                 .side = pair->end.side,
                                 .peer_pid = pair->end.peer_pid,
                                 .rx_fd = -1,
                                 .tx_fd = -1,
                                 .state = calloc(1, pair->ops->end_size + 1)};
}

static void dial_done(struct ipm_endpoint *end) {
    end->ops->detach(end);
    free(end->state);
}

/* Open, fork and attach, and the link stays open in both. */
static void dial_run(const struct ipm_transport *ops,
                     const char *(*child)(struct ipm_pair *pair),
                     void (*parent)(struct ipm_pair *pair)) {
    struct ipm_pair pair;
    ipm_pair_open_plain(&pair, ops);
    ipm_pair_fork(&pair, child);
    cr_assert_eq(ops->attach(&pair.end, &pair.link, &pair.err), 0, "%s: %s", ops->name,
                 pair.err.text);
    cr_assert(ipm_pair_await(&pair), "%s: the child did not attach", ops->name);
    cr_assert(ipm_pair_tell(&pair));
    parent(&pair);
    ops->close(&pair.link, IPM_PARENT);
    ipm_pair_end(&pair);
}

static const char *dial_attach(struct ipm_pair *pair) {
    if (pair->ops->attach(&pair->end, &pair->link, &pair->err) != 0)
        return pair->err.text;
    return ipm_pair_tell(pair) && ipm_pair_await(pair) ? NULL : "the parent is gone";
}

static const char *dial_leave(struct ipm_pair *pair, const char *words) {
    pair->ops->close(&pair->link, IPM_CHILD);
    pair->ops->detach(&pair->end);
    return words;
}

static const char *dial_answer_one(struct ipm_pair *pair, unsigned which) {
    struct ipm_endpoint end = dial_end(pair);
    const char *words = NULL;
    if (pair->ops->accept(&end, &pair->link) != 0)
        words = strerror(errno);
    else if (pair->ops->recv(&end, &dial_byte, 1) != 1 ||
             dial_byte != (unsigned char)which)
        words = "the byte did not come";
    dial_done(&end);
    return words;
}

static const char *dial_answer(struct ipm_pair *pair) {
    const char *words = dial_attach(pair);
    for (unsigned i = 0; i < DIAL_TIMES && !words && pair->ops->accept; i++)
        words = dial_answer_one(pair, i);
    return dial_leave(pair, words);
}

static void dial_one(struct ipm_pair *pair, unsigned which) {
    struct ipm_endpoint end = dial_end(pair);
    dial_byte = (unsigned char)which;
    cr_assert_eq(pair->ops->connect(&end, &pair->link), 0, "%s: %s", pair->ops->name,
                 strerror(errno));
    cr_assert_eq(pair->ops->send(&end, &dial_byte, 1), 1, "%s", pair->ops->name);
    dial_byte = 0xff;
    cr_assert_eq(pair->ops->recv(&end, &dial_byte, 1), pair->ops->accept ? 0 : 1, "%s",
                 pair->ops->name);
    cr_assert(pair->ops->accept || dial_byte == (unsigned char)which);
    dial_done(&end);
}

static void dial_many(struct ipm_pair *pair) {
    for (unsigned i = 0; i < DIAL_TIMES; i++)
        dial_one(pair, i);
}

Test(transport_connect, makes_connections_that_carry_a_byte_and_end) {
    IPM_PAIR_EACH(ops, 0u, 0u)
    if (ops->connect)
        dial_run(ops, dial_answer, dial_many);
}

Test(transport_connect, is_there_for_what_is_connected_and_for_nothing_else) {
    IPM_PAIR_EACH(ops, 0u, 0u) {
        cr_expect(!ops->accept || ops->connect, "%s", ops->name);
        cr_expect(!ops->connect || (ops->caps & IPM_CAP_CONNECTED), "%s", ops->name);
    }
}

static const char *dial_idle(struct ipm_pair *pair) {
    return dial_leave(pair, dial_attach(pair));
}

/* One that came to nothing leaves nothing, and may be detached twice. */
static void dial_undone(struct ipm_pair *pair) {
    struct ipm_endpoint end = dial_end(pair);
    pair->ops->detach(&end);
    cr_assert_eq(pair->ops->connect(&end, &pair->link), 0, "%s", pair->ops->name);
    pair->ops->detach(&end);
    dial_done(&end);
}

Test(transport_connect, is_undone_by_detach_at_any_time) {
    IPM_PAIR_EACH(ops, 0u, 0u)
    if (ops->connect)
        dial_run(ops, dial_idle, dial_undone);
}

static void dial_ignore(int number) {
    (void)number;
}

/* Nobody connects: a signal ends the wait, to look whether to go on. */
static const char *dial_answer_nobody(struct ipm_pair *pair) {
    const struct sigaction action = {.sa_handler = dial_ignore};
    const struct itimerval often = {.it_interval = {.tv_usec = 10000},
                                    .it_value = {.tv_usec = 10000}};
    const struct itimerval never = {.it_value = {.tv_usec = 0}};
    const char *words = dial_attach(pair);
    if (words)
        return words;
    struct ipm_endpoint end = dial_end(pair);
    (void)sigaction(SIGALRM, &action, NULL);
    (void)setitimer(ITIMER_REAL, &often, NULL);
    const int failed = pair->ops->accept(&end, &pair->link);
    if (failed == 0 || errno != EINTR)
        words = "a signal does not end the wait";
    (void)setitimer(ITIMER_REAL, &never, NULL);
    dial_done(&end);
    return dial_leave(pair, words);
}

static void dial_nobody(struct ipm_pair *pair) {
    (void)ipm_pair_await(pair); /* until the child is gone */
}

Test(transport_connect, is_awaited_until_a_signal) {
    IPM_PAIR_EACH(ops, 0u, 0u)
    if (ops->accept)
        dial_run(ops, dial_answer_nobody, dial_nobody);
}
