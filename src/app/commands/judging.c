/* judging.c - the options of the commands that judge, and their exit status. */
#include "app/commands/judging.h"

#include "app/cli/foreign.h"
#include "app/cli/lists.h"
#include "app/commands/baseline.h"
#include "app/commands/version.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/words.h"
#include "model/report/report.h"
#include "reports/columns/format.h"
#include "reports/common/comparison.h"
#include "reports/renderer.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- options ---------------------------------------------------------------------------- */

const char *ipm_judging_metric(const void *context, size_t i) {
    static const char *const words[] = {"primary", "all"};
    enum { WORDS = sizeof words / sizeof words[0] };
    (void)context;
    if (i < WORDS)
        return words[i];
    i -= WORDS;
    for (size_t m = 0; m < IPM_METRICS; m++)
        if (ipm_metrics[m].name != NULL && i-- == 0)
            return ipm_metrics[m].name;
    return NULL;
}

static int judging_refuse_metric(const char *name, struct ipm_err *err) {
    ipm_foreign_hint_name("metric", name, "ipcmark help compare", err);
    return ipm_words_refuse(err, "metric", "", name, ipm_judging_metric, NULL,
                            "ipcmark help compare");
}

static int judging_add_metric(void *context, const char *name, struct ipm_err *err) {
    struct ipm_metric_choice *choice = context;
    const struct ipm_metric *metric = ipm_metric_find(name);
    const bool all = strcmp(name, "all") == 0;
    for (size_t i = 0; i < IPM_METRICS && all; i++)
        choice->chosen[i] = true;
    if (metric != NULL)
        choice->chosen[metric - ipm_metrics] = true;
    if (strcmp(name, "primary") == 0)
        choice->primary = true;
    else if (metric == NULL && !all)
        return judging_refuse_metric(name, err);
    return 0;
}

int ipm_judging_set_metric(const struct ipm_option *option, void *target,
                           const char *value, struct ipm_err *err) {
    struct ipm_judging *judging = target;
    (void)option;
    judging->choice = (struct ipm_metric_choice){0};
    return ipm_lists_split(value, "metric", judging_add_metric, &judging->choice, err);
}

int ipm_judging_set_threshold(const struct ipm_option *option, void *target,
                              const char *value, struct ipm_err *err) {
    struct ipm_judging *judging = target;
    judging->threshold_given = true;
    return ipm_optparse_set_percent(option, target, value, err);
}

int ipm_judging_check(struct ipm_judging *judging, struct ipm_err *err) {
    int code = ipm_outputs_add_text(&judging->outputs, judging->quiet, err);
    return code == 0 ? ipm_outputs_check(&judging->outputs, IPM_DOCUMENT_COMPARISON, err)
                     : code;
}

const char *const ipm_judging_fail_words[] = {"regressed", "undecided", NULL};
const char *const ipm_judging_status_words[] = {"plain", "bisect", NULL};

/* --- the end ---------------------------------------------------------------------------- */

static void judging_word_regressed(const struct ipm_comparison *comparison,
                                   struct ipm_err *err) {
    const size_t count = ipm_comparison_count_gated(comparison, IPM_VERDICT_REGRESSED);
    const struct ipm_compared *worst = comparison->results;
    if (count == 0)
        return;
    ipm_err_set(err, -EIO, "%zu of %zu figures regressed; the worst, %s of '%s': %s",
                count, ipm_comparison_count_gated(comparison, IPM_VERDICTS),
                worst->metric->name,
                ipm_text_case(&comparison->cases[worst->case_index]).text,
                ipm_comparison_change_of(comparison, worst->ratio).text);
    if (comparison->clock == IPM_CLOCK_INSTRUCTIONS)
        ipm_err_hint(err, "the path is longer; use 'ipcmark ab' to see whether time "
                          "follows");
}

static void judging_word_unmatched(const struct ipm_comparison *comparison,
                                   struct ipm_err *err) {
    const struct ipm_unmatched *first = NULL;
    size_t count = 0;
    for (size_t i = 0; i < comparison->unmatched_count; i++) {
        const struct ipm_unmatched *unmatched = &comparison->unmatched[i];
        const bool bad = ipm_comparison_is_bad(comparison, unmatched);
        first = bad && first == NULL ? unmatched : first;
        count += bad;
    }
    if (first == NULL || comparison->gate != IPM_GATE_FAILED)
        return;
    ipm_err_set(err, -EIO, "%zu case%s missing or broken; the first, '%s', is %s", count,
                count == 1 ? " is" : "s are",
                ipm_text_case(&comparison->cases[first->case_index]).text,
                ipm_comparison_state(comparison, first->state).text);
    if (first->state == IPM_UNMATCHED_FAILED)
        return;
    ipm_err_hint(err,
                 comparison->cases[first->case_index].rate_per_second > 0
                     ? "'--allow-missing' compares the rates that both have; two sweeps "
                       "try different ones, and a list such as '--rate 10k,50k' does not"
                     : "'--allow-missing' lets missing ones pass");
}

static void judging_hint_more(const struct ipm_comparison *comparison,
                              struct ipm_err *err) {
    const size_t least = ipm_comparison_least(comparison);
    if (comparison->clock == IPM_CLOCK_INSTRUCTIONS)
        ipm_err_hint(err,
                     "at least %zu seeds of each side are needed: 'ipcmark count "
                     "--seeds %zu' or more",
                     least, least);
    else if (comparison->paired)
        ipm_err_hint(err, "at least %zu blocks are needed: '--blocks %zu' or more", least,
                     least);
    else
        ipm_err_hint(err,
                     "at least %zu trials of each side are needed, such as 'run -r %zu'",
                     least, least);
}

static void judging_word_unjudged(const struct ipm_judging *judging,
                                  const struct ipm_comparison *comparison,
                                  struct ipm_err *err) {
    const size_t gated = ipm_comparison_count_gated(comparison, IPM_VERDICTS);
    const size_t machine = ipm_comparison_count_gated(comparison, IPM_VERDICT_MACHINE);
    const size_t busy = ipm_comparison_count_gated(comparison, IPM_VERDICT_CONTENDED);
    const size_t few = ipm_comparison_count_gated(comparison, IPM_VERDICT_INSUFFICIENT);
    if (judging->cut_short) {
        ipm_err_set(err, -ENODATA, "the budget was over before %zu blocks were measured",
                    ipm_comparison_least(comparison));
        ipm_err_hint(err, "a longer '--budget', shorter trials, or fewer cases");
    } else if (comparison->result_count == 0) {
        ipm_err_set(err, -ENODATA, "nothing in common to compare");
        ipm_err_hint(err,
                     "cases are matched by all of their settings; the default of '--pin' "
                     "depends on the CPUs");
    } else if (ipm_comparison_count(comparison, IPM_VERDICT_SATURATED) ==
               comparison->result_count) {
        ipm_err_set(err, -ENODATA, "neither side achieved its rate in any case");
        ipm_err_hint(err, "latencies then tell the length of the window; measure lower "
                          "rates, or judge '--metric achieved'");
    } else if (gated == 0) {
        ipm_err_set(err, -ENODATA, "nothing is gated: no case has both ends on one CPU");
        ipm_err_hint(err, "measure with '--pin same', or name a metric by '--metric'");
    } else if (machine > 0) {
        ipm_err_set(err, -ENODATA, "%zu of %zu figures differ from themselves", machine,
                    gated);
        ipm_err_hint(err, "measure again on a quieter machine");
    } else if (busy > few) {
        ipm_err_set(err, -ENODATA, "others took CPU time that %zu of %zu figures needed",
                    busy, gated);
        ipm_err_hint(err, "measure on a quieter machine, or longer: 'run --budget 5m' "
                          "measures such trials again");
    } else {
        ipm_err_set(err, -ENODATA, "too little data for %zu of %zu figures", few + busy,
                    gated);
        judging_hint_more(comparison, err);
    }
}

static void judging_word_open(const struct ipm_comparison *comparison,
                              struct ipm_err *err) {
    ipm_err_set(err, -ENODATA, "undecided: %zu of %zu figures",
                ipm_comparison_count_gated(comparison, IPM_VERDICT_UNDECIDED),
                ipm_comparison_count_gated(comparison, IPM_VERDICTS));
    ipm_err_hint(err, "the output tells of each of them what would decide it");
}

enum ipm_exit ipm_judging_finish(struct ipm_judging *judging,
                                 const struct ipm_comparison *comparison,
                                 struct ipm_err *err) {
    static const enum ipm_exit exits[IPM_GATES] = {[IPM_GATE_PASSED] = IPM_EXIT_FINE,
                                                   [IPM_GATE_OPEN] = IPM_EXIT_FINE,
                                                   [IPM_GATE_FAILED] = IPM_EXIT_BAD,
                                                   [IPM_GATE_UNDECIDED] =
                                                       IPM_EXIT_UNDECIDED};
    const struct ipm_document document = {.kind = IPM_DOCUMENT_COMPARISON,
                                          .comparison = comparison};
    const int failed =
        ipm_outputs_write(&judging->outputs, &document, judging->color, err);
    judging->open = comparison->gate == IPM_GATE_OPEN;
    judging->regressed =
        ipm_comparison_count_gated(comparison, IPM_VERDICT_REGRESSED) > 0;
    judging_word_regressed(comparison, err);
    judging_word_unmatched(comparison, err);
    if (comparison->gate == IPM_GATE_UNDECIDED)
        judging_word_unjudged(judging, comparison, err);
    if (failed < 0)
        return IPM_EXIT_BAD;
    if (!judging->open || (judging->fail_on != IPM_JUDGING_FAIL_UNDECIDED &&
                           judging->status != IPM_JUDGING_STATUS_BISECT))
        return exits[comparison->gate];
    judging_word_open(comparison, err);
    return IPM_EXIT_UNDECIDED;
}

enum ipm_exit ipm_judging_compare(struct ipm_judging *judging,
                                  const struct ipm_compare_input *input,
                                  const struct ipm_metric_choice *choice, double alpha,
                                  struct ipm_err *err) {
    struct ipm_comparison comparison = ipm_judging_begin(judging, alpha);
    const int failed = ipm_compare(&comparison, input, choice);
    enum ipm_exit ending = IPM_EXIT_BAD;
    if (failed)
        ipm_err_sys(err, failed, "cannot compare");
    else
        ending = ipm_judging_finish(judging, &comparison, err);
    ipm_comparison_done(&comparison);
    return ending;
}

enum ipm_exit ipm_judging_conclude(struct ipm_judging *judging,
                                   const struct ipm_comparison *comparison, int code,
                                   struct ipm_err *words, struct ipm_err *err) {
    const enum ipm_exit ending = ipm_judging_finish(judging, comparison, words);
    if (code == -EINTR) {
        ipm_err_set(err, -EINTR, "interrupted, the comparison is partial");
        return IPM_EXIT_STOPPED;
    }
    if (code != 0)
        return IPM_EXIT_BAD;
    *err = *words;
    return ending;
}

enum ipm_exit ipm_judging_save(const char *folder, const struct ipm_report *report,
                               enum ipm_exit ending, struct ipm_err *err) {
    struct ipm_err saving = {0};
    if (ipm_baseline_save(folder, report, &saving) == 0)
        return ending;
    *err = saving;
    return IPM_EXIT_BAD;
}

enum ipm_exit ipm_judging_save_first(const struct ipm_judging *judging,
                                     const char *folder, const struct ipm_report *report,
                                     enum ipm_exit ending, struct ipm_err *err) {
    if (ending != IPM_EXIT_UNDECIDED)
        return ending;
    *err = (struct ipm_err){0}; /* "nothing in common" */
    const enum ipm_exit measured = ipm_run_judge(report, err);
    if (measured != IPM_EXIT_FINE)
        return measured;
    ipm_err_set(err, -ENODATA, "no baseline: this run is the first in '%.200s'", folder);
    return ipm_judging_save(
        folder, report,
        judging->status == IPM_JUDGING_STATUS_BISECT ? IPM_EXIT_UNDECIDED : IPM_EXIT_FINE,
        err);
}

/* To git bisect(1), each status from 1 to 127 but 125 is a bad commit. What is refused is left to
 * main, which also has command lines that cannot be read (command.h). */
enum ipm_exit ipm_judging_end(const struct ipm_judging *judging, enum ipm_exit ending) {
    if (judging->status != IPM_JUDGING_STATUS_BISECT || ending == IPM_EXIT_FINE ||
        ending == IPM_EXIT_STOPPED || ending == IPM_EXIT_REFUSED ||
        (ending == IPM_EXIT_BAD && judging->regressed))
        return ending;
    return IPM_EXIT_SKIP;
}

struct ipm_comparison ipm_judging_begin(const struct ipm_judging *judging, double alpha) {
    struct ipm_comparison comparison = {
        .threshold = judging->threshold_given ? judging->threshold : NAN,
        .alpha = alpha,
        .allow_missing = judging->allow_missing};
    ipm_version_fill(&comparison.tool);
    ipm_clock_wall_text(comparison.started_at);
    return comparison;
}

/* The settings are unknown, because the command line is invalid. */
void ipm_judging_refuse(bool paired, const char *error) {
    const struct ipm_judging unknown = {0};
    struct ipm_comparison comparison = ipm_judging_begin(&unknown, NAN);
    const struct ipm_document document = {.kind = IPM_DOCUMENT_COMPARISON,
                                          .comparison = &comparison};
    comparison.paired = paired;
    comparison.gate = IPM_GATE_UNDECIDED;
    (void)snprintf(comparison.error, sizeof comparison.error, "%s", error);
    (void)ipm_outputs_put_as("json", &document, "-", IPM_WHEN_NEVER, NULL);
    ipm_comparison_done(&comparison);
}

/* Returns how many cases have the status, and the first of them. */
static size_t judge_find(const struct ipm_report *report, enum ipm_case_status status,
                         const struct ipm_case **ret_first) {
    size_t count = 0;
    for (size_t i = report->case_count; i-- > 0;) {
        if (report->cases[i].status != status)
            continue;
        count++;
        *ret_first = &report->cases[i];
    }
    return count;
}

enum ipm_exit ipm_run_judge(const struct ipm_report *report, struct ipm_err *err) {
    if (report->run.status == IPM_RUN_INTERRUPTED) {
        ipm_err_set(err, -EINTR, "interrupted, the report is partial");
        return IPM_EXIT_STOPPED;
    }
    const struct ipm_case *first = NULL;
    const size_t failed = judge_find(report, IPM_CASE_FAILED, &first);
    if (failed > 0)
        ipm_err_set(err, -EIO, "%zu of %zu cases failed; the first, '%s': %.200s", failed,
                    report->case_count, first->config.name, first->reason);
    if (err->code != 0)
        return IPM_EXIT_BAD;
    if (report->case_count == 0 ||
        judge_find(report, IPM_CASE_SKIPPED, &first) < report->case_count)
        return IPM_EXIT_FINE;
    ipm_err_set(err, -ENODATA,
                "nothing was measured: %zu of %zu cases skipped; the "
                "first, '%s': %.200s",
                report->case_count, report->case_count, first->config.name,
                first->reason);
    return IPM_EXIT_UNDECIDED;
}
