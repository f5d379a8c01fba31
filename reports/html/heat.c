/* heat.c - all cases at a glance: for each placement a table of transports over patterns and
 * sizes, with the share of the fastest of each column. */
#include "base/array.h"
#include "model/report/report.h"
#include "reports/columns/sections.h"
#include "reports/html/page.h"
#include "reports/html/run.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    HEAT_STEPS = 10, /* classes h0 to h10 */
    HEAT_CELLS_MOST = 1 << 20,
};

/* A group, which is a column. */
struct heat_column {
    struct ipm_text_section section;
    size_t group; /* its first case */
    uint64_t
        shared; /* settings that all columns of its section have in common, but the size */
};

/* The groups of one placement, in the order of the report. */
struct heat {
    const struct ipm_html_run *page;
    const char *pin;
    size_t count;
    struct heat_column *columns;
    double *shares; /* by series and column, of the fastest; NaN: none */
};

/* Adds the groups of a section that have at least so many cases to rank. Returns false where there
 * is no memory. */
static bool heat_add(struct heat *heat, const struct ipm_text_section *section,
                     size_t least) {
    const struct ipm_case *cases = section->report->cases;
    for (size_t i = section->begin; i < section->end; i++) {
        size_t ranked = 0;
        if (!ipm_text_leads(section, i) || strcmp(cases[i].config.pin, heat->pin) != 0 ||
            ipm_text_fastest(section, i, &ranked) == NULL || ranked < least)
            continue;
        struct heat_column *column =
            ipm_array_add(&heat->columns, &heat->count, sizeof *column);
        if (column == NULL)
            return false;
        *column = (struct heat_column){.section = *section, .group = i};
    }
    return true;
}

/* Returns the settings of a column for its headings: the caption has the placement. */
static struct ipm_case_config heat_config(const struct heat *heat, size_t at) {
    struct ipm_case_config config =
        heat->page->report->cases[heat->columns[at].group].config;
    (void)snprintf(config.pin, sizeof config.pin, "none");
    return config;
}

/* Returns the end of the columns that are of one section. */
static size_t heat_section_end(const struct heat *heat, size_t first) {
    const size_t begin = heat->columns[first].section.begin;
    size_t end = first;
    while (end < heat->count && heat->columns[end].section.begin == begin)
        end++;
    return end;
}

static bool heat_is_shared(const struct heat *heat, const struct ipm_setting *setting,
                           size_t first, size_t end) {
    const struct ipm_case *cases = heat->page->report->cases;
    const struct ipm_case_config *config = &cases[heat->columns[first].group].config;
    bool shared = setting->offset != offsetof(struct ipm_case_config, message_bytes);
    for (size_t i = first + 1; i < end && shared; i++)
        shared =
            ipm_setting_is_equal(setting, config, &cases[heat->columns[i].group].config);
    return shared;
}

static void heat_share(struct heat *heat, size_t first, size_t end) {
    uint64_t shared = 0;
    for (size_t i = 0; i < IPM_SETTINGS; i++)
        if (heat_is_shared(heat, &ipm_settings[i], first, end))
            shared |= (uint64_t)1 << i;
    for (size_t i = first; i < end; i++)
        heat->columns[i].shared = shared;
}

static void heat_fill(const struct heat *heat, size_t at) {
    size_t ranked = 0;
    const struct heat_column *column = &heat->columns[at];
    const struct ipm_text_section *section = &column->section;
    const struct ipm_case *cases = section->report->cases;
    const struct ipm_case *fastest = ipm_text_fastest(section, column->group, &ranked);
    for (size_t i = column->group; i < section->end;
         i = ipm_text_group_next(section, i)) {
        double *share = &heat->shares[heat->page->series.of_case[i] * heat->count + at];
        if (isnan(*share) && ipm_text_ranks(&cases[i]))
            *share = ipm_text_rank(&cases[i]) / ipm_text_rank(fastest);
    }
}

static bool heat_add_all(struct heat *heat, size_t least) {
    struct ipm_text_section section = {.report = heat->page->report,
                                       .unit = heat->page->unit};
    while (ipm_text_section_next(&section))
        if (!heat_add(heat, &section, least))
            return false;
    return true;
}

/* Returns whether there is something to show, and memory for it. A transport that is alone in its
 * group, as one with a batch size of its own, is compared with none. */
static bool heat_make(struct heat *heat) {
    const size_t rows = heat->page->series.count;
    if (!heat_add_all(heat, 2) || (heat->count == 0 && !heat_add_all(heat, 1)))
        return false;
    if (heat->count == 0 || heat->count > HEAT_CELLS_MOST / rows)
        return false;
    for (size_t i = 0; i < heat->count; i = heat_section_end(heat, i))
        heat_share(heat, i, heat_section_end(heat, i));
    heat->shares = calloc(rows * heat->count, sizeof *heat->shares);
    for (size_t i = 0; heat->shares != NULL && i < rows * heat->count; i++)
        heat->shares[i] = NAN;
    for (size_t i = 0; heat->shares != NULL && i < heat->count; i++)
        heat_fill(heat, i);
    return heat->shares != NULL;
}

static void heat_patterns(FILE *out, const struct heat *heat) {
    HTML("<thead><tr><th scope=\"col\" rowspan=\"2\">transport</th>");
    for (size_t i = 0, next = 0; i < heat->count; i = next) {
        const struct ipm_case_config config = heat_config(heat, i);
        const struct ipm_title title =
            ipm_text_title_without(&config, " ", false, ~heat->columns[i].shared);
        next = heat_section_end(heat, i);
        HTML("<th scope=\"colgroup\" colspan=\"%zu\">%s%s%s</th>", next - i,
             ipm_html_pattern(&heat->columns[i].section).text,
             title.text[0] != '\0' ? ", " : "", title.text);
    }
    HTML("</tr>\n<tr>");
}

static void heat_sizes(FILE *out, const struct heat *heat) {
    for (size_t i = 0; i < heat->count; i++) {
        const struct ipm_case_config config = heat_config(heat, i);
        HTML("<th scope=\"col\">%s</th>",
             ipm_text_title_without(&config, " ", false, heat->columns[i].shared).text);
    }
    HTML("</tr></thead>\n<tbody>\n");
}

static void heat_row(FILE *out, const struct heat *heat, size_t series) {
    const double *shares = &heat->shares[series * heat->count];
    size_t known = 0;
    while (known < heat->count && isnan(shares[known]))
        known++;
    if (known == heat->count)
        return;
    ipm_html_series_row(out, &heat->page->series, series);
    for (size_t i = 0; i < heat->count; i++)
        if (isfinite(shares[i]))
            (void)fprintf(out, "<td class=\"h%ld\">%.*f</td>",
                          lround(shares[i] * HEAT_STEPS), shares[i] < 0.0095 ? 1 : 0,
                          shares[i] * 100);
        else
            HTML("<td>-</td>");
    HTML("</tr>\n");
}

static void heat_draw(FILE *out, const struct heat *heat, size_t first) {
    char caption[IPM_TITLE_BYTES];
    (void)snprintf(caption, sizeof caption, "%s \u00b7 %s",
                   heat->page->report->host.clock == IPM_CLOCK_INSTRUCTIONS
                       ? "Shortest path in % of this one"
                       : "Rate in % of the fastest",
                   ipm_html_place(heat->pin).text);
    ipm_html_table_begin(out, ipm_cell_print("heat%zu", first).text, "heat", caption);
    heat_patterns(out, heat);
    heat_sizes(out, heat);
    for (size_t i = 0; i < heat->page->series.count; i++)
        heat_row(out, heat, i);
    ipm_html_table_close(out);
}

static void heat_table(FILE *out, const struct ipm_html_run *page, size_t first) {
    struct heat heat = {.page = page, .pin = page->report->cases[first].config.pin};
    if (heat_make(&heat))
        heat_draw(out, &heat, first);
    free(heat.columns);
    free(heat.shares);
}

void ipm_html_heat(FILE *out, const struct ipm_html_run *page) {
    const struct ipm_html_pins pins = page->pins;
    if (page->series.count < 2 || ipm_text_count(page->report, IPM_CASE_OK) == 0)
        return;
    ipm_html_section_open(out, "heat", "All at a glance");
    HTML("<div class=\"heats\">\n");
    for (size_t p = 0; p < pins.count; p++)
        heat_table(out, page, pins.cases[p]);
    HTML("</div>\n</section>\n");
}
