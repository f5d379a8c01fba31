/* fan_in_rpc.c - many clients send requests, one server sends each back. The pump reads the
 * clock. */
#include "run/patterns/pattern.h"
#include "run/pump/pump.h"
#include "run/servers/service.h"

const struct ipm_pattern ipm_pattern_fan_in_rpc = {
    .kind = {.name = "fan-in-rpc",
             .traits = IPM_TRAIT_TWO_WAY | IPM_TRAIT_CLIENTS | IPM_TRAIT_FRAMES |
                       IPM_TRAIT_ANSWERS | IPM_TRAIT_PACED,
             .primary = IPM_METRIC_ROUND_TRIPS,
             .ends = {[IPM_SENDER] = "clients", [IPM_RECEIVER] = "server"}},
    .summary = "many clients send requests to one server, the parent",
    .does = {[IPM_SENDER] = "request", [IPM_RECEIVER] = "serve"},
    .prepare = ipm_pump_prepare_requests,
    .done = ipm_pump_done_requests,
    .parent = ipm_service_serve,
    .child = ipm_pump_request,
};
