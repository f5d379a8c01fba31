/* test_run_framing.c - messages are rebuilt whatever the split of the bytes, and hostile
 * bytes end in an errno. */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "run/framings/framing.h"

enum { FRAMING_MESSAGES = 5, FRAMING_BYTES = 37, STREAM_BYTES = 512 };

static unsigned char stream[STREAM_BYTES];

static void framing_fill(unsigned char *contents, size_t bytes, unsigned which) {
    for (size_t i = 0; i < bytes; i++)
        contents[i] = (unsigned char)(i * 7 + which * 31 + 5);
}

/* As long as may be, or, where lengths may differ, as short as may be in between. */
static size_t length_of(const struct ipm_framing *framing, unsigned which) {
    const bool varies = framing->head_bytes + framing->tail_bytes > 0;
    return varies && which % 2 == 1 ? which : FRAMING_BYTES;
}

static size_t make_stream(const struct ipm_framing *framing) {
    size_t at = 0;
    for (unsigned i = 0; i < FRAMING_MESSAGES; i++) {
        const size_t bytes = length_of(framing, i);
        framing_fill(stream + at + framing->head_bytes, bytes, i);
        if (framing->clean)
            framing->clean(stream + at + framing->head_bytes, bytes);
        framing->wrap(stream + at, bytes);
        at += framing->head_bytes + bytes + framing->tail_bytes;
    }
    return at;
}

/* A receiver that has been given some bytes, and counts what it found. */
struct taker {
    const struct ipm_framing *framing;
    struct ipm_framer framer;
    unsigned char held[STREAM_BYTES];
    size_t filled;
    unsigned found;
};

static void take_whole(struct taker *taker, const struct ipm_frame *frame) {
    unsigned char wanted[FRAMING_BYTES];
    const size_t bytes = length_of(taker->framing, taker->found);
    framing_fill(wanted, bytes, taker->found);
    if (taker->framing->clean)
        taker->framing->clean(wanted, bytes);
    cr_assert_eq(frame->contents_bytes, bytes, "%s", taker->framing->name);
    cr_assert_eq(memcmp(taker->held + frame->contents_offset, wanted, bytes), 0, "%s",
                 taker->framing->name);
    taker->filled -= frame->frame_bytes;
    memmove(taker->held, taker->held + frame->frame_bytes, taker->filled);
    taker->found++;
}

static void give(struct taker *taker, const unsigned char *bytes, size_t count) {
    struct ipm_frame frame;
    int found;
    memcpy(taker->held + taker->filled, bytes, count);
    taker->filled += count;
    while ((found = taker->framing->find(&taker->framer, taker->held, taker->filled,
                                         &frame)) == 1)
        take_whole(taker, &frame);
    cr_assert_eq(found, 0, "%s: %d", taker->framing->name, found);
}

static struct taker new_taker(const struct ipm_framing *framing) {
    return (struct taker){.framing = framing, .framer = {.message_bytes = FRAMING_BYTES}};
}

Test(run_framing, rebuilds_every_message_at_every_split_in_two_and_in_three) {
    for (size_t f = 0; ipm_framings[f]; f++) {
        const size_t bytes = make_stream(ipm_framings[f]);
        for (size_t one = 0; one <= bytes; one++)
            for (size_t two = one; two <= bytes; two++) {
                struct taker taker = new_taker(ipm_framings[f]);
                give(&taker, stream, one);
                give(&taker, stream + one, two - one);
                give(&taker, stream + two, bytes - two);
                cr_assert_eq(taker.found, FRAMING_MESSAGES, "%s, cut at %zu and %zu",
                             ipm_framings[f]->name, one, two);
                cr_assert_eq(taker.filled, 0);
            }
    }
}

Test(run_framing, rebuilds_every_message_byte_by_byte) {
    for (size_t f = 0; ipm_framings[f]; f++) {
        const size_t bytes = make_stream(ipm_framings[f]);
        struct taker taker = new_taker(ipm_framings[f]);
        for (size_t i = 0; i < bytes; i++)
            give(&taker, stream + i, 1);
        cr_assert_eq(taker.found, FRAMING_MESSAGES, "%s", ipm_framings[f]->name);
    }
}

Test(run_framing, a_cut_message_is_never_found) {
    for (size_t f = 0; ipm_framings[f]; f++) {
        const size_t bytes = make_stream(ipm_framings[f]);
        struct taker taker = new_taker(ipm_framings[f]);
        give(&taker, stream, bytes - 1);
        cr_assert_eq(taker.found, FRAMING_MESSAGES - 1, "%s", ipm_framings[f]->name);
    }
}

static int framing_find(const char *name, const void *bytes, size_t filled) {
    struct ipm_framer framer = {.message_bytes = FRAMING_BYTES};
    struct ipm_frame frame;
    return ipm_framing_find(name)->find(&framer, bytes, filled, &frame);
}

Test(run_framing, a_length_of_four_gigabytes_is_too_long) {
    cr_assert_eq(framing_find("length", "\xff\xff\xff\xff", 4), -EMSGSIZE);
    cr_assert_eq(framing_find("length", "\x80\x00\x00\x00", 4), -EMSGSIZE);
    cr_assert_eq(framing_find("length", "\x00\x00\x00\x26", 4), -EMSGSIZE);
    cr_assert_eq(framing_find("length", "\x00\x00\x00\x25", 4), 0);
}

Test(run_framing, a_length_of_nothing_is_no_message) {
    cr_assert_eq(framing_find("length", "\0\0\0\0", 4), -EBADMSG);
    cr_assert_eq(framing_find("delimiter", "\n", 1), -EBADMSG);
}

Test(run_framing, a_length_is_in_network_order) {
    unsigned char frame[4 + FRAMING_BYTES] = {0};
    ipm_framing_find("length")->wrap(frame, FRAMING_BYTES);
    cr_assert_eq(memcmp(frame, "\0\0\0\x25", 4), 0);
}

Test(run_framing, a_missing_delimiter_is_seen_as_soon_as_the_message_is_too_long) {
    unsigned char bytes[STREAM_BYTES];
    memset(bytes, 'x', sizeof bytes);
    cr_assert_eq(framing_find("delimiter", bytes, FRAMING_BYTES), 0);
    cr_assert_eq(framing_find("delimiter", bytes, FRAMING_BYTES + 1), -EMSGSIZE);
    bytes[FRAMING_BYTES + 1] = '\n';
    cr_assert_eq(framing_find("delimiter", bytes, sizeof bytes), -EMSGSIZE);
    bytes[FRAMING_BYTES] = '\n';
    cr_assert_eq(framing_find("delimiter", bytes, sizeof bytes), 1);
}

Test(run_framing, a_delimiter_is_not_looked_for_twice_in_the_same_bytes) {
    struct ipm_framer framer = {.message_bytes = FRAMING_BYTES};
    struct ipm_frame frame;
    unsigned char bytes[FRAMING_BYTES] = {0};
    const struct ipm_framing *delimiter = ipm_framing_find("delimiter");
    cr_assert_eq(delimiter->find(&framer, bytes, 20, &frame), 0);
    cr_assert_eq(framer.scanned_bytes, 20);
    bytes[10] = '\n'; /* where it has looked already */
    bytes[30] = '\n';
    cr_assert_eq(delimiter->find(&framer, bytes, sizeof bytes, &frame), 1);
    cr_assert_eq(frame.contents_bytes, 30);
    cr_assert_eq(framer.scanned_bytes, 0);
}

Test(run_framing, contents_are_cleaned_of_the_delimiter_and_of_nothing_else) {
    unsigned char bytes[256];
    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)i;
    ipm_framing_find("delimiter")->clean(bytes, sizeof bytes);
    for (unsigned i = 0; i < sizeof bytes; i++)
        cr_assert_eq(bytes[i], i == 0x0a ? 0x0b : i, "byte %u", i);
}

Test(run_framing, has_a_row_and_words_for_each_name) {
    static const char *const names[] = {"none", "fixed", "delimiter", "length"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        cr_assert_str_eq(ipm_framings[i]->name, names[i]);
        cr_assert_eq(ipm_framing_find(names[i]), ipm_framings[i]);
        cr_assert_lt(strlen(ipm_framings[i]->summary), 61);
    }
    cr_assert_null(ipm_framings[sizeof names / sizeof *names]);
    cr_assert_null(ipm_framing_find("lengt"));
}
