/* heat.c - all cases at a glance: for each placement a table of transports over patterns and
 * sizes, with the share of the fastest of each column. */
#include "base/array.h"
#include "model/report/report.h"
#include "reports/columns/sections.h"
#include "reports/html/page.h"
#include "reports/html/run.h"

#include <math.h>
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
};

/* The groups of one placement, in the order of the report. */
struct heat {
    const struct ipm_html_run *page;
    const char *pin;
    size_t count;
    struct heat_column *columns;
    double *shares; /* by series and column, of the fastest; NaN: none */
};

/* Adds the groups of a section. Returns false where there is no memory. */
static bool heat_add(struct heat *heat, const struct ipm_text_section *section) {
    const struct ipm_case *cases = section->report->cases;
    for (size_t i = section->begin; i < section->end; i++) {
        size_t ranked = 0;
        if (!ipm_text_leads(section, i) || strcmp(cases[i].config.pin, heat->pin) != 0 ||
            ipm_text_fastest(section, i, &ranked) == NULL)
            continue;
        struct heat_column *column =
            ipm_array_add(&heat->columns, &heat->count, sizeof *column);
        if (column == NULL)
            return false;
        *column = (struct heat_column){*section, i};
    }
    return true;
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

/* Returns whether there is something to show, and memory for it. */
static bool heat_make(struct heat *heat) {
    const size_t rows = heat->page->series.count;
    struct ipm_text_section section = {.report = heat->page->report,
                                       .unit = heat->page->unit};
    while (ipm_text_section_next(&section))
        if (!heat_add(heat, &section))
            return false;
    if (heat->count == 0 || heat->count > HEAT_CELLS_MOST / rows)
        return false;
    heat->shares = calloc(rows * heat->count, sizeof *heat->shares);
    for (size_t i = 0; heat->shares != NULL && i < rows * heat->count; i++)
        heat->shares[i] = NAN;
    for (size_t i = 0; heat->shares != NULL && i < heat->count; i++)
        heat_fill(heat, i);
    return heat->shares != NULL;
}

static void heat_patterns(FILE *out, const struct heat *heat) {
    (void)fputs("<thead><tr><th scope=\"col\" rowspan=\"2\">transport</th>", out);
    for (size_t i = 0, next = 0; i < heat->count; i = next) {
        const struct ipm_text_section *section = &heat->columns[i].section;
        char name[IPM_NAME_BYTES];
        while (next < heat->count && heat->columns[next].section.begin == section->begin)
            next++;
        ipm_html_print(out, "<th scope=\"colgroup\" colspan=\"%zu\">%s</th>", next - i,
                       ipm_html_pattern(name, section));
    }
    (void)fputs("</tr>\n<tr>", out);
}

static void heat_sizes(FILE *out, const struct heat *heat) {
    for (size_t i = 0; i < heat->count; i++) {
        char title[IPM_TEXT_TITLE_BYTES];
        struct ipm_case_config config =
            heat->page->report->cases[heat->columns[i].group].config;
        (void)snprintf(config.pin, sizeof config.pin, "none"); /* the caption has it */
        ipm_text_title(title, &config, " ", false);
        ipm_html_print(out, "<th scope=\"col\">%s</th>", title);
    }
    (void)fputs("</tr></thead>\n<tbody>\n", out);
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
            (void)fputs("<td>-</td>", out);
    (void)fputs("</tr>\n", out);
}

static void heat_draw(FILE *out, const struct heat *heat, size_t first) {
    char id[32];
    char caption[IPM_TEXT_TITLE_BYTES];
    char place[IPM_HTML_PLACE_BYTES];
    (void)snprintf(id, sizeof id, "heat%zu", first);
    (void)snprintf(caption, sizeof caption, "%s \u00b7 %s",
                   heat->page->report->host.clock == IPM_CLOCK_INSTRUCTIONS
                       ? "Shortest path in % of this one"
                       : "Rate in % of the fastest",
                   ipm_html_place(place, heat->pin));
    ipm_html_table_begin(out, id, "heat", caption);
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
    (void)fputs("<div class=\"heats\">\n", out);
    for (size_t p = 0; p < pins.count; p++)
        heat_table(out, page, pins.cases[p]);
    (void)fputs("</div>\n</section>\n", out);
}
