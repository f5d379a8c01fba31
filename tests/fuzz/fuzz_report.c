/* fuzz_report.c - a report of somebody else, through everything that is done with one: it is
 * read, summarised, shown in every format, compared, asked and explained. */
#include "fuzz.h"

#include "base/err.h"
#include "model/choose/choice.h"
#include "model/choose/explanation.h"
#include "model/compare/compare.h"
#include "model/metric.h"
#include "model/report/crossover.h"
#include "model/report/report.h"
#include "reports/renderer.h"
#include "transports/transport.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

static FILE *report_sink(void) {
    static FILE *out;
    if (out == NULL)
        out = fopen("/dev/null", "w");
    FUZZ_EXPECT(out != NULL);
    return out;
}

static struct ipm_render_options report_look(size_t size) {
    static const unsigned widths[] = {80, 60, 120};
    return (struct ipm_render_options){
        .columns = widths[size % 3], .color = size % 2 != 0, .utf8 = size % 5 != 0};
}

static void report_compare(const struct ipm_report *report, size_t size) {
    static const char *const names[] = {"x.json"};
    const struct ipm_render_options look = report_look(size);
    const struct ipm_compare_input input = {
        .sides = {{.count = 1, .reports = report, .names = names},
                  {.count = 1, .reports = report, .names = names}}};
    struct ipm_metric_choice choice = {.primary = true};
    struct ipm_comparison comparison = {.threshold = 0.05, .alpha = 0.05};
    struct ipm_err err = {0};
    if (ipm_compare(&comparison, &input, &choice) == 0)
        for (size_t i = 0; ipm_renderers[i]; i++)
            if (ipm_renderers[i]->render[IPM_DOCUMENT_COMPARISON])
                FUZZ_EXPECT(ipm_renderers[i]->render[IPM_DOCUMENT_COMPARISON](
                                &(struct ipm_document){.kind = IPM_DOCUMENT_COMPARISON,
                                                       .comparison = &comparison},
                                &look, report_sink(), &err) == 0);
    ipm_comparison_done(&comparison);
}

/* At a size of the report, and at one between. */
static void report_choose(const struct ipm_report *report, size_t size) {
    const struct ipm_render_options look = report_look(size);
    struct ipm_crossovers crossovers;
    struct ipm_err err = {0};
    for (uint64_t more = 0; more < 2 && report->case_count > 0; more++) {
        static struct ipm_choice choice;
        choice.question = (struct ipm_choice_question){
            .message_bytes = report->cases[0].config.message_bytes + more,
            .needs = (unsigned)(size & 0x7f) * (unsigned)more,
            .find = ipm_transport_find};
        FUZZ_EXPECT(ipm_choice_make(&choice, report) == 0);
        for (size_t i = 0; ipm_renderers[i]; i++)
            if (ipm_renderers[i]->render[IPM_DOCUMENT_CHOICE])
                FUZZ_EXPECT(ipm_renderers[i]->render[IPM_DOCUMENT_CHOICE](
                                &(struct ipm_document){.kind = IPM_DOCUMENT_CHOICE,
                                                       .choice = &choice},
                                &look, report_sink(), &err) == 0);
        ipm_choice_done(&choice);
    }
    FUZZ_EXPECT(ipm_crossovers_find(&crossovers, report) == 0);
    ipm_crossovers_done(&crossovers);
}

static void report_explain(const struct ipm_report *report, size_t size) {
    const struct ipm_render_options look = report_look(size);
    struct ipm_err err = {0};
    for (size_t c = 0; c < report->case_count; c++) {
        static struct ipm_explanation explanation;
        if (report->cases[c].status != IPM_CASE_OK || report->cases[c].trial_count == 0)
            continue;
        FUZZ_EXPECT(ipm_explanation_make(&explanation, report, &report->cases[c],
                                         ipm_transport_find) == 0);
        for (size_t i = 0; ipm_renderers[i]; i++)
            if (ipm_renderers[i]->render[IPM_DOCUMENT_EXPLANATION])
                FUZZ_EXPECT(ipm_renderers[i]->render[IPM_DOCUMENT_EXPLANATION](
                                &(struct ipm_document){.kind = IPM_DOCUMENT_EXPLANATION,
                                                       .explanation = &explanation},
                                &look, report_sink(), &err) == 0);
        ipm_explanation_done(&explanation);
    }
}

static void report_show(const struct ipm_report *report, size_t size) {
    const struct ipm_render_options look = report_look(size);
    struct ipm_err err = {0};
    for (size_t i = 0; ipm_renderers[i]; i++)
        if (ipm_renderers[i]->render[IPM_DOCUMENT_REPORT](
                &(struct ipm_document){.report = report}, &look, report_sink(), &err) !=
            0) {
            (void)fprintf(stderr, "%s: %s\n", ipm_renderers[i]->name, err.text);
            abort();
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct ipm_report report;
    struct ipm_err err = {0};
    FILE *in = size > 0 ? fmemopen((void *)(uintptr_t)data, size, "r") : NULL;
    if (in == NULL)
        return 0;
    ipm_report_init(&report);
    const int failed = ipm_report_read(&report, in, "x.json", &err);
    FUZZ_EXPECT(!failed == !err.code);
    if (!failed && ipm_report_summarize(&report) == 0) {
        report_show(&report, size);
        report_compare(&report, size);
        report_choose(&report, size);
        report_explain(&report, size);
    }
    ipm_report_done(&report);
    (void)fclose(in);
    return 0;
}

/* Of libFuzzer, which calls the second. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed);

#ifdef IPM_FUZZ
/* What takes the place of a value. */
static const char *const values[] = {"0",
                                     "1",
                                     "-1",
                                     "null",
                                     "true",
                                     "\"\"",
                                     "[]",
                                     "{}",
                                     "1e308",
                                     "0.5",
                                     "9223372036854775807",
                                     "18446744073709551615",
                                     "4294967296",
                                     "\"\\u001b[2J\"",
                                     "\"x\"",
                                     "1000001",
                                     "1e-300"};

/* The value that begins behind the first colon at or behind `at`; 0 where there is none. */
static size_t value_at(const uint8_t *data, size_t size, size_t at) {
    while (at < size && data[at] != ':')
        at++;
    return at + 1 < size ? at + 1 : 0;
}

/* Most changes of bytes make it no JSON at all: every second change is one of a value. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed) {
    const size_t begin = size > 0 && seed % 2 ? value_at(data, size, seed / 2 % size) : 0;
    const char *fresh = values[seed / 7 % (sizeof values / sizeof *values)];
    size_t end = begin;
    if (begin == 0)
        return LLVMFuzzerMutate(data, size, most);
    while (end < size && (isalnum(data[end]) || strchr("+-.\"/_ ", data[end])))
        end++;
    if (size - (end - begin) + strlen(fresh) > most)
        return size;
    memmove(data + begin + strlen(fresh), data + end, size - end);
    memcpy(data + begin, fresh, strlen(fresh));
    return size - (end - begin) + strlen(fresh);
}
#endif
