/* options.c - the defaults of a run. */
#include "model/options.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

const char *const ipm_recv_rule_words[] = {
    [IPM_RECV_LARGER] = "larger",
    [IPM_RECV_MESSAGE] = "message",
    [IPM_RECV_BYTES] = "bytes",
    NULL,
};

const char *const ipm_arrival_words[] = {"fixed", "poisson", NULL};

/* The timeout is a hundred times the usual duration or more: it must end hanging trials,
 * but not slow ones. */
static const struct ipm_options options_defaults = {
    .transports = {.count = 5, .items = {"pipe", "pipe-pair", "unix", "tcp", "udp"}},
    .patterns = {.count = 1, .items = {"stream"}},
    .message_bytes = {.count = 3, .items = {64, 4096, 65536}},
    .rate_per_second = {.count = 1},
    .pins = {.count = 1,
             .items = {{.kind = IPM_PIN_NONE, .sender_cpu = -1, .receiver_cpu = -1}}},
    .framings = {.count = 1, .items = {"none"}},
    .ios = {.count = 1, .items = {"sync"}},
    .clients = {.count = 1, .items = {4}},
    .pairs = {.count = 1, .items = {1}},
    .inflight = {.count = 1, .items = {1}},
    .servers = {.count = 1, .items = {"epoll"}},
    .waits = {.count = 1, .items = {"block"}},
    .rounds = 7,
    .warmup_rounds = 1,
    .duration_ns = 90000000,
    .timeout_ns = 30000000000,
    .precision_ratio = NAN,
    .recv_rule = IPM_RECV_LARGER,
    .common = {.arrivals = "fixed"},
};

void ipm_sizes_text(char text[IPM_NAME_BYTES], const struct ipm_sizes *sizes, size_t i) {
    if (sizes->responses[i] > 0)
        (void)snprintf(text, IPM_NAME_BYTES, "%" PRIu64 ":%" PRIu64, sizes->items[i],
                       sizes->responses[i]);
    else
        (void)snprintf(text, IPM_NAME_BYTES, "%" PRIu64, sizes->items[i]);
}

void ipm_options_defaults(struct ipm_options *options) {
    *options = options_defaults;
}

static bool options_ask_names(const struct ipm_names *names,
                              const struct ipm_names *usual) {
    return names->count != 1 || strcmp(names->items[0], usual->items[0]) != 0;
}

static bool options_ask_list(const struct ipm_options *options, size_t member) {
    const struct ipm_options *usual = &options_defaults;
    switch (member) {
    case offsetof(struct ipm_case_config, message_bytes):
        return options->message_bytes.count != usual->message_bytes.count ||
               memcmp(options->message_bytes.items, usual->message_bytes.items,
                      usual->message_bytes.count * sizeof(uint64_t)) != 0;
    case offsetof(struct ipm_case_config, framing):
        return options_ask_names(&options->framings, &usual->framings);
    case offsetof(struct ipm_case_config, clients):
        return options->clients.count != 1 ||
               options->clients.items[0] != usual->clients.items[0];
    case offsetof(struct ipm_case_config, pairs):
        return options->pairs.count != 1 || options->pairs.items[0] != 1;
    case offsetof(struct ipm_case_config, inflight):
        return options->inflight.count != 1 || options->inflight.items[0] != 1;
    case offsetof(struct ipm_case_config, rate_per_second):
        return options->rate_per_second.count != 1 ||
               options->rate_per_second.items[0] != 0;
    case offsetof(struct ipm_case_config, server):
        return options_ask_names(&options->servers, &usual->servers);
    case offsetof(struct ipm_case_config, wait):
        return options_ask_names(&options->waits, &usual->waits);
    default:
        return member == offsetof(struct ipm_case_config, congestion) &&
               options->congestion.count > 0;
    }
}

bool ipm_options_ask(const struct ipm_options *options,
                     const struct ipm_setting *setting) {
    return (setting->flags & IPM_SETTING_COMMON) != 0
               ? !ipm_setting_is_equal(setting, &options->common,
                                       &options_defaults.common)
               : options_ask_list(options, setting->offset);
}

const char *ipm_origins_path(const struct ipm_origins *origins, const char *transport) {
    for (size_t i = 0; i < origins->count; i++)
        for (size_t j = 0; j < origins->items[i].transports.count; j++)
            if (strcmp(origins->items[i].transports.items[j], transport) == 0)
                return origins->items[i].path;
    return NULL;
}
