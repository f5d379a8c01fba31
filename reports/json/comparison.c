/* comparison.c - the keys of a comparison and their members, version 1 of the contract. */
#include "model/compare/comparison.h"
#include "reports/json/codec.h"

/* --- words, by value -------------------------------------------------------------------- */

static const char *const comparison_designs[] = {"unpaired", "paired", NULL};
static const char *const comparison_sides[] = {
    [IPM_ARM_BASE] = "base", [IPM_ARM_NEW] = "new", NULL};
static const char *const comparison_confirmations[] = {
    [IPM_CONFIRMATION_NONE] = "",
    [IPM_CONFIRMATION_YES] = "yes",
    [IPM_CONFIRMATION_NO] = "no",
    NULL,
};

/* --- tables of fields ------------------------------------------------------------------- */

static const struct ipm_json_field rows_compared_run[] = {
    FIELD_CHOICE(ipm_compared_run, side, comparison_sides, "Side of the comparison."),
    FIELD(text, ipm_compared_run, name,
          "The file, or the prefix of the command. null: there is no prefix."),
    FIELD(text, ipm_compared_run, version, "Version of the program that measured."),
    FIELD(text, ipm_compared_run, commit, "Commit that it was built from."),
    FIELD(text, ipm_compared_run, hostname, "The machine."),
    FIELD(text, ipm_compared_run, kernel, "Release of its kernel."),
    FIELD(text, ipm_compared_run, started_at, "When the run began: RFC 3339, UTC."),
    FIELD_INLINE("labels", map, label, ipm_compared_run, labels.items, labels.count,
                 "Labels of the run, as in its report."),
};
OBJECT(compared_run, "A run that was compared");

static const struct ipm_json_field rows_difference[] = {
    FIELD(pointer, ipm_difference, what, "Name of the property.", .least = 1),
    FIELD_AS("base", text, ipm_difference, sides[IPM_ARM_BASE], "Its value in the base."),
    FIELD_AS("new", text, ipm_difference, sides[IPM_ARM_NEW],
             "Its value in the new run."),
};
OBJECT(difference, "A property that is not the same on both sides");

static const struct ipm_json_field rows_result[] = {
    FIELD_AS("case", name, ipm_compared, name, "Name of the case."),
    FIELD_BEHIND("metric", pointer, ipm_compared, metric, ipm_metric, name,
                 "Name of the metric on the command line.", .least = 1),
    FIELD_BEHIND("key", pointer, ipm_compared, metric, ipm_metric, key,
                 "Its key in the summary of a case, with its unit.", .least = 1),
    FIELD_DIRECTION(ipm_compared),
    FIELD_CHOICE(ipm_compared, verdict, ipm_verdict_words,
                 "same: the whole interval, widened by the drift, is within the "
                 "requested threshold. undecided: the trials do not show which of these "
                 "it is. insufficient: fewer than seven trials on a side, or ten blocks. "
                 "contended: that few without contention. saturated: neither side kept "
                 "its rate, so that the metric tells the length of the window; it is not "
                 "gated. machine: the new run, measured again by ipcmark gate, differs "
                 "from itself."),
    FIELD_STRUCT_AS("base", ipm_compared, sides[IPM_ARM_BASE], ipm_json_of_statistic,
                    "The metric over the trials of the base that count, as measured."),
    FIELD_STRUCT_AS("new", ipm_compared, sides[IPM_ARM_NEW], ipm_json_of_statistic,
                    "The metric over the trials of the new run that count, as measured."),
    FIELD_AS("base_contended", uint, ipm_compared, contended[IPM_ARM_BASE],
             "Trials of the base that were left out, because others took CPU time that "
             "they needed; paired: blocks, of both sides."),
    FIELD_AS("new_contended", uint, ipm_compared, contended[IPM_ARM_NEW],
             "The same of the new run."),
    FIELD_AS("base_slowed", uint, ipm_compared, slowed[IPM_ARM_BASE],
             "Trials of the base that were left out, because a null system call beside "
             "them took over 5 % longer than beside the fastest trial of their run. 0: "
             "all trials count."),
    FIELD_AS("new_slowed", uint, ipm_compared, slowed[IPM_ARM_NEW],
             "The same of the new run."),
    FIELD(real, ipm_compared, ratio,
          "New divided by base, after division by the reference measurement where there "
          "is one: the median over all pairs of trials, or of medians of runs. null: a "
          "side has no trial."),
    FIELD(real, ipm_compared, ratio_low,
          "Lower end of its 95 % interval; of instructions, the least of all pairs of "
          "seeds. null: there are too few trials."),
    FIELD(real, ipm_compared, ratio_high,
          "Upper end of its 95 % interval; of instructions, the most of all pairs of "
          "seeds. null: there are too few trials."),
    FIELD_AS(
        "reference", choice, ipm_compared, reference,
        "Reference measurement that corrects for the speed of the machine. null: none.",
        .words = ipm_reference_words),
    FIELD_AS("drift_ratio", real, ipm_compared, drift,
             "How much figures drift without any change: between halves of a run, runs "
             "of the base, reference measurements; of instructions, between seeds."),
    FIELD_AS(
        "base_spread_ratio", real, ipm_compared, base_spread,
        "Standard deviation between the runs of the base, of which the interval and the "
        "probabilities are where there are at least five. null: fewer."),
    FIELD(truth, ipm_compared, fast_end,
          "Whether the value of a run is its fast end, which 5 % of its trials exceed, "
          "instead "
          "of its median: where there are at least five runs of the base, and these "
          "differ much less by it."),
    FIELD_AS("threshold_ratio", real, ipm_compared, threshold,
             "The threshold, widened by the drift."),
    FIELD(real, ipm_compared, p_regressed,
          "Probability of this by noise alone, corrected for the number of results. "
          "null: not tested.",
          .most = 1),
    FIELD(real, ipm_compared, p_improved,
          "The same, for an improvement. null: not tested.", .most = 1),
    FIELD(truth, ipm_compared, gated,
          "Whether it decides about the gate. ipcmark gate only shows the primary metric "
          "of other cases than those on one CPU."),
    FIELD_CHOICE(ipm_compared, confirmation, comparison_confirmations,
                 "Whether a second measurement confirmed the change; with no, the "
                 "verdict is undecided. null: there was none."),
    FIELD(uint_or_null, ipm_compared, rounds_more,
          "Further rounds or blocks of each side that would decide it. null: no "
          "reasonable number would, or none is needed."),
};
OBJECT(result, "One metric of one case, with its verdict");

static const struct ipm_json_field rows_unmatched[] = {
    FIELD_AS("case", name, ipm_unmatched, name, "Name of the case."),
    FIELD_CHOICE(ipm_unmatched, state, ipm_unmatched_words,
                 "failed: in the new run. skipped: on both sides."),
    FIELD(text, ipm_unmatched, reason,
          "Why it was not measured there. null: the report does not have it."),
};
OBJECT(unmatched, "A case that could not be compared");

static const struct ipm_json_field rows_comparison_settings[] = {
    FIELD_AS("threshold_ratio", real, ipm_comparison, threshold,
             "Changes smaller than this count as no change. null: there is an error."),
    FIELD_AS("significance_ratio", real, ipm_comparison, alpha,
             "Probability that noise alone makes any regression, over all results. null: "
             "there is an error.",
             .most = 1),
    FIELD(truth, ipm_comparison, allow_missing,
          "Whether cases of one side only are accepted."),
    FIELD(uint_or_null, ipm_comparison, seed,
          "Seed of the order of the blocks, as text above 2^53. null: there was no order "
          "to choose.",
          .most = INT64_MAX),
};
OBJECT(comparison_settings, "What was asked of a comparison");

static const struct ipm_json_field rows_comparison[] = {
    FIELD_HEAD("comparison", "What the document is: a comparison."),
    FIELD_STRUCT(ipm_comparison, tool, ipm_json_of_tool, "The program that compared."),
    FIELD_AS("design", choice, ipm_comparison, paired,
             "unpaired: runs made at different times, by ipcmark compare. paired: block "
             "by block, by ipcmark ab.",
             .words = comparison_designs),
    FIELD_CHOICE(ipm_comparison, clock, ipm_clock_words,
                 "That of both sides, as in a report: with instructions, changes are "
                 "judged by the range of the seeds."),
    FIELD(text, ipm_comparison, started_at, "When it was compared: RFC 3339, UTC."),
    FIELD_STRUCT_WHOLE("settings", of_comparison_settings, "What was asked for."),
    FIELD_CHOICE(ipm_comparison, gate, ipm_gate_words,
                 "failed: a regression, or a case that is missing or broken. open: no "
                 "regression, but some gated result is undecided. undecided: nothing in "
                 "common, too little data, or a machine that differs from itself."),
    FIELD(text, ipm_comparison, error,
          "Why nothing could be compared. null: something could."),
    FIELD_STRUCTS("runs", ipm_comparison, runs, run_count, 0, of_compared_run,
                  "The runs that were compared, those of the base first."),
    FIELD_STRUCTS(
        "differences", ipm_comparison, differences, difference_count, 0, of_difference,
        "Properties that are not the same on both sides and may explain differences."),
    FIELD_STRUCTS("results", ipm_comparison, results, result_count, 0, of_result,
                  "One row for every metric that was judged, worst first."),
    FIELD_STRUCTS("unmatched", ipm_comparison, unmatched, unmatched_count, 0,
                  of_unmatched, "Cases that could not be compared."),
};
OBJECT_SHARED(comparison, "A comparison of two measurements");
