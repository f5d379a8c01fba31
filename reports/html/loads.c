/* loads.c - latencies over the offered rate, and the rates that hold a target. */
#include "model/report/report.h"
#include "reports/columns/sections.h"
#include "reports/columns/words.h"
#include "reports/html/page.h"
#include "reports/html/run.h"

#include <math.h>
#include <string.h>

static const double loads_us = 1e-3; /* of a ns */

/* The percentile of the target, else p99. */
static const struct ipm_metric *loads_metric(const struct ipm_report *report) {
    const struct ipm_metric *target = ipm_metric_find_percentile(report->settings.target);
    return target != NULL ? target : &ipm_metrics[IPM_METRIC_LATENCY_P99];
}

/* Returns the settings in which the cases of one chart agree, or, without the placement, those of
 * charts side by side. */
static uint64_t loads_settings(unsigned without) {
    return ipm_settings_with(IPM_SETTING_CONDITION | IPM_SETTING_AXIS) &
           ~ipm_settings_with(IPM_SETTING_PACE | without);
}

static bool loads_is_highest(const struct ipm_report *report, const struct ipm_case *c) {
    for (size_t i = 0; i < report->highest_rates.count; i++)
        if (strcmp(report->highest_rates.items[i].held.name, c->config.name) == 0)
            return true;
    return false;
}

static struct ipm_html_point loads_point(const struct ipm_html_run *page, size_t i) {
    const struct ipm_case *c = &page->report->cases[i];
    const bool known = c->status == IPM_CASE_OK && !ipm_metric_is_saturated(c);
    const struct ipm_metric *metric = loads_metric(page->report);
    const double ns = ipm_case_summary(c)->metrics[metric - ipm_metrics].median;
    return (struct ipm_html_point){.series = page->series.of_case[i],
                                   .x = (double)c->config.rate_per_second,
                                   .value = known ? ns * loads_us : NAN,
                                   .low = NAN,
                                   .high = NAN,
                                   .marked = true,
                                   .ringed = loads_is_highest(page->report, c)};
}

static void loads_draw(FILE *out, struct ipm_html_run *page,
                       const struct ipm_text_section *section, size_t first) {
    const struct ipm_case *cases = section->report->cases;
    const struct ipm_options *settings = &section->report->settings;
    struct ipm_case_config config = cases[first].config;
    char name[IPM_TEXT_CELL_BYTES];
    char what[IPM_TEXT_TITLE_BYTES];
    char target[IPM_TEXT_CELL_BYTES];
    struct ipm_html_chart chart = {
        .figure = {.description =
                       "Latency from the scheduled time of sending, over the rate that "
                       "each sender offers. A rate that was not achieved has no latency: "
                       "it grows with the length of the window. Both axes are "
                       "logarithmic, and the same for each placement."},
        .scattered = true,
        .x = {.name = "offered messages/s",
              .format = ipm_text_number,
              .unit = 1,
              .logarithmic = true},
        .values = {
            .name = name, .format = ipm_text_number, .unit = 1, .logarithmic = true}};
    const char *word = loads_metric(section->report)->word;
    (void)snprintf(name, sizeof name, "%s in us", word);
    (void)snprintf(what, sizeof what, "Latency (%s) by offered rate", word);
    ipm_settings_clear(&config, IPM_SETTING_PACE);
    ipm_html_chart_begin(&chart, page, what, &config, false);
    ipm_text_target(target, settings);
    if (section->swept)
        (void)snprintf(chart.figure.note, sizeof chart.figure.note,
                       "Rings: the highest rates that hold %s", target);
    const uint64_t chart_settings = loads_settings(0);
    const uint64_t beside_settings = loads_settings(IPM_SETTING_PLACE);
    for (size_t i = section->begin; i < section->end; i++) {
        if (!ipm_settings_agree(&cases[first].config, &cases[i].config, beside_settings))
            continue;
        const struct ipm_html_point point = loads_point(page, i);
        if (ipm_settings_agree(&cases[first].config, &cases[i].config, chart_settings))
            ipm_html_chart_add(&chart, &point);
        else
            (void)ipm_html_chart_show(&chart, &point);
    }
    ipm_html_curves(out, &chart);
}

/* Whether the case is the first of its chart, and whether that has several rates. The cases of a
 * chart mostly follow each other, so that few of them look further than to the one before. */
static bool loads_leads(const struct ipm_text_section *section, size_t index,
                        uint64_t settings) {
    const struct ipm_case *cases = section->report->cases;
    bool several = false;
    if (cases[index].config.rate_per_second == 0 ||
        (index > section->begin &&
         ipm_settings_agree(&cases[index - 1].config, &cases[index].config, settings)))
        return false;
    for (size_t i = section->begin; i < section->end; i++) {
        if (!ipm_settings_agree(&cases[i].config, &cases[index].config, settings))
            continue;
        if (i < index)
            return false;
        several = several ||
                  cases[i].config.rate_per_second != cases[index].config.rate_per_second;
    }
    return several;
}

void ipm_html_loads(FILE *out, struct ipm_html_run *page,
                    const struct ipm_text_section *section) {
    const uint64_t settings = loads_settings(0);
    for (size_t i = section->begin; i < section->end; i++)
        if (loads_leads(section, i, settings))
            loads_draw(out, page, section, i);
}

void ipm_html_highest(FILE *out, const struct ipm_report *report) {
    const bool named = ipm_text_names_patterns(report);
    if (report->highest_rates.count == 0)
        return;
    (void)fputs("<h3>Highest rates</h3>\n<ul class=\"says\">\n", out);
    for (size_t i = 0; i < report->highest_rates.count; i++) {
        char words[IPM_TEXT_HIGHEST_BYTES];
        ipm_text_highest(words, &report->highest_rates.items[i], &report->settings,
                         named);
        ipm_html_print(out, "<li>%s</li>\n", words);
    }
    (void)fputs("</ul>\n", out);
}
