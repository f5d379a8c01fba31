/* shm_ring.c - rings in shared memory whose sides sleep on a futex(2) while there is nothing to
 * read, or no space; and those whose sides never sleep. */
#include "transports/common/fd.h"
#include "transports/memory/shm.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Nobody wakes a side whose peer has died, so it checks that so often. */
enum { RING_LOOK_NS = 100000000 };

/* Not FUTEX_PRIVATE_FLAG: two processes. */
static void ring_wake(struct ipm_shm_end *shm, _Atomic uint32_t *waits) {
    if (ipm_ring_is_awaited(waits) && atomic_exchange(waits, 0) != 0 &&
        syscall(SYS_futex, waits, FUTEX_WAKE, 1, NULL, NULL, 0) < 0)
        ipm_shm_break(shm, errno);
}

static void ring_told(struct ipm_shm_end *shm) {
    ring_wake(shm, &shm->out.shared->reader_waits);
}

static void ring_freed(struct ipm_shm_end *shm) {
    ring_wake(shm, &shm->in.shared->writer_waits);
}

/* Sleeps while the word is 1. Returns 0, also when it no longer is (EAGAIN), or a negative errno:
 * after -ETIMEDOUT the caller looks again, any other one ends its wait. */
static int ring_sleep(const struct ipm_shm_end *shm, _Atomic uint32_t *waits) {
    const struct timespec limit = {.tv_nsec = RING_LOOK_NS};
    if (ipm_shm_check(shm) < 0)
        return -errno;
    if (syscall(SYS_futex, waits, FUTEX_WAIT, 1, &limit, NULL, 0) == 0 || errno == EAGAIN)
        return 0;
    return -errno;
}

static void ring_announce(struct ipm_shm_end *shm, _Atomic uint32_t *waits) {
    atomic_store(waits, 1);
    ipm_shm_settle(shm);
}

static int ring_await_message(struct ipm_endpoint *end, struct ipm_shm_end *shm) {
    _Atomic uint32_t *const waits = &shm->in.shared->reader_waits;
    if (end->on_miss)
        return ipm_shm_miss_message(end, shm);
    ring_announce(shm, waits);
    int seen = ipm_shm_look(shm, false);
    if (seen < 0) {
        int failed = ring_sleep(shm, waits);
        if (failed && failed != -ETIMEDOUT) {
            atomic_store(waits, 0);
            return ipm_shm_fail(-failed);
        }
        seen = ipm_shm_look(shm, failed && ipm_shm_is_alone(shm));
        shm->late_messages += failed && seen > 0;
    }
    atomic_store(waits, 0);
    return seen < 0 ? 1 : seen;
}

/* A reader that has gone releases no space, so only here it matters whether it has. */
static int ring_await_room(struct ipm_endpoint *end, struct ipm_shm_end *shm) {
    _Atomic uint32_t *const waits = &shm->out.shared->writer_waits;
    int failed = 0;
    if (end->on_miss)
        return ipm_shm_miss_room(end, shm);
    ring_announce(shm, waits);
    if (!ipm_shm_has_room(shm) && atomic_load(&shm->out.shared->left) == 0)
        failed = ring_sleep(shm, waits);
    atomic_store(waits, 0);
    if (failed && failed != -ETIMEDOUT)
        return ipm_shm_fail(-failed);
    if (ipm_shm_has_room(shm)) {
        shm->late_rooms += failed != 0;
        return 1;
    }
    if (atomic_load(&shm->out.shared->left) != 0 || (failed && ipm_shm_is_alone(shm)))
        return ipm_shm_fail(EPIPE);
    return 1;
}

static const struct ipm_shm_way ring_way = {
    .sleeps = true,
    .told = ring_told,
    .freed = ring_freed,
    .await_message = ring_await_message,
    .await_room = ring_await_room,
};

IPM_SHM_CALLS(ring, &ring_way)

const struct ipm_transport ipm_transport_shm_ring = {
    IPM_SHM_OPERATIONS(ring),
    .name = "shm-ring",
    .summary = "rings in shared memory, sleeping on a futex",
    .caps = IPM_SHM_CAPS,
    .attach = ipm_shm_attach,
    .detach = ipm_shm_detach,
};

static void spin_told(struct ipm_shm_end *shm) {
    (void)shm;
}

static const struct ipm_shm_way spin_way = {
    .told = spin_told,
    .freed = spin_told,
    .await_message = ipm_shm_miss_message,
    .await_room = ipm_shm_miss_room,
};

IPM_SHM_CALLS(spin, &spin_way)

const struct ipm_transport ipm_transport_shm_spin = {
    IPM_SHM_OPERATIONS(spin),
    .name = "shm-spin",
    .summary = "rings in shared memory, both sides busy",
    .caps = IPM_SHM_CAPS | IPM_CAP_UNWOKEN,
    .attach = ipm_shm_attach,
    .detach = ipm_shm_detach,
};
