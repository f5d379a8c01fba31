/* absent.h - the cases without a result, folded by their reasons. */
#ifndef IPM_REPORTS_COLUMNS_ABSENT_H
#define IPM_REPORTS_COLUMNS_ABSENT_H

#include <stdbool.h>
#include <stddef.h>

struct ipm_report;

enum { IPM_TEXT_ABSENT_BYTES = 640 };

/* Whether the case is the first with its status and its reason. */
bool ipm_text_leads_reason(const struct ipm_report *report, size_t index);

/* Writes which cases have the status and the reason of that one: "64 B udp, 4 KiB udp and 3
 * more". Placements are not told apart. */
void ipm_text_absent(char words[IPM_TEXT_ABSENT_BYTES], const struct ipm_report *report,
                     size_t index);

/* Returns the reason, or words that there is none. */
const char *ipm_text_reason(const struct ipm_report *report, size_t index);

#endif
