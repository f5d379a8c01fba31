/* merge.h - reports of several machines as one: the usual value of each case, and which machines
 * differ from it. Plain data; merge.c owns the arrays.
 *
 * Reports with one value of a label are a group: a machine, as a rule. The value of a group is
 * the median of its uncontended trials. A group is odd in a case when its value is further from the
 * median of the groups than the limit. The limit is a number of scaled median absolute deviations
 * (MAD) of the logarithms, and at least the threshold. The number depends on how many groups there
 * are: of equal ones, 1 % of the cases have an odd one. Where more than a quarter of the groups are
 * beyond it, machines of several kinds were merged, and none is odd. */
#ifndef IPM_MODEL_MERGE_MERGE_H
#define IPM_MODEL_MERGE_MERGE_H

#include "model/compare/comparison.h"
#include "model/metric.h"
#include "model/report/report.h"

#include <stdbool.h>
#include <stddef.h>

enum { IPM_MERGE_GROUPS_LEAST = 4 };

/* A property of the machine of an odd group that most others do not have. */
struct ipm_merge_difference {
    const char *what; /* "governor" */
    char here[IPM_DIFFERENCE_BYTES];
    char elsewhere[IPM_DIFFERENCE_BYTES];
};

struct ipm_merge_group {
    char name[IPM_TEXT_BYTES]; /* the value of the label */
    const struct ipm_report *first;
    size_t run_count;
    size_t result_count; /* results in which it has a value */
    size_t odd_count;    /* results in which it is odd */
    size_t difference_count;
    struct ipm_merge_difference *differences; /* of an odd group */
};

/* One group in one case. */
struct ipm_merge_value {
    const char *group;
    struct ipm_statistic trials; /* of all its runs, without those contended */
    size_t contended;            /* trials that are left out */
    double ratio;                /* its median divided by that of the groups */
    bool odd;
};

struct ipm_merge_result {
    struct ipm_case_config config;   /* of the first report that has the case */
    const struct ipm_metric *metric; /* the primary one */
    double median;                   /* of the medians of the groups */
    double spread;                   /* scaled MAD as a ratio: 0.02 is 2 % */
    double limit;                    /* NaN: too few groups have a value */
    bool mixed; /* more than a quarter are beyond the limit: several kinds, none is odd */
    size_t odd_count;
    size_t contended_count; /* groups without a trial that is not contended */
    size_t value_count;
    struct ipm_merge_value *values; /* by group, of those that measured the case */
};

struct ipm_merge {
    struct ipm_tool tool;           /* the program that merged */
    char merged_at[IPM_NAME_BYTES]; /* RFC 3339, UTC */
    char by[IPM_NAME_BYTES];        /* the label, or "hostname" */
    double threshold;               /* changes smaller than this are never odd */
    size_t group_count;
    struct ipm_merge_group *groups; /* in the order of their reports */
    size_t result_count;
    struct ipm_merge_result *results;
};

/* Fills groups and results; by and threshold must be set, "hostname" is the host name unless
 * there is such a label. The merge refers to the reports. Returns 0, -ENOMEM, or -EINVAL and
 * fills err: a report has no such label, other settings than the first one, or is there twice.
 * Call ipm_merge_done either way. */
int ipm_merge_make(struct ipm_merge *merge, const struct ipm_report *reports,
                   const char *const *names, size_t count, struct ipm_err *err);
void ipm_merge_done(struct ipm_merge *merge);

/* Whether any case has values of enough groups to tell which is odd. */
bool ipm_merge_tells(const struct ipm_merge *merge);

/* merge/odd.c: fills the members of a result that follow from the medians of its values.
 * Returns 0 or -ENOMEM. */
int ipm_merge_judge(struct ipm_merge_result *result, double threshold);

#endif
