/* text.c - the report as text: the machine, a table and notes. */
#include "reports/text/text.h"
#include "reports/common/clean.h"
#include "reports/common/comparison.h"
#include "reports/renderer.h"
#include "reports/text/pen.h"

#include <errno.h>

extern const struct ipm_renderer ipm_renderer_text;

static int text_render(const struct ipm_report *report,
                       const struct ipm_render_options *options, FILE *out,
                       struct ipm_err *err) {
    struct ipm_text_pen pen = {.out = out, .options = options};
    errno = 0;
    ipm_text_heading(&pen, report);
    if (report->case_count > 0) {
        ipm_text_table(&pen, report);
        ipm_text_newline(&pen);
    }
    ipm_text_notes(&pen, report);
    return ipm_clean_end(out, "table", err);
}

const struct ipm_renderer ipm_renderer_text = {
    .name = "text",
    .summary = "a table for a person",
    .render = text_render,
    .render_comparison = ipm_comparison_text,
};
