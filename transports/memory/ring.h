/* ring.h - messages from one writer to one reader through memory that both see. No
 * call waits: one that finds no room, or no message, says so.
 *
 * A record is a head of 8 bytes and its contents, in one piece, at a multiple of 8. The head
 * is 0 until the record is there, then one more than the length, or RING_PAD where the rest of
 * the ring is left out. So a reader looks at one place, the very line where the contents begin,
 * and the writer's position is shared by nobody. Behind each record is a head of 0: who
 * publishes the first of several publishes them all.
 *
 * What the other process writes is trusted with nothing but the contents: a length that would
 * lead out of the ring is -EBADMSG. */
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

/* Two lines of a cache: processors fetch them in pairs. */
enum { IPM_RING_LINE_BYTES = 128, IPM_RING_HEAD_BYTES = sizeof(uint64_t) };

#define IPM_RING_PAD UINT64_MAX

/* What both see, besides the records; starts zeroed. Each line has one who writes it often. */
struct ipm_ring_shared {
    alignas(
        IPM_RING_LINE_BYTES) _Atomic uint64_t taken; /* bytes given back by the reader */
    alignas(IPM_RING_LINE_BYTES) _Atomic uint32_t reader_waits;
    alignas(IPM_RING_LINE_BYTES) _Atomic uint32_t writer_waits;
    alignas(IPM_RING_LINE_BYTES) _Atomic uint32_t finished; /* nothing more will come */
    _Atomic uint32_t left;                                  /* the reader has gone */
};

/* Whether somebody waits is told to the other side by a word of its own, looked at after a
 * record is there: these two must not change places. With `ordered` the store does it, at
 * the cost of an emptied store buffer for each; without, who waits sees to it: membarrier(2). */
struct ipm_ring_writer {
    struct ipm_ring_shared *shared;
    unsigned char *data;
    uint64_t mask;
    uint64_t next;       /* where the record after the last one accepted will be */
    uint64_t reserved;   /* where the record in the making is */
    uint64_t limit;      /* up to here there is room, as far as is known */
    uint64_t first;      /* of the accepted records that are not published */
    uint64_t first_head; /* what publishes them */
    bool ordered;
};

struct ipm_ring_reader {
    struct ipm_ring_shared *shared;
    const unsigned char *data;
    uint64_t mask;
    uint64_t at;
    uint64_t told; /* `taken` as the writer knows it */
    uint64_t
        step; /* it is told so many bytes at a time, or when there is nothing to read */
    bool ordered;
};

/* The least power of two that holds so many messages of that size. */
size_t ipm_ring_capacity(size_t message_bytes, unsigned messages, size_t wanted_bytes);

/* Each in the process that it is used in. `bytes` is a power of two. */
void ipm_ring_write_init(struct ipm_ring_writer *writer, struct ipm_ring_shared *shared,
                         unsigned char *data, size_t bytes, bool ordered);
void ipm_ring_read_init(struct ipm_ring_reader *reader, struct ipm_ring_shared *shared,
                        const unsigned char *data, size_t bytes, bool ordered);

static inline uint64_t ipm_ring_span(size_t message_bytes) {
    return (IPM_RING_HEAD_BYTES + message_bytes + IPM_RING_HEAD_BYTES - 1) &
           ~(uint64_t)(IPM_RING_HEAD_BYTES - 1);
}

static inline _Atomic uint64_t *ipm_ring_head(const unsigned char *data,
                                              uint64_t offset) {
    return (_Atomic uint64_t *)(void *)(data + offset);
}

/* Hot. Room for one message of so many bytes, or NULL while there is none. Keeps no promise
 * once something else is reserved. */
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

/* Hot. What lies in the room that was reserved is a message. */
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

/* Hot. All that was accepted can be read from now on: one or more. */
static inline void ipm_ring_publish(struct ipm_ring_writer *writer) {
    _Atomic uint64_t *const head =
        ipm_ring_head(writer->data, writer->first & writer->mask);
    if (writer->ordered)
        atomic_store(head, writer->first_head);
    else
        atomic_store_explicit(head, writer->first_head, memory_order_release);
    writer->first = writer->next;
}

/* Hot. Points at the next message and returns its length; 0: there is none; -EBADMSG. */
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
    /* No message is empty, and none reaches into the head behind it: 0 and the pad fail, too. */
    const uint64_t bytes = head - 1;
    if (bytes - 1 >= reader->mask + 1 - offset - IPM_RING_HEAD_BYTES ||
        offset + ipm_ring_span((size_t)bytes) + IPM_RING_HEAD_BYTES > reader->mask + 1)
        return -EBADMSG;
    *ret_message = reader->data + offset + IPM_RING_HEAD_BYTES;
    return (ssize_t)bytes;
}

/* Tells the writer how much room there is. Returns whether that was news. */
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

/* Hot. Gives the room of the message back that peek has shown. Returns whether the writer was
 * told. */
static inline bool ipm_ring_release(struct ipm_ring_reader *reader, size_t bytes) {
    reader->at += ipm_ring_span(bytes);
    return reader->at - reader->told >= reader->step && ipm_ring_tell(reader);
}

/* Hot. After publish, tell: whether the other side waits for it. The empty instruction keeps
 * the compiler from doing what membarrier(2) keeps the processor from. */
static inline bool ipm_ring_is_awaited(const _Atomic uint32_t *waits) {
    __asm__ volatile("" ::: "memory");
    return atomic_load(waits) != 0;
}

#endif
