/* fuzz_framings.c - a stream that is no stream of messages, with arbitrary cuts between the
 * looks: what is found lies in what was received, and does not depend on the cuts. */
#include "fuzz.h"

#include "run/framings/framing.h"

#include <stdbool.h>
#include <string.h>

enum { FRAMES_MOST = 4096 };

struct look {
    size_t at;
    int ended; /* the error that ended it, or 0 */
    size_t count;
    struct ipm_frame frames[FRAMES_MOST];
};

/* Finds what there is in the first `filled` bytes. */
static void look_at(struct look *look, const struct ipm_framing *framing,
                    struct ipm_framer *framer, const uint8_t *data, size_t filled) {
    while (!look->ended && look->count < FRAMES_MOST) {
        struct ipm_frame frame = {0};
        const size_t left = filled - look->at;
        uint8_t *bytes = malloc(left > 0 ? left : 1); /* a sanitizer sees its end */
        FUZZ_EXPECT(bytes != NULL);
        memcpy(bytes, data + look->at, left);
        const int found = framing->find(framer, bytes, left, &frame);
        free(bytes);
        if (found == 0) { /* more than the longest message would never become one */
            FUZZ_EXPECT(left <= framer->message_bytes + framing->head_bytes +
                                    framing->tail_bytes);
            return;
        }
        if (found < 0) {
            look->ended = found;
            return;
        }
        FUZZ_EXPECT(frame.frame_bytes > 0 && frame.frame_bytes <= left);
        FUZZ_EXPECT(frame.contents_offset <= frame.frame_bytes);
        FUZZ_EXPECT(frame.contents_bytes <= frame.frame_bytes - frame.contents_offset);
        FUZZ_EXPECT(frame.contents_bytes <= framer->message_bytes);
        look->frames[look->count++] = frame;
        look->at += frame.frame_bytes;
        framer->scanned_bytes = 0;
    }
}

static void check(const struct ipm_framing *framing, size_t message_bytes,
                  struct fuzz_input input) {
    static struct look whole;
    static struct look cut;
    struct ipm_framer framer = {.message_bytes = message_bytes};
    const size_t cuts = (size_t)fuzz_take(&input, 1) % 16;
    size_t filled = 0;
    memset(&whole, 0, sizeof whole);
    memset(&cut, 0, sizeof cut);
    size_t steps[16];
    for (size_t i = 0; i < cuts; i++)
        steps[i] = (size_t)fuzz_take(&input, 1);
    look_at(&whole, framing, &framer, input.data, input.size);
    framer = (struct ipm_framer){.message_bytes = message_bytes};
    for (size_t i = 0; i < cuts; i++) {
        filled = filled + steps[i] < input.size ? filled + steps[i] : input.size;
        look_at(&cut, framing, &framer, input.data, filled);
    }
    look_at(&cut, framing, &framer, input.data, input.size);
    FUZZ_EXPECT(whole.ended == cut.ended && whole.count == cut.count);
    FUZZ_EXPECT(memcmp(whole.frames, cut.frames, whole.count * sizeof *whole.frames) ==
                0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct fuzz_input input = {data, size};
    const size_t message_bytes = 1 + (size_t)fuzz_take(&input, 2) % 3000;
    for (size_t f = 0; ipm_framings[f]; f++)
        check(ipm_framings[f], message_bytes, input);
    return 0;
}
