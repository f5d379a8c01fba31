/* heat.c - all cases at a glance: for each placement a table of transports over patterns and
 * sizes, with the share of the fastest of each column. */
#include "model/report/report.h"
#include "reports/columns/sections.h"
#include "reports/html/page.h"
#include "reports/html/run.h"

#include <math.h>
#include <string.h>

enum { HEAT_STEPS = 10 }; /* classes h0 to h10 */

/* The groups of one placement, in the order of the report. */
struct heat {
    const struct ipm_html_run *page;
    const char *pin;
    struct ipm_text_section section; /* of the group */
    size_t group;
};

/* Goes to the first group at or after the case `from`; returns whether there is one. */
static bool heat_seek(struct heat *heat, size_t from) {
    const struct ipm_report *report = heat->page->report;
    struct ipm_text_section *section = &heat->section;
    *section = (struct ipm_text_section){.report = report, .unit = heat->page->unit};
    while (ipm_text_section_next(section)) {
        size_t ranked = 0;
        heat->group = from > section->begin ? from : section->begin;
        for (; heat->group < section->end; heat->group++)
            if (strcmp(report->cases[heat->group].config.pin, heat->pin) == 0 &&
                ipm_text_leads(section, heat->group) &&
                ipm_text_fastest(section, heat->group, &ranked) != NULL)
                return true;
    }
    return false;
}

static void heat_patterns(FILE *out, const struct heat *heat) {
    struct heat at = *heat;
    (void)fputs("<thead><tr><th scope=\"col\" rowspan=\"2\">transport</th>", out);
    for (bool found = heat_seek(&at, 0); found;) {
        const struct ipm_text_section section = at.section;
        char name[IPM_NAME_BYTES];
        size_t count = 0;
        for (; found && at.section.begin == section.begin;
             found = heat_seek(&at, at.group + 1))
            count++;
        ipm_html_print(out, "<th scope=\"colgroup\" colspan=\"%zu\">%s</th>", count,
                       ipm_html_pattern(name, &section));
    }
    (void)fputs("</tr>\n<tr>", out);
}

static void heat_sizes(FILE *out, const struct heat *heat) {
    struct heat at = *heat;
    for (bool found = heat_seek(&at, 0); found; found = heat_seek(&at, at.group + 1)) {
        char title[IPM_TEXT_TITLE_BYTES];
        struct ipm_case_config config = heat->page->report->cases[at.group].config;
        (void)snprintf(config.pin, sizeof config.pin, "none"); /* the caption has it */
        ipm_text_title(title, &config, " ", false);
        ipm_html_print(out, "<th scope=\"col\">%s</th>", title);
    }
    (void)fputs("</tr></thead>\n<tbody>\n", out);
}

/* Returns the share of the fastest of the group; NaN where the series has none. */
static double heat_share(const struct heat *at, size_t series) {
    size_t ranked = 0;
    const struct ipm_case *cases = at->page->report->cases;
    const struct ipm_case *fastest = ipm_text_fastest(&at->section, at->group, &ranked);
    for (size_t i = at->group; i < at->section.end;
         i = ipm_text_group_next(&at->section, i))
        if (at->page->series.of_case[i] == series && ipm_text_ranks(&cases[i]))
            return ipm_text_rank(&cases[i]) / ipm_text_rank(fastest);
    return NAN;
}

static void heat_row(FILE *out, const struct heat *heat, size_t series) {
    bool known = false;
    struct heat at = *heat;
    for (bool found = heat_seek(&at, 0); found; found = heat_seek(&at, at.group + 1))
        known |= isfinite(heat_share(&at, series));
    for (bool found = known && heat_seek(&at, 0); found;
         found = heat_seek(&at, at.group + 1)) {
        const double share = heat_share(&at, series);
        if (at.group == heat->group)
            ipm_html_series_row(out, &heat->page->series, series);
        if (isfinite(share))
            (void)fprintf(out, "<td class=\"h%ld\">%.*f</td>", lround(share * HEAT_STEPS),
                          share < 0.0095 ? 1 : 0, share * 100);
        else
            (void)fputs("<td>-</td>", out);
    }
    (void)fputs(known ? "</tr>\n" : "", out);
}

static void heat_table(FILE *out, const struct ipm_html_run *page, size_t first) {
    char id[32];
    char caption[IPM_TEXT_TITLE_BYTES];
    char place[IPM_HTML_PLACE_BYTES];
    struct heat heat = {.page = page, .pin = page->report->cases[first].config.pin};
    if (!heat_seek(&heat, 0))
        return;
    (void)snprintf(id, sizeof id, "heat%zu", first);
    (void)snprintf(caption, sizeof caption, "%s \u00b7 %s",
                   page->report->host.clock == IPM_CLOCK_INSTRUCTIONS
                       ? "Shortest path in % of this one"
                       : "Rate in % of the fastest",
                   ipm_html_place(place, heat.pin));
    ipm_html_table_begin(out, id, "heat", caption);
    heat_patterns(out, &heat);
    heat_sizes(out, &heat);
    for (size_t i = 0; i < page->series.count; i++)
        heat_row(out, &heat, i);
    ipm_html_table_close(out);
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
