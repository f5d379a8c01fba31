/* rates.c - the primary metric of the cases of a pattern: over the message size or the
 * number of clients where there are several, else a row for each case. */
#include "model/report/report.h"
#include "reports/columns/columns.h"
#include "reports/columns/sections.h"
#include "reports/html/curves.h"
#include "reports/html/rows.h"
#include "reports/html/run.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <string.h>

static const double rates_mebibyte = 1048576.0;

/* The setting along the x axis. */
struct rates_by {
    const char *words; /* in the title */
    const char *name;  /* of the axis */
    void (*format)(char cell[IPM_TEXT_CELL_BYTES], double value);
    double (*of)(const struct ipm_case_config *config);
};

static double rates_size_of(const struct ipm_case_config *config) {
    return (double)config->message_bytes;
}

static double rates_clients_of(const struct ipm_case_config *config) {
    return (double)config->clients;
}

static void rates_size(char cell[IPM_TEXT_CELL_BYTES], double bytes) {
    ipm_text_size(cell, (uint64_t)bytes);
}

static const struct rates_by rates_by_size = {
    .words = "by message size",
    .name = "message size",
    .format = rates_size,
    .of = rates_size_of,
};

static const struct rates_by rates_by_clients = {
    .words = "by number of clients",
    .name = "clients",
    .format = ipm_text_number,
    .of = rates_clients_of,
};

/* Writes the name of the metric as words: "Round trips" for "round-trips". */
static void rates_words(char words[IPM_TEXT_CELL_BYTES],
                        const struct ipm_text_column *column) {
    (void)snprintf(words, IPM_TEXT_CELL_BYTES, "%s", ipm_metrics[column->metric].name);
    words[0] = (char)toupper((unsigned char)words[0]);
    for (char *at = words; (at = strchr(at, '-')) != NULL;)
        *at = ' ';
}

/* --- which charts ----------------------------------------------------------------------- */

static bool rates_together(const struct ipm_case_config *a,
                           const struct ipm_case_config *b, const struct rates_by *by) {
    return (by == &rates_by_size || a->message_bytes == b->message_bytes) &&
           (by == &rates_by_clients || a->clients == b->clients) &&
           ipm_settings_are_equal(a, b, IPM_SETTING_CONDITION);
}

/* Whether more than one value of the x axis occurs from the case `first` on: in the chart that
 * begins with it, or in the whole section. */
static bool rates_vary(const struct ipm_text_section *section, size_t first, bool whole,
                       const struct rates_by *by) {
    const struct ipm_case *cases = section->report->cases;
    const struct ipm_case_config *config = &cases[first].config;
    for (size_t i = first; i < section->end; i++)
        if (by->of(&cases[i].config) != by->of(config) &&
            (whole || rates_together(config, &cases[i].config, by)))
            return true;
    return false;
}

/* Returns the x axis of the charts of the section; NULL: nothing varies. */
static const struct rates_by *rates_axis(const struct ipm_text_section *section) {
    if (rates_vary(section, section->begin, true, &rates_by_size))
        return &rates_by_size;
    return rates_vary(section, section->begin, true, &rates_by_clients)
               ? &rates_by_clients
               : NULL;
}

/* Returns the next case of the same chart, from `index` on, or the section's end. */
static size_t rates_next(const struct ipm_text_section *section, size_t chart,
                         size_t index, const struct rates_by *by) {
    const struct ipm_case *cases = section->report->cases;
    while (index < section->end &&
           !rates_together(&cases[chart].config, &cases[index].config, by))
        index++;
    return index;
}

static bool rates_lead_chart(const struct ipm_text_section *section, size_t index,
                             const struct rates_by *by) {
    return rates_next(section, index, section->begin, by) == index;
}

/* Writes "Throughput by message size · framing length": the conditions except for the axis
 * and what the names of the series have. */
static void rates_title(char title[IPM_TEXT_TITLE_BYTES],
                        const struct ipm_text_section *section, size_t chart,
                        const struct rates_by *by) {
    char words[IPM_TEXT_CELL_BYTES];
    char conditions[IPM_TEXT_TITLE_BYTES];
    struct ipm_case_config config = section->report->cases[chart].config;
    rates_words(words, section->set->columns);
    config.server[0] = '\0';
    config.clients = by == &rates_by_clients ? 1 : config.clients;
    ipm_text_title(conditions, &config, " \u00b7 ", false);
    const char *shown = conditions; /* the size comes first */
    if (by == &rates_by_size)
        shown = strstr(conditions, " \u00b7 ");
    (void)snprintf(title, IPM_TEXT_TITLE_BYTES, "%s%s%s%s%.200s", words,
                   by != NULL ? " " : "", by != NULL ? by->words : "",
                   shown == conditions ? " \u00b7 " : "", shown != NULL ? shown : "");
}

static void rates_scale(struct ipm_html_axis *axis,
                        const struct ipm_text_column *column) {
    const bool bytes = ipm_metric_is_byte_rate(&ipm_metrics[column->metric]);
    axis->name = column->heading;
    axis->format = bytes ? ipm_text_rate : ipm_text_number;
    axis->unit = bytes ? rates_mebibyte : 1;
    axis->logarithmic = true;
}

/* --- over an axis ----------------------------------------------------------------------- */

struct rates_chart {
    const struct ipm_html_run *page;
    const struct ipm_text_section *section;
    const struct rates_by *by;
    size_t chart; /* its first case */
};

static struct ipm_statistic rates_of(const struct rates_chart *rates, size_t index) {
    const struct ipm_case *c = &rates->section->report->cases[index];
    struct ipm_statistic unknown = {.median = NAN, .ci95_low = NAN, .ci95_high = NAN};
    if (!ipm_text_is_drawn(rates->section, index))
        return unknown;
    return ipm_text_statistic(rates->section->set->columns, c);
}

static void rates_curve(struct ipm_html_curves *chart, const struct rates_chart *rates,
                        size_t series) {
    const struct ipm_text_section *section = rates->section;
    ipm_html_curves_begin(chart, series);
    for (size_t i = rates->chart; i < section->end;
         i = rates_next(section, rates->chart, i + 1, rates->by)) {
        const struct ipm_statistic rate = rates_of(rates, i);
        const struct ipm_html_point point = {
            .x = rates->by->of(&section->report->cases[i].config),
            .y = rate.median,
            .low = rate.ci95_low,
            .high = rate.ci95_high,
            .marked = true};
        if (rates->page->series.of_case[i] == series)
            ipm_html_curves_add(chart, &point);
    }
}

/* Adds a tick for each value. */
static void rates_ticks(struct ipm_html_curves *chart) {
    struct ipm_html_axis *axis = &chart->x;
    for (size_t i = 0; i < chart->point_count; i++) {
        size_t known = 0;
        while (known < axis->tick_count && axis->ticks[known] != chart->points[i].x)
            known++;
        if (known == axis->tick_count)
            ipm_html_axis_tick(axis, chart->points[i].x);
    }
    ipm_html_axis_sort(axis);
}

static void rates_over_axis(FILE *out, struct ipm_html_run *page,
                            const struct rates_chart *rates) {
    char title[IPM_TEXT_TITLE_BYTES];
    const struct ipm_text_section *section = rates->section;
    rates_title(title, section, rates->chart, rates->by);
    struct ipm_html_curves chart = {
        .figure = {.number = page->figures++,
                   .title = title,
                   .description =
                       "Medians over the trials; higher is better. Both axes are "
                       "logarithmic. Vertical bars are 95 % intervals of the medians, "
                       "where there were enough trials. The null transport, which moves "
                       "no data, is only in the table of results."},
        .series = &page->series,
        .x = {.name = rates->by->name, .format = rates->by->format, .logarithmic = true}};
    rates_scale(&chart.y, section->set->columns);
    for (size_t i = 0; i < page->series.count; i++)
        rates_curve(&chart, rates, i);
    rates_ticks(&chart);
    if (ipm_html_curves_put(out, &chart) != 0)
        page->code = -ENOMEM;
}

/* --- a row each ------------------------------------------------------------------------- */

static void rates_in_rows(FILE *out, struct ipm_html_run *page,
                          const struct rates_chart *rates) {
    char title[IPM_TEXT_TITLE_BYTES];
    const struct ipm_text_section *section = rates->section;
    rates_title(title, section, rates->chart, NULL);
    struct ipm_html_rows chart = {
        .figure =
            {.number = page->figures++,
             .title = title,
             .description =
                 "Medians over the trials; the highest is best and comes first. The "
                 "axis is logarithmic. Horizontal bars are 95 % intervals of "
                 "the medians, where there were enough trials. The null transport, "
                 "which moves no data, is only in the table of results."},
        .series = &page->series,
        .largest_first = true};
    rates_scale(&chart.axis, section->set->columns);
    for (size_t i = rates->chart; i < section->end;
         i = rates_next(section, rates->chart, i + 1, NULL)) {
        const struct ipm_statistic rate = rates_of(rates, i);
        const struct ipm_html_row row = {.series = page->series.of_case[i],
                                         .value = rate.median,
                                         .low = rate.ci95_low,
                                         .high = rate.ci95_high};
        ipm_html_rows_add(&chart, &row);
    }
    if (ipm_html_rows_put(out, &chart) != 0)
        page->code = -ENOMEM;
}

void ipm_html_rates(FILE *out, struct ipm_html_run *page,
                    const struct ipm_text_section *section) {
    const struct rates_by *by = rates_axis(section);
    for (size_t i = section->begin; i < section->end && page->code == 0; i++) {
        const struct rates_chart rates = {page, section, by, i};
        if (!rates_lead_chart(section, i, by))
            continue;
        if (by != NULL && rates_vary(section, i, false, by))
            rates_over_axis(out, page, &rates);
        else
            rates_in_rows(out, page, &rates);
    }
}
