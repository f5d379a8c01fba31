/* shm_spin.c - rings in shared memory whose sides never sleep: nobody is woken. */
#include "transports/common/fd.h"
#include "transports/memory/shm.h"

static int spin_open(struct ipm_link *link, struct ipm_err *err) {
    return ipm_shm_open(link, false, false, err);
}

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
    .name = "shm-spin",
    .summary = "rings in shared memory, both sides busy",
    .addressing = "inherited memory",
    .family = IPM_FAMILY_MEMORY,
    .direction = IPM_DUPLEX,
    .caps = IPM_CAP_MESSAGES | IPM_CAP_RELIABLE | IPM_CAP_CONNECTED | IPM_CAP_MULTI |
            IPM_CAP_IN_PLACE | IPM_CAP_LOOKS | IPM_CAP_UNWOKEN,
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
