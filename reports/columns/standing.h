/* standing.h - what the results mean, in sentences: which case of a group is ahead, and what
 * the placement changes. The ratios are of model/report/ranking.h. */
#ifndef IPM_REPORTS_COLUMNS_STANDING_H
#define IPM_REPORTS_COLUMNS_STANDING_H

#include "reports/columns/sections.h"
#include "reports/columns/words.h"

#include <stdbool.h>
#include <stddef.h>

/* Writes "3.1 ± 0.2": as many decimals in both. */
void ipm_text_ratio(struct ipm_strbuf *text, const struct ipm_statistic *ratio);

/* Returns "tcp moved 1.20 ± 0.10 times as much as pipe", where it is ahead of all others, or "no
 * difference between pipe and unix", for the group that begins at `first`: "undecided between"
 * where ipm_text_is_open. Where placements mix, why nothing is ranked. "": fewer than two cases are ranked. */
struct ipm_sentence ipm_text_standing(const struct ipm_text_section *section,
                                      size_t first);

/* Whether a case that the leader of the group is not known to be ahead of may be twice as
 * slow. */
bool ipm_text_is_open(const struct ipm_text_section *section, size_t first,
                      size_t leader);

/* Returns how much the placement changes at most, and whether that is more than from the slowest
 * transport without loss to the fastest one. "": no case shows it. */
struct ipm_sentence
ipm_text_placement_effect(const struct ipm_text_section sides[IPM_TEXT_PLACEMENTS_MOST]);

/* Returns "unix passes pipe between 9.5 KiB and 11 KiB, two CPUs". */
struct ipm_sentence ipm_text_crossover(const struct ipm_report *report,
                                       const struct ipm_crossover *crossover);

#endif
