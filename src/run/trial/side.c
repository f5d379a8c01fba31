/* side.c - one side of a trial. Knows neither fork nor which process it is in. */
#include "run/trial/side.h"

#include "base/clock.h"
#include "base/usage.h"
#include "run/patterns/pattern.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool side_has_trait(const struct ipm_trial_config *config, unsigned traits) {
    return (config->pattern->kind.traits & traits) != 0;
}

bool ipm_side_keeps_link(const struct ipm_trial_config *config) {
    return side_has_trait(config, IPM_TRAIT_CONNECTS);
}

bool ipm_side_repeats_marks(const struct ipm_trial_side *side) {
    return (side->end.ops->caps & IPM_CAP_CONNECTED) == 0;
}

int ipm_side_init(struct ipm_trial_side *side, const struct ipm_trial_config *config,
                  enum ipm_side which, enum ipm_role role, struct ipm_err *err) {
    const struct ipm_transport *ops = config->transport;
    *side = (struct ipm_trial_side){
        .config = config,
        .role = role,
        .two_way = side_has_trait(config, IPM_TRAIT_TWO_WAY | IPM_TRAIT_CONNECTS),
        .end = {.side = which, .rx_fd = -1, .tx_fd = -1}};
    side->end.state = calloc(1, ops->end_size + 1);
    if (!side->end.state)
        return ipm_err_sys(err, -ENOMEM, "cannot make an end of '%s'", ops->name);
    side->end.ops = ops;
    return 0;
}

int ipm_side_attach(struct ipm_trial_side *side, struct ipm_link *link,
                    struct ipm_err *err) {
    side->link = link;
    int failed = side->end.ops->attach(&side->end, link, err);
    return failed ? ipm_err_set(err, failed, "cannot attach to '%s'", link->ops->name)
                  : 0;
}

static int side_pin(const struct ipm_trial_side *side, struct ipm_err *err) {
    const struct ipm_case_config *settings = side->config->settings;
    const int64_t cpu =
        side->role == IPM_SENDER ? settings->sender_cpu : settings->receiver_cpu;
    return cpu < 0 ? 0 : ipm_usage_pin((int)cpu, err);
}

/* All of it is touched: a first recording would be a page fault in the window. */
static int side_make_latency(struct ipm_trial_side *side, struct ipm_err *err) {
    if (side->role != IPM_SENDER || !side_has_trait(side->config, IPM_TRAIT_ANSWERS))
        return 0;
    side->latency = malloc(sizeof *side->latency);
    if (!side->latency)
        return ipm_err_sys(err, -ENOMEM, "cannot make a histogram");
    memset(side->latency, 0, sizeof *side->latency);
    side->pump.latency = side->latency;
    return 0;
}

static void side_find_ways(struct ipm_trial_side *side) {
    struct ipm_pump *back = side->two_way ? &side->back : NULL;
    const bool sends = side->role == IPM_SENDER;
    side->ways =
        (struct ipm_io_ways){.out = sends ? &side->pump : back,
                             .in = sends ? back : &side->pump,
                             .in_turn = side_has_trait(side->config, IPM_TRAIT_ANSWERS)};
}

/* After it, the pumps make other calls, and their end is another. */
static int side_drive(struct ipm_trial_side *side, struct ipm_err *err) {
    const struct ipm_io *io = side->config->io;
    side_find_ways(side);
    return io && io->prepare ? io->prepare(&side->ways, err) : 0;
}

static int side_make_pumps(struct ipm_trial_side *side, struct ipm_err *err) {
    const struct ipm_trial_config *config = side->config;
    const struct ipm_pump pump = {.end = &side->end,
                                  .config = config->settings,
                                  .framing = config->framing,
                                  .messages = config->messages,
                                  .seed = config->seed};
    side->pump = pump;
    int failed = ipm_pump_init(&side->pump);
    if (!failed && side->two_way) {
        side->back = pump;
        failed = ipm_pump_init(&side->back);
    }
    side->pump.link = side->link;
    side->pump.back = side->two_way ? &side->back : NULL;
    return failed ? ipm_err_sys(err, failed, "cannot make a buffer of %llu bytes",
                                (unsigned long long)config->settings->message_bytes)
                  : 0;
}

int ipm_side_prepare(struct ipm_trial_side *side, struct ipm_err *err) {
    const struct ipm_transport *ops = side->end.ops;
    int failed = side_pin(side, err);
    if (!failed)
        failed = ipm_wait_prepare(
            ipm_wait_choose(side->config->settings->spin, ops->caps), &side->end, err);
    if (!failed) /* after pinning: memory is touched on the CPU that will use it */
        failed = side_make_pumps(side, err);
    if (!failed)
        failed = side_drive(side, err);
    if (!failed)
        failed = side_make_latency(side, err);
    if (!failed && side->config->pattern->prepare)
        failed = side->config->pattern->prepare(&side->pump, err);
    if (failed)
        return failed;
    ops->describe(&side->end, &side->window.endpoint, &side->window.settings);
    ipm_pump_describe(&side->pump, &side->window.settings);
    side->window.wire_known = ops->wire(&side->end, &side->wire_before) == 0;
    ipm_usage_reset_peak();
    ipm_usage_read_proc(&side->before);
    return 0;
}

static const struct ipm_pump *side_out(const struct ipm_trial_side *side) {
    return side->role == IPM_SENDER ? &side->pump : &side->back;
}

static struct ipm_pump *side_in(struct ipm_trial_side *side) {
    return side->role == IPM_SENDER ? &side->back : &side->pump;
}

static void side_take_counts(struct ipm_trial_side *side) {
    const struct ipm_io *io = side->config->io;
    const struct ipm_pump *in = side_in(side);
    if (io && io->count)
        io->count(&side->ways);
    side->window.sent = side_out(side)->counts;
    side->window.received = in->counts;
    side->window.framing_bytes = in->framing_bytes;
    if (side->role == IPM_RECEIVER || side->two_way)
        side->window.last_ns = in->last_ns ? in->last_ns : side->window.end_ns;
}

int ipm_side_measure(struct ipm_trial_side *side) {
    const struct ipm_pattern *pattern = side->config->pattern;
    int (*run)(struct ipm_pump *) =
        side->end.side == IPM_PARENT ? pattern->parent : pattern->child;
    struct ipm_usage after = {0};
    ipm_usage_read_times(&side->before);
    side->window.begin_ns = ipm_clock_now_ns();
    int failed = run(&side->pump);
    side->window.end_ns = ipm_clock_now_ns();
    ipm_usage_read_times(&after);
    side->window.usage = after;
    side_take_counts(side);
    return failed;
}

static void side_count_only(struct ipm_trial_side *side, uint64_t sent_messages) {
    const uint64_t came = side->window.received.messages;
    side_in(side)->tracker.damage = (struct ipm_damage){
        .lost_messages = sent_messages > came ? sent_messages - came : 0};
}

int ipm_side_count(struct ipm_trial_side *side, uint64_t sent_messages,
                   struct ipm_err *err) {
    const unsigned caps = side->end.ops->caps;
    const bool numbered = (caps & IPM_CAP_RELIABLE) == 0;
    const bool verified = side->config->settings->verify && (caps & IPM_CAP_HOLLOW) == 0;
    if (numbered || verified)
        ipm_tracker_finish(&side_in(side)->tracker, sent_messages);
    if (numbered && side->config->settings->message_bytes < IPM_PAYLOAD_TELLING_BYTES)
        side_count_only(side, sent_messages);
    side->window.damage = side_in(side)->tracker.damage;
    if (side->window.received.messages == sent_messages || numbered)
        return 0;
    return ipm_err_set(err, -EBADMSG, "'%s' delivered %llu of %llu messages",
                       side->end.ops->name,
                       (unsigned long long)side->window.received.messages,
                       (unsigned long long)sent_messages);
}

static void side_conclude_wire(struct ipm_trial_side *side) {
    const struct ipm_wire *before = &side->wire_before;
    struct ipm_wire after = {0};
    if (!side->window.wire_known || side->end.ops->wire(&side->end, &after) != 0) {
        side->window.wire_known = 0;
        return;
    }
    side->window.wire = (struct ipm_wire){
        .segments = after.segments - before->segments,
        .payload_bytes = after.payload_bytes - before->payload_bytes,
        .retransmitted_bytes = after.retransmitted_bytes - before->retransmitted_bytes,
        .header_bytes = after.header_bytes - before->header_bytes};
}

void ipm_side_conclude(struct ipm_trial_side *side) {
    ipm_usage_read_proc(&side->window.usage);
    side->window.usage = ipm_usage_delta(&side->before, &side->window.usage);
    side_conclude_wire(side);
    if (side->end.ops->account)
        side->end.ops->account(&side->end, &side->window.settings);
}

void ipm_side_done(struct ipm_trial_side *side) {
    if (side->config && side->config->pattern->done)
        side->config->pattern->done(&side->pump);
    if (side->config && side->config->io && side->config->io->done)
        side->config->io->done(&side->ways);
    if (side->end.ops)
        side->end.ops->detach(&side->end);
    ipm_pump_done(&side->pump);
    ipm_pump_done(&side->back);
    free(side->latency);
    free(side->end.state);
    *side = (struct ipm_trial_side){.end = {.rx_fd = -1, .tx_fd = -1}};
}
