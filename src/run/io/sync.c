/* sync.c - the transport's own calls, one after the other: nothing replaces them. */
#include "run/io/io.h"

extern const struct ipm_io ipm_io_sync;
const struct ipm_io ipm_io_sync = {
    .name = "sync",
    .summary = "plain calls of the transport, one after the other",
};
