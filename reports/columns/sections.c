/* sections.c - finds sections, groups and the fastest case. */
#include "reports/columns/sections.h"

#include "model/report/report.h"
#include "reports/columns/columns.h"

#include <math.h>
#include <string.h>

bool ipm_text_names_patterns(const struct ipm_report *report) {
    static struct ipm_options usual; /* too large for a small stack */
    ipm_options_defaults(&usual);
    for (size_t i = 0; i < report->case_count; i++)
        if (strcmp(report->cases[i].config.pattern, usual.patterns.items[0]) != 0)
            return true;
    return false;
}

struct ipm_text_section ipm_text_section_at(const struct ipm_report *report,
                                            size_t begin) {
    const struct ipm_case *cases = report->cases;
    const char *pattern = cases[begin].config.pattern;
    struct ipm_text_section section = {.report = report,
                                       .set = ipm_text_set_of(&cases[begin]),
                                       .begin = begin,
                                       .end = begin + 1,
                                       .named = ipm_text_names_patterns(report)};
    while (section.end < report->case_count &&
           strcmp(cases[section.end].config.pattern, pattern) == 0 &&
           ipm_text_set_of(&cases[section.end]) == section.set)
        section.end++;
    return section;
}

size_t ipm_text_count(const struct ipm_report *report, enum ipm_case_status status) {
    size_t count = 0;
    for (size_t i = 0; i < report->case_count; i++)
        count += report->cases[i].status == status;
    return count;
}

bool ipm_text_has_rows(const struct ipm_text_section *section) {
    for (size_t i = section->begin; i < section->end; i++)
        if (section->report->cases[i].status == IPM_CASE_OK)
            return true;
    return false;
}

bool ipm_text_shows(const struct ipm_text_section *section,
                    const struct ipm_text_column *column) {
    for (size_t i = section->begin; i < section->end && column->narrow == 0; i++) {
        const struct ipm_case *c = &section->report->cases[i];
        if (c->status == IPM_CASE_OK && isfinite(ipm_text_statistic(column, c).median))
            return true;
    }
    return false;
}

static bool sections_same_group(const struct ipm_case_config *a,
                                const struct ipm_case_config *b) {
    return ipm_settings_are_equal(a, b, IPM_SETTING_CONDITION | IPM_SETTING_AXIS);
}

bool ipm_text_leads(const struct ipm_text_section *section, size_t index) {
    const struct ipm_case *cases = section->report->cases;
    for (size_t i = section->begin; i < index; i++)
        if (sections_same_group(&cases[i].config, &cases[index].config))
            return false;
    return true;
}

size_t ipm_text_group_next(const struct ipm_text_section *section, size_t index) {
    const struct ipm_case *cases = section->report->cases;
    size_t next = index + 1;
    while (next < section->end &&
           !sections_same_group(&cases[next].config, &cases[index].config))
        next++;
    return next;
}

double ipm_text_rank(const struct ipm_case *c) {
    return c->summary.metrics[c->primary].median;
}

/* The contents of connections, one byte each, are not verified. */
bool ipm_text_ranks(const struct ipm_case *c) {
    return c->status == IPM_CASE_OK && isfinite(ipm_text_rank(c)) &&
           (c->integrity.status != IPM_INTEGRITY_UNKNOWN ||
            c->primary == IPM_METRIC_CONNECTIONS);
}

const struct ipm_case *ipm_text_fastest(const struct ipm_text_section *section,
                                        size_t first, size_t *ret_count) {
    const struct ipm_case *fastest = NULL;
    *ret_count = 0;
    for (size_t i = first; i < section->end; i = ipm_text_group_next(section, i)) {
        const struct ipm_case *c = &section->report->cases[i];
        if (!ipm_text_ranks(c))
            continue;
        ++*ret_count;
        if (fastest == NULL || ipm_text_rank(c) > ipm_text_rank(fastest))
            fastest = c;
    }
    return fastest;
}

bool ipm_text_ties(const struct ipm_case *faster, const struct ipm_case *c) {
    return c->summary.metrics[c->primary].ci95_high >=
           faster->summary.metrics[faster->primary].ci95_low;
}

bool ipm_text_is_alike(const struct ipm_case_config *a, const struct ipm_case_config *b,
                       unsigned flags) {
    for (size_t i = 0; i < IPM_SETTINGS; i++)
        if ((ipm_settings[i].flags & flags) != 0 &&
            ipm_settings[i].offset != offsetof(struct ipm_case_config, pin) &&
            !ipm_setting_is_equal(&ipm_settings[i], a, b))
            return false;
    return true;
}

bool ipm_text_is_beside(const struct ipm_text_section *section, size_t one,
                        size_t other) {
    const struct ipm_case *cases = section->report->cases;
    return ipm_text_is_alike(&cases[one].config, &cases[other].config,
                             IPM_SETTING_CONDITION | IPM_SETTING_AXIS);
}

bool ipm_text_leads_beside(const struct ipm_text_section *section, size_t index) {
    for (size_t i = section->begin; i < index; i++)
        if (ipm_text_is_beside(section, i, index))
            return false;
    return true;
}

bool ipm_text_is_drawn(const struct ipm_text_section *section, size_t index) {
    const struct ipm_case *cases = section->report->cases;
    if (cases[index].status != IPM_CASE_OK || ipm_text_ranks(&cases[index]))
        return cases[index].status == IPM_CASE_OK;
    for (size_t i = section->begin; i < section->end; i++)
        if (ipm_text_ranks(&cases[i]))
            return false;
    return true;
}
