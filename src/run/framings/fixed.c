/* fixed.c - messages of one length that both sides know: nothing is added, and each is cut
 * out of the stream by counting. */
#include "run/framings/framing.h"

void ipm_framing_add_nothing(unsigned char *frame, size_t contents_bytes) {
    (void)frame;
    (void)contents_bytes;
}

int ipm_framing_cut(struct ipm_framer *framer, const unsigned char *bytes, size_t filled,
                    struct ipm_frame *ret_frame) {
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
    .summary = "messages of equal length, delimited by counting bytes",
    .wrap = ipm_framing_add_nothing,
    .find = ipm_framing_cut,
};
