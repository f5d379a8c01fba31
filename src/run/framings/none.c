/* none.c - no boundaries. A receiver that waits for one message knows its length, as with
 * `fixed`; the pump only counts the bytes of a stream. */
#include "run/framings/framing.h"

extern const struct ipm_framing ipm_framing_none;
const struct ipm_framing ipm_framing_none = {
    .name = "none",
    .summary = "no boundaries: a byte stream is only counted",
    .wrap = ipm_framing_add_nothing,
    .find = ipm_framing_cut,
};
