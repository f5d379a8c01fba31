/* arrange.h - which cases belong together, found once, so that what reads a report takes time in
 * proportion to its size. */
#ifndef IPM_MODEL_REPORT_ARRANGE_H
#define IPM_MODEL_REPORT_ARRANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ipm_report;
struct ipm_case;

/* A list of cases that have some settings in common, in their order: indexes in the report. */
struct ipm_chain {
    size_t first;
    size_t next; /* or the end of the section */
};

/* Where a case stands among the others. */
struct ipm_arranged {
    size_t section_end; /* the next case of another pattern, or the number of cases */
    bool repeats;       /* an earlier case has the same name */
    uint64_t rows; /* settings that vary from row to row instead of from group to group */
    struct ipm_chain
        group; /* all else is the same but what is ranked: transport, server */
    struct ipm_chain
        beside; /* the same size, clients and conditions, but for placement */
    struct ipm_chain
        work; /* of the whole report: the same work under the same conditions */
};

/* Whether the rate of the case is one of a search for the highest: the rates of each transport make a
 * group. */
bool ipm_case_is_swept(const struct ipm_report *report, const struct ipm_case *c);

/* Sets `arranged` of all cases. Returns 0 or -ENOMEM. */
int ipm_cases_arrange(struct ipm_report *report);

/* Makes chains of the cases begin .. end-1 that agree in the settings: ret_chains[i] is of case i. The
 * last of a chain is followed by `end`. Returns 0 or -ENOMEM. */
int ipm_cases_chain(const struct ipm_report *report, size_t begin, size_t end,
                    uint64_t settings, struct ipm_chain *ret_chains);

#endif
