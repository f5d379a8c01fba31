/* comparison_tables.c - the tables on the page of a comparison. */
#include "reports/common/comparison.h"
#include "reports/html/comparison.h"
#include "reports/html/page.h"
#include "reports/html/plot.h"

#include <inttypes.h>

static void tables_cell(FILE *out, const char *text, const char *unknown) {
    ipm_html_cell(out, text[0] != '\0' ? text : unknown);
}

/* --- results ----------------------------------------------------------------------------- */

static void tables_figure(FILE *out, const struct ipm_comparison *comparison,
                          const struct ipm_compared *compared) {
    const struct ipm_comparison_cells cells = ipm_comparison_cells(comparison, compared);
    ipm_html_row_named(out, compared->name);
    ipm_html_badge(out, ipm_verdict_words[compared->verdict],
                   ipm_verdict_words[compared->verdict]);
    ipm_html_cell(out, compared->metric->name);
    ipm_html_cell(out, cells.change);
    ipm_html_cell(out, cells.interval);
    ipm_html_cell(out, cells.limit);
    for (int s = 0; s < IPM_ARMS; s++)
        ipm_html_cell(out, cells.sides[s]);
    ipm_html_cell(out, cells.note);
    (void)fputs("</tr>\n", out);
}

void ipm_comparison_html_figures(FILE *out, const struct ipm_comparison *comparison,
                                 bool same) {
    const char *const names[] = {"case",
                                 "verdict",
                                 "metric",
                                 "change",
                                 "95 % interval",
                                 "limit",
                                 ipm_comparison_side(comparison, IPM_ARM_BASE),
                                 ipm_comparison_side(comparison, IPM_ARM_NEW),
                                 "note",
                                 NULL};
    ipm_html_table_open(out, same ? "same-table" : "changes-table", "verdicts",
                        same ? "Unchanged results" : "Results, worst first", names);
    for (size_t i = 0; i < comparison->result_count; i++)
        if ((comparison->results[i].verdict == IPM_VERDICT_SAME) == same)
            tables_figure(out, comparison, &comparison->results[i]);
    ipm_html_table_close(out);
}

/* --- what differs, what is missing ------------------------------------------------------ */

void ipm_comparison_html_differences(FILE *out, const struct ipm_comparison *comparison) {
    const char *const names[] = {"property",
                                 ipm_comparison_side(comparison, IPM_ARM_BASE),
                                 ipm_comparison_side(comparison, IPM_ARM_NEW), NULL};
    if (comparison->difference_count == 0)
        return;
    ipm_html_section_open(out, "differences", "Differences between the sides");
    ipm_html_table_open(out, "differences-table", "words",
                        "These may explain why the results differ", names);
    for (size_t i = 0; i < comparison->difference_count; i++) {
        ipm_html_row_named(out, comparison->differences[i].what);
        for (int s = 0; s < IPM_ARMS; s++)
            tables_cell(out, comparison->differences[i].sides[s], "unknown");
        (void)fputs("</tr>\n", out);
    }
    ipm_html_table_close(out);
    (void)fputs("</section>\n", out);
}

/* Writes the cases that fail the gate, or the others. */
static void tables_unmatched(FILE *out, const struct ipm_comparison *comparison,
                             bool bad) {
    for (size_t i = 0; i < comparison->unmatched_count; i++) {
        const struct ipm_unmatched *unmatched = &comparison->unmatched[i];
        char state[IPM_COMPARISON_CELL_BYTES];
        if (ipm_comparison_is_bad(comparison, unmatched) != bad)
            continue;
        ipm_comparison_state(state, comparison, unmatched->state);
        ipm_html_row_named(out, unmatched->name);
        ipm_html_badge(out, bad ? "failed" : "skipped", state);
        tables_cell(out, unmatched->reason, "no reason given");
        (void)fputs("</tr>\n", out);
    }
}

void ipm_comparison_html_unmatched(FILE *out, const struct ipm_comparison *comparison) {
    static const char *const names[] = {"case", "state", "reason", NULL};
    if (comparison->unmatched_count == 0)
        return;
    ipm_html_section_open(out, "unmatched", "Not compared");
    ipm_html_table_open(out, "unmatched-table", "words",
                        "Cases that only one side measured, or none", names);
    tables_unmatched(out, comparison, true);
    tables_unmatched(out, comparison, false);
    ipm_html_table_close(out);
    (void)fputs("</section>\n", out);
}

/* --- runs ------------------------------------------------------------------------------- */

static void tables_run(FILE *out, const struct ipm_comparison *comparison,
                       const struct ipm_compared_run *run) {
    ipm_html_row_named(out, ipm_comparison_side(comparison, run->side));
    tables_cell(out, run->name, "as it is");
    tables_cell(out, run->version, "unknown");
    tables_cell(out, run->commit, "unknown");
    tables_cell(out, run->hostname, "unknown");
    tables_cell(out, run->kernel, "unknown");
    tables_cell(out, run->started_at, "unknown");
    (void)fputs("</tr>\n", out);
}

static void tables_rule(FILE *out, const struct ipm_comparison *comparison) {
    (void)fprintf(
        out,
        "<p>%s Changes smaller than %.4g %% count as no change. Where nothing changed, "
        "at "
        "most %.4g %% of such comparisons report a change.%s</p>\n",
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

void ipm_comparison_html_runs(FILE *out, const struct ipm_comparison *comparison) {
    static const char *const names[] = {"side",    "file or command", "ipcmark", "commit",
                                        "machine", "kernel",          "started", NULL};
    ipm_html_section_open(out, "runs", "Runs");
    tables_rule(out, comparison);
    ipm_html_table_open(out, "runs-table", "words", "Compared runs", names);
    for (size_t i = 0; i < comparison->run_count; i++)
        tables_run(out, comparison, &comparison->runs[i]);
    ipm_html_table_close(out);
    (void)fputs("</section>\n", out);
}
