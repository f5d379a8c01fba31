/* match.h - finds the cases of a report by their names. */
#ifndef IPM_MODEL_COMPARE_MATCH_H
#define IPM_MODEL_COMPARE_MATCH_H

#include <stddef.h>

struct ipm_case;
struct ipm_report;

/* The cases of a report. */
struct ipm_match;

/* Returns one for each of the reports, or NULL: no memory. */
struct ipm_match *ipm_matches_new(const struct ipm_report *reports, size_t count);
void ipm_matches_free(struct ipm_match *matches, size_t count);

/* Returns the first case of that name in one of the reports, or NULL. Reports of the same plan
 * have the same order, so the case of that number is tried first. */
const struct ipm_case *ipm_match_find(struct ipm_match *matches, size_t which,
                                      const char *name, size_t number);

#endif
