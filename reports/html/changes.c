/* changes.c - what the page of a history begins with: which cases became slower or faster in the
 * newest run, as the comparison with the runs before it judged. */
#include "model/compare/history.h"

#include "reports/common/comparison.h"
#include "reports/html/page.h"
#include "reports/html/run.h"

/* Counts of instructions tell of a path, not of a speed. */
static const char *changes_word(const struct ipm_comparison *change,
                                enum ipm_verdict verdict) {
    const bool exact = change->clock == IPM_CLOCK_INSTRUCTIONS;
    if (verdict == IPM_VERDICT_REGRESSED)
        return exact ? "longer" : "slower";
    return exact ? "shorter" : "faster";
}

static bool changes_is(const struct ipm_compared *compared) {
    return compared->verdict == IPM_VERDICT_REGRESSED ||
           compared->verdict == IPM_VERDICT_IMPROVED;
}

static void changes_count(FILE *out, size_t count, const char *what, bool *first) {
    if (count > 0)
        HTML(*first ? ": %zu %s" : ", %zu %s", count, what);
    *first = *first && count == 0;
}

/* "1 case became slower and 2 faster in the last run (NEW), beside the 5 before it (BASE): 9 the
 * same." */
static void changes_say(FILE *out, const struct ipm_history *history) {
    const struct ipm_comparison *change = history->change;
    const size_t worse = ipm_comparison_count(change, IPM_VERDICT_REGRESSED);
    const size_t better = ipm_comparison_count(change, IPM_VERDICT_IMPROVED);
    const size_t same = ipm_comparison_count(change, IPM_VERDICT_SAME);
    const size_t open = ipm_comparison_count(change, IPM_VERDICT_UNDECIDED);
    const char *const words[] = {changes_word(change, IPM_VERDICT_REGRESSED),
                                 changes_word(change, IPM_VERDICT_IMPROVED)};
    bool first = true;
    HTML("<p><strong>");
    if (worse + better == 0)
        HTML(same == change->result_count ? "No case became %s or %s"
                                          : "No case is known to have become %s or %s",
             words[0], words[1]);
    else if (worse == 0 || better == 0)
        HTML("%zu case%s became %s", worse + better, worse + better == 1 ? "" : "s",
             words[worse == 0]);
    else
        HTML("%zu case%s became %s and %zu %s", worse, worse == 1 ? "" : "s", words[0],
             better, words[1]);
    HTML("</strong> in the last run (NEW), beside the %zu before it (BASE)",
         history->count - 1);
    changes_count(out, same, "the same", &first);
    changes_count(out, open, "undecided", &first);
    changes_count(out, change->result_count - worse - better - same - open, "not judged",
                  &first);
    changes_count(out, change->unmatched_count, "not compared", &first);
    HTML(".</p>\n");
}

/* Why the first of the others is undecided or not judged. */
static void changes_doubt(FILE *out, const struct ipm_comparison *change,
                          enum ipm_unit_choice unit) {
    size_t i = 0;
    while (i < change->result_count && (changes_is(&change->results[i]) ||
                                        change->results[i].verdict == IPM_VERDICT_SAME))
        i++;
    if (i == change->result_count)
        return;
    const struct ipm_compared *compared = &change->results[i];
    HTML("<p>%s, for example %s: %s.</p>\n",
         compared->verdict == IPM_VERDICT_UNDECIDED ? "Undecided" : "Not judged",
         ipm_text_case(&change->cases[compared->case_index]).text,
         ipm_comparison_cells(change, compared, unit).note);
}

static void changes_table(FILE *out, const struct ipm_comparison *change,
                          enum ipm_unit_choice unit) {
    ipm_html_table_open(out, "changes-table", "verdicts", "What changed, worst first",
                        "case", "verdict", "change", ipm_comparison_interval(change),
                        "BASE", "NEW");
    for (size_t i = 0; i < change->result_count; i++) {
        const struct ipm_compared *compared = &change->results[i];
        if (!changes_is(compared))
            continue;
        const struct ipm_comparison_cells cells =
            ipm_comparison_cells(change, compared, unit);
        ipm_html_row_open(out, ipm_text_case(&change->cases[compared->case_index]).text);
        ipm_html_badge(out, ipm_verdict_words[compared->verdict],
                       changes_word(change, compared->verdict));
        ipm_html_cells(out, cells.change.text, cells.interval.text,
                       cells.sides[IPM_ARM_BASE].text, cells.sides[IPM_ARM_NEW].text);
    }
    ipm_html_table_close(out);
}

void ipm_html_changes(FILE *out, const struct ipm_history *history,
                      enum ipm_unit_choice unit) {
    ipm_html_section_open(out, "answer", "What changed?");
    if (history->count < 2) {
        HTML("<p>There is one run: the next one shows whether anything changes.</p>\n");
    } else if (history->change->result_count == 0) {
        HTML("<p>The last run has no case in common with those before it.</p>\n");
    } else {
        changes_say(out, history);
        if (ipm_comparison_count(history->change, IPM_VERDICT_REGRESSED) +
                ipm_comparison_count(history->change, IPM_VERDICT_IMPROVED) >
            0)
            changes_table(out, history->change, unit);
        changes_doubt(out, history->change, unit);
    }
    HTML("</section>\n");
}
