/* comparison_words.c - the values and verdicts of a comparison in words. */
#include "reports/common/comparison.h"

#include "base/strbuf.h"
#include "model/metric.h"
#include "reports/columns/format.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

const char *ipm_comparison_known(const char *text) {
    return text[0] != '\0' ? text : "unknown";
}

static bool words_are_exact(const struct ipm_comparison *comparison) {
    return comparison->clock == IPM_CLOCK_INSTRUCTIONS;
}

/* Three digits are enough, of `decimals` behind the point. A change that rounds to zero is
 * +0.0: printf(3) would keep its sign. */
static struct ipm_cell words_percent(int decimals, double ratio, const char *unit) {
    const double change = (ratio - 1) * 100;
    const double percent = fabs(change) < (decimals > 1 ? 0.005 : 0.05) ? 0 : change;
    if (!isfinite(percent))
        return (struct ipm_cell){"-"};
    if (percent >= 99950)
        return ipm_cell_print(">+99900%s", unit);
    return ipm_cell_print("%+.*f%s", fabs(percent) < 99.95 ? decimals : 0, percent, unit);
}

struct ipm_cell ipm_comparison_change(double ratio) {
    return words_percent(1, ratio, " %");
}

struct ipm_cell ipm_comparison_change_of(const struct ipm_comparison *comparison,
                                         double ratio) {
    return words_percent(1 + words_are_exact(comparison), ratio, " %");
}

const char *ipm_comparison_interval(const struct ipm_comparison *comparison) {
    return words_are_exact(comparison) ? "range of seeds" : "95 % interval";
}

static struct ipm_cell words_interval(const struct ipm_comparison *comparison,
                                      const struct ipm_compared *compared) {
    const int decimals = 1 + words_are_exact(comparison);
    if (!isfinite(compared->ratio_low) || !isfinite(compared->ratio_high))
        return (struct ipm_cell){"-"};
    return ipm_cell_print("%.20s .. %.20s %%",
                          words_percent(decimals, compared->ratio_low, "").text,
                          words_percent(decimals, compared->ratio_high, "").text);
}

/* The unit of a count or of a rate is what follows the slash: "1.25/message". */
struct ipm_cell ipm_comparison_value(const struct ipm_metric *metric, double median,
                                     const struct ipm_text_unit *scale) {
    struct ipm_cell number;
    const bool bytes = ipm_metric_is_byte_rate(metric);
    const char *unit = strchr(metric->unit, '/');
    if (bytes)
        unit = scale->word;
    else if (metric->scaling == IPM_METRIC_TIME)
        unit = "ns";
    if (bytes)
        number = ipm_text_rate(median / scale->bytes_per_second);
    else if (strncmp(metric->unit, "instructions/", strlen("instructions/")) == 0)
        number = ipm_text_exact(&(struct ipm_statistic){.median = median});
    else
        number = ipm_text_number(median);
    const bool known = isfinite(median) && unit != NULL;
    return ipm_cell_print("%s%s%s", number.text, known && unit[0] != '/' ? " " : "",
                          known ? unit : "");
}

const char *ipm_comparison_arm(const struct ipm_comparison *comparison,
                               enum ipm_arm side) {
    static const char *const names[2][IPM_ARMS] = {{"BASE", "NEW"}, {"A", "B"}};
    return names[comparison->paired][side];
}

struct ipm_cell ipm_comparison_state(const struct ipm_comparison *comparison,
                                     enum ipm_unmatched_state state) {
    static const struct {
        const char *words;
        enum ipm_arm side;
    } states[IPM_UNMATCHED_STATES] = {
        [IPM_UNMATCHED_NOT_IN_BASE] = {"not in ", IPM_ARM_BASE},
        [IPM_UNMATCHED_NOT_IN_NEW] = {"not in ", IPM_ARM_NEW},
        [IPM_UNMATCHED_FAILED] = {"failed in ", IPM_ARM_NEW},
        [IPM_UNMATCHED_SKIPPED] = {"skipped", IPM_ARMS},
    };
    const enum ipm_arm side = states[state].side;
    return ipm_cell_print("%s%s", states[state].words,
                          side == IPM_ARMS ? "" : ipm_comparison_arm(comparison, side));
}

bool ipm_comparison_is_bad(const struct ipm_comparison *comparison,
                           const struct ipm_unmatched *unmatched) {
    return unmatched->state == IPM_UNMATCHED_FAILED ||
           (unmatched->state != IPM_UNMATCHED_SKIPPED && !comparison->allow_missing);
}

bool ipm_comparison_is_alike(const struct ipm_comparison *comparison, size_t first,
                             size_t i) {
    const struct ipm_unmatched *unmatched = comparison->unmatched;
    return unmatched[first].state == unmatched[i].state &&
           strcmp(unmatched[first].reason, unmatched[i].reason) == 0;
}

bool ipm_comparison_leads(const struct ipm_comparison *comparison, size_t i) {
    size_t first = 0;
    while (!ipm_comparison_is_alike(comparison, first, i))
        first++;
    return first == i;
}

/* --- notes ------------------------------------------------------------------------------ */

static void words_doubt(struct ipm_strbuf *note, const struct ipm_comparison *comparison,
                        const struct ipm_compared *compared) {
    const char *unit = comparison->paired ? "block" : "round";
    const bool denied = compared->confirmation == IPM_CONFIRMATION_NO;
    if (denied)
        (void)ipm_strbuf_add(note, "a second measurement did not agree");
    if (denied && compared->rounds_more == 0)
        return;
    if (ipm_compared_lacks_history(comparison, compared)) {
        (void)ipm_strbuf_add(note, "%sruns may differ: five in the history tell how much",
                             denied ? "; " : "");
        return;
    }
    if (compared->by_runs) {
        (void)ipm_strbuf_add(
            note, "%s: runs of %s differ by %.1f %%%s",
            compared->drift > 0 ? "the machine changed" : "noise",
            ipm_comparison_arm(comparison, IPM_ARM_BASE), compared->base_spread * 100,
            compared->drift > 0 ? "" : ", a quieter machine would decide it");
        return;
    }
    (void)ipm_strbuf_add(note, "%s", denied ? "; " : "");
    if (compared->rounds_more == 0)
        (void)ipm_strbuf_add(note, "%s: no reasonable number of %ss would decide it",
                             compared->drift > 0 ? "drift" : "close to the threshold",
                             unit);
    else
        (void)ipm_strbuf_add(note, "noise: %" PRIu64 " more %s%s would decide it",
                             compared->rounds_more, unit,
                             compared->rounds_more > 1 ? "s" : "");
}

/* What a count of instructions tells. It tells nothing of caches, other CPUs and idle states,
 * so that a longer path need not be a slower one. */
static void words_path(struct ipm_strbuf *note, const struct ipm_compared *compared) {
    if (compared->verdict == IPM_VERDICT_REGRESSED ||
        compared->verdict == IPM_VERDICT_IMPROVED)
        (void)ipm_strbuf_add(
            note, "the path is %.*f %% %s", fabs(compared->ratio - 1) < 0.1 ? 2 : 0,
            fabs(compared->ratio - 1) * 100, compared->ratio > 1 ? "longer" : "shorter");
    if (compared->verdict == IPM_VERDICT_UNDECIDED)
        (void)ipm_strbuf_add(
            note, "seeds differ by %.*f %%%s", compared->drift < 0.1 ? 2 : 0,
            compared->drift * 100,
            ipm_compared_is_unstable(compared) ? ": several states, not judged" : "");
}

/* Whether the change that is shown is not that of the medians that are shown. */
static bool words_are_apart(const struct ipm_comparison *comparison,
                            const struct ipm_compared *compared) {
    const double ratio =
        compared->sides[IPM_ARM_NEW].median / compared->sides[IPM_ARM_BASE].median;
    return isfinite(ratio) &&
           strcmp(ipm_comparison_change_of(comparison, compared->ratio).text,
                  ipm_comparison_change_of(comparison, ratio).text) != 0;
}

/* "3", or "3 to 9". */
static struct ipm_cell words_range(size_t least, size_t most) {
    return most > least ? ipm_cell_print("%zu to %zu", least, most)
                        : ipm_cell_print("%zu", least);
}

/* How many trials were left out, because others took CPU time that they needed: as many as the
 * result tells, up to `most` on each side. */
static void words_contention(struct ipm_strbuf *note,
                             const struct ipm_comparison *comparison,
                             const struct ipm_compared *compared,
                             const size_t most[IPM_ARMS]) {
    const size_t *least = compared->contended;
    const char *mark = note->used > 0 ? "; " : "";
    if (most[IPM_ARM_BASE] + most[IPM_ARM_NEW] == 0)
        return;
    if (comparison->paired)
        (void)ipm_strbuf_add(note, "%s%s contended blocks are left out", mark,
                             words_range(least[IPM_ARM_BASE], most[IPM_ARM_BASE]).text);
    else
        (void)ipm_strbuf_add(note, "%s%s and %s contended trials are left out", mark,
                             words_range(least[IPM_ARM_BASE], most[IPM_ARM_BASE]).text,
                             words_range(least[IPM_ARM_NEW], most[IPM_ARM_NEW]).text);
    if (compared->verdict == IPM_VERDICT_CONTENDED)
        (void)ipm_strbuf_add(note, ", and %zu others are needed",
                             ipm_verdict_least(comparison->paired));
}

static void words_slowed(struct ipm_strbuf *note, const struct ipm_compared *compared) {
    if (compared->calm)
        (void)ipm_strbuf_add(
            note, "%sby calm trials: %zu and %zu", note->used > 0 ? "; " : "",
            compared->sides[IPM_ARM_BASE].count, compared->sides[IPM_ARM_NEW].count);
}

static void words_note(char note[IPM_COMPARISON_NOTE_BYTES],
                       const struct ipm_comparison *comparison,
                       const struct ipm_compared *compared,
                       const size_t contended_most[IPM_ARMS]) {
    struct ipm_strbuf text = ipm_strbuf_over(note, IPM_COMPARISON_NOTE_BYTES);
    if (compared->verdict == IPM_VERDICT_INSUFFICIENT)
        (void)ipm_strbuf_add(&text, "too few %ss: %zu and %zu, and %zu are needed",
                             words_are_exact(comparison) ? "seed"
                             : comparison->paired        ? "block"
                                                         : "trial",
                             compared->sides[IPM_ARM_BASE].count,
                             compared->sides[IPM_ARM_NEW].count,
                             ipm_comparison_least(comparison));
    if (compared->verdict == IPM_VERDICT_SATURATED)
        (void)ipm_strbuf_add(&text, "neither side achieved the rate");
    else if (words_are_exact(comparison))
        words_path(&text, compared);
    else if (compared->verdict == IPM_VERDICT_UNDECIDED)
        words_doubt(&text, comparison, compared);
    words_contention(&text, comparison, compared, contended_most);
    if (compared->verdict == IPM_VERDICT_MACHINE)
        (void)ipm_strbuf_add(&text, "%sthe new run differed from itself as well",
                             text.used > 0 ? "; " : "");
    if (!compared->gated)
        (void)ipm_strbuf_add(&text, "%snot gated", text.used > 0 ? "; " : "");
    if (compared->verdict == IPM_VERDICT_CONTENDED)
        return; /* nothing is said of its change */
    words_slowed(&text, compared);
    if (compared->reference != IPM_REFERENCE_NONE)
        (void)ipm_strbuf_add(&text, "%srelative to %s", text.used > 0 ? "; " : "",
                             ipm_reference_title(compared->reference));
    else if (words_are_apart(comparison, compared))
        (void)ipm_strbuf_add(&text, "%sratios of %s, not of medians",
                             text.used > 0 ? "; " : "",
                             comparison->paired   ? "blocks"
                             : compared->fast_end ? "fast ends of runs"
                             : compared->by_runs  ? "runs"
                                                  : "pairs of trials");
}

struct ipm_comparison_cells ipm_comparison_cells(const struct ipm_comparison *comparison,
                                                 const struct ipm_compared *compared,
                                                 enum ipm_unit_choice unit) {
    struct ipm_comparison_cells cells = {
        .change = ipm_comparison_change_of(comparison, compared->ratio),
        .interval = words_interval(comparison, compared),
        .limit = {"-"}};
    const double medians[] = {compared->sides[0].median, compared->sides[1].median};
    const struct ipm_text_unit *scale =
        ipm_text_unit(unit, fmin(medians[0], medians[1]), fmax(medians[0], medians[1]));
    for (int side = 0; side < IPM_ARMS; side++)
        cells.sides[side] =
            ipm_comparison_value(compared->metric, compared->sides[side].median, scale);
    if (isfinite(compared->threshold))
        cells.limit = ipm_cell_print(
            "%.*f %%", words_are_exact(comparison) && compared->threshold < 0.1 ? 2 : 1,
            compared->threshold * 100);
    words_note(cells.note, comparison, compared, compared->contended);
    return cells;
}

/* --- results without a change ----------------------------------------------------------- */

bool ipm_comparison_lacks_change(const struct ipm_compared *compared) {
    return !isfinite(compared->ratio) || compared->verdict == IPM_VERDICT_CONTENDED;
}

/* The numbers of contended trials may differ: the reason tells their range. */
bool ipm_comparison_shares_reason(const struct ipm_comparison *comparison, size_t first,
                                  size_t i) {
    const struct ipm_compared *a = &comparison->results[first];
    const struct ipm_compared *b = &comparison->results[i];
    bool alike = ipm_comparison_lacks_change(b) && a->verdict == b->verdict &&
                 a->metric == b->metric && a->gated == b->gated;
    if (a->verdict == IPM_VERDICT_CONTENDED)
        return alike;
    for (int side = 0; side < IPM_ARMS; side++)
        alike = alike && a->sides[side].count == b->sides[side].count &&
                a->contended[side] == b->contended[side];
    return alike && a->reference == b->reference;
}

bool ipm_comparison_begins_reason(const struct ipm_comparison *comparison, size_t i) {
    size_t first = 0;
    if (!ipm_comparison_lacks_change(&comparison->results[i]))
        return false;
    while (!ipm_comparison_shares_reason(comparison, i, first))
        first++;
    return first == i;
}

void ipm_comparison_reason(char note[IPM_COMPARISON_NOTE_BYTES],
                           const struct ipm_comparison *comparison, size_t first) {
    struct ipm_compared least = comparison->results[first];
    size_t most[IPM_ARMS] = {0};
    for (size_t i = first; i < comparison->result_count; i++)
        for (int side = 0; side < IPM_ARMS; side++) {
            const size_t count = comparison->results[i].contended[side];
            if (!ipm_comparison_shares_reason(comparison, first, i))
                continue;
            least.contended[side] =
                count < least.contended[side] ? count : least.contended[side];
            most[side] = count > most[side] ? count : most[side];
        }
    words_note(note, comparison, &least, most);
}

static void words_count(char note[IPM_COMPARISON_NOTE_BYTES], size_t count,
                        const char *what) {
    const size_t used = strlen(note);
    if (count > 0)
        (void)snprintf(note + used, IPM_COMPARISON_NOTE_BYTES - used, "%s%zu %s",
                       note[used - 1] == ':' ? " " : ", ", count, what);
}

static bool words_lacks_base(const struct ipm_comparison *comparison) {
    size_t bases = 0;
    for (size_t i = 0; i < comparison->run_count; i++)
        bases += comparison->runs[i].side == IPM_ARM_BASE;
    return comparison->run_count > 0 && bases == 0;
}

void ipm_comparison_say(char note[IPM_COMPARISON_NOTE_BYTES],
                        const struct ipm_comparison *comparison) {
    const size_t missing =
        ipm_comparison_count_unmatched(comparison, IPM_UNMATCHED_NOT_IN_BASE) +
        ipm_comparison_count_unmatched(comparison, IPM_UNMATCHED_NOT_IN_NEW);
    const size_t gated = ipm_comparison_count_gated(comparison, IPM_VERDICTS);
    const bool open = comparison->gate == IPM_GATE_OPEN;
    const char *nothing = words_lacks_base(comparison)    ? " no baseline"
                          : comparison->result_count == 0 ? " nothing in common"
                          : gated == 0                    ? " nothing is gated"
                                                          : "";
    (void)snprintf(note, IPM_COMPARISON_NOTE_BYTES, "%s:%s",
                   ipm_gate_words[open ? IPM_GATE_UNDECIDED : comparison->gate], nothing);
    if (open)
        (void)snprintf(note, IPM_COMPARISON_NOTE_BYTES, "undecided: %zu of %zu",
                       ipm_comparison_count_gated(comparison, IPM_VERDICT_UNDECIDED),
                       gated);
    for (int v = 0; v < IPM_VERDICTS; v++)
        if (!open || v != IPM_VERDICT_UNDECIDED)
            words_count(note, ipm_comparison_count_gated(comparison, (enum ipm_verdict)v),
                        ipm_verdict_words[v]);
    words_count(note, comparison->result_count - gated, "not gated");
    words_count(note, missing, "missing");
    words_count(note, ipm_comparison_count_unmatched(comparison, IPM_UNMATCHED_FAILED),
                "broken");
}
