/* loads.c - latencies over the offered rate, and the rates that hold a target. */
#include "base/units.h"
#include "model/report/highest.h"
#include "model/report/report.h"
#include "reports/columns/sections.h"
#include "reports/columns/words.h"
#include "reports/html/page.h"
#include "reports/html/run.h"

#include <math.h>
#include <string.h>

/* The percentile of the target, else p99. */
static const struct ipm_metric *loads_metric(const struct ipm_report *report) {
    const struct ipm_metric *target = ipm_metric_find_percentile(report->settings.target);
    return target != NULL ? target : &ipm_metrics[IPM_METRIC_LATENCY_P99];
}

uint64_t ipm_html_loads_settings(void) {
    return ipm_settings_with(IPM_SETTING_CONDITION | IPM_SETTING_AXIS) &
           ~ipm_settings_with(IPM_SETTING_PACE | IPM_SETTING_PLACE);
}

/* Returns the item of which the case is the highest rate that holds the target, or NULL. */
static const struct ipm_highest *loads_highest(const struct ipm_report *report,
                                               const struct ipm_case *c) {
    for (size_t i = 0; i < report->highest_rates.count; i++)
        if (strcmp(report->highest_rates.items[i].held.name, c->config.name) == 0)
            return &report->highest_rates.items[i];
    return NULL;
}

static struct ipm_html_point loads_point(const struct ipm_html_run *page, size_t i) {
    const struct ipm_case *c = &page->report->cases[i];
    const bool known = c->status == IPM_CASE_OK;
    const struct ipm_metric *metric = loads_metric(page->report);
    const double ns = ipm_case_summary(c)->metrics[metric - ipm_metrics].median;
    return (struct ipm_html_point){.series = page->series.of_case[i],
                                   .x = (double)c->config.rate_per_second,
                                   .value = !known                       ? NAN
                                            : ipm_metric_is_saturated(c) ? INFINITY
                                                                         : ns,
                                   .low = NAN,
                                   .high = NAN,
                                   .marked = true,
                                   .ringed = loads_highest(page->report, c) != NULL};
}

/* Returns the chart without its cases, with axes for those of all placements. */
static struct ipm_html_chart loads_chart(const struct ipm_html_run *page,
                                         const struct ipm_text_section *section,
                                         size_t first) {
    struct ipm_html_chart chart = {
        .figure = {.description =
                       "Latency from the scheduled time of sending, over the rate that "
                       "each sender offers. Crosses at the top are rates that were not "
                       "achieved: their latency grows with the length of the window. "
                       "Both axes are logarithmic, and the same for each placement."},
        .scattered = true,
        .x = {.name = "offered messages/s",
              .format = ipm_text_number,
              .unit = 1,
              .logarithmic = true},
        .values = {.name = loads_metric(section->report)->word,
                   .format = ipm_units_time,
                   .unit = 1,
                   .logarithmic = true}};
    for (size_t i = first; i < section->end; i = page->loads.beside[i].next)
        (void)ipm_html_chart_show(&chart, loads_point(page, i));
    if (section->swept)
        chart.limit = (double)section->report->settings.target_ns;
    (void)ipm_html_axis_show(&chart.values, chart.limit);
    return chart;
}

static void loads_draw(FILE *out, struct ipm_html_run *page,
                       const struct ipm_text_section *section, size_t first,
                       struct ipm_html_chart chart) {
    struct ipm_case_config config = section->report->cases[first].config;
    const struct ipm_cell what = ipm_cell_print("Latency (%s) by offered rate",
                                                loads_metric(section->report)->word);
    ipm_settings_clear(&config, IPM_SETTING_PACE);
    ipm_html_chart_begin(&chart, page, what.text, &config, false);
    bool ringed = false;
    bool uncontended = false;
    for (size_t i = first; i < section->end; i = page->loads.chart[i].next) {
        const struct ipm_highest *highest =
            loads_highest(section->report, &section->report->cases[i]);
        ringed |= highest != NULL;
        uncontended |= highest != NULL && highest->held_uncontended;
        ipm_html_chart_add(&chart, loads_point(page, i));
    }
    if (section->swept)
        (void)snprintf(chart.figure.note, sizeof chart.figure.note,
                       ringed ? "Rings: the highest rates that hold %s, the dashed line%s"
                              : "The dashed line is %s, which no rate is known to hold",
                       ipm_text_target(&section->report->settings).text,
                       uncontended ? "; one above it does in trials without contention"
                                   : "");
    ipm_html_curves(out, &chart);
}

/* Whether the case is the first of a chart that has several rates. */
static bool loads_leads(const struct ipm_html_run *page,
                        const struct ipm_text_section *section, size_t index) {
    const struct ipm_case *cases = section->report->cases;
    const uint64_t rate = cases[index].config.rate_per_second;
    size_t i = index;
    if (page->loads.chart[index].first != index || rate == 0)
        return false;
    while (i < section->end && cases[i].config.rate_per_second == rate)
        i = page->loads.chart[i].next;
    return i < section->end;
}

void ipm_html_loads(FILE *out, struct ipm_html_run *page,
                    const struct ipm_text_section *section) {
    const struct ipm_chain *beside = page->loads.beside;
    for (size_t first = section->begin; first < section->end; first++) {
        if (beside[first].first != first)
            continue;
        const struct ipm_html_chart chart = loads_chart(page, section, first);
        for (size_t i = first; i < section->end; i = beside[i].next)
            if (loads_leads(page, section, i))
                loads_draw(out, page, section, i, chart);
    }
}

void ipm_html_highest(FILE *out, const struct ipm_report *report) {
    const bool named = ipm_text_names_patterns(report);
    if (report->highest_rates.count == 0)
        return;
    HTML("<h3>Highest rates</h3>\n<ul class=\"says\">\n");
    for (size_t i = 0; i < report->highest_rates.count; i++)
        HTML("<li>%s</li>\n",
             ipm_text_highest(&report->highest_rates.items[i], &report->settings, named)
                 .text);
    HTML("</ul>\n");
}
