/* test_transport_inet.c - what the Internet transports differ in: the version of IP, and
 * options of the socket. */
#include "pair.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

static const struct ipm_transport *inet_find(const char *name) {
    const struct ipm_transport *ops = ipm_transport_find(name);
    cr_assert_not_null(ops, "%s", name);
    if (!ipm_pair_runs(ops))
        cr_skip_test("it does not run here");
    return ops;
}

static void inet_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                          struct ipm_facts *settings) {
    *endpoint = (struct ipm_facts){0};
    *settings = (struct ipm_facts){0};
    end->ops->describe(end, endpoint, settings);
}

static const char *inet_tell(struct ipm_pair *pair) {
    struct ipm_facts facts[2];
    inet_describe(&pair->end, &facts[0], &facts[1]);
    return send(pair->control, facts, sizeof facts, 0) > 0 ? NULL : "cannot tell";
}

/* What both ends say of themselves, the child's second. */
static void inet_hear(const char *name, struct ipm_facts endpoints[2],
                      struct ipm_facts settings[2]) {
    struct ipm_pair pair;
    struct ipm_facts theirs[2];
    ipm_pair_open_plain(&pair, inet_find(name));
    ipm_pair_start(&pair, inet_tell);
    inet_describe(&pair.end, &endpoints[0], &settings[0]);
    cr_assert_eq(recv(pair.control, theirs, sizeof theirs, 0), (ssize_t)sizeof theirs);
    endpoints[1] = theirs[0];
    settings[1] = theirs[1];
    ipm_pair_end(&pair);
}

static void inet_check_named(const char *name, const char *address) {
    struct ipm_facts endpoints[2];
    struct ipm_facts settings[2];
    inet_hear(name, endpoints, settings);
    for (int i = 0; i < 2; i++) {
        const struct ipm_facts *ours = &endpoints[i];
        const struct ipm_facts *theirs = &endpoints[1 - i];
        cr_expect_str_eq(ipm_facts_find(ours, "local_address")->text, address);
        cr_expect_str_eq(ipm_facts_find(ours, "peer_address")->text, address);
        cr_expect_neq(ipm_facts_find(ours, "local_port")->number, 0);
        cr_expect_eq(ipm_facts_find(ours, "local_port")->number,
                     ipm_facts_find(theirs, "peer_port")->number);
    }
}

Test(transport_inet, of_version_6_is_named_by_its_loopback_from_both_sides) {
    inet_check_named("tcp6", "::1");
    inet_check_named("udp6", "::1");
}

static void inet_check_option(const char *name, const char *key, int wanted) {
    struct ipm_facts endpoints[2];
    struct ipm_facts settings[2];
    inet_hear(name, endpoints, settings);
    for (int i = 0; i < 2; i++)
        cr_expect_eq(ipm_facts_find(&settings[i], key)->number, wanted, "%s, %d", name,
                     i);
}

Test(transport_inet, sends_at_once_at_both_ends_only_where_it_says_so) {
    inet_check_option("tcp", "tcp_nodelay", 0);
    inet_check_option("tcp-nodelay", "tcp_nodelay", 1);
}

static const char *inet_take(struct ipm_pair *pair) {
    unsigned char byte = 0;
    return ipm_pair_recv(pair, &byte, 1) == 1 ? NULL : "nothing came";
}

/* Headers of one segment: 20 bytes of TCP, 12 of timestamps if any, and those of IP. */
static void inet_check_header(const char *name, unsigned network_bytes) {
    struct ipm_pair pair;
    struct ipm_wire wire = {0};
    ipm_pair_open_plain(&pair, inet_find(name));
    ipm_pair_start(&pair, inet_take);
    cr_assert_eq(ipm_pair_send(&pair, "x", 1), 1);
    cr_assert_eq(pair.ops->wire(&pair.end, &wire), 0);
    const uint64_t header_bytes = wire.header_bytes / wire.segments;
    cr_expect(header_bytes == network_bytes + 20 || header_bytes == network_bytes + 32,
              "%s: %llu", name, (unsigned long long)header_bytes);
    ipm_pair_end(&pair);
}

Test(transport_inet, counts_the_headers_of_its_version) {
    inet_check_header("tcp", 20);
    inet_check_header("tcp-nodelay", 20);
    inet_check_header("tcp6", 40);
}

/* A network of one's own has a loopback that is down. */
Test(transport_inet, says_that_there_is_no_loopback_of_its_version) {
    static const char *const words[][2] = {{"tcp6", "no IPv6 loopback: "},
                                           {"udp6", "no IPv6 loopback: "},
                                           {"tcp-nodelay", "no IPv4 loopback: "}};
    if (unshare(CLONE_NEWNET) != 0)
        cr_skip_test("a network namespace is refused here");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct ipm_err err = {0};
        size_t most = 0;
        cr_expect(ipm_transport_find(words[i][0])->probe(&most, &err) < 0);
        cr_expect_eq(strncmp(err.text, words[i][1], strlen(words[i][1])), 0, "%s",
                     err.text);
        cr_expect_not_null(strstr(err.hint, "'ip link set lo up'"), "%s", err.hint);
    }
}

static void inet_switch_off_version_6(void) {
    FILE *file = fopen("/proc/sys/net/ipv6/conf/all/disable_ipv6", "w");
    if (!file || fputs("1\n", file) < 0 || fclose(file) != 0)
        cr_skip_test("there is no version 6 to switch off");
}

/* As in a container: the family is there, its loopback address is not. */
Test(transport_inet, of_version_6_says_that_it_is_switched_off) {
    struct ipm_err err = {0};
    size_t most = 0;
    if (unshare(CLONE_NEWNET) != 0)
        cr_skip_test("a network namespace is refused here");
    inet_switch_off_version_6();
    cr_expect_eq(ipm_transport_find("udp6")->probe(&most, &err), -EADDRNOTAVAIL);
    cr_expect_not_null(strstr(err.text, "no IPv6 loopback: cannot bind to ::1"), "%s",
                       err.text);
}

static const char *inet_take_largest(struct ipm_pair *pair) {
    static unsigned char bytes[65536];
    return ipm_pair_recv(pair, bytes, sizeof bytes) == 65527 &&
                   ipm_pair_holds(bytes, 65527, 3)
               ? NULL
               : "the largest message did not come whole";
}

static void inet_give_largest(struct ipm_pair *pair) {
    static unsigned char bytes[65528];
    ipm_pair_fill(bytes, sizeof bytes, 3);
    cr_expect_eq(ipm_pair_send(pair, bytes, sizeof bytes), -EMSGSIZE);
    cr_expect_eq(ipm_pair_send(pair, bytes, 65527), 65527);
}

/* Longer than with version 4, whose header counts as part of the packet; and longer than
 * the loopback's MTU, so that the kernel cuts it and joins it again. */
Test(transport_inet, of_version_6_carries_a_longer_datagram) {
    size_t most = 0;
    cr_assert_eq(inet_find("udp6")->probe(&most, NULL), 0);
    cr_expect_eq(most, (size_t)65527);
    ipm_pair_run(inet_find("udp6"), inet_take_largest, inet_give_largest);
}

Test(transport_inet, can_do_what_its_family_can) {
    const unsigned tcp = ipm_transport_find("tcp")->caps;
    const unsigned udp = ipm_transport_find("udp")->caps;
    cr_expect_eq(ipm_transport_find("tcp6")->caps, tcp);
    cr_expect_eq(ipm_transport_find("tcp-nodelay")->caps, tcp);
    cr_expect_eq(ipm_transport_find("udp6")->caps, udp);
}
