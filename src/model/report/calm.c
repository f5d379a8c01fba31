/* calm.c - the rule by which a trial is calm: calm.h. */
#include "model/report/calm.h"

#include "model/report/report.h"

#include <math.h>

static const double calm_most_ratio = 1.05; /* of the fastest trial */

double ipm_calm_fastest_ns(const struct ipm_report *report) {
    double fastest_ns = NAN;
    for (size_t i = 0; i < report->case_count; i++)
        for (size_t k = 0; k < report->cases[i].trial_count; k++) {
            const double ns = report->cases[i].trials[k].null_syscall_ns;
            fastest_ns = ns > 0 ? fmin(fastest_ns, ns) : fastest_ns;
        }
    return fastest_ns;
}

bool ipm_calm_is(const struct ipm_sample *sample, double fastest_ns) {
    return sample->null_syscall_ns > 0 &&
           sample->null_syscall_ns <= calm_most_ratio * fastest_ns;
}
