/* test_transport_unix_fd.c - descriptors that a receiver must not trust. */
#include "pair.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

enum { UFD_MOST = 5, UFD_BYTES = 100 };

static const int ufd_all = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;

static const struct ipm_transport *ufd_find(void) {
    const struct ipm_transport *ops = ipm_transport_find("unix-fd");
    cr_assert_not_null(ops);
    if (!ipm_pair_runs(ops))
        cr_skip_test("unix-fd does not run here");
    return ops;
}

static int ufd_memfd(size_t bytes, int seals) {
    int fd = memfd_create("hostile", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    cr_assert_geq(fd, 0);
    cr_assert_eq(ftruncate(fd, (off_t)bytes), 0);
    cr_assert_eq(fcntl(fd, F_ADD_SEALS, seals), 0);
    return fd;
}

/* Closes them, and sends `bytes` bytes of text with them. */
static void ufd_send(int socket, int *fds, unsigned count, size_t bytes) {
    static char text[UFD_BYTES];
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(UFD_MOST * sizeof(int))];
    } control = {.bytes = {0}};
    struct iovec part = {.iov_base = text, .iov_len = bytes};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (count > 0) {
        message.msg_control = control.bytes;
        const unsigned fd_bytes = count * (unsigned)sizeof(int);
        message.msg_controllen = (socklen_t)CMSG_SPACE(fd_bytes);
        control.header = (struct cmsghdr){.cmsg_level = SOL_SOCKET,
                                          .cmsg_type = SCM_RIGHTS,
                                          .cmsg_len = (socklen_t)CMSG_LEN(fd_bytes)};
        memcpy(CMSG_DATA(&control.header), fds, fd_bytes);
    }
    cr_assert_eq(sendmsg(socket, &message, 0), (ssize_t)bytes);
    for (unsigned i = 0; i < count; i++)
        (void)close(fds[i]);
}

/* Nothing of what was bad, nor a descriptor of it, stays; what follows it comes. */
static const char *ufd_refuse_one_take_one(struct ipm_pair *pair) {
    unsigned char bytes[UFD_BYTES];
    const int next = dup(pair->control);
    (void)close(next);
    if (ipm_pair_recv(pair, bytes, sizeof bytes) != -EBADMSG)
        return "took what it must not trust";
    if (ipm_pair_recv(pair, bytes, sizeof bytes) != 5 || memcmp(bytes, "right", 5) != 0)
        return "what came behind is lost";
    const int after = dup(pair->control);
    (void)close(after);
    return next == after ? NULL : "a descriptor was left open";
}

struct ufd_case {
    unsigned count; /* descriptors handed over */
    size_t bytes;   /* of each of them */
    int seals;
    size_t text_bytes; /* beside them */
};

static void ufd_check_refused(const struct ufd_case *c, const char *path) {
    struct ipm_pair pair;
    int fds[UFD_MOST];
    ipm_pair_open_plain(&pair, ufd_find());
    ipm_pair_start(&pair, ufd_refuse_one_take_one);
    for (unsigned i = 0; i < c->count; i++)
        fds[i] = path ? open(path, O_RDONLY | O_CLOEXEC) : ufd_memfd(c->bytes, c->seals);
    ufd_send(pair.end.tx_fd, fds, c->count, c->text_bytes);
    cr_assert_eq(ipm_pair_send(&pair, "right", 5), 5);
    ipm_pair_end(&pair);
}

Test(transport_unix_fd, is_a_connected_socket_of_messages) {
    const struct ipm_transport *ops = ipm_transport_find("unix-fd");
    cr_expect_eq(ops->caps, (unsigned)(IPM_CAP_MESSAGES | IPM_CAP_RELIABLE |
                                       IPM_CAP_CONNECTED | IPM_CAP_POLLABLE));
    cr_expect_eq(ops->direction, IPM_DUPLEX);
}

/* Any one of the seals that is not there lets the sender change what is being read. */
Test(transport_unix_fd, takes_nothing_that_can_still_be_changed) {
    const int missing[] = {F_SEAL_SEAL, F_SEAL_SHRINK, F_SEAL_GROW, F_SEAL_WRITE,
                           ufd_all};
    for (size_t i = 0; i < sizeof missing / sizeof *missing; i++)
        ufd_check_refused(
            &(const struct ufd_case){1, UFD_BYTES, ufd_all & ~missing[i], 1}, NULL);
}

Test(transport_unix_fd, takes_nothing_that_is_empty_or_no_memory) {
    ufd_check_refused(&(const struct ufd_case){1, 0, ufd_all, 1}, NULL);
    ufd_check_refused(&(const struct ufd_case){1, 0, 0, 1}, "/dev/zero");
}

Test(transport_unix_fd, takes_one_descriptor_neither_none_nor_several) {
    const unsigned counts[] = {0, 2, UFD_MOST};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        ufd_check_refused(&(const struct ufd_case){counts[i], UFD_BYTES, ufd_all, 1},
                          NULL);
}

Test(transport_unix_fd, takes_no_text_beside_the_descriptor) {
    ufd_check_refused(&(const struct ufd_case){1, UFD_BYTES, ufd_all, 2}, NULL);
}

static const char *ufd_take_real_length(struct ipm_pair *pair) {
    unsigned char byte = 0;
    return ipm_pair_recv(pair, &byte, 1) == UFD_BYTES ? NULL : "not the real length";
}

static void ufd_give_what_is_larger(struct ipm_pair *pair) {
    int fd = ufd_memfd(UFD_BYTES, ufd_all);
    ufd_send(pair->end.tx_fd, &fd, 1, 1);
}

Test(transport_unix_fd, tells_the_real_length_and_reads_no_more_than_fits) {
    ipm_pair_run(ufd_find(), ufd_take_real_length, ufd_give_what_is_larger);
}

static const char *ufd_wait(struct ipm_pair *pair) {
    return ipm_pair_await(pair) ? NULL : "the parent is gone";
}

/* The one that did not fit is closed by detach: the pair counts descriptors. */
static void ufd_fill(struct ipm_pair *pair) {
    ssize_t r = 0;
    (void)fcntl(pair->end.tx_fd, F_SETFL, O_NONBLOCK);
    while (r >= 0)
        r = ipm_pair_send(pair, "x", 1);
    cr_expect(r == -EAGAIN || r == -ETOOMANYREFS, "%zd", r);
    cr_assert(ipm_pair_tell(pair));
}

Test(transport_unix_fd, leaves_no_descriptor_of_a_message_that_was_not_sent) {
    ipm_pair_run(ufd_find(), ufd_wait, ufd_fill);
}
