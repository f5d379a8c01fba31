/* standing.c - sentences about ratios of two cases. */
#include "reports/columns/standing.h"

#include "base/strbuf.h"
#include "model/metric.h"
#include "model/report/ranking.h"
#include "model/report/report.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>

void ipm_text_ratio(struct ipm_strbuf *text, const struct ipm_statistic *ratio) {
    const double half = ipm_statistic_half(ratio);
    const int decimals = half < 0.095 ? 2 : half < 9.95 ? 1 : 0;
    (void)ipm_strbuf_add(text, "%.*f \u00b1 %.*f", decimals, ratio->median, decimals,
                         half);
}

/* Writes " moved 3.1 ± 0.2 times as much". */
static void standing_times(struct ipm_strbuf *text, const struct ipm_case *c,
                           const struct ipm_statistic *ratio) {
    const struct ipm_metric *metric = ipm_metric_primary(c);
    (void)ipm_strbuf_add(text, " %s ",
                         metric->ratio_verb != NULL ? metric->ratio_verb : "reached");
    ipm_text_ratio(text, ratio);
    (void)ipm_strbuf_add(text, " times %s",
                         metric->ratio_amount != NULL ? metric->ratio_amount : "as much");
}

static void standing_label(struct ipm_strbuf *text,
                           const struct ipm_text_section *section, size_t index) {
    (void)ipm_strbuf_add(text, "%.60s", ipm_text_row_label(section, index).text);
}

/* --- a group ---------------------------------------------------------------------------- */

/* Returns the next ranked case of the group after `i`, except the leader. */
static size_t standing_next(const struct ipm_text_section *section, size_t i,
                            size_t leader) {
    const struct ipm_case *cases = section->report->cases;
    do
        i = ipm_text_group_next(section, i);
    while (i < section->end && (i == leader || !ipm_text_ranks(&cases[i])));
    return i;
}

static size_t standing_first(const struct ipm_text_section *section, size_t first,
                             size_t leader) {
    return first != leader && ipm_text_ranks(&section->report->cases[first])
               ? first
               : standing_next(section, first, leader);
}

/* Returns the ranked case with the largest value after the leader. */
static size_t standing_second(const struct ipm_text_section *section, size_t first,
                              size_t leader) {
    const struct ipm_case *cases = section->report->cases;
    size_t second = standing_first(section, first, leader);
    for (size_t i = second; i < section->end; i = standing_next(section, i, leader))
        if (ipm_text_rank(&cases[i]) > ipm_text_rank(&cases[second]))
            second = i;
    return second;
}

bool ipm_text_is_open(const struct ipm_text_section *section, size_t first,
                      size_t leader) {
    const struct ipm_case *cases = section->report->cases;
    for (size_t i = standing_first(section, first, leader); i < section->end;
         i = standing_next(section, i, leader)) {
        const struct ipm_statistic ratio = ipm_ranking_ratio(&cases[leader], &cases[i]);
        if (!ipm_ranking_is_ahead(&ratio) && ipm_ranking_is_open(&ratio))
            return true;
    }
    return false;
}

/* Whether there is a case that the leader is not known to be ahead of. */
static bool standing_is_tied(const struct ipm_text_section *section, size_t first,
                             size_t leader) {
    const struct ipm_case *cases = section->report->cases;
    size_t i = standing_first(section, first, leader);
    while (i < section->end && !ipm_text_ties(&cases[leader], &cases[i]))
        i = standing_next(section, i, leader);
    return i < section->end;
}

/* Writes the leader, and all that it is not known to be ahead of. */
static void standing_ties(struct ipm_strbuf *text, const struct ipm_text_section *section,
                          size_t first, size_t leader) {
    const struct ipm_case *cases = section->report->cases;
    (void)ipm_strbuf_add(text, ipm_text_is_open(section, first, leader)
                                   ? "undecided between "
                                   : "no difference between ");
    standing_label(text, section, leader);
    size_t last = section->end;
    for (size_t i = standing_first(section, first, leader); i < section->end;
         i = standing_next(section, i, leader)) {
        if (!ipm_text_ties(&cases[leader], &cases[i]))
            continue;
        if (last < section->end) {
            (void)ipm_strbuf_add(text, ", ");
            standing_label(text, section, last);
        }
        last = i;
    }
    (void)ipm_strbuf_add(text, " and ");
    standing_label(text, section, last);
}

struct ipm_sentence ipm_text_standing(const struct ipm_text_section *section,
                                      size_t first) {
    struct ipm_sentence words;
    struct ipm_strbuf text = ipm_strbuf_over(words.text, sizeof words.text);
    const struct ipm_case *cases = section->report->cases;
    size_t ranked = 0;
    const struct ipm_case *fastest = ipm_text_fastest(section, first, &ranked);
    if (ipm_text_placement_differs(section, first))
        (void)ipm_strbuf_add(&text, "not ranked, because the scheduler put the two ends "
                                    "on one CPU or on two; '--pin same,split' tells");
    if (ranked < 2)
        return words;
    const size_t leader = (size_t)(fastest - cases);
    const size_t second = standing_second(section, first, leader);
    const struct ipm_statistic ratio = ipm_ranking_ratio(fastest, &cases[second]);
    if (!isfinite(ratio.ci95_low)) {
        standing_label(&text, section, leader);
        (void)ipm_strbuf_add(&text, " is ahead, not certain below 6 rounds");
    } else if (!standing_is_tied(section, first, leader)) {
        standing_label(&text, section, leader);
        standing_times(&text, fastest, &ratio);
        (void)ipm_strbuf_add(&text, " as ");
        standing_label(&text, section, second);
    } else {
        standing_ties(&text, section, first, leader);
    }
    return words;
}

/* --- placements ------------------------------------------------------------------------- */

/* Whether the case is ranked and lost no message: how many are lost depends on which end is late. */
static bool standing_is_whole(const struct ipm_case *c) {
    return ipm_text_ranks(c) && c->integrity.status != IPM_INTEGRITY_LOSSY;
}

/* What the placement changes in a row. */
struct standing_effect {
    struct ipm_statistic ratio;
    size_t first;                /* of the group, on the first side */
    const struct ipm_case *more; /* the case that is ahead, and ... */
    const struct ipm_case *less; /* ... the same on the other side */
};

static struct standing_effect
standing_effect(const struct ipm_text_section sides[IPM_TEXT_PLACEMENTS_MOST],
                size_t first, size_t index) {
    const struct ipm_case *one = &sides[0].report->cases[index];
    const struct ipm_case *two = one + (sides[1].begin - sides[0].begin);
    const bool swapped = ipm_text_rank(two) > ipm_text_rank(one);
    struct standing_effect effect = {.first = first,
                                     .more = swapped ? two : one,
                                     .less = swapped ? one : two,
                                     .ratio = {.ci95_low = NAN}};
    if (standing_is_whole(one) && standing_is_whole(two))
        effect.ratio = ipm_ranking_ratio(effect.more, effect.less);
    return effect;
}

/* Returns the effect that is largest by the lower end of its interval, of cases without loss. */
static struct standing_effect
standing_largest(const struct ipm_text_section sides[IPM_TEXT_PLACEMENTS_MOST]) {
    const struct ipm_text_section *one = &sides[0];
    struct standing_effect most = {.first = 0};
    for (size_t first = one->begin; first < one->end; first++) {
        if (!ipm_text_leads(one, first))
            continue;
        for (size_t i = first; i < one->end; i = ipm_text_group_next(one, i)) {
            const struct standing_effect effect = standing_effect(sides, first, i);
            if (ipm_ranking_least(&effect.ratio) > ipm_ranking_least(&most.ratio))
                most = effect;
        }
    }
    return most;
}

/* Returns the ratio of the medians of the fastest and the slowest case without loss. */
static double standing_spread(const struct ipm_text_section *section, size_t first) {
    double least = INFINITY;
    for (size_t i = first; i < section->end; i = ipm_text_group_next(section, i)) {
        const struct ipm_case *c = &section->report->cases[i];
        if (standing_is_whole(c))
            least = fmin(least, ipm_text_rank(c));
    }
    return ipm_text_most(section, first) / least;
}

/* Writes "on one CPU". */
static void standing_place(struct ipm_strbuf *text, const struct ipm_case *c) {
    const uint64_t asked =
        ipm_settings_with(IPM_SETTING_PLACE) & ipm_settings_with(IPM_SETTING_LISTED);
    (void)ipm_strbuf_add(text, " %s %.40s",
                         ipm_text_placement(c->config.pin) ? "on" : "with",
                         ipm_text_values(&c->config, asked).text);
}

struct ipm_sentence
ipm_text_placement_effect(const struct ipm_text_section sides[IPM_TEXT_PLACEMENTS_MOST]) {
    struct ipm_sentence words = {""};
    struct ipm_strbuf text = ipm_strbuf_over(words.text, sizeof words.text);
    const struct standing_effect effect = standing_largest(sides);
    if (effect.more != NULL && !ipm_ranking_is_ahead(&effect.ratio))
        (void)ipm_strbuf_add(&text, "no case is known to differ by it");
    if (!ipm_ranking_is_ahead(&effect.ratio))
        return words;
    assert(effect.more != NULL && effect.less != NULL);
    const size_t beside = sides[1].begin - sides[0].begin;
    const double spread = fmax(standing_spread(&sides[0], effect.first),
                               standing_spread(&sides[1], effect.first + beside));
    const size_t index = (size_t)(effect.more - sides[0].report->cases);
    const bool transports = sides[0].rows == 0;
    if (effect.ratio.median > spread)
        (void)ipm_strbuf_add(&text, "matters more than %s: ",
                             transports ? "the transport" : "the other settings");
    (void)ipm_strbuf_add(&text, "%.100s ",
                         ipm_text_group_title(&sides[0], effect.first, " ").text);
    standing_label(&text, &sides[0], index);
    standing_times(&text, effect.more, &effect.ratio);
    standing_place(&text, effect.more);
    (void)ipm_strbuf_add(&text, " as");
    standing_place(&text, effect.less);
    (void)ipm_strbuf_add(&text,
                         "; the fastest %s is at most %.1f times as fast as the "
                         "slowest without loss",
                         transports ? "transport" : "row", spread);
    return words;
}

struct ipm_sentence ipm_text_crossover(const struct ipm_report *report,
                                       const struct ipm_crossover *crossover) {
    struct ipm_sentence words;
    struct ipm_case_config shared = crossover->passed;
    shared.message_bytes = 0; /* which leaves it out of the title */
    const struct ipm_title title =
        ipm_text_title(&shared, " ", ipm_text_names_patterns(report));
    (void)snprintf(
        words.text, sizeof words.text, "%.100s passes %.100s between %s and %s%s%.100s",
        ipm_text_label(&crossover->passes).text, ipm_text_label(&crossover->passed).text,
        ipm_text_about((double)crossover->passed.message_bytes).text,
        ipm_text_about((double)crossover->passes.message_bytes).text,
        title.text[0] != '\0' ? ", " : "", title.text);
    return words;
}
