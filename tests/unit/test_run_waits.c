/* test_run_waits.c - which way of waiting an end gets, and what it changes. */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "run/waits/wait.h"
#include "transports/transport.h"

static const struct {
    const char *word;
    unsigned caps;
    const char *name;
} choices[] = {
    {"", IPM_CAP_POLLABLE, "block"},
    {"block", IPM_CAP_LOOKS, "block"},
    {"hybrid", IPM_CAP_POLLABLE, "hybrid"},
    {"hybrid:5us", IPM_CAP_LOOKS, "hybrid"},
    {"spin", IPM_CAP_POLLABLE, "spin"},
    {"poll", IPM_CAP_POLLABLE, "poll"},
    {"block", IPM_CAP_LOOKS | IPM_CAP_UNWOKEN, "spin"},
};

Test(run_waits, are_chosen_by_the_setting_and_by_what_a_transport_can_do) {
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
        cr_expect_str_eq(ipm_wait_choose(choices[i].word, choices[i].caps)->kind.name,
                         choices[i].name);
}

Test(run_waits, are_found_by_their_names) {
    for (size_t i = 0; ipm_waits[i]; i++) {
        cr_expect_eq(ipm_wait_find(ipm_waits[i]->kind.name), ipm_waits[i]);
        cr_expect_not_null(ipm_waits[i]->summary);
    }
    cr_expect_null(ipm_wait_find("blocks"));
    cr_expect_null(ipm_wait_find("bloc"));
}

static atomic_uint waits_calls;

static ssize_t test_recv(struct ipm_endpoint *end, void *buf, size_t cap) {
    waits_calls++;
    return recv(end->rx_fd, buf, cap, 0);
}

static const struct ipm_transport test_pollable = {.caps = IPM_CAP_POLLABLE,
                                                   .recv = test_recv};
static const struct ipm_transport test_memory = {.caps = IPM_CAP_LOOKS};

static bool is_nonblocking(int fd) {
    return (fcntl(fd, F_GETFL) & O_NONBLOCK) != 0;
}

static struct ipm_endpoint with_descriptors(void) {
    int fds[2];
    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
    return (struct ipm_endpoint){.ops = &test_pollable, .rx_fd = fds[0], .tx_fd = fds[1]};
}

static struct ipm_endpoint of_memory(void) {
    return (struct ipm_endpoint){.ops = &test_memory, .rx_fd = -1, .tx_fd = -1};
}

static void prepare(const char *word, struct ipm_endpoint *end) {
    cr_assert_eq(ipm_wait_prepare(ipm_wait_find(word), word, end, NULL), 0);
}

Test(run_waits, of_descriptors_all_but_block_do_not_block) {
    static const char *const words[] = {"hybrid", "spin", "poll"};
    struct ipm_endpoint end = with_descriptors();
    prepare("block", &end);
    cr_expect_not(end.nonblocking || is_nonblocking(end.rx_fd));
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        end = with_descriptors();
        prepare(words[i], &end);
        cr_expect(end.nonblocking && is_nonblocking(end.rx_fd) &&
                  is_nonblocking(end.tx_fd));
        cr_expect_null(end.on_miss);
    }
}

/* When all tries have been made, and a little later. */
static void *send_late(void *context) {
    const struct ipm_endpoint *end = context;
    while (waits_calls < end->looks)
        (void)usleep(1000);
    (void)usleep(20000);
    (void)!write(end->tx_fd, "x", 1);
    return NULL;
}

/* Returns how many calls of recv are made until a byte arrives, which is there from the start or
 * comes late. */
static unsigned recv_late(const char *word, bool late) {
    struct ipm_endpoint end = with_descriptors();
    struct ipm_transport own = test_pollable;
    pthread_t thread;
    char byte = 0;
    prepare(word, &end);
    ipm_wait_wrap(ipm_wait_find(word), &end, &own);
    waits_calls = 0;
    if (late) {
        cr_assert_eq(pthread_create(&thread, NULL, send_late, &end), 0);
    } else {
        cr_assert_eq(write(end.tx_fd, "x", 1), 1);
    }
    cr_expect_eq(own.recv(&end, &byte, 1), 1, "%s: %d", word, errno);
    if (late)
        (void)pthread_join(thread, NULL);
    return waits_calls;
}

Test(run_waits, poll_makes_no_call_in_vain) {
    cr_expect_eq(recv_late("poll", false), 1);
    cr_expect_eq(recv_late("poll", true), 1);
}

Test(run_waits, hybrid_tries_for_its_time_and_then_sleeps) {
    cr_expect_eq(recv_late("hybrid:1ns", false), 1);
    cr_expect_leq(recv_late("hybrid:1ns", true), 3);
    const unsigned few = recv_late("hybrid:20us", true);
    cr_expect(few > 3 && few < 20000, "%u calls", few);
    cr_expect_gt(recv_late("hybrid:10ms", true), few);
}

Test(run_waits, of_memory_look_as_long_as_the_setting_says) {
    struct ipm_endpoint end = of_memory();
    prepare("block", &end);
    cr_expect_eq(end.looks, 0);
    cr_expect_null(end.on_miss);
    prepare("hybrid:20us", &end);
    const unsigned looks = end.looks;
    cr_expect(looks > 10 && looks < 100000, "%u looks", looks);
    prepare("hybrid:2ms", &end);
    cr_expect_gt(end.looks, 10 * looks);
    cr_expect_null(end.on_miss);
}

Test(run_waits, look_no_more_once_an_end_does_not_block) {
    struct ipm_endpoint end = with_descriptors();
    prepare("hybrid", &end);
    cr_expect_lt(0, end.looks);
    cr_assert_eq(ipm_wait_unblock(&end, NULL), 0);
    cr_expect_eq(end.looks, 0);
}

Test(run_waits, tell_of_a_descriptor_that_is_not_open) {
    struct ipm_err err = {0};
    struct ipm_endpoint end = with_descriptors();
    (void)close(end.tx_fd);
    cr_expect_eq(ipm_wait_unblock(&end, &err), -EBADF);
    cr_expect_not(end.nonblocking);
    cr_expect_str_eq(err.text,
                     "cannot make a descriptor non-blocking: Bad file descriptor");
}

/* A call that never came back would never hear of a wish to stop. */
Test(run_waits, without_descriptors_spin_and_come_back) {
    struct ipm_endpoint end = of_memory();
    unsigned misses = 0;
    prepare("spin", &end);
    cr_expect_not(end.nonblocking);
    cr_assert_not_null(end.on_miss);
    while (misses < 100000 && end.on_miss(misses) == 0)
        misses++;
    cr_expect(misses > 0 && misses < 100000, "%u", misses);
    cr_expect_eq(errno, EINTR);
}
