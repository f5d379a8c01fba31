/* told.h - the texts of warnings, as people read them. */
#ifndef IPM_REPORTS_COLUMNS_TOLD_H
#define IPM_REPORTS_COLUMNS_TOLD_H

#include "model/report/warning.h"

struct ipm_report;

/* Returns the text of a warning in which cases are named as in tables: "tcp 64 KiB two CPUs"
 * instead of "stream/tcp/65536/pin=split". It is in `told`, or the text itself. */
const char *ipm_text_told(char told[IPM_WARNING_TEXT_BYTES],
                          const struct ipm_report *report, const char *text);

#endif
