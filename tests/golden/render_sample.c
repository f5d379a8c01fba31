/* render_sample.c - prints the sample report: render_sample FORMAT COLUMNS ROUNDS [color]
 * [ascii] [empty] [patterns] [comparison] [choice [between]] [explanation] [merge] [random]. A random one is that of the seed ROUNDS.
 * With FORMAT "schema" it prints the schema. */
#include "base/err.h"
#include "model/choose/choice.h"
#include "model/choose/explanation.h"
#include "model/compare/comparison.h"
#include "reports/renderer.h"
#include "tests/support/choice_sample.h"
#include "tests/support/comparison_sample.h"
#include "tests/support/merge_sample.h"
#include "tests/support/random_report.h"
#include "tests/support/report_sample.h"
#include "transports/transport.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool render_asked(int argc, char **argv, const char *word) {
    for (int i = 4; i < argc; i++) {
        if (strcmp(argv[i], word) == 0) {
            return true;
        }
    }
    return false;
}

static int render_make(int argc, char **argv, struct ipm_report *report) {
    const uint64_t rounds = strtoul(argv[3], NULL, 10);
    if (render_asked(argc, argv, "empty")) {
        return ipm_report_sample_empty(report);
    }
    if (render_asked(argc, argv, "random")) {
        const int code = ipm_report_random(report, rounds);
        return code == 0 ? ipm_report_summarize(report) : code;
    }
    if (render_asked(argc, argv, "sides")) {
        return ipm_report_sample_sides(report, rounds);
    }
    return render_asked(argc, argv, "patterns")
               ? ipm_report_sample_patterns(report, rounds)
               : ipm_report_sample(report, rounds);
}

static struct ipm_render_options render_options(int argc, char **argv) {
    return (struct ipm_render_options){
        .columns = (unsigned)strtoul(argv[2], NULL, 10),
        .color = render_asked(argc, argv, "color"),
        .utf8 = !render_asked(argc, argv, "ascii"),
        .warnings = render_asked(argc, argv, "warnings") ? IPM_WARNINGS_SHOW_ALL
                                                         : IPM_WARNINGS_SHOW_TOP,
    };
}

static int render_comparison(int argc, char **argv) {
    struct ipm_err err = {0};
    struct ipm_comparison comparison = {0};
    const struct ipm_renderer *renderer = ipm_renderer_find(argv[1]);
    const struct ipm_render_options options = render_options(argc, argv);
    int code = render_asked(argc, argv, "empty")
                   ? ipm_comparison_sample_empty(&comparison)
                   : ipm_comparison_sample(&comparison);
    if (code == 0)
        code = renderer->render[IPM_DOCUMENT_COMPARISON](
            &(struct ipm_document){.kind = IPM_DOCUMENT_COMPARISON,
                                   .comparison = &comparison},
            &options, stdout, &err);
    ipm_comparison_done(&comparison);
    return code != 0;
}

static int render_choice(int argc, char **argv) {
    static struct ipm_report report;
    static struct ipm_choice choice = {.input = "report.json"};
    struct ipm_err err = {0};
    const struct ipm_renderer *renderer = ipm_renderer_find(argv[1]);
    const struct ipm_render_options options = render_options(argc, argv);
    ipm_choice_sample(&report, strtoul(argv[3], NULL, 10));
    choice.tool = report.tool;
    choice.question = (struct ipm_choice_question){
        .message_bytes = render_asked(argc, argv, "empty")     ? 32768
                         : render_asked(argc, argv, "between") ? 8192
                                                               : 4096,
        .find = ipm_transport_find};
    int code = ipm_choice_make(&choice, &report);
    if (ipm_choice_count(&choice) == 0)
        (void)snprintf(choice.command, sizeof choice.command, "ipcmark run -s 32K");
    if (code == 0)
        code = renderer->render[IPM_DOCUMENT_CHOICE](
            &(struct ipm_document){.kind = IPM_DOCUMENT_CHOICE, .choice = &choice},
            &options, stdout, &err);
    ipm_choice_done(&choice);
    ipm_report_done(&report);
    return code != 0;
}

static int render_explanation(int argc, char **argv) {
    static struct ipm_report report;
    static struct ipm_explanation explanation;
    struct ipm_err err = {0};
    const struct ipm_renderer *renderer = ipm_renderer_find(argv[1]);
    const struct ipm_render_options options = render_options(argc, argv);
    ipm_choice_sample(&report, strtoul(argv[3], NULL, 10));
    explanation.tool = report.tool;
    int code = ipm_explanation_make(&explanation, &report, &report.cases[10],
                                    ipm_transport_find);
    if (code == 0)
        code = renderer->render[IPM_DOCUMENT_EXPLANATION](
            &(struct ipm_document){.kind = IPM_DOCUMENT_EXPLANATION,
                                   .explanation = &explanation},
            &options, stdout, &err);
    ipm_explanation_done(&explanation);
    ipm_report_done(&report);
    return code != 0;
}

static int render_merge(int argc, char **argv) {
    static struct ipm_report reports[IPM_MERGE_SAMPLES];
    struct ipm_merge merge;
    struct ipm_err err = {0};
    const struct ipm_renderer *renderer = ipm_renderer_find(argv[1]);
    const struct ipm_render_options options = render_options(argc, argv);
    ipm_merge_sample_fill(reports);
    int code = ipm_merge_sample(
        &merge, reports, render_asked(argc, argv, "empty") ? 2 : IPM_MERGE_SAMPLES);
    if (code == 0)
        code = renderer->render[IPM_DOCUMENT_MERGE](
            &(struct ipm_document){.kind = IPM_DOCUMENT_MERGE, .merge = &merge}, &options,
            stdout, &err);
    ipm_merge_done(&merge);
    for (size_t i = 0; i < IPM_MERGE_SAMPLES; i++)
        ipm_report_done(&reports[i]);
    return code != 0;
}

static int render_run(int argc, char **argv, struct ipm_report *report) {
    struct ipm_err err = {0};
    const struct ipm_renderer *renderer = ipm_renderer_find(argv[1]);
    const struct ipm_render_options options = render_options(argc, argv);
    int code = render_make(argc, argv, report);
    if (renderer == NULL || code != 0) {
        (void)fprintf(stderr, "no such format, or no memory\n");
        return 1;
    }
    if (renderer->render[IPM_DOCUMENT_REPORT](&(struct ipm_document){.report = report},
                                              &options, stdout, &err) != 0) {
        (void)fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    return 0;
}

int main(int argc, char **argv) {
    static struct ipm_report report;
    if (argc == 2 && strcmp(argv[1], "schema") == 0) {
        return ipm_schema_write(stdout, NULL) != 0;
    }
    if (argc < 4) {
        (void)fprintf(stderr, "usage: render_sample FORMAT COLUMNS ROUNDS [WORD...]\n");
        return 2;
    }
    if (render_asked(argc, argv, "comparison")) {
        return render_comparison(argc, argv);
    }
    if (render_asked(argc, argv, "explanation")) {
        return render_explanation(argc, argv);
    }
    if (render_asked(argc, argv, "merge")) {
        return render_merge(argc, argv);
    }
    if (render_asked(argc, argv, "choice")) {
        return render_choice(argc, argv);
    }
    int status = render_run(argc, argv, &report);
    ipm_report_done(&report);
    return status;
}
