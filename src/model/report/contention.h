/* contention.h - whether others took CPU time that a trial needed.
 *
 * The rule was fixed before the first verdict, and looks at nothing but the waits of the two
 * ends, the host's steal and the quota: never at a result. A run's own processes wait for each
 * other, too, so that a wait counts only as far as the pattern does not explain it:
 *
 * - Both ends on one CPU: one of them always runs, so what others took is at most the part of
 *   the window in which neither did. Where a case pauses (a rate, --think), the CPU time of
 *   all other processes of the run explains a wait.
 * - Each end on its own CPU: each wake-up explains 20 us, and the CPU time of further clients
 *   on that CPU their waits.
 * - An end that moved between CPUs: both of these, because nobody knows who shared one.
 *
 * A trial is contended when what is left, or the time that the quota withheld, is more than
 * 5 % of the window and 1 ms. The steal is counted in clock ticks, of which two do not count. */
#ifndef IPM_MODEL_REPORT_CONTENTION_H
#define IPM_MODEL_REPORT_CONTENTION_H

#include <stdbool.h>

struct ipm_case_config;
struct ipm_metric;
struct ipm_sample;

/* Who took the CPU time; the first one that applies. */
enum ipm_contention {
    IPM_CONTENTION_UNKNOWN,
    IPM_CONTENTION_NONE,
    IPM_CONTENTION_QUOTA,  /* of the control group */
    IPM_CONTENTION_HOST,   /* of the virtual machine */
    IPM_CONTENTION_OTHERS, /* other programs, on the same CPUs */
    IPM_CONTENTIONS,
};

enum ipm_contention ipm_contention_find(const struct ipm_case_config *config,
                                        const struct ipm_sample *sample);

/* Returns whether the trial is contended, as in struct ipm_sample: -1 is unknown. */
int ipm_contention_judge(const struct ipm_case_config *config,
                         const struct ipm_sample *sample);

/* Returns whether contention makes the value of a trial useless. CPU time and counts contain no
 * waits for a CPU, but a guest may count stolen time as CPU time. */
bool ipm_contention_spoils(const struct ipm_metric *metric,
                           const struct ipm_sample *sample);

#endif
