/* highest.h - a highest rate in words. */
#ifndef IPM_REPORTS_COLUMNS_HIGHEST_H
#define IPM_REPORTS_COLUMNS_HIGHEST_H

#include "reports/columns/format.h"

struct ipm_highest;
struct ipm_options;

enum { IPM_TEXT_HIGHEST_BYTES = 512 };

/* Writes "p99 <= 100us". */
void ipm_text_target(char target[IPM_TEXT_CELL_BYTES], const struct ipm_options *options);

/* Writes "64 B, one CPU: unix holds p99 <= 100us up to 84.0k/s (87.0k/s does not)", or what is
 * known instead. With `named`, the pattern comes first. */
void ipm_text_highest(char words[IPM_TEXT_HIGHEST_BYTES],
                      const struct ipm_highest *highest,
                      const struct ipm_options *options, bool named);

#endif
