/* measured_window.c - the measured window of a side: ipm_side_measure reads the clock, runs the loops
 * of the pattern, and reads the clock again. What the window cost is read before and after it. */
#include "run/trial/side.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/usage.h"
#include "run/patterns/pattern.h"
#include "run/servers/server.h"

#include <errno.h>

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
        io->count(&side->io_pumps);
    side->window.sent = out->counts;
    side->window.received = in->counts;
    side->window.first_ns = in->first_ns;
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
    if (failed == -EFAULT && (side->config->transport->caps & IPM_CAP_IN_PLACE) != 0)
        ipm_err_hint(err, "lease or borrow of '%.64s' gave NULL for memory",
                     side->config->transport->name);
    return failed ? ipm_err_sys(err, failed, "cannot %s", pattern->does[side->role]) : 0;
}

static bool side_has_threads(const struct ipm_trial_side *side) {
    return side->service ? side->config->server->has_workers
                         : ipm_side_two_flows(side->config);
}

static void side_end_counters(struct ipm_trial_side *side) {
    char lacking[IPM_FACT_TEXT_BYTES];
    ipm_counters_read(&side->counters, &side->window.usage);
    ipm_counters_tell(&side->counters, lacking, sizeof lacking);
    if (lacking[0])
        ipm_facts_text(&side->window.settings, "counters_refused", lacking);
}

void ipm_side_conclude(struct ipm_trial_side *side) {
    ipm_usage_read_proc(&side->window.usage);
    if (side_has_threads(side))
        side->window.usage.run_delay_ns = -1; /* that of the others ended with them */
    side_end_counters(side);
    side->window.usage = ipm_usage_delta(&side->before, &side->window.usage);
    side->window.usage.work_ns =
        ipm_work_ns(&side->pump.work) + ipm_work_ns(&side->back.work);
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
