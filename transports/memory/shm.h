/* shm.h - two rings in memory that parent and child share, one each way, and a pair of sockets
 * whose end shows that the other process has gone. Transports differ in how a side waits and is
 * woken: struct ipm_shm_way is the `variant` of their rows, and IPM_SHM_CALLS makes their hot
 * operations out of it. */
#ifndef IPM_TRANSPORTS_MEMORY_SHM_H
#define IPM_TRANSPORTS_MEMORY_SHM_H

#include "base/pause.h"
#include "transports/memory/ring.h"
#include "transports/transport.h"

enum { IPM_SHM_WAYS = 2, IPM_SHM_BELLS = 2 };

/* Of one child. Moved into an end by attach. */
struct ipm_shm_lane {
    unsigned char *map; /* NULL: taken */
    int life[2];        /* by enum ipm_side: a pair of sockets that carries no data */
    int bells[IPM_SHM_WAYS][IPM_SHM_BELLS]; /* eventfds of shm-eventfd, else -1 */
};

struct ipm_shm_link {
    unsigned count; /* lanes made */
    unsigned next;  /* the one that the parent attaches next */
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
    int bells[IPM_SHM_WAYS][IPM_SHM_BELLS]; /* [0] of `out`, [1] of `in` */
    bool ordered;
    _Atomic int broken; /* errno of a call that was to wake the other side, or 0 */
};

/* How the other side is woken, and how this side waits. told and freed are hot. */
struct ipm_shm_way {
    bool sleeps;                            /* a side may sleep until it is woken */
    bool bells;                             /* by eventfds */
    void (*told)(struct ipm_shm_end *shm);  /* a message was published */
    void (*freed)(struct ipm_shm_end *shm); /* space was released */

    /* Called after end->looks polls found nothing. Returns 1 to look again, 0 at the end of the
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
bool ipm_shm_is_alone(const struct ipm_shm_end *shm);

/* Called after this side has said that it waits: whoever has not seen that by now has published
 * what the next look at the ring finds. */
void ipm_shm_settle(struct ipm_shm_end *shm);

/* told and freed have no result: `broken` keeps the errno of a call that failed in them, and each
 * side that is about to wait asks for it. Returns 0, or -1 and errno. */
void ipm_shm_break(struct ipm_shm_end *shm, int reason);
int ipm_shm_check(const struct ipm_shm_end *shm);

/* Looks at the ring for a side that waits. Returns 1 when there is a message or a bad length, 0 at
 * the end of the stream, -1 when it must wait. `alone`: the other side is gone. */
int ipm_shm_look(struct ipm_shm_end *shm, bool alone);

/* Whether there is space for a message. */
bool ipm_shm_has_room(struct ipm_shm_end *shm);

/* Polls so often while there is no space. Returns whether there is. */
bool ipm_shm_spy_room(struct ipm_shm_end *shm, unsigned looks);

/* await_message and await_room that call end->on_miss instead of sleeping. */
int ipm_shm_miss_message(struct ipm_endpoint *end, struct ipm_shm_end *shm);
int ipm_shm_miss_room(struct ipm_endpoint *end, struct ipm_shm_end *shm);

static inline int ipm_shm_fail(int reason) {
    errno = reason;
    return -1;
}

#define IPM_SHM_INLINE  __attribute__((always_inline)) static inline
#define IPM_SHM_OUTLINE __attribute__((noinline, unused)) static

/* Polls so often while there is nothing to read. Returns whether there is. Inlined, as a call costs
 * a round trip more than its instructions. */
IPM_SHM_INLINE bool ipm_shm_spy_message(const struct ipm_shm_end *shm, unsigned most) {
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
                                                   const struct ipm_shm_way *way) {
    struct ipm_shm_end *shm = end->state;
    unsigned char *room;
    while (!(room = ipm_ring_reserve(&shm->out)))
        if (!ipm_shm_spy_room(shm, end->looks) && way->await_room(end, shm) < 0)
            return NULL;
    return room;
}

IPM_SHM_INLINE unsigned char *ipm_shm_make_room(struct ipm_endpoint *end,
                                                const struct ipm_shm_way *way) {
    struct ipm_shm_end *shm = end->state;
    unsigned char *room = ipm_ring_reserve(&shm->out);
    return room ? room : ipm_shm_await_space(end, way);
}

IPM_SHM_OUTLINE ssize_t ipm_shm_await_message(struct ipm_endpoint *end,
                                              const struct ipm_shm_way *way) {
    struct ipm_shm_end *shm = end->state;
    ssize_t bytes;
    while ((bytes = ipm_ring_peek(&shm->in)) == 0) {
        if (ipm_ring_tell(&shm->in))
            way->freed(shm);
        if (ipm_shm_spy_message(shm, end->looks))
            continue;
        int more = way->await_message(end, shm);
        if (more <= 0)
            return more;
    }
    return bytes > 0 ? bytes : ipm_shm_fail((int)-bytes);
}

IPM_SHM_INLINE ssize_t ipm_shm_await(struct ipm_endpoint *end,
                                     const struct ipm_shm_way *way) {
    const struct ipm_shm_end *shm = end->state;
    const ssize_t bytes = ipm_ring_peek(&shm->in);
    return bytes > 0 ? bytes : ipm_shm_await_message(end, way);
}

IPM_SHM_INLINE void ipm_shm_give_back(struct ipm_shm_end *shm,
                                      const struct ipm_shm_way *way) {
    if (ipm_ring_release(&shm->in))
        way->freed(shm);
}

/* EMSGSIZE: open was told that no message is so long. */
IPM_SHM_INLINE ssize_t ipm_shm_send(struct ipm_endpoint *end, const void *buf, size_t len,
                                    const struct ipm_shm_way *way) {
    struct ipm_shm_end *shm = end->state;
    if (len - 1 >= shm->message_bytes)
        return ipm_shm_fail(EMSGSIZE);
    unsigned char *room = ipm_shm_make_room(end, way);
    if (!room)
        return -1;
    memcpy(room, buf, len);
    ipm_ring_publish(&shm->out, ipm_ring_accept(&shm->out, len));
    way->told(shm);
    return (ssize_t)len;
}

IPM_SHM_INLINE ssize_t ipm_shm_recv(struct ipm_endpoint *end, void *buf, size_t cap,
                                    const struct ipm_shm_way *way) {
    struct ipm_shm_end *shm = end->state;
    const ssize_t bytes = ipm_shm_await(end, way);
    if (bytes <= 0)
        return bytes;
    memcpy(buf, ipm_ring_message(&shm->in), (size_t)bytes < cap ? (size_t)bytes : cap);
    ipm_shm_give_back(shm, way);
    return bytes;
}

IPM_SHM_INLINE ssize_t ipm_shm_lease(struct ipm_endpoint *end, void **ret_buf,
                                     const struct ipm_shm_way *way) {
    const struct ipm_shm_end *shm = end->state;
    void *room = ipm_shm_make_room(end, way);
    *ret_buf = room;
    return room ? (ssize_t)shm->message_bytes : -1;
}

IPM_SHM_INLINE ssize_t ipm_shm_commit(struct ipm_endpoint *end, size_t len,
                                      const struct ipm_shm_way *way) {
    struct ipm_shm_end *shm = end->state;
    if (len - 1 >= shm->message_bytes)
        return ipm_shm_fail(EMSGSIZE);
    ipm_ring_publish(&shm->out, ipm_ring_accept(&shm->out, len));
    way->told(shm);
    return (ssize_t)len;
}

IPM_SHM_INLINE ssize_t ipm_shm_borrow(struct ipm_endpoint *end, const void **ret_buf,
                                      const struct ipm_shm_way *way) {
    const struct ipm_shm_end *shm = end->state;
    const ssize_t bytes = ipm_shm_await(end, way);
    *ret_buf = bytes > 0 ? ipm_ring_message(&shm->in) : NULL;
    return bytes;
}

IPM_SHM_INLINE int ipm_shm_release(struct ipm_endpoint *end,
                                   const struct ipm_shm_way *way) {
    struct ipm_shm_end *shm = end->state;
    ipm_shm_give_back(shm, way);
    return 0;
}

/* Publishes as many as there is space for at once, and checks once whether the reader waits. */
IPM_SHM_INLINE ssize_t ipm_shm_send_batch(struct ipm_endpoint *end, const void *buf,
                                          size_t len, unsigned count,
                                          const struct ipm_shm_way *way) {
    struct ipm_shm_end *shm = end->state;
    const unsigned char *at = buf;
    unsigned taken = 1;
    if (len - 1 >= shm->message_bytes)
        return ipm_shm_fail(EMSGSIZE);
    unsigned char *room = ipm_shm_make_room(end, way);
    if (!room)
        return -1;
    memcpy(room, at, len);
    const struct ipm_ring_entry first = ipm_ring_accept(&shm->out, len);
    for (; taken < count && (room = ipm_ring_reserve(&shm->out)) != NULL; taken++) {
        memcpy(room, at + taken * len, len);
        ipm_ring_append(&shm->out, len);
    }
    ipm_ring_publish(&shm->out, first);
    way->told(shm);
    return (ssize_t)taken;
}

IPM_SHM_INLINE ssize_t ipm_shm_recv_batch(struct ipm_endpoint *end, void *buf, size_t cap,
                                          unsigned count, size_t *lens,
                                          const struct ipm_shm_way *way) {
    struct ipm_shm_end *shm = end->state;
    unsigned char *at = buf;
    ssize_t bytes = ipm_shm_await(end, way);
    unsigned came = 0;
    while (bytes > 0) {
        lens[came] = (size_t)bytes;
        memcpy(at + came * cap, ipm_ring_message(&shm->in),
               lens[came] < cap ? lens[came] : cap);
        ipm_shm_give_back(shm, way);
        came++;
        bytes = came < count ? ipm_ring_peek(&shm->in) : 0;
    }
    return came > 0 ? (ssize_t)came : bytes;
}

/* The writer is copied, so that its members stay in registers. */
IPM_SHM_INLINE ssize_t ipm_shm_send_series(struct ipm_endpoint *end, const void *buf,
                                           size_t len, unsigned count,
                                           const struct ipm_shm_way *way) {
    struct ipm_shm_end *shm = end->state;
    unsigned taken = 0;
    if (len - 1 >= shm->message_bytes)
        return ipm_shm_fail(EMSGSIZE);
    if (!ipm_shm_make_room(end, way))
        return -1;
    struct ipm_ring_writer out = shm->out;
    do {
        memcpy(out.next + IPM_RING_HEAD_BYTES, buf, len);
        ipm_ring_publish(&out, ipm_ring_accept(&out, len));
        way->told(shm);
    } while (++taken < count && out.free_slots > 0);
    shm->out = out;
    return (ssize_t)taken;
}

IPM_SHM_INLINE ssize_t ipm_shm_borrow_series(struct ipm_endpoint *end, size_t len,
                                             unsigned count, const void **ret_buf,
                                             size_t *ret_stride,
                                             const struct ipm_shm_way *way) {
    const struct ipm_shm_end *shm = end->state;
    const ssize_t bytes = ipm_shm_await(end, way);
    if (bytes <= 0)
        return bytes;
    if ((size_t)bytes != len)
        return ipm_shm_fail(EMSGSIZE);
    *ret_buf = ipm_ring_message(&shm->in);
    *ret_stride = shm->in.stride;
    return (ssize_t)ipm_ring_count(&shm->in, len, count);
}

IPM_SHM_INLINE int ipm_shm_release_series(struct ipm_endpoint *end, unsigned count,
                                          const struct ipm_shm_way *way) {
    struct ipm_shm_end *shm = end->state;
    if (ipm_ring_release_series(&shm->in, count))
        way->freed(shm);
    return 0;
}

/* The operations of one transport, with its way of waiting compiled into them. */
#define IPM_SHM_CALLS(word, way)                                                         \
    static ssize_t word##_send(struct ipm_endpoint *end, const void *buf, size_t len) {  \
        return ipm_shm_send(end, buf, len, way);                                         \
    }                                                                                    \
    static ssize_t word##_recv(struct ipm_endpoint *end, void *buf, size_t cap) {        \
        return ipm_shm_recv(end, buf, cap, way);                                         \
    }                                                                                    \
    static ssize_t word##_lease(struct ipm_endpoint *end, void **ret_buf) {              \
        return ipm_shm_lease(end, ret_buf, way);                                         \
    }                                                                                    \
    static ssize_t word##_commit(struct ipm_endpoint *end, size_t len) {                 \
        return ipm_shm_commit(end, len, way);                                            \
    }                                                                                    \
    static ssize_t word##_borrow(struct ipm_endpoint *end, const void **ret_buf) {       \
        return ipm_shm_borrow(end, ret_buf, way);                                        \
    }                                                                                    \
    static int word##_release(struct ipm_endpoint *end) {                                \
        return ipm_shm_release(end, way);                                                \
    }                                                                                    \
    static ssize_t word##_send_batch(struct ipm_endpoint *end, const void *buf,          \
                                     size_t len, unsigned count) {                       \
        return ipm_shm_send_batch(end, buf, len, count, way);                            \
    }                                                                                    \
    static ssize_t word##_recv_batch(struct ipm_endpoint *end, void *buf, size_t cap,    \
                                     unsigned count, size_t *lens) {                     \
        return ipm_shm_recv_batch(end, buf, cap, count, lens, way);                      \
    }                                                                                    \
    static ssize_t word##_send_series(struct ipm_endpoint *end, const void *buf,         \
                                      size_t len, unsigned count) {                      \
        return ipm_shm_send_series(end, buf, len, count, way);                           \
    }                                                                                    \
    static ssize_t word##_borrow_series(struct ipm_endpoint *end, size_t len,            \
                                        unsigned count, const void **ret_buf,            \
                                        size_t *ret_stride) {                            \
        return ipm_shm_borrow_series(end, len, count, ret_buf, ret_stride, way);         \
    }                                                                                    \
    static int word##_release_series(struct ipm_endpoint *end, unsigned count) {         \
        return ipm_shm_release_series(end, count, way);                                  \
    }

/* The members that the rows have in common. */
#define IPM_SHM_OPERATIONS(word)                                                         \
    .addressing = "inherited memory", .family = IPM_FAMILY_MEMORY,                       \
    .direction = IPM_DUPLEX, .variant = &word##_way,                                     \
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
