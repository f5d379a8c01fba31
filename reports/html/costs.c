/* costs.c - the costs of a group of cases: latency distributions and the CPU time per
 * message. */
#include "base/units.h"
#include "model/report/report.h"
#include "reports/columns/columns.h"
#include "reports/columns/sections.h"
#include "reports/html/run.h"

#include <math.h>
#include <string.h>

/* The axis counts nines: 0 at 0 %, 1 at 90 %, 2 at 99 %, so that the rare, slow responses
 * have room. */
enum { COSTS_NINES = 5, COSTS_STEPS_A_NINE = (IPM_HTML_POINTS_MOST - 1) / COSTS_NINES };

static struct ipm_cell costs_percentile(double nines) {
    return ipm_cell_print("%.*f %%", nines < 2.5 ? 0 : (int)lround(nines) - 2,
                          100 * (1 - pow(10, -nines)));
}

/* Ends where the samples end: with 1,000 responses, at 99.9 %. The median is
 * not a multiple of a step; it replaces the nearest one. It and the whole nines are marked. */
static void costs_curve(struct ipm_html_chart *chart, size_t series,
                        const struct ipm_latency *latency, bool drawn) {
    const double most = log10((double)latency->count) + 1e-9;
    const double middle = -log10(0.5);
    for (int i = 0; i < IPM_HTML_POINTS_MOST; i++) {
        const double step = (double)i / COSTS_STEPS_A_NINE;
        const bool median = fabs(step - middle) < 0.5 / COSTS_STEPS_A_NINE;
        const double nines = median ? middle : step;
        const double ns = ipm_latency_quantile(latency, 1 - pow(10, -nines));
        const struct ipm_html_point point = {
            .series = series,
            .x = nines,
            .value = ns,
            .low = NAN,
            .high = NAN,
            .marked = median || (i > 0 && i % COSTS_STEPS_A_NINE == 0)};
        if (nines <= most && drawn)
            ipm_html_chart_add(chart, point);
        else if (nines <= most)
            (void)ipm_html_chart_show(chart, point);
    }
}

void ipm_html_latencies(FILE *out, struct ipm_html_run *page,
                        const struct ipm_text_section *section, size_t first) {
    const struct ipm_case *cases = section->report->cases;
    struct ipm_html_chart chart = {
        .figure =
            {.description =
                 "Latency of all trials together: the share of the responses that "
                 "took no longer than this time. Lower is better, and the time axis "
                 "is logarithmic. The rare, slow responses are on the right."},
        .x = {.name = "share of the responses", .format = costs_percentile},
        .values = {
            .name = "latency", .format = ipm_units_time, .logarithmic = true, .unit = 1}};
    ipm_html_chart_begin(&chart, page, "Latency distribution", &cases[first].config,
                         false);
    for (size_t i = ipm_text_beside_first(section, first); i < section->end;
         i = ipm_text_beside_next(section, i))
        if (ipm_text_is_drawn(section, i))
            costs_curve(&chart, 0, &ipm_case_summary(&cases[i])->latency, false);
    for (size_t i = first; i < section->end; i = ipm_text_group_next(section, i))
        if (ipm_case_summary(&cases[i])->latency.count > 0 &&
            ipm_text_is_drawn(section, i))
            costs_curve(&chart, page->series.of_case[i],
                        &ipm_case_summary(&cases[i])->latency, true);
    ipm_html_curves(out, &chart);
}

static const enum ipm_metric_id costs_metrics[IPM_ROLES] = {
    [IPM_SENDER] = IPM_METRIC_SENDER_CPU, [IPM_RECEIVER] = IPM_METRIC_RECEIVER_CPU};

/* Returns the column of the table with the CPU time of an end, or NULL. */
static const struct ipm_text_column *costs_column(const struct ipm_case *c, int role) {
    const struct ipm_text_set *set = ipm_text_set_of(c);
    for (size_t i = 0; i < set->count; i++)
        if (set->columns[i].metric == costs_metrics[role])
            return &set->columns[i];
    return NULL;
}

/* The figures of the table, which counts trips or messages. Tables of instructions have none. */
double ipm_html_cpu(const struct ipm_case *c, int role) {
    const struct ipm_text_column *column = costs_column(c, role);
    return column != NULL ? column->of(column, c).median
                          : ipm_case_summary(c)->metrics[costs_metrics[role]].median;
}

struct ipm_cell ipm_html_cpu_name(const struct ipm_case *c) {
    static const char *const names[][2] = {{"CPU ns/trip", "round trip"},
                                           {"CPU ns/conn", "connection"}};
    const struct ipm_text_column *column = costs_column(c, IPM_SENDER);
    const char *what = "message";
    for (size_t i = 0; i < sizeof names / sizeof names[0] && column != NULL; i++)
        if (strcmp(column->above, names[i][0]) == 0)
            what = names[i][1];
    return ipm_cell_print("CPU time per %s", what);
}

static struct ipm_html_point costs_row(const struct ipm_html_run *page, size_t i) {
    const struct ipm_case *c = &page->report->cases[i];
    const double cpu[] = {ipm_html_cpu(c, IPM_SENDER), ipm_html_cpu(c, IPM_RECEIVER)};
    return (struct ipm_html_point){.series = page->series.of_case[i],
                                   .value = cpu[0] + cpu[1],
                                   .low = NAN,
                                   .high = NAN,
                                   .sides = {cpu[0], cpu[1]},
                                   .shares = {ipm_metric_user_ratio(c, IPM_SENDER),
                                              ipm_metric_user_ratio(c, IPM_RECEIVER)}};
}

void ipm_html_costs(FILE *out, struct ipm_html_run *page,
                    const struct ipm_text_section *section, size_t first) {
    const struct ipm_case *cases = section->report->cases;
    const struct ipm_cell name = ipm_html_cpu_name(&cases[first]);
    struct ipm_html_chart chart = {
        .figure =
            {.description =
                 "Median CPU time that each end spent, stacked; the shortest bar is "
                 "best and comes first. It is that of each message that arrived: lost "
                 "ones cost their sender as much. User time is spent in the program, "
                 "system "
                 "time (hatched) in the kernel. The kernel splits them by its clock "
                 "tick, so the split is approximate."},
        .values = {.name = name.text, .format = ipm_units_time, .unit = 1},
        .sides = {cases[first].ends[IPM_SENDER], cases[first].ends[IPM_RECEIVER]}};
    ipm_html_chart_begin(&chart, page, name.text, &cases[first].config, false);
    (void)ipm_html_axis_show(&chart.values, 0);
    for (size_t i = ipm_text_beside_first(section, first); i < section->end;
         i = ipm_text_beside_next(section, i))
        if (cases[i].status == IPM_CASE_OK)
            (void)ipm_html_axis_show(&chart.values, costs_row(page, i).value);
    for (size_t i = first; i < section->end; i = ipm_text_group_next(section, i))
        if (cases[i].status == IPM_CASE_OK)
            ipm_html_chart_add(&chart, costs_row(page, i));
    ipm_html_rows(out, &chart);
}
