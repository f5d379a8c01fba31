/* choice.c - the answer of `ipcmark choose` as text: for each group what to use, the ranked
 * candidates, and what was left out. */
#include "reports/text/text.h"

#include "base/strbuf.h"
#include "base/units.h"
#include "model/report/ranking.h"
#include "reports/columns/format.h"
#include "reports/columns/standing.h"
#include "reports/common/clean.h"
#include "reports/renderer.h"
#include "reports/text/pen.h"

#include <errno.h>
#include <math.h>
#include <string.h>

/* The columns at which cells end, and the others begin. */
enum {
    CHOICE_LABEL = 5,
    CHOICE_LABEL_WIDTH = 20,
    CHOICE_VALUE = 36,
    CHOICE_PERCENT = 42,
    CHOICE_CPU = 54,
    CHOICE_LACKS = 56,
    CHOICE_ROWS_MOST = 8, /* JSON has the rest */
    CHOICE_LINE_BYTES = 2048,
};

static bool choice_is_time(const struct ipm_metric *metric) {
    return strcmp(metric->unit, "ns") == 0;
}

static struct ipm_cell choice_value(const struct ipm_metric *metric, double value,
                                    const struct ipm_text_unit *unit) {
    if (ipm_metric_is_byte_rate(metric))
        return ipm_text_rate(value / unit->bytes_per_second);
    return choice_is_time(metric) ? ipm_units_time(value) : ipm_text_number(value);
}

static const char *choice_unit(const struct ipm_metric *metric,
                               const struct ipm_text_unit *unit) {
    if (ipm_metric_is_byte_rate(metric))
        return unit->word;
    return choice_is_time(metric) ? ipm_metric_word(metric) : metric->unit;
}

/* --- the answer ------------------------------------------------------------------------- */

static size_t choice_ties(const struct ipm_choice_group *group) {
    size_t count = 0;
    while (count < group->candidate_count && group->candidates[count].rank == 1)
        count++;
    return count;
}

/* Whether one of those that share the first rank may be twice as bad as the first. */
static bool choice_is_open(const struct ipm_choice_group *group, size_t ties) {
    bool open = false;
    for (size_t i = 1; i < ties && !open; i++) {
        const struct ipm_statistic ratio =
            ipm_choice_statistic(&group->candidates[i].ratio);
        open = ipm_ranking_is_open(&ratio);
    }
    return open;
}

/* Writes how the best one that the first is ahead of compares to it. */
static void choice_next(struct ipm_strbuf *text, const struct ipm_choice_group *group,
                        size_t ties) {
    const struct ipm_choice_candidate *next = &group->candidates[ties];
    const bool more = group->metric->more_is_better;
    if (ties == group->candidate_count)
        return;
    const struct ipm_statistic ratio = ipm_choice_statistic(&next->ratio);
    const struct ipm_title label = ipm_text_label(&next->config);
    if (more)
        (void)ipm_strbuf_add(text, "; %s", ties > 1 ? "the first makes " : "");
    else
        (void)ipm_strbuf_add(text, "; '%s' needs ", label.text);
    ipm_text_ratio(text, &ratio);
    (void)ipm_strbuf_add(text, " times as much");
    if (more)
        (void)ipm_strbuf_add(text, " as '%s'", label.text);
}

static void choice_answer(struct ipm_text_pen *pen,
                          const struct ipm_choice_group *group) {
    char line[CHOICE_LINE_BYTES];
    struct ipm_strbuf text = ipm_strbuf_over(line, sizeof line);
    const size_t ties = choice_ties(group);
    const bool open = choice_is_open(group, ties);
    for (size_t i = 0; i < ties; i++)
        (void)ipm_strbuf_add(&text, "%s%s",
                             i == 0         ? open ? "undecided between " : "use "
                             : i + 1 < ties ? ", "
                             : open         ? " and "
                                            : " or ",
                             ipm_text_label(&group->candidates[i].config).text);
    (void)ipm_strbuf_add(&text, "%s",
                         group->candidate_count == 1 ? ": the only candidate"
                         : ties > 1 && !open         ? ": no difference"
                                                     : "");
    choice_next(&text, group, ties);
    ipm_text_line(pen, open ? IPM_TEXT_WARN : IPM_TEXT_GOOD, 2, "%s", line);
}

/* --- rows ------------------------------------------------------------------------------- */

static void choice_row(struct ipm_text_pen *pen, enum ipm_text_style style,
                       const char *const cells[5]) {
    ipm_text_put(pen, style, cells[0]);
    ipm_text_move(pen, CHOICE_LABEL);
    ipm_text_put_cut(pen, style, cells[1], CHOICE_LABEL_WIDTH);
    ipm_text_put_right(pen, style, cells[2], CHOICE_VALUE);
    ipm_text_put_right(pen, IPM_TEXT_PLAIN, cells[3], CHOICE_PERCENT);
    ipm_text_put_right(pen, IPM_TEXT_PLAIN, cells[4], CHOICE_CPU);
    ipm_text_move(pen, CHOICE_LACKS);
}

/* What others of the group have and this one has not. */
static void choice_lacks(struct ipm_text_pen *pen, const struct ipm_choice_group *group,
                         const struct ipm_choice_candidate *candidate) {
    char line[CHOICE_LINE_BYTES];
    struct ipm_strbuf text = ipm_strbuf_over(line, sizeof line);
    const struct ipm_statistic loss = {.mean = candidate->loss_ratio};
    unsigned common = ~0u;
    for (size_t i = 0; i < group->candidate_count; i++)
        common &= group->candidates[i].lacks;
    for (size_t i = 0; ipm_needs[i].name != NULL; i++)
        if ((candidate->lacks & ~common & 1u << i) != 0)
            (void)ipm_strbuf_add(&text, "%s%s", text.used > 0 ? ", " : "",
                                 ipm_needs[i].lacks);
    if (candidate->loss_ratio > 0)
        (void)ipm_strbuf_add(&text, "%s%s %% lost", text.used > 0 ? ": " : "",
                             ipm_text_loss(&loss).text);
    ipm_text_wrap(pen, candidate->loss_ratio > 0 ? IPM_TEXT_WARN : IPM_TEXT_DIM, line,
                  CHOICE_LACKS);
}

static void choice_candidate(struct ipm_text_pen *pen,
                             const struct ipm_choice_group *group,
                             const struct ipm_choice_candidate *candidate) {
    const struct ipm_statistic statistic = ipm_choice_statistic(&candidate->value);
    const struct ipm_cell rank = ipm_cell_print("%zu", candidate->rank);
    const struct ipm_title label = ipm_text_label(&candidate->config);
    const struct ipm_cell value = ipm_cell_print(
        "%s%s", candidate->interpolated ? "~" : "",
        choice_value(group->metric, candidate->value.value, pen->unit).text);
    const struct ipm_cell percent = ipm_text_percent(&statistic);
    const struct ipm_cell cpu = ipm_text_number(candidate->cpu_ns.value);
    choice_row(
        pen, candidate->rank == 1 ? IPM_TEXT_GOOD : IPM_TEXT_PLAIN,
        (const char *const[]){rank.text, label.text, value.text, percent.text, cpu.text});
    choice_lacks(pen, group, candidate);
    ipm_text_newline(pen);
}

/* Whether an earlier exclusion has the same reason: one line tells both. */
static bool choice_is_told(const struct ipm_choice_group *group, size_t index) {
    for (size_t i = 0; i < index; i++)
        if (strcmp(group->exclusions[i].reason, group->exclusions[index].reason) == 0)
            return true;
    return false;
}

static void choice_left_out(struct ipm_text_pen *pen,
                            const struct ipm_choice_group *group) {
    char line[CHOICE_LINE_BYTES];
    for (size_t i = 0; i < group->exclusion_count; i++) {
        const char *reason = group->exclusions[i].reason;
        struct ipm_strbuf text = ipm_strbuf_over(line, sizeof line);
        if (choice_is_told(group, i))
            continue;
        for (size_t k = i; k < group->exclusion_count; k++)
            if (strcmp(group->exclusions[k].reason, reason) == 0)
                (void)ipm_strbuf_add(&text, "%s%s", text.used > 0 ? ", " : "",
                                     ipm_text_label(&group->exclusions[k].config).text);
        ipm_text_put(pen, IPM_TEXT_DIM, "left out: ");
        ipm_text_line(pen, IPM_TEXT_DIM, 10, "%s: %s", line, reason);
    }
}

static void choice_notes(struct ipm_text_pen *pen, const struct ipm_choice_group *group) {
    bool interpolated = false;
    double residual = 0;
    for (size_t i = 0; i < group->candidate_count; i++) {
        const struct ipm_choice_candidate *candidate = &group->candidates[i];
        interpolated = interpolated || candidate->interpolated;
        if (candidate->interpolated)
            residual = fmax(residual, candidate->fit.residual_ratio);
    }
    if (group->candidate_count > CHOICE_ROWS_MOST)
        ipm_text_line(pen, IPM_TEXT_DIM, 2, "and %zu more; '--json FILE' has them all",
                      group->candidate_count - CHOICE_ROWS_MOST);
    if (interpolated)
        ipm_text_line(pen, IPM_TEXT_PLAIN, 2,
                      "~ not measured: by the model t = a + b n, which misses measured "
                      "sizes by up to %.0f %%",
                      residual * 100);
    if (strcmp(group->config.pin, "none") == 0 && !group->mixes)
        ipm_text_line(pen, IPM_TEXT_WARN, 2,
                      "placement: left to the scheduler, which may place each of them "
                      "differently; 'run --pin same,split' tells");
}

/* Candidates are ranked, so the first and the last are the extremes. */
static const struct ipm_text_unit *choice_scale(const struct ipm_text_pen *pen,
                                                const struct ipm_choice_group *group) {
    const size_t count = group->candidate_count;
    return count == 0 ? ipm_text_unit(pen->options->unit, NAN, NAN)
                      : ipm_text_unit(pen->options->unit,
                                      group->candidates[count - 1].value.value,
                                      group->candidates[0].value.value);
}

static void choice_group(struct ipm_text_pen *pen, const struct ipm_choice_group *group) {
    pen->unit = choice_scale(pen, group);
    ipm_text_wrap(pen, IPM_TEXT_BOLD,
                  ipm_text_title(&group->config, " \u00b7 ", true).text, 2);
    ipm_text_put(pen, IPM_TEXT_BOLD, ": ");
    if (group->candidate_count == 0) {
        ipm_text_line(pen, IPM_TEXT_BAD, 2, "no answer");
    } else {
        choice_answer(pen, group);
        choice_row(pen, IPM_TEXT_DIM,
                   (const char *const[]){"rank", "transport",
                                         choice_unit(group->metric, pen->unit), "\u00b1%",
                                         "CPU ns/msg"});
        ipm_text_put(pen, IPM_TEXT_DIM, "gives up");
        ipm_text_newline(pen);
    }
    for (size_t i = 0; i < group->candidate_count && i < CHOICE_ROWS_MOST; i++)
        choice_candidate(pen, group, &group->candidates[i]);
    choice_notes(pen, group);
    choice_left_out(pen, group);
    ipm_text_newline(pen);
}

int ipm_choice_text(const struct ipm_document *document,
                    const struct ipm_render_options *options, FILE *out,
                    struct ipm_err *err) {
    const struct ipm_choice *choice = document->choice;
    struct ipm_text_pen pen = {.out = out, .options = options};
    const bool none = ipm_choice_count(choice) == 0;
    errno = 0;
    for (size_t i = 0; i < choice->group_count; i++)
        if (none || choice->groups[i].candidate_count > 0)
            choice_group(&pen, &choice->groups[i]);
    if (choice->command[0] != '\0') {
        ipm_text_line(&pen, IPM_TEXT_PLAIN, 2,
                      choice->rate_missed ? "this run finds the rates that are kept:"
                                          : "this run could answer:");
        ipm_text_put(&pen, IPM_TEXT_PLAIN, "  ");
        ipm_text_put(&pen, IPM_TEXT_BOLD, choice->command); /* one line, to be copied */
        ipm_text_newline(&pen);
    }
    return ipm_clean_end(out, "answer", err);
}
