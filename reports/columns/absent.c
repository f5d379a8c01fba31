/* absent.c - folds the cases without a result by their reasons. */
#include "reports/columns/absent.h"

#include "base/strbuf.h"
#include "model/report/report.h"
#include "reports/columns/format.h"
#include "reports/columns/sections.h"

#include <stdio.h>
#include <string.h>

enum { ABSENT_NAMES_MOST = 3, ABSENT_NAME_BYTES = 160 };

static bool absent_alike(const struct ipm_case *a, const struct ipm_case *b) {
    return a->status == b->status && strcmp(a->reason, b->reason) == 0;
}

bool ipm_text_leads_reason(const struct ipm_report *report, size_t index) {
    size_t i = 0;
    while (i < index && !absent_alike(&report->cases[i], &report->cases[index]))
        i++;
    return i == index;
}

static void absent_name(char name[ABSENT_NAME_BYTES], const struct ipm_report *report,
                        size_t index) {
    char title[IPM_TEXT_TITLE_BYTES];
    char label[IPM_TEXT_TITLE_BYTES];
    const struct ipm_case_config *config = &report->cases[index].config;
    ipm_text_title_without(title, config, " ", ipm_text_names_patterns(report),
                           ipm_settings_with(IPM_SETTING_PLACE));
    ipm_text_label(label, config);
    (void)snprintf(name, ABSENT_NAME_BYTES, "%.110s %.40s", title, label);
}

void ipm_text_absent(char words[IPM_TEXT_ABSENT_BYTES], const struct ipm_report *report,
                     size_t index) {
    struct ipm_strbuf text = ipm_strbuf_over(words, IPM_TEXT_ABSENT_BYTES);
    char names[ABSENT_NAMES_MOST][ABSENT_NAME_BYTES];
    size_t known = 0;
    size_t more = 0;
    for (size_t i = index; i < report->case_count; i++) {
        char name[ABSENT_NAME_BYTES];
        size_t at = 0;
        if (!absent_alike(&report->cases[i], &report->cases[index]))
            continue;
        absent_name(name, report, i);
        while (at < known && strcmp(names[at], name) != 0)
            at++;
        if (at == ABSENT_NAMES_MOST) {
            more++;
        } else if (at == known) {
            memcpy(names[known++], name, sizeof name);
            (void)ipm_strbuf_add(&text, "%s%s", at > 0 ? ", " : "", name);
        }
    }
    if (more > 0)
        (void)ipm_strbuf_add(&text, " and %zu more", more);
}

const char *ipm_text_reason(const struct ipm_report *report, size_t index) {
    const char *reason = report->cases[index].reason;
    return reason[0] != '\0' ? reason : "no reason given";
}
