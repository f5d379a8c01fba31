/* fan_tell.c - what many windows say together: one sample. Arithmetic, after the trial. */
#include "run/trial/fan_parts.h"

#include "base/err.h"
#include "run/patterns/pattern.h"

#include <errno.h>
#include <stdlib.h>

static void tell_add_counts(struct ipm_counts *sum, const struct ipm_counts *more) {
    sum->messages += more->messages;
    sum->bytes += more->bytes;
    sum->calls += more->calls;
    sum->partial_calls += more->partial_calls;
}

static void tell_add_damage(struct ipm_damage *sum, const struct ipm_damage *more) {
    sum->lost_messages += more->lost_messages;
    sum->reordered_messages += more->reordered_messages;
    sum->duplicated_messages += more->duplicated_messages;
    sum->corrupt_messages += more->corrupt_messages;
}

static void tell_add(int64_t *sum, int64_t more) {
    *sum = *sum < 0 || more < 0 ? -1 : *sum + more;
}

/* The CPUs stay those of the first. */
static void tell_add_usage(struct ipm_usage *sum, const struct ipm_usage *more) {
    tell_add(&sum->user_ns, more->user_ns);
    tell_add(&sum->system_ns, more->system_ns);
    tell_add(&sum->voluntary_switches, more->voluntary_switches);
    tell_add(&sum->involuntary_switches, more->involuntary_switches);
    tell_add(&sum->minor_faults, more->minor_faults);
    tell_add(&sum->major_faults, more->major_faults);
}

/* The memory is that of the largest: a client is what is repeated. */
static struct ipm_usage tell_clients_usage(const struct ipm_fan *fan) {
    struct ipm_usage sum = fan->peers[0].window.usage;
    for (unsigned i = 1; i < fan->count; i++) {
        const struct ipm_usage *more = &fan->peers[i].window.usage;
        tell_add_usage(&sum, more);
        if (more->peak_rss_bytes > sum.peak_rss_bytes)
            sum.peak_rss_bytes = more->peak_rss_bytes;
    }
    return sum;
}

/* Workers that are processes are the server; its memory is that of all of them. */
static struct ipm_usage tell_server_usage(const struct ipm_fan *fan) {
    const struct ipm_service *service = fan->service;
    if (!service->apart)
        return fan->server.usage;
    struct ipm_usage sum = service->channels[0].usage;
    for (unsigned i = 1; i < service->channel_count; i++) {
        tell_add_usage(&sum, &service->channels[i].usage);
        tell_add(&sum.peak_rss_bytes, service->channels[i].usage.peak_rss_bytes);
    }
    return sum;
}

static uint64_t tell_begin_ns(const struct ipm_fan *fan) {
    uint64_t begin_ns = fan->peers[0].window.begin_ns;
    for (unsigned i = 1; i < fan->count; i++)
        if (fan->peers[i].window.begin_ns < begin_ns)
            begin_ns = fan->peers[i].window.begin_ns;
    return begin_ns;
}

static bool tell_is_responding(const struct ipm_fan *fan) {
    return (fan->config->pattern->kind.traits & IPM_TRAIT_TWO_WAY) != 0;
}

/* The last byte that anybody received: of a request by the server, of an answer by the
 * client that asked. */
static uint64_t tell_end_ns(const struct ipm_fan *fan) {
    uint64_t end_ns = 0;
    for (unsigned i = 0; i < fan->count; i++) {
        const uint64_t one_ns = tell_is_responding(fan) ? fan->peers[i].window.last_ns
                                                        : fan->service->clients[i].end_ns;
        if (one_ns > end_ns)
            end_ns = one_ns;
    }
    return end_ns;
}

static uint64_t tell_span_ns(uint64_t begin_ns, uint64_t end_ns) {
    return end_ns > begin_ns ? end_ns - begin_ns : 1;
}

static struct ipm_wire_use tell_wire(const struct ipm_fan *fan) {
    struct ipm_wire_use use = {.known = fan->server.wire_known,
                               .segments = fan->server.wire.segments,
                               .payload_bytes = fan->server.wire.payload_bytes,
                               .retransmitted_bytes =
                                   fan->server.wire.retransmitted_bytes,
                               .header_bytes = fan->server.wire.header_bytes};
    for (unsigned i = 0; i < fan->count; i++) {
        const struct ipm_window *window = &fan->peers[i].window;
        use.known = use.known && window->wire_known;
        use.segments += window->wire.segments;
        use.payload_bytes += window->wire.payload_bytes;
        use.retransmitted_bytes += window->wire.retransmitted_bytes;
        use.header_bytes += window->wire.header_bytes;
    }
    return use.known ? use : (struct ipm_wire_use){0};
}

static int tell_check(const struct ipm_fan *fan, unsigned which, struct ipm_err *err) {
    const uint64_t sent = fan->peers[which].window.sent.messages;
    const uint64_t came = fan->service->clients[which].received.messages;
    if (came == sent || (fan->config->transport->caps & IPM_CAP_RELIABLE) == 0)
        return 0;
    return ipm_err_set(err, -EBADMSG, "'%s' delivered %llu of %llu messages of client %u",
                       fan->config->transport->name, (unsigned long long)came,
                       (unsigned long long)sent, which);
}

static int tell_client(struct ipm_fan *fan, unsigned which, uint64_t begin_ns,
                       struct ipm_sample *sample, struct ipm_err *err) {
    struct ipm_service_client *client = &fan->service->clients[which];
    const struct ipm_window *window = &fan->peers[which].window;
    const struct ipm_damage damage =
        ipm_service_count(fan->service, which, window->sent.messages);
    tell_add_damage(&sample->damage, &damage);
    tell_add_damage(&sample->damage, &window->damage);
    tell_add_counts(&sample->sent, &window->sent);
    tell_add_counts(&sample->received, &client->received);
    tell_add_counts(&sample->sent, &client->sent);
    tell_add_counts(&sample->received, &window->received);
    sample->framing_bytes += client->framing_bytes + window->framing_bytes;
    sample->flows[which] =
        (struct ipm_flow_use){.messages = client->received.messages,
                              .bytes = client->received.bytes,
                              .elapsed_ns = tell_span_ns(begin_ns, client->end_ns)};
    return tell_check(fan, which, err);
}

static void tell_idle_calls(const struct ipm_service *service,
                            struct ipm_counts *counts) {
    for (unsigned i = 0; i < service->channel_count; i++) {
        counts->calls += service->channels[i].idle_calls;
        counts->partial_calls += service->channels[i].idle_calls;
    }
}

static int tell_latency(struct ipm_fan *fan, struct ipm_latency *ret_latency) {
    struct ipm_histogram *sum = calloc(1, sizeof *sum);
    if (!sum)
        return -ENOMEM;
    for (unsigned i = 0; i < fan->count; i++)
        ipm_histogram_add(sum, &fan->latencies[i]);
    int failed = sum->count > 0 ? ipm_latency_take(ret_latency, sum) : 0;
    free(sum);
    return failed;
}

static int tell_all(struct ipm_fan *fan, struct ipm_sample *sample, struct ipm_err *err) {
    const uint64_t begin_ns = tell_begin_ns(fan);
    *sample =
        (struct ipm_sample){.elapsed_ns = tell_span_ns(begin_ns, tell_end_ns(fan)),
                            .setup_ns = fan->attached_ns - fan->opened_ns,
                            .usage = {[IPM_SENDER] = tell_clients_usage(fan),
                                      [IPM_RECEIVER] = tell_server_usage(fan)},
                            .wire = tell_wire(fan),
                            .flow_count = fan->count,
                            .flows = calloc(fan->count, sizeof(struct ipm_flow_use))};
    if (!sample->flows)
        return ipm_err_sys(err, -ENOMEM, "cannot make room for %u flows", fan->count);
    int failed = 0;
    for (unsigned i = 0; i < fan->count && !failed; i++)
        failed = tell_client(fan, i, begin_ns, sample, err);
    tell_idle_calls(fan->service, &sample->received);
    if (failed)
        return failed;
    failed = tell_latency(fan, &sample->latency);
    return failed ? ipm_err_sys(err, failed, "cannot make room for latencies") : 0;
}

int ipm_fan_tell(struct ipm_fan *fan, struct ipm_sample *ret_sample,
                 struct ipm_trial_facts *facts, struct ipm_err *err) {
    struct ipm_sample sample;
    int failed = tell_all(fan, &sample, err);
    if (failed) {
        ipm_sample_done(&sample);
        return failed;
    }
    *ret_sample = sample;
    if (!facts)
        return 0;
    facts->endpoint[IPM_SENDER] = fan->peers[0].window.endpoint;
    facts->settings[IPM_SENDER] = fan->peers[0].window.settings;
    facts->endpoint[IPM_RECEIVER] = fan->server.endpoint;
    facts->settings[IPM_RECEIVER] = fan->server.settings;
    return 0;
}
