/* merge_sample.h - made-up reports of several machines. */
#ifndef IPM_TESTS_MERGE_SAMPLE_H
#define IPM_TESTS_MERGE_SAMPLE_H

#include "model/merge/merge.h"

enum { IPM_MERGE_SAMPLES = 8 };

/* Fills a report for each machine, with the label node: n0 to n7. Machine 3 moves half as much
 * over a pipe and has another governor; machine 7 failed to measure tcp. */
void ipm_merge_sample_fill(struct ipm_report reports[IPM_MERGE_SAMPLES]);

/* Merges the first `count` of them by that label. Returns 0 or a negative errno. */
int ipm_merge_sample(struct ipm_merge *merge, const struct ipm_report *reports,
                     size_t count);

#endif
