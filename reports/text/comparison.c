/* comparison.c - a comparison as text: differences between the sides, then the results,
 * worst first; unchanged results share one line. */
#include "reports/common/comparison.h"

#include "base/strbuf.h"
#include "reports/columns/format.h"
#include "reports/common/clean.h"
#include "reports/renderer.h"
#include "reports/text/pen.h"
#include "reports/text/text.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>

/* The columns at which the cells end, the case begins, and the second line begins. */
enum { TEXT_CELLS = 5, TEXT_CASE = 53, TEXT_MORE = 14 };
static const unsigned text_ends[TEXT_CELLS - 1] = {0, 22, 42, 51};

/* --- above ------------------------------------------------------------------------------ */

static void text_part(struct ipm_text_pen *pen, const char *before, const char *text) {
    char item[IPM_SIDE_NAME_BYTES];
    if (text[0] == '\0')
        return;
    (void)snprintf(item, sizeof item, "%s%s", before, text);
    ipm_text_item(pen, IPM_TEXT_PLAIN, item, 5, false);
}

static void text_labels(struct ipm_text_pen *pen, const struct ipm_labels *labels) {
    for (size_t i = 0; i < labels->count; i++)
        text_part(pen, "", ipm_label_text(&labels->items[i]).text);
}

static void text_run(struct ipm_text_pen *pen, const struct ipm_comparison *comparison,
                     const struct ipm_compared_run *run) {
    ipm_text_put(pen, IPM_TEXT_BOLD, ipm_comparison_arm(comparison, run->side));
    ipm_text_move(pen, 5);
    ipm_text_wrap(pen, IPM_TEXT_PLAIN, run->name[0] != '\0' ? run->name : "(unchanged)",
                  5);
    text_part(pen, "ipcmark ", run->version);
    text_part(pen, "commit ", run->commit);
    text_part(pen, "", run->hostname);
    text_part(pen, "", run->kernel);
    text_part(pen, "", run->started_at);
    text_labels(pen, &run->labels);
    ipm_text_newline(pen);
}

static void comparison_heading(struct ipm_text_pen *pen,
                               const struct ipm_comparison *comparison) {
    for (size_t i = 0; i < comparison->run_count; i++)
        text_run(pen, comparison, &comparison->runs[i]);
    if (comparison->seed != 0)
        ipm_text_line(pen, IPM_TEXT_PLAIN, 7, "order: seed %" PRIu64, comparison->seed);
    for (size_t i = 0; i < comparison->difference_count; i++) {
        const struct ipm_difference *difference = &comparison->differences[i];
        ipm_text_put(pen, IPM_TEXT_WARN, "differs: ");
        ipm_text_line(pen, IPM_TEXT_PLAIN, 9, "%s: %s -> %s", difference->what,
                      ipm_comparison_known(difference->sides[IPM_ARM_BASE]),
                      ipm_comparison_known(difference->sides[IPM_ARM_NEW]));
    }
}

/* --- results ----------------------------------------------------------------------------- */

static const enum ipm_text_style text_styles[IPM_VERDICTS] = {
    [IPM_VERDICT_REGRESSED] = IPM_TEXT_BAD,     [IPM_VERDICT_IMPROVED] = IPM_TEXT_GOOD,
    [IPM_VERDICT_SAME] = IPM_TEXT_PLAIN,        [IPM_VERDICT_UNDECIDED] = IPM_TEXT_WARN,
    [IPM_VERDICT_INSUFFICIENT] = IPM_TEXT_WARN, [IPM_VERDICT_CONTENDED] = IPM_TEXT_WARN,
    [IPM_VERDICT_SATURATED] = IPM_TEXT_WARN,    [IPM_VERDICT_MACHINE] = IPM_TEXT_WARN};

static void comparison_row(struct ipm_text_pen *pen, const char *const cells[TEXT_CELLS],
                           const enum ipm_text_style styles[TEXT_CELLS]) {
    ipm_text_put(pen, styles[0], cells[0]);
    for (size_t i = 1; i < TEXT_CELLS - 1; i++)
        ipm_text_put_right(pen, styles[i], cells[i], text_ends[i]);
    if (TEXT_CASE + ipm_text_width(pen, cells[TEXT_CELLS - 1]) > pen->options->columns)
        ipm_text_newline(pen);
    ipm_text_move(pen, pen->column > 0 ? TEXT_CASE : TEXT_MORE);
    ipm_text_wrap(pen, styles[TEXT_CELLS - 1], cells[TEXT_CELLS - 1], TEXT_MORE);
    ipm_text_newline(pen);
}

static void text_figure(struct ipm_text_pen *pen, const struct ipm_comparison *comparison,
                        const struct ipm_compared *compared) {
    char words[4 * IPM_CELL_BYTES];
    const struct ipm_comparison_cells cells =
        ipm_comparison_cells(comparison, compared, pen->options->unit);
    const struct ipm_title name = ipm_text_case(&comparison->cases[compared->case_index]);
    const char *const row[TEXT_CELLS] = {ipm_verdict_words[compared->verdict],
                                         cells.change.text, cells.interval.text,
                                         cells.limit.text, name.text};
    const enum ipm_text_style styles[TEXT_CELLS] = {text_styles[compared->verdict],
                                                    IPM_TEXT_BOLD, IPM_TEXT_PLAIN,
                                                    IPM_TEXT_PLAIN, IPM_TEXT_BOLD};
    comparison_row(pen, row, styles);
    ipm_text_move(pen, TEXT_MORE);
    (void)snprintf(words, sizeof words, "%s %s -> %s", compared->metric->name,
                   cells.sides[IPM_ARM_BASE].text, cells.sides[IPM_ARM_NEW].text);
    ipm_text_item(pen, IPM_TEXT_DIM, words, TEXT_MORE, true);
    ipm_text_item(pen, IPM_TEXT_DIM, cells.note, TEXT_MORE, false);
    ipm_text_newline(pen);
}

static void text_figures(struct ipm_text_pen *pen,
                         const struct ipm_comparison *comparison) {
    const char *const names[TEXT_CELLS] = {
        "verdict", "change", ipm_comparison_interval(comparison), "limit", "case"};
    static const enum ipm_text_style styles[TEXT_CELLS] = {
        IPM_TEXT_DIM, IPM_TEXT_DIM, IPM_TEXT_DIM, IPM_TEXT_DIM, IPM_TEXT_DIM};
    bool begun = false;
    for (size_t i = 0; i < comparison->result_count; i++) {
        const struct ipm_compared *compared = &comparison->results[i];
        if (compared->verdict == IPM_VERDICT_SAME ||
            ipm_comparison_lacks_change(compared))
            continue;
        if (!begun) {
            ipm_text_newline(pen);
            comparison_row(pen, names, styles);
        }
        begun = true;
        text_figure(pen, comparison, compared);
    }
}

/* Unchanged results get one line; the other formats list them. */
static void text_same(struct ipm_text_pen *pen, const struct ipm_comparison *comparison) {
    const size_t count = ipm_comparison_count(comparison, IPM_VERDICT_SAME);
    double low = INFINITY;
    double high = -INFINITY;
    for (size_t i = 0; i < comparison->result_count; i++) {
        if (comparison->results[i].verdict != IPM_VERDICT_SAME)
            continue;
        low = fmin(low, comparison->results[i].ratio);
        high = fmax(high, comparison->results[i].ratio);
    }
    if (count == 0)
        return;
    ipm_text_newline(pen);
    ipm_text_line(pen, IPM_TEXT_PLAIN, 6, "same: %zu result%s, %s to %s", count,
                  count == 1 ? "" : "s", ipm_comparison_change_of(comparison, low).text,
                  ipm_comparison_change_of(comparison, high).text);
}

/* --- lines of several cases ------------------------------------------------------------- */

enum { TEXT_NAMED = 6, TEXT_NAMED_BYTES = 2048 }; /* of a reason; JSON has them all */

struct text_names {
    char line[TEXT_NAMED_BYTES];
    struct ipm_strbuf text;
    size_t count;
};

/* Begins a line of several cases by what they have in common. */
static void text_names_begin(struct text_names *names, struct ipm_text_pen *pen,
                             enum ipm_text_style style, const char *word) {
    names->text = ipm_strbuf_over(names->line, sizeof names->line);
    names->count = 0;
    ipm_text_put(pen, style, word);
    ipm_text_put(pen, IPM_TEXT_PLAIN, ": ");
}

static void text_names_add(struct text_names *names,
                           const struct ipm_comparison *comparison, size_t case_index) {
    if (names->count++ < TEXT_NAMED)
        (void)ipm_strbuf_add(&names->text, "%s%s", names->count > 1 ? ", " : "",
                             ipm_text_case(&comparison->cases[case_index]).text);
}

static void text_names_end(struct text_names *names, struct ipm_text_pen *pen,
                           const char *reason) {
    if (names->count > TEXT_NAMED)
        (void)ipm_strbuf_add(&names->text, " and %zu more", names->count - TEXT_NAMED);
    ipm_text_wrap(pen, IPM_TEXT_PLAIN, names->line, 2);
    ipm_text_item(pen, IPM_TEXT_DIM, reason, 2, false);
    ipm_text_newline(pen);
}

/* Writes a line for all results that lack a change for the reason of the result `first`. */
static void text_unknown(struct ipm_text_pen *pen,
                         const struct ipm_comparison *comparison, size_t first) {
    const struct ipm_compared *compared = &comparison->results[first];
    struct text_names names;
    char note[IPM_COMPARISON_NOTE_BYTES];
    char reason[2 * IPM_COMPARISON_NOTE_BYTES];
    text_names_begin(&names, pen, text_styles[compared->verdict],
                     ipm_verdict_words[compared->verdict]);
    for (size_t i = first; i < comparison->result_count; i++)
        if (ipm_comparison_shares_reason(comparison, first, i))
            text_names_add(&names, comparison, comparison->results[i].case_index);
    ipm_comparison_reason(note, comparison, first);
    (void)snprintf(reason, sizeof reason, "%s%s%s", compared->metric->name,
                   note[0] != '\0' ? ": " : "", note);
    text_names_end(&names, pen, reason);
}

static void text_unknowns(struct ipm_text_pen *pen,
                          const struct ipm_comparison *comparison) {
    bool begun = false;
    for (size_t i = 0; i < comparison->result_count; i++) {
        if (!ipm_comparison_begins_reason(comparison, i))
            continue;
        if (!begun)
            ipm_text_newline(pen);
        begun = true;
        text_unknown(pen, comparison, i);
    }
}

/* Writes a line for all cases that have the state and the reason of the case `first`. */
static void text_reason(struct ipm_text_pen *pen, const struct ipm_comparison *comparison,
                        size_t first) {
    const struct ipm_unmatched *unmatched = &comparison->unmatched[first];
    const bool bad = ipm_comparison_is_bad(comparison, unmatched);
    struct text_names names;
    text_names_begin(&names, pen, bad ? IPM_TEXT_BAD : IPM_TEXT_DIM,
                     ipm_comparison_state(comparison, unmatched->state).text);
    for (size_t i = first; i < comparison->unmatched_count; i++)
        if (ipm_comparison_is_alike(comparison, first, i))
            text_names_add(&names, comparison, comparison->unmatched[i].case_index);
    text_names_end(&names, pen, unmatched->reason);
}

static void text_unmatched(struct ipm_text_pen *pen,
                           const struct ipm_comparison *comparison) {
    for (size_t i = 0; i < comparison->unmatched_count; i++) {
        if (i == 0)
            ipm_text_newline(pen);
        if (ipm_comparison_leads(comparison, i))
            text_reason(pen, comparison, i);
    }
}

int ipm_comparison_text(const struct ipm_document *document,
                        const struct ipm_render_options *options, FILE *out,
                        struct ipm_err *err) {
    const struct ipm_comparison *comparison = document->comparison;
    static const enum ipm_text_style styles[IPM_GATES] = {
        [IPM_GATE_PASSED] = IPM_TEXT_GOOD,
        [IPM_GATE_OPEN] = IPM_TEXT_WARN,
        [IPM_GATE_FAILED] = IPM_TEXT_BAD,
        [IPM_GATE_UNDECIDED] = IPM_TEXT_WARN};
    struct ipm_text_pen pen = {.out = out, .options = options};
    char note[IPM_COMPARISON_NOTE_BYTES];
    errno = 0;
    comparison_heading(&pen, comparison);
    text_figures(&pen, comparison);
    text_unknowns(&pen, comparison);
    text_same(&pen, comparison);
    text_unmatched(&pen, comparison);
    ipm_comparison_say(note, comparison);
    ipm_text_newline(&pen);
    ipm_text_line(&pen, styles[comparison->gate], 2, "%s", note);
    return ipm_clean_end(out, "comparison", err);
}
