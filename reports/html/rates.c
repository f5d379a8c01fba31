/* rates.c - the primary metric of the cases of a pattern: over the message size, the
 * number of clients or of pairs where there are several, else a row for each case. */
#include "model/report/report.h"
#include "reports/columns/columns.h"
#include "reports/columns/format.h"
#include "reports/columns/sections.h"
#include "reports/html/run.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

/* The setting along the x axis of curves. */
struct rates_by {
    const char *words; /* in the title */
    const char *name;  /* of the axis */
    void (*format)(char cell[IPM_TEXT_CELL_BYTES], double value);
};

static void rates_size(char cell[IPM_TEXT_CELL_BYTES], double bytes) {
    ipm_text_size(cell, (uint64_t)bytes);
}

static const struct rates_by rates_by_size = {
    .words = " by message size", .name = "message size", .format = rates_size};

static const struct rates_by rates_by_clients = {
    .words = " by number of clients", .name = "clients", .format = ipm_text_number};

static const struct rates_by rates_by_pairs = {
    .words = " by number of pairs", .name = "pairs", .format = ipm_text_number};

/* Those of which the first one that varies is the axis. */
static const struct rates_by *const rates_axes[] = {&rates_by_size, &rates_by_clients,
                                                    &rates_by_pairs};
enum { RATES_AXES = sizeof rates_axes / sizeof rates_axes[0] };

static double rates_x(const struct ipm_case_config *config, const struct rates_by *by) {
    if (by == &rates_by_size)
        return (double)config->message_bytes;
    return (double)(by == &rates_by_clients ? config->clients : config->pairs);
}

/* --- which charts ----------------------------------------------------------------------- */

/* Whether the charts of both differ in nothing but the placement. */
static bool rates_beside(const struct ipm_case_config *a, const struct ipm_case_config *b,
                         const struct rates_by *by) {
    for (size_t i = 0; i < RATES_AXES; i++)
        if (by != rates_axes[i] && rates_x(a, rates_axes[i]) != rates_x(b, rates_axes[i]))
            return false;
    return ipm_text_is_alike(a, b, IPM_SETTING_CONDITION);
}

static bool rates_together(const struct ipm_case_config *a,
                           const struct ipm_case_config *b, const struct rates_by *by) {
    return strcmp(a->pin, b->pin) == 0 && rates_beside(a, b, by);
}

/* Whether more than one value of the x axis occurs from the case `first` on: in the chart that
 * begins with it, or in the whole section. */
static bool rates_vary(const struct ipm_text_section *section, size_t first, bool whole,
                       const struct rates_by *by) {
    const struct ipm_case *cases = section->report->cases;
    const struct ipm_case_config *config = &cases[first].config;
    for (size_t i = first; i < section->end; i++)
        if (rates_x(&cases[i].config, by) != rates_x(config, by) &&
            (whole || rates_together(config, &cases[i].config, by)))
            return true;
    return false;
}

/* Returns the x axis of the charts of the section; NULL: nothing varies. */
static const struct rates_by *rates_axis(const struct ipm_text_section *section) {
    for (size_t i = 0; i < RATES_AXES; i++)
        if (rates_vary(section, section->begin, true, rates_axes[i]))
            return rates_axes[i];
    return NULL;
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
                        const struct ipm_case_config *first, const struct rates_by *by) {
    char words[IPM_TEXT_TITLE_BYTES];
    struct ipm_case_config config = *first;
    config.clients = by == &rates_by_clients ? 1 : config.clients;
    config.pairs = by == &rates_by_pairs ? 1 : config.pairs;
    (void)snprintf(words, sizeof words, "%s%s", metric->name,
                   by != NULL ? by->words : "");
    words[0] = (char)toupper((unsigned char)words[0]);
    for (char *at = words; (at = strchr(at, '-')) != NULL;)
        *at = ' ';
    ipm_html_chart_begin(chart, page, words, &config, by == &rates_by_size);
}

static struct ipm_html_point rates_point(const struct ipm_html_run *page,
                                         const struct ipm_text_column *column, size_t i,
                                         const struct rates_by *by) {
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

/* Extends the axes to the same chart of the other placements. */
static void rates_share(struct ipm_html_chart *chart, const struct ipm_html_run *page,
                        const struct ipm_text_section *section, size_t first,
                        const struct rates_by *by) {
    const struct ipm_case *cases = section->report->cases;
    for (size_t i = section->begin; i < section->end; i++) {
        if (!rates_beside(&cases[first].config, &cases[i].config, by) ||
            !ipm_text_is_drawn(section, i))
            continue;
        const struct ipm_html_point point =
            rates_point(page, section->set->columns, i, by);
        (void)ipm_html_chart_show(chart, &point);
    }
}

/* Draws curves over `by`, or a row for each case where it is NULL. */
static void rates_draw(FILE *out, struct ipm_html_run *page,
                       const struct ipm_text_section *section, size_t first,
                       const struct rates_by *by) {
    const struct ipm_case *cases = section->report->cases;
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
            .name = by->name, .format = by->format, .logarithmic = true};
    rates_begin(&chart, page, metric, &cases[first].config, by);
    rates_share(&chart, page, section, first, by);
    for (size_t i = first; i < section->end; i = rates_next(section, first, i + 1, by)) {
        const struct ipm_html_point point = rates_point(page, column, i, by);
        if (ipm_text_is_drawn(section, i))
            ipm_html_chart_add(&chart, &point);
    }
    if (by != NULL)
        ipm_html_curves(out, &chart);
    else
        ipm_html_rows(out, &chart);
}

void ipm_html_rates(FILE *out, struct ipm_html_run *page,
                    const struct ipm_text_section *section) {
    const struct rates_by *by = rates_axis(section);
    for (size_t i = section->begin; i < section->end; i++) {
        const bool varies = by != NULL && rates_vary(section, i, false, by);
        if (rates_next(section, i, section->begin, by) == i) /* the first of its chart */
            rates_draw(out, page, section, i, varies ? by : NULL);
    }
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
    char name[IPM_HTML_CPU_BYTES];
    struct ipm_html_chart chart = {
        .figure = {.description = "CPU time of both ends over the rate, medians over the "
                                  "trials: cheap and fast is at the lower right. Both "
                                  "axes are logarithmic."},
        .scattered = true,
        .x = {.name = ipm_text_column_heading(column, false, page->unit),
              .format = bytes ? ipm_text_rate : ipm_text_number,
              .unit = bytes ? page->unit->bytes_per_second : 1,
              .logarithmic = true},
        .values = {.name = ipm_html_cpu_name(name, &cases[first], "ns of CPU time per "),
                   .format = ipm_text_number,
                   .unit = 1,
                   .logarithmic = true}};
    ipm_html_chart_begin(&chart, page, "CPU time against rate", &cases[first].config,
                         false);
    for (size_t i = ipm_text_beside_first(section, first); i < section->end;
         i = ipm_text_beside_next(section, i)) {
        if (!ipm_text_is_drawn(section, i))
            continue;
        const struct ipm_html_point point = rates_effort(page, i);
        (void)ipm_html_chart_show(&chart, &point);
    }
    for (size_t i = first; i < section->end; i = ipm_text_group_next(section, i)) {
        const struct ipm_html_point point = rates_effort(page, i);
        if (ipm_text_is_drawn(section, i))
            ipm_html_chart_add(&chart, &point);
    }
    ipm_html_curves(out, &chart);
}
