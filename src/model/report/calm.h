/* calm.h - whether the machine ran at its full speed during a trial.
 *
 * The hardware thread beside a virtual CPU may belong to another guest of the host, and the clock
 * of a CPU may change. Everything is slower then, by a fifth to a third, and no counter of the
 * kernel shows it: the CPU was not taken. A null system call beside the window does show it.
 *
 * The rule looks at that call only, never at a result: a trial is calm when the call took at most
 * 5 % longer than in the fastest trial of its run. The call is measured only at both ends of the
 * window, so some trials that were slowed in between are called calm. */
#ifndef IPM_MODEL_REPORT_CALM_H
#define IPM_MODEL_REPORT_CALM_H

#include <stdbool.h>

struct ipm_report;
struct ipm_sample;

/* Returns the nanoseconds of the call beside the fastest trial of the run; NaN: unknown. It reads
 * all trials, so the report keeps the result as fastest_call_ns from when it was read or
 * summarised. */
double ipm_calm_fastest_ns(const struct ipm_report *report);

/* Whether the trial is calm. Without the fastest one, or without its call, it is not. */
bool ipm_calm_is(const struct ipm_sample *sample, double fastest_ns);

#endif
