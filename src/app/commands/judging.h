/* judging.h - what `compare` and `ab` share: which figures are judged, by which threshold,
 * where the verdicts go, and how the program ends. */
#ifndef IPM_APP_COMMANDS_JUDGING_H
#define IPM_APP_COMMANDS_JUDGING_H

#include "app/cli/optparse.h"
#include "app/output/outputs.h"
#include "model/compare/comparison.h"

struct ipm_judging {
    struct ipm_metric_choice choice;
    double threshold;
    bool allow_missing;
    bool quiet;
    enum ipm_when color;
    struct ipm_outputs outputs;
};

/* Setters of a table whose target begins with a struct ipm_judging. */
int ipm_judging_set_metric(const struct ipm_option *option, void *target,
                           const char *value, struct ipm_err *err);
int ipm_judging_set_threshold(const struct ipm_option *option, void *target,
                              const char *value, struct ipm_err *err);
int ipm_judging_set_json(const struct ipm_option *option, void *target, const char *value,
                         struct ipm_err *err);
int ipm_judging_set_export(const struct ipm_option *option, void *target,
                           const char *value, struct ipm_err *err);
int ipm_judging_set_color(const struct ipm_option *option, void *target,
                          const char *value, struct ipm_err *err);

/* Their rows of the table. */
#define IPM_JUDGING_AT(member) offsetof(struct ipm_judging, member)
#define IPM_JUDGING_WHAT(metric_key, threshold_key)                                      \
    {.name = "metric",                                                                   \
     .key = (metric_key),                                                                \
     .argument = "LIST",                                                                 \
     .help = "which figures are judged: lead is what a case is about, throughput or "    \
             "round trips or connections; messages, latency-p50, latency-p99, "          \
             "sender-cpu, receiver-cpu, cpu-per-byte, setup, calls, switches, loss; "    \
             "all",                                                                      \
     .fallback = "lead",                                                                 \
     .set = ipm_judging_set_metric},                                                     \
    {                                                                                    \
        .name = "threshold", .key = (threshold_key), .argument = "PERCENT",              \
        .help = "a change of less is none", .fallback = "5%",                            \
        .set = ipm_judging_set_threshold                                                 \
    }
#define IPM_JUDGING_SHOW(json_key, color_key)                                            \
    {.help = "what to show; '-' as FILE is standard output, in place of the text"},      \
        {.name = "json",                                                                 \
         .key = (json_key),                                                              \
         .argument = "FILE",                                                             \
         .help = "write the comparison as JSON; the same as --export json=FILE",         \
         .set = ipm_judging_set_json},                                                   \
        {.name = "export",                                                               \
         .key = 'e',                                                                     \
         .argument = "FORMAT=FILE",                                                      \
         .help = "write it as text, json, markdown, html or junit; may be repeated",     \
         .set = ipm_judging_set_export},                                                 \
        {.name = "quiet",                                                                \
         .key = 'q',                                                                     \
         .help = "no text: only the error and what is asked for by FILE",                \
         .set = ipm_optparse_set_true,                                                   \
         .offset = IPM_JUDGING_AT(quiet)},                                               \
    {                                                                                    \
        .name = "color", .key = (color_key), .argument = "WHEN",                         \
        .help = "auto, always or never; auto: when standard output is a terminal",       \
        .fallback = "auto", .set = ipm_judging_set_color,                                \
        .offset = IPM_JUDGING_AT(color)                                                  \
    }

/* Adds the text on standard output where nothing else is to go there, and finds out now what
 * could not be written. */
int ipm_judging_check(struct ipm_judging *judging, struct ipm_err *err);

/* Writes the comparison to each output, and words what it says where that is not good.
 * Returns how the program ends. */
enum ipm_exit ipm_judging_finish(const struct ipm_judging *judging,
                                 const struct ipm_comparison *comparison,
                                 struct ipm_err *err);

#endif
