/* test_transport_udp.c - what only UDP has: strangers who need not connect. */
#include "pair.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
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

/* --- one request of each of many clients ------------------------------------------------ */

enum { UDP_CLIENTS = 32, UDP_ROUNDS = 20 };

static struct ipm_link_config udp_requests(unsigned clients, size_t message_bytes,
                                           size_t buffer_bytes) {
    return (struct ipm_link_config){.peers = clients,
                                    .flow = IPM_BOTH_WAYS,
                                    .message_bytes = message_bytes,
                                    .buffer_bytes = buffer_bytes,
                                    .timeout_ms = IPM_PAIR_TIMEOUT_MS};
}

/* Sends one message of each client, before any is received. Returns how many came. */
static unsigned udp_burst(struct ipm_pair *pair, struct ipm_endpoint *clients,
                          size_t bytes) {
    static unsigned char message[IPM_PAIR_LARGEST];
    unsigned came = 0;
    struct pollfd waiting = {.fd = pair->end.rx_fd, .events = POLLIN};
    for (unsigned i = 0; i < UDP_CLIENTS; i++)
        cr_assert_eq(pair->ops->send(&clients[i], message, bytes), (ssize_t)bytes);
    while (came < UDP_CLIENTS && poll(&waiting, 1, 1000) > 0)
        came += pair->ops->recv(&pair->end, message, bytes) == (ssize_t)bytes;
    return came;
}

/* In one process: the parent's end, and those of all clients. */
static void udp_bursts(const char *name, size_t bytes) {
    const struct ipm_link_config config = udp_requests(UDP_CLIENTS, bytes, 0);
    struct ipm_pair pair;
    struct ipm_endpoint clients[UDP_CLIENTS];
    ipm_pair_open(&pair, ipm_transport_find(name), &config);
    cr_assert_eq(pair.ops->attach(&pair.end, &pair.link, &pair.err), 0);
    for (unsigned i = 0; i < UDP_CLIENTS; i++) {
        clients[i] = (struct ipm_endpoint){.ops = pair.ops,
                                           .side = IPM_CHILD,
                                           .peer = i,
                                           .rx_fd = -1,
                                           .tx_fd = -1,
                                           .state = calloc(1, pair.ops->end_size)};
        cr_assert_eq(pair.ops->attach(&clients[i], &pair.link, &pair.err), 0);
    }
    for (int round = 0; round < UDP_ROUNDS; round++)
        cr_assert_eq(udp_burst(&pair, clients, bytes), (unsigned)UDP_CLIENTS,
                     "%s: a request of %zu bytes is lost in round %d", name, bytes,
                     round);
    pair.ops->close(&pair.link, IPM_PARENT);
    for (unsigned i = 0; i < UDP_CLIENTS; i++) {
        pair.ops->detach(&clients[i]);
        free(clients[i].state);
    }
    ipm_pair_end(&pair);
}

Test(transport_udp, has_room_for_a_request_of_each_client) {
    static const size_t sizes[] = {64, 1400, 4096, 8192, 20000, IPM_PAIR_LARGEST};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        udp_bursts("udp", sizes[i]);
        udp_bursts("udp6", sizes[i]);
    }
}

static void udp_expect_no_room(const struct ipm_link_config *config, const char *advice) {
    const struct ipm_transport *ops = ipm_transport_find("udp");
    struct ipm_link link = {
        .ops = ops, .config = *config, .state = calloc(1, ops->link_size)};
    struct ipm_err err = {0};
    if (ops->open(&link, &err) == 0)
        cr_skip_test("net.core.rmem_max is too high here");
    cr_expect(err.is_limit);
    cr_expect_not_null(strstr(err.text, "clients needs a receive buffer"), "%s",
                       err.text);
    cr_expect_not_null(strstr(err.hint, advice), "%s", err.hint);
    free(link.state);
}

Test(transport_udp, names_the_limit_that_has_no_room_for_all_clients) {
    const struct ipm_link_config config = udp_requests(900, IPM_PAIR_LARGEST, 0);
    if (geteuid() == 0) /* root may exceed the limit */
        cr_assert_eq(setresuid(65534, 65534, 65534), 0);
    udp_expect_no_room(&config, "sysctl -w net.core.rmem_max=");
}

Test(transport_udp, names_the_buffer_that_has_no_room_for_all_clients) {
    const struct ipm_link_config config = udp_requests(UDP_CLIENTS, 4096, 65536);
    udp_expect_no_room(&config, "'--buffer 18");
}
