/* ring.h - a ring of messages in shared memory, from one writer to one reader. No call waits: it
 * returns that there is no space, or no message.
 *
 * A record is a head of 8 bytes and its contents, in one piece, at a multiple of 8. The head is 0
 * until the record is complete, then one more than the length, or IPM_RING_PAD where the rest of
 * the ring is left out. A reader therefore polls the cache line in which the contents begin, and
 * the writer's position is not shared. A head of 0 follows each record, so that the head of the
 * first of several records publishes all of them.
 *
 * The other process is not trusted: a length that leads out of the ring is -EBADMSG. */
#ifndef IPM_TRANSPORTS_MEMORY_RING_H
#define IPM_TRANSPORTS_MEMORY_RING_H

#include <errno.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>

/* Two cache lines: processors fetch them in pairs. */
enum {
    IPM_RING_LINE_BYTES = 128,
    IPM_RING_HEAD_BYTES = sizeof(uint64_t),
    IPM_RING_STEPS = 4 /* a reader reports so often in a round */
};

#define IPM_RING_PAD UINT64_MAX

/* What both sides see besides the records; starts zeroed. Each line has one frequent writer. */
struct ipm_ring_shared {
    alignas(
        IPM_RING_LINE_BYTES) _Atomic uint64_t taken; /* bytes that the reader released */
    alignas(IPM_RING_LINE_BYTES) _Atomic uint32_t reader_waits;
    alignas(IPM_RING_LINE_BYTES) _Atomic uint32_t writer_waits;
    alignas(IPM_RING_LINE_BYTES) _Atomic uint32_t finished; /* the writer sends no more */
    _Atomic uint32_t left;                                  /* the reader has gone */
};

/* A side that waits says so in a word that the other side reads after it has published a record:
 * the processor must not reorder these two. With `ordered` each store is a full barrier; without
 * it, the side that waits calls membarrier(2). */
struct ipm_ring_writer {
    struct ipm_ring_shared *shared;
    unsigned char *data;
    uint64_t mask;
    uint64_t next;       /* where the next record begins */
    uint64_t reserved;   /* where the reserved record begins */
    uint64_t limit;      /* the end of the space that is known to be free */
    uint64_t first;      /* of the accepted records, the first unpublished one */
    uint64_t first_head; /* its head, whose store publishes them */
    bool ordered;
};

struct ipm_ring_reader {
    struct ipm_ring_shared *shared;
    const unsigned char *data;
    uint64_t mask;
    uint64_t at;
    uint64_t told; /* the last value stored in `taken` */
    uint64_t step; /* `taken` is stored after so many bytes, or when the ring is empty */
    bool ordered;
};

static inline uint64_t ipm_ring_span(size_t message_bytes) {
    return (IPM_RING_HEAD_BYTES + message_bytes + IPM_RING_HEAD_BYTES - 1) &
           ~(uint64_t)(IPM_RING_HEAD_BYTES - 1);
}

/* The least power of two that holds so many messages of that size, and wanted_bytes. */
static inline size_t ipm_ring_capacity(size_t message_bytes, unsigned messages,
                                       size_t wanted_bytes) {
    const uint64_t least =
        messages * (ipm_ring_span(message_bytes) + IPM_RING_HEAD_BYTES);
    size_t bytes = IPM_RING_LINE_BYTES;
    while (bytes < least || bytes < wanted_bytes)
        bytes *= 2;
    return bytes;
}

/* Each is called in the process that uses the result. `bytes` is a power of two. */
static inline void ipm_ring_write_init(struct ipm_ring_writer *writer,
                                       struct ipm_ring_shared *shared,
                                       unsigned char *data, size_t bytes, bool ordered) {
    *writer = (struct ipm_ring_writer){.shared = shared,
                                       .data = data,
                                       .mask = bytes - 1,
                                       .limit = bytes,
                                       .ordered = ordered};
}

static inline void ipm_ring_read_init(struct ipm_ring_reader *reader,
                                      struct ipm_ring_shared *shared,
                                      const unsigned char *data, size_t bytes,
                                      bool ordered) {
    *reader = (struct ipm_ring_reader){.shared = shared,
                                       .data = data,
                                       .mask = bytes - 1,
                                       .step = bytes / IPM_RING_STEPS,
                                       .ordered = ordered};
}

static inline _Atomic uint64_t *ipm_ring_head(const unsigned char *data,
                                              uint64_t offset) {
    return (_Atomic uint64_t *)(void *)(data + offset);
}

/* Hot. Returns space for one message of so many bytes, or NULL while there is none. It is valid
 * until the next call. */
static inline unsigned char *ipm_ring_reserve(struct ipm_ring_writer *writer,
                                              size_t bytes) {
    const uint64_t whole = ipm_ring_span(bytes) + IPM_RING_HEAD_BYTES;
    uint64_t at = writer->next;
    if ((at & writer->mask) + whole > writer->mask + 1)
        at = (at | writer->mask) + 1;
    if (at + whole > writer->limit) {
        writer->limit =
            atomic_load_explicit(&writer->shared->taken, memory_order_acquire) +
            writer->mask + 1;
        if (at + whole > writer->limit)
            return NULL;
    }
    writer->reserved = at;
    return writer->data + (at & writer->mask) + IPM_RING_HEAD_BYTES;
}

/* Hot. Makes a record of what is in the reserved space. */
static inline void ipm_ring_accept(struct ipm_ring_writer *writer, size_t bytes) {
    const uint64_t at = writer->reserved;
    const uint64_t place = writer->next;
    uint64_t head = bytes + 1;
    writer->next = at + ipm_ring_span(bytes);
    atomic_store_explicit(ipm_ring_head(writer->data, writer->next & writer->mask), 0,
                          memory_order_relaxed);
    if (at != place) {
        atomic_store_explicit(ipm_ring_head(writer->data, at & writer->mask), head,
                              memory_order_relaxed);
        head = IPM_RING_PAD;
    }
    if (place == writer->first)
        writer->first_head = head;
    else
        atomic_store_explicit(ipm_ring_head(writer->data, place & writer->mask), head,
                              memory_order_relaxed);
}

/* Hot. Publishes the accepted records, at least one. */
static inline void ipm_ring_publish(struct ipm_ring_writer *writer) {
    _Atomic uint64_t *const head =
        ipm_ring_head(writer->data, writer->first & writer->mask);
    if (writer->ordered)
        atomic_store(head, writer->first_head);
    else
        atomic_store_explicit(head, writer->first_head, memory_order_release);
    writer->first = writer->next;
}

/* Hot. Points to the next message and returns its length, 0 when there is none, or -EBADMSG. */
static inline ssize_t ipm_ring_peek(struct ipm_ring_reader *reader,
                                    const unsigned char **ret_message) {
    uint64_t offset = reader->at & reader->mask;
    uint64_t head =
        atomic_load_explicit(ipm_ring_head(reader->data, offset), memory_order_acquire);
    if (head == 0)
        return 0;
    if (head == IPM_RING_PAD) {
        reader->at = (reader->at | reader->mask) + 1;
        offset = 0;
        head = atomic_load_explicit(ipm_ring_head(reader->data, 0), memory_order_acquire);
    }
    /* A message is not empty and ends before the next head, so a head of 0 or a pad fails, too. */
    const uint64_t bytes = head - 1;
    if (bytes - 1 >= reader->mask + 1 - offset - IPM_RING_HEAD_BYTES ||
        offset + ipm_ring_span((size_t)bytes) + IPM_RING_HEAD_BYTES > reader->mask + 1)
        return -EBADMSG;
    *ret_message = reader->data + offset + IPM_RING_HEAD_BYTES;
    return (ssize_t)bytes;
}

/* Stores how much was read. Returns whether that is more than before. */
static inline bool ipm_ring_tell(struct ipm_ring_reader *reader) {
    if (reader->told == reader->at)
        return false;
    reader->told = reader->at;
    if (reader->ordered)
        atomic_store(&reader->shared->taken, reader->at);
    else
        atomic_store_explicit(&reader->shared->taken, reader->at, memory_order_release);
    return true;
}

/* Hot. Releases the message of the last peek. Returns whether that was stored. */
static inline bool ipm_ring_release(struct ipm_ring_reader *reader, size_t bytes) {
    reader->at += ipm_ring_span(bytes);
    return reader->at - reader->told >= reader->step && ipm_ring_tell(reader);
}

/* Hot. After publish or tell: whether the other side waits. The empty statement keeps the compiler
 * from the reordering that membarrier(2) keeps the processor from. */
static inline bool ipm_ring_is_awaited(const _Atomic uint32_t *waits) {
    __asm__ volatile("" ::: "memory");
    return atomic_load(waits) != 0;
}

#endif
