/* run.c - makes the page of a run: its series, and which cases each chart shows. */
#include "reports/html/run.h"

#include "model/report/report.h"
#include "reports/columns/sections.h"

#include <errno.h>
#include <stdlib.h>

static void run_charted_done(struct ipm_html_charted *charted) {
    free(charted->chart);
    free(charted->beside);
}

static int run_charted_open(struct ipm_html_charted *charted, size_t count) {
    charted->chart = calloc(count + 1, sizeof *charted->chart);
    charted->beside = calloc(count + 1, sizeof *charted->beside);
    return charted->chart == NULL || charted->beside == NULL ? -ENOMEM : 0;
}

/* Finds the charts of a section. Those of one placement differ by what the placement was asked for. */
static int run_charted(struct ipm_html_charted *charted,
                       const struct ipm_text_section *section, uint64_t settings) {
    const uint64_t place =
        ipm_settings_with(IPM_SETTING_PLACE) & ipm_settings_with(IPM_SETTING_LISTED);
    const int code = ipm_cases_chain(section->report, section->begin, section->end,
                                     settings, charted->beside);
    return code != 0 ? code
                     : ipm_cases_chain(section->report, section->begin, section->end,
                                       settings | place, charted->chart);
}

static int run_sections(struct ipm_html_run *page) {
    struct ipm_text_section section = {.report = page->report, .unit = page->unit};
    int code = run_charted_open(&page->rates, page->report->case_count);
    if (code == 0)
        code = run_charted_open(&page->loads, page->report->case_count);
    while (code == 0 && ipm_text_section_next(&section)) {
        code = run_charted(&page->rates, &section, ipm_html_rates_settings(&section));
        if (code == 0)
            code = run_charted(&page->loads, &section, ipm_html_loads_settings());
    }
    return code;
}

int ipm_html_run_make(struct ipm_html_run *page, const struct ipm_report *report,
                      enum ipm_unit_choice unit) {
    *page = (struct ipm_html_run){
        .report = report,
        .unit = ipm_text_unit_of(unit, report),
        .pins = ipm_html_pins_of(report),
        .points =
            calloc(report->case_count + 1, IPM_HTML_POINTS_MOST * sizeof *page->points)};
    const int code =
        page->points == NULL ? -ENOMEM : ipm_html_series_of(&page->series, report);
    return code != 0 ? code : run_sections(page);
}

void ipm_html_run_done(struct ipm_html_run *page) {
    ipm_html_series_done(&page->series);
    run_charted_done(&page->rates);
    run_charted_done(&page->loads);
    free(page->points);
}
