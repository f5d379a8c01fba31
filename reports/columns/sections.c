/* sections.c - finds sections, groups and the fastest case. */
#include "reports/columns/sections.h"

#include "base/units.h"
#include "model/report/ranking.h"
#include "reports/columns/columns.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Before the end of a run cases are not arranged. */
static size_t sections_after(const struct ipm_report *report, size_t index) {
    const size_t end = report->cases[index].arranged.section_end;
    return end > index ? end : index + 1;
}

bool ipm_text_names_patterns(const struct ipm_report *report) {
    static struct ipm_options usual; /* too large for a small stack */
    ipm_options_defaults(&usual);
    for (size_t i = 0; i < report->case_count; i = sections_after(report, i))
        if (strcmp(report->cases[i].config.pattern, usual.patterns.items[0]) != 0)
            return true;
    return false;
}

/* --- sections ----------------------------------------------------------------------------- */

struct ipm_text_section ipm_text_section_at(const struct ipm_report *report, size_t begin,
                                            const struct ipm_text_unit *unit) {
    const struct ipm_case *c = &report->cases[begin];
    return (struct ipm_text_section){.report = report,
                                     .unit = unit,
                                     .set = ipm_text_set_of(c),
                                     .begin = begin,
                                     .end = c->arranged.section_end,
                                     .named = ipm_text_names_patterns(report),
                                     .swept = ipm_case_is_swept(report, c),
                                     .rows = c->arranged.rows,
                                     .untitled = c->arranged.rows};
}

bool ipm_text_section_next(struct ipm_text_section *section) {
    if (section->end == section->report->case_count)
        return false;
    *section = ipm_text_section_at(section->report, section->end, section->unit);
    return true;
}

/* Whether the two cases differ by their placement and by nothing else. */
static bool sections_are_beside(const struct ipm_case_config *a,
                                const struct ipm_case_config *b) {
    return ipm_settings_agree(a, b, ~ipm_settings_with(IPM_SETTING_PLACE)) &&
           strcmp(a->pin, b->pin) != 0;
}

/* Placements vary slowest in a plan, so the first half is the first placement. */
size_t ipm_text_split(const struct ipm_text_section *section,
                      struct ipm_text_section sides[IPM_TEXT_PLACEMENTS_MOST]) {
    const struct ipm_case *cases = section->report->cases + section->begin;
    const size_t half = (section->end - section->begin) / IPM_TEXT_PLACEMENTS_MOST;
    const uint64_t places = ipm_settings_with(IPM_SETTING_PLACE);
    bool split =
        (section->rows & places) == 0 && 2 * half == section->end - section->begin;
    for (size_t i = 0; i < half && split; i++)
        split = sections_are_beside(&cases[i].config, &cases[half + i].config) &&
                strcmp(cases[i].config.pin, cases[0].config.pin) == 0;
    sides[0] = sides[1] = *section;
    if (!split)
        return 1;
    sides[0].end = sides[1].begin = section->begin + half;
    sides[0].untitled = sides[1].untitled = section->rows | places;
    return IPM_TEXT_PLACEMENTS_MOST;
}

struct ipm_title ipm_text_group_title(const struct ipm_text_section *section,
                                      size_t index, const char *separator) {
    const struct ipm_case_config *config = &section->report->cases[index].config;
    const struct ipm_title rest =
        ipm_text_title_without(config, separator, false, section->untitled);
    if (!section->swept)
        return rest;
    struct ipm_title title = ipm_text_label(config);
    const size_t used = strlen(title.text);
    (void)snprintf(title.text + used, sizeof title.text - used, "%s%s", separator,
                   rest.text);
    return title;
}

struct ipm_title ipm_text_row_label(const struct ipm_text_section *section,
                                    size_t index) {
    const struct ipm_case_config *config = &section->report->cases[index].config;
    struct ipm_title rate;
    if (!section->swept)
        return section->rows != 0 ? ipm_text_values(config, section->rows)
                                  : ipm_text_label(config);
    (void)snprintf(rate.text, sizeof rate.text, "%s",
                   ipm_units_metric((double)config->rate_per_second).text);
    return rate;
}

struct ipm_title ipm_text_label_heading(const struct ipm_text_section *section) {
    if (section->swept)
        return (struct ipm_title){"rate"};
    return section->rows != 0
               ? ipm_text_label(&section->report->cases[section->begin].config)
               : (struct ipm_title){"transport"};
}

/* --- groups and ranks ------------------------------------------------------------------- */

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
    const bool table = column->narrow == 0 && column->heading != NULL;
    for (size_t i = section->begin; i < section->end && table; i++) {
        const struct ipm_case *c = &section->report->cases[i];
        if (c->status == IPM_CASE_OK && isfinite(column->of(column, c).median))
            return true;
    }
    return false;
}

bool ipm_text_leads(const struct ipm_text_section *section, size_t index) {
    return section->report->cases[index].arranged.group.first == index;
}

static size_t sections_next(const struct ipm_text_section *section, size_t next) {
    return next < section->end ? next : section->end;
}

size_t ipm_text_group_first(const struct ipm_text_section *section, size_t index) {
    return section->report->cases[index].arranged.group.first;
}

size_t ipm_text_group_next(const struct ipm_text_section *section, size_t index) {
    return sections_next(section, section->report->cases[index].arranged.group.next);
}

double ipm_text_rank(const struct ipm_case *c) {
    const double median = ipm_case_summary(c)->metrics[c->primary].median;
    return ipm_metric_primary(c)->more_is_better ? median : 1 / median;
}

/* The contents of connections, one byte each, are not verified. */
bool ipm_text_ranks(const struct ipm_case *c) {
    return c->status == IPM_CASE_OK && isfinite(ipm_text_rank(c)) &&
           (c->integrity.status != IPM_INTEGRITY_UNKNOWN || ipm_case_connects(c));
}

bool ipm_text_placement_differs(const struct ipm_text_section *section, size_t first) {
    enum ipm_place found = IPM_PLACE_UNKNOWN;
    for (size_t i = first; i < section->end; i = ipm_text_group_next(section, i)) {
        const struct ipm_case *c = &section->report->cases[i];
        if (ipm_text_ranks(c) && ipm_ranking_placement_differs(c, &found))
            return true;
    }
    return false;
}

const struct ipm_case *ipm_text_fastest(const struct ipm_text_section *section,
                                        size_t first, size_t *ret_count) {
    const struct ipm_case *fastest = NULL;
    *ret_count = 0;
    if (section->swept || (section->rows & ipm_settings_with(IPM_SETTING_SCALE)) != 0 ||
        ipm_text_placement_differs(section, first))
        return NULL;
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
    if (faster == NULL)
        return false;
    const struct ipm_statistic ratio = ipm_ranking_ratio(faster, c);
    return isfinite(ratio.ci95_low) && !ipm_ranking_is_ahead(&ratio);
}

bool ipm_text_is_alike(const struct ipm_case_config *a, const struct ipm_case_config *b,
                       unsigned flags) {
    for (size_t i = 0; i < IPM_SETTINGS; i++)
        if ((ipm_settings[i].flags & flags) != 0 &&
            (ipm_settings[i].flags & IPM_SETTING_PLACE) == 0 &&
            !ipm_setting_is_equal(&ipm_settings[i], a, b))
            return false;
    return true;
}

bool ipm_text_leads_beside(const struct ipm_text_section *section, size_t index) {
    return section->report->cases[index].arranged.beside.first == index;
}

size_t ipm_text_beside_first(const struct ipm_text_section *section, size_t index) {
    return section->report->cases[index].arranged.beside.first;
}

size_t ipm_text_beside_next(const struct ipm_text_section *section, size_t index) {
    return sections_next(section, section->report->cases[index].arranged.beside.next);
}

double ipm_text_most(const struct ipm_text_section *section, size_t first) {
    double most = 0;
    if (ipm_text_placement_differs(section, first))
        return 0;
    for (size_t i = first; i < section->end; i = ipm_text_group_next(section, i))
        if (ipm_text_ranks(&section->report->cases[i]))
            most = fmax(most, ipm_text_rank(&section->report->cases[i]));
    return most;
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

const struct ipm_text_unit *ipm_text_unit_of(enum ipm_unit_choice choice,
                                             const struct ipm_report *report) {
    double least = INFINITY;
    double most = 0;
    for (size_t i = 0; report != NULL && i < report->case_count; i++) {
        const struct ipm_case *c = &report->cases[i];
        const double rate = ipm_case_summary(c)->metrics[IPM_METRIC_THROUGHPUT].median;
        if (c->primary != IPM_METRIC_THROUGHPUT || !ipm_text_ranks(c) || !(rate > 0))
            continue;
        least = fmin(least, rate);
        most = fmax(most, rate);
    }
    return ipm_text_unit(choice, least, most);
}
