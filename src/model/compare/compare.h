/* compare.h - compares two measurements, whose reports have been summarised. */
#ifndef IPM_MODEL_COMPARE_COMPARE_H
#define IPM_MODEL_COMPARE_COMPARE_H

#include "model/compare/comparison.h"
#include "model/report/report.h"

#include <stddef.h>

struct ipm_compare_input {
    struct {
        /* The runs of a side; differences between them are drift. If paired, run k of BASE
         * and run k of NEW are one block, with one trial each. */
        size_t count;
        const struct ipm_report *reports;
        const char *const *names; /* one for each run; if paired, one for the side */
    } sides[IPM_ARMS];
    const struct ipm_comparison *only; /* judge only the suspects of this; NULL: all */
};

/* Fills all members but `tool`, `started_at` and `seed`; threshold, alpha, allow_missing
 * and paired must be set. The clock of all reports must be the same. Returns 0 or -ENOMEM. Call ipm_comparison_done either way. */
int ipm_compare(struct ipm_comparison *comparison, const struct ipm_compare_input *input,
                const struct ipm_metric_choice *choice);

/* Makes each change of the first comparison that the second does not confirm undecided. */
void ipm_compare_confirm(struct ipm_comparison *first,
                         const struct ipm_comparison *second);

/* Marks as suspect the gated results that changed, and the undecided ones that are worse by more
 * than half of the threshold. Returns how many. */
size_t ipm_compare_suspect(struct ipm_comparison *comparison);

/* Settles the suspects: changed where `both`, which judges all measurements, says so, the second
 * one alone goes the same way by more than half of the threshold, and the twins, of the new run with
 * itself, do not differ; "machine" where the twins do; else undecided. Those that were not worse the second
 * time are suspect no longer. */
void ipm_compare_recheck(struct ipm_comparison *first,
                         const struct ipm_comparison *second,
                         const struct ipm_comparison *both,
                         const struct ipm_comparison *twins);

/* compare/differ.c: adds the hosts, versions and settings that differ. Returns 0 or
 * -ENOMEM. */
int ipm_compare_differ(struct ipm_comparison *comparison,
                       const struct ipm_compare_input *input);

/* A property of a run, as a comparison names it. */
struct ipm_property {
    const char *what;                /* "kernel" */
    char text[IPM_DIFFERENCE_BYTES]; /* "": unknown, or not common to all cases */
    bool setting;                    /* else of the machine or the program */
    bool unlike;                     /* runs that differ in it are not comparable */
};

/* Fills the property of that number; returns false when there is none. */
bool ipm_compare_property(size_t number, const struct ipm_report *report,
                          struct ipm_property *ret_property);

/* Whether two runs have the same machine and settings, so that they can be compared. */
bool ipm_compare_is_alike(const struct ipm_report *a, const struct ipm_report *b);

/* Moves the trials and reference measurements of two lists of reports, in turn, into an
 * initialised report, each report as a round of its own: by cases of one name, which are ok in
 * any of them. Returns 0 or -ENOMEM. */
int ipm_compare_pool(struct ipm_report *pool, struct ipm_report *first,
                     struct ipm_report *second, size_t count);

#endif
