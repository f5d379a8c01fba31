/* merge.c - the keys of `ipcmark report --merge`, version 1 of the contract. */
#include "model/merge/merge.h"
#include "reports/json/codec.h"

static const struct ipm_json_field rows_merge_difference[] = {
    FIELD(pointer, ipm_merge_difference, what, "Name of the property.", .least = 1),
    FIELD(text, ipm_merge_difference, here, "Its value in the group. null: none."),
    FIELD(text, ipm_merge_difference, elsewhere,
          "Its value in more than half of the groups. null: none."),
};
OBJECT(merge_difference, "A property of an odd group that most groups do not have");

static const struct ipm_json_field rows_merge_group[] = {
    FIELD(name, ipm_merge_group, name, "Value of the label."),
    FIELD_BEHIND("hostname", text, ipm_merge_group, first, ipm_report, host.hostname,
                 "Host name of its first report."),
    FIELD_BEHIND("started_at", text, ipm_merge_group, first, ipm_report, run.started_at,
                 "When the run of its first report began: RFC 3339, UTC."),
    FIELD_AS("runs", uint, ipm_merge_group, run_count, "Number of its reports."),
    FIELD_AS("results", uint, ipm_merge_group, result_count,
             "Number of cases that it measured."),
    FIELD_AS("odd_results", uint, ipm_merge_group, odd_count,
             "Number of cases in which it is odd."),
    FIELD_STRUCTS("differences", ipm_merge_group, differences, difference_count, 0,
                  of_merge_difference,
                  "What distinguishes an odd group from most others; empty: nothing "
                  "known, or it is not odd."),
};
OBJECT(merge_group, "The reports that have one value of the label: a machine, as a rule");

static const struct ipm_json_field rows_merge_value[] = {
    FIELD(pointer, ipm_merge_value, group, "Name of the group.", .least = 1),
    FIELD_STRUCT(ipm_merge_value, trials, ipm_json_of_statistic,
                 "The metric over the trials of all its runs, without those contended."),
    FIELD_AS("contended_trials", uint, ipm_merge_value, contended,
             "Trials that are left out, because others took CPU time that they needed."),
    FIELD(real, ipm_merge_value, ratio, "Its median divided by that of the groups."),
    FIELD(truth, ipm_merge_value, odd,
          "Whether it is further from the median of the groups than the limit."),
};
OBJECT(merge_value, "One group in one case");

static const struct ipm_json_field rows_merge_result[] = {
    FIELD_AS("case", name, ipm_merge_result, config.name, "Name of the case."),
    FIELD_BEHIND("metric", pointer, ipm_merge_result, metric, ipm_metric, name,
                 "Name of its primary metric on the command line.", .least = 1),
    FIELD_BEHIND("key", pointer, ipm_merge_result, metric, ipm_metric, key,
                 "Its key in the summary of a case, with its unit.", .least = 1),
    FIELD_DIRECTION(ipm_merge_result),
    FIELD(real, ipm_merge_result, median,
          "Median of the medians of the groups, of their logarithms."),
    FIELD_AS("spread_ratio", real, ipm_merge_result, spread,
             "Median absolute deviation of the groups from it, scaled to a standard "
             "deviation."),
    FIELD_AS(
        "limit_ratio", real, ipm_merge_result, limit,
        "A group further away is odd: the number of spreads that one of equal groups "
        "exceeds in 1 % of the cases, and at least threshold_ratio. null: fewer "
        "than four groups measured the case."),
    FIELD(truth, ipm_merge_result, mixed,
          "Whether more than a quarter of the groups are further away: the machines are "
          "of several kinds, and none is odd."),
    FIELD_AS("odd_groups", uint, ipm_merge_result, odd_count, "Number of odd groups."),
    FIELD_AS("contended_groups", uint, ipm_merge_result, contended_count,
             "Groups whose trials were all contended: they have no value."),
    FIELD_STRUCTS("groups", ipm_merge_result, values, value_count, 0, of_merge_value,
                  "The groups that measured the case."),
};
OBJECT(merge_result, "One case, as the groups measured it");

static const struct ipm_json_field rows_merge[] = {
    FIELD_HEAD("merge", "What the document is: reports of several machines as one."),
    FIELD_STRUCT(ipm_merge, tool, ipm_json_of_tool, "The program that merged."),
    FIELD(text, ipm_merge, merged_at, "When: RFC 3339, UTC."),
    FIELD(name, ipm_merge, by,
          "Label whose values are the groups; hostname is the host name unless there is "
          "such a label."),
    FIELD_AS("threshold_ratio", real, ipm_merge, threshold,
             "Groups closer to the median than this are never odd."),
    FIELD_STRUCTS("groups", ipm_merge, groups, group_count, 0, of_merge_group,
                  "The groups, in the order of their reports."),
    FIELD_STRUCTS("results", ipm_merge, results, result_count, 0, of_merge_result,
                  "One row for every case that a group measured."),
};
OBJECT_SHARED(merge, "Reports of several machines as one document: what is usual in each "
                     "case, and which machine is the odd one");
