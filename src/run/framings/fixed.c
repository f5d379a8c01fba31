/* fixed.c - messages of one length that both sides know: nothing is added, and each is cut
 * out of the stream by counting. */
#include "run/framings/framing.h"

static void fixed_wrap(unsigned char *frame, size_t contents_bytes) {
    (void)frame;
    (void)contents_bytes;
}

static int fixed_find(struct ipm_framer *framer, const unsigned char *bytes,
                      size_t filled, struct ipm_frame *ret_frame) {
    (void)bytes;
    if (filled < framer->message_bytes)
        return 0;
    *ret_frame = (struct ipm_frame){.frame_bytes = framer->message_bytes,
                                    .contents_bytes = framer->message_bytes};
    return 1;
}

extern const struct ipm_framing ipm_framing_fixed;
const struct ipm_framing ipm_framing_fixed = {
    .name = "fixed",
    .summary = "messages of one length, told apart by counting bytes",
    .wrap = fixed_wrap,
    .find = fixed_find,
};
