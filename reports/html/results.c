/* results.c - the table of a pattern with the columns of the text table and a body for each
 * group of cases; the cases that were not measured, with their reasons; warnings with advice. */
#include "model/report/report.h"
#include "reports/columns/columns.h"
#include "reports/columns/sections.h"
#include "reports/columns/standing.h"
#include "reports/columns/words.h"
#include "reports/html/page.h"
#include "reports/html/run.h"

#include <math.h>
#include <string.h>

/* Whether the column has its place: neither unknown, nor an interval that no case has. */
static bool results_shows(const struct ipm_text_section *section, size_t number) {
    const struct ipm_text_column *column = &section->set->columns[number];
    for (size_t i = section->begin; i < section->end && column->wide > 0; i++) {
        const struct ipm_case *c = &section->report->cases[i];
        if (c->status == IPM_CASE_OK && isfinite(column->of(column, c).ci95_low))
            return ipm_text_shows(section, column);
    }
    return column->wide == 0 && ipm_text_shows(section, column);
}

/* A section with the columns that its table shows: bit i is column i. They are found once, because
 * each takes a look at all cases. */
struct results_table {
    const struct ipm_text_section *section;
    unsigned shown;
};

static struct results_table results_of(const struct ipm_text_section *section) {
    struct results_table table = {.section = section};
    for (size_t i = 0; i < section->set->count; i++)
        table.shown |= (unsigned)results_shows(section, i) << i;
    return table;
}

/* Returns the number of the next column of the table, from `number` on. */
static size_t results_next(const struct results_table *table, size_t number) {
    while (number < table->section->set->count && (table->shown >> number & 1) == 0)
        number++;
    return number;
}

/* Returns the column after those that share the first line of the heading of this one, and
 * fills ret_count with their number. */
static size_t results_span(const struct results_table *table, size_t number,
                           size_t *ret_count) {
    const struct ipm_text_set *set = table->section->set;
    size_t next = number;
    *ret_count = 0;
    do {
        ++*ret_count;
        next = results_next(table, next + 1);
    } while (next < set->count && set->columns[number].above[0] != '\0' &&
             strcmp(set->columns[next].above, set->columns[number].above) == 0);
    return next;
}

/* Writes two lines of headings; returns the number of columns. */
static size_t results_columns(FILE *out, const struct results_table *table) {
    size_t count = 1;
    size_t span = 0;
    const struct ipm_text_set *set = table->section->set;
    HTML("<thead><tr><th scope=\"col\" rowspan=\"2\">%s</th>",
         ipm_text_label_heading(table->section).text);
    for (size_t i = results_next(table, 0); i < set->count; count += span) {
        const char *above = set->columns[i].above;
        i = results_span(table, i, &span);
        if (above[0] == '\0')
            HTML("<td></td>");
        else
            HTML("<th scope=\"colgroup\" colspan=\"%zu\">%s</th>", span, above);
    }
    HTML("</tr>\n<tr>");
    for (size_t i = results_next(table, 0); i < set->count;
         i = results_next(table, i + 1))
        HTML("<th scope=\"col\">%s</th>",
             ipm_text_column_heading(&set->columns[i], false, table->section->unit));
    HTML("</tr></thead>\n");
    return count;
}

enum { RESULTS_NAMED = 3 }; /* more cases of a reason are folded */

static void results_badge(FILE *out, bool wanted, const char *word) {
    if (wanted)
        HTML(" <span class=\"badge %s\">%s</span>", word, word);
}

static void results_row(FILE *out, const struct ipm_html_run *page,
                        const struct results_table *table, size_t index,
                        const char *place) {
    const struct ipm_text_section *section = table->section;
    const struct ipm_case *c = &section->report->cases[index];
    const size_t series = page->series.of_case[index];
    const struct ipm_title label = ipm_text_row_label(section, index);
    HTML("<tr class=\"r r%zu%s\"><th scope=\"row\">", series,
         place[0] != '\0' && strcmp(place, "undecided") != 0 ? " best" : "");
    ipm_html_swatch(out, series);
    HTML(" %s", section->rows != 0 ? label.text : page->series.names[series]);
    results_badge(out, place[0] != '\0', place);
    results_badge(out, c->integrity.status == IPM_INTEGRITY_LOSSY, "lossy");
    results_badge(out, c->integrity.status == IPM_INTEGRITY_CORRUPT, "corrupt");
    HTML("</th>");
    for (size_t i = results_next(table, 0); i < section->set->count;
         i = results_next(table, i + 1)) {
        const struct ipm_text_column *column = &section->set->columns[i];
        const struct ipm_statistic statistic =
            ipm_text_statistic(column, c, section->unit);
        const bool alarm = column->alarming && statistic.mean > 0;
        HTML(alarm ? "<td class=\"alarm\">%s</td>" : "<td>%s</td>",
             column->format(&statistic).text);
    }
    HTML("</tr>\n");
}

/* Where a group stands. */
struct results_best {
    const struct ipm_case *fastest; /* NULL: nothing is ranked */
    size_t ranked;
    size_t ties;      /* that cannot be told from the fastest */
    bool open;        /* one of them may be twice as slow */
    const char *word; /* for the fastest; a count of instructions tells no speed */
};

static struct results_best results_best(const struct ipm_text_section *section,
                                        size_t first) {
    struct results_best best = {.ties = 0};
    best.word =
        section->report->host.clock == IPM_CLOCK_INSTRUCTIONS ? "shortest" : "fastest";
    best.fastest = ipm_text_fastest(section, first, &best.ranked);
    for (size_t i = first; i < section->end && best.fastest != NULL;
         i = ipm_text_group_next(section, i)) {
        const struct ipm_case *c = &section->report->cases[i];
        best.ties +=
            ipm_text_ranks(c) && c != best.fastest && ipm_text_ties(best.fastest, c);
    }
    best.open =
        best.ties > 0 &&
        ipm_text_is_open(section, first, (size_t)(best.fastest - section->report->cases));
    return best;
}

/* Returns that word, "tie" or "undecided" for all that cannot be told from the fastest, or "". */
static const char *results_place(const struct results_best *best,
                                 const struct ipm_case *c) {
    if (best->ranked < 2 || !ipm_text_ranks(c) ||
        (c != best->fastest && !ipm_text_ties(best->fastest, c)))
        return "";
    if (best->open)
        return "undecided";
    return best->ties > 0 ? "tie" : best->word;
}

static void results_group(FILE *out, const struct ipm_html_run *page,
                          const struct results_table *table, size_t first,
                          size_t columns) {
    const struct ipm_text_section *section = table->section;
    const struct ipm_case *cases = section->report->cases;
    const struct results_best best = results_best(section, first);
    bool begun = false;
    for (size_t i = first; i < section->end; i = ipm_text_group_next(section, i)) {
        if (cases[i].status != IPM_CASE_OK)
            continue;
        if (!begun)
            HTML("<tbody class=\"%s\">\n<tr class=\"group\"><th scope=\"rowgroup\" "
                 "colspan=\"%zu\"><span>%s</span></th></tr>\n",
                 ipm_html_place_class(page, cases[first].config.pin).text, columns,
                 ipm_text_group_title(section, first, " \u00b7 ").text);
        begun = true;
        results_row(out, page, table, i, results_place(&best, &cases[i]));
    }
    HTML(begun ? "</tbody>\n" : "");
}

static void results_table(FILE *out, const struct ipm_html_run *page,
                          const struct ipm_text_section *section) {
    char caption[IPM_TITLE_BYTES];
    const struct ipm_case_config *config = &section->report->cases[section->begin].config;
    (void)snprintf(caption, sizeof caption,
                   "Results: %s%s; medians over the trials, mean of the loss",
                   config->pattern, config->rate_per_second > 0 ? " at a rate" : "");
    HTML("<div class=\"y y%zu\">\n", section->begin);
    ipm_html_table_begin(out, ipm_cell_print("t%zu", section->begin).text, "results",
                         caption);
    const struct results_table table = results_of(section);
    const size_t columns = results_columns(out, &table);
    for (size_t i = section->begin; i < section->end; i++)
        if (ipm_text_leads(section, i))
            results_group(out, page, &table, i, columns);
    HTML("</table>\n</div>\n</div>\n");
}

void ipm_html_results(FILE *out, const struct ipm_html_run *page) {
    if (ipm_text_count(page->report, IPM_CASE_OK) == 0)
        return;
    ipm_html_section_open(out, "results", "Tables");
    struct ipm_text_section section = {.report = page->report, .unit = page->unit};
    while (ipm_text_section_next(&section))
        if (ipm_text_has_rows(&section))
            results_table(out, page, &section);
    HTML("</section>\n");
}

/* --- cases without results, and warnings ------------------------------------------------- */

/* Writes a row for all cases that have the status and the reason of the case `first`. */
static void results_reason(FILE *out, const struct ipm_report *report, size_t first) {
    const struct ipm_case *c = &report->cases[first];
    const char *word = ipm_case_status_words[c->status];
    char reason[IPM_REASON_BYTES];
    size_t count = 0;
    for (size_t i = first; i < report->case_count; i++)
        count += ipm_text_shares_reason(report, first, i);
    ipm_html_row_open(out, ipm_text_shared_reason(reason, report, first));
    ipm_html_badge(out, word, word);
    if (count > RESULTS_NAMED)
        HTML("<td><details><summary>%zu cases</summary>", count);
    else
        HTML("<td>");
    for (size_t i = first; i < report->case_count; i++)
        if (ipm_text_shares_reason(report, first, i))
            HTML("%s%s", i == first ? "" : ", ",
                 ipm_text_case(&report->cases[i].config).text);
    HTML(count > RESULTS_NAMED ? "</details></td></tr>\n" : "</td></tr>\n");
}

static void results_absent(FILE *out, const struct ipm_report *report,
                           enum ipm_case_status status) {
    for (size_t i = 0; i < report->case_count; i++)
        if (report->cases[i].status == status && ipm_text_leads_reason(report, i))
            results_reason(out, report, i);
}

void ipm_html_absent(FILE *out, const struct ipm_report *report) {
    if (ipm_text_count(report, IPM_CASE_OK) == report->case_count)
        return;
    ipm_html_section_open(out, "absent", "Not measured");
    ipm_html_table_open(out, "absent-table", "words", "Cases without results, by reason",
                        "reason", "status", "cases");
    results_absent(out, report, IPM_CASE_FAILED);
    results_absent(out, report, IPM_CASE_SKIPPED);
    ipm_html_table_close(out);
    HTML("</section>\n");
}

void ipm_html_warnings(FILE *out, const struct ipm_report *report) {
    const struct ipm_warnings *warnings = &report->warnings;
    if (warnings->count == 0)
        return;
    ipm_html_section_open(out, "warnings", "Warnings");
    HTML("<ul class=\"warnings\">\n");
    for (size_t i = 0; i < warnings->count; i++) {
        const struct ipm_warning *warning = &warnings->items[i];
        HTML("<li><p>%s</p>", ipm_text_told(report, warning->message).text);
        if (warning->effect[0] != '\0')
            HTML("\n<p><strong>Effect:</strong> %s</p>",
                 ipm_text_told(report, warning->effect).text);
        if (warning->advice[0] != '\0')
            HTML("\n<p><strong>Advice:</strong> %s</p>", warning->advice);
        HTML("</li>\n");
    }
    HTML("</ul>\n</section>\n");
}
