/* live.c - the line of a round. */
#include "app/output/live.h"

#include "base/strbuf.h"
#include "model/metric.h"
#include "model/report/report.h"
#include "reports/columns/columns.h"
#include "reports/columns/sections.h"

#include <inttypes.h>
#include <math.h>

enum { LIVE_LINE_BYTES = 16384 };

/* Adds "64 B one CPU pipe 97.6 MiB/s". */
static void live_add(struct ipm_strbuf *text, const struct ipm_case *c,
                     const struct ipm_sample *trial, bool named,
                     const struct ipm_text_unit *unit) {
    const struct ipm_metric_scope scope = {.subject = c, .trial = trial};
    const struct ipm_text_column *column = ipm_text_set_of(c)->columns;
    const struct ipm_statistic value = {
        .median = ipm_metric_of_trial(ipm_metric_primary(c), &scope) /
                  (column->bytes ? unit->bytes_per_second : 1)};
    char title[IPM_TEXT_TITLE_BYTES];
    char label[IPM_TEXT_TITLE_BYTES];
    char cell[IPM_TEXT_CELL_BYTES];
    column->format(cell, &value);
    ipm_text_title(title, &c->config, " ", named);
    ipm_text_label(label, &c->config);
    (void)ipm_strbuf_add(text, "%s %s %s %s", title, label, cell,
                         ipm_text_column_heading(column, false, unit));
}

void ipm_live_write(FILE *out, const struct ipm_report *report, uint64_t round,
                    unsigned columns, enum ipm_unit_choice choice) {
    static char line[LIVE_LINE_BYTES]; /* too large for a small stack */
    struct ipm_strbuf text = ipm_strbuf_over(line, sizeof line);
    const struct ipm_text_unit *unit = ipm_text_unit(choice, NAN, NAN);
    const bool named = ipm_text_names_patterns(report);
    for (size_t i = 0; i < report->case_count; i++) {
        const struct ipm_case *c = &report->cases[i];
        const struct ipm_sample *trial = ipm_case_find_trial(c, round);
        if (trial == NULL)
            continue;
        if (text.used == 0)
            (void)ipm_strbuf_add(&text, "round %" PRIu64 ": ", round + 1);
        else
            (void)ipm_strbuf_add(&text, ", ");
        live_add(&text, c, trial, named, unit);
    }
    if (text.used > 0)
        (void)fprintf(out, "%.*s\n", columns > 0 ? (int)columns : LIVE_LINE_BYTES, line);
    (void)fflush(out);
}
