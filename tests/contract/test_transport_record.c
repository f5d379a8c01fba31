/* test_transport_record.c - messages that come in pieces, by a scripted recvmsg; and what is
 * said of a protocol that the kernel does not have. */
#include "pair.h"
#include "run/schedule/runner.h"
#include "transports/common/record.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { RECORD_CALLS = 8 };

/* What each call gives: so many bytes of what is offered at most, or an error. */
struct record_piece {
    ssize_t bytes;
    int flags;
    int error;
};

static struct record_piece record_script[RECORD_CALLS];
static unsigned record_calls;
static unsigned record_given; /* bytes: the next one is this number */
static unsigned char record_buf[64];

static ssize_t record_take(int fd, struct msghdr *message, int flags) {
    const struct record_piece *piece = &record_script[record_calls++];
    unsigned char *at = message->msg_iov->iov_base;
    (void)fd;
    cr_assert_eq(flags, 0);
    cr_assert_eq(message->msg_iovlen, 1u);
    cr_assert(piece->bytes <= (ssize_t)message->msg_iov->iov_len);
    for (ssize_t i = 0; i < piece->bytes; i++)
        at[i] = (unsigned char)record_given++;
    message->msg_flags = piece->flags;
    errno = piece->error;
    return piece->bytes;
}

static ssize_t record_recv(size_t cap) {
    int fds[2];
    cr_assert_eq(pipe(fds), 0);
    cr_assert_eq(write(fds[1], "x", 1), 1); /* for whoever waits for it */
    struct ipm_endpoint end = {.rx_fd = fds[0], .tx_fd = -1};
    record_calls = record_given = 0;
    memset(record_buf, 0xee, sizeof record_buf);
    ssize_t r = ipm_record_recv_by(record_take, &end, record_buf, cap);
    const int error = errno;
    (void)close(fds[0]);
    (void)close(fds[1]);
    errno = error;
    return r;
}

/* The first `count` bytes in order, and nothing behind them. */
static void record_expect(size_t count, unsigned calls) {
    for (size_t i = 0; i < sizeof record_buf; i++)
        cr_expect_eq(record_buf[i], i < count ? i : 0xee, "byte %zu", i);
    cr_expect_eq(record_calls, calls);
}

Test(transport_record, is_one_call_where_it_comes_whole) {
    record_script[0] = (struct record_piece){10, MSG_EOR, 0};
    cr_expect_eq(record_recv(10), 10);
    record_expect(10, 1);
}

Test(transport_record, is_put_together_of_its_pieces) {
    record_script[0] = (struct record_piece){10, 0, 0};
    record_script[1] = (struct record_piece){5, 0, 0};
    record_script[2] = (struct record_piece){7, MSG_EOR, 0};
    cr_expect_eq(record_recv(22), 22);
    record_expect(22, 3);
}

Test(transport_record, that_does_not_fit_is_told_by_its_length_and_its_rest_is_lost) {
    record_script[0] = (struct record_piece){10, 0, 0};
    record_script[1] = (struct record_piece){4000, 0, 0};
    record_script[2] = (struct record_piece){7, MSG_EOR, 0};
    cr_expect_eq(record_recv(10), 4017);
    record_expect(10, 3);
}

Test(transport_record, is_waited_for_once_it_has_begun) {
    record_script[0] = (struct record_piece){10, 0, 0};
    record_script[1] = (struct record_piece){-1, 0, EAGAIN};
    record_script[2] = (struct record_piece){2, MSG_EOR, 0};
    cr_expect_eq(record_recv(22), 12);
    record_expect(12, 3);
}

Test(transport_record, ends_with_the_stream_or_with_a_signal) {
    record_script[0] = (struct record_piece){0, 0, 0};
    cr_expect_eq(record_recv(22), 0);
    record_script[0] = (struct record_piece){-1, 0, EAGAIN};
    cr_expect_eq(record_recv(22), -1);
    cr_expect_eq(errno, EAGAIN);
    record_expect(0, 1);
    record_script[0] = (struct record_piece){10, 0, 0};
    record_script[1] = (struct record_piece){0, 0, 0};
    cr_expect_eq(record_recv(22), 0);
    record_script[1] = (struct record_piece){-1, 0, EINTR};
    cr_expect_eq(record_recv(22), -1);
    cr_expect_eq(errno, EINTR);
}

static const char *record_reason(const char *name, struct ipm_err *err) {
    size_t most = 0;
    *err = (struct ipm_err){0};
    return ipm_runner_try(ipm_transport_find(name), 0, &most, err) == 0 ? NULL
                                                                        : err->text;
}

/* Where there is one it is tested like every other row. */
Test(transport_record, of_no_protocol_has_a_reason_that_helps) {
    struct ipm_err err;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_SCTP);
    const char *reason = record_reason("sctp", &err);
    cr_expect_eq(reason == NULL, fd >= 0, "%s", reason);
    cr_expect(!reason || strstr(reason, "no SCTP in this kernel: 'modprobe sctp'"), "%s",
              reason);
    if (fd >= 0)
        (void)close(fd);
    reason = record_reason("vsock", &err);
    cr_expect(!reason || strstr(reason, "'modprobe vsock_loopback' may load it"), "%s",
              reason);
}

Test(transport_record, can_do_what_a_connection_can) {
    const unsigned stream =
        IPM_CAP_RELIABLE | IPM_CAP_CONNECTED | IPM_CAP_MULTI | IPM_CAP_POLLABLE;
    cr_expect_eq(ipm_transport_find("vsock")->caps, stream | IPM_CAP_PLAIN);
    cr_expect_eq(ipm_transport_find("sctp")->caps,
                 stream | IPM_CAP_MESSAGES | IPM_CAP_REMOTE);
}
