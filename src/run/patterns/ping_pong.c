/* ping_pong.c - the parent sends a request and waits for the response of the child, one
 * message at a time. The pump reads the clock. */
#include "run/patterns/pattern.h"
#include "run/pump/pump.h"

const struct ipm_pattern ipm_pattern_ping_pong = {
    .kind = {.name = "ping-pong",
             .traits = IPM_TRAIT_TWO_WAY | IPM_TRAIT_FRAMES | IPM_TRAIT_ANSWERS |
                       IPM_TRAIT_PACED | IPM_TRAIT_PAIRS,
             .primary = IPM_METRIC_ROUND_TRIPS,
             .ends = {[IPM_SENDER] = "client", [IPM_RECEIVER] = "server"}},
    .summary = "request and response, one at a time; the parent is the client",
    .does = {[IPM_SENDER] = "request", [IPM_RECEIVER] = "respond"},
    .prepare = ipm_pump_prepare_requests,
    .done = ipm_pump_done_requests,
    .parent = ipm_pump_request,
    .child = ipm_pump_respond,
};
