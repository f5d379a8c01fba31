/* run.h - the page of a run, its charts, and the functions that write its parts. For this folder
 * only. */
#ifndef IPM_REPORTS_HTML_RUN_H
#define IPM_REPORTS_HTML_RUN_H

#include "model/options.h"
#include "model/report/series.h"
#include "reports/html/plot.h"
#include "reports/html/series.h"
#include "reports/renderer.h"

#include <stdbool.h>
#include <stdio.h>

struct ipm_fit;
struct ipm_history;
struct ipm_text_section;

enum {
    IPM_HTML_SIDES = 2,
    IPM_HTML_POINTS_MOST = 61, /* of a case in a chart */
};

struct ipm_html_point {
    size_t series;
    const struct ipm_case *subject; /* whose trials are drawn as dots; NULL: none are */
    double x;                       /* of a curve */
    double value;                   /* of a bar: the total; infinite: above the axis */
    double low;                     /* interval; NaN: unknown */
    double high;
    bool marked; /* of a curve: it has a marker and a column of the table */
    bool ringed; /* its marker has a ring, which the note of the figure explains */
    double sides[IPM_HTML_SIDES];  /* of a bar; their sum is the total */
    double shares[IPM_HTML_SIDES]; /* first part of each side, 0 to 1; NaN: unknown */
    double order;  /* set when the chart is drawn: the points are sorted by it */
    double name_y; /* of the name of its curve */
};

/* The cost models of the series of a report. */
struct ipm_html_models {
    struct ipm_series_list list;
    struct ipm_fit *fits; /* by series */
    size_t known;         /* of them */
};

/* The placements of a report, each by the first case that has it. */
struct ipm_html_pins {
    size_t count;
    size_t cases[IPM_LIST_MOST];
};

/* For each case, the cases of its chart; and those of the same chart of other placements. */
struct ipm_html_charted {
    struct ipm_chain *chart;
    struct ipm_chain *beside;
};

struct ipm_html_run {
    const struct ipm_report *report;
    const struct ipm_text_unit *unit; /* of rates of bytes */
    struct ipm_html_series series;
    struct ipm_html_models models;
    struct ipm_html_pins pins;
    struct ipm_html_charted rates;
    struct ipm_html_charted loads;
    struct ipm_html_point *points; /* IPM_HTML_POINTS_MOST for each case */
    size_t figures;                /* number of drawings so far */
};

/* html/run.c: makes the series and charts of the page and room for points. Returns 0 or -ENOMEM; call
 * ipm_html_run_done afterwards, also on error. */
int ipm_html_run_make(struct ipm_html_run *page, const struct ipm_report *report,
                      enum ipm_unit_choice unit);
void ipm_html_run_done(struct ipm_html_run *page);

/* A chart of curves over two axes, or of a row for each value. */
struct ipm_html_chart {
    struct ipm_html_figure figure; /* its height is set when it is drawn */
    const struct ipm_html_series *series;
    struct ipm_html_axis x; /* of curves; it is not rounded */
    struct ipm_html_axis values;
    const struct ipm_metric *metric;   /* of the values, where points have trials */
    bool scattered;                    /* points over two axes, which are both rounded */
    const char *sides[IPM_HTML_SIDES]; /* names of the sides of a bar; NULL: no bars */
    double limit;                      /* a value with a line across; 0: none */
    size_t letters;                    /* of the longest name, as far as it is shown */
    size_t count;
    struct ipm_html_point *points; /* memory of the page, which the next chart reuses */
};

/* html/chart.c: begins a chart of cases with the conditions of `config` and the title "WHAT · 64 B · framing
 * length". `by_size`: the size is no condition. */
void ipm_html_chart_begin(struct ipm_html_chart *chart, struct ipm_html_run *page,
                          const char *what, const struct ipm_case_config *config,
                          bool by_size);

/* Extends the axes to a point and its trials, so that charts side by side share their axes. Returns
 * false where they cannot show it. */
bool ipm_html_chart_show(struct ipm_html_chart *chart, struct ipm_html_point point);

/* Draws a dot for each trial of a point, at its value on one axis and at `across` on the other. */
void ipm_html_trials(FILE *out, const struct ipm_html_chart *chart,
                     const struct ipm_html_point *point, double across, bool upright);

/* Adds a point, unless the axes cannot show it. */
void ipm_html_chart_add(struct ipm_html_chart *chart, struct ipm_html_point point);

/* Sorts the points by order, series and x. */
void ipm_html_chart_sort(struct ipm_html_chart *chart);

/* html/curves.c, html/rows.c: each writes the figure, or nothing where there is no point. */
void ipm_html_curves(FILE *out, struct ipm_html_chart *chart);
void ipm_html_rows(FILE *out, struct ipm_html_chart *chart);

/* Returns the placements of the report. */
struct ipm_html_pins ipm_html_pins_of(const struct ipm_report *report);

/* Returns the classes of what is of one placement, so that boxes hide it: " z z1". "": the page has
 * no such boxes. */
struct ipm_cell ipm_html_place_class(const struct ipm_html_run *page, const char *pin);

/* Returns a placement in words: "both ends on one CPU", "pin smt". */
struct ipm_cell ipm_html_place(const char *pin);

/* html/boxes.c: boxes that leave what is ticked, and their rules for the style sheet. */
void ipm_html_boxes(FILE *out, const struct ipm_html_run *page);
void ipm_html_box_rules(FILE *out, const struct ipm_html_run *page);

/* html/heat.c: all cases as shares of the fastest. */
void ipm_html_heat(FILE *out, const struct ipm_html_run *page);

/* html/answer.c: the fastest of each group, the effect of placement, the first warnings. */
void ipm_html_answer(FILE *out, const struct ipm_html_run *page);
const char *ipm_html_answer_title(const struct ipm_report *report);

/* html/chart.c: returns the pattern's word with a capital; and writes an entry of the contents for
 * each pattern. */
struct ipm_cell ipm_html_pattern(const struct ipm_text_section *section);
void ipm_html_pattern_links(FILE *out, const struct ipm_html_run *page);

/* html/rates.c: the primary metric of all cases of the section; and the settings of a chart of it, of all
 * placements. */
uint64_t ipm_html_rates_settings(const struct ipm_text_section *section);
void ipm_html_rates(FILE *out, struct ipm_html_run *page,
                    const struct ipm_text_section *section);

/* html/loads.c: latencies over the offered rate, where a section has several rates; the settings of a
 * chart of them, of all placements; and the highest rates of the report that hold its target. */
uint64_t ipm_html_loads_settings(void);
void ipm_html_loads(FILE *out, struct ipm_html_run *page,
                    const struct ipm_text_section *section);
void ipm_html_highest(FILE *out, const struct ipm_report *report);

/* html/costs.c: the group that begins with the case `first`. */
void ipm_html_latencies(FILE *out, struct ipm_html_run *page,
                        const struct ipm_text_section *section, size_t first);
void ipm_html_costs(FILE *out, struct ipm_html_run *page,
                    const struct ipm_text_section *section, size_t first);

/* html/costs.c: the median CPU time of an end, per message, round trip or connection as the
 * pattern counts; and its name: "CPU time per round trip". */
double ipm_html_cpu(const struct ipm_case *c, int role);
struct ipm_cell ipm_html_cpu_name(const struct ipm_case *c);

/* html/rates.c: the CPU time of that group over its rate. */
void ipm_html_efforts(FILE *out, struct ipm_html_run *page,
                      const struct ipm_text_section *section, size_t first);

/* html/results.c: a table for each pattern; all cases that were not measured; warnings. */
void ipm_html_results(FILE *out, const struct ipm_html_run *page);
void ipm_html_absent(FILE *out, const struct ipm_report *report);
void ipm_html_warnings(FILE *out, const struct ipm_report *report);

/* html/models.c: makes the models, and writes them and where they cross. Making returns 0 or
 * -ENOMEM; call ipm_html_models_done afterwards, also on error. */
int ipm_html_models_make(struct ipm_html_models *models, const struct ipm_report *report);
void ipm_html_models_done(struct ipm_html_models *models);
void ipm_html_models(FILE *out, const struct ipm_html_models *models);

/* html/changes.c: what changed in the newest run of a history. */
void ipm_html_changes(FILE *out, const struct ipm_history *history,
                      enum ipm_unit_choice unit);

/* html/comparison.c, html/history.c: the other documents. */
ipm_render ipm_comparison_html, ipm_history_html;

/* html/machine.c: the machine and the settings. */
void ipm_html_machine(FILE *out, const struct ipm_html_run *page);

#endif
