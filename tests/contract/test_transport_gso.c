/* test_transport_gso.c - what only udp-gso has: many datagrams that travel as one, and must
 * come out of it each as it went in. */
#include "pair.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { GSO_COUNT = 40, GSO_BYTES = 1400, GSO_ROOM = 200 * GSO_BYTES };

static unsigned char gso_buf[GSO_ROOM];
static size_t gso_lens[GSO_ROOM / 64];

static const struct ipm_transport *gso_find(void) {
    const struct ipm_transport *ops = ipm_transport_find("udp-gso");
    if (!ipm_pair_runs(ops))
        cr_skip_test("it does not run here");
    return ops;
}

static void gso_run(const char *(*child)(struct ipm_pair *pair),
                    void (*parent)(struct ipm_pair *pair)) {
    ipm_pair_run(gso_find(), child, parent);
}

static void gso_fill(unsigned count, size_t bytes) {
    for (unsigned i = 0; i < count; i++)
        ipm_pair_fill(gso_buf + i * bytes, bytes, i);
}

static void gso_give(struct ipm_pair *pair) {
    gso_fill(GSO_COUNT, GSO_BYTES);
    cr_assert_eq(pair->ops->send_batch(&pair->end, gso_buf, GSO_BYTES, GSO_COUNT),
                 GSO_COUNT);
    cr_assert_eq(ipm_pair_send(pair, "last", 4), 4);
    cr_assert(ipm_pair_tell(pair));
}

static bool gso_is(const unsigned char *at, size_t len, unsigned which) {
    return len == GSO_BYTES && ipm_pair_holds(at, GSO_BYTES, which);
}

static bool gso_waits(const struct ipm_pair *pair) {
    struct pollfd knock = {.fd = pair->end.rx_fd, .events = POLLIN};
    return poll(&knock, 1, 0) == 1;
}

/* One by one: all of them but the first are there without another call to the kernel. */
static const char *gso_take_single(struct ipm_pair *pair) {
    if (!ipm_pair_await(pair))
        return "the parent is gone";
    for (unsigned i = 0; i < GSO_COUNT; i++) {
        ssize_t r = ipm_pair_recv(pair, gso_buf, GSO_BYTES + i % 3);
        if (r < 0 || !gso_is(gso_buf, (size_t)r, i))
            return "a message did not come as it was sent";
    }
    if (ipm_pair_recv(pair, gso_buf, GSO_BYTES) != 4 || gso_waits(pair))
        return "what was sent last did not come last";
    return NULL;
}

Test(transport_gso, hands_out_one_by_one_what_came_as_one) {
    gso_run(gso_take_single, gso_give);
}

/* Places as long as messages, and longer ones; more of them than messages, and fewer. */
static const char *gso_take_batches(struct ipm_pair *pair, size_t cap, unsigned count) {
    unsigned came = 0;
    if (!ipm_pair_await(pair))
        return "the parent is gone";
    while (came <= GSO_COUNT) {
        ssize_t got = pair->ops->recv_batch(&pair->end, gso_buf, cap, count, gso_lens);
        if (got < 1 || got > (ssize_t)count)
            return "not as many as asked for";
        for (ssize_t i = 0; i < got; i++, came++)
            if (came < GSO_COUNT ? !gso_is(gso_buf + (size_t)i * cap, gso_lens[i], came)
                                 : gso_lens[i] != 4)
                return "a message did not come as it was sent";
    }
    return came == GSO_COUNT + 1 ? NULL : "more came than was sent";
}

static const char *gso_take_in_place(struct ipm_pair *pair) {
    return gso_take_batches(pair, GSO_BYTES, GSO_COUNT + 1);
}

static const char *gso_take_few(struct ipm_pair *pair) {
    return gso_take_batches(pair, GSO_BYTES, 7);
}

static const char *gso_take_apart(struct ipm_pair *pair) {
    return gso_take_batches(pair, GSO_BYTES + 3, GSO_COUNT + 1);
}

static const char *gso_take_few_apart(struct ipm_pair *pair) {
    return gso_take_batches(pair, GSO_BYTES + 3, 7);
}

Test(transport_gso, hands_out_batches_of_any_shape) {
    gso_run(gso_take_in_place, gso_give);
    gso_run(gso_take_few, gso_give);
    gso_run(gso_take_apart, gso_give);
    gso_run(gso_take_few_apart, gso_give);
}

static const char *gso_take_short(struct ipm_pair *pair) {
    unsigned char bytes[16];
    if (!ipm_pair_await(pair))
        return "the parent is gone";
    for (unsigned i = 0; i < GSO_COUNT; i++)
        if (ipm_pair_recv(pair, bytes, sizeof bytes) != GSO_BYTES ||
            !ipm_pair_holds(bytes, sizeof bytes, i))
            return "a message that does not fit has a wrong length or front";
    return NULL;
}

Test(transport_gso, tells_the_length_of_each_that_does_not_fit) {
    gso_run(gso_take_short, gso_give);
}

static void gso_give_too_many(struct ipm_pair *pair) {
    cr_expect_eq(pair->ops->send_batch(&pair->end, gso_buf, 64, 1000), 64);
    cr_expect_eq(pair->ops->send_batch(&pair->end, gso_buf, GSO_BYTES, 100), 46);
    cr_expect_eq(pair->ops->send_batch(&pair->end, gso_buf, 40000, 3), 1);
    cr_expect_eq(pair->ops->send_batch(&pair->end, gso_buf, 65508, 1), -1);
    cr_expect_eq(errno, EMSGSIZE);
    cr_assert(ipm_pair_tell(pair));
}

static const char *gso_take_too_many(struct ipm_pair *pair) {
    static const size_t lens[] = {64, GSO_BYTES, 40000};
    static const unsigned counts[] = {64, 46, 1};
    if (!ipm_pair_await(pair))
        return "the parent is gone";
    for (int group = 0; group < 3; group++)
        for (unsigned i = 0; i < counts[group]; i++)
            if (ipm_pair_recv(pair, gso_buf, sizeof gso_buf) != (ssize_t)lens[group])
                return "not what was taken";
    return gso_waits(pair) ? "more than what was taken" : NULL;
}

Test(transport_gso, takes_as_many_as_go_as_one) {
    gso_run(gso_take_too_many, gso_give_too_many);
}

static const char *gso_say_and_stay(struct ipm_pair *pair) {
    return ipm_pair_send(pair, "x", 1) == 1 ? ipm_pair_sleep(pair) : "cannot send";
}

Test(transport_gso, tells_a_receiver_of_batches_that_its_peer_is_gone) {
    struct ipm_pair pair;
    ipm_pair_open_plain(&pair, gso_find());
    ipm_pair_start(&pair, gso_say_and_stay);
    cr_expect_eq(pair.ops->recv_batch(&pair.end, gso_buf, 64, 4, gso_lens), 1);
    ipm_pair_kill(&pair);
    cr_assert_eq(ipm_pair_send(&pair, "y", 1), 1);
    cr_expect_eq(pair.ops->recv_batch(&pair.end, gso_buf, 64, 4, gso_lens), -1);
    cr_expect_eq(errno, ECONNREFUSED);
    ipm_pair_end(&pair);
}

/* A network namespace whose loopback has the MTU of an Ethernet. Skips where that is refused. */
static void gso_shrink_path(void) {
    struct ifreq lo = {.ifr_name = "lo", .ifr_mtu = 1500};
    const bool apart =
        unshare(CLONE_NEWNET) == 0 || unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0;
    const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (!apart || ioctl(fd, SIOCSIFMTU, &lo) != 0)
        cr_skip_test("a network namespace is refused here");
    lo.ifr_flags = IFF_UP;
    cr_assert_eq(ioctl(fd, SIOCSIFFLAGS, &lo), 0);
    (void)close(fd);
}

enum { GSO_LONG_BYTES = 2000, GSO_LONG_COUNT = 20 };

static void gso_give_long(struct ipm_pair *pair) {
    for (unsigned i = 0; i < GSO_LONG_COUNT; i++) {
        ipm_pair_fill(gso_buf, GSO_LONG_BYTES, i);
        cr_assert_eq(pair->ops->send_batch(&pair->end, gso_buf, GSO_LONG_BYTES,
                                           GSO_LONG_COUNT - i),
                     1, "%s", strerror(errno));
    }
    gso_give(pair);
}

static const char *gso_take_long(struct ipm_pair *pair) {
    for (unsigned i = 0; i < GSO_LONG_COUNT; i++)
        if (ipm_pair_recv(pair, gso_buf, sizeof gso_buf) != GSO_LONG_BYTES ||
            !ipm_pair_holds(gso_buf, GSO_LONG_BYTES, i))
            return "a message that is longer than the MTU did not come";
    return gso_take_single(pair);
}

/* What fits the MTU goes together, and longer messages one by one, in fragments. */
Test(transport_gso, sends_messages_that_are_longer_than_the_mtu) {
    gso_shrink_path();
    gso_run(gso_take_long, gso_give_long);
}

static int gso_fact(const struct ipm_endpoint *end, const char *key) {
    struct ipm_facts endpoint = {0};
    struct ipm_facts settings = {0};
    end->ops->describe(end, &endpoint, &settings);
    return (int)ipm_facts_find(&settings, key)->number;
}

static const char *gso_check_single(struct ipm_pair *pair) {
    return gso_fact(&pair->end, "udp_gro") == 1 ? NULL : "does not keep them together";
}

static const char *gso_check_served(struct ipm_pair *pair) {
    return gso_fact(&pair->end, "udp_gro") == 0 ? NULL : "holds what a poll cannot see";
}

/* Where descriptors are waited for, nothing may be held that they do not tell of. */
Test(transport_gso, keeps_together_only_where_nobody_waits_for_descriptors) {
    const struct ipm_link_config config = {.peers = 1,
                                           .flow = IPM_TO_PARENT,
                                           .message_bytes = GSO_BYTES,
                                           .timeout_ms = IPM_PAIR_TIMEOUT_MS};
    struct ipm_pair pair;
    gso_run(gso_check_single, NULL);
    ipm_pair_open(&pair, gso_find(), &config);
    ipm_pair_start(&pair, gso_check_served);
    cr_expect_eq(gso_fact(&pair.end, "udp_gro"), 0);
    ipm_pair_end(&pair);
}

Test(transport_gso, can_do_what_udp_can) {
    cr_expect_eq(ipm_transport_find("udp-gso")->caps,
                 (ipm_transport_find("udp")->caps & ~(unsigned)IPM_CAP_PLAIN) |
                     IPM_CAP_HOLDS);
}
