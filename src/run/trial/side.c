/* side.c - one side of a trial, in either process. */
#include "run/trial/side.h"

#include "base/clock.h"
#include "base/usage.h"
#include "run/patterns/pattern.h"
#include "run/servers/server.h"
#include "run/trial/window_fits.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The pause before a lossy mark is repeated. With many clients the pause grows,
 * because a thousand of them would be a load of their own. */
static const uint64_t SIDE_MARK_FIRST_NS = 200000;
static const uint64_t SIDE_MARK_MOST_NS = 20000000;

enum { SIDE_TOUCH_BYTES = 4096 }; /* the smallest page */

bool ipm_side_has_trait(const struct ipm_trial_config *config, unsigned traits) {
    return (config->pattern->kind.traits & traits) != 0;
}

bool ipm_side_two_flows(const struct ipm_trial_config *config) {
    const unsigned both = IPM_TRAIT_TWO_WAY | IPM_TRAIT_ANSWERS;
    return (config->pattern->kind.traits & both) == IPM_TRAIT_TWO_WAY;
}

enum ipm_role ipm_side_role(const struct ipm_trial_config *config, enum ipm_side which) {
    const bool served = ipm_side_has_trait(config, IPM_TRAIT_CLIENTS);
    return (which == IPM_PARENT) == served ? IPM_RECEIVER : IPM_SENDER;
}

int64_t ipm_side_cpu(const struct ipm_trial_config *config, enum ipm_side which) {
    return ipm_side_role(config, which) == IPM_SENDER ? config->settings->sender_cpu
                                                      : config->settings->receiver_cpu;
}

bool ipm_side_keeps_link(const struct ipm_trial_config *config) {
    return ipm_side_has_trait(config, IPM_TRAIT_CONNECTS);
}

static bool side_sends(const struct ipm_trial_side *side) {
    return side->role == IPM_SENDER || side->two_way;
}

int ipm_side_init(struct ipm_trial_side *side, const struct ipm_trial_config *config,
                  enum ipm_side which, struct ipm_err *err) {
    const struct ipm_transport *ops = config->transport;
    *side = (struct ipm_trial_side){
        .config = config,
        .role = ipm_side_role(config, which),
        .two_way = ipm_side_has_trait(config, IPM_TRAIT_TWO_WAY | IPM_TRAIT_CONNECTS),
        .end = {.side = which, .rx_fd = -1, .tx_fd = -1}};
    if (which == IPM_PARENT && side->role == IPM_RECEIVER)
        return ipm_service_open(&side->service, config, side->two_way, err);
    side->end.state = calloc(1, ops->end_size + 1);
    if (!side->end.state)
        return ipm_err_sys(err, -ENOMEM, "cannot make an end of '%s'", ops->name);
    side->end.ops = ops;
    return 0;
}

int ipm_side_attach(struct ipm_trial_side *side, struct ipm_link *link,
                    struct ipm_err *err) {
    side->link = link;
    int failed = side->service ? ipm_service_attach(side->service, link, err)
                               : link->ops->attach(&side->end, link, err);
    return failed ? ipm_err_set(err, failed, "cannot attach to '%s'", link->ops->name)
                  : 0;
}

static unsigned side_end_count(const struct ipm_trial_side *side) {
    return side->service ? ipm_service_own_ends(side->service) : 1;
}

static const struct ipm_endpoint *side_end(const struct ipm_trial_side *side,
                                           unsigned which) {
    return side->service ? &side->service->channels[which].end : &side->end;
}

/* Sums what all ends of this side have sent so far. Returns whether every end reports
 * it. */
static bool side_wire(const struct ipm_trial_side *side, struct ipm_wire *ret_wire) {
    *ret_wire = (struct ipm_wire){0};
    for (unsigned i = 0; i < side_end_count(side); i++) {
        const struct ipm_endpoint *end = side_end(side, i);
        struct ipm_wire wire = {0};
        if (end->ops->wire(end, &wire) != 0)
            return false;
        ret_wire->segments += wire.segments;
        ret_wire->payload_bytes += wire.payload_bytes;
        ret_wire->retransmitted_bytes += wire.retransmitted_bytes;
        ret_wire->header_bytes += wire.header_bytes;
    }
    return true;
}

/* Lets the I/O backend replace the calls of the pumps and their end. */
static int side_drive(struct ipm_trial_side *side, struct ipm_err *err) {
    const struct ipm_io *io = side->config->io;
    struct ipm_pump *back = side->two_way ? &side->back : NULL;
    const bool sends = side->role == IPM_SENDER;
    side->ways = (struct ipm_io_ways){
        .out = sends ? &side->pump : back,
        .in = sends ? back : &side->pump,
        .in_turn = ipm_side_has_trait(side->config, IPM_TRAIT_ANSWERS) &&
                   side->config->settings->rate_per_second == 0 &&
                   side->pump.window == 1};
    return io && io->prepare ? io->prepare(&side->ways, err) : 0;
}

/* Maps shared memory into this process, so that the first recording is no page fault. It is
 * zero when it is made, and the other side may already write to it. */
static void side_touch(void *memory, size_t bytes) {
    for (size_t at = 0; at < bytes; at += SIDE_TOUCH_BYTES)
        (void)__atomic_fetch_or((unsigned char *)memory + at, 0, __ATOMIC_RELAXED);
    (void)__atomic_fetch_or((unsigned char *)memory + bytes - 1, 0, __ATOMIC_RELAXED);
}

/* Makes what the pumps of a case with a rate need. */
static int side_make_schedules(struct ipm_trial_side *side) {
    const bool two_flows = ipm_side_two_flows(side->config);
    const bool sends = side->role == IPM_SENDER;
    side_touch(side->timings, (two_flows ? 2 : 1) * sizeof *side->timings);
    side->pump.timings = side->timings;
    side->back.timings = side->timings + (two_flows ? 1 : 0);
    int failed = sends ? ipm_pump_pace(&side->pump) : 0;
    if (!failed && !sends && two_flows)
        failed = ipm_pump_pace(&side->back);
    return failed;
}

static int side_make_times(struct ipm_trial_side *side) {
    if (side->config->settings->rate_per_second > 0)
        return side_make_schedules(side);
    if (side->timings && side->role == IPM_SENDER) {
        side->pump.latency = &side->timings->latency;
        memset(side->pump.latency, 0, sizeof *side->pump.latency);
    }
    return 0;
}

static int side_make_pumps(struct ipm_trial_side *side, struct ipm_err *err) {
    const struct ipm_trial_config *config = side->config;
    const struct ipm_pump pump = {.end = &side->end,
                                  .config = config->settings,
                                  .framing = config->framing,
                                  .messages = config->messages,
                                  .timed = config->settings->rate_per_second > 0 &&
                                           !ipm_side_has_trait(config, IPM_TRAIT_ANSWERS),
                                  .seed = config->seed};
    side->pump = pump;
    int failed = ipm_pump_init(&side->pump);
    if (!failed && side->two_way) {
        side->back = pump;
        side->back.message_bytes = (size_t)ipm_settings_response_bytes(config->settings);
        failed = ipm_pump_init(&side->back);
    }
    side->pump.link = side->link;
    side->pump.back = side->two_way ? &side->back : NULL;
    if (!failed)
        failed = side_make_times(side);
    return failed ? ipm_err_sys(
                        err, failed, "cannot make a buffer of %llu bytes",
                        (unsigned long long)ipm_settings_larger_bytes(config->settings))
                  : 0;
}

/* Called after pinning, because memory must be touched on the CPU that will use it. */
static int side_prepare_end(struct ipm_trial_side *side, struct ipm_err *err) {
    const struct ipm_pattern *pattern = side->config->pattern;
    const char *word = side->config->settings->wait;
    const struct ipm_wait *wait = ipm_wait_choose(word, side->end.ops->caps);
    const bool driven =
        side->config->io && side->config->io->drives; /* it waits itself */
    int failed = driven ? 0 : ipm_wait_prepare(wait, word, &side->end, err);
    if (!failed)
        failed = side_make_pumps(side, err);
    if (!failed)
        failed = side_drive(side, err);
    if (!failed && pattern->prepare)
        failed = pattern->prepare(&side->pump, err);
    return failed;
}

/* A server receives into the buffers of its service. */
static int side_prepare_service(struct ipm_trial_side *side, struct ipm_err *err) {
    side->pump =
        (struct ipm_pump){.end = &side->service->channels[0].end, .own = side->service};
    for (unsigned i = 0; side->service->timed && i < side->service->client_count; i++) {
        side->service->clients[i].checker->timings = &side->timings[i];
        side_touch(&side->timings[i], sizeof side->timings[i]);
    }
    return side->config->server->prepare(side->service, err);
}

int ipm_side_prepare(struct ipm_trial_side *side, struct ipm_err *err) {
    const struct ipm_endpoint *end = side_end(side, 0);
    const int64_t cpu = ipm_side_cpu(side->config, side->end.side);
    char refused[IPM_FACT_TEXT_BYTES];
    int failed = cpu < 0 ? 0 : ipm_usage_pin((int)cpu, err);
    ipm_counters_open(&side->counters, side->config->counters, NULL); /* before threads */
    if (!failed)
        failed =
            side->service ? side_prepare_service(side, err) : side_prepare_end(side, err);
    if (failed)
        return failed;
    end->ops->describe(end, &side->window.endpoint, &side->window.settings);
    ipm_facts_check(&side->window.endpoint);
    ipm_facts_check(&side->window.settings);
    ipm_pump_describe(&side->pump, &side->window.settings);
    ipm_counters_tell(&side->counters, refused, sizeof refused);
    if (refused[0])
        ipm_facts_text(&side->window.settings, "counters_refused", refused);
    return side->service ? 0 : ipm_window_fits(&side->pump, &side->window.settings, err);
}

void ipm_side_begin(struct ipm_trial_side *side) {
    side->window.wire_known = side_wire(side, &side->wire_before);
    ipm_usage_reset_peak();
    ipm_usage_read_proc(&side->before);
    ipm_counters_read(&side->counters, &side->before);
}

static void side_take_counts(struct ipm_trial_side *side) {
    const struct ipm_io *io = side->config->io;
    const struct ipm_pump *in = side->role == IPM_SENDER ? &side->back : &side->pump;
    const struct ipm_pump *out = side->role == IPM_SENDER ? &side->pump : &side->back;
    if (io && io->count)
        io->count(&side->ways);
    side->window.sent = out->counts;
    side->window.received = in->counts;
    side->window.framing_bytes = in->framing_bytes;
    if (out->arrivals.count > 0) {
        side->window.scheduled_messages = out->messages;
        side->window.scheduled_ns = ipm_arrivals_at(&out->arrivals, out->messages - 1);
    }
    if (side->role == IPM_RECEIVER || side->two_way)
        side->window.last_ns = in->last_ns ? in->last_ns : side->window.end_ns;
}

static void side_end_wire(struct ipm_trial_side *side) {
    const struct ipm_wire *before = &side->wire_before;
    struct ipm_wire after;
    side->window.wire_known = side->window.wire_known && side_wire(side, &after);
    if (!side->window.wire_known)
        return;
    side->window.wire = (struct ipm_wire){
        .segments = after.segments - before->segments,
        .payload_bytes = after.payload_bytes - before->payload_bytes,
        .retransmitted_bytes = after.retransmitted_bytes - before->retransmitted_bytes,
        .header_bytes = after.header_bytes - before->header_bytes};
}

int ipm_side_measure(struct ipm_trial_side *side, struct ipm_err *err) {
    const struct ipm_pattern *pattern = side->config->pattern;
    int (*run)(struct ipm_pump *) =
        side->end.side == IPM_PARENT ? pattern->parent : pattern->child;
    struct ipm_usage after = {0};
    ipm_counters_count(&side->counters, true);
    ipm_usage_read_times(&side->before);
    side->window.begin_ns = ipm_clock_now_ns();
    int failed = run(&side->pump);
    side->window.end_ns = ipm_clock_now_ns();
    ipm_usage_read_times(&after);
    ipm_counters_count(&side->counters, false);
    side->window.usage = after;
    if (side->service)
        side_end_wire(side); /* before clients disconnect */
    else
        side_take_counts(side);
    for (unsigned i = 0; side->service && i < side->service->channel_count; i++)
        side->window.stopped |= side->service->channels[i].stopped;
    if (failed && side->service && side->service->err.code)
        *err = side->service->err;
    return failed ? ipm_err_sys(err, failed, "cannot %s", pattern->does[side->role]) : 0;
}

/* A response acknowledges its request, so the end mark needs no repetition, unless the
 * response may be lost and the other side waits for it. */
int ipm_side_finish(struct ipm_trial_side *side, struct ipm_err *err) {
    if (side->service || !side_sends(side))
        return 0;
    const unsigned caps = side->end.ops->caps;
    const bool answered = ipm_side_has_trait(side->config, IPM_TRAIT_ANSWERS) &&
                          (side->role == IPM_RECEIVER || (caps & IPM_CAP_RELIABLE) != 0);
    side->marking = (caps & IPM_CAP_CONNECTED) == 0 && !answered;
    int failed = side->end.ops->finish(&side->end);
    return failed ? ipm_err_sys(err, failed, "cannot end the stream") : 0;
}

int ipm_side_recv(struct ipm_trial_side *side, int control,
                  struct ipm_control_message *message, struct ipm_err *err) {
    uint64_t pause_ns = SIDE_MARK_FIRST_NS;
    for (;;) {
        const uint64_t until_ns =
            side->marking ? ipm_clock_now_ns() + pause_ns : UINT64_MAX;
        int failed = ipm_control_recv(control, message, until_ns);
        if (failed != -ETIMEDOUT || !side->marking)
            return failed;
        failed = side->end.ops->finish(&side->end);
        if (failed)
            return ipm_err_sys(err, failed, "cannot end the stream");
        if (side->config->settings->clients > 1 && pause_ns < SIDE_MARK_MOST_NS)
            pause_ns *= 2;
    }
}

/* Where both ends of a connection are in the parent, nothing is sent to the child. */
uint64_t ipm_side_sent_to(const struct ipm_trial_side *side, unsigned peer) {
    const bool alone =
        ipm_side_keeps_link(side->config) && !side->config->transport->accept;
    if (side->service)
        return side->service->clients[peer].sent.messages;
    return alone ? 0 : side->window.sent.messages;
}

static int side_check(const struct ipm_trial_side *side, uint64_t came, uint64_t sent,
                      struct ipm_err *err) {
    const struct ipm_transport *ops = side->config->transport;
    if (came == sent || (ops->caps & IPM_CAP_RELIABLE) == 0)
        return 0;
    return ipm_err_set(err, -EBADMSG, "'%s' delivered %llu of %llu messages", ops->name,
                       (unsigned long long)came, (unsigned long long)sent);
}

static int side_count_client(struct ipm_trial_side *side, unsigned peer,
                             uint64_t sent_messages, struct ipm_err *err) {
    struct ipm_window *window = &side->window;
    const struct ipm_service_client *client = &side->service->clients[peer];
    const struct ipm_damage damage =
        ipm_service_count(side->service, peer, sent_messages);
    ipm_damage_add(&window->damage, &damage);
    ipm_counts_add(&window->received, &client->received);
    ipm_counts_add(&window->sent, &client->sent);
    window->framing_bytes += client->framing_bytes;
    if (client->end_ns > window->last_ns)
        window->last_ns = client->end_ns;
    int failed = side_check(side, client->received.messages, sent_messages, err);
    return failed ? ipm_err_wrap(err, "client %u", peer) : 0;
}

int ipm_side_count(struct ipm_trial_side *side, unsigned peer, uint64_t sent_messages,
                   struct ipm_err *err) {
    const struct ipm_case_config *settings = side->config->settings;
    const uint64_t came = side->window.received.messages;
    const unsigned caps = side->config->transport->caps;
    struct ipm_tracker *tracker =
        side->role == IPM_SENDER ? &side->back.tracker : &side->pump.tracker;
    if (side->role == IPM_SENDER && !ipm_side_has_trait(side->config, IPM_TRAIT_TWO_WAY))
        return 0;
    if (side->service)
        return side_count_client(side, peer, sent_messages, err);
    if ((caps & IPM_CAP_RELIABLE) == 0 ||
        (settings->verify && (caps & IPM_CAP_HOLLOW) == 0))
        ipm_tracker_finish(tracker, sent_messages, came);
    side->window.damage = tracker->damage;
    return side_check(side, came, sent_messages, err);
}

static bool side_has_threads(const struct ipm_trial_side *side) {
    return side->service ? side->config->server->has_workers
                         : ipm_side_two_flows(side->config);
}

void ipm_side_conclude(struct ipm_trial_side *side) {
    ipm_usage_read_proc(&side->window.usage);
    if (side_has_threads(side))
        side->window.usage.run_delay_ns = -1; /* that of the others ended with them */
    ipm_counters_read(&side->counters, &side->window.usage);
    side->window.usage = ipm_usage_delta(&side->before, &side->window.usage);
    if (side->service) {
        side->config->server->done(side->service);
        ipm_service_conclude(side->service, &side->window.usage, &side->window.received);
        return;
    }
    side_end_wire(side);
    if (side->end.ops->account)
        side->end.ops->account(&side->end, &side->window.settings);
    ipm_pump_account(&side->pump, &side->window.settings);
}

void ipm_side_done(struct ipm_trial_side *side) {
    ipm_counters_close(&side->counters);
    if (side->config && side->config->pattern->done)
        side->config->pattern->done(&side->pump);
    if (side->config && side->config->io && side->config->io->done)
        side->config->io->done(&side->ways);
    if (side->config && side->service)
        side->config->server->done(side->service);
    ipm_service_close(side->service);
    if (side->end.ops)
        side->end.ops->detach(&side->end);
    ipm_pump_done(&side->pump);
    ipm_pump_done(&side->back);
    free(side->end.state);
    *side = (struct ipm_trial_side){.end = {.rx_fd = -1, .tx_fd = -1}};
}
