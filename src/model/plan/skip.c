/* skip.c - decides which cases cannot be run, and gives the reasons. */
#include "model/plan/point.h"

#include "base/strbuf.h"
#include "model/plan/pin.h"

#include <inttypes.h>
#include <string.h>

enum {
    PLAN_CLIENT_DESCRIPTORS = 4, /* of one client, in the process with the most */
    PLAN_OTHER_DESCRIPTORS = 64,
};

/* The messages of a call are in one buffer, and two of these must fit the memory of a small
 * machine. */
static const uint64_t plan_call_most_bytes = (uint64_t)1 << 30;

/* Each returns whether it skips the point. A reason has room for all that is written here, so
 * ipm_strbuf_add returns true. */

static bool plan_skip_machine(const struct ipm_plan_point *point,
                              struct ipm_strbuf *reason) {
    struct ipm_pin placed;
    if (!ipm_pin_place(point->pin, point->machine, &placed, reason))
        return true;
    if (!point->probe->runnable)
        return ipm_strbuf_add(reason, "%s", point->probe->reason);
    return !point->drive->runnable && ipm_strbuf_add(reason, "%s", point->drive->reason);
}

static bool plan_skip_pattern(const struct ipm_plan_point *point,
                              struct ipm_strbuf *reason) {
    const struct ipm_transport *transport = point->probe->transport;
    const unsigned traits = point->pattern->traits;
    const char *pattern = point->pattern->name;
    if ((traits & IPM_TRAIT_TWO_WAY) != 0 && transport->direction == IPM_SIMPLEX)
        return ipm_strbuf_add(reason,
                              "'%s' sends in both directions, and '%s' in one only",
                              pattern, transport->name);
    if ((traits & IPM_TRAIT_CONNECTS) != 0 && !transport->connect)
        return ipm_strbuf_add(reason, "'%s' needs connections, and '%s' has none",
                              pattern, transport->name);
    return (traits & IPM_TRAIT_CLIENTS) != 0 && (transport->caps & IPM_CAP_MULTI) == 0 &&
           ipm_strbuf_add(reason, "'%s' needs many clients, and '%s' has only one",
                          pattern, transport->name);
}

static bool plan_skip_response(const struct ipm_plan_point *point,
                               struct ipm_strbuf *reason) {
    const struct ipm_case_config *config = &point->config;
    return config->response_bytes > 0 &&
           (point->pattern->traits & IPM_TRAIT_ANSWERS) == 0 &&
           ipm_strbuf_add(reason,
                          "'%s' sends no responses: '--size %" PRIu64 ":%" PRIu64
                          "' is for patterns that do",
                          point->pattern->name, config->message_bytes,
                          config->response_bytes);
}

static bool plan_skip_messages(const struct ipm_plan_point *point,
                               struct ipm_strbuf *reason) {
    const struct ipm_transport *transport = point->probe->transport;
    const bool whole = (transport->caps & IPM_CAP_MESSAGES) != 0;
    const bool batches = (point->pattern->traits & IPM_TRAIT_BATCHES) != 0;
    const uint64_t batch = point->config.batch;
    if (whole && strcmp(point->config.framing, "none") != 0)
        return ipm_strbuf_add(reason,
                              "'%s' preserves message boundaries: '--framing %s' is for "
                              "byte streams",
                              transport->name, point->config.framing);
    if (batch > 1 && point->config.rate_per_second > 0)
        return ipm_strbuf_add(reason,
                              "'--rate' sends each message at its own time: '--batch' "
                              "sends several together");
    if (batch > 1 && !batches)
        return ipm_strbuf_add(reason,
                              "'%s' sends one message per call: '--batch' is for "
                              "patterns that stream",
                              point->pattern->name);
    return batch > 1 && whole && !transport->send_batch &&
           ipm_strbuf_add(reason, "'%s' sends one message per call: '--batch' needs more",
                          transport->name);
}

static bool plan_skip_size(const struct ipm_plan_point *point,
                           struct ipm_strbuf *reason) {
    const struct ipm_probe *probe = point->probe;
    const uint64_t message_bytes = ipm_settings_larger_bytes(&point->config);
    const uint64_t batch = point->config.batch;
    if (batch > 1 && message_bytes > plan_call_most_bytes / batch)
        return ipm_strbuf_add(reason,
                              "a batch of %" PRIu64 " messages of %" PRIu64
                              " bytes is larger than 1 GiB",
                              batch, message_bytes);
    const char *advice = probe->advice;
    return message_bytes > probe->max_message_bytes &&
           ipm_strbuf_add(reason,
                          "a message of %" PRIu64
                          " bytes exceeds the max message size of '%s' here, %zu "
                          "bytes%s%s%s",
                          message_bytes, probe->transport->name, probe->max_message_bytes,
                          advice[0] ? " (" : "", advice, advice[0] ? ")" : "");
}

static bool plan_skip_undriven(const struct ipm_plan_point *point,
                               struct ipm_strbuf *reason) {
    const struct ipm_transport *transport = point->probe->transport;
    const unsigned traits = point->pattern->traits;
    const char *pattern = point->pattern->name;
    const char *io = point->drive->name;
    if (!point->drive->drives)
        return false;
    if ((traits & IPM_TRAIT_CLIENTS) != 0)
        return ipm_strbuf_add(
            reason, "'--io %s' is for patterns with one client, and '%s' has many", io,
            pattern);
    if ((traits & IPM_TRAIT_CONNECTS) != 0)
        return ipm_strbuf_add(
            reason, "'--io %s' needs open descriptors, and '%s' opens them in the window",
            io, pattern);
    if ((transport->caps & IPM_CAP_PLAIN) == 0)
        return ipm_strbuf_add(
            reason, "'--io %s' replaces plain calls on descriptors, and '%s' uses others",
            io, transport->name);
    return !point->wait->drives &&
           ipm_strbuf_add(
               reason, "'--io %s' waits for its requests, not in the way of '--wait %s'",
               io, point->config.wait);
}

static bool plan_skip_wait(const struct ipm_plan_point *point,
                           struct ipm_strbuf *reason) {
    const struct ipm_transport *transport = point->probe->transport;
    const struct ipm_wait_kind *wait = point->wait;
    const char *word = point->config.wait;
    if (wait->sleeps && (transport->caps & IPM_CAP_UNWOKEN) != 0)
        return !ipm_plan_spins_unasked(point) &&
               ipm_strbuf_add(
                   reason, "'--wait %s' sleeps, and '%s' never wakes an end that sleeps",
                   word, transport->name);
    if (wait->needs != 0 && (transport->caps & wait->needs) == 0)
        return ipm_strbuf_add(
            reason,
            wait->polls ? "'--wait %s' waits for descriptors, and '%s' has none"
                        : "'--wait %s' needs descriptors or memory to poll, and '%s' "
                          "has neither",
            word, transport->name);
    return wait->polls && (transport->caps & IPM_CAP_HOLDS) != 0 &&
           ipm_strbuf_add(reason,
                          "'--wait %s' waits for descriptors, and '%s' may hold messages "
                          "that they do not tell of",
                          word, transport->name);
}

static bool plan_skip_times(const struct ipm_plan_point *point,
                            struct ipm_strbuf *reason) {
    if (strcmp(point->config.framing, "delimiter") == 0)
        return ipm_strbuf_add(reason, "'--rate' puts binary times into the messages, and "
                                      "'--framing delimiter' is for text");
    if (point->config.verify)
        return ipm_strbuf_add(reason, "'--rate' puts times into the messages, and "
                                      "'--verify' expects other contents there");
    return point->config.message_bytes < IPM_PLAN_TIMES_BYTES &&
           ipm_strbuf_add(reason,
                          "'--rate' puts the times of sending and a number into each "
                          "message, which takes %d bytes",
                          IPM_PLAN_TIMES_BYTES);
}

static bool plan_skip_rate(const struct ipm_plan_point *point,
                           struct ipm_strbuf *reason) {
    const struct ipm_transport *transport = point->probe->transport;
    if (point->config.rate_per_second == 0)
        return false;
    if ((transport->caps & IPM_CAP_HOLLOW) != 0)
        return ipm_strbuf_add(
            reason, "'--rate' measures when messages arrive, and '%s' moves none",
            transport->name);
    if ((point->pattern->traits & IPM_TRAIT_ANSWERS) == 0)
        return plan_skip_times(point, reason);
    return ipm_settings_thinks(&point->config) &&
           ipm_strbuf_add(reason, "'--rate' and '--think' both decide when a request "
                                  "is sent");
}

static bool plan_skip_inflight(const struct ipm_plan_point *point,
                               struct ipm_strbuf *reason) {
    const struct ipm_transport *transport = point->probe->transport;
    const bool served = (point->pattern->traits & IPM_TRAIT_CLIENTS) != 0;
    if (point->config.inflight == 1)
        return false;
    if (point->config.rate_per_second > 0)
        return ipm_strbuf_add(reason, "'--rate' sends requests by a schedule, and "
                                      "'--inflight' when responses arrive");
    if (ipm_settings_thinks(&point->config))
        return ipm_strbuf_add(reason, "'--think' pauses between a response and the next "
                                      "request, and '--inflight' does not wait for it");
    if ((transport->caps & IPM_CAP_RELIABLE) == 0)
        return ipm_strbuf_add(reason,
                              "'--inflight' expects responses in order, and '%s' may "
                              "lose some",
                              transport->name);
    if ((transport->caps & IPM_CAP_UNBUFFERED) != 0)
        return ipm_strbuf_add(reason,
                              "'--inflight' needs buffers between the ends, and '%s' has "
                              "none",
                              transport->name);
    return served && (transport->caps & IPM_CAP_SHARED) != 0 &&
           ipm_strbuf_add(reason,
                          "'--inflight' needs a buffer for each client, and all clients "
                          "of '%s' share one",
                          transport->name);
}

static const struct ipm_strategy *plan_strategy(const struct ipm_plan_point *point) {
    const struct ipm_strategy *server = point->machine->servers;
    while (strcmp(server->name, point->config.server) != 0)
        server++;
    return server;
}

static bool plan_skip_unpolled(const struct ipm_plan_point *point,
                               struct ipm_strbuf *reason) {
    const struct ipm_transport *transport = point->probe->transport;
    if ((transport->caps & (IPM_CAP_POLLABLE | IPM_CAP_HOLLOW)) != 0)
        return false;
    return point->config.server[0] && plan_strategy(point)->polls &&
           ipm_strbuf_add(reason, "'%s' waits for descriptors, and '%s' has none",
                          point->config.server, transport->name);
}

static bool plan_skip_clients(const struct ipm_plan_point *point,
                              struct ipm_strbuf *reason) {
    const uint64_t clients = point->config.clients;
    const uint64_t wanted = PLAN_CLIENT_DESCRIPTORS * clients + PLAN_OTHER_DESCRIPTORS;
    if (!point->config.server[0])
        return false;
    const struct ipm_strategy *server = plan_strategy(point);
    const bool by_two = point->probe->transport->direction == IPM_DUPLEX_BY_TWO;
    const uint64_t most = server->clients_most / (by_two ? 2 : 1);
    if (clients > most)
        return ipm_strbuf_add(
            reason, "%" PRIu64 " clients exceed the maximum of '%s'%s, %" PRIu64 ": %s",
            clients, server->name, by_two ? " with two descriptors each" : "", most,
            server->reason);
    return wanted > point->machine->descriptors_most &&
           ipm_strbuf_add(reason,
                          "%" PRIu64 " clients need about %" PRIu64
                          " descriptors, and the hard limit here is %" PRIu64
                          ": 'prlimit --nofile=NUMBER' as root raises it",
                          clients, wanted, point->machine->descriptors_most);
}

/* Limits of the machine come before incompatible settings. */
bool ipm_plan_skips(const struct ipm_plan_point *point, struct ipm_strbuf *reason) {
    return plan_skip_machine(point, reason) || plan_skip_pattern(point, reason) ||
           plan_skip_response(point, reason) || plan_skip_messages(point, reason) ||
           plan_skip_size(point, reason) || plan_skip_rate(point, reason) ||
           plan_skip_inflight(point, reason) || plan_skip_undriven(point, reason) ||
           plan_skip_unpolled(point, reason) || plan_skip_wait(point, reason) ||
           plan_skip_clients(point, reason);
}
