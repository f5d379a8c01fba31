/* boxes.c - check boxes that filter by series, placement and pattern, by CSS alone. They are hidden
 * where CSS is off. */
#include "model/report/report.h"
#include "reports/columns/sections.h"
#include "reports/html/page.h"
#include "reports/html/run.h"

static void boxes_rule(FILE *out, char kind, size_t number) {
    (void)fprintf(out, "aside:has(#%c%zu:checked) ~ main .%c%zu{display:revert}\n", kind,
                  number, kind, number);
}

void ipm_html_box_rules(FILE *out, const struct ipm_html_run *page) {
    ipm_html_series_rules(out, &page->series);
    for (size_t p = 0; p < page->pins.count; p++)
        boxes_rule(out, 'z', p);
    struct ipm_text_section section = {.report = page->report, .unit = page->unit};
    while (ipm_text_section_next(&section))
        boxes_rule(out, 'y', section.begin);
}

static void boxes_put(FILE *out, char kind, size_t number, const char *name) {
    (void)fprintf(out, "<label><input type=\"checkbox\" id=\"%c%zu\"> ", kind, number);
    HTML("<span>%s</span></label>\n", name);
}

static void boxes_places(FILE *out, const struct ipm_html_run *page) {
    if (page->pins.count < 2)
        return;
    HTML("<fieldset class=\"keys places\" hidden>\n<legend>Placement</legend>\n");
    for (size_t p = 0; p < page->pins.count; p++)
        boxes_put(
            out, 'z', p,
            ipm_html_place(page->report->cases[page->pins.cases[p]].config.pin).text);
    HTML("</fieldset>\n");
}

static void boxes_patterns(FILE *out, const struct ipm_html_run *page) {
    struct ipm_text_section section = {.report = page->report, .unit = page->unit};
    if (!ipm_text_section_next(&section) || section.end == page->report->case_count)
        return;
    HTML("<fieldset class=\"keys patterns\" hidden>\n<legend>Pattern</legend>\n");
    do
        boxes_put(out, 'y', section.begin, ipm_html_pattern(&section).text);
    while (ipm_text_section_next(&section));
    HTML("</fieldset>\n");
}

void ipm_html_boxes(FILE *out, const struct ipm_html_run *page) {
    ipm_html_series_boxes(out, &page->series);
    boxes_places(out, page);
    boxes_patterns(out, page);
}
