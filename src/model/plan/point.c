/* point.c - from one combination of the lists to the configuration of a case and its
 * name. Knows neither the other combinations nor what cannot be run. */
#include "model/plan/point.h"

#include "base/strbuf.h"
#include "model/plan/pin.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { PLAN_RECV_LEAST_BYTES = 65536 };

/* --- the name ----------------------------------------------------------------------- */

static void plan_name_lists(struct ipm_strbuf *text,
                            const struct ipm_case_config *config) {
    if (strcmp(config->io, "sync") != 0)
        (void)ipm_strbuf_add(text, "/io=%s", config->io);
    if (strcmp(config->framing, "none") != 0)
        (void)ipm_strbuf_add(text, "/framing=%s", config->framing);
    if (config->server[0])
        (void)ipm_strbuf_add(text, "/clients=%" PRIu64 "/server=%s", config->clients,
                             config->server);
    if (config->congestion[0])
        (void)ipm_strbuf_add(text, "/congestion=%s", config->congestion);
    if (strcmp(config->pin, "none") != 0)
        (void)ipm_strbuf_add(text, "/pin=%s", config->pin);
}

static void plan_name_numbers(struct ipm_strbuf *text,
                              const struct ipm_case_config *config, uint64_t own_batch) {
    if (config->batch != own_batch)
        (void)ipm_strbuf_add(text, "/batch=%" PRIu64, config->batch);
    if (config->think_ns)
        (void)ipm_strbuf_add(text, "/think=%" PRIu64, config->think_ns);
    if (config->buffer_bytes)
        (void)ipm_strbuf_add(text, "/buffer=%" PRIu64, config->buffer_bytes);
}

static void plan_name_recv(struct ipm_strbuf *text, const struct ipm_case_config *config,
                           enum ipm_recv_rule recv_rule) {
    if (recv_rule == IPM_RECV_MESSAGE)
        (void)ipm_strbuf_add(text, "/recv=message");
    if (recv_rule == IPM_RECV_BYTES)
        (void)ipm_strbuf_add(text, "/recv=%" PRIu64, config->recv_bytes);
}

/* What the lists multiply comes first: a name too long for its room loses what is the same
 * for all cases of a run. */
void ipm_plan_name(char name[IPM_CASE_NAME_BYTES], const struct ipm_case_config *config,
                   uint64_t own_batch, enum ipm_recv_rule recv_rule) {
    struct ipm_strbuf text = ipm_strbuf_over(name, IPM_CASE_NAME_BYTES);
    (void)ipm_strbuf_add(&text, "%s/%s/%" PRIu64, config->pattern, config->transport,
                         config->message_bytes);
    plan_name_lists(&text, config);
    plan_name_numbers(&text, config, own_batch);
    plan_name_recv(&text, config, recv_rule);
    if (config->spin)
        (void)ipm_strbuf_add(&text, "/spin");
    if (config->copy)
        (void)ipm_strbuf_add(&text, "/copy");
    if (config->verify)
        (void)ipm_strbuf_add(&text, "/verify");
}

/* --- the configuration -------------------------------------------------------------- */

/* How many messages a call hands over where the user did not say. */
static uint64_t plan_own_batch(const struct ipm_plan_point *point) {
    const struct ipm_transport *transport = point->probe->transport;
    const uint64_t fit = transport->call_bytes / point->message_bytes;
    if ((point->pattern->traits & IPM_TRAIT_BATCHES) == 0 || fit < 1)
        return 1;
    return fit < transport->call_messages ? fit : transport->call_messages;
}

/* A message is received whole where the transport keeps it whole, and where its contents are
 * checked. */
static uint64_t plan_recv_bytes(const struct ipm_options *options, unsigned caps,
                                uint64_t message_bytes) {
    const uint64_t wanted_bytes[] = {
        [IPM_RECV_LARGER] =
            PLAN_RECV_LEAST_BYTES > message_bytes ? PLAN_RECV_LEAST_BYTES : message_bytes,
        [IPM_RECV_MESSAGE] = message_bytes,
        [IPM_RECV_BYTES] = options->recv_bytes,
    };
    const uint64_t bytes = wanted_bytes[options->recv_rule];
    if ((caps & IPM_CAP_MESSAGES) != 0 || (options->verify && bytes < message_bytes))
        return message_bytes;
    return bytes;
}

/* How much a receiver offers is no option where messages stay whole. */
static enum ipm_recv_rule plan_recv_rule(const struct ipm_plan_point *point) {
    const bool whole = (point->probe->transport->caps & IPM_CAP_MESSAGES) != 0;
    return whole ? IPM_RECV_LARGER : point->options->recv_rule;
}

/* Who waits for no answer thinks of no next request, and a connection has only one. */
static uint64_t plan_think_ns(const struct ipm_plan_point *point) {
    const unsigned traits = point->pattern->traits;
    const bool thinks =
        (traits & IPM_TRAIT_ANSWERS) != 0 && (traits & IPM_TRAIT_CONNECTS) == 0;
    return thinks ? point->options->think_ns : 0;
}

static void plan_place(const struct ipm_plan_point *point,
                       struct ipm_case_config *config) {
    struct ipm_pin placed = {.sender_cpu = -1, .receiver_cpu = -1};
    (void)ipm_pin_place(point->pin, point->machine->cpus, point->machine->cpu_count,
                        &placed); /* where it cannot, plan/skip.c says why */
    config->sender_cpu = placed.sender_cpu;
    config->receiver_cpu = placed.receiver_cpu;
    ipm_pin_word(config->pin, point->pin);
}

static struct ipm_case_config plan_config(const struct ipm_plan_point *point) {
    const struct ipm_options *options = point->options;
    const struct ipm_transport *transport = point->probe->transport;
    struct ipm_case_config config = {
        .message_bytes = point->message_bytes,
        .clients = point->clients,
        .batch = options->batch > 0 ? options->batch : plan_own_batch(point),
        .think_ns = plan_think_ns(point),
        .buffer_bytes = options->buffer_bytes,
        .recv_bytes = plan_recv_bytes(options, transport->caps, point->message_bytes),
        .spin = options->spin,
        .copy = options->copy && (transport->caps & IPM_CAP_IN_PLACE) != 0,
        .verify = options->verify,
    };
    (void)snprintf(config.transport, sizeof config.transport, "%s", transport->name);
    (void)snprintf(config.pattern, sizeof config.pattern, "%s", point->pattern->name);
    (void)snprintf(config.framing, sizeof config.framing, "%s", point->framing);
    (void)snprintf(config.io, sizeof config.io, "%s", point->drive->name);
    (void)snprintf(config.server, sizeof config.server, "%s", point->server);
    (void)snprintf(config.congestion, sizeof config.congestion, "%s", point->congestion);
    plan_place(point, &config);
    return config;
}

void ipm_plan_settle(struct ipm_plan_case *ret_case, const struct ipm_plan_point *point) {
    struct ipm_strbuf reason = ipm_strbuf_over(ret_case->reason, sizeof ret_case->reason);
    ret_case->transport = point->probe->transport;
    ret_case->config = plan_config(point);
    ret_case->primary = point->pattern->primary;
    ipm_plan_name(ret_case->config.name, &ret_case->config, plan_own_batch(point),
                  plan_recv_rule(point));
    ret_case->skipped = ipm_plan_skips(point, &reason);
}
