/* shm.h - two rings in memory that parent and child share, one each wakeup, and a pair of sockets
 * whose end of file shows that the other process has gone. The transports differ in how a side waits
 * and is woken: struct ipm_shm_wakeup is the `variant` of their rows, and IPM_SHM_CALLS makes their
 * hot operations out of it. */
#ifndef IPM_TRANSPORTS_MEMORY_SHM_H
#define IPM_TRANSPORTS_MEMORY_SHM_H

#include "base/pause.h"
#include "transports/memory/ring.h"
#include "transports/transport.h"

enum { IPM_SHM_DIRECTIONS = 2, IPM_SHM_BELLS = 2 };

/* Of one child. Moved into an end by attach. */
struct ipm_shm_lane {
    unsigned char *map; /* NULL: taken */
    int life[2];        /* by enum ipm_side: a pair of sockets that carries no data */
    int bells[IPM_SHM_DIRECTIONS][IPM_SHM_BELLS]; /* eventfds of shm-eventfd, else -1 */
};

struct ipm_shm_link {
    unsigned count; /* lanes made */
    unsigned next;  /* the lane that the parent attaches next */
    size_t ring_bytes;
    size_t map_bytes;
    bool barriers; /* sides sleep, and membarrier(2) works */
    bool ordered;  /* sides sleep without it: see struct ipm_ring_writer */
    bool huge;     /* large pages were asked for */
    struct ipm_shm_lane *lanes;
};

/* Two threads may use the two directions of an end, so each has cache lines of its own. */
struct ipm_shm_end {
    struct ipm_ring_writer out;
    unsigned char apart[IPM_RING_LINE_BYTES];
    struct ipm_ring_reader in;
    unsigned char apart_too[IPM_RING_LINE_BYTES];
    unsigned char *map; /* NULL: not attached, and no descriptor is open */
    size_t map_bytes;
    size_t ring_bytes;
    size_t message_bytes;
    size_t late_messages; /* a wait timed out although a message was there */
    size_t late_rooms;    /* the same for space */
    int life_fd;
    int bells[IPM_SHM_DIRECTIONS][IPM_SHM_BELLS]; /* [0] of `out`, [1] of `in` */
    bool ordered;
    _Atomic int broken; /* errno of a failed call that should wake the other side, or 0 */
};

/* How a side wakes the other side, and how it waits. published and released are hot. */
struct ipm_shm_wakeup {
    bool sleeps;                                /* a side may sleep until it is woken */
    bool bells;                                 /* by eventfds */
    void (*published)(struct ipm_shm_end *shm); /* called after a message was published */
    void (*released)(struct ipm_shm_end *shm);  /* called after space was released */

    /* Called after end->looks polls found no message. Returns 1 to poll again, 0 at the end of the
     * stream, or -1 and errno. */
    int (*await_message)(struct ipm_endpoint *end, struct ipm_shm_end *shm);
    /* The same for space. Returns 1 to try again, or -1 and errno. */
    int (*await_room)(struct ipm_endpoint *end, struct ipm_shm_end *shm);
};

/* Cold operations. */
int ipm_shm_open(struct ipm_link *link, struct ipm_err *err);
int ipm_shm_attach(struct ipm_endpoint *end, struct ipm_link *link, struct ipm_err *err);
void ipm_shm_close(struct ipm_link *link, enum ipm_side side);
void ipm_shm_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                      struct ipm_facts *settings);
int ipm_shm_finish(struct ipm_endpoint *end);
void ipm_shm_detach(struct ipm_endpoint *end);

/* Whether the other process has detached or died. */
bool ipm_shm_peer_is_gone(const struct ipm_shm_end *shm);

/* Orders our wait flag before our next read of the ring. A peer that missed the flag has already
 * published its message, and that read sees it. */
void ipm_shm_settle(struct ipm_shm_end *shm);

/* published and released return nothing. ipm_shm_break keeps the errno of a call that failed in them
 * in `broken`. ipm_shm_check is called before a wait: returns 0, or -1 and that errno. */
void ipm_shm_break(struct ipm_shm_end *shm, int reason);
int ipm_shm_check(const struct ipm_shm_end *shm);

/* Polls the ring once for a side that waits. Returns 1 when there is a message or a bad length, 0 at
 * the end of the stream, -1 when the side must wait. `peer_gone`: the other process has gone. */
int ipm_shm_look(struct ipm_shm_end *shm, bool peer_gone);

/* Whether there is space for a message. */
bool ipm_shm_has_room(struct ipm_shm_end *shm);

/* Polls up to `looks` times for space. Returns whether there is space. */
bool ipm_shm_poll_room(struct ipm_shm_end *shm, unsigned looks);

/* await_message and await_room that call end->on_miss instead of sleeping. */
int ipm_shm_miss_message(struct ipm_endpoint *end, struct ipm_shm_end *shm);
int ipm_shm_miss_room(struct ipm_endpoint *end, struct ipm_shm_end *shm);

static inline int ipm_shm_fail(int reason) {
    errno = reason;
    return -1;
}

#define IPM_SHM_INLINE  __attribute__((always_inline)) static inline
#define IPM_SHM_OUTLINE __attribute__((noinline, unused)) static

/* Polls up to `most` times for a message. Returns whether there is one. Inlined, because a call
 * lengthens a round trip by more than its instructions. */
IPM_SHM_INLINE bool ipm_shm_poll_message(const struct ipm_shm_end *shm, unsigned most) {
    const _Atomic uint64_t *const head = ipm_ring_head(shm->in.next);
    for (unsigned looks = 0; looks < most; looks++) {
        if (ipm_ring_is_new(&shm->in, atomic_load_explicit(head, memory_order_relaxed)))
            return true;
        ipm_pause();
    }
    return false;
}

/* Not inlined, so that send needs few registers while there is space. */
IPM_SHM_OUTLINE unsigned char *ipm_shm_await_space(struct ipm_endpoint *end,
                                                   const struct ipm_shm_wakeup *wakeup) {
    struct ipm_shm_end *shm = end->state;
    unsigned char *room;
    while (!(room = ipm_ring_reserve(&shm->out)))
        if (!ipm_shm_poll_room(shm, end->looks) && wakeup->await_room(end, shm) < 0)
            return NULL;
    return room;
}

IPM_SHM_INLINE unsigned char *ipm_shm_make_room(struct ipm_endpoint *end,
                                                const struct ipm_shm_wakeup *wakeup) {
    struct ipm_shm_end *shm = end->state;
    unsigned char *room = ipm_ring_reserve(&shm->out);
    return room ? room : ipm_shm_await_space(end, wakeup);
}

IPM_SHM_OUTLINE ssize_t ipm_shm_await_message(struct ipm_endpoint *end,
                                              const struct ipm_shm_wakeup *wakeup) {
    struct ipm_shm_end *shm = end->state;
    ssize_t bytes;
    while ((bytes = ipm_ring_peek(&shm->in)) == 0) {
        if (ipm_ring_report(&shm->in))
            wakeup->released(shm);
        if (ipm_shm_poll_message(shm, end->looks))
            continue;
        int more = wakeup->await_message(end, shm);
        if (more <= 0)
            return more;
    }
    return bytes > 0 ? bytes : ipm_shm_fail((int)-bytes);
}

IPM_SHM_INLINE ssize_t ipm_shm_await(struct ipm_endpoint *end,
                                     const struct ipm_shm_wakeup *wakeup) {
    const struct ipm_shm_end *shm = end->state;
    const ssize_t bytes = ipm_ring_peek(&shm->in);
    return bytes > 0 ? bytes : ipm_shm_await_message(end, wakeup);
}

IPM_SHM_INLINE void ipm_shm_give_back(struct ipm_shm_end *shm,
                                      const struct ipm_shm_wakeup *wakeup) {
    if (ipm_ring_release(&shm->in))
        wakeup->released(shm);
}

/* EMSGSIZE: the message is longer than the maximum that open was given. */
IPM_SHM_INLINE ssize_t ipm_shm_send(struct ipm_endpoint *end, const void *buf, size_t len,
                                    const struct ipm_shm_wakeup *wakeup) {
    struct ipm_shm_end *shm = end->state;
    if (len - 1 >= shm->message_bytes)
        return ipm_shm_fail(EMSGSIZE);
    unsigned char *room = ipm_shm_make_room(end, wakeup);
    if (!room)
        return -1;
    memcpy(room, buf, len);
    ipm_ring_publish(&shm->out, ipm_ring_accept(&shm->out, len));
    wakeup->published(shm);
    return (ssize_t)len;
}

IPM_SHM_INLINE ssize_t ipm_shm_recv(struct ipm_endpoint *end, void *buf, size_t cap,
                                    const struct ipm_shm_wakeup *wakeup) {
    struct ipm_shm_end *shm = end->state;
    const ssize_t bytes = ipm_shm_await(end, wakeup);
    if (bytes <= 0)
        return bytes;
    memcpy(buf, ipm_ring_message(&shm->in), (size_t)bytes < cap ? (size_t)bytes : cap);
    ipm_shm_give_back(shm, wakeup);
    return bytes;
}

IPM_SHM_INLINE ssize_t ipm_shm_lease(struct ipm_endpoint *end, void **ret_buf,
                                     const struct ipm_shm_wakeup *wakeup) {
    const struct ipm_shm_end *shm = end->state;
    void *room = ipm_shm_make_room(end, wakeup);
    *ret_buf = room;
    return room ? (ssize_t)shm->message_bytes : -1;
}

IPM_SHM_INLINE ssize_t ipm_shm_commit(struct ipm_endpoint *end, size_t len,
                                      const struct ipm_shm_wakeup *wakeup) {
    struct ipm_shm_end *shm = end->state;
    if (len - 1 >= shm->message_bytes)
        return ipm_shm_fail(EMSGSIZE);
    ipm_ring_publish(&shm->out, ipm_ring_accept(&shm->out, len));
    wakeup->published(shm);
    return (ssize_t)len;
}

IPM_SHM_INLINE ssize_t ipm_shm_borrow(struct ipm_endpoint *end, const void **ret_buf,
                                      const struct ipm_shm_wakeup *wakeup) {
    const struct ipm_shm_end *shm = end->state;
    const ssize_t bytes = ipm_shm_await(end, wakeup);
    *ret_buf = bytes > 0 ? ipm_ring_message(&shm->in) : NULL;
    return bytes;
}

IPM_SHM_INLINE int ipm_shm_release(struct ipm_endpoint *end,
                                   const struct ipm_shm_wakeup *wakeup) {
    struct ipm_shm_end *shm = end->state;
    ipm_shm_give_back(shm, wakeup);
    return 0;
}

/* Publishes as many messages as there is space for, and checks once whether the reader waits. */
IPM_SHM_INLINE ssize_t ipm_shm_send_batch(struct ipm_endpoint *end, const void *buf,
                                          size_t len, unsigned count,
                                          const struct ipm_shm_wakeup *wakeup) {
    struct ipm_shm_end *shm = end->state;
    const unsigned char *at = buf;
    unsigned taken = 1;
    if (len - 1 >= shm->message_bytes)
        return ipm_shm_fail(EMSGSIZE);
    unsigned char *room = ipm_shm_make_room(end, wakeup);
    if (!room)
        return -1;
    memcpy(room, at, len);
    const struct ipm_ring_entry first = ipm_ring_accept(&shm->out, len);
    for (; taken < count && (room = ipm_ring_reserve(&shm->out)) != NULL; taken++) {
        memcpy(room, at + taken * len, len);
        ipm_ring_append(&shm->out, len);
    }
    ipm_ring_publish(&shm->out, first);
    wakeup->published(shm);
    return (ssize_t)taken;
}

IPM_SHM_INLINE ssize_t ipm_shm_recv_batch(struct ipm_endpoint *end, void *buf, size_t cap,
                                          unsigned count, size_t *lens,
                                          const struct ipm_shm_wakeup *wakeup) {
    struct ipm_shm_end *shm = end->state;
    unsigned char *at = buf;
    ssize_t bytes = ipm_shm_await(end, wakeup);
    unsigned came = 0;
    while (bytes > 0) {
        lens[came] = (size_t)bytes;
        memcpy(at + came * cap, ipm_ring_message(&shm->in),
               lens[came] < cap ? lens[came] : cap);
        ipm_shm_give_back(shm, wakeup);
        came++;
        bytes = came < count ? ipm_ring_peek(&shm->in) : 0;
    }
    return came > 0 ? (ssize_t)came : bytes;
}

/* A local copy of the writer keeps its members in registers. */
IPM_SHM_INLINE ssize_t ipm_shm_send_series(struct ipm_endpoint *end, const void *buf,
                                           size_t len, unsigned count,
                                           const struct ipm_shm_wakeup *wakeup) {
    struct ipm_shm_end *shm = end->state;
    unsigned taken = 0;
    if (len - 1 >= shm->message_bytes)
        return ipm_shm_fail(EMSGSIZE);
    if (!ipm_shm_make_room(end, wakeup))
        return -1;
    struct ipm_ring_writer out = shm->out;
    do {
        memcpy(out.next + IPM_RING_HEAD_BYTES, buf, len);
        ipm_ring_publish(&out, ipm_ring_accept(&out, len));
        wakeup->published(shm);
    } while (++taken < count && out.free_slots > 0);
    shm->out = out;
    return (ssize_t)taken;
}

IPM_SHM_INLINE ssize_t ipm_shm_borrow_series(struct ipm_endpoint *end, size_t len,
                                             unsigned count, const void **ret_buf,
                                             size_t *ret_stride,
                                             const struct ipm_shm_wakeup *wakeup) {
    const struct ipm_shm_end *shm = end->state;
    const ssize_t bytes = ipm_shm_await(end, wakeup);
    if (bytes <= 0)
        return bytes;
    if ((size_t)bytes != len)
        return ipm_shm_fail(EMSGSIZE);
    *ret_buf = ipm_ring_message(&shm->in);
    *ret_stride = shm->in.stride;
    return (ssize_t)ipm_ring_count(&shm->in, len, count);
}

IPM_SHM_INLINE int ipm_shm_release_series(struct ipm_endpoint *end, unsigned count,
                                          const struct ipm_shm_wakeup *wakeup) {
    struct ipm_shm_end *shm = end->state;
    if (ipm_ring_release_series(&shm->in, count))
        wakeup->released(shm);
    return 0;
}

/* The operations of one transport, with its struct ipm_shm_wakeup compiled into them. */
#define IPM_SHM_CALLS(word, wakeup)                                                      \
    static ssize_t word##_send(struct ipm_endpoint *end, const void *buf, size_t len) {  \
        return ipm_shm_send(end, buf, len, wakeup);                                      \
    }                                                                                    \
    static ssize_t word##_recv(struct ipm_endpoint *end, void *buf, size_t cap) {        \
        return ipm_shm_recv(end, buf, cap, wakeup);                                      \
    }                                                                                    \
    static ssize_t word##_lease(struct ipm_endpoint *end, void **ret_buf) {              \
        return ipm_shm_lease(end, ret_buf, wakeup);                                      \
    }                                                                                    \
    static ssize_t word##_commit(struct ipm_endpoint *end, size_t len) {                 \
        return ipm_shm_commit(end, len, wakeup);                                         \
    }                                                                                    \
    static ssize_t word##_borrow(struct ipm_endpoint *end, const void **ret_buf) {       \
        return ipm_shm_borrow(end, ret_buf, wakeup);                                     \
    }                                                                                    \
    static int word##_release(struct ipm_endpoint *end) {                                \
        return ipm_shm_release(end, wakeup);                                             \
    }                                                                                    \
    static ssize_t word##_send_batch(struct ipm_endpoint *end, const void *buf,          \
                                     size_t len, unsigned count) {                       \
        return ipm_shm_send_batch(end, buf, len, count, wakeup);                         \
    }                                                                                    \
    static ssize_t word##_recv_batch(struct ipm_endpoint *end, void *buf, size_t cap,    \
                                     unsigned count, size_t *lens) {                     \
        return ipm_shm_recv_batch(end, buf, cap, count, lens, wakeup);                   \
    }                                                                                    \
    static ssize_t word##_send_series(struct ipm_endpoint *end, const void *buf,         \
                                      size_t len, unsigned count) {                      \
        return ipm_shm_send_series(end, buf, len, count, wakeup);                        \
    }                                                                                    \
    static ssize_t word##_borrow_series(struct ipm_endpoint *end, size_t len,            \
                                        unsigned count, const void **ret_buf,            \
                                        size_t *ret_stride) {                            \
        return ipm_shm_borrow_series(end, len, count, ret_buf, ret_stride, wakeup);      \
    }                                                                                    \
    static int word##_release_series(struct ipm_endpoint *end, unsigned count) {         \
        return ipm_shm_release_series(end, count, wakeup);                               \
    }

/* The members that the rows have in common. */
#define IPM_SHM_OPERATIONS(word)                                                         \
    .addressing = "inherited memory", .family = IPM_FAMILY_MEMORY,                       \
    .direction = IPM_DUPLEX, .variant = &word##_wakeup,                                  \
    .link_size = sizeof(struct ipm_shm_link), .open = ipm_shm_open,                      \
    .end_size = sizeof(struct ipm_shm_end), .close = ipm_shm_close,                      \
    .describe = ipm_shm_describe, .wire = ipm_no_wire, .send = word##_send,              \
    .recv = word##_recv, .lease = word##_lease, .commit = word##_commit,                 \
    .borrow = word##_borrow, .release = word##_release, .send_batch = word##_send_batch, \
    .recv_batch = word##_recv_batch, .send_series = word##_send_series,                  \
    .borrow_series = word##_borrow_series, .release_series = word##_release_series,      \
    .finish = ipm_shm_finish

enum {
    IPM_SHM_CAPS = IPM_CAP_MESSAGES | IPM_CAP_RELIABLE | IPM_CAP_CONNECTED |
                   IPM_CAP_MULTI | IPM_CAP_IN_PLACE | IPM_CAP_LOOKS
};

#endif
