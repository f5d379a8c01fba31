/* told.c - the names of cases in warnings. */
#include "reports/columns/told.h"

#include "base/strbuf.h"
#include "model/report/report.h"
#include "reports/columns/format.h"

#include <stdio.h>
#include <string.h>

static const char TOLD_ENDS[] = " (),;"; /* of a name in a sentence */

static const struct ipm_case *told_case(const struct ipm_report *report, const char *name,
                                        size_t length) {
    for (size_t i = 0; i < report->case_count; i++)
        if (strncmp(report->cases[i].config.name, name, length) == 0 &&
            report->cases[i].config.name[length] == '\0')
            return &report->cases[i];
    return NULL;
}

const char *ipm_text_told(char told[IPM_WARNING_TEXT_BYTES],
                          const struct ipm_report *report, const char *text) {
    struct ipm_strbuf out = ipm_strbuf_over(told, IPM_WARNING_TEXT_BYTES);
    for (const char *at = text; *at != '\0';) {
        const size_t between = strspn(at, TOLD_ENDS);
        const char *word = at + between;
        const size_t length = strcspn(word, TOLD_ENDS);
        const struct ipm_case *c =
            memchr(word, '/', length) != NULL ? told_case(report, word, length) : NULL;
        char name[IPM_TEXT_TITLE_BYTES];
        (void)snprintf(name, sizeof name, "%.*s", (int)length, word);
        if (c != NULL)
            ipm_text_case(name, &c->config);
        if (!ipm_strbuf_add(&out, "%.*s%s", (int)between, at, name))
            return text; /* it does not fit */
        at = word + length;
    }
    return told;
}
