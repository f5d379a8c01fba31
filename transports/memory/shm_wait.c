/* shm_wait.c - what all sides of a ring in shared memory do while they wait. */
#include "transports/memory/shm.h"

#include <linux/membarrier.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

bool ipm_shm_peer_is_gone(const struct ipm_shm_end *shm) {
    char byte;
    return recv(shm->life_fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

void ipm_shm_break(struct ipm_shm_end *shm, int reason) {
    int none = 0;
    (void)atomic_compare_exchange_strong(&shm->broken, &none, reason);
}

int ipm_shm_check(const struct ipm_shm_end *shm) {
    const int reason = atomic_load(&shm->broken);
    return reason == 0 ? 0 : ipm_shm_fail(reason);
}

void ipm_shm_settle(struct ipm_shm_end *shm) {
    if (!shm->ordered &&
        syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL_EXPEDITED, 0, 0) != 0)
        ipm_shm_break(shm, errno);
}

int ipm_shm_look(struct ipm_shm_end *shm, bool peer_gone) {
    const bool over = peer_gone || atomic_load(&shm->in.shared->finished) != 0;
    if (ipm_ring_peek(&shm->in) != 0)
        return 1;
    return over ? 0 : -1;
}

bool ipm_shm_has_room(struct ipm_shm_end *shm) {
    return ipm_ring_reserve(&shm->out) != NULL;
}

bool ipm_shm_poll_room(struct ipm_shm_end *shm, unsigned looks) {
    for (; looks > 0; looks--) {
        if (ipm_shm_has_room(shm))
            return true;
        ipm_pause();
    }
    return false;
}

int ipm_shm_miss_message(struct ipm_endpoint *end, struct ipm_shm_end *shm) {
    for (unsigned misses = 0; atomic_load(&shm->in.shared->finished) == 0; misses++) {
        if (end->on_miss(misses) != 0) {
            const int reason = errno;
            const int seen = ipm_shm_look(shm, ipm_shm_peer_is_gone(shm));
            return seen < 0 ? ipm_shm_fail(reason) : seen;
        }
        if (ipm_shm_poll_message(shm, end->looks))
            return 1;
    }
    return ipm_shm_look(shm, true);
}

int ipm_shm_miss_room(struct ipm_endpoint *end, struct ipm_shm_end *shm) {
    for (unsigned misses = 0; end->on_miss(misses) == 0; misses++)
        if (ipm_shm_poll_room(shm, end->looks))
            return 1;
    const int reason = errno;
    const bool gone =
        atomic_load(&shm->out.shared->left) != 0 || ipm_shm_peer_is_gone(shm);
    return ipm_shm_fail(gone ? EPIPE : reason);
}
