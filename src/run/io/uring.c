/* uring.c - by io_uring(7): as many requests as a batch has messages are handed over in one
 * system call. Knows no transport: it drives the descriptors of an end. */
#include "run/io/io.h"

#include "base/err.h"
#include "run/pump/pump.h"
#ifdef IPM_LIBURING
#include "run/io/uring_end.h"
#endif

#include <errno.h>
#include <stdlib.h>

#ifdef IPM_LIBURING

enum { URING_PROBE_ROOM = 1, URING_IN_TURN_ROOM = 2 };

static int uring_refuse(int failed, struct ipm_err *err) {
    if (failed == -EINVAL)
        return ipm_err_set(err, -ENOSYS, "io_uring of this kernel is older than 5.19");
    (void)ipm_err_sys(err, failed, "cannot make an io_uring");
    if (failed == -ENOSYS)
        ipm_err_hint(err, "this kernel has none, or a seccomp filter hides it");
    if (failed == -EPERM)
        ipm_err_hint(err, "a seccomp filter or the sysctl kernel.io_uring_disabled "
                          "forbids it");
    return failed;
}

static int uring_probe(struct ipm_err *err) {
    struct ipm_ring ring;
    int failed = ipm_ring_make(&ring, URING_PROBE_ROOM);
    ipm_ring_drop(&ring);
    return failed ? uring_refuse(failed, err) : 0;
}

/* Kept by the pump from now on, whatever happens. */
static int uring_make(struct ipm_pump *pump, unsigned least_room, struct ipm_err *err) {
    struct ipm_uring_end *end = calloc(1, sizeof *end);
    if (!end)
        return ipm_err_sys(err, -ENOMEM, "cannot make room for an io_uring");
    pump->driver = end;
    end->end = *pump->end;
    int failed =
        ipm_ring_make(&end->ring, pump->batch > least_room ? pump->batch : least_room);
    return failed ? uring_refuse(failed, err) : 0;
}

static int uring_prepare_out(struct ipm_pump *out, struct ipm_err *err) {
    int failed = uring_make(out, 1, err);
    if (!failed)
        ipm_uring_drive_out(out->driver, out, false);
    return failed;
}

static int uring_prepare_in(struct ipm_pump *in, struct ipm_err *err) {
    int failed = uring_make(in, 1, err);
    if (!failed)
        ipm_uring_drive_in(in->driver, in, false);
    return failed;
}

static int uring_prepare_in_turn(const struct ipm_io_ways *ways, struct ipm_err *err) {
    int failed = uring_make(ways->out, URING_IN_TURN_ROOM, err);
    if (failed)
        return failed;
    ipm_uring_drive_out(ways->out->driver, ways->out, true);
    ipm_uring_drive_in(ways->out->driver, ways->in, true);
    return 0;
}

static int uring_prepare(const struct ipm_io_ways *ways, struct ipm_err *err) {
    int failed = 0;
    if (ways->in_turn)
        return uring_prepare_in_turn(ways, err);
    if (ways->out)
        failed = uring_prepare_out(ways->out, err);
    if (!failed && ways->in)
        failed = uring_prepare_in(ways->in, err);
    return failed;
}

/* In turn, one end is for both, and the way out has it. */
static void uring_count(const struct ipm_io_ways *ways) {
    if (ways->out) {
        const struct ipm_uring_end *end = ways->out->driver;
        ways->out->counts.calls = end->send_calls;
    }
    if (ways->in) {
        const bool by_out = ways->in_turn && ways->out;
        const struct ipm_uring_end *end = (by_out ? ways->out : ways->in)->driver;
        ways->in->counts.calls = end->recv_calls;
    }
}

static void uring_drop(struct ipm_pump *pump) {
    struct ipm_uring_end *end = pump ? pump->driver : NULL;
    if (!end)
        return;
    ipm_ring_drop(&end->ring);
    free(end);
    pump->driver = NULL;
}

static void uring_done(const struct ipm_io_ways *ways) {
    uring_drop(ways->out);
    uring_drop(ways->in);
}

#else

static int uring_probe(struct ipm_err *err) {
    (void)ipm_err_set(err, -ENOSYS, "built without liburing");
    ipm_err_hint(err, "on Debian: apt-get install liburing-dev, and build again");
    return -ENOSYS;
}

static int uring_prepare(const struct ipm_io_ways *ways, struct ipm_err *err) {
    (void)ways;
    return uring_probe(err);
}

static void uring_count(const struct ipm_io_ways *ways) {
    (void)ways;
}

static void uring_done(const struct ipm_io_ways *ways) {
    (void)ways;
}

#endif

extern const struct ipm_io ipm_io_uring;
const struct ipm_io ipm_io_uring = {
    .name = "uring",
    .summary = "by io_uring, a batch of requests in one system call",
    .drives = true,
    .probe = uring_probe,
    .prepare = uring_prepare,
    .count = uring_count,
    .done = uring_done,
};
