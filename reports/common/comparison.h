/* comparison.h - the words that the renderers of a comparison share. */
#ifndef IPM_REPORTS_COMMON_COMPARISON_H
#define IPM_REPORTS_COMMON_COMPARISON_H

#include "model/compare/comparison.h"
#include "reports/columns/format.h"

#include <stdio.h>

enum { IPM_COMPARISON_NOTE_BYTES = 192 };

/* Returns the text, or "unknown" where it is empty. */
const char *ipm_comparison_known(const char *text);

/* "-28.4 %", "+100 %", "-" when unknown; in a comparison of instructions "+0.53 %". */
struct ipm_cell ipm_comparison_change(double ratio);
struct ipm_cell ipm_comparison_change_of(const struct ipm_comparison *comparison,
                                         double ratio);

/* Returns the heading of the interval. */
const char *ipm_comparison_interval(const struct ipm_comparison *comparison);

/* "1,675 MiB/s", "5.2k ns", "1.25/message"; bytes in that unit. */
struct ipm_cell ipm_comparison_value(const struct ipm_metric *metric, double median,
                                     const struct ipm_text_unit *scale);

/* What is shown of one result. */
struct ipm_comparison_cells {
    struct ipm_cell sides[IPM_ARMS]; /* medians: "1,675 MiB/s", "5.2k ns" */
    struct ipm_cell change;          /* "-28.4 %" */
    struct ipm_cell interval;        /* "-30.1 .. -26.0 %" */
    struct ipm_cell limit;           /* "5.0 %" */

    /* Why the result is undecided, insufficient or contended, what would decide it, and the reference
     * measurement that it is relative to; "" when there is nothing to say. */
    char note[IPM_COMPARISON_NOTE_BYTES];
};

struct ipm_comparison_cells ipm_comparison_cells(const struct ipm_comparison *comparison,
                                                 const struct ipm_compared *compared,
                                                 enum ipm_unit_choice unit);

/* Whether the result has no change to be shown: it is unknown, or of a few trials of many.
 * Whether it is the first of all that lack one for the same reason, and whether the i-th is one
 * of these: one line tells all of them. */
bool ipm_comparison_lacks_change(const struct ipm_compared *compared);
bool ipm_comparison_begins_reason(const struct ipm_comparison *comparison, size_t i);
bool ipm_comparison_shares_reason(const struct ipm_comparison *comparison, size_t first,
                                  size_t i);

/* Writes the reason of all results that share that of the first one. */
void ipm_comparison_reason(char note[IPM_COMPARISON_NOTE_BYTES],
                           const struct ipm_comparison *comparison, size_t first);

/* Writes the summary: "failed: 1 regressed, 2 undecided, 12 same, 1 missing". */
void ipm_comparison_say(char note[IPM_COMPARISON_NOTE_BYTES],
                        const struct ipm_comparison *comparison);

/* Whether the case makes the comparison fail: it is neither skipped nor allowed to be
 * missing. */
bool ipm_comparison_is_bad(const struct ipm_comparison *comparison,
                           const struct ipm_unmatched *unmatched);

/* Whether the i-th of the cases without results has the state and the reason of the first of
 * two, and whether it is the first with its own: one line tells all of them. */
bool ipm_comparison_is_alike(const struct ipm_comparison *comparison, size_t first,
                             size_t i);
bool ipm_comparison_leads(const struct ipm_comparison *comparison, size_t i);

/* Returns "BASE" or "NEW", or "A" or "B" where the comparison is paired. */
const char *ipm_comparison_arm(const struct ipm_comparison *comparison,
                               enum ipm_arm side);

/* Returns the state with the name of the side: "not in BASE". */
struct ipm_cell ipm_comparison_state(const struct ipm_comparison *comparison,
                                     enum ipm_unmatched_state state);

#endif
