/* comparison.c - a comparison as text: differences between the sides, then the results,
 * worst first; unchanged results share one line. */
#include "reports/common/comparison.h"

#include "reports/common/clean.h"
#include "reports/renderer.h"
#include "reports/text/pen.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>

/* The columns at which the fields end, the case begins, and the second line begins. */
enum {
    TEXT_CHANGE = 22,
    TEXT_INTERVAL = 42,
    TEXT_LIMIT = 51,
    TEXT_CASE = 53,
    TEXT_MORE = 14,
};

/* --- above ------------------------------------------------------------------------------ */

static void text_part(struct ipm_text_pen *pen, const char *before, const char *text) {
    char item[IPM_SIDE_NAME_BYTES];
    if (text[0] == '\0')
        return;
    (void)snprintf(item, sizeof item, "%s%s", before, text);
    ipm_text_item(pen, IPM_TEXT_PLAIN, item, 5, false);
}

static void text_run(struct ipm_text_pen *pen, const struct ipm_comparison *comparison,
                     const struct ipm_compared_run *run) {
    ipm_text_put(pen, IPM_TEXT_BOLD, ipm_comparison_side(comparison, run->side));
    ipm_text_move(pen, 5);
    ipm_text_wrap(pen, IPM_TEXT_PLAIN, run->name[0] != '\0' ? run->name : "(as it is)",
                  5);
    text_part(pen, "ipcmark ", run->version);
    text_part(pen, "commit ", run->commit);
    text_part(pen, "", run->hostname);
    text_part(pen, "", run->kernel);
    text_part(pen, "", run->started_at);
    ipm_text_newline(pen);
}

static void text_difference(struct ipm_text_pen *pen,
                            const struct ipm_difference *difference) {
    char line[2 * IPM_DIFFERENCE_BYTES + 64];
    const char *base = difference->sides[IPM_ARM_BASE];
    const char *fresh = difference->sides[IPM_ARM_NEW];
    (void)snprintf(line, sizeof line, "%s: %s -> %s", difference->what,
                   base[0] != '\0' ? base : "unknown",
                   fresh[0] != '\0' ? fresh : "unknown");
    ipm_text_put(pen, IPM_TEXT_WARN, "differs: ");
    ipm_text_wrap(pen, IPM_TEXT_PLAIN, line, 9);
    ipm_text_newline(pen);
}

static void text_order(struct ipm_text_pen *pen,
                       const struct ipm_comparison *comparison) {
    char line[IPM_COMPARISON_CELL_BYTES];
    if (comparison->seed == 0)
        return;
    (void)snprintf(line, sizeof line, "order: seed %" PRIu64, comparison->seed);
    ipm_text_wrap(pen, IPM_TEXT_PLAIN, line, 7);
    ipm_text_newline(pen);
}

static void text_heading(struct ipm_text_pen *pen,
                         const struct ipm_comparison *comparison) {
    for (size_t i = 0; i < comparison->run_count; i++)
        text_run(pen, comparison, &comparison->runs[i]);
    text_order(pen, comparison);
    for (size_t i = 0; i < comparison->difference_count; i++)
        text_difference(pen, &comparison->differences[i]);
}

/* --- results ----------------------------------------------------------------------------- */

static enum ipm_text_style text_style(enum ipm_verdict verdict) {
    static const enum ipm_text_style styles[IPM_VERDICTS] = {
        [IPM_VERDICT_REGRESSED] = IPM_TEXT_BAD,
        [IPM_VERDICT_IMPROVED] = IPM_TEXT_GOOD,
        [IPM_VERDICT_SAME] = IPM_TEXT_PLAIN,
        [IPM_VERDICT_UNDECIDED] = IPM_TEXT_WARN,
        [IPM_VERDICT_INSUFFICIENT] = IPM_TEXT_WARN,
    };
    return styles[verdict];
}

static void text_verdict(struct ipm_text_pen *pen, const struct ipm_compared *compared,
                         const struct ipm_comparison_cells *cells) {
    ipm_text_put(pen, text_style(compared->verdict),
                 ipm_verdict_words[compared->verdict]);
    ipm_text_put_right(pen, IPM_TEXT_BOLD, cells->change, TEXT_CHANGE);
    ipm_text_put_right(pen, IPM_TEXT_PLAIN, cells->interval, TEXT_INTERVAL);
    ipm_text_put_right(pen, IPM_TEXT_PLAIN, cells->limit, TEXT_LIMIT);
    ipm_text_move(pen, TEXT_CASE);
    ipm_text_wrap(pen, IPM_TEXT_BOLD, compared->name, TEXT_MORE);
    ipm_text_newline(pen);
}

static void text_figure(struct ipm_text_pen *pen, const struct ipm_comparison *comparison,
                        const struct ipm_compared *compared) {
    char words[4 * IPM_COMPARISON_CELL_BYTES];
    const struct ipm_comparison_cells cells = ipm_comparison_cells(comparison, compared);
    text_verdict(pen, compared, &cells);
    ipm_text_move(pen, TEXT_MORE);
    (void)snprintf(words, sizeof words, "%s %s -> %s", compared->metric->name,
                   cells.sides[IPM_ARM_BASE], cells.sides[IPM_ARM_NEW]);
    ipm_text_item(pen, IPM_TEXT_DIM, words, TEXT_MORE, true);
    if (cells.note[0] != '\0')
        ipm_text_item(pen, IPM_TEXT_DIM, cells.note, TEXT_MORE, false);
    ipm_text_newline(pen);
}

static void text_columns(struct ipm_text_pen *pen) {
    ipm_text_put(pen, IPM_TEXT_DIM, "verdict");
    ipm_text_put_right(pen, IPM_TEXT_DIM, "change", TEXT_CHANGE);
    ipm_text_put_right(pen, IPM_TEXT_DIM, "95 % interval", TEXT_INTERVAL);
    ipm_text_put_right(pen, IPM_TEXT_DIM, "limit", TEXT_LIMIT);
    ipm_text_move(pen, TEXT_CASE);
    ipm_text_put(pen, IPM_TEXT_DIM, "case");
    ipm_text_newline(pen);
}

static void text_figures(struct ipm_text_pen *pen,
                         const struct ipm_comparison *comparison) {
    bool begun = false;
    for (size_t i = 0; i < comparison->result_count; i++) {
        if (comparison->results[i].verdict == IPM_VERDICT_SAME)
            continue;
        if (!begun) {
            ipm_text_newline(pen);
            text_columns(pen);
        }
        begun = true;
        text_figure(pen, comparison, &comparison->results[i]);
    }
}

/* Unchanged results get one line; the other formats list them. */
static void text_same(struct ipm_text_pen *pen, const struct ipm_comparison *comparison) {
    char line[3 * IPM_COMPARISON_CELL_BYTES];
    char least[IPM_COMPARISON_CELL_BYTES];
    char most[IPM_COMPARISON_CELL_BYTES];
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
    ipm_comparison_change(least, low);
    ipm_comparison_change(most, high);
    (void)snprintf(line, sizeof line, "same: %zu result%s, %s to %s", count,
                   count == 1 ? "" : "s", least, most);
    ipm_text_newline(pen);
    ipm_text_wrap(pen, IPM_TEXT_PLAIN, line, 6);
    ipm_text_newline(pen);
}

/* --- cases without a match -------------------------------------------------------------- */

static void text_unmatched(struct ipm_text_pen *pen,
                           const struct ipm_comparison *comparison) {
    for (size_t i = 0; i < comparison->unmatched_count; i++) {
        const struct ipm_unmatched *unmatched = &comparison->unmatched[i];
        char state[IPM_COMPARISON_CELL_BYTES];
        const bool bad = ipm_comparison_is_bad(comparison, unmatched);
        if (i == 0)
            ipm_text_newline(pen);
        ipm_comparison_state(state, comparison, unmatched->state);
        ipm_text_put(pen, bad ? IPM_TEXT_BAD : IPM_TEXT_DIM, state);
        ipm_text_put(pen, IPM_TEXT_PLAIN, ": ");
        ipm_text_wrap(pen, IPM_TEXT_PLAIN, unmatched->name, 2);
        if (unmatched->reason[0] != '\0')
            ipm_text_item(pen, IPM_TEXT_DIM, unmatched->reason, 2, false);
        ipm_text_newline(pen);
    }
}

int ipm_comparison_text(const struct ipm_comparison *comparison,
                        const struct ipm_render_options *options, FILE *out,
                        struct ipm_err *err) {
    static const enum ipm_text_style styles[IPM_GATES] = {
        [IPM_GATE_PASSED] = IPM_TEXT_GOOD,
        [IPM_GATE_FAILED] = IPM_TEXT_BAD,
        [IPM_GATE_UNDECIDED] = IPM_TEXT_WARN};
    struct ipm_text_pen pen = {.out = out, .options = options};
    char note[IPM_COMPARISON_NOTE_BYTES];
    errno = 0;
    text_heading(&pen, comparison);
    text_figures(&pen, comparison);
    text_same(&pen, comparison);
    text_unmatched(&pen, comparison);
    ipm_comparison_say(note, comparison);
    ipm_text_newline(&pen);
    ipm_text_wrap(&pen, styles[comparison->gate], note, 2);
    ipm_text_newline(&pen);
    return ipm_clean_end(out, "comparison", err);
}
