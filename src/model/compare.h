/* compare.h - two measurements, made at two times, to what is different between them. Pure
 * arithmetic: the reports must have been summarised. */
#ifndef IPM_COMPARE_H
#define IPM_COMPARE_H

#include "model/comparison.h"

#include <stddef.h>

struct ipm_compare_input {
    size_t base_count; /* runs that are BASE together; what lies between them is drift */
    const struct ipm_report *bases;
    const char *const *base_names;
    const struct ipm_report *fresh; /* NEW */
    const char *fresh_name;
};

/* Fills all but `tool` and `started_at`; threshold, alpha and allow_missing must be set.
 * Returns 0 or -ENOMEM. ipm_comparison_done either way. */
int ipm_compare(struct ipm_comparison *comparison, const struct ipm_compare_input *input,
                const struct ipm_gauge_choice *choice);

/* compare_differ.c: hosts, versions and settings that are not the same. Returns 0 or
 * -ENOMEM. */
int ipm_compare_differ(struct ipm_comparison *comparison,
                       const struct ipm_compare_input *input);

/* Whether a run is one to compare with: of the same machine, with the same settings. */
bool ipm_compare_is_alike(const struct ipm_report *a, const struct ipm_report *b);

#endif
