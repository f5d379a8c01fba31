/* models.c - the cost models of the transports over the message size, and where they cross. */
#include "base/units.h"
#include "model/fit/series_fit.h"
#include "model/report/report.h"
#include "reports/columns/format.h"
#include "reports/html/page.h"
#include "reports/html/run.h"

#include <errno.h>
#include <stdlib.h>

static const struct ipm_case_config *models_config(const struct ipm_html_models *models,
                                                   size_t i) {
    return &models->list.items[i].cases[0]->config;
}

/* "ping-pong one CPU": what the series of a group have in common. */
static struct ipm_title models_title(const struct ipm_html_models *models, size_t i) {
    struct ipm_case_config shared = *models_config(models, i);
    shared.message_bytes = 0; /* which leaves it out */
    return ipm_text_title(&shared, " ", true);
}

int ipm_html_models_make(struct ipm_html_models *models,
                         const struct ipm_report *report) {
    int failed = ipm_series_make(&models->list, report, NULL, NULL);
    models->fits = calloc(models->list.count + 1, sizeof *models->fits);
    if (models->fits == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < models->list.count && !failed; i++) {
        const struct ipm_series *series = &models->list.items[i];
        if (series->count >= IPM_FIT_SIZES_LEAST)
            failed = ipm_series_fit(&models->fits[i], report, series,
                                    ipm_metric_primary(series->cases[0]));
        models->known += models->fits[i].regime_count > 0;
    }
    return failed;
}

void ipm_html_models_done(struct ipm_html_models *models) {
    ipm_series_done(&models->list);
    free(models->fits);
}

/* "1.20us (1.15us–1.31us)". */
static void models_time(FILE *out, const struct ipm_estimate *ns, double scale) {
    HTML("<td>%s (%s\u2013%s)</td>", ipm_units_time(ns->value * scale).text,
         ipm_units_time(ns->low * scale).text, ipm_units_time(ns->high * scale).text);
}

static void models_row(FILE *out, const struct ipm_html_models *models, size_t i,
                       const struct ipm_fit_regime *regime) {
    const double half_bytes = regime->half_bytes.value;
    ipm_html_row_open(out, ipm_text_label(models_config(models, i)).text);
    HTML("<td>%s</td><td>%s\u2013%s</td>", models_title(models, i).text,
         ipm_text_about((double)regime->least_bytes).text,
         ipm_text_about((double)regime->most_bytes).text);
    models_time(out, &regime->fixed_ns, 1);
    models_time(out, &regime->per_byte_ns, 1024);
    ipm_html_cells(out, half_bytes < 1e15 ? ipm_text_about(half_bytes).text : "-",
                   ipm_cell_print("%.0f %%", models->fits[i].residual_ratio * 100).text);
}

static void models_table(FILE *out, const struct ipm_html_models *models) {
    ipm_html_table_open(
        out, "models-table", "models",
        "Time of a message, a round trip or a connection = a + b \u00d7 size; "
        "n\u00bd: the size at which half of the final bandwidth is reached",
        "transport", "of", "sizes", "a", "b, for each KiB", "n\u00bd", "largest error");
    for (size_t i = 0; i < models->list.count; i++)
        for (size_t r = 0; r < models->fits[i].regime_count; r++)
            models_row(out, models, i, &models->fits[i].regimes[r]);
    ipm_html_table_close(out);
}

/* "unix passes pipe at 12 KiB (9.5 KiB to 16 KiB), stream one CPU". */
static size_t models_cross(FILE *out, const struct ipm_html_models *models, size_t i,
                           size_t j) {
    struct ipm_estimate bytes;
    bool passes = false;
    const struct ipm_fit *fits = models->fits;
    if (models->list.items[i].group != models->list.items[j].group ||
        !ipm_fit_cross(&fits[i], &fits[j], &bytes, &passes))
        return 0;
    HTML("<li>%s passes %s at %s (%s to %s), %s</li>\n",
         ipm_text_label(models_config(models, passes ? i : j)).text,
         ipm_text_label(models_config(models, passes ? j : i)).text,
         ipm_text_about(bytes.value).text, ipm_text_about(bytes.low).text,
         ipm_text_about(bytes.high).text, models_title(models, i).text);
    return 1;
}

static void models_crossings(FILE *out, const struct ipm_html_models *models) {
    size_t count = 0;
    HTML("<h3>Which passes which, by these lines</h3>\n<ul class=\"says\">\n");
    for (size_t i = 0; i < models->list.count; i++)
        for (size_t j = i + 1; j < models->list.count; j++)
            count += models_cross(out, models, i, j);
    HTML(count > 0 ? "</ul>\n" : "<li>none inside what was measured</li>\n</ul>\n");
}

void ipm_html_models(FILE *out, const struct ipm_html_models *models) {
    if (models->known == 0)
        return;
    ipm_html_section_open(out, "models", "What a message costs by its size");
    HTML("<p>Lines through the medians, with 95 %% intervals. %zu of %zu series "
         "have one; the others have fewer than %d sizes, or a line would miss one "
         "by more than %.0f %%.</p>\n",
         models->known, models->list.count, IPM_FIT_SIZES_LEAST,
         IPM_FIT_RESIDUAL_MOST * 100);
    models_table(out, models);
    models_crossings(out, models);
    HTML("</section>\n");
}
