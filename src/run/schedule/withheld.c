/* withheld.c - readings around a trial, because files of proc(5) have no place in its window. */
#include "run/schedule/withheld.h"

#include "model/report/contention.h"

#include <string.h>

void ipm_withheld_read(struct ipm_withheld *withheld,
                       const struct ipm_executor *executor) {
    memset(withheld, -1, sizeof *withheld);
    if (executor->throttle)
        withheld->throttle = executor->throttle(executor->context);
    if (executor->steal)
        executor->steal(executor->context, &withheld->steal);
}

static int64_t withheld_less(int64_t before, int64_t after) {
    return before < 0 || after < before ? -1 : after - before;
}

/* Adds up over the CPUs that the ends were on when the window opened and closed. */
static int64_t withheld_steal_ns(const struct ipm_withheld *before,
                                 const struct ipm_withheld *after,
                                 const struct ipm_sample *sample) {
    const struct ipm_usage *usage = sample->usage;
    const int64_t seen[] = {usage[IPM_SENDER].first_cpu, usage[IPM_SENDER].last_cpu,
                            usage[IPM_RECEIVER].first_cpu, usage[IPM_RECEIVER].last_cpu};
    int64_t sum_ns = 0;
    for (size_t i = 0; i < sizeof seen / sizeof *seen; i++) {
        bool again = false;
        for (size_t k = 0; k < i; k++)
            again = again || seen[k] == seen[i];
        if (seen[i] < 0 || seen[i] >= IPM_CPUS_MOST)
            return -1;
        const int64_t ns =
            withheld_less(before->steal.ns[seen[i]], after->steal.ns[seen[i]]);
        if (ns < 0)
            return -1;
        sum_ns += again ? 0 : ns;
    }
    return sum_ns;
}

void ipm_withheld_tell(const struct ipm_withheld *before,
                       const struct ipm_withheld *after,
                       const struct ipm_case_config *config, struct ipm_sample *sample) {
    sample->steal_ns = withheld_steal_ns(before, after, sample);
    sample->throttled_ns = withheld_less(before->throttle.ns, after->throttle.ns);
    sample->contended = ipm_contention_judge(config, sample);
}
