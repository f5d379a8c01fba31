/* ring.c - initialises the two sides of a ring. */
#include "transports/memory/ring.h"

enum { RING_STEPS = 4 };

size_t ipm_ring_capacity(size_t message_bytes, unsigned messages, size_t wanted_bytes) {
    const uint64_t least =
        messages * (ipm_ring_span(message_bytes) + IPM_RING_HEAD_BYTES);
    size_t bytes = IPM_RING_LINE_BYTES;
    while (bytes < least || bytes < wanted_bytes)
        bytes *= 2;
    return bytes;
}

void ipm_ring_write_init(struct ipm_ring_writer *writer, struct ipm_ring_shared *shared,
                         unsigned char *data, size_t bytes, bool ordered) {
    *writer = (struct ipm_ring_writer){.shared = shared,
                                       .data = data,
                                       .mask = bytes - 1,
                                       .limit = bytes,
                                       .ordered = ordered};
}

void ipm_ring_read_init(struct ipm_ring_reader *reader, struct ipm_ring_shared *shared,
                        const unsigned char *data, size_t bytes, bool ordered) {
    *reader = (struct ipm_ring_reader){.shared = shared,
                                       .data = data,
                                       .mask = bytes - 1,
                                       .step = bytes / RING_STEPS,
                                       .ordered = ordered};
}
