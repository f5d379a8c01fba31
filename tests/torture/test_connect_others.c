/* test_connect_others.c - other processes that connect in the window, and say nothing or something
 * else: they cost little time and are told. */
#include "patterns.h"
#include "rows.h"

#include "base/err.h"
#include "base/facts.h"
#include "run/patterns/pattern.h"
#include "transports/common/listen.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { OTHERS_EACH = 12 };

/* After some of the connections of the parent, another one is made: it stays silent, sends a wrong
 * byte, or is closed at once. */
static const struct ipm_transport *others_real;
static struct ipm_transport others_transport;
static unsigned others_calls;
static unsigned others_kinds; /* 1: silent ones only */

/* A socket of the same kind as that of the parent. */
static void others_connect(const struct ipm_endpoint *like, const struct ipm_link *link,
                           unsigned kind) {
    const struct ipm_listen *server = link->state; /* first in every such link */
    int type = 0;
    int protocol = 0;
    socklen_t bytes = sizeof type;
    (void)getsockopt(like->rx_fd, SOL_SOCKET, SO_TYPE, &type, &bytes);
    (void)getsockopt(like->rx_fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &bytes);
    int fd = socket(server->address.ss_family, type | SOCK_CLOEXEC, protocol);
    cr_assert(fd >= 0);
    cr_assert_eq(
        connect(fd, (const struct sockaddr *)&server->address, server->address_bytes), 0,
        "%s", strerror(errno));
    if (kind == 1)
        cr_assert_eq(send(fd, "GET / HTTP/1.1", 14, MSG_NOSIGNAL), 14);
    if (kind == 2)
        (void)close(fd);
}

static int others_connect_after(struct ipm_endpoint *end, const struct ipm_link *link) {
    int failed = others_real->connect(end, link);
    if (!failed && others_calls++ % OTHERS_EACH == 0)
        others_connect(end, link, others_calls / OTHERS_EACH % others_kinds);
    return failed;
}

static struct ipm_test_trial others_make(const struct ipm_transport *ops,
                                         unsigned kinds) {
    others_real = ops;
    others_calls = 0;
    others_kinds = kinds;
    others_transport = *ops;
    others_transport.connect = others_connect_after;
    return ipm_patterns_config(&others_transport, "connect", 1);
}

TestSuite(connect_others, .init = ipm_patterns_begin, .fini = ipm_patterns_end);

/* All but the last, which nobody accepts any more, are counted. A silent one cost a second each,
 * or the whole timeout. */
static void others_check(const struct ipm_transport *ops, unsigned kinds) {
    const struct ipm_test_trial config = others_make(ops, kinds);
    const int64_t least = PATTERNS_MESSAGES / OTHERS_EACH - 1;
    struct ipm_sample sample;
    struct ipm_trial_facts facts;
    struct ipm_err err = {0};
    cr_assert_eq(ipm_test_trial_run(&config, &sample, &facts, &err), 0, "%s: %s",
                 ops->name, err.text);
    const struct ipm_facts *settings = &facts.settings[IPM_RECEIVER];
    const struct ipm_fact *others = ipm_facts_find(settings, "other_connections");
    cr_expect_eq(sample.received.messages, (uint64_t)PATTERNS_MESSAGES);
    cr_expect_eq(sample.latency.count, (uint64_t)PATTERNS_MESSAGES);
    cr_assert_not_null(others, "%s: nobody tells", ops->name);
    cr_expect_leq(least, others->number, "%s", ops->name);
    cr_expect_not_null(ipm_facts_find(settings, "notice"));
    cr_expect_lt(sample.elapsed_ns, (uint64_t)least * 1000000000u,
                 "%s: the others cost %f s", ops->name, (double)sample.elapsed_ns / 1e9);
    ipm_sample_done(&sample);
}

IPM_ROW_TEST(ops, connect_others, cost_little_and_are_told, 0u) {
    if (!ops->accept)
        return;
    others_check(ops, 1);
    others_check(ops, 3);
}

IPM_ROW_TEST(ops, connect_others, are_not_told_where_there_are_none, 0u) {
    const struct ipm_test_trial config = ipm_patterns_config(ops, "connect", 1);
    struct ipm_sample sample;
    struct ipm_trial_facts facts;
    if (!ops->accept)
        return;
    cr_assert_eq(ipm_test_trial_run(&config, &sample, &facts, NULL), 0);
    cr_expect_null(ipm_facts_find(&facts.settings[IPM_RECEIVER], "other_connections"));
    ipm_sample_done(&sample);
}
