/* merge.c - reports of several machines as text: who is odd, then a line for each case. */
#include "model/merge/merge.h"

#include "reports/columns/format.h"
#include "reports/common/clean.h"
#include "reports/common/comparison.h"
#include "reports/renderer.h"
#include "reports/text/pen.h"
#include "reports/text/text.h"

#include <errno.h>
#include <math.h>

/* The columns at which cells end, and the case begins. */
enum { MERGE_MEDIAN = 16, MERGE_SPREAD = 25, MERGE_LIMIT = 34, MERGE_CASE = 36 };

/* --- who is odd -------------------------------------------------------------------------- */

/* Finds the case in which the group is furthest from the others. */
static const struct ipm_merge_value *
merge_furthest(const struct ipm_merge *merge, const struct ipm_merge_group *group,
               const struct ipm_case_config **ret_case) {
    const struct ipm_merge_value *furthest = NULL;
    for (size_t i = 0; i < merge->result_count; i++) {
        const struct ipm_merge_result *result = &merge->results[i];
        for (size_t v = 0; v < result->value_count; v++) {
            const struct ipm_merge_value *value = &result->values[v];
            if (value->group != group->name || !value->odd ||
                (furthest != NULL &&
                 fabs(log(value->ratio)) <= fabs(log(furthest->ratio))))
                continue;
            furthest = value;
            *ret_case = &result->config;
        }
    }
    return furthest;
}

static void merge_odd(struct ipm_text_pen *pen, const struct ipm_merge *merge,
                      const struct ipm_merge_group *group) {
    const struct ipm_case_config *config = NULL;
    const struct ipm_merge_value *furthest = merge_furthest(merge, group, &config);
    if (furthest == NULL)
        return;
    ipm_text_put(pen, IPM_TEXT_BAD, "odd: ");
    ipm_text_line(pen, IPM_TEXT_BOLD, 5, "%s in %zu of %zu cases, by %s in %s",
                  group->name, group->odd_count, group->result_count,
                  ipm_comparison_change(furthest->ratio).text,
                  ipm_text_case(config).text);
    for (size_t i = 0; i < group->difference_count; i++) {
        const struct ipm_merge_difference *difference = &group->differences[i];
        ipm_text_move(pen, 5);
        ipm_text_line(pen, IPM_TEXT_PLAIN, 7, "%s: %s, elsewhere %s", difference->what,
                      ipm_comparison_known(difference->here),
                      ipm_comparison_known(difference->elsewhere));
    }
}

static size_t merge_runs(const struct ipm_merge *merge) {
    size_t count = 0;
    for (size_t i = 0; i < merge->group_count; i++)
        count += merge->groups[i].run_count;
    return count;
}

static const char *merge_plural(size_t count) {
    return count == 1 ? "" : "s";
}

static void merge_heading(struct ipm_text_pen *pen, const struct ipm_merge *merge) {
    size_t odd = 0;
    const size_t runs = merge_runs(merge);
    ipm_text_line(pen, IPM_TEXT_PLAIN, 2, "%zu group%s by %s of %zu report%s",
                  merge->group_count, merge_plural(merge->group_count), merge->by, runs,
                  merge_plural(runs));
    for (size_t i = 0; i < merge->group_count; i++)
        odd += merge->groups[i].odd_count > 0;
    for (size_t i = 0; i < merge->group_count; i++)
        merge_odd(pen, merge, &merge->groups[i]);
    if (merge->group_count < IPM_MERGE_GROUPS_LEAST)
        ipm_text_line(pen, IPM_TEXT_WARN, 2,
                      "too few groups: at least %d are needed to tell which is odd",
                      IPM_MERGE_GROUPS_LEAST);
    else if (!ipm_merge_tells(merge))
        ipm_text_line(pen, IPM_TEXT_WARN, 2,
                      "no case has values of at least %d groups, which are needed to "
                      "tell which is odd",
                      IPM_MERGE_GROUPS_LEAST);
    else if (odd == 0)
        ipm_text_line(pen, IPM_TEXT_GOOD, 2, "no group is odd");
}

/* --- cases ------------------------------------------------------------------------------- */

static void merge_row(struct ipm_text_pen *pen, enum ipm_text_style style,
                      const char *median, const char *spread, const char *limit,
                      const char *name) {
    ipm_text_put_right(pen, style, median, MERGE_MEDIAN);
    ipm_text_put_right(pen, style, spread, MERGE_SPREAD);
    ipm_text_put_right(pen, style, limit, MERGE_LIMIT);
    ipm_text_move(pen, MERGE_CASE);
    ipm_text_wrap(pen, style, name, MERGE_CASE + 2);
    ipm_text_newline(pen);
}

/* "4.1 %", ">999 %", or "-" when unknown. */
static struct ipm_cell merge_percent(double ratio) {
    if (isnan(ratio))
        return (struct ipm_cell){"-"};
    if (ratio > 9.99)
        return (struct ipm_cell){">999 %"};
    return ipm_cell_print("%.1f %%", ratio * 100);
}

/* Writes a line below the case. */
#define MERGE_NOTE(style, ...)                                                           \
    (ipm_text_move(pen, MERGE_CASE + 2),                                                 \
     ipm_text_line(pen, style, MERGE_CASE + 4, __VA_ARGS__))

/* Tells which trials do not count. */
static void merge_contended(struct ipm_text_pen *pen,
                            const struct ipm_merge_result *result) {
    size_t trials = 0;
    for (size_t v = 0; v < result->value_count; v++)
        trials += result->values[v].contended;
    if (trials > 0)
        MERGE_NOTE(IPM_TEXT_DIM, "left out: %zu contended trial%s", trials,
                   merge_plural(trials));
    if (result->contended_count > 0)
        MERGE_NOTE(IPM_TEXT_WARN, "left out: %zu contended group%s",
                   result->contended_count, merge_plural(result->contended_count));
}

static void merge_result(struct ipm_text_pen *pen, const struct ipm_merge *merge,
                         const struct ipm_merge_result *result) {
    const struct ipm_text_unit *unit =
        ipm_text_unit(pen->options->unit, result->median, result->median);
    merge_row(pen, IPM_TEXT_PLAIN,
              ipm_comparison_value(result->metric, result->median, unit).text,
              merge_percent(result->spread).text, merge_percent(result->limit).text,
              ipm_text_case(&result->config).text);
    for (size_t v = 0; v < result->value_count; v++) {
        const struct ipm_merge_value *value = &result->values[v];
        if (value->odd)
            MERGE_NOTE(IPM_TEXT_BAD, "%s %s", value->group,
                       ipm_comparison_change(value->ratio).text);
    }
    if (result->mixed)
        MERGE_NOTE(IPM_TEXT_WARN, "machines of several kinds: none is odd");
    if (result->value_count + result->contended_count < merge->group_count)
        MERGE_NOTE(IPM_TEXT_DIM, "measured by %zu of %zu groups",
                   result->value_count + result->contended_count, merge->group_count);
    merge_contended(pen, result);
}

int ipm_merge_text(const struct ipm_document *document,
                   const struct ipm_render_options *options, FILE *out,
                   struct ipm_err *err) {
    const struct ipm_merge *merge = document->merge;
    struct ipm_text_pen pen = {.out = out, .options = options};
    errno = 0;
    merge_heading(&pen, merge);
    ipm_text_newline(&pen);
    merge_row(&pen, IPM_TEXT_DIM, "median", "spread", "limit", "case");
    for (size_t i = 0; i < merge->result_count; i++)
        merge_result(&pen, merge, &merge->results[i]);
    return ipm_clean_end(out, "table", err);
}
