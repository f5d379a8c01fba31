/* none.c - no boundaries. Whoever must wait for one message knows its length, as with
 * `fixed`; a stream is only counted, which the pump does without asking here. */
#include "run/framings/framing.h"

static void none_wrap(unsigned char *frame, size_t contents_bytes) {
    (void)frame;
    (void)contents_bytes;
}

static int none_find(struct ipm_framer *framer, const unsigned char *bytes, size_t filled,
                     struct ipm_frame *ret_frame) {
    (void)bytes;
    if (filled < framer->message_bytes)
        return 0;
    *ret_frame = (struct ipm_frame){.frame_bytes = framer->message_bytes,
                                    .contents_bytes = framer->message_bytes};
    return 1;
}

extern const struct ipm_framing ipm_framing_none;
const struct ipm_framing ipm_framing_none = {
    .name = "none",
    .summary = "no boundaries: a byte stream is only counted",
    .wrap = none_wrap,
    .find = none_find,
};
