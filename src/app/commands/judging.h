/* judging.h - shared by `compare`, `ab` and `gate`: the judged metrics, the threshold, the
 * outputs of the verdicts, and the exit status. */
#ifndef IPM_APP_COMMANDS_JUDGING_H
#define IPM_APP_COMMANDS_JUDGING_H

#include "app/cli/optparse.h"
#include "app/commands/command.h"
#include "app/output/outputs.h"
#include "model/compare/compare.h"

/* Which results make the exit status non-zero, and which statuses there are. */
enum ipm_judging_fail { IPM_JUDGING_FAIL_REGRESSED, IPM_JUDGING_FAIL_UNDECIDED };
enum ipm_judging_status { IPM_JUDGING_STATUS_PLAIN, IPM_JUDGING_STATUS_BISECT };
extern const char *const ipm_judging_fail_words[];
extern const char *const ipm_judging_status_words[];

struct ipm_judging {
    struct ipm_metric_choice choice;
    double threshold; /* if it was given */
    bool threshold_given;
    bool allow_missing;
    enum ipm_judging_fail fail_on;
    enum ipm_judging_status status;
    bool regressed; /* found by the last ipm_judging_finish, like `open` */
    bool open;      /* something is undecided */
    bool cut_short; /* the budget was over before there was enough to judge */
    bool quiet;
    enum ipm_when color;
    struct ipm_outputs outputs;
};

/* Returns the i-th word that `--metric` accepts, or NULL. */
const char *ipm_judging_metric(const void *context, size_t i);

/* Setters of a table whose target starts with a struct ipm_judging. */
ipm_option_set ipm_judging_set_metric, ipm_judging_set_threshold;

/* Their rows of the table. */
#define IPM_JUDGING_OPTIONS                                                              \
    IPM_OPTION("metric", 'm',                                                            \
               "metrics to judge; primary: what cases are ranked by; any of",            \
               .argument = "LIST", .choice = ipm_judging_metric, .fallback = "primary",  \
               .set = ipm_judging_set_metric),                                           \
        IPM_JUDGING_THRESHOLD("5%, of instructions 0.5%"), IPM_JUDGING_ENDING_OPTIONS
#define IPM_JUDGING_THRESHOLD(usual)                                                     \
    IPM_OPTION("threshold", 't',                                                         \
               "smaller changes count as no change (default " usual ")",                 \
               .argument = "PERCENT", .set = ipm_judging_set_threshold,                  \
               .offset = offsetof(struct ipm_judging, threshold))
#define IPM_JUDGING_ENDING_OPTIONS                                                       \
    IPM_OPTION("allow-missing", 0, "cases that only one side has do not fail",           \
               IPM_OPTION_FLAG(struct ipm_judging, allow_missing)),                      \
        IPM_OPTION(                                                                      \
            "fail-on", 0,                                                                \
            "undecided: a result that is undecided makes the exit status 3",             \
            .argument = "regressed|undecided", .fallback = "regressed",                  \
            IPM_OPTION_WORD(struct ipm_judging, fail_on, ipm_judging_fail_words)),       \
        IPM_OPTION(                                                                      \
            "status", 0,                                                                 \
            "bisect: exit as 'git bisect run' expects it: 0 good, 1 regressed, 125 "     \
            "cannot tell",                                                               \
            .argument = "plain|bisect", .fallback = "plain",                             \
            IPM_OPTION_WORD(struct ipm_judging, status, ipm_judging_status_words))
#define IPM_JUDGING_OUTPUT_OPTIONS                                                       \
    {.help = "output; '-' as FILE is standard output, instead of the text"},             \
        IPM_OPTION("json", 0,                                                            \
                   "write the result as JSON; the same as --export json=FILE",           \
                   .argument = "FILE", .set = ipm_outputs_set_file,                      \
                   .offset = offsetof(struct ipm_judging, outputs)),                     \
        IPM_OPTION("export", 'e',                                                        \
                   "write the result as text, json, markdown, html or junit; may be "    \
                   "repeated",                                                           \
                   .argument = "FORMAT=FILE", .set = ipm_outputs_set_export,             \
                   .offset = offsetof(struct ipm_judging, outputs)),                     \
        IPM_OPTION("quiet", 'q', "no text: only errors and the requested files",         \
                   IPM_OPTION_FLAG(struct ipm_judging, quiet)),                          \
        IPM_OPTION_UNIT(struct ipm_judging),                                             \
        IPM_OPTION_WHEN(struct ipm_judging, color, "standard output")

/* Adds the text on standard output unless another document goes there, and returns an
 * error if a target could not be written. */
int ipm_judging_check(struct ipm_judging *judging, struct ipm_err *err);

/* Returns a comparison without results: its settings, this program and the current
 * time. */
struct ipm_comparison ipm_judging_begin(const struct ipm_judging *judging, double alpha);

/* Writes the comparison to each output. Returns how the program ends, with the reason in
 * err unless that is FINE. */
enum ipm_exit ipm_judging_finish(struct ipm_judging *judging,
                                 const struct ipm_comparison *comparison,
                                 struct ipm_err *err);

/* Compares, and finishes. */
enum ipm_exit ipm_judging_compare(struct ipm_judging *judging,
                                  const struct ipm_compare_input *input,
                                  const struct ipm_metric_choice *choice, double alpha,
                                  struct ipm_err *err);

/* Finishes what was measured until `code`, 0 or the reason that is in err. `words` is empty, or
 * says first why there is no verdict. */
enum ipm_exit ipm_judging_conclude(struct ipm_judging *judging,
                                   const struct ipm_comparison *comparison, int code,
                                   struct ipm_err *words, struct ipm_err *err);

/* Adds the report to the history. Returns `ending`, or BAD when that fails. */
enum ipm_exit ipm_judging_save(const char *folder, const struct ipm_report *report,
                               enum ipm_exit ending, struct ipm_err *err);

/* Where the history had nothing to compare with, and `ending` says no more than that, a report
 * with figures becomes its beginning. Returns how the program ends. */
enum ipm_exit ipm_judging_save_first(const struct ipm_judging *judging,
                                     const char *folder, const struct ipm_report *report,
                                     enum ipm_exit ending, struct ipm_err *err);

/* Returns the ending that --status makes of another one. */
enum ipm_exit ipm_judging_end(const struct ipm_judging *judging, enum ipm_exit ending);

/* Writes the JSON document of a refused command line with that error. */
void ipm_judging_refuse(bool paired, const char *error);

/* Returns how the program ends with that report, with the reason in err unless that is FINE.
 * An error that is already set counts as a failure. */
enum ipm_exit ipm_run_judge(const struct ipm_report *report, struct ipm_err *err);

/* run.c: writes a failed report without cases: see struct ipm_command. */
void ipm_run_refuse(const struct ipm_call *call, const char *error);

#endif
