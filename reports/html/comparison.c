/* comparison.c - a comparison as a page: the verdict first, then differing settings and
 * changes; unchanged results are folded. */
#include "reports/common/comparison.h"

#include "reports/columns/format.h"
#include "reports/html/page.h"
#include "reports/html/run.h"
#include "reports/renderer.h"

#include <inttypes.h>

struct page {
    const struct ipm_comparison *comparison;
    enum ipm_unit_choice unit; /* of rates of bytes */
    size_t figures;
};

/* The results of a section. */
enum page_kind { PAGE_CHANGED, PAGE_SAME, PAGE_UNKNOWN, PAGE_KINDS };

/* A result of too few trials has no change that could be shown. */
static enum page_kind page_kind(const struct ipm_compared *compared) {
    if (ipm_comparison_lacks_change(compared))
        return PAGE_UNKNOWN;
    return compared->verdict == IPM_VERDICT_SAME ? PAGE_SAME : PAGE_CHANGED;
}

static size_t page_count(const struct ipm_comparison *comparison, enum page_kind kind) {
    size_t count = 0;
    for (size_t i = 0; i < comparison->result_count; i++)
        count += page_kind(&comparison->results[i]) == kind;
    return count;
}

static const struct {
    const char *id;
    const char *link;
    const char *title;
} page_sections[PAGE_KINDS] = {
    [PAGE_CHANGED] = {"changes", "Results", "Changed or undecided"},
    [PAGE_SAME] = {"same", "Unchanged", "Unchanged"},
    [PAGE_UNKNOWN] = {"few", "Too few trials", "Too few trials"},
};

/* --- above ------------------------------------------------------------------------------ */

static void page_title(FILE *out, void *context) {
    const struct page *page = context;
    char note[IPM_COMPARISON_NOTE_BYTES];
    ipm_comparison_say(note, page->comparison);
    HTML("ipcmark: %s", note);
}

/* Returns the file or the command of a run. */
static const char *page_run_name(const struct ipm_compared_run *run) {
    return run->name[0] != '\0' ? run->name : "as it is";
}

static void page_heading(FILE *out, void *context) {
    const struct ipm_comparison *comparison = ((const struct page *)context)->comparison;
    char note[IPM_COMPARISON_NOTE_BYTES];
    ipm_comparison_say(note, comparison);
    HTML("<h1>Is %s slower than %s?</h1>\n<p class=\"gate %s\">%s</p>\n",
         ipm_comparison_arm(comparison, IPM_ARM_NEW),
         ipm_comparison_arm(comparison, IPM_ARM_BASE), ipm_gate_words[comparison->gate],
         note);
    HTML("<ul class=\"facts\">\n");
    for (size_t i = 0; i < comparison->run_count; i++)
        HTML("<li><strong>%s</strong> %s, %s</li>\n",
             ipm_comparison_arm(comparison, comparison->runs[i].side),
             page_run_name(&comparison->runs[i]),
             ipm_comparison_known(comparison->runs[i].started_at));
    HTML("</ul>\n");
}

static void page_aside(FILE *out, void *context) {
    const struct ipm_comparison *comparison = ((const struct page *)context)->comparison;
    HTML("<nav aria-label=\"Contents\">\n<ul>\n");
    ipm_html_link(out, comparison->difference_count > 0, "differences", "Differences");
    for (size_t kind = 0; kind < PAGE_KINDS; kind++)
        ipm_html_link(out, page_count(comparison, (enum page_kind)kind) > 0,
                      page_sections[kind].id, page_sections[kind].link);
    ipm_html_link(out, comparison->unmatched_count > 0, "unmatched", "Not compared");
    ipm_html_link(out, true, "runs", "Runs");
    HTML("</ul>\n</nav>\n");
}

/* --- results ----------------------------------------------------------------------------- */

static void page_figures(FILE *out, const struct page *page, enum page_kind kind) {
    const struct ipm_comparison *comparison = page->comparison;
    for (size_t i = 0; i < comparison->result_count; i++) {
        const struct ipm_compared *compared = &comparison->results[i];
        const char *verdict = ipm_verdict_words[compared->verdict];
        if (page_kind(compared) != kind)
            continue;
        const struct ipm_comparison_cells cells =
            ipm_comparison_cells(comparison, compared, page->unit);
        HTML(cells.note[0] != '\0' ? "<tr><th scope=\"row\">%s<br><small>%s</small></th>"
                                   : "<tr><th scope=\"row\">%s%s</th>",
             ipm_text_case(&comparison->cases[compared->case_index]).text, cells.note);
        ipm_html_badge(out, verdict, verdict);
        ipm_html_cells(out, compared->metric->name, cells.change.text,
                       cells.interval.text, cells.limit.text,
                       cells.sides[IPM_ARM_BASE].text, cells.sides[IPM_ARM_NEW].text);
    }
}

/* Writes a table and drawings of the unchanged results, or of the others, worst first. */
static void page_results(FILE *out, struct page *page, enum page_kind kind) {
    const struct ipm_comparison *comparison = page->comparison;
    const size_t count = page_count(comparison, kind);
    const bool same = kind == PAGE_SAME;
    if (count == 0)
        return;
    ipm_html_section_open(out, page_sections[kind].id, page_sections[kind].title);
    if (same)
        HTML("<details class=\"more\"><summary>%zu result%s within the "
             "threshold</summary>\n",
             count, count == 1 ? "" : "s");
    ipm_html_table_open(out, same ? "same-table" : "changes-table", "verdicts",
                        same ? "Unchanged results" : "Results, worst first", "case",
                        "verdict", "metric", "change",
                        ipm_comparison_interval(comparison), "limit",
                        ipm_comparison_arm(comparison, IPM_ARM_BASE),
                        ipm_comparison_arm(comparison, IPM_ARM_NEW));
    page_figures(out, page, kind);
    ipm_html_table_close(out);
    HTML("<div class=\"charts\">\n");
    ipm_html_forests(out, comparison, same, &page->figures);
    HTML(same ? "</div>\n</details>\n</section>\n" : "</div>\n</section>\n");
}

/* --- results without a change ----------------------------------------------------------- */

/* Writes a row for all results that lack a change for the reason of the result `first`. */
static void page_unknown(FILE *out, const struct ipm_comparison *comparison,
                         size_t first) {
    const struct ipm_compared *compared = &comparison->results[first];
    const char *verdict = ipm_verdict_words[compared->verdict];
    char note[IPM_COMPARISON_NOTE_BYTES];
    ipm_comparison_reason(note, comparison, first);
    HTML("<tr><th scope=\"row\">%s<br><small>%s</small></th>",
         note[0] != '\0' ? note : "no reason known", compared->metric->name);
    ipm_html_badge(out, verdict, verdict);
    for (size_t i = first; i < comparison->result_count; i++)
        if (ipm_comparison_shares_reason(comparison, first, i))
            HTML(i == first ? "<td>%s" : ", %s",
                 ipm_text_case(&comparison->cases[comparison->results[i].case_index])
                     .text);
    HTML("</td></tr>\n");
}

static void page_unknowns(FILE *out, const struct page *page) {
    const struct ipm_comparison *comparison = page->comparison;
    if (page_count(comparison, PAGE_UNKNOWN) == 0)
        return;
    ipm_html_section_open(out, page_sections[PAGE_UNKNOWN].id,
                          page_sections[PAGE_UNKNOWN].title);
    ipm_html_table_open(out, "few-table", "words", "Results without a change", "reason",
                        "verdict", "cases");
    for (size_t i = 0; i < comparison->result_count; i++)
        if (ipm_comparison_begins_reason(comparison, i))
            page_unknown(out, comparison, i);
    ipm_html_table_close(out);
    HTML("</section>\n");
}

/* --- what differs, what is missing ------------------------------------------------------ */

static void page_differences(FILE *out, const struct ipm_comparison *comparison) {
    if (comparison->difference_count == 0)
        return;
    ipm_html_section_open(out, "differences", "Differences between the sides");
    ipm_html_table_open(out, "differences-table", "words",
                        "These may explain why the results differ", "property",
                        ipm_comparison_arm(comparison, IPM_ARM_BASE),
                        ipm_comparison_arm(comparison, IPM_ARM_NEW));
    for (size_t i = 0; i < comparison->difference_count; i++) {
        const struct ipm_difference *difference = &comparison->differences[i];
        ipm_html_row_open(out, difference->what);
        ipm_html_cells(out, ipm_comparison_known(difference->sides[IPM_ARM_BASE]),
                       ipm_comparison_known(difference->sides[IPM_ARM_NEW]));
    }
    ipm_html_table_close(out);
    HTML("</section>\n");
}

/* Writes a row for all cases that have the state and the reason of the case `first`. */
static void page_reason(FILE *out, const struct ipm_comparison *comparison,
                        size_t first) {
    const struct ipm_unmatched *unmatched = &comparison->unmatched[first];
    ipm_html_row_open(out, unmatched->reason[0] != '\0' ? unmatched->reason
                                                        : "no reason given");
    ipm_html_badge(out,
                   ipm_comparison_is_bad(comparison, unmatched) ? "failed" : "skipped",
                   ipm_comparison_state(comparison, unmatched->state).text);
    for (size_t i = first; i < comparison->unmatched_count; i++)
        if (ipm_comparison_is_alike(comparison, first, i))
            HTML(i == first ? "<td>%s" : ", %s",
                 ipm_text_case(&comparison->cases[comparison->unmatched[i].case_index])
                     .text);
    HTML("</td></tr>\n");
}

/* Writes the cases that fail the gate, or the others. */
static void page_unmatched_of(FILE *out, const struct ipm_comparison *comparison,
                              bool bad) {
    for (size_t i = 0; i < comparison->unmatched_count; i++)
        if (ipm_comparison_leads(comparison, i) &&
            ipm_comparison_is_bad(comparison, &comparison->unmatched[i]) == bad)
            page_reason(out, comparison, i);
}

static void page_unmatched(FILE *out, const struct ipm_comparison *comparison) {
    if (comparison->unmatched_count == 0)
        return;
    ipm_html_section_open(out, "unmatched", "Not compared");
    ipm_html_table_open(out, "unmatched-table", "words",
                        "Cases that only one side measured, or none", "reason", "state",
                        "cases");
    page_unmatched_of(out, comparison, true);
    page_unmatched_of(out, comparison, false);
    ipm_html_table_close(out);
    HTML("</section>\n");
}

/* --- runs ------------------------------------------------------------------------------- */

static void page_rule(FILE *out, const struct ipm_comparison *comparison) {
    (void)fprintf(
        out,
        "<p>%s Changes smaller than %.4g %% count as no change. Where nothing changed, "
        "at most %.4g %% of such comparisons report a change.%s</p>\n",
        comparison->paired
            ? "The sides were measured alternately, in blocks, and compared in pairs."
            : "The sides were measured at different times; all trials are compared.",
        comparison->threshold * 100, comparison->alpha * 100,
        comparison->allow_missing ? " Cases of one side only do not fail." : "");
    if (comparison->seed != 0)
        (void)fprintf(out,
                      "<p>The seed %" PRIu64 " determines the order of the blocks.</p>\n",
                      comparison->seed);
}

static void page_runs(FILE *out, const struct ipm_comparison *comparison) {
    ipm_html_section_open(out, "runs", "Runs");
    page_rule(out, comparison);
    ipm_html_table_open(out, "runs-table", "words", "Compared runs", "side",
                        "file or command", "ipcmark", "commit", "machine", "kernel",
                        "started", "labels");
    for (size_t i = 0; i < comparison->run_count; i++) {
        const struct ipm_compared_run *run = &comparison->runs[i];
        ipm_html_row_open(out, ipm_comparison_arm(comparison, run->side));
        ipm_html_cells(
            out, page_run_name(run), ipm_comparison_known(run->version),
            ipm_comparison_known(run->commit), ipm_comparison_known(run->hostname),
            ipm_comparison_known(run->kernel), ipm_comparison_known(run->started_at),
            ipm_labels_text(&run->labels).text);
    }
    ipm_html_table_close(out);
    HTML("</section>\n");
}

/* --- the page --------------------------------------------------------------------------- */

static void page_main(FILE *out, void *context) {
    struct page *page = context;
    page_differences(out, page->comparison);
    if (page->comparison->result_count == 0)
        HTML("<p>The sides have no case in common.</p>\n");
    page_results(out, page, PAGE_CHANGED);
    page_unknowns(out, page);
    page_results(out, page, PAGE_SAME);
    page_unmatched(out, page->comparison);
    page_runs(out, page->comparison);
}

static const struct ipm_html_part page_parts[] = {
    {"title", page_title}, {"heading", page_heading},
    {"aside", page_aside}, {"main", page_main},
    {NULL, NULL},
};

int ipm_comparison_html(const struct ipm_document *document,
                        const struct ipm_render_options *options, FILE *out,
                        struct ipm_err *err) {
    const struct ipm_comparison *comparison = document->comparison;
    struct page page = {.comparison = comparison, .unit = options->unit};
    return ipm_html_page(out, page_parts, &page, &comparison->tool, err);
}
