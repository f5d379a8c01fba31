/* test_run_payload.c - contents, numbers and the tracker. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "run/pump/payload.h"

enum { PAYLOAD_SEED = 77, LONGEST = 4096 };

Test(run_payload, checks_whole_at_every_size) {
    static const size_t sizes[] = {1, 2, 7, 8, 9, 15, 16, 17, 23, 24, 64, 1000, LONGEST};
    unsigned char message[LONGEST];
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (uint64_t n = 0; n < 300; n++) {
            uint64_t sequence = 0;
            ipm_payload_fill(message, sizes[i], PAYLOAD_SEED, n);
            cr_assert(ipm_payload_check(message, sizes[i], PAYLOAD_SEED, n, &sequence));
            cr_assert_eq(sequence, n, "%zu bytes, message %lu", sizes[i],
                         (unsigned long)n);
        }
}

Test(run_payload, any_flipped_bit_beyond_the_number_is_corrupt) {
    unsigned char message[64];
    for (size_t bit = 64; bit < 8 * sizeof message; bit++) {
        uint64_t sequence = 0;
        ipm_payload_fill(message, sizeof message, PAYLOAD_SEED, 5);
        message[bit / 8] = (unsigned char)(message[bit / 8] ^ 1u << bit % 8);
        cr_assert_not(
            ipm_payload_check(message, sizeof message, PAYLOAD_SEED, 5, &sequence),
            "bit %zu", bit);
    }
}

Test(run_payload, a_changed_number_does_not_match_its_contents) {
    unsigned char message[64];
    uint64_t sequence = 0;
    ipm_payload_fill(message, sizeof message, PAYLOAD_SEED, 5);
    message[0] = 6;
    cr_assert_not(ipm_payload_check(message, sizeof message, PAYLOAD_SEED, 5, &sequence));
    cr_assert_eq(sequence, 6);
}

Test(run_payload, differs_from_message_to_message_everywhere) {
    unsigned char one[256];
    unsigned char two[256];
    ipm_payload_fill(one, sizeof one, PAYLOAD_SEED, 1);
    ipm_payload_fill(two, sizeof two, PAYLOAD_SEED, 2);
    for (size_t word = 2; word < sizeof one / 8; word++)
        cr_assert_neq(memcmp(one + 8 * word, two + 8 * word, 8), 0, "word %zu", word);
}

Test(run_payload, another_seed_is_another_content) {
    unsigned char message[64];
    uint64_t sequence = 0;
    ipm_payload_fill(message, sizeof message, PAYLOAD_SEED, 5);
    cr_assert_not(
        ipm_payload_check(message, sizeof message, PAYLOAD_SEED + 1, 5, &sequence));
}

Test(run_payload, a_short_number_is_completed_to_the_nearest) {
    unsigned char message[2];
    ipm_payload_number(message, 1, 258);
    cr_assert_eq(ipm_payload_read(message, 1, 256), 258);
    cr_assert_eq(ipm_payload_read(message, 1, 300), 258);
    cr_assert_eq(ipm_payload_read(message, 1, 500), 514);
    ipm_payload_number(message, 2, 65537);
    cr_assert_eq(ipm_payload_read(message, 2, 65530), 65537);
    cr_assert_eq(ipm_payload_read(message, 2, 65540), 65537);
    ipm_payload_number(message, 1, 200);
    cr_assert_eq(ipm_payload_read(message, 1, 3), 200); /* there is none below 0 */
}

static struct ipm_tracker *payload_tracker(uint64_t messages) {
    static struct ipm_tracker tracker;
    ipm_tracker_init(&tracker, messages);
    return &tracker;
}

Test(run_payload_tracker, in_order_is_no_damage) {
    struct ipm_tracker *tracker = payload_tracker(200000);
    for (uint64_t n = 0; n < 200000; n++)
        ipm_tracker_note(tracker, n);
    ipm_tracker_finish(tracker, 200000, 0);
    cr_assert_eq(tracker->distinct, 200000);
    cr_assert_eq(tracker->damage.lost_messages, 0);
    cr_assert_eq(tracker->damage.reordered_messages, 0);
    cr_assert_eq(tracker->damage.duplicated_messages, 0);
}

Test(run_payload_tracker, gaps_are_lost) {
    struct ipm_tracker *tracker = payload_tracker(1000);
    for (uint64_t n = 0; n < 1000; n += 4)
        ipm_tracker_note(tracker, n);
    ipm_tracker_finish(tracker, 1000, 0);
    cr_assert_eq(tracker->damage.lost_messages, 750);
    cr_assert_eq(tracker->damage.reordered_messages, 0);
}

Test(run_payload_tracker, tells_late_from_doubled) {
    static const uint64_t order[] = {0, 2, 1, 2, 3, 3, 3, 5, 4, 0};
    struct ipm_tracker *tracker = payload_tracker(6);
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        ipm_tracker_note(tracker, order[i]);
    ipm_tracker_finish(tracker, 6, 0);
    cr_assert_eq(tracker->distinct, 6);
    cr_assert_eq(tracker->damage.lost_messages, 0);
    cr_assert_eq(tracker->damage.reordered_messages, 2);
    cr_assert_eq(tracker->damage.duplicated_messages, 4);
}

Test(run_payload_tracker, a_number_never_sent_is_corrupt) {
    struct ipm_tracker *tracker = payload_tracker(10);
    ipm_tracker_note(tracker, 10);
    ipm_tracker_note(tracker, UINT64_MAX);
    cr_assert_eq(tracker->damage.corrupt_messages, 2);
    cr_assert_eq(tracker->distinct, 0);
}

Test(run_payload_tracker, a_short_number_is_never_corrupt) {
    struct ipm_tracker *tracker = payload_tracker(10);
    tracker->by_count = tracker->short_numbers = true;
    ipm_tracker_note(tracker, 10);
    cr_assert_eq(tracker->damage.corrupt_messages, 0);
}

/* Against the plain way: an array of what has come. */
Test(run_payload_tracker, agrees_with_an_array_on_random_orders) {
    enum { MESSAGES = 300000 };
    static unsigned char seen[MESSAGES];
    struct ipm_tracker *tracker = payload_tracker(MESSAGES);
    uint64_t doubled = 0;
    uint64_t late = 0;
    uint64_t distinct = 0;
    uint64_t next = 0;
    srand(5);
    for (uint64_t n = 0; n + 70000 < MESSAGES; n += (uint64_t)(rand() % 3)) {
        uint64_t jump = rand() % 1000 == 0 ? (uint64_t)rand() % 70000 : 0;
        uint64_t number = n + (uint64_t)(rand() % 40) + jump;
        if (next > number && next - number > IPM_TRACKER_WINDOW)
            continue;
        doubled += seen[number];
        late += !seen[number] && number < next;
        distinct += !seen[number];
        next = number >= next ? number + 1 : next;
        seen[number] = 1;
        ipm_tracker_note(tracker, number);
    }
    cr_assert_lt(0, doubled);
    cr_assert_lt(0, late);
    cr_assert_eq(tracker->distinct, distinct);
    cr_assert_eq(tracker->damage.duplicated_messages, doubled);
    cr_assert_eq(tracker->damage.reordered_messages, late);
}
