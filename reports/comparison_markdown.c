/* comparison_markdown.c - a comparison for a pull request: worst results first, unchanged
 * results folded. */
#include "reports/common/clean.h"
#include "reports/common/comparison.h"
#include "reports/renderer.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>

#define MARKDOWN(...) ipm_clean_print(out, ipm_escapes_markdown, __VA_ARGS__)

/* --- above ------------------------------------------------------------------------------ */

static void markdown_part(FILE *out, const char *before, const char *text) {
    if (text[0] == '\0')
        return;
    (void)fputs(before, out);
    MARKDOWN("%s", text);
}

static void markdown_run(FILE *out, const struct ipm_comparison *comparison,
                         const struct ipm_compared_run *run) {
    MARKDOWN("- **%s** %s", ipm_comparison_side(comparison, run->side),
             run->name[0] != '\0' ? run->name : "(as it is)");
    markdown_part(out, " · ipcmark ", run->version);
    markdown_part(out, " · commit ", run->commit);
    markdown_part(out, " · ", run->hostname);
    markdown_part(out, " · ", run->kernel);
    markdown_part(out, " · ", run->started_at);
    (void)fputs("\n", out);
}

static void markdown_differences(FILE *out, const struct ipm_comparison *comparison) {
    if (comparison->difference_count > 0)
        (void)fputs("\n**Differences**\n\n", out);
    for (size_t i = 0; i < comparison->difference_count; i++) {
        const struct ipm_difference *difference = &comparison->differences[i];
        const char *base = difference->sides[IPM_ARM_BASE];
        const char *fresh = difference->sides[IPM_ARM_NEW];
        MARKDOWN("- %s: %s → %s\n", difference->what, base[0] != '\0' ? base : "unknown",
                 fresh[0] != '\0' ? fresh : "unknown");
    }
}

/* --- results ----------------------------------------------------------------------------- */

static void markdown_figure(FILE *out, const struct ipm_comparison *comparison,
                            const struct ipm_compared *compared) {
    const struct ipm_comparison_cells cells = ipm_comparison_cells(comparison, compared);
    const bool regressed = compared->verdict == IPM_VERDICT_REGRESSED;
    MARKDOWN(regressed ? "| **%s** |" : "| %s |", ipm_verdict_words[compared->verdict]);
    MARKDOWN(" %s | %s | %s | %s | %s | %s | %s | %s |\n", compared->name,
             compared->metric->name, cells.sides[IPM_ARM_BASE], cells.sides[IPM_ARM_NEW],
             cells.change, cells.interval, cells.limit, cells.note);
}

/* Writes the unchanged results, or all others. */
static void markdown_figures(FILE *out, const struct ipm_comparison *comparison,
                             bool same) {
    (void)fprintf(out,
                  "\n| verdict | case | metric | %s | %s | change | 95 %% interval | "
                  "limit | |\n|---|---|---|--:|--:|--:|--:|--:|---|\n",
                  ipm_comparison_side(comparison, IPM_ARM_BASE),
                  ipm_comparison_side(comparison, IPM_ARM_NEW));
    for (size_t i = 0; i < comparison->result_count; i++)
        if ((comparison->results[i].verdict == IPM_VERDICT_SAME) == same)
            markdown_figure(out, comparison, &comparison->results[i]);
}

static void markdown_tables(FILE *out, const struct ipm_comparison *comparison) {
    const size_t same = ipm_comparison_count(comparison, IPM_VERDICT_SAME);
    if (same < comparison->result_count)
        markdown_figures(out, comparison, false);
    if (same == 0)
        return;
    (void)fprintf(out, "\n<details><summary>%zu same</summary>\n", same);
    markdown_figures(out, comparison, true);
    (void)fputs("\n</details>\n", out);
}

/* --- cases without a match -------------------------------------------------------------- */

static void markdown_unmatched(FILE *out, const struct ipm_comparison *comparison,
                               bool bad, const char *title) {
    bool begun = false;
    for (size_t i = 0; i < comparison->unmatched_count; i++) {
        const struct ipm_unmatched *unmatched = &comparison->unmatched[i];
        char state[IPM_COMPARISON_CELL_BYTES];
        if (ipm_comparison_is_bad(comparison, unmatched) != bad)
            continue;
        (void)fputs(begun ? "" : title, out);
        begun = true;
        ipm_comparison_state(state, comparison, unmatched->state);
        MARKDOWN("- %s (%s)", unmatched->name, state);
        markdown_part(out, ": ", unmatched->reason);
        (void)fputs("\n", out);
    }
    if (begun && !bad)
        (void)fputs("\n</details>\n", out);
}

int ipm_comparison_markdown(const struct ipm_comparison *comparison,
                            const struct ipm_render_options *options, FILE *out,
                            struct ipm_err *err) {
    char note[IPM_COMPARISON_NOTE_BYTES];
    (void)options;
    errno = 0;
    ipm_comparison_say(note, comparison);
    (void)fprintf(out, "### ipcmark %s\n\n", note);
    for (size_t i = 0; i < comparison->run_count; i++)
        markdown_run(out, comparison, &comparison->runs[i]);
    if (comparison->seed != 0)
        (void)fprintf(out, "- order: seed %" PRIu64 "\n", comparison->seed);
    markdown_differences(out, comparison);
    markdown_tables(out, comparison);
    markdown_unmatched(out, comparison, true, "\n**Missing or broken**\n\n");
    markdown_unmatched(out, comparison, false,
                       "\n<details><summary>Not compared</summary>\n\n");
    return ipm_clean_end(out, "Markdown", err);
}
