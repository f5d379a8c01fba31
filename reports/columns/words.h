/* words.h - what a report tells beside its figures, in words. */
#ifndef IPM_REPORTS_COLUMNS_WORDS_H
#define IPM_REPORTS_COLUMNS_WORDS_H

#include "model/report/report.h"
#include "model/report/warning.h"
#include "reports/columns/format.h"

#include <stdbool.h>
#include <stddef.h>

struct ipm_highest;
struct ipm_options;

enum { IPM_SENTENCE_BYTES = 2 * IPM_WARNING_TEXT_BYTES };

/* A sentence, as struct ipm_cell. */
struct ipm_sentence {
    char text[IPM_SENTENCE_BYTES];
};

/* Whether two cases have the same status and the same reason but for the name of the transport,
 * and whether a case is the first of those. */
bool ipm_text_shares_reason(const struct ipm_report *report, size_t one, size_t other);
bool ipm_text_leads_reason(const struct ipm_report *report, size_t index);

/* Returns which cases have the status and the reason of that one: "64 B udp, 4 KiB udp and 3
 * more". Placements are not told apart. */
struct ipm_sentence ipm_text_absent(const struct ipm_report *report, size_t index);

/* Returns the reason, or words that there is none. */
const char *ipm_text_reason(const struct ipm_report *report, size_t index);

/* Does the same for all cases that share it: "the transport" where it names one of several. It is
 * in `words`, or as above. */
const char *ipm_text_shared_reason(char words[IPM_REASON_BYTES],
                                   const struct ipm_report *report, size_t index);

/* Returns the text of a warning in which cases are named as in tables: "tcp 64 KiB two CPUs"
 * instead of "stream/tcp/65536/pin=split". */
struct ipm_sentence ipm_text_told(const struct ipm_report *report, const char *text);

/* Returns "p99 <= 100us". */
struct ipm_cell ipm_text_target(const struct ipm_options *options);

/* Returns "64 B, one CPU: unix holds p99 <= 100us up to 84.0k/s (87.0k/s does not)", or what is
 * known instead. With `named`, the pattern comes first. */
struct ipm_sentence ipm_text_highest(const struct ipm_highest *highest,
                                     const struct ipm_options *options, bool named);

#endif
