/* payload.h - contents of messages, their sequence numbers and their check.
 *
 * A message of 16 bytes or more is {sequence number, XXH3 of the rest, the rest}, both
 * numbers 64 bits in little-endian order. A shorter one is the first bytes of {sequence
 * number, XXH3 of it}: one byte still tells order modulo 256. */
#ifndef IPM_RUN_PUMP_PAYLOAD_H
#define IPM_RUN_PUMP_PAYLOAD_H

#include "model/report/sample.h"

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Writes message number `sequence` with contents that differ from message to message. */
void ipm_payload_fill(unsigned char *message, size_t bytes, uint64_t seed,
                      uint64_t sequence);

/* Whether the message is whole. Fills the sequence number it carries; `near` is the one
 * awaited, from which a truncated number is completed. */
bool ipm_payload_check(const unsigned char *message, size_t bytes, uint64_t seed,
                       uint64_t near, uint64_t *ret_sequence);

/* Writes only the number, for transports that may lose messages. Hot. */
static inline void ipm_payload_number(unsigned char *message, size_t bytes,
                                      uint64_t sequence) {
    const uint64_t ordered = htole64(sequence);
    if (bytes >= sizeof ordered)
        memcpy(message, &ordered, sizeof ordered);
    else
        memcpy(message, &ordered, bytes);
}

/* Reads the number back, completed from the one awaited. Hot. */
uint64_t ipm_payload_complete(const unsigned char *message, size_t bytes, uint64_t near);

static inline uint64_t ipm_payload_read(const unsigned char *message, size_t bytes,
                                        uint64_t near) {
    uint64_t sequence;
    if (bytes < sizeof sequence)
        return ipm_payload_complete(message, bytes, near);
    memcpy(&sequence, message, sizeof sequence);
    return le64toh(sequence);
}

/* With fewer bytes of a number, a burst of losses looks like repeats. */
enum { IPM_PAYLOAD_TELLING_BYTES = 4 };

enum { IPM_TRACKER_WINDOW = 1 << 16, IPM_TRACKER_WORDS = IPM_TRACKER_WINDOW / 64 };

/* Which messages came: a sliding window of the last 65,536 numbers (as RFC 6479 does it
 * for replays). A message that comes later than that counts as reordered. */
struct ipm_tracker {
    uint64_t next;     /* one above the highest number seen */
    uint64_t messages; /* numbers from here on were never sent */
    uint64_t distinct;
    bool
        by_count; /* only how many came tells what was lost: numbers are too short to tell,
                      or a message is repeated when it may be lost */
    struct ipm_damage damage; /* lost_messages is filled by ipm_tracker_finish */
    uint64_t seen[IPM_TRACKER_WORDS];
};

void ipm_tracker_init(struct ipm_tracker *tracker, uint64_t messages);

/* A number that is not the next one. */
void ipm_tracker_note_odd(struct ipm_tracker *tracker, uint64_t sequence);

/* Hot. */
static inline void ipm_tracker_note(struct ipm_tracker *tracker, uint64_t sequence) {
    if (sequence != tracker->next || sequence >= tracker->messages) {
        ipm_tracker_note_odd(tracker, sequence);
        return;
    }
    tracker->seen[sequence / 64 % IPM_TRACKER_WORDS] |= 1ull << sequence % 64;
    tracker->next++;
    tracker->distinct++;
}

/* What of `sent` messages never came is lost; `came` is the number of those that did. */
void ipm_tracker_finish(struct ipm_tracker *tracker, uint64_t sent, uint64_t came);

#endif
