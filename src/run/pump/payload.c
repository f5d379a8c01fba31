/* payload.c - the contents of messages. */
#include "run/pump/payload.h"

#include <xxhash.h>

enum { PAYLOAD_HEAD = 16 };

/* Odd constants of splitmix64 (Steele et al. 2014), which spread neighbouring numbers. */
static const uint64_t PAYLOAD_STEP = 0x9e3779b97f4a7c15u;
static const uint64_t PAYLOAD_MIX = 0xbf58476d1ce4e5b9u;

static void payload_contents(unsigned char *contents, size_t bytes, uint64_t start) {
    size_t at = 0;
    for (; at + sizeof start <= bytes; at += sizeof start, start += PAYLOAD_STEP)
        memcpy(contents + at, &start, sizeof start);
    memcpy(contents + at, &start, bytes - at);
}

static void payload_head(unsigned char head[PAYLOAD_HEAD], uint64_t sequence,
                         const unsigned char *contents, size_t bytes, uint64_t seed) {
    uint64_t hash = htole64(XXH3_64bits_withSeed(contents, bytes, seed ^ sequence));
    ipm_payload_number(head, sizeof sequence, sequence);
    memcpy(head + sizeof sequence, &hash, sizeof hash);
}

void ipm_payload_fill(unsigned char *message, size_t bytes, uint64_t seed,
                      uint64_t sequence) {
    unsigned char head[PAYLOAD_HEAD];
    size_t rest = bytes > PAYLOAD_HEAD ? bytes - PAYLOAD_HEAD : 0;
    unsigned char *contents = message + (bytes - rest);
    payload_contents(contents, rest, (seed + sequence) * PAYLOAD_MIX);
    payload_head(head, sequence, contents, rest, seed);
    memcpy(message, head, bytes - rest);
}

bool ipm_payload_check(const unsigned char *message, size_t bytes, uint64_t seed,
                       uint64_t near, uint64_t *ret_sequence) {
    unsigned char head[PAYLOAD_HEAD];
    size_t rest = bytes > PAYLOAD_HEAD ? bytes - PAYLOAD_HEAD : 0;
    *ret_sequence = ipm_payload_read(message, bytes, near);
    payload_head(head, *ret_sequence, message + (bytes - rest), rest, seed);
    return memcmp(message, head, bytes - rest) == 0;
}

uint64_t ipm_payload_complete(const unsigned char *message, size_t bytes, uint64_t near) {
    uint64_t low = 0;
    uint64_t span = 1ull << (8 * bytes);
    memcpy(&low, message, bytes);
    uint64_t ahead = (le64toh(low) - near) & (span - 1);
    return ahead < span / 2 || near + ahead < span ? near + ahead : near + ahead - span;
}

void ipm_tracker_init(struct ipm_tracker *tracker, uint64_t messages) {
    memset(tracker, 0, sizeof *tracker);
    tracker->messages = messages;
}

static uint64_t *tracker_word(struct ipm_tracker *tracker, uint64_t sequence) {
    return &tracker->seen[sequence / 64 % IPM_TRACKER_WORDS];
}

/* Clears the numbers between the highest seen and this one, which have not arrived:
 * their bits still belong to numbers one window earlier. */
static void tracker_skip_to(struct ipm_tracker *tracker, uint64_t sequence) {
    if (sequence - tracker->next >= IPM_TRACKER_WINDOW)
        memset(tracker->seen, 0, sizeof tracker->seen);
    else
        for (uint64_t gap = tracker->next; gap < sequence; gap++)
            *tracker_word(tracker, gap) &= ~(1ull << gap % 64);
}

static bool tracker_knows(struct ipm_tracker *tracker, uint64_t sequence) {
    return sequence < tracker->next && tracker->next - sequence <= IPM_TRACKER_WINDOW &&
           (*tracker_word(tracker, sequence) >> sequence % 64 & 1) != 0;
}

void ipm_tracker_note_odd(struct ipm_tracker *tracker, uint64_t sequence) {
    if (sequence >= tracker->messages) {
        tracker->damage.corrupt_messages += tracker->short_numbers ? 0 : 1;
        return;
    }
    if (tracker_knows(tracker, sequence)) {
        tracker->damage.duplicated_messages++;
        return;
    }
    tracker->distinct++;
    if (sequence < tracker->next) {
        tracker->damage.reordered_messages++;
        if (tracker->next - sequence > IPM_TRACKER_WINDOW)
            return;
    } else {
        tracker_skip_to(tracker, sequence);
        tracker->next = sequence + 1;
    }
    *tracker_word(tracker, sequence) |= 1ull << sequence % 64;
}

void ipm_tracker_finish(struct ipm_tracker *tracker, uint64_t sent, uint64_t came) {
    const uint64_t known = tracker->by_count ? came : tracker->distinct;
    if (tracker->by_count)
        tracker->damage =
            (struct ipm_damage){.corrupt_messages = tracker->damage.corrupt_messages};
    tracker->damage.lost_messages = sent > known ? sent - known : 0;
}
