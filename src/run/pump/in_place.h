/* in_place.h - one message written and one read where it lies, inlined into whatever loops
 * over them: private to pump*.c. */
#ifndef IPM_RUN_PUMP_IN_PLACE_H
#define IPM_RUN_PUMP_IN_PLACE_H

#include "run/pump/loops.h"

#include <errno.h>
#include <string.h>

enum { IPM_PUMP_LINE_BYTES = 64 };

/* The message as it is: the one copy of it that a sender makes. */
static inline void ipm_pump_in_place_write(struct ipm_pump *pump, void *room,
                                           uint64_t sequence) {
    (void)sequence;
    memcpy(room, pump->buf, pump->message_bytes);
}

/* One word of each line, and the last byte, are enough to bring all of them here. The sum is
 * said to be used, or the compiler would leave the reading out. */
static inline void ipm_pump_in_place_read(struct ipm_pump *pump,
                                          const unsigned char *message) {
    const size_t bytes = pump->message_bytes;
    uint64_t sum = message[bytes - 1];
    uint64_t word;
    for (size_t at = 0; at + sizeof word <= bytes; at += IPM_PUMP_LINE_BYTES) {
        memcpy(&word, message + at, sizeof word);
        sum += word;
    }
    __asm__ volatile("" : : "r"(sum));
}

/* Inlined into each of its callers, with the writing it gives. */
static inline int ipm_pump_in_place_give(struct ipm_pump *pump, uint64_t sequence,
                                         void (*write)(struct ipm_pump *, void *,
                                                       uint64_t)) {
    void *room;
    int failed = ipm_pump_in_place_lease(pump, &room);
    if (failed)
        return failed;
    write(pump, room, sequence);
    return pump->commit(pump->end, pump->message_bytes) == 0 ? 0 : -errno;
}

#endif
