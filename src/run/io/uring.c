/* uring.c - an I/O backend that makes as many requests as a batch has messages by one system
 * call, io_uring(7). */
#include "run/io/io.h"

#include "base/err.h"
#include "run/pump/pump.h"
#ifdef IPM_LIBURING
#include "run/io/uring_end.h"
#endif

#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>

#ifdef IPM_LIBURING

enum { URING_PROBE_ROOM = 1, URING_IN_TURN_ROOM = 2 };

/* The rings of both ends count as locked memory of one user. */
static void uring_name_limit(struct ipm_err *err) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
        ipm_err_limit(err,
                      "RLIMIT_MEMLOCK allows %llu KiB of locked memory: 'ulimit -l "
                      "unlimited', or 'prlimit --memlock=unlimited' as root, raises it",
                      (unsigned long long)limit.rlim_cur / 1024);
}

static int uring_refuse(int failed, struct ipm_err *err) {
    if (failed == -EINVAL)
        return ipm_err_set(err, -ENOSYS, "io_uring of this kernel is older than 5.19");
    (void)ipm_err_sys(err, failed, "cannot make an io_uring");
    if (failed == -EPERM)
        ipm_err_hint(err, "a seccomp filter or the sysctl kernel.io_uring_disabled "
                          "forbids it");
    if (failed == -ENOMEM)
        uring_name_limit(err);
    return failed;
}

/* A filter of system calls may allow a ring and none of its turns. */
static int uring_probe(struct ipm_err *err) {
    struct ipm_uring ring;
    uint64_t calls = 0;
    int failed = ipm_uring_make(&ring, URING_PROBE_ROOM);
    if (!failed) {
        io_uring_prep_nop(ipm_uring_next(&ring));
        failed = ipm_uring_turn(&ring, &calls);
    }
    ipm_uring_drop(&ring);
    return failed ? uring_refuse(failed, err) : 0;
}

/* The pump owns the end from now on, also after an error. */
static int uring_make(struct ipm_pump *pump, unsigned least_room, struct ipm_err *err) {
    struct ipm_uring_end *end = calloc(1, sizeof *end);
    if (!end)
        return ipm_err_sys(err, -ENOMEM, "cannot make room for an io_uring");
    pump->driver = end;
    end->end = *pump->end;
    int failed =
        ipm_uring_make(&end->ring, pump->batch > least_room ? pump->batch : least_room);
    end->ring.wait = pump->wait;
    end->ring.tries = ipm_wait_count_tries(pump->wait, pump->config->wait, pump->end);
    return failed ? uring_refuse(failed, err) : 0;
}

/* If requests and responses alternate, the outgoing pump owns the end of both. */
static struct ipm_uring_end *uring_end_in(const struct ipm_io_pumps *pumps) {
    return (pumps->in_turn && pumps->out ? pumps->out : pumps->in)->driver;
}

static int uring_prepare(const struct ipm_io_pumps *pumps, struct ipm_err *err) {
    const bool in_turn = pumps->in_turn;
    int failed = 0;
    if (pumps->out)
        failed = uring_make(pumps->out, in_turn ? URING_IN_TURN_ROOM : 1, err);
    if (pumps->out && !failed)
        ipm_uring_drive_out(pumps->out->driver, pumps->out, in_turn);
    if (pumps->in && !failed && !in_turn)
        failed = uring_make(pumps->in, 1, err);
    if (pumps->in && !failed)
        ipm_uring_drive_in(uring_end_in(pumps), pumps->in, in_turn);
    return failed;
}

static void uring_count(const struct ipm_io_pumps *pumps) {
    if (pumps->out) {
        const struct ipm_uring_end *end = pumps->out->driver;
        pumps->out->counts.calls = end->send_calls;
    }
    if (pumps->in)
        pumps->in->counts.calls = uring_end_in(pumps)->recv_calls;
}

static void uring_drop(struct ipm_pump *pump) {
    struct ipm_uring_end *end = pump ? pump->driver : NULL;
    if (!end)
        return;
    ipm_uring_drop(&end->ring);
    free(end);
    pump->driver = NULL;
}

static void uring_done(const struct ipm_io_pumps *pumps) {
    uring_drop(pumps->out);
    uring_drop(pumps->in);
}

#else

static int uring_probe(struct ipm_err *err) {
    ipm_err_hint(err, "on Debian: apt-get install liburing-dev, and build again");
    return ipm_err_set(err, -ENOSYS, "built without liburing");
}

#endif

extern const struct ipm_io ipm_io_uring;
const struct ipm_io ipm_io_uring = {
    .name = "uring",
    .summary = "io_uring, a batch of requests in one system call",
    .drives = true,
    .probe = uring_probe,
#ifdef IPM_LIBURING
    .prepare = uring_prepare,
    .count = uring_count,
    .done = uring_done,
#endif
};
