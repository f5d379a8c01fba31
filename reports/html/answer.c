/* answer.c - what a reader wants to know first: the fastest transport for each size, what the
 * placement does, and the worst warnings. */
#include "base/strbuf.h"
#include "model/report/ranking.h"
#include "model/report/report.h"
#include "reports/columns/columns.h"
#include "reports/columns/sections.h"
#include "reports/columns/standing.h"
#include "reports/columns/words.h"
#include "reports/html/page.h"
#include "reports/html/run.h"

#include <math.h>
#include <string.h>

enum { ANSWER_TIES = 3 };

static bool answer_same_pin(const struct ipm_case *a, const struct ipm_case *b) {
    return strcmp(a->config.pin, b->config.pin) == 0;
}

struct ipm_html_pins ipm_html_pins_of(const struct ipm_report *report) {
    struct ipm_html_pins pins = {0};
    for (size_t i = 0; i < report->case_count; i++) {
        size_t p = 0;
        while (p < pins.count &&
               !answer_same_pin(&report->cases[pins.cases[p]], &report->cases[i]))
            p++;
        if (p == pins.count && p < IPM_LIST_MOST)
            pins.cases[pins.count++] = i;
    }
    return pins;
}

struct ipm_cell ipm_html_place(const char *pin) {
    const char *heading = ipm_text_placement(pin);
    return ipm_cell_print("%s%s", heading != NULL ? "" : "pin ",
                          heading != NULL ? heading : pin);
}

/* Whether the clock counts instructions. Then the page says "shortest", not "fastest": a path of
 * fewer instructions need not be faster. */
static bool answer_is_exact(const struct ipm_report *report) {
    return report->host.clock == IPM_CLOCK_INSTRUCTIONS;
}

const char *ipm_html_answer_title(const struct ipm_report *report) {
    return answer_is_exact(report) ? "Which path is shortest?" : "Which is fastest?";
}

/* --- the fastest ------------------------------------------------------------------------ */

/* Returns the name of a row: what varies, or the transport. */
static struct ipm_title answer_name(const struct ipm_html_run *page,
                                    const struct ipm_text_section *section,
                                    const struct ipm_case *c) {
    const size_t index = (size_t)(c - page->report->cases);
    struct ipm_title name;
    if (section->rows != 0)
        return ipm_text_row_label(section, index);
    (void)snprintf(name.text, sizeof name.text, "%s",
                   page->series.names[page->series.of_case[index]]);
    return name;
}

/* Writes the cases that do not differ from the fastest. Returns the best of the others, or NULL if
 * any were written. */
static const struct ipm_case *answer_ties(FILE *out, const struct ipm_html_run *page,
                                          const struct ipm_text_section *section,
                                          size_t first, const struct ipm_case *fastest) {
    size_t ties = 0;
    const struct ipm_case *next = NULL;
    const bool open =
        ipm_text_is_open(section, first, (size_t)(fastest - section->report->cases));
    for (size_t i = first; i < section->end; i = ipm_text_group_next(section, i)) {
        const struct ipm_case *c = &section->report->cases[i];
        if (c == fastest || !ipm_text_ranks(c))
            continue;
        if (!ipm_text_ties(fastest, c))
            next = next == NULL || ipm_text_rank(c) > ipm_text_rank(next) ? c : next;
        else if (ties++ == 0)
            HTML(open ? "<br>undecided against %s" : "<br>no difference from %s",
                 answer_name(page, section, c).text);
        else if (ties <= ANSWER_TIES)
            HTML(", %s", answer_name(page, section, c).text);
    }
    if (ties > ANSWER_TIES)
        HTML(" and %zu more", ties - ANSWER_TIES);
    return ties > 0 ? NULL : next;
}

/* Returns how many times as fast it is, as the text says it; without an interval, by the medians. */
static struct ipm_cell answer_times(const struct ipm_case *fastest,
                                    const struct ipm_case *next) {
    struct ipm_cell cell = {0};
    struct ipm_strbuf text = ipm_strbuf_over(cell.text, sizeof cell.text);
    const struct ipm_statistic ratio = ipm_ranking_ratio(fastest, next);
    if (!isfinite(ratio.ci95_low))
        return ipm_text_number(ipm_text_rank(fastest) / ipm_text_rank(next));
    ipm_text_ratio(&text, &ratio);
    return cell;
}

/* "shm-ring 1,715 MiB/s, 13.4 ± 0.2 times pipe". */
static void answer_cell(FILE *out, const struct ipm_html_run *page,
                        const struct ipm_text_section *section, size_t first) {
    size_t ranked = 0;
    const struct ipm_text_column *column = &section->set->columns[0];
    const struct ipm_case *fastest =
        first < section->end ? ipm_text_fastest(section, first, &ranked) : NULL;
    HTML("<td>");
    if (fastest != NULL) {
        ipm_html_swatch(out, page->series.of_case[fastest - section->report->cases]);
        HTML(" <strong>%s</strong> %s %s", answer_name(page, section, fastest).text,
             ipm_text_cell(column, fastest, section->unit).text,
             ipm_text_column_heading(column, false, section->unit));
        const struct ipm_case *next = answer_ties(out, page, section, first, fastest);
        if (next != NULL)
            HTML("<br>%s times %s", answer_times(fastest, next).text,
                 answer_name(page, section, next).text);
    }
    HTML(fastest != NULL ? "</td>" : "-</td>");
}

static void answer_row(FILE *out, const struct ipm_html_run *page,
                       const struct ipm_html_pins *pins,
                       const struct ipm_text_section *section, size_t leader) {
    const struct ipm_case *cases = section->report->cases;
    ipm_html_row_open(
        out, ipm_text_title_without(&cases[leader].config, " \u00b7 ", true,
                                    section->rows | ipm_settings_with(IPM_SETTING_PLACE))
                 .text);
    for (size_t p = 0; p < pins->count; p++) {
        size_t i = leader;
        while (i < section->end && !answer_same_pin(&cases[pins->cases[p]], &cases[i]))
            i = ipm_text_beside_next(section, i);
        answer_cell(out, page, section,
                    i < section->end ? ipm_text_group_first(section, i) : i);
    }
    HTML("</tr>\n");
}

static void answer_rows(FILE *out, const struct ipm_html_run *page,
                        const struct ipm_html_pins *pins,
                        const struct ipm_text_section *section) {
    for (size_t i = section->begin; i < section->end; i++)
        if (ipm_text_leads_beside(section, i) && ipm_text_leads(section, i))
            answer_row(out, page, pins, section, i);
}

/* Returns the caption, which warns when there are too few rounds for intervals. */
static const char *answer_caption(const struct ipm_report *report) {
    if (answer_is_exact(report))
        return "Shortest path, by median of instructions";
    for (size_t i = 0; i < report->warnings.count; i++)
        if (strcmp(report->warnings.items[i].code, "few_rounds") == 0)
            return "Fastest, by median; not certain below 6 rounds";
    return "Fastest, by median; compared in pairs, round by round";
}

static void answer_table(FILE *out, const struct ipm_html_run *page,
                         const struct ipm_html_pins *pins) {
    struct ipm_cell heads[IPM_LIST_MOST];
    const char *columns[1 + IPM_LIST_MOST + 1] = {"what"};
    for (size_t p = 0; p < pins->count; p++) {
        heads[p] = ipm_html_place(page->report->cases[pins->cases[p]].config.pin);
        columns[1 + p] = heads[p].text;
    }
    ipm_html_table_open_of(out, "answer-table", "answers", answer_caption(page->report),
                           columns);
    struct ipm_text_section section = {.report = page->report, .unit = page->unit};
    while (ipm_text_section_next(&section))
        if (!section.swept)
            answer_rows(out, page, pins, &section);
    ipm_html_table_close(out);
}

/* --- the placement ---------------------------------------------------------------------- */

/* Writes how many times the rates of placement `first` those of another are, at least and at
 * most, over all pairs of cases that differ in nothing else. */
static void answer_placement(FILE *out, const struct ipm_text_section *section,
                             const struct ipm_case *first, const struct ipm_case *other) {
    double least = INFINITY;
    double most = 0;
    const struct ipm_case *cases = section->report->cases;
    for (size_t i = section->begin; i < section->end; i++) {
        if (!answer_same_pin(first, &cases[i]) || !ipm_text_ranks(&cases[i]))
            continue;
        for (size_t j = ipm_text_beside_first(section, i); j < section->end;
             j = ipm_text_beside_next(section, j)) {
            if (!answer_same_pin(other, &cases[j]) || !ipm_text_ranks(&cases[j]) ||
                !ipm_text_is_alike(&cases[i].config, &cases[j].config, ~0u))
                continue;
            const double ratio = ipm_text_rank(&cases[j]) / ipm_text_rank(&cases[i]);
            least = ratio > 0 ? fmin(least, ratio) : least;
            most = ratio > 0 ? fmax(most, ratio) : most;
        }
    }
    if (!isfinite(least))
        return;
    HTML("<li>%s, %s: medians %s", ipm_html_pattern(section).text,
         ipm_html_place(other->config.pin).text, ipm_text_number(least).text);
    HTML(most > least ? " to %s times" : " times", ipm_text_number(most).text);
    HTML(" those of the same cases with %s</li>\n",
         ipm_html_place(first->config.pin).text);
}

/* Says where the placement changes most, and whether it matters more than the transport. */
static void answer_effect(FILE *out, const struct ipm_text_section *section) {
    struct ipm_text_section placements[IPM_TEXT_PLACEMENTS_MOST];
    struct ipm_sentence words = {""};
    if (ipm_text_split(section, placements) > 1)
        words = ipm_text_placement_effect(placements);
    if (words.text[0] != '\0')
        HTML("<li>%s, placement: <strong>%s</strong></li>\n",
             ipm_html_pattern(section).text, words.text);
}

static void answer_placements(FILE *out, const struct ipm_html_run *page,
                              const struct ipm_html_pins *pins) {
    const struct ipm_report *report = page->report;
    if (pins->count == 1 && strcmp(report->cases[0].config.pin, "none") == 0)
        HTML("<p>The scheduler chose the CPUs of both ends. With --pin same,split "
             "a run shows what the placement does.</p>\n");
    if (pins->count < 2)
        return;
    HTML("<h3>What the placement does</h3>\n<ul class=\"says\">\n");
    struct ipm_text_section section = {.report = report, .unit = page->unit};
    while (ipm_text_section_next(&section)) {
        if (!section.swept)
            answer_effect(out, &section);
        for (size_t p = 1; p < pins->count && !section.swept; p++)
            answer_placement(out, &section, &report->cases[pins->cases[0]],
                             &report->cases[pins->cases[p]]);
    }
    HTML("</ul>\n");
}

/* --- crossovers ------------------------------------------------------------------------- */

static void answer_crossovers(FILE *out, const struct ipm_report *report) {
    if (report->crossovers.count == 0)
        return;
    HTML("<h3>Which passes which</h3>\n<ul class=\"says\">\n");
    for (size_t i = 0; i < report->crossovers.count; i++)
        HTML("<li>%s</li>\n",
             ipm_text_crossover(report, &report->crossovers.items[i]).text);
    HTML("</ul>\n");
}

/* --- warnings --------------------------------------------------------------------------- */

static void answer_warnings(FILE *out, const struct ipm_report *report) {
    const struct ipm_warnings_top top = ipm_warnings_top(&report->warnings);
    if (top.count == 0)
        return;
    HTML("<h3>Warnings</h3>\n<ul class=\"warnings\">\n");
    for (size_t i = 0; i < top.count; i++)
        HTML("<li><p>%s</p></li>\n", ipm_text_told(report, top.lines[i]).text);
    HTML("</ul>\n<p><a href=\"#warnings\">All warnings, with advice</a></p>\n");
}

void ipm_html_answer(FILE *out, const struct ipm_html_run *page) {
    ipm_html_section_open(out, "answer", ipm_html_answer_title(page->report));
    answer_table(out, page, &page->pins);
    ipm_html_highest(out, page->report);
    answer_placements(out, page, &page->pins);
    answer_crossovers(out, page->report);
    answer_warnings(out, page->report);
    HTML("</section>\n");
}
