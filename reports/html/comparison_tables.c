/* comparison_tables.c - the tables on the page of a comparison. Every word that a report
 * brought with it is escaped here. */
#include "reports/common/comparison.h"
#include "reports/html/comparison.h"
#include "reports/html/page.h"
#include "reports/html/plot.h"

#include <inttypes.h>

static void tables_open(FILE *out, const char *id, const char *class,
                        const char *caption) {
    (void)fprintf(out,
                  "<div class=\"scroll\" role=\"region\" tabindex=\"0\" "
                  "aria-labelledby=\"%s\">\n<table class=\"%s\">\n"
                  "<caption id=\"%s\">%s</caption>\n<thead><tr>",
                  id, class, id, caption);
}

/* Ends with NULL. */
static void tables_columns(FILE *out, const char *const *names) {
    for (; *names != NULL; names++)
        ipm_html_column(out, *names);
    (void)fputs("</tr></thead>\n<tbody>\n", out);
}

static void tables_badge(FILE *out, const char *class, const char *words) {
    (void)fprintf(out, "<td><span class=\"badge %s\">%s</span></td>", class, words);
}

static void tables_cell(FILE *out, const char *text, const char *unknown) {
    ipm_html_cell(out, text[0] != '\0' ? text : unknown);
}

static void tables_close(FILE *out) {
    (void)fputs("</tbody>\n</table>\n</div>\n", out);
}

/* --- figures ---------------------------------------------------------------------------- */

static void tables_figure(FILE *out, const struct ipm_comparison *comparison,
                          const struct ipm_compared *compared) {
    char cell[IPM_COMPARISON_CELL_BYTES];
    char note[IPM_COMPARISON_NOTE_BYTES];
    ipm_html_row_named(out, compared->name);
    tables_badge(out, ipm_verdict_word(compared->verdict),
                 ipm_verdict_word(compared->verdict));
    ipm_html_cell(out, compared->metric->name);
    ipm_comparison_change(cell, compared->ratio);
    ipm_html_cell(out, cell);
    ipm_comparison_interval(cell, compared);
    ipm_html_cell(out, cell);
    ipm_comparison_limit(cell, compared);
    ipm_html_cell(out, cell);
    for (int s = 0; s < IPM_ARMS; s++) {
        ipm_comparison_value(cell, compared, (enum ipm_arm)s);
        ipm_html_cell(out, cell);
    }
    ipm_comparison_note(note, comparison, compared);
    ipm_html_cell(out, note);
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
    tables_open(out, same ? "same-table" : "changes-table", "verdicts",
                same ? "Figures that are the same" : "Figures, worst first");
    tables_columns(out, names);
    for (size_t i = 0; i < comparison->result_count; i++)
        if (ipm_comparison_is_same(&comparison->results[i]) == same)
            tables_figure(out, comparison, &comparison->results[i]);
    tables_close(out);
}

/* --- what differs, what is missing ------------------------------------------------------ */

void ipm_comparison_html_differences(FILE *out, const struct ipm_comparison *comparison) {
    const char *const names[] = {"what", ipm_comparison_side(comparison, IPM_ARM_BASE),
                                 ipm_comparison_side(comparison, IPM_ARM_NEW), NULL};
    if (comparison->difference_count == 0)
        return;
    (void)fputs("<section aria-labelledby=\"differences\">\n"
                "<h2 id=\"differences\">What is not the same on both sides</h2>\n",
                out);
    tables_open(out, "differences-table", "words", "It may be why figures differ");
    tables_columns(out, names);
    for (size_t i = 0; i < comparison->difference_count; i++) {
        ipm_html_row_named(out, comparison->differences[i].what);
        for (int s = 0; s < IPM_ARMS; s++)
            tables_cell(out, comparison->differences[i].sides[s], "unknown");
        (void)fputs("</tr>\n", out);
    }
    tables_close(out);
    (void)fputs("</section>\n", out);
}

/* Those that fail the gate, or the others. */
static void tables_unmatched(FILE *out, const struct ipm_comparison *comparison,
                             bool bad) {
    for (size_t i = 0; i < comparison->unmatched_count; i++) {
        const struct ipm_unmatched *unmatched = &comparison->unmatched[i];
        char state[IPM_COMPARISON_CELL_BYTES];
        if (ipm_comparison_is_bad(comparison, unmatched) != bad)
            continue;
        ipm_comparison_state(state, comparison, unmatched->state);
        ipm_html_row_named(out, unmatched->name);
        tables_badge(out, bad ? "failed" : "skipped", state);
        tables_cell(out, unmatched->reason, "no reason given");
        (void)fputs("</tr>\n", out);
    }
}

void ipm_comparison_html_unmatched(FILE *out, const struct ipm_comparison *comparison) {
    static const char *const names[] = {"case", "state", "reason", NULL};
    if (comparison->unmatched_count == 0)
        return;
    (void)fputs("<section aria-labelledby=\"unmatched\">\n"
                "<h2 id=\"unmatched\">Not compared</h2>\n",
                out);
    tables_open(out, "unmatched-table", "words", "Cases without figures on both sides");
    tables_columns(out, names);
    tables_unmatched(out, comparison, true);
    tables_unmatched(out, comparison, false);
    tables_close(out);
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
        "<p>%s A change of less than %.4g %% is none; by noise alone any is called in "
        "%.4g %% of such comparisons at most.%s</p>\n",
        comparison->paired ? "Measured side by side, block by block, and judged in pairs."
                           : "Measured at different times, and judged by all trials.",
        comparison->threshold * 100, comparison->alpha * 100,
        comparison->allow_missing ? " Cases of one side only are let pass." : "");
    if (comparison->seed != 0)
        (void)fprintf(out, "<p>The order of the blocks is of the seed %" PRIu64 ".</p>\n",
                      comparison->seed);
}

void ipm_comparison_html_runs(FILE *out, const struct ipm_comparison *comparison) {
    static const char *const names[] = {"side",    "file or command", "ipcmark", "commit",
                                        "machine", "kernel",          "began",   NULL};
    (void)fputs("<section aria-labelledby=\"runs\">\n<h2 id=\"runs\">Runs</h2>\n", out);
    tables_rule(out, comparison);
    tables_open(out, "runs-table", "words", "What was compared");
    tables_columns(out, names);
    for (size_t i = 0; i < comparison->run_count; i++)
        tables_run(out, comparison, &comparison->runs[i]);
    tables_close(out);
    (void)fputs("</section>\n", out);
}
