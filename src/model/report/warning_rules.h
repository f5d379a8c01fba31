/* warning_rules.h - what is wrong with a run, or with one case of it. For warning.c only. */
#ifndef IPM_MODEL_REPORT_WARNING_RULES_H
#define IPM_MODEL_REPORT_WARNING_RULES_H

#include "base/strbuf.h"
#include "model/report/report.h"

#include <stdbool.h>

/* A rule looks at the run as a whole (`run`) and words the message; or it looks at each case
 * (`concerns`) and words what is particular to that case, or nothing: then the message is
 * `lead` and these cases. Each function returns whether it is so. A rule with neither is for
 * the notices of transports. */
struct ipm_warning_rule {
    const char *word;
    const char *advice;
    const char *lead;
    bool (*run)(const struct ipm_report *report, struct ipm_strbuf *message);
    bool (*concerns)(const struct ipm_report *report, const struct ipm_case *c,
                     struct ipm_strbuf *detail);
};

extern const struct ipm_warning_rule ipm_warning_rules[IPM_WARN_CODES];

#endif
