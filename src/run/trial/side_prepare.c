/* side_prepare.c - what a side does before the window: pin, allocate, describe the end. */
#include "run/trial/side.h"

#include "base/usage.h"
#include "run/patterns/pattern.h"
#include "run/servers/server.h"

#include <string.h>

enum { SIDE_TOUCH_BYTES = 4096 }; /* the smallest page */

/* Lets the I/O backend replace the calls of the pumps and their end. */
static int side_drive(struct ipm_trial_side *side, struct ipm_err *err) {
    const struct ipm_io *io = side->config->io;
    struct ipm_pump *back = side->two_way ? &side->back : NULL;
    const bool sends = side->role == IPM_SENDER;
    side->io_pumps = (struct ipm_io_pumps){
        .out = sends ? &side->pump : back,
        .in = sends ? back : &side->pump,
        .in_turn = ipm_side_has_trait(side->config, IPM_TRAIT_ANSWERS) &&
                   side->config->settings->rate_per_second == 0 &&
                   side->pump.inflight == 1};
    return io && io->prepare ? io->prepare(&side->io_pumps, err) : 0;
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
                                  .answers =
                                      ipm_side_has_trait(config, IPM_TRAIT_ANSWERS),
                                  .works_as = side->role,
                                  .seed = config->seed};
    side->pump = pump;
    int failed = ipm_pump_init(&side->pump);
    if (!failed && side->two_way) {
        side->back = pump;
        if (!pump.answers)
            side->back.works_as = side->role == IPM_SENDER ? IPM_RECEIVER : IPM_SENDER;
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
    const int64_t cpu = ipm_side_cpu(side->config, side->end.side);
    int failed = cpu < 0 ? 0 : ipm_usage_pin((int)cpu, err);
    ipm_counters_open(&side->counters, side->config->counters, NULL); /* before threads */
    if (!failed)
        failed =
            side->service ? side_prepare_service(side, err) : side_prepare_end(side, err);
    if (failed)
        return failed;
    side->pump.end->ops->describe(side->pump.end, &side->window.endpoint,
                                  &side->window.settings);
    ipm_facts_check(&side->window.endpoint);
    ipm_facts_check(&side->window.settings);
    ipm_pump_describe(&side->pump, &side->window.settings);
    return side->service ? 0
                         : ipm_inflight_fits(&side->pump, &side->window.settings, err);
}
