/* shm_wait.c - what all ways of waiting at a ring in shared memory do: look, a few times, and
 * see whether the other side is alive. */
#include "transports/memory/shm.h"

#include <linux/membarrier.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

bool ipm_shm_is_alone(const struct ipm_shm_end *shm) {
    char byte;
    return recv(shm->life_fd - 1, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

void ipm_shm_settle(const struct ipm_shm_end *shm) {
    if (!shm->ordered)
        (void)syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL_EXPEDITED, 0, 0);
}

int ipm_shm_look(struct ipm_shm_end *shm, bool alone) {
    const unsigned char *message;
    const bool over = alone || atomic_load(&shm->in.shared->finished) != 0;
    if (ipm_ring_peek(&shm->in, &message) != 0)
        return 1;
    return over ? 0 : -1;
}

bool ipm_shm_has_room(struct ipm_shm_end *shm, size_t bytes) {
    return ipm_ring_reserve(&shm->out, bytes) != NULL;
}

bool ipm_shm_spy_room(struct ipm_shm_end *shm, size_t bytes) {
    for (unsigned looks = 0; looks < IPM_SHM_LOOKS; looks++) {
        if (ipm_shm_has_room(shm, bytes))
            return true;
        ipm_pause();
    }
    return false;
}
