/* shm_spin.c - rings in shared memory whose sides never sleep: nobody is woken. */
#include "transports/common/fd.h"
#include "transports/memory/shm.h"

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

extern const struct ipm_transport ipm_transport_shm_spin;
const struct ipm_transport ipm_transport_shm_spin = {
    IPM_SHM_OPERATIONS(spin),
    .name = "shm-spin",
    .summary = "rings in shared memory, both sides busy",
    .caps = IPM_SHM_CAPS | IPM_CAP_UNWOKEN,
    .attach = ipm_shm_attach,
    .detach = ipm_shm_detach,
};
