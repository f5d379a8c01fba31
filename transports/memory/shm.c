/* shm.c - makes the memory of the rings before fork, and the sockets whose end shows that the
 * other process has gone. */
#include "transports/memory/shm.h"

#include "base/err.h"
#include "base/facts.h"
#include "transports/common/fd.h"

#include <linux/membarrier.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    SHM_PAGE_BYTES = 4096,
    SHM_AWAY_BYTES = 1024, /* from the start of a page to the start of a ring */
    SHM_HUGE_BYTES = 2 << 20,
    SHM_MESSAGES = 4, /* least capacity: a side writes while the other reads */
    SHM_MESSAGES_LARGE =
        2, /* the same for messages above SHM_LARGE_BYTES, to save memory */
    SHM_LARGE_BYTES = 1 << 20,
    SHM_TOUCH_BYTES =
        64 << 20, /* most bytes of a ring that are touched before the window */
    SHM_RING_BYTES = 1 << 20,
    SHM_RING_LEAST_BYTES = 1 << 16,
    SHM_ALL_BYTES = 64 << 20, /* of the rings of all children, without --buffer */
};

/* The size of two rings must not overflow; each may be 8 times as large as a message. */
static const size_t shm_most_bytes = SIZE_MAX / 32;

static int shm_membarrier(int command) {
    return (int)syscall(SYS_membarrier, command, 0, 0);
}

/* Tries both commands: older kernels lack them (EINVAL), and filters of system calls may refuse
 * either (EPERM). */
static bool shm_has_membarrier(void) {
    return shm_membarrier(MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED) == 0 &&
           shm_membarrier(MEMBARRIER_CMD_GLOBAL_EXPEDITED) == 0;
}

static void shm_close_bells(int bells[IPM_SHM_DIRECTIONS][IPM_SHM_BELLS]) {
    for (int i = 0; i < IPM_SHM_DIRECTIONS * IPM_SHM_BELLS; i++)
        ipm_fd_close(&bells[i / IPM_SHM_BELLS][i % IPM_SHM_BELLS]);
}

void ipm_shm_close(struct ipm_link *link, enum ipm_side side) {
    struct ipm_shm_link *shm = link->state;
    (void)side;
    while (shm->count > 0) {
        struct ipm_shm_lane *lane = &shm->lanes[--shm->count];
        if (lane->map)
            (void)munmap(lane->map, shm->map_bytes);
        ipm_fd_close(&lane->life[IPM_PARENT]);
        ipm_fd_close(&lane->life[IPM_CHILD]);
        shm_close_bells(lane->bells);
    }
    free(shm->lanes);
    shm->lanes = NULL;
}

/* Large pages where the administrator allows them for shared memory (shmem_enabled of
 * Documentation/admin-guide/mm/transhuge.rst): fewer misses of the TLB. */
static int shm_map(struct ipm_shm_link *shm, struct ipm_shm_lane *lane,
                   struct ipm_err *err) {
    void *map = mmap(NULL, shm->map_bytes, PROT_READ | PROT_WRITE,
                     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (map == MAP_FAILED) {
        int failed = ipm_err_sys(err, -errno, "cannot map %zu bytes of shared memory",
                                 shm->map_bytes);
        ipm_err_limit(err,
                      "the memory of this machine, vm.overcommit_memory and "
                      "'ulimit -v' limit it; so do many clients or a large --buffer");
        return failed;
    }
    lane->map = map;
    if (shm->huge)
        (void)madvise(map, shm->map_bytes, MADV_HUGEPAGE);
    return 0;
}

static int shm_make_bells(struct ipm_shm_lane *lane, struct ipm_err *err) {
    for (int i = 0; i < IPM_SHM_DIRECTIONS * IPM_SHM_BELLS; i++) {
        int fd = eventfd(0, EFD_CLOEXEC);
        if (fd < 0)
            return ipm_err_sys(err, -errno, "cannot make an eventfd");
        lane->bells[i / IPM_SHM_BELLS][i % IPM_SHM_BELLS] = fd;
    }
    return 0;
}

static int shm_open_lane(struct ipm_shm_link *shm, bool bells, struct ipm_err *err) {
    struct ipm_shm_lane *lane = &shm->lanes[shm->count++];
    *lane = (struct ipm_shm_lane){.life = {-1, -1}, .bells = {{-1, -1}, {-1, -1}}};
    int failed = shm_map(shm, lane, err);
    if (!failed)
        failed = ipm_fd_pair(SOCK_STREAM, 0, lane->life, err);
    if (!failed && bells)
        failed = shm_make_bells(lane, err);
    return failed;
}

/* The rings of many children are smaller: they share SHM_ALL_BYTES. */
static size_t shm_wanted_bytes(const struct ipm_link_config *config, unsigned peers) {
    const size_t share = SHM_ALL_BYTES / peers / IPM_SHM_DIRECTIONS;
    if (config->buffer_bytes > 0)
        return config->buffer_bytes;
    return share > SHM_RING_BYTES ? SHM_RING_BYTES
           : share < SHM_RING_LEAST_BYTES
               ? SHM_RING_LEAST_BYTES
               : share / 2 + 1; /* rounded up to a power of two */
}

static int shm_measure(struct ipm_link *link, unsigned peers, struct ipm_err *err) {
    struct ipm_shm_link *shm = link->state;
    const struct ipm_link_config *config = &link->config;
    if (config->message_bytes > shm_most_bytes || config->buffer_bytes > shm_most_bytes)
        return ipm_err_sys(err, -ENOMEM, "cannot make so large a ring");
    const unsigned messages =
        config->message_bytes > SHM_LARGE_BYTES ? SHM_MESSAGES_LARGE : SHM_MESSAGES;
    shm->ring_bytes = ipm_ring_capacity(config->message_bytes, messages,
                                        shm_wanted_bytes(config, peers));
    shm->map_bytes =
        SHM_PAGE_BYTES + SHM_AWAY_BYTES + IPM_SHM_DIRECTIONS * shm->ring_bytes;
    shm->huge = shm->ring_bytes >= SHM_HUGE_BYTES;
    return 0;
}

/* The shared part of a ring; direction 0 is from the parent to the child. */
static struct ipm_ring_shared *shm_shared(unsigned char *map, unsigned direction) {
    return (void *)(map + (size_t)direction * (SHM_PAGE_BYTES / IPM_SHM_DIRECTIONS));
}

/* An eventfd signals the first message whether or not the reader waits by then. */
static void shm_arm(struct ipm_shm_link *shm) {
    for (unsigned i = 0; i < shm->count; i++)
        for (unsigned direction = 0; direction < IPM_SHM_DIRECTIONS; direction++)
            atomic_store(&shm_shared(shm->lanes[i].map, direction)->reader_waits, 1);
}

int ipm_shm_open(struct ipm_link *link, struct ipm_err *err) {
    const struct ipm_shm_wakeup *wakeup = link->ops->variant;
    struct ipm_shm_link *shm = link->state;
    const unsigned peers = link->config.peers > 0 ? link->config.peers : 1;
    int failed = shm_measure(link, peers, err);
    if (failed)
        return failed;
    shm->barriers = wakeup->sleeps && shm_has_membarrier();
    shm->ordered = wakeup->sleeps && !shm->barriers;
    shm->lanes = calloc(peers, sizeof *shm->lanes);
    if (!shm->lanes)
        return ipm_err_sys(err, -ENOMEM, "cannot make room for %u rings", peers);
    while (!failed && shm->count < peers)
        failed = shm_open_lane(shm, wakeup->bells, err);
    if (failed)
        ipm_shm_close(link, IPM_PARENT);
    else if (wakeup->bells)
        shm_arm(shm);
    return failed;
}

/* Each process has its own page tables, so the first access to a page is a page fault, which must not
 * happen in the window. Adding 0 is safe while the other process writes. */
static void shm_touch(unsigned char *map, size_t bytes) {
    for (size_t at = 0; at < bytes; at += SHM_PAGE_BYTES)
        (void)atomic_fetch_add((_Atomic unsigned char *)(map + at), 0);
}

/* Buffers of programs often begin with a page. A copy to a place that is a few bytes further in
 * its page is slow: each load has the low 12 bits of the address of an earlier store and waits for
 * it ("4-Kbyte aliasing" in Intel's optimization manual; AMD's processors do the same). */
static unsigned char *shm_data(const struct ipm_shm_end *shm, unsigned direction) {
    return shm->map + SHM_PAGE_BYTES + SHM_AWAY_BYTES + direction * shm->ring_bytes;
}

_Static_assert(sizeof(struct ipm_ring_shared) <= SHM_PAGE_BYTES / IPM_SHM_DIRECTIONS,
               "two of them on a page");

static void shm_take(struct ipm_shm_end *shm, struct ipm_shm_link *link,
                     struct ipm_shm_lane *lane, enum ipm_side side) {
    const unsigned out = side == IPM_PARENT ? 0 : 1;
    shm->map = lane->map;
    lane->map = NULL;
    shm->map_bytes = link->map_bytes;
    shm->ring_bytes = link->ring_bytes;
    shm->ordered = link->ordered;
    shm->life_fd = ipm_fd_take(&lane->life[side]);
    for (unsigned bell = 0; bell < IPM_SHM_BELLS; bell++) {
        shm->bells[0][bell] = ipm_fd_take(&lane->bells[out][bell]);
        shm->bells[1][bell] = ipm_fd_take(&lane->bells[1 - out][bell]);
    }
    ipm_ring_write_init(&shm->out, shm_shared(shm->map, out), shm_data(shm, out),
                        shm->ring_bytes, shm->message_bytes, link->ordered);
    ipm_ring_read_init(&shm->in, shm_shared(shm->map, 1 - out), shm_data(shm, 1 - out),
                       shm->ring_bytes, shm->message_bytes, link->ordered);
}

/* A side that goes to sleep makes the processors of registered processes order their stores and
 * loads: membarrier(2). */
int ipm_shm_attach(struct ipm_endpoint *end, struct ipm_link *link, struct ipm_err *err) {
    struct ipm_shm_link *lanes = link->state;
    struct ipm_shm_end *shm = end->state;
    if (end->side == IPM_PARENT)
        end->peer = lanes->next++;
    shm->message_bytes = link->config.message_bytes;
    shm_take(shm, lanes, &lanes->lanes[end->peer], end->side);
    end->other_fds[end->other_count++] = shm->life_fd;
    const size_t touched_bytes =
        shm->ring_bytes < SHM_TOUCH_BYTES ? shm->ring_bytes : SHM_TOUCH_BYTES;
    shm_touch(shm->map, SHM_PAGE_BYTES);
    for (unsigned direction = 0; direction < IPM_SHM_DIRECTIONS; direction++)
        shm_touch(shm_data(shm, direction), touched_bytes);
    if (lanes->barriers && shm_membarrier(MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED) != 0)
        return ipm_err_sys(err, -errno, "cannot register for barriers");
    return 0;
}

void ipm_shm_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                      struct ipm_facts *settings) {
    const struct ipm_shm_end *shm = end->state;
    ipm_facts_text(endpoint, "memory", "anonymous, inherited");
    ipm_facts_number(settings, "ring_capacity_bytes", (int64_t)shm->ring_bytes);
    if (shm->ordered)
        ipm_facts_text(settings, "notice",
                       "no membarrier(2) here: each message costs a full barrier");
}

int ipm_shm_finish(struct ipm_endpoint *end) {
    const struct ipm_shm_wakeup *wakeup = end->ops->variant;
    struct ipm_shm_end *shm = end->state;
    if (!shm->map)
        return 0;
    atomic_store(&shm->out.shared->finished, 1);
    wakeup->published(shm);
    return -atomic_load(&shm->broken);
}

void ipm_shm_detach(struct ipm_endpoint *end) {
    const struct ipm_shm_wakeup *wakeup = end->ops->variant;
    struct ipm_shm_end *shm = end->state;
    end->rx_fd = -1;
    end->tx_fd = -1;
    end->other_count = 0;
    if (!shm->map)
        return;
    atomic_store(&shm->out.shared->finished, 1);
    atomic_store(&shm->in.shared->left, 1);
    wakeup->published(shm);
    wakeup->released(shm);
    ipm_fd_close(&shm->life_fd);
    shm_close_bells(shm->bells);
    (void)munmap(shm->map, shm->map_bytes);
    shm->map = NULL;
}
