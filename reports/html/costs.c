/* costs.c - the costs of a group of cases: latency distributions and the CPU time per
 * message. */
#include "model/report/report.h"
#include "reports/columns/columns.h"
#include "reports/columns/sections.h"
#include "reports/html/curves.h"
#include "reports/html/rows.h"
#include "reports/html/run.h"

#include <errno.h>
#include <math.h>
#include <string.h>

static void costs_title(char title[IPM_TEXT_TITLE_BYTES], const char *what,
                        const struct ipm_case *c) {
    char conditions[IPM_TEXT_TITLE_BYTES];
    struct ipm_case_config config = c->config;
    config.server[0] = '\0'; /* the names of the series have it */
    ipm_text_title(conditions, &config, " \u00b7 ", false);
    (void)snprintf(title, IPM_TEXT_TITLE_BYTES, "%s \u00b7 %.200s", what, conditions);
}

/* --- latency ---------------------------------------------------------------------------- */

/* The axis counts nines: 0 at 0 %, 1 at 90 %, 2 at 99 %, so that the rare, slow responses
 * have room. */
enum { COSTS_STEPS_A_NINE = 12, COSTS_NINES_MOST = 5 };

static const size_t costs_points = (size_t)COSTS_STEPS_A_NINE * COSTS_NINES_MOST + 1;
static const double costs_us = 1e-3; /* of a ns */

static double costs_nines(double ratio) {
    return -log10(1 - ratio);
}

static const double costs_percentiles[] = {0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999};

static bool costs_is_marked(double nines) {
    for (size_t i = 0; i < sizeof costs_percentiles / sizeof costs_percentiles[0]; i++)
        if (fabs(nines - costs_nines(costs_percentiles[i])) < 1e-9)
            return true;
    return false;
}

static void costs_percentile(char cell[IPM_TEXT_CELL_BYTES], double nines) {
    const double percent = 100 * (1 - pow(10, -nines));
    (void)snprintf(cell, IPM_TEXT_CELL_BYTES, "%.*f %%",
                   nines < 2.5 ? 0 : (int)lround(nines) - 2, percent);
}

/* The median is no step; it replaces the step beside it. */
static double costs_step(size_t i) {
    const double nines = (double)i / COSTS_STEPS_A_NINE;
    const double middle = costs_nines(0.5);
    return fabs(nines - middle) < 0.5 / COSTS_STEPS_A_NINE ? middle : nines;
}

/* Ends where the samples end: with 1,000 responses, at 99.9 %. */
static void costs_curve(struct ipm_html_curves *chart, size_t series,
                        const struct ipm_latency *latency) {
    const double most = log10((double)latency->count) + 1e-9;
    ipm_html_curves_begin(chart, series);
    for (size_t i = 0; i < costs_points; i++) {
        const double nines = costs_step(i);
        const double ns = ipm_latency_quantile(latency, 1 - pow(10, -nines));
        const struct ipm_html_point point = {.x = nines,
                                             .y = ns * costs_us,
                                             .low = NAN,
                                             .high = NAN,
                                             .marked = costs_is_marked(nines)};
        if (nines <= most)
            ipm_html_curves_add(chart, &point);
    }
}

static void costs_ticks(struct ipm_html_axis *axis) {
    for (size_t i = 0; i < sizeof costs_percentiles / sizeof costs_percentiles[0]; i++)
        if (costs_nines(costs_percentiles[i]) <= axis->high + 1e-9)
            ipm_html_axis_tick(axis, costs_nines(costs_percentiles[i]));
}

void ipm_html_latencies(FILE *out, struct ipm_html_run *page,
                        const struct ipm_text_section *section, size_t first) {
    char title[IPM_TEXT_TITLE_BYTES];
    const struct ipm_case *cases = section->report->cases;
    struct ipm_html_curves chart = {
        .figure =
            {.number = page->figures++,
             .title = title,
             .description =
                 "Latency of all trials together: the share of the responses that took "
                 "no longer than this time. Lower is better, and the time axis is "
                 "logarithmic. The rare, slow responses are on the right."},
        .series = &page->series,
        .x = {.name = "share of the responses", .format = costs_percentile},
        .y = {.name = "\u00b5s",
              .format = ipm_text_number,
              .logarithmic = true,
              .unit = 1}};
    costs_title(title, "Latency distribution", &cases[first]);
    for (size_t i = first; i < section->end; i = ipm_text_group_next(section, i))
        if (cases[i].summary.latency.count > 0 && ipm_text_is_drawn(section, i))
            costs_curve(&chart, page->series.of_case[i], &cases[i].summary.latency);
    costs_ticks(&chart.x);
    if (ipm_html_curves_put(out, &chart) != 0)
        page->code = -ENOMEM;
}

/* --- CPU time --------------------------------------------------------------------------- */

static void costs_row(struct ipm_html_rows *chart, size_t series,
                      const struct ipm_case *c) {
    const double sides[IPM_ROLES] = {c->summary.metrics[IPM_METRIC_SENDER_CPU].median,
                                     c->summary.metrics[IPM_METRIC_RECEIVER_CPU].median};
    struct ipm_html_row row = {.series = series, .value = 0, .low = NAN, .high = NAN};
    for (size_t i = 0; i < IPM_ROLES; i++) {
        row.sides[i] = sides[i];
        row.shares[i] = ipm_metric_user_ratio(c, (int)i);
        row.value += sides[i];
    }
    ipm_html_rows_add(chart, &row);
}

void ipm_html_costs(FILE *out, struct ipm_html_run *page,
                    const struct ipm_text_section *section, size_t first) {
    char title[IPM_TEXT_TITLE_BYTES];
    const struct ipm_case *cases = section->report->cases;
    struct ipm_html_rows chart = {
        .figure =
            {.number = page->figures++,
             .title = title,
             .description =
                 "Median CPU time that each end spent per message, stacked; the shortest "
                 "bar is best and comes first. User time is spent in the "
                 "program, system time (hatched) in the kernel. The kernel splits "
                 "them by its clock tick, so the split is approximate."},
        .series = &page->series,
        .axis = {.name = "ns of CPU time per message",
                 .format = ipm_text_number,
                 .unit = 1},
        .bars = true,
        .sides = {cases[first].ends[IPM_SENDER], cases[first].ends[IPM_RECEIVER]},
        .parts = {"user", "system"}};
    costs_title(title, "CPU time per message", &cases[first]);
    (void)ipm_html_axis_show(&chart.axis, 0);
    for (size_t i = first; i < section->end; i = ipm_text_group_next(section, i))
        if (cases[i].status == IPM_CASE_OK)
            costs_row(&chart, page->series.of_case[i], &cases[i]);
    if (ipm_html_rows_put(out, &chart) != 0)
        page->code = -ENOMEM;
}
