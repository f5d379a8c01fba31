/* compare.h - two measurements to what is different between them. Pure arithmetic: the
 * reports must have been summarised. */
#ifndef IPM_MODEL_COMPARE_COMPARE_H
#define IPM_MODEL_COMPARE_COMPARE_H

#include "model/compare/comparison.h"

#include <stddef.h>

struct ipm_compare_input {
    struct {
        size_t
            count; /* runs that are a side together; what lies between them is drift, ... */
        const struct ipm_report
            *reports;             /* ... unless paired: run k of BASE and of NEW were
                                             made side by side, one trial each */
        const char *const *names; /* of each run; paired: of the side, one */
    } sides[IPM_ARMS];
    const struct ipm_comparison *only; /* judge only what changed there; or NULL: all */
};

/* Fills all but `tool`, `started_at` and `seed`; threshold, alpha, allow_missing and paired
 * must be set. Returns 0 or -ENOMEM. ipm_comparison_done either way. */
int ipm_compare(struct ipm_comparison *comparison, const struct ipm_compare_input *input,
                const struct ipm_metric_choice *choice);

/* Of what changed in the first comparison only what the second says, too, remains; else it is
 * inconclusive. */
void ipm_compare_confirm(struct ipm_comparison *first,
                         const struct ipm_comparison *second);

/* compare/differ.c: hosts, versions and settings that are not the same. Returns 0 or
 * -ENOMEM. */
int ipm_compare_differ(struct ipm_comparison *comparison,
                       const struct ipm_compare_input *input);

/* Whether a run is one to compare with: of the same machine, with the same settings. */
bool ipm_compare_is_alike(const struct ipm_report *a, const struct ipm_report *b);

#endif
