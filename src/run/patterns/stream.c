/* stream.c - the parent sends, the child receives. Knows no process and no clock. */
#include "run/pattern.h"
#include "run/pump.h"

extern const struct ipm_pattern ipm_pattern_stream;
const struct ipm_pattern ipm_pattern_stream = {
    .name = "stream",
    .summary = "one way: the parent sends, the child receives",
    .parent = ipm_pump_send,
    .child = ipm_pump_recv,
};
