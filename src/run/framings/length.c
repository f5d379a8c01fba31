/* length.c - the length of each message before it: 4 bytes in network order. */
#include "run/framings/framing.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>

enum { LENGTH_HEAD_BYTES = sizeof(uint32_t) };

static void length_wrap(unsigned char *frame, size_t contents_bytes) {
    const uint32_t length = htonl((uint32_t)contents_bytes);
    memcpy(frame, &length, sizeof length);
}

/* Checks the length before it is used, because it comes from the stream. */
static int length_find(struct ipm_framer *framer, const unsigned char *bytes,
                       size_t filled, struct ipm_frame *ret_frame) {
    uint32_t length;
    if (filled < LENGTH_HEAD_BYTES)
        return 0;
    memcpy(&length, bytes, sizeof length);
    const size_t contents_bytes = ntohl(length);
    if (contents_bytes > framer->message_bytes)
        return -EMSGSIZE;
    if (contents_bytes == 0)
        return -EBADMSG;
    if (filled - LENGTH_HEAD_BYTES < contents_bytes)
        return 0;
    *ret_frame = (struct ipm_frame){.frame_bytes = LENGTH_HEAD_BYTES + contents_bytes,
                                    .contents_offset = LENGTH_HEAD_BYTES,
                                    .contents_bytes = contents_bytes};
    return 1;
}

extern const struct ipm_framing ipm_framing_length;
const struct ipm_framing ipm_framing_length = {
    .name = "length",
    .summary = "4 bytes of length, in network order, before each message",
    .head_bytes = LENGTH_HEAD_BYTES,
    .wrap = length_wrap,
    .find = length_find,
};
