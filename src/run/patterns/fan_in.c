/* fan_in.c - many clients send, one server receives. */
#include "run/patterns/pattern.h"
#include "run/pump/pump.h"
#include "run/servers/service.h"

const struct ipm_pattern ipm_pattern_fan_in = {
    .kind = {.name = "fan-in",
             .traits = IPM_TRAIT_CLIENTS | IPM_TRAIT_BATCHES | IPM_TRAIT_FRAMES |
                       IPM_TRAIT_PACED,
             .primary = IPM_METRIC_THROUGHPUT,
             .ends = {[IPM_SENDER] = "clients", [IPM_RECEIVER] = "server"}},
    .summary = "many clients send to one server, the parent",
    .does = {[IPM_SENDER] = "send", [IPM_RECEIVER] = "serve"},
    .parent = ipm_service_serve,
    .child = ipm_pump_send,
};
