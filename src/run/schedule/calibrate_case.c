/* calibrate_case.c - verifies that the contents of a case arrive, and determines how
 * many messages fill a trial. */

#include "base/err.h"
#include "model/metric.h"
#include "run/patterns/pattern.h"
#include "run/schedule/calibrate.h"

#include <errno.h>
#include <math.h>

enum {
    CASE_TRIES = 16,
    CASE_VERIFIED_TIMES = 4, /* as long as a message that is not verified, at least */
    CASE_TOLD_LEAST = 20,    /* messages that tell a stall from a growing backlog */
};

/* No wait that does not grow with the messages takes so long: ipm_calibrate_settled. */
static const uint64_t CASE_WAIT_MOST_NS = 300000000;

/* An unreliable transport may lose messages. Anything else is a failure. */
static bool case_is_broken(const struct ipm_damage *damage, unsigned caps) {
    if (damage->corrupt_messages > 0)
        return true;
    return (caps & IPM_CAP_RELIABLE) != 0 && damage->lost_messages +
                                                     damage->reordered_messages +
                                                     damage->duplicated_messages >
                                                 0;
}

/* A connection carries one byte, and a transport that moves nothing carries none. */
static bool case_has_contents(const struct ipm_run_state *state, size_t index,
                              const struct ipm_pattern *pattern) {
    return (state->plan->cases[index].transport->caps & IPM_CAP_HOLLOW) == 0 &&
           (pattern->kind.traits & IPM_TRAIT_CONNECTS) == 0;
}

static void case_refuse(struct ipm_run_state *state, size_t index,
                        const struct ipm_damage *damage) {
    struct ipm_err err = {0};
    (void)ipm_err_set(&err, -EBADMSG,
                      "contents did not arrive as sent: %llu corrupt, %llu lost, "
                      "%llu reordered, %llu duplicated",
                      (unsigned long long)damage->corrupt_messages,
                      (unsigned long long)damage->lost_messages,
                      (unsigned long long)damage->reordered_messages,
                      (unsigned long long)damage->duplicated_messages);
    ipm_run_state_fail(state, index, &err);
}

/* Verifies some->messages of each client, adds them to the integrity of the case and
 * fills some->elapsed_ns. Returns whether they arrived. */
static bool case_verify_some(struct ipm_run_state *state, size_t index,
                             struct ipm_calibration *some) {
    struct ipm_integrity *integrity = &state->report->cases[index].integrity;
    struct ipm_trial_config config = ipm_run_state_config(state, index, some->messages);
    struct ipm_case_config settings = *config.settings;
    struct ipm_sample sample;
    settings.verify = true;
    ipm_settings_clear(&settings, IPM_SETTING_PACE); /* nothing is timed */
    config.settings = &settings;
    config.timeout_ns += ipm_calibrate_verified_ns(
        some->messages * ipm_settings_larger_bytes(&settings) * settings.clients,
        settings.clients);
    if (!ipm_run_state_trial(state, index, "verifying", &config, &sample))
        return false;
    some->elapsed_ns = sample.elapsed_ns;
    integrity->verified_messages += sample.received.messages;
    integrity->verified_bytes += sample.received.bytes;
    ipm_damage_add(&integrity->damage, &sample.damage);
    ipm_sample_done(&sample);
    if (!case_is_broken(&sample.damage, config.transport->caps))
        return true;
    case_refuse(state, index, &sample.damage);
    return false;
}

/* Fills ret_last with the last verified run, or with none. */
static void case_verify(struct ipm_run_state *state, size_t index,
                        struct ipm_calibration *ret_last) {
    const struct ipm_case_config *settings = &state->plan->cases[index].config;
    const uint64_t bytes = ipm_settings_larger_bytes(settings);
    struct ipm_calibration some = {
        .messages = ipm_calibrate_verified_first(bytes, settings->clients)};
    const uint64_t first = some.messages;
    *ret_last = (struct ipm_calibration){0};
    if (!case_has_contents(state, index, ipm_pattern_find(settings->pattern)) ||
        !case_verify_some(state, index, &some))
        return;
    *ret_last = some;
    some.messages = ipm_calibrate_verified(&some, bytes, settings->clients);
    if (some.messages > first && case_verify_some(state, index, &some))
        *ret_last = some;
}

/* Whether one message fills a trial: it took many times the duration to verify, which takes a
 * few times as long. The warm-up rounds look again. */
static bool case_is_long(const struct ipm_run_state *state,
                         const struct ipm_calibration *verified) {
    return verified->messages == 1 &&
           verified->elapsed_ns / CASE_VERIFIED_TIMES > state->options->duration_ns;
}

/* Returns how many messages a trial needs at least: with a target, as many as tell its percentile
 * in all rounds together, but none that would take longer than a second. */
static uint64_t case_least(const struct ipm_options *options, uint64_t rate) {
    const struct ipm_metric *metric = ipm_metric_find_percentile(options->target);
    if (metric == NULL)
        return 1;
    const double needed =
        ceil(1 / (1 - metric->quantile) / (double)options->rounds) + CASE_TOLD_LEAST;
    return needed < (double)rate ? (uint64_t)needed : rate;
}

/* Returns how many messages a trial may have: with a rate, those of its duration. */
static uint64_t case_most(const struct ipm_run_state *state, size_t index) {
    const uint64_t rate = state->plan->cases[index].config.rate_per_second;
    const uint64_t least = case_least(state->options, rate);
    const double seconds = (double)state->options->duration_ns / 1e9;
    const double messages = (double)rate * seconds;
    return rate == 0 ? UINT64_MAX : messages < (double)least ? least : (uint64_t)messages;
}

/* A case that kept up with its rate has all of the schedule. */
uint64_t ipm_calibrate_case_messages(const struct ipm_run_state *state, size_t index,
                                     uint64_t messages, const struct ipm_sample *sample) {
    const struct ipm_case_config *config = &state->plan->cases[index].config;
    const uint64_t most = case_most(state, index);
    const uint64_t scaled =
        ipm_calibrate_scale(messages, sample->elapsed_ns, state->options->duration_ns,
                            ipm_settings_larger_bytes(config));
    const bool kept = sample->elapsed_ns - sample->elapsed_ns / 8 < sample->scheduled_ns;
    return kept || scaled > most ? most : scaled;
}

static uint64_t case_smaller(uint64_t a, uint64_t b) {
    return a < b ? a : b;
}

static void case_calibrate(struct ipm_run_state *state, size_t index) {
    const uint64_t message_bytes =
        ipm_settings_larger_bytes(&state->plan->cases[index].config);
    const uint64_t duration_ns = state->options->duration_ns;
    const uint64_t most = case_most(state, index);
    struct ipm_calibration now = {
        .messages = case_smaller(ipm_calibrate_first(message_bytes), most)};
    struct ipm_calibration before = {0};
    struct ipm_sample sample;
    for (int i = 0; i < CASE_TRIES; i++) {
        struct ipm_trial_config config = ipm_run_state_config(state, index, now.messages);
        if (!ipm_run_state_trial(state, index, "calibrating", &config, &sample))
            return;
        now.elapsed_ns = sample.elapsed_ns;
        const uint64_t scaled =
            ipm_calibrate_case_messages(state, index, now.messages, &sample);
        ipm_sample_done(&sample);
        const bool enough = ipm_calibrate_enough(now.elapsed_ns, duration_ns);
        state->cases[index].messages = scaled;
        state->cases[index].expected_ns = ipm_calibrate_expected(&now, scaled);
        const bool slow = scaled == now.messages && now.elapsed_ns > CASE_WAIT_MOST_NS;
        if ((enough && (slow || ipm_calibrate_settled(&before, &now))) ||
            now.messages == most)
            return;
        before = now;
        now.messages = enough
                           ? scaled
                           : case_smaller(ipm_calibrate_next(now.messages, now.elapsed_ns,
                                                             duration_ns, message_bytes),
                                          most);
    }
}

void ipm_calibrate_case(struct ipm_run_state *state, size_t index) {
    struct ipm_run_state_case *mine = &state->cases[index];
    struct ipm_calibration verified;
    case_verify(state, index, &verified);
    mine->messages = state->options->messages;
    if (!mine->active || state->stopped || mine->messages > 0)
        return;
    if (case_is_long(state, &verified)) {
        mine->messages = 1;
        mine->expected_ns = verified.elapsed_ns;
    } else {
        case_calibrate(state, index);
    }
}
