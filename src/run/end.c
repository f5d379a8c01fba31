/* end.c - one side of a trial. Knows neither fork nor which process it is in. */
#include "run/end.h"

#include "base/clock.h"
#include "base/usage.h"
#include "run/pattern.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

int ipm_end_init(struct ipm_trial_end *side, const struct ipm_trial_config *config,
                 enum ipm_side which, enum ipm_role role, struct ipm_err *err) {
    const struct ipm_transport *ops = config->transport;
    *side = (struct ipm_trial_end){
        .config = config, .role = role, .end = {.side = which, .rx_fd = -1, .tx_fd = -1}};
    side->end.state = calloc(1, ops->end_size + 1);
    if (!side->end.state)
        return ipm_err_sys(err, -ENOMEM, "cannot make an end of '%s'", ops->name);
    side->end.ops = ops;
    return 0;
}

int ipm_end_attach(struct ipm_trial_end *side, struct ipm_link *link,
                   struct ipm_err *err) {
    int failed = side->end.ops->attach(&side->end, link, err);
    return failed ? ipm_err_set(err, failed, "cannot attach to '%s'", link->ops->name)
                  : 0;
}

static int end_unblock(int fd, struct ipm_err *err) {
    int flags = fcntl(fd, F_GETFL);
    if (flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0)
        return 0;
    return ipm_err_sys(err, -errno, "cannot make a descriptor non-blocking");
}

static int end_spin(const struct ipm_end *end, struct ipm_err *err) {
    int failed = 0;
    if (end->rx_fd >= 0)
        failed = end_unblock(end->rx_fd, err);
    if (!failed && end->tx_fd >= 0 && end->tx_fd != end->rx_fd)
        failed = end_unblock(end->tx_fd, err);
    return failed;
}

static int end_pin(const struct ipm_trial_end *side, struct ipm_err *err) {
    int cpu =
        side->role == IPM_SENDER ? side->config->sender_cpu : side->config->receiver_cpu;
    return cpu < 0 ? 0 : ipm_usage_pin(cpu, err);
}

static int end_make_pump(struct ipm_trial_end *side, struct ipm_err *err) {
    const struct ipm_trial_config *config = side->config;
    struct ipm_pump_config pump = {.message_bytes = (size_t)config->message_bytes,
                                   .recv_bytes = (size_t)config->recv_bytes,
                                   .messages = config->messages,
                                   .framing = config->framing,
                                   .batch = config->batch,
                                   .think_ns = config->think_ns,
                                   .seed = config->seed,
                                   .spin = config->spin,
                                   .verify = config->verify};
    int failed = ipm_pump_init(&side->pump, &side->end, &pump);
    return failed ? ipm_err_sys(err, failed, "cannot make a buffer of %llu bytes",
                                (unsigned long long)config->message_bytes)
                  : 0;
}

int ipm_end_prepare(struct ipm_trial_end *side, struct ipm_err *err) {
    const struct ipm_transport *ops = side->end.ops;
    int failed = end_pin(side, err);
    if (!failed && side->config->spin)
        failed = end_spin(&side->end, err);
    if (!failed) /* after pinning: memory is touched on the CPU that will use it */
        failed = end_make_pump(side, err);
    if (failed)
        return failed;
    ops->describe(&side->end, &side->window.endpoint, &side->window.settings);
    side->window.wire_known = ops->wire(&side->end, &side->wire_before) == 0;
    ipm_usage_reset_peak();
    ipm_usage_read_proc(&side->before);
    return 0;
}

int ipm_end_measure(struct ipm_trial_end *side) {
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
    side->window.counts = side->pump.counts;
    return failed;
}

static void end_count_only(struct ipm_trial_end *side, uint64_t sent_messages) {
    const uint64_t came = side->window.counts.messages;
    side->pump.tracker.damage = (struct ipm_damage){
        .lost_messages = sent_messages > came ? sent_messages - came : 0};
}

int ipm_end_count(struct ipm_trial_end *side, uint64_t sent_messages,
                  struct ipm_err *err) {
    const unsigned caps = side->end.ops->caps;
    const bool numbered = (caps & IPM_CAP_RELIABLE) == 0;
    const bool verified = side->config->verify && (caps & IPM_CAP_HOLLOW) == 0;
    if (numbered || verified)
        ipm_tracker_finish(&side->pump.tracker, sent_messages);
    if (numbered && side->config->message_bytes < IPM_PAYLOAD_TELLING_BYTES)
        end_count_only(side, sent_messages);
    side->window.damage = side->pump.tracker.damage;
    if (side->window.counts.messages == sent_messages || numbered)
        return 0;
    return ipm_err_set(err, -EBADMSG, "'%s' delivered %llu of %llu messages",
                       side->end.ops->name,
                       (unsigned long long)side->window.counts.messages,
                       (unsigned long long)sent_messages);
}

static void end_conclude_wire(struct ipm_trial_end *side) {
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

void ipm_end_conclude(struct ipm_trial_end *side) {
    ipm_usage_read_proc(&side->window.usage);
    side->window.usage = ipm_usage_delta(&side->before, &side->window.usage);
    end_conclude_wire(side);
}

void ipm_end_done(struct ipm_trial_end *side) {
    if (side->end.ops)
        side->end.ops->detach(&side->end);
    ipm_pump_done(&side->pump);
    free(side->end.state);
    *side = (struct ipm_trial_end){.end = {.rx_fd = -1, .tx_fd = -1}};
}
