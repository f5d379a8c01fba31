/* stream.c - the parent sends, the child receives. */
#include "run/patterns/pattern.h"
#include "run/pump/pump.h"

const struct ipm_pattern ipm_pattern_stream = {
    .kind = {.name = "stream",
             .traits =
                 IPM_TRAIT_BATCHES | IPM_TRAIT_FRAMES | IPM_TRAIT_PACED | IPM_TRAIT_PAIRS,
             .primary = IPM_METRIC_THROUGHPUT,
             .ends = {[IPM_SENDER] = "sender", [IPM_RECEIVER] = "receiver"}},
    .summary = "one way: the parent sends, the child receives",
    .does = {[IPM_SENDER] = "send", [IPM_RECEIVER] = "receive"},
    .parent = ipm_pump_send,
    .child = ipm_pump_recv,
};
