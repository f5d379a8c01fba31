/* test_run_io.c - ways of driving descriptors: the table, what a machine that has none says,
 * and what a turn of a ring takes and leaves. */
#include "base/err.h"
#include "run/io/io.h"
#include "run/process/stop.h"
#include "run/pump/pump.h"
#include "tests/support/refuse.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { IO_BYTES = 100, IO_BATCH = 5 };

Test(run_io, has_a_row_and_words_for_each_name) {
    static const char *const names[] = {"sync", "uring"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        cr_assert_str_eq(ipm_ios[i]->name, names[i]);
        cr_assert_eq(ipm_io_find(names[i]), ipm_ios[i]);
        cr_assert_lt(strlen(ipm_ios[i]->summary), 61);
    }
    cr_assert_null(ipm_ios[sizeof names / sizeof *names]);
    cr_assert_null(ipm_io_find("urin"));
    cr_assert_null(ipm_io_find(""));
}

Test(run_io, of_the_transports_own_calls_is_always_there) {
    const struct ipm_drive drive = ipm_io_drive(ipm_io_find("sync"));
    cr_assert_str_eq(drive.name, "sync");
    cr_assert(drive.runnable);
    cr_assert_not(drive.drives);
    cr_assert_str_eq(drive.reason, "");
}

/* --- machines that have none -------------------------------------------------------- */

static const struct ipm_io *io_uring_or_skip(void) {
    const struct ipm_io *io = ipm_io_find("uring");
    struct ipm_err err = {0};
    if (io->probe(&err) != 0)
        cr_skip_test("%s (%s)", err.text, err.hint);
    return io;
}

static void io_expect_refused(unsigned error_number, const char *reason) {
    const struct ipm_io *io = io_uring_or_skip();
    ipm_refuse(SYS_io_uring_setup, (int)error_number);
    const struct ipm_drive drive = ipm_io_drive(io);
    cr_assert_not(drive.runnable);
    cr_assert(drive.drives);
    cr_assert_str_eq(drive.reason, reason);
}

Test(run_io, that_is_forbidden_says_by_what) {
    io_expect_refused(
        EPERM, "cannot make an io_uring: Operation not permitted (a seccomp filter "
               "or the sysctl kernel.io_uring_disabled forbids it)");
}

Test(run_io, that_has_too_little_locked_memory_names_the_limit) {
    const struct rlimit limit = {.rlim_cur = 16384, .rlim_max = 16384};
    cr_assert_eq(setrlimit(RLIMIT_MEMLOCK, &limit), 0);
    io_expect_refused(ENOMEM, "cannot make an io_uring: Cannot allocate memory "
                              "(RLIMIT_MEMLOCK allows 16 KiB of locked memory: 'ulimit "
                              "-l unlimited', or 'prlimit --memlock=unlimited' as root, "
                              "raises it)");
}

Test(run_io, that_is_not_there_says_why) {
    io_expect_refused(ENOSYS, "cannot make an io_uring: Function not implemented (this "
                              "kernel, or a container's filter of system calls, does not "
                              "allow it)");
}

Test(run_io, that_is_too_old_says_what_it_takes) {
    io_expect_refused(EINVAL, "io_uring of this kernel is older than 5.19");
}

/* --- turns -------------------------------------------------------------------------- */

static ssize_t io_no_send_batch(struct ipm_endpoint *end, const void *buf, size_t len,
                                unsigned count) {
    (void)end;
    (void)buf;
    (void)len;
    (void)count;
    return -1;
}

static ssize_t io_no_recv_batch(struct ipm_endpoint *end, void *buf, size_t cap,
                                unsigned count, size_t *lens) {
    (void)end;
    (void)buf;
    (void)cap;
    (void)count;
    (void)lens;
    return -1;
}

static const struct ipm_transport io_datagrams = {
    .name = "drops",
    .caps = IPM_CAP_MESSAGES | IPM_CAP_RELIABLE | IPM_CAP_PLAIN,
    .send_batch = io_no_send_batch,
    .recv_batch = io_no_recv_batch,
};

struct io_pair {
    const struct ipm_io *io;
    int peer_fd;
    struct ipm_endpoint end;
    struct ipm_pump out;
    struct ipm_pump in;
    struct ipm_io_pumps pumps;
};

static struct io_pair pair;

static void io_begin(void) {
    int fds[2];
    static const struct ipm_case_config config = {
        .message_bytes = IO_BYTES, .batch = IO_BATCH, .verify = true};
    const struct ipm_pump pump = {.end = &pair.end, .config = &config, .messages = 1000};
    struct ipm_err err = {0};
    pair.io = io_uring_or_skip();
    cr_assert_eq(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, fds), 0);
    pair.peer_fd = fds[1];
    pair.end =
        (struct ipm_endpoint){.ops = &io_datagrams, .rx_fd = fds[0], .tx_fd = fds[0]};
    pair.out = pair.in = pump;
    cr_assert_eq(ipm_pump_init(&pair.out), 0);
    cr_assert_eq(ipm_pump_init(&pair.in), 0);
    pair.pumps = (struct ipm_io_pumps){.out = &pair.out, .in = &pair.in};
    cr_assert_eq(pair.io->prepare(&pair.pumps, &err), 0, "%s", err.text);
}

static void io_end(void) {
    if (pair.pumps.out)
        pair.io->done(&pair.pumps);
    ipm_pump_done(&pair.out);
    ipm_pump_done(&pair.in);
}

TestSuite(run_io_turn, .init = io_begin, .fini = io_end);

static void io_peer_sends(unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        unsigned char message[IO_BYTES];
        memset(message, (int)i + 1, sizeof message);
        cr_assert_eq(send(pair.peer_fd, message, sizeof message - i, 0),
                     (ssize_t)sizeof message - i);
    }
}

static ssize_t io_recv_batch(size_t lens[IO_BATCH]) {
    return pair.in.calls.recv_batch(pair.in.end, pair.in.buf, IO_BYTES, IO_BATCH, lens);
}

Test(run_io_turn, takes_what_is_there_in_its_order_and_waits_for_no_more) {
    size_t lens[IO_BATCH];
    io_peer_sends(3);
    cr_assert_eq(io_recv_batch(lens), 3);
    for (unsigned i = 0; i < 3; i++) {
        cr_assert_eq(lens[i], IO_BYTES - i);
        cr_assert_eq(pair.in.buf[i * IO_BYTES], i + 1);
    }
}

Test(run_io_turn, takes_no_more_than_there_is_room_for) {
    size_t lens[IO_BATCH];
    io_peer_sends(IO_BATCH + 2);
    cr_assert_eq(io_recv_batch(lens), IO_BATCH);
    cr_assert_eq(io_recv_batch(lens), 2);
    cr_assert_eq(pair.in.buf[0], IO_BATCH + 1);
}

Test(run_io_turn, tells_the_length_of_a_message_that_was_cut) {
    unsigned char message[3 * IO_BYTES] = {0};
    cr_assert_eq(send(pair.peer_fd, message, sizeof message, 0), 3 * IO_BYTES);
    cr_assert_eq(pair.in.calls.recv(pair.in.end, pair.in.buf, IO_BYTES), 3 * IO_BYTES);
}

Test(run_io_turn, sends_a_batch_in_its_order_by_one_call) {
    unsigned char message[IO_BYTES];
    for (unsigned i = 0; i < IO_BATCH; i++)
        memset(pair.out.buf + i * IO_BYTES, (int)i + 1, IO_BYTES);
    cr_assert_eq(
        pair.out.calls.send_batch(pair.out.end, pair.out.buf, IO_BYTES, IO_BATCH),
        IO_BATCH);
    for (unsigned i = 0; i < IO_BATCH; i++) {
        cr_assert_eq(recv(pair.peer_fd, message, sizeof message, MSG_DONTWAIT), IO_BYTES);
        cr_assert_eq(message[0], i + 1);
    }
    pair.io->count(&pair.pumps);
    cr_assert_eq(pair.out.counts.calls, 1);
    cr_assert_eq(pair.in.counts.calls, 0);
}

Test(run_io_turn, says_that_the_peer_is_gone) {
    (void)close(pair.peer_fd);
    cr_assert_eq(pair.out.calls.send(pair.out.end, pair.out.buf, IO_BYTES), -1);
    cr_assert(errno == ECONNREFUSED || errno == EPIPE || errno == ENOTCONN, "%s",
              strerror(errno));
}

/* Else the kernel would write into memory that is somebody else's by then: what comes later
 * comes to who asks later. */
Test(run_io_turn, that_is_given_up_leaves_nothing_in_flight) {
    unsigned char later[IO_BYTES] = {0};
    ipm_stop_install();
    ipm_stop_arm(1000000);
    while (!ipm_stop_expired())
        continue;
    pair.in.buf[0] = 77;
    cr_assert_eq(pair.in.calls.recv(pair.in.end, pair.in.buf, IO_BYTES), -1);
    cr_assert_eq(errno, EINTR);
    ipm_stop_disarm();
    io_peer_sends(2); /* one for who asks now, one for a request left behind */
    cr_assert_eq(pair.in.calls.recv(pair.in.end, later, IO_BYTES), IO_BYTES);
    cr_assert_eq(later[0], 1);
    cr_assert_eq(pair.in.buf[0], 77);
}
