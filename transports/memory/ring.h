/* ring.h - a ring of messages in shared memory, from one writer to one reader. No call waits: it
 * returns that there is no space, or no message.
 *
 * The ring is made of slots of one size: a head of 8 bytes and space for the largest message. Bit 0
 * of a head changes with each turn of the ring, and the length of the message is above it. The
 * reader tells a new message from that of the turn before by this bit, so it writes nothing into
 * the slots and nobody clears any. Both sides know the addresses of the next slots before they have
 * loaded this one, and the writer's position is not shared.
 *
 * The other process is not trusted: a length that leads out of the slot is -EBADMSG. */
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
    IPM_RING_STEPS = 4 /* times that a reader reports released slots in each turn */
};

/* What both sides see besides the slots; starts zeroed. Each line has one frequent writer. */
struct ipm_ring_shared {
    alignas(IPM_RING_LINE_BYTES) _Atomic uint64_t
        taken; /* messages that the reader released */
    alignas(IPM_RING_LINE_BYTES) _Atomic uint32_t reader_waits;
    alignas(IPM_RING_LINE_BYTES) _Atomic uint32_t writer_waits;
    alignas(IPM_RING_LINE_BYTES) _Atomic uint32_t finished; /* the writer sends no more */
    _Atomic uint32_t left;                                  /* the reader has gone */
};

/* A side that waits sets a flag, which the other side reads after it has published a message. The
 * processor must not reorder the publication and the read. With `ordered`, each store is a full
 * barrier. Without it, the side that waits calls membarrier(2). */
struct ipm_ring_writer {
    struct ipm_ring_shared *shared;
    unsigned char *data;
    unsigned char *end;  /* of the last slot */
    size_t stride;       /* from one slot to the next */
    unsigned char *next; /* the slot of the next message */
    uint64_t turn;       /* bit 0 of its head */
    uint64_t slots;
    uint64_t free_slots; /* that are known, from `next` on */
    uint64_t granted;    /* messages for which there was or is space */
    bool ordered;
};

struct ipm_ring_reader {
    struct ipm_ring_shared *shared;
    const unsigned char *data;
    const unsigned char *end;
    size_t stride;
    const unsigned char *next;
    uint64_t turn;
    uint64_t reported; /* the last value stored in `taken` */
    uint64_t
        step; /* messages after which `taken` is stored; also stored when the ring is empty */
    uint64_t until_report; /* messages to release before the next store */
    bool ordered;
};

/* The head of an accepted message, and what makes it one. */
struct ipm_ring_entry {
    _Atomic uint64_t *head;
    uint64_t value;
};

static inline size_t ipm_ring_stride(size_t message_bytes) {
    return (IPM_RING_HEAD_BYTES + message_bytes + IPM_RING_HEAD_BYTES - 1) &
           ~(size_t)(IPM_RING_HEAD_BYTES - 1);
}

/* The least power of two that holds so many messages of that size, and wanted_bytes. */
static inline size_t ipm_ring_capacity(size_t message_bytes, unsigned messages,
                                       size_t wanted_bytes) {
    const uint64_t least = messages * (uint64_t)ipm_ring_stride(message_bytes);
    size_t bytes = IPM_RING_LINE_BYTES;
    while (bytes < least || bytes < wanted_bytes)
        bytes *= 2;
    return bytes;
}

/* Each is called in the process that uses the result. `bytes` holds one slot or more, for messages
 * of at most message_bytes. */
static inline void ipm_ring_write_init(struct ipm_ring_writer *writer,
                                       struct ipm_ring_shared *shared,
                                       unsigned char *data, size_t bytes,
                                       size_t message_bytes, bool ordered) {
    const size_t stride = ipm_ring_stride(message_bytes);
    const uint64_t slots = bytes / stride;
    *writer = (struct ipm_ring_writer){.shared = shared,
                                       .data = data,
                                       .end = data + slots * stride,
                                       .stride = stride,
                                       .next = data,
                                       .turn = 1,
                                       .slots = slots,
                                       .free_slots = slots,
                                       .granted = slots,
                                       .ordered = ordered};
}

static inline void ipm_ring_read_init(struct ipm_ring_reader *reader,
                                      struct ipm_ring_shared *shared,
                                      const unsigned char *data, size_t bytes,
                                      size_t message_bytes, bool ordered) {
    const size_t stride = ipm_ring_stride(message_bytes);
    const uint64_t slots = bytes / stride;
    const uint64_t step = (slots + IPM_RING_STEPS - 1) / IPM_RING_STEPS;
    *reader = (struct ipm_ring_reader){.shared = shared,
                                       .data = data,
                                       .end = data + slots * stride,
                                       .stride = stride,
                                       .next = data,
                                       .turn = 1,
                                       .step = step,
                                       .until_report = step,
                                       .ordered = ordered};
}

static inline _Atomic uint64_t *ipm_ring_head(const unsigned char *slot) {
    return (_Atomic uint64_t *)(void *)slot;
}

/* Of a writer without free slots: whether the reader has released any. Whatever the reader says,
 * no more are free than there are. */
static inline bool ipm_ring_renew(struct ipm_ring_writer *writer) {
    const uint64_t used = writer->granted - atomic_load_explicit(&writer->shared->taken,
                                                                 memory_order_acquire);
    writer->free_slots = used < writer->slots ? writer->slots - used : 0;
    writer->granted += writer->free_slots;
    return writer->free_slots > 0;
}

/* Hot. Returns space for one message, or NULL while there is none. It is valid until the next
 * call. */
static inline unsigned char *ipm_ring_reserve(struct ipm_ring_writer *writer) {
    if (writer->free_slots == 0 && !ipm_ring_renew(writer))
        return NULL;
    return writer->next + IPM_RING_HEAD_BYTES;
}

/* Hot. Makes a message of what is in the reserved space, which nobody sees yet. */
static inline struct ipm_ring_entry ipm_ring_accept(struct ipm_ring_writer *writer,
                                                    size_t bytes) {
    const struct ipm_ring_entry entry = {ipm_ring_head(writer->next),
                                         (uint64_t)bytes << 1 | writer->turn};
    writer->next += writer->stride;
    writer->free_slots--;
    if (writer->next == writer->end) {
        writer->next = writer->data;
        writer->turn ^= 1;
    }
    return entry;
}

/* Hot. The same of a message behind others that are accepted and not published. */
static inline void ipm_ring_append(struct ipm_ring_writer *writer, size_t bytes) {
    const struct ipm_ring_entry entry = ipm_ring_accept(writer, bytes);
    atomic_store_explicit(entry.head, entry.value, memory_order_relaxed);
}

/* Hot. Publishes an accepted message and those that were appended. */
static inline void ipm_ring_publish(const struct ipm_ring_writer *writer,
                                    struct ipm_ring_entry entry) {
    if (writer->ordered)
        atomic_store(entry.head, entry.value);
    else
        atomic_store_explicit(entry.head, entry.value, memory_order_release);
}

/* Hot. Whether a head of the reader's next slot is that of a new message. */
static inline bool ipm_ring_is_new(const struct ipm_ring_reader *reader, uint64_t head) {
    return ((head ^ reader->turn) & 1) == 0;
}

/* Hot. Returns the length of the next message, 0 when there is none, or -EBADMSG. */
static inline ssize_t ipm_ring_peek(const struct ipm_ring_reader *reader) {
    const uint64_t head =
        atomic_load_explicit(ipm_ring_head(reader->next), memory_order_acquire);
    const uint64_t bytes = head >> 1;
    if (!ipm_ring_is_new(reader, head))
        return 0;
    /* A message is not empty. */
    if (bytes - 1 >= reader->stride - IPM_RING_HEAD_BYTES)
        return -EBADMSG;
    return (ssize_t)bytes;
}

/* Hot. The message that peek found. */
static inline const unsigned char *
ipm_ring_message(const struct ipm_ring_reader *reader) {
    return reader->next + IPM_RING_HEAD_BYTES;
}

/* Stores how much was read. Returns whether that is more than before. */
static inline bool ipm_ring_report(struct ipm_ring_reader *reader) {
    if (reader->until_report == reader->step)
        return false;
    reader->reported += reader->step - reader->until_report;
    reader->until_report = reader->step;
    if (reader->ordered)
        atomic_store(&reader->shared->taken, reader->reported);
    else
        atomic_store_explicit(&reader->shared->taken, reader->reported,
                              memory_order_release);
    return true;
}

/* Hot. Releases the message of the last peek. Returns whether that was stored. */
static inline bool ipm_ring_release(struct ipm_ring_reader *reader) {
    reader->next += reader->stride;
    if (reader->next == reader->end) {
        reader->next = reader->data;
        reader->turn ^= 1;
    }
    return --reader->until_report == 0 && ipm_ring_report(reader);
}

/* Hot. Returns how many messages of that length there are behind the one of the last peek, which
 * has it, and that one, at most `most`: as many as lie one behind the other and are released
 * before the reader reports. */
static inline unsigned ipm_ring_count(const struct ipm_ring_reader *reader, size_t bytes,
                                      unsigned most) {
    const uint64_t wanted = (uint64_t)bytes << 1 | reader->turn;
    const unsigned char *slot = reader->next + reader->stride;
    const unsigned limit =
        reader->until_report < most ? (unsigned)reader->until_report : most;
    unsigned count = 1;
    while (count < limit && slot != reader->end &&
           atomic_load_explicit(ipm_ring_head(slot), memory_order_acquire) == wanted) {
        slot += reader->stride;
        count++;
    }
    return count;
}

/* Hot. Releases the messages of the last count. Returns whether that was stored. */
static inline bool ipm_ring_release_series(struct ipm_ring_reader *reader,
                                           unsigned count) {
    reader->next += count * reader->stride;
    if (reader->next == reader->end) {
        reader->next = reader->data;
        reader->turn ^= 1;
    }
    reader->until_report -= count;
    return reader->until_report == 0 && ipm_ring_report(reader);
}

/* Hot. After publish or tell: whether the other side waits. The empty statement keeps the compiler
 * from the reordering that membarrier(2) keeps the processor from. */
static inline bool ipm_ring_is_awaited(const _Atomic uint32_t *waits) {
    __asm__ volatile("" ::: "memory");
    return atomic_load(waits) != 0;
}

#endif
