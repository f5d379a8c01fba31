/* test_run_waits.c - which way of waiting an end gets, and what it changes. */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "run/waits/wait.h"
#include "transports/transport.h"

static const struct {
    bool spin;
    unsigned caps;
    const char *name;
} choices[] = {
    {false, IPM_CAP_POLLABLE, "block"},
    {true, IPM_CAP_POLLABLE, "spin"},
    {false, IPM_CAP_LOOKS, "hybrid"},
    {true, IPM_CAP_LOOKS, "spin"},
    {false, IPM_CAP_LOOKS | IPM_CAP_UNWOKEN, "spin"},
};

Test(run_waits, are_chosen_by_what_a_transport_can_do) {
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
        cr_expect_str_eq(ipm_wait_choose(choices[i].spin, choices[i].caps)->name,
                         choices[i].name);
}

Test(run_waits, are_found_by_their_names) {
    for (size_t i = 0; ipm_waits[i]; i++) {
        cr_expect_eq(ipm_wait_find(ipm_waits[i]->name), ipm_waits[i]);
        cr_expect_not_null(ipm_waits[i]->summary);
    }
    cr_expect_null(ipm_wait_find("blocks"));
}

static bool is_nonblocking(int fd) {
    return (fcntl(fd, F_GETFL) & O_NONBLOCK) != 0;
}

static struct ipm_endpoint with_descriptors(void) {
    int fds[2];
    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
    return (struct ipm_endpoint){.rx_fd = fds[0], .tx_fd = fds[1]};
}

Test(run_waits, of_descriptors_spin_by_not_blocking) {
    struct ipm_endpoint end = with_descriptors();
    cr_assert_eq(ipm_wait_prepare(ipm_wait_find("block"), &end, NULL), 0);
    cr_expect_not(end.nonblocking || is_nonblocking(end.rx_fd));
    cr_assert_eq(ipm_wait_prepare(ipm_wait_find("spin"), &end, NULL), 0);
    cr_expect(end.nonblocking && is_nonblocking(end.rx_fd) && is_nonblocking(end.tx_fd));
    cr_expect_null(end.on_miss);
}

Test(run_waits, look_no_more_once_an_end_does_not_block) {
    struct ipm_endpoint end = with_descriptors();
    cr_assert_eq(ipm_wait_prepare(ipm_wait_find("hybrid"), &end, NULL), 0);
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
    struct ipm_endpoint end = {.rx_fd = -1, .tx_fd = -1};
    unsigned misses = 0;
    cr_assert_eq(ipm_wait_prepare(ipm_wait_find("spin"), &end, NULL), 0);
    cr_expect_not(end.nonblocking);
    cr_assert_not_null(end.on_miss);
    while (misses < 100000 && end.on_miss(misses) == 0)
        misses++;
    cr_expect(misses > 0 && misses < 100000, "%u", misses);
    cr_expect_eq(errno, EINTR);
}
