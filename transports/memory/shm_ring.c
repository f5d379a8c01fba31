/* shm_ring.c - two transports over rings in shared memory: shm-ring, whose sides sleep on a futex(2)
 * while there is nothing to read or no space, and shm-spin, whose sides never sleep. */
#include "transports/common/fd.h"
#include "transports/memory/shm.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A dead peer wakes nobody, so a sleeper wakes this often to check for it. */
enum { RING_CHECK_NS = 100000000 };

/* Without FUTEX_PRIVATE_FLAG, because the waiter is another process. */
static void ring_wake(struct ipm_shm_end *shm, _Atomic uint32_t *waits) {
    if (ipm_ring_is_awaited(waits) && atomic_exchange(waits, 0) != 0 &&
        syscall(SYS_futex, waits, FUTEX_WAKE, 1, NULL, NULL, 0) < 0)
        ipm_shm_break(shm, errno);
}

static void ring_published(struct ipm_shm_end *shm) {
    ring_wake(shm, &shm->out.shared->reader_waits);
}

static void ring_released(struct ipm_shm_end *shm) {
    ring_wake(shm, &shm->in.shared->writer_waits);
}

/* Sleeps while the word is 1. Returns 0 when woken or when the word is not 1 (EAGAIN), -ETIMEDOUT
 * when the caller must check for a dead peer, or another negative errno, which ends the wait. */
static int ring_sleep(const struct ipm_shm_end *shm, _Atomic uint32_t *waits) {
    const struct timespec limit = {.tv_nsec = RING_CHECK_NS};
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
        const int slept = ring_sleep(shm, waits);
        const bool timed_out = slept == -ETIMEDOUT;
        if (slept != 0 && !timed_out) {
            atomic_store(waits, 0);
            return ipm_shm_fail(-slept);
        }
        seen = ipm_shm_look(shm, timed_out && ipm_shm_peer_is_gone(shm));
        shm->late_messages += timed_out && seen > 0;
    }
    atomic_store(waits, 0);
    return seen < 0 ? 1 : seen;
}

/* A dead reader frees no space, so the writer must check for one. */
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
    if (atomic_load(&shm->out.shared->left) != 0 || (failed && ipm_shm_peer_is_gone(shm)))
        return ipm_shm_fail(EPIPE);
    return 1;
}

static const struct ipm_shm_wakeup ring_wakeup = {
    .sleeps = true,
    .published = ring_published,
    .released = ring_released,
    .await_message = ring_await_message,
    .await_room = ring_await_room,
};

IPM_SHM_CALLS(ring, &ring_wakeup)

const struct ipm_transport ipm_transport_shm_ring = {
    IPM_SHM_OPERATIONS(ring),
    .name = "shm-ring",
    .summary = "rings in shared memory, sleeping on a futex",
    .caps = IPM_SHM_CAPS,
    .attach = ipm_shm_attach,
    .detach = ipm_shm_detach,
};

static void spin_signals_nothing(struct ipm_shm_end *shm) {
    (void)shm;
}

static const struct ipm_shm_wakeup spin_wakeup = {
    .published = spin_signals_nothing,
    .released = spin_signals_nothing,
    .await_message = ipm_shm_miss_message,
    .await_room = ipm_shm_miss_room,
};

IPM_SHM_CALLS(spin, &spin_wakeup)

const struct ipm_transport ipm_transport_shm_spin = {
    IPM_SHM_OPERATIONS(spin),
    .name = "shm-spin",
    .summary = "rings in shared memory, both sides busy",
    .caps = IPM_SHM_CAPS | IPM_CAP_UNWOKEN,
    .attach = ipm_shm_attach,
    .detach = ipm_shm_detach,
};
