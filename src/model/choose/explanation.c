/* explanation.c - the account of the median trial of a case, and its better neighbours. */
#include "model/choose/explanation.h"

#include "base/array.h"
#include "model/fit/series_fit.h"
#include "transports/transport.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- events ----------------------------------------------------------------------------- */

/* A round trip or a connection has a latency; else the event is a message. With a rate, each
 * message has one, and only a round trip consists of two messages. */
static bool explanation_responds(const struct ipm_case *c) {
    const struct ipm_sample *trial = &c->trials[0];
    return trial->latency.count > 0 &&
           (trial->scheduled_ns == 0 || trial->received.messages > trial->latency.count);
}

static const char *explanation_event(const struct ipm_case *c) {
    if (ipm_case_connects(c))
        return "connection";
    return explanation_responds(c) ? "round trip" : "message";
}

static double explanation_events(const struct ipm_case *c,
                                 const struct ipm_sample *trial) {
    const uint64_t count =
        explanation_responds(c) ? trial->latency.count : trial->received.messages;
    return count > 0 ? (double)count : NAN;
}

/* --- the median trial ------------------------------------------------------------------- */

struct explanation_speed {
    double event_ns;
    size_t trial;
};

static int explanation_order(const void *left, const void *right) {
    const struct explanation_speed *a = left;
    const struct explanation_speed *b = right;
    return (a->event_ns > b->event_ns) - (a->event_ns < b->event_ns);
}

static const struct ipm_sample *explanation_trial(const struct ipm_case *c) {
    struct explanation_speed *speeds = calloc(c->trial_count, sizeof *speeds);
    if (speeds == NULL)
        return NULL;
    for (size_t i = 0; i < c->trial_count; i++) {
        const struct ipm_sample *trial = &c->trials[i];
        const double events = explanation_events(c, trial);
        speeds[i] = (struct explanation_speed){
            isnan(events) ? INFINITY : (double)trial->elapsed_ns / events, i};
    }
    qsort(speeds, c->trial_count, sizeof *speeds, explanation_order);
    const struct ipm_sample *median = &c->trials[speeds[(c->trial_count - 1) / 2].trial];
    free(speeds);
    return median;
}

/* --- the account of an end -------------------------------------------------------------- */

/* Returns how often a plain transport copies a message at each end; NaN: not known. */
static double explanation_copies(const struct ipm_transport *transport,
                                 const struct ipm_case_config *config) {
    if (transport == NULL)
        return NAN;
    if ((transport->caps & IPM_CAP_IN_PLACE) != 0)
        return config->copy ? 1 : 0;
    return (transport->caps & IPM_CAP_PLAIN) != 0 ? 1 : NAN;
}

/* The calls of a ring in shared memory are no system calls. */
static bool explanation_calls_kernel(const struct ipm_transport *transport) {
    return transport != NULL && (transport->caps & (IPM_CAP_LOOKS | IPM_CAP_HOLLOW)) == 0;
}

static double explanation_known(int64_t number) {
    return number < 0 ? NAN : (double)number;
}

/* What moves both ways is shared by both ends equally. */
static double explanation_share(const struct ipm_case *c, enum ipm_role role, double sent,
                                double received) {
    const bool both_ways =
        explanation_responds(c) || strcmp(c->config.pattern, "duplex") == 0;
    if (both_ways)
        return (sent + received) / 2;
    return role == IPM_SENDER ? sent : received;
}

/* Several clients, or the threads of duplex, wait at the same time. */
static bool explanation_is_alone(const struct ipm_case *c) {
    return c->config.server[0] == '\0' && c->trials[0].flow_count == 0;
}

static double explanation_part(double part) {
    return isnan(part) ? 0 : part;
}

/* Returns the part, or what is left where that is less, and takes it away. An unknown part
 * takes nothing. */
static double explanation_take(double *left, double part) {
    if (isnan(part))
        return NAN;
    const double taken = fmin(part, *left);
    *left -= taken;
    return taken;
}

static void explanation_end(struct ipm_explanation *explanation, const struct ipm_case *c,
                            const struct ipm_sample *trial, enum ipm_role role,
                            const struct ipm_transport *transport) {
    const struct ipm_usage *usage = &trial->usage[role];
    const double events = explanation_events(c, trial);
    struct ipm_explained_end *end = &explanation->end[role];
    const double messages = explanation_share(c, role, (double)trial->sent.messages,
                                              (double)trial->received.messages);
    end->calls = explanation_share(c, role, (double)trial->sent.calls,
                                   (double)trial->received.calls) /
                 events;
    end->copies = messages / events * explanation_copies(transport, &c->config);
    end->cpu_ns =
        (explanation_known(usage->user_ns) + explanation_known(usage->system_ns)) /
        events;
    end->switches = (explanation_known(usage->voluntary_switches) +
                     explanation_known(usage->involuntary_switches)) /
                    events;
    end->rest_ns = end->cpu_ns;
    end->calls_ns =
        explanation_take(&end->rest_ns, explanation_calls_kernel(transport)
                                            ? end->calls * explanation->null_syscall_ns
                                            : NAN);
    end->copies_ns = explanation_take(
        &end->rest_ns,
        end->copies > 0 ? end->copies * explanation->memcpy_ns : end->copies);
    end->switches_ns =
        explanation_take(&end->rest_ns, end->switches * explanation->switch_ns);
    if (isnan(end->cpu_ns) || !explanation_is_alone(c)) {
        end->run_delay_ns = end->wait_ns = NAN;
        return;
    }
    end->wait_ns = fmax(explanation->event_ns - end->cpu_ns, 0);
    end->run_delay_ns =
        usage->run_delay_ns < 0
            ? NAN
            : fmin(explanation_known(usage->run_delay_ns) / events, end->wait_ns);
    end->wait_ns -= explanation_part(end->run_delay_ns);
}

/* --- what changed it -------------------------------------------------------------------- */

/* Settings that follow from others, which alone make no other case. */
static bool explanation_is_derived(const struct ipm_setting *setting) {
    return setting->offset == offsetof(struct ipm_case_config, recv_bytes) ||
           setting->type == IPM_SETTING_CPU;
}

/* A program that pauses less or is offered more does more, which is no advice. */
static bool explanation_is_load(const struct ipm_setting *setting) {
    return (setting->flags & IPM_SETTING_PACE) != 0;
}

/* Returns the only setting by which the cases differ, or NULL. */
static const struct ipm_setting *explanation_differs(const struct ipm_case *a,
                                                     const struct ipm_case *b) {
    const struct ipm_setting *found = NULL;
    for (size_t i = 0; i < IPM_SETTINGS; i++) {
        if (explanation_is_derived(&ipm_settings[i]) ||
            ipm_setting_is_equal(&ipm_settings[i], &a->config, &b->config))
            continue;
        if (found != NULL)
            return NULL;
        found = &ipm_settings[i];
    }
    return found;
}

/* Returns the place of the change of that setting, which is added where there is none. */
static struct ipm_explained_change *
explanation_change(struct ipm_explanation *explanation,
                   const struct ipm_setting *setting) {
    for (size_t i = 0; i < explanation->change_count; i++)
        if (explanation->changes[i].setting == setting)
            return &explanation->changes[i];
    struct ipm_explained_change *change = ipm_array_add(
        (void *)&explanation->changes, &explanation->change_count, sizeof *change);
    if (change != NULL)
        change->setting = setting;
    return change;
}

static int explanation_compare(struct ipm_explanation *explanation,
                               const struct ipm_case *c, const struct ipm_case *other) {
    const struct ipm_setting *setting = explanation_differs(c, other);
    const struct ipm_statistic *mine = &ipm_case_summary(c)->metrics[c->primary];
    const struct ipm_statistic *its = &ipm_case_summary(other)->metrics[c->primary];
    if (setting == NULL || explanation_is_load(setting) || !ipm_series_has(other) ||
        !(its->ci95_low > mine->ci95_high))
        return 0;
    struct ipm_explained_change *change = explanation_change(explanation, setting);
    const double ratio = its->median / mine->median;
    if (change == NULL)
        return -ENOMEM;
    if (ratio > change->ratio) {
        change->config = other->config;
        change->ratio = ratio;
    }
    return 0;
}

static int explanation_by_ratio(const void *left, const void *right) {
    const struct ipm_explained_change *a = left;
    const struct ipm_explained_change *b = right;
    return (a->ratio < b->ratio) - (a->ratio > b->ratio);
}

static int explanation_changes(struct ipm_explanation *explanation,
                               const struct ipm_report *report,
                               const struct ipm_case *c) {
    int failed = 0;
    for (size_t i = 0; i < report->case_count && !failed; i++)
        failed = explanation_compare(explanation, c, &report->cases[i]);
    if (explanation->change_count > 1)
        qsort(explanation->changes, explanation->change_count,
              sizeof *explanation->changes, explanation_by_ratio);
    return failed;
}

/* --- all of it -------------------------------------------------------------------------- */

/* Whether only the size differs. */
static bool explanation_wants(const void *context, const struct ipm_case *other) {
    const struct ipm_case *c = context;
    struct ipm_case resized = {.config = other->config};
    resized.config.message_bytes = c->config.message_bytes;
    return ipm_settings_are_equal(&resized.config, &c->config,
                                  IPM_SETTING_CONDITION | IPM_SETTING_AXIS |
                                      IPM_SETTING_WORK | IPM_SETTING_LABEL);
}

static int explanation_fit(struct ipm_explanation *explanation,
                           const struct ipm_report *report, const struct ipm_case *c) {
    struct ipm_series_list list = {0};
    int failed = ipm_series_make(&list, report, explanation_wants, c);
    if (!failed && list.count > 0)
        failed = ipm_series_fit(&explanation->fit, report, &list.items[0],
                                ipm_metric_primary(c));
    ipm_series_done(&list);
    return failed;
}

/* Medians over the rounds: in a single round, a neighbour may have disturbed one of them. */
static void explanation_references(struct ipm_explanation *explanation,
                                   const struct ipm_references *references) {
    const struct ipm_sizes *sizes = &references->sizes;
    explanation->null_syscall_ns = references->null_syscall_ns.median;
    explanation->switch_ns = references->context_switch_ns.median;
    explanation->memcpy_ns = NAN;
    for (size_t i = 0; i < sizes->count; i++)
        if (sizes->items[i] == explanation->config.message_bytes)
            explanation->memcpy_ns = 1e9 * ipm_settings_mean_bytes(&explanation->config) /
                                     references->memcpy_bytes_per_second[i].median;
}

int ipm_explanation_make(struct ipm_explanation *explanation,
                         const struct ipm_report *report, const struct ipm_case *c,
                         const struct ipm_transport *(*find)(const char *name)) {
    const struct ipm_transport *transport = find(c->config.transport);
    const struct ipm_sample *trial = explanation_trial(c);
    if (trial == NULL)
        return -ENOMEM;
    explanation->config = c->config;
    memcpy(explanation->ends, c->ends, sizeof explanation->ends);
    explanation->event = explanation_event(c);
    explanation->round = trial->round;
    explanation->trial_count = c->trial_count;
    explanation->event_ns = (double)trial->elapsed_ns / explanation_events(c, trial);
    explanation_references(explanation, &report->references);
    for (int role = 0; role < IPM_ROLES; role++)
        explanation_end(explanation, c, trial, (enum ipm_role)role, transport);
    const int failed = explanation_changes(explanation, report, c);
    return failed != 0 ? failed : explanation_fit(explanation, report, c);
}

void ipm_explanation_done(struct ipm_explanation *explanation) {
    free(explanation->changes);
    explanation->changes = NULL;
    explanation->change_count = 0;
}
