/* test_transport_udp.c - what only UDP has: strangers who need not connect. */
#include "pair.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *udp_take_only_the_parent(struct ipm_pair *pair) {
    unsigned char bytes[64];
    struct sockaddr_in self = {0};
    socklen_t size = sizeof self;
    int stranger = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (getsockname(pair->end.rx_fd, (struct sockaddr *)&self, &size) != 0)
        return "has no name";
    (void)sendto(stranger, "stranger", 8, 0, (struct sockaddr *)&self, sizeof self);
    if (!ipm_pair_tell(pair))
        return "the parent is gone";
    if (ipm_pair_recv(pair, bytes, sizeof bytes) != 6)
        return "a stranger's datagram came in";
    return memcmp(bytes, "parent", 6) == 0 ? NULL : "something else came";
}

static void udp_give_after_the_stranger(struct ipm_pair *pair) {
    cr_assert(ipm_pair_await(pair));
    cr_assert_eq(ipm_pair_send(pair, "parent", 6), 6);
}

Test(transport_udp, takes_nothing_from_strangers) {
    ipm_pair_run(ipm_transport_find("udp"), udp_take_only_the_parent,
                 udp_give_after_the_stranger);
}

Test(transport_udp, takes_nothing_that_came_before_it_was_connected) {
    struct ipm_pair pair;
    ipm_pair_strays(true);
    ipm_pair_open_plain(&pair, ipm_transport_find("udp"));
    ipm_pair_strays(false);
    ipm_pair_start(&pair, udp_take_only_the_parent);
    udp_give_after_the_stranger(&pair);
    ipm_pair_end(&pair);
}

static const char *udp_take_largest(struct ipm_pair *pair) {
    static unsigned char bytes[IPM_PAIR_LARGEST + 1];
    return ipm_pair_recv(pair, bytes, sizeof bytes) == IPM_PAIR_LARGEST
               ? NULL
               : "the largest message did not come whole";
}

static void udp_give_too_large_then_largest(struct ipm_pair *pair) {
    static unsigned char bytes[IPM_PAIR_LARGEST + 1];
    cr_expect_eq(ipm_pair_send(pair, bytes, sizeof bytes), -EMSGSIZE);
    cr_expect_eq(ipm_pair_send(pair, bytes, IPM_PAIR_LARGEST), IPM_PAIR_LARGEST);
}

Test(transport_udp, carries_its_largest_message_and_none_larger) {
    ipm_pair_run(ipm_transport_find("udp"), udp_take_largest,
                 udp_give_too_large_then_largest);
}

Test(transport_udp, tells_a_receiver_that_its_peer_is_gone) {
    unsigned char bytes[64];
    struct ipm_pair pair;
    ipm_pair_open_plain(&pair, ipm_transport_find("udp"));
    ipm_pair_start(&pair, ipm_pair_sleep);
    ipm_pair_kill(&pair);
    cr_assert_eq(ipm_pair_send(&pair, "x", 1), 1);
    cr_expect_eq(ipm_pair_recv(&pair, bytes, sizeof bytes), -EPIPE);
    ipm_pair_end(&pair);
}

Test(transport_udp, marks_its_end_to_a_peer_that_is_gone_without_an_error) {
    struct ipm_pair pair;
    ipm_pair_open_plain(&pair, ipm_transport_find("udp"));
    ipm_pair_start(&pair, ipm_pair_sleep);
    ipm_pair_kill(&pair);
    for (int i = 0; i < 4; i++)
        cr_expect_eq(pair.ops->finish(&pair.end), 0);
    ipm_pair_end(&pair);
}
