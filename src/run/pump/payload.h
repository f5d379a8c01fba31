/* payload.h - contents of messages, their sequence numbers and their check.
 *
 * A message of 16 bytes or more is {sequence number, XXH3 of the rest, the rest}; both numbers
 * have 64 bits in little-endian order. A shorter message is the first bytes of {sequence number,
 * XXH3 of it}. Even one byte tells the order modulo 256. */
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

/* Whether the message is intact. Fills the sequence number it carries; `near` is the
 * awaited number, from which a truncated one is completed. */
bool ipm_payload_check(const unsigned char *message, size_t bytes, uint64_t seed,
                       uint64_t near, uint64_t *ret_sequence);

/* Hot. Writes only the number, for transports that may lose messages. */
static inline void ipm_payload_number(unsigned char *message, size_t bytes,
                                      uint64_t sequence) {
    const uint64_t ordered = htole64(sequence);
    if (bytes >= sizeof ordered)
        memcpy(message, &ordered, sizeof ordered);
    else
        memcpy(message, &ordered, bytes);
}

/* Hot. Reads the number, completed from the awaited number `near`. */
uint64_t ipm_payload_complete(const unsigned char *message, size_t bytes, uint64_t near);

static inline uint64_t ipm_payload_read(const unsigned char *message, size_t bytes,
                                        uint64_t near) {
    uint64_t sequence;
    if (bytes < sizeof sequence)
        return ipm_payload_complete(message, bytes, near);
    memcpy(&sequence, message, sizeof sequence);
    return le64toh(sequence);
}

/* Fewer bytes than this of a number cannot tell a burst of losses from duplicates. */
enum { IPM_PAYLOAD_TELLING_BYTES = 4 };

enum { IPM_TRACKER_WINDOW = 1 << 16, IPM_TRACKER_WORDS = IPM_TRACKER_WINDOW / 64 };

/* Tracks which messages arrived: a sliding window of the last 65,536 numbers, as in
 * RFC 6479. A message that arrives later than that counts as reordered. */
struct ipm_tracker {
    uint64_t next;     /* one above the highest number seen */
    uint64_t messages; /* numbers from here on were never sent */
    uint64_t distinct;
    /* Losses are found by counting only: numbers are too short to identify messages, or a
     * message that may be lost is repeated. */
    bool by_count;
    bool short_numbers; /* a burst of losses may turn one into a number never sent */
    struct ipm_damage damage; /* lost_messages is filled by ipm_tracker_finish */
    uint64_t seen[IPM_TRACKER_WORDS];
};

void ipm_tracker_init(struct ipm_tracker *tracker, uint64_t messages);

/* Notes a number that is not the next one. */
void ipm_tracker_note_odd(struct ipm_tracker *tracker, uint64_t sequence);

/* Hot. Notes the number of a message that arrived. */
static inline void ipm_tracker_note(struct ipm_tracker *tracker, uint64_t sequence) {
    if (sequence != tracker->next || sequence >= tracker->messages) {
        ipm_tracker_note_odd(tracker, sequence);
        return;
    }
    tracker->seen[sequence / 64 % IPM_TRACKER_WORDS] |= 1ull << sequence % 64;
    tracker->next++;
    tracker->distinct++;
}

/* Counts as lost those of `sent` messages that never arrived; `came` is the number
 * that did. */
void ipm_tracker_finish(struct ipm_tracker *tracker, uint64_t sent, uint64_t came);

#endif
