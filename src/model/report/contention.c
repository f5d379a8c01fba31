/* contention.c - the rule by which a trial is contended: the quota withheld, or the host or other
 * programs took, more than 5 % of the window and 1 ms of the CPU time that it needed. contention.h
 * explains what counts as taken. */
#include "model/report/contention.h"

#include "model/metric.h"
#include "model/report/sample.h"
#include "model/setting.h"

#include <math.h>

enum {
    CONTENTION_SLACK_NS = 1000000,
    CONTENTION_WAKE_NS = 20000,
    CONTENTION_STEAL_NS = 20000000, /* two ticks of 10 ms: one may begin, one may end */
};

static const double contention_most_ratio = 0.05; /* of the window */

/* Processes of the run that may have waited for each other. */
struct contention_group {
    double count;
    double cpu_ns;
    double delay_ns;
    double wake_ups;
};

static double contention_known(int64_t number) {
    return number < 0 ? NAN : (double)number;
}

/* Returns how many processes an end has: clients, or pairs. */
static uint64_t contention_processes(const struct ipm_case_config *config) {
    return config->pairs > 1 ? config->pairs : config->clients;
}

static struct contention_group contention_end(const struct ipm_case_config *config,
                                              const struct ipm_usage *usage) {
    return (struct contention_group){
        .count = (double)contention_processes(config),
        .cpu_ns = contention_known(usage->user_ns) + contention_known(usage->system_ns),
        .delay_ns = contention_known(usage->run_delay_ns),
        .wake_ups = contention_known(usage->voluntary_switches)};
}

static struct contention_group contention_both(struct contention_group a,
                                               struct contention_group b) {
    return (struct contention_group){.count = a.count + b.count,
                                     .cpu_ns = a.cpu_ns + b.cpu_ns,
                                     .delay_ns = a.delay_ns + b.delay_ns,
                                     .wake_ups = a.wake_ups + b.wake_ups};
}

/* Returns the waits beyond the CPU time of the other processes of the group, which explains waits. */
static double contention_foreign_ns(const struct contention_group *group) {
    return group->delay_ns - (group->count - 1) * group->cpu_ns;
}

/* Returns the same less 20 us for each wake-up, which an idle CPU may take. */
static double contention_left_ns(const struct contention_group *group) {
    return contention_foreign_ns(group) - CONTENTION_WAKE_NS * group->wake_ups;
}

/* As fmin(3) and fmax(3), but NaN where either value is NaN. */
static double contention_less(double a, double b) {
    return isnan(a) || isnan(b) ? NAN : fmin(a, b);
}

static double contention_more(double a, double b) {
    return isnan(a) || isnan(b) ? NAN : fmax(a, b);
}

/* Returns the CPU that an end was on in the whole window, or -1. */
static int64_t contention_cpu(int64_t pinned, const struct ipm_case_config *config,
                              const struct ipm_usage *usage) {
    const bool stayed = contention_processes(config) == 1 && usage->migrations == 0 &&
                        usage->first_cpu == usage->last_cpu;
    return pinned < 0 && stayed ? usage->last_cpu : pinned;
}

/* Returns how much time others took from a trial; NaN where that is unknown. */
static double contention_others_ns(const struct ipm_case_config *config,
                                   const struct ipm_sample *sample) {
    const struct contention_group ends[IPM_ROLES] = {
        contention_end(config, &sample->usage[IPM_SENDER]),
        contention_end(config, &sample->usage[IPM_RECEIVER])};
    const struct contention_group all = contention_both(ends[0], ends[1]);
    const double elapsed_ns = (double)sample->elapsed_ns;
    const int64_t sender_cpu =
        contention_cpu(config->sender_cpu, config, &sample->usage[IPM_SENDER]);
    const int64_t receiver_cpu =
        contention_cpu(config->receiver_cpu, config, &sample->usage[IPM_RECEIVER]);
    const bool pauses = config->rate_per_second > 0 || ipm_settings_thinks(config);
    double most_ns = 0;
    if (sender_cpu < 0 || receiver_cpu < 0)
        return contention_left_ns(&all);
    if (sender_cpu == receiver_cpu)
        return contention_less(elapsed_ns - all.cpu_ns,
                               pauses ? contention_foreign_ns(&all) : all.delay_ns);
    for (int role = 0; role < IPM_ROLES; role++) {
        const double ns = contention_less(elapsed_ns - ends[role].cpu_ns,
                                          contention_left_ns(&ends[role]));
        most_ns = contention_more(most_ns, ns);
    }
    return most_ns;
}

static double contention_limit_ns(const struct ipm_sample *sample) {
    return contention_most_ratio * (double)sample->elapsed_ns + CONTENTION_SLACK_NS;
}

static bool contention_is_stolen(const struct ipm_sample *sample) {
    return (double)sample->steal_ns - CONTENTION_STEAL_NS > contention_limit_ns(sample);
}

enum ipm_contention ipm_contention_find(const struct ipm_case_config *config,
                                        const struct ipm_sample *sample) {
    const double others_ns = contention_others_ns(config, sample);
    if ((double)sample->throttled_ns > contention_limit_ns(sample))
        return IPM_CONTENTION_QUOTA;
    if (contention_is_stolen(sample))
        return IPM_CONTENTION_HOST;
    if (isnan(others_ns))
        return IPM_CONTENTION_UNKNOWN;
    return others_ns > contention_limit_ns(sample) ? IPM_CONTENTION_OTHERS
                                                   : IPM_CONTENTION_NONE;
}

int ipm_contention_judge(const struct ipm_case_config *config,
                         const struct ipm_sample *sample) {
    const enum ipm_contention found = ipm_contention_find(config, sample);
    return found == IPM_CONTENTION_UNKNOWN ? -1 : found != IPM_CONTENTION_NONE;
}

bool ipm_contention_spoils(const struct ipm_metric *metric,
                           const struct ipm_sample *sample) {
    return sample->contended == 1 &&
           (!metric->excludes_waits || contention_is_stolen(sample));
}
