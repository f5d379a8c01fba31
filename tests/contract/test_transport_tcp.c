/* test_transport_tcp.c - what only TCP has: a port that anybody can find, congestion control. */
#include "pair.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TCP_STRANGERS = 20 };

static int tcp_stranger(void) {
    struct sockaddr_in address = {0};
    socklen_t bytes = sizeof address;
    int listener = ipm_pair_listener();
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    cr_assert_eq(getsockname(listener, (struct sockaddr *)&address, &bytes), 0);
    cr_assert_eq(address.sin_addr.s_addr, htonl(INADDR_LOOPBACK));
    cr_assert_eq(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static const char *tcp_take(struct ipm_pair *pair) {
    unsigned char bytes[4096];
    return ipm_pair_recv_all(&pair->end, bytes, sizeof bytes) &&
                   ipm_pair_holds(bytes, sizeof bytes, 9)
               ? NULL
               : "what came is not what was sent";
}

/* Each second one talks; each is closed in the end, having heard nothing. */
Test(transport_tcp, lets_the_child_in_past_strangers) {
    unsigned char bytes[4096];
    struct ipm_pair pair;
    int strangers[TCP_STRANGERS];
    ipm_pair_open_plain(&pair, ipm_transport_find("tcp"));
    for (int i = 0; i < TCP_STRANGERS; i++) {
        strangers[i] = tcp_stranger();
        if (i % 2)
            cr_assert_eq(send(strangers[i], "0123456789abcdefgh", 18, MSG_NOSIGNAL), 18);
    }
    ipm_pair_start(&pair, tcp_take);
    ipm_pair_fill(bytes, sizeof bytes, 9);
    cr_assert(ipm_pair_send_all(&pair.end, bytes, sizeof bytes));
    for (int i = 0; i < TCP_STRANGERS; i++) {
        char heard = 0;
        cr_expect(recv(strangers[i], &heard, 1, 0) <= 0);
        (void)close(strangers[i]);
    }
    ipm_pair_end(&pair);
}

static struct ipm_facts tcp_endpoint(const struct ipm_endpoint *end) {
    struct ipm_facts endpoint = {0};
    struct ipm_facts settings = {0};
    end->ops->describe(end, &endpoint, &settings);
    return endpoint;
}

static const char *tcp_tell_endpoint(struct ipm_pair *pair) {
    struct ipm_facts endpoint = tcp_endpoint(&pair->end);
    return send(pair->control, &endpoint, sizeof endpoint, 0) > 0 ? NULL : "cannot tell";
}

static void tcp_check_mirrored(const char *name) {
    struct ipm_pair pair;
    struct ipm_facts theirs = {0};
    ipm_pair_open_plain(&pair, ipm_transport_find(name));
    ipm_pair_start(&pair, tcp_tell_endpoint);
    struct ipm_facts ours = tcp_endpoint(&pair.end);
    cr_assert_eq(recv(pair.control, &theirs, sizeof theirs, 0), (ssize_t)sizeof theirs);
    cr_expect_str_eq(ipm_facts_find(&ours, "local_address")->text, "127.0.0.1");
    cr_expect_str_eq(ipm_facts_find(&ours, "peer_address")->text, "127.0.0.1");
    cr_expect_eq(ipm_facts_find(&ours, "local_port")->number,
                 ipm_facts_find(&theirs, "peer_port")->number);
    cr_expect_eq(ipm_facts_find(&theirs, "local_port")->number,
                 ipm_facts_find(&ours, "peer_port")->number);
    cr_expect_neq(ipm_facts_find(&ours, "local_port")->number, 0);
    ipm_pair_end(&pair);
}

Test(transport_tcp, tells_the_four_tuple_from_both_sides) {
    tcp_check_mirrored("tcp");
}

Test(transport_udp, tells_the_two_tuples_from_both_sides) {
    tcp_check_mirrored("udp");
}

static void tcp_congestion_of(const struct ipm_endpoint *end, char name[128]) {
    struct ipm_facts endpoint = {0};
    struct ipm_facts settings = {0};
    end->ops->describe(end, &endpoint, &settings);
    strcpy(name, ipm_facts_find(&settings, "congestion")->text);
}

static const char *tcp_tell_congestion(struct ipm_pair *pair) {
    char name[128] = "";
    tcp_congestion_of(&pair->end, name);
    return send(pair->control, name, sizeof name, 0) > 0 ? NULL : "cannot tell";
}

static void tcp_check_congestion(const char *asked) {
    const struct ipm_link_config config = {
        .message_bytes = 64, .congestion = asked, .timeout_ms = IPM_PAIR_TIMEOUT_MS};
    struct ipm_pair pair;
    char ours[128] = "";
    char theirs[128] = "";
    ipm_pair_open(&pair, ipm_transport_find("tcp"), &config);
    ipm_pair_start(&pair, tcp_tell_congestion);
    tcp_congestion_of(&pair.end, ours);
    cr_assert_eq(recv(pair.control, theirs, sizeof theirs, 0), (ssize_t)sizeof theirs);
    cr_expect_str_eq(ours, asked);
    cr_expect_str_eq(theirs, asked);
    ipm_pair_end(&pair);
}

/* Two, because one of them is the system's default. */
Test(transport_tcp, uses_the_congestion_control_asked_for_at_both_ends) {
    tcp_check_congestion("reno");
    if (setsockopt(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), IPPROTO_TCP, 13,
                   "cubic", 5) == 0)
        tcp_check_congestion("cubic");
}

Test(transport_tcp, names_the_congestion_control_that_there_is_not) {
    const struct ipm_transport *ops = ipm_transport_find("tcp");
    struct ipm_link link = {.ops = ops,
                            .config = {.message_bytes = 64, .congestion = "nonesuch"}};
    struct ipm_err err = {0};
    struct ipm_leaks leaks;
    ipm_leaks_begin(&leaks);
    link.state = calloc(1, ops->link_size);
    cr_expect_eq(ops->open(&link, &err), -ENOENT);
    cr_expect_not_null(strstr(err.text, "'nonesuch'"), "%s", err.text);
    cr_expect_not_null(strstr(err.hint, "tcp_available_congestion_control"), "%s",
                       err.hint);
    free(link.state);
    ipm_leaks_end(&leaks);
}

/* Both streams would wait for timers of 200 ms and more. */
Test(transport_tcp, is_skipped_with_a_buffer_that_is_too_small_for_two_streams) {
    const struct ipm_transport *ops = ipm_transport_find("tcp6");
    for (size_t bytes = 1024; bytes <= 2048; bytes *= 2) {
        struct ipm_link link = {
            .ops = ops,
            .config = {.buffer_bytes = bytes, .flow = IPM_BOTH_AT_ONCE, .peers = 1}};
        struct ipm_err err = {0};
        link.state = calloc(1, ops->link_size);
        const int failed = ops->open(&link, &err);
        cr_expect_eq(failed, bytes < 2048 ? -ENOBUFS : 0, "%s", err.text);
        cr_expect_eq(err.is_limit, bytes < 2048);
        if (!failed)
            ops->close(&link, IPM_PARENT);
        free(link.state);
    }
}

/* A network of one's own has a loopback that is down. */
static void tcp_check_without_loopback(const char *name) {
    struct ipm_err err = {0};
    size_t most = 0;
    if (unshare(CLONE_NEWNET) != 0)
        cr_skip_test("a network namespace is refused here");
    cr_expect(ipm_transport_find(name)->probe(&most, &err) < 0);
    cr_expect_eq(strncmp(err.text, "no IPv4 loopback: ", 18), 0, "%s", err.text);
}

Test(transport_tcp, says_that_there_is_no_loopback) {
    tcp_check_without_loopback("tcp");
}

Test(transport_udp, says_that_there_is_no_loopback) {
    tcp_check_without_loopback("udp");
}
