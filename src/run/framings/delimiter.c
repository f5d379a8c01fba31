/* delimiter.c - a newline after each message, whose contents are free of it: messages are
 * found by scanning. */
#include "run/framings/framing.h"

#include <errno.h>
#include <string.h>

enum { DELIMITER_BYTE = 0x0A, DELIMITER_STAND_IN = 0x0B };

static void delimiter_clean(unsigned char *contents, size_t bytes) {
    for (size_t i = 0; i < bytes; i++)
        if (contents[i] == DELIMITER_BYTE)
            contents[i] = DELIMITER_STAND_IN;
}

static void delimiter_wrap(unsigned char *frame, size_t contents_bytes) {
    frame[contents_bytes] = DELIMITER_BYTE;
}

/* No byte is scanned twice, and none beyond the longest message and its delimiter. */
static int delimiter_find(struct ipm_framer *framer, const unsigned char *bytes,
                          size_t filled, struct ipm_frame *ret_frame) {
    const size_t most = framer->message_bytes;
    const size_t end = filled <= most ? filled : most + 1;
    const size_t from = framer->scanned_bytes;
    const unsigned char *at =
        from < end ? memchr(bytes + from, DELIMITER_BYTE, end - from) : NULL;
    if (!at) {
        framer->scanned_bytes = end;
        return filled > most ? -EMSGSIZE : 0;
    }
    if (at == bytes)
        return -EBADMSG; /* no message is empty */
    framer->scanned_bytes = 0;
    *ret_frame = (struct ipm_frame){.frame_bytes = (size_t)(at - bytes) + 1,
                                    .contents_bytes = (size_t)(at - bytes)};
    return 1;
}

extern const struct ipm_framing ipm_framing_delimiter;
const struct ipm_framing ipm_framing_delimiter = {
    .name = "delimiter",
    .summary = "a newline after each message, found by scanning",
    .tail_bytes = 1,
    .clean = delimiter_clean,
    .wrap = delimiter_wrap,
    .find = delimiter_find,
};
