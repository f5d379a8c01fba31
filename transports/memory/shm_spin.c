/* shm_spin.c - rings in shared memory, at both sides of which somebody looks again and again:
 * nobody sleeps, and nobody is woken. */
#include "transports/common/fd.h"
#include "transports/memory/shm.h"

#include <sys/syscall.h>
#include <unistd.h>

/* How often it lets others run before it comes back to its caller, who may want to stop. */
enum { SPIN_YIELDS = 100 };

static int spin_open(struct ipm_link *link, struct ipm_err *err) {
    return ipm_shm_open(link, false, false, err);
}

static void spin_told(struct ipm_shm_end *shm) {
    (void)shm;
}

/* The signal that tells the caller to stop leaves no trace in a loop that makes no blocking
 * call: EINTR from time to time, wherever there was one or not. */
static int spin_come_back(void) {
    errno = EINTR;
    return -1;
}

/* Nothing came in a few microseconds. With both sides on one processor a look is in vain until
 * the other has run: sched_yield(2) lets it. */
__attribute__((noinline, cold)) static int spin_await_other(struct ipm_shm_end *shm) {
    for (unsigned yields = 0; yields < SPIN_YIELDS; yields++) {
        if (atomic_load(&shm->in.shared->finished) != 0)
            return ipm_shm_look(shm, true);
        (void)syscall(SYS_sched_yield); /* never fails */
        if (ipm_shm_spy_message(shm))
            return 1;
    }
    const int seen = ipm_shm_look(shm, ipm_shm_is_alone(shm));
    return seen < 0 ? spin_come_back() : seen;
}

IPM_SHM_INLINE int spin_await_message(struct ipm_endpoint *end, struct ipm_shm_end *shm) {
    (void)end;
    (void)ipm_ring_tell(&shm->in);
    return ipm_shm_spy_message(shm) ? 1 : spin_await_other(shm);
}

static int spin_await_room(struct ipm_endpoint *end, struct ipm_shm_end *shm,
                           size_t bytes) {
    (void)end;
    for (unsigned yields = 0; yields < SPIN_YIELDS; yields++) {
        if (ipm_shm_spy_room(shm, bytes))
            return 1;
        (void)syscall(SYS_sched_yield); /* never fails */
    }
    if (atomic_load(&shm->out.shared->left) == 0 && !ipm_shm_is_alone(shm))
        return spin_come_back();
    errno = EPIPE;
    return -1;
}

static const struct ipm_shm_way spin_way = {
    .told = spin_told,
    .freed = spin_told,
    .await_message = spin_await_message,
    .await_room = spin_await_room,
};

IPM_SHM_CALLS(spin, &spin_way)

extern const struct ipm_transport ipm_transport_shm_spin;
const struct ipm_transport ipm_transport_shm_spin = {
    .name = "shm-spin",
    .summary = "rings in shared memory, both sides busy",
    .addressing = "inherited memory",
    .family = IPM_FAMILY_MEMORY,
    .direction = IPM_DUPLEX,
    .caps = IPM_CAP_MESSAGES | IPM_CAP_RELIABLE | IPM_CAP_CONNECTED | IPM_CAP_MULTI |
            IPM_CAP_IN_PLACE,
    .link_size = sizeof(struct ipm_shm_link),
    .end_size = sizeof(struct ipm_shm_end),
    .probe = ipm_shm_probe,
    .open = spin_open,
    .attach = ipm_shm_attach,
    .close = ipm_shm_close,
    .describe = ipm_shm_describe,
    .wire = ipm_no_wire,
    .send = spin_send,
    .recv = spin_recv,
    .lease = spin_lease,
    .commit = spin_commit,
    .borrow = spin_borrow,
    .release = spin_release,
    .send_batch = spin_send_batch,
    .recv_batch = spin_recv_batch,
    .finish = spin_finish,
    .detach = spin_detach,
};
