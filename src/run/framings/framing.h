/* framing.h - how messages are separated in a byte stream.
 *
 * A framing is one .c file in framings/ and one row of framings.def. All messages of a trial
 * have one length, but a receiver does not rely on that except with `fixed`. */
#ifndef IPM_RUN_FRAMINGS_FRAMING_H
#define IPM_RUN_FRAMINGS_FRAMING_H

#include <stddef.h>
#include <sys/types.h>

/* The state of a receiver between two searches of one stream. Zeroed, except for
 * message_bytes. */
struct ipm_framer {
    size_t
        message_bytes; /* length of the contents: exact with `fixed`, else the maximum */
    size_t scanned_bytes; /* bytes of the incomplete message that were searched already */
};

/* A message that was found; positions are relative to the start of the searched bytes. */
struct ipm_frame {
    size_t frame_bytes; /* with its framing */
    size_t contents_offset;
    size_t contents_bytes;
};

struct ipm_framing {
    const char *name;    /* the word on the command line: "length" */
    const char *summary; /* one line for `ipcmark list framings`, no full stop */
    size_t head_bytes;   /* before the contents of each message */
    size_t tail_bytes;   /* after them */

    /* Cold. Replaces bytes that contents must not have, each by a fixed other byte. NULL: all bytes
     * are allowed. */
    void (*clean)(unsigned char *contents, size_t bytes);

    /* Cold. Writes head and tail around contents that begin at head_bytes. */
    void (*wrap)(unsigned char *frame, size_t contents_bytes);

    /* Hot. Looks for one message at the start of the received bytes. Returns 1 and fills
     * ret_frame; 0: it is incomplete; -EMSGSIZE: it is longer than framer->message_bytes;
     * -EBADMSG: no message begins like this. Allocates nothing. */
    int (*find)(struct ipm_framer *framer, const unsigned char *bytes, size_t filled,
                struct ipm_frame *ret_frame);
};

/* wrap and find of framings that count bytes: nothing is added, and each message has
 * framer->message_bytes. */
void ipm_framing_add_nothing(unsigned char *frame, size_t contents_bytes);
int ipm_framing_cut(struct ipm_framer *framer, const unsigned char *bytes, size_t filled,
                    struct ipm_frame *ret_frame);

/* In the order of framings.def; ends with NULL. The first is "none": a byte stream that is
 * only counted, and where one message must be waited for, of fixed length. */
extern const struct ipm_framing *const ipm_framings[];

/* Returns the framing of that name, or NULL. */
const struct ipm_framing *ipm_framing_find(const char *name);

#endif
