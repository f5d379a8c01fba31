/* choice_sample.h - a report that no machine made, to choose from: transports whose times
 * over sizes lie on known lines, and on two placements. */
#ifndef IPM_CHOICE_SAMPLE_H
#define IPM_CHOICE_SAMPLE_H

#include <stddef.h>

struct ipm_report;

/* Fills a report of stream at 64 B, 1 KiB, 4 KiB and 16 KiB. On one CPU pipe and pipe-pair
 * take 800 ns + 0.25 ns/B, unix 2000 + 0.10; tcp is on no line; udp is skipped at 16 KiB.
 * On two CPUs unix takes 400 ns + 0.10 ns/B, and pipe, pipe-pair and udp twice what they take
 * on one. Summarised; ipm_report_done afterwards. */
void ipm_choice_sample(struct ipm_report *report, size_t rounds);

#endif
