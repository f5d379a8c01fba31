/* The figures that other systems are given. */
#include "model/lead.h"
#include "model/metric.h"
#include "model/report/report.h"
#include "reports/common/figures.h"
#include "tests/support/assert.h"
#include "tests/support/report_sample.h"

#include <math.h>
#include <string.h>

static struct ipm_report report;

static void make(void) {
    cr_assert(eq(int, ipm_report_sample_patterns(&report, 7), 0));
}

static void drop(void) {
    ipm_report_done(&report);
}

Test(reports_figures, there_is_one_for_every_statistic_of_a_summary) {
    size_t statistics = 0;
    for (const struct ipm_figure *figure = ipm_figures; figure->name != NULL; figure++) {
        statistics += figure->ratio <= 0;
        cr_expect(ne(ptr, (void *)figure->unit, NULL), "%s", figure->name);
        cr_expect(ne(ptr, (void *)figure->family, NULL), "%s", figure->name);
        cr_expect(lt(dbl, 0.0, figure->scale), "%s", figure->name);
        cr_expect(lt(sz, strlen(figure->name), 65), "%s", figure->name);
    }
    cr_expect(eq(sz, statistics,
                 offsetof(struct ipm_summary, latency) / sizeof(struct ipm_statistic)));
}

Test(reports_figures, each_ok_case_is_led_by_one_figure, .init = make, .fini = drop) {
    for (size_t i = 0; i < report.case_count; i++) {
        const struct ipm_case *c = &report.cases[i];
        size_t leads = 0;
        for (const struct ipm_figure *figure = ipm_figures; figure->name; figure++) {
            struct ipm_statistic statistic;
            leads += figure->weight == IPM_FIGURE_LEAD &&
                     ipm_figure_is_watched(figure, c) &&
                     ipm_figure_of(figure, c, &statistic);
        }
        cr_expect(eq(sz, leads, c->status == IPM_CASE_OK), "%s", c->config.name);
    }
}

Test(reports_figures, of_single_trials_they_make_the_statistic, .init = make,
     .fini = drop) {
    const struct ipm_case *c = &report.cases[0];
    const struct ipm_metric_scope scope = {
        .references = &report.references, .subject = c, .size_index = SIZE_MAX};
    double least = INFINITY;
    for (size_t i = 0; i < c->trial_count; i++)
        least = fmin(
            least,
            ipm_metric_of_trial(
                &scope, offsetof(struct ipm_summary, throughput_bytes_per_second), i));
    cr_expect(eq(dbl, least, c->summary.throughput_bytes_per_second.min));
    cr_expect(isnan(ipm_metric_of_trial(&scope, 1, 0)));
    cr_expect(isnan(
        ipm_metric_of_trial(&scope, offsetof(struct ipm_summary, memcpy_ratio), 0)));
}
