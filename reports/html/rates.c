/* rates.c - the primary metric of the cases of a pattern: over the message size, the
 * number of clients or of pairs where there are several, else a row for each case. */
#include "base/units.h"
#include "model/report/report.h"
#include "reports/columns/columns.h"
#include "reports/columns/format.h"
#include "reports/columns/sections.h"
#include "reports/html/run.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

/* --- which charts ----------------------------------------------------------------------- */

static double rates_x(const struct ipm_case_config *config,
                      const struct ipm_setting *by) {
    return by != NULL ? (double)ipm_setting_number(by, config) : 1;
}

/* Whether several values of the setting occur, from the case `first` on: in its chart, or in the
 * section. */
static bool rates_vary(const struct ipm_text_section *section, size_t first,
                       const struct ipm_chain *chart, const struct ipm_setting *by) {
    const struct ipm_case *cases = section->report->cases;
    size_t i = first;
    while (i < section->end &&
           ipm_setting_is_equal(by, &cases[first].config, &cases[i].config))
        i = chart != NULL ? chart[i].next : i + 1;
    return i < section->end;
}

/* Returns the setting along the x axis of the charts of the section, which is the first one that
 * varies: size, clients or pairs; NULL: none does. */
static const struct ipm_setting *rates_axis(const struct ipm_text_section *section) {
    for (size_t i = 0; i < IPM_SETTINGS; i++)
        if ((ipm_settings[i].flags & IPM_SETTING_AXIS) != 0 &&
            rates_vary(section, section->begin, NULL, &ipm_settings[i]))
            return &ipm_settings[i];
    return NULL;
}

uint64_t ipm_html_rates_settings(const struct ipm_text_section *section) {
    const struct ipm_setting *by = rates_axis(section);
    const uint64_t settings =
        ipm_settings_with(IPM_SETTING_CONDITION | IPM_SETTING_AXIS) &
        ~ipm_settings_with(IPM_SETTING_PLACE);
    return by != NULL ? settings & ~((uint64_t)1 << (by - ipm_settings)) : settings;
}

static struct ipm_cell rates_size(double bytes) {
    return ipm_text_size((uint64_t)bytes);
}

static bool rates_by_size(const struct ipm_setting *by) {
    return by != NULL && by->type == IPM_SETTING_SIZE;
}

/* --- a chart ---------------------------------------------------------------------------- */

static const char rates_of_curves[] = "Medians over the trials; higher is better. Small "
                                      "dots are trials, vertical bars 95 % "
                                      "intervals of the medians, where there were enough "
                                      "trials. Both axes are logarithmic, "
                                      "and the same for each placement. The null "
                                      "transport, which moves no data, is only in "
                                      "the tables.";
static const char rates_of_rows[] =
    "Medians over the trials; the highest is best and comes first. Small dots are "
    "trials, "
    "horizontal bars 95 % intervals of the medians, where there were enough trials. The "
    "axis is logarithmic, and the same for each placement. The null transport, which "
    "moves no data, is only in the tables.";

/* Sets the title: "Round trips by number of clients · 64 B". */
static void rates_begin(struct ipm_html_chart *chart, struct ipm_html_run *page,
                        const struct ipm_metric *metric,
                        const struct ipm_case_config *first,
                        const struct ipm_setting *by) {
    char words[IPM_TITLE_BYTES];
    struct ipm_case_config config = *first;
    const bool sizes = rates_by_size(by);
    if (by != NULL && !sizes)
        config.clients = config.pairs = 1;
    (void)snprintf(words, sizeof words, "%s%s%s%s", metric->name,
                   metric == &ipm_metrics[IPM_METRIC_ACHIEVED] ? " rate" : "",
                   sizes        ? " by message size"
                   : by != NULL ? " by number of "
                                : "",
                   by != NULL && !sizes ? by->word : "");
    words[0] = (char)toupper((unsigned char)words[0]);
    for (char *at = words; (at = strchr(at, '-')) != NULL;)
        *at = ' ';
    ipm_html_chart_begin(chart, page, words, &config, sizes);
}

static struct ipm_html_point rates_point(const struct ipm_html_run *page,
                                         const struct ipm_text_column *column, size_t i,
                                         const struct ipm_setting *by) {
    const struct ipm_case *c = &page->report->cases[i];
    const struct ipm_statistic rate = column->of(column, c);
    return (struct ipm_html_point){.series = page->series.of_case[i],
                                   .subject = c,
                                   .x = rates_x(&c->config, by),
                                   .value = rate.median,
                                   .low = rate.ci95_low,
                                   .high = rate.ci95_high,
                                   .marked = true};
}

/* Returns the chart without its cases: over `by`, or with a row for each case where it is NULL. */
static struct ipm_html_chart rates_chart(const struct ipm_html_run *page,
                                         const struct ipm_text_section *section,
                                         const struct ipm_setting *by) {
    const struct ipm_text_column *column = section->set->columns;
    const struct ipm_metric *metric = &ipm_metrics[column->metric];
    const bool bytes = ipm_metric_is_byte_rate(metric);
    struct ipm_html_chart chart = {
        .metric = metric,
        .figure = {.description = by != NULL ? rates_of_curves : rates_of_rows},
        .values = {.name = ipm_text_column_heading(column, false, page->unit),
                   .format = bytes ? ipm_text_rate : ipm_text_number,
                   .unit = bytes ? page->unit->bytes_per_second : 1,
                   .logarithmic = true}};
    if (by != NULL)
        chart.x = (struct ipm_html_axis){
            .name = rates_by_size(by) ? "message size" : by->word,
            .format = rates_by_size(by) ? rates_size : ipm_text_number,
            .logarithmic = true};
    return chart;
}

static void rates_draw(FILE *out, struct ipm_html_run *page,
                       const struct ipm_text_section *section, size_t first,
                       struct ipm_html_chart chart, const struct ipm_setting *by) {
    if (by != NULL && !rates_vary(section, first, page->rates.chart, by)) {
        by = NULL;
        chart.x = (struct ipm_html_axis){0};
        chart.figure.description = rates_of_rows;
    }
    rates_begin(&chart, page, chart.metric, &section->report->cases[first].config, by);
    for (size_t i = first; i < section->end; i = page->rates.chart[i].next)
        if (ipm_text_is_drawn(section, i))
            ipm_html_chart_add(&chart, rates_point(page, section->set->columns, i, by));
    if (by != NULL)
        ipm_html_curves(out, &chart);
    else
        ipm_html_rows(out, &chart);
}

/* Draws a chart for each placement, with the same axes. */
static void rates_beside(FILE *out, struct ipm_html_run *page,
                         const struct ipm_text_section *section, size_t first,
                         const struct ipm_setting *by) {
    const struct ipm_chain *beside = page->rates.beside;
    struct ipm_html_chart chart = rates_chart(page, section, by);
    for (size_t i = first; i < section->end; i = beside[i].next)
        if (ipm_text_is_drawn(section, i))
            (void)ipm_html_chart_show(&chart,
                                      rates_point(page, section->set->columns, i, by));
    for (size_t i = first; i < section->end; i = beside[i].next)
        if (page->rates.chart[i].first == i)
            rates_draw(out, page, section, i, chart, by);
}

void ipm_html_rates(FILE *out, struct ipm_html_run *page,
                    const struct ipm_text_section *section) {
    const struct ipm_setting *by = rates_axis(section);
    const struct ipm_chain *beside = page->rates.beside;
    for (size_t i = section->begin; i < section->end; i++)
        if (beside[i].first == i)
            rates_beside(out, page, section, i,
                         by != NULL && rates_vary(section, i, beside, by) ? by : NULL);
}

/* --- CPU time over the rate ------------------------------------------------------------- */

static struct ipm_html_point rates_effort(const struct ipm_html_run *page, size_t i) {
    const struct ipm_case *c = &page->report->cases[i];
    return (struct ipm_html_point){.series = page->series.of_case[i],
                                   .x = ipm_text_rank(c),
                                   .value = ipm_html_cpu(c, IPM_SENDER) +
                                            ipm_html_cpu(c, IPM_RECEIVER),
                                   .low = NAN,
                                   .high = NAN,
                                   .marked = true};
}

void ipm_html_efforts(FILE *out, struct ipm_html_run *page,
                      const struct ipm_text_section *section, size_t first) {
    const struct ipm_case *cases = section->report->cases;
    const struct ipm_text_column *column = section->set->columns;
    const bool bytes = ipm_metric_is_byte_rate(&ipm_metrics[column->metric]);
    const struct ipm_cell name = ipm_html_cpu_name(&cases[first]);
    struct ipm_html_chart chart = {
        .figure = {.description = "CPU time of both ends over the rate, medians over the "
                                  "trials: cheap and fast is at the lower right. Both "
                                  "axes are logarithmic."},
        .scattered = true,
        .x = {.name = ipm_text_column_heading(column, false, page->unit),
              .format = bytes ? ipm_text_rate : ipm_text_number,
              .unit = bytes ? page->unit->bytes_per_second : 1,
              .logarithmic = true},
        .values = {
            .name = name.text, .format = ipm_units_time, .unit = 1, .logarithmic = true}};
    ipm_html_chart_begin(&chart, page, "CPU time against rate", &cases[first].config,
                         false);
    for (size_t i = ipm_text_beside_first(section, first); i < section->end;
         i = ipm_text_beside_next(section, i))
        if (ipm_text_is_drawn(section, i))
            (void)ipm_html_chart_show(&chart, rates_effort(page, i));
    for (size_t i = first; i < section->end; i = ipm_text_group_next(section, i))
        if (ipm_text_is_drawn(section, i))
            ipm_html_chart_add(&chart, rates_effort(page, i));
    ipm_html_curves(out, &chart);
}
