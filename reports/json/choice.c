/* choice.c - the keys of an answer of `ipcmark choose`, version 1 of the contract. */
#include "model/choose/choice.h"
#include "reports/json/codec.h"

/* A set of needs: the names of its bits. */
static json_t *choice_write_needs(const struct ipm_json_source *source) {
    const uint64_t needs = ipm_json_load(source->at, source->field->size);
    json_t *list = json_array();
    for (size_t i = 0; ipm_needs[i].name != NULL; i++)
        if ((needs >> i & 1) != 0)
            ipm_json_append(&list, json_string(ipm_needs[i].name));
    return list;
}

CODEC(needs, .write = choice_write_needs);

/* ipm_json_make_setting assumes that the configuration is the first member. */
_Static_assert(offsetof(struct ipm_case, config) == 0, "see ipm_json_make_setting");

static const struct ipm_json_field rows_estimate[] = {
    FIELD(real, ipm_estimate, value,
          "Median over the trials, or what the model gives. null: unknown."),
    FIELD_AS("ci95_low", real, ipm_estimate, low,
             "Lower end of its 95 % interval. null: unknown."),
    FIELD_AS("ci95_high", real, ipm_estimate, high, "Upper end of it. null: unknown."),
};
OBJECT(estimate,
       "A value with its interval; that of a model is widened by what the model misses");

static const struct ipm_json_field rows_regime[] = {
    FIELD(uint, ipm_fit_regime, least_bytes, "Smallest size of the line."),
    FIELD(uint, ipm_fit_regime, most_bytes, "Largest size of the line."),
    FIELD_STRUCT(ipm_fit_regime, fixed_ns, of_estimate,
                 "Time of a message without its bytes."),
    FIELD_STRUCT_AS("per_byte_ns", ipm_fit_regime, per_byte_ns, of_estimate,
                    "Time of a byte."),
    FIELD_STRUCT(ipm_fit_regime, half_bytes, of_estimate,
                 "Size at which both parts are equal, so that half of the final "
                 "bandwidth is reached. null: a byte costs nothing."),
};
OBJECT(regime, "A range of sizes with one line");

static const struct ipm_json_field rows_model[] = {
    FIELD_AS("sizes", uint, ipm_fit, size_count, "Number of measured sizes."),
    FIELD(real, ipm_fit, residual_ratio,
          "Largest relative distance between a measured size and its line. null: fewer "
          "than three sizes."),
    FIELD_INLINE("regimes", array, object, ipm_fit, regimes, regime_count,
                 "Lines, by size; empty: there is no model, because a line would miss by "
                 "more than 15 %.",
                 .object = &of_regime),
};
OBJECT_SHARED(model,
              "The time of a message over sizes: a fixed part and a part per byte");

static const struct ipm_json_field rows_candidate[] = {
    {.make = ipm_json_make_setting},
    FIELD(uint, ipm_choice_candidate, rank,
          "Shared by all that the first of the rank is not known to be ahead of, by the "
          "interval of the ratio.",
          .least = 1),
    FIELD(truth, ipm_choice_candidate, interpolated,
          "Whether the value is that of the model, because the size was not measured."),
    FIELD_STRUCT(ipm_choice_candidate, value, of_estimate,
                 "Value of the metric of the group."),
    FIELD_STRUCT(ipm_choice_candidate, ratio, of_estimate,
                 "How many times as good the first candidate is: paired round by round "
                 "where both were measured."),
    FIELD_STRUCT_AS("cpu_ns_per_message", ipm_choice_candidate, cpu_ns, of_estimate,
                    "CPU time of both ends per message."),
    FIELD(real, ipm_choice_candidate, loss_ratio,
          "Lost messages divided by sent messages. null: not measured at this size.",
          .most = 1),
    FIELD(
        truth, ipm_choice_candidate, known,
        "Whether the program that chose has this transport, and so knows what it lacks."),
    FIELD(needs, ipm_choice_candidate, lacks, "Needs that it does not have."),
    FIELD_STRUCT_AS("model", ipm_choice_candidate, fit, ipm_json_of_model,
                    "Model of the metric over the sizes of the report."),
};
OBJECT(candidate, "A transport that answers the question");

static const struct ipm_json_field rows_exclusion[] = {
    {.make = ipm_json_make_setting},
    FIELD(name, ipm_choice_exclusion, reason, "Why it does not answer the question."),
};
OBJECT(exclusion, "A transport that does not answer the question");

static const struct ipm_json_field rows_choice_group[] = {
    FIELD_AS("pattern", name, ipm_choice_group, config.pattern, "Pattern."),
    FIELD_AS("pin", name, ipm_choice_group, config.pin, "Requested placement."),
    FIELD_BEHIND("metric", pointer, ipm_choice_group, metric, ipm_metric, key,
                 "Key of the metric that ranks.", .least = 1),
    FIELD_DIRECTION(ipm_choice_group),
    FIELD_STRUCTS("candidates", ipm_choice_group, candidates, candidate_count, 0,
                  of_candidate, "Those that answer the question, best first."),
    FIELD_STRUCTS("excluded", ipm_choice_group, exclusions, exclusion_count, 0,
                  of_exclusion, "Those that do not."),
};
OBJECT(choice_group, "What is ranked together: placements and patterns do not mix");

#define QUESTION_LIST(word, kind, member, ...)                                           \
    FIELD_INLINE(word, array, kind, ipm_choice_question, wanted.member.items,            \
                 wanted.member.count, __VA_ARGS__)

static const struct ipm_json_field rows_question[] = {
    FIELD(uint, ipm_choice_question, message_bytes,
          "Size of a message; 0: there is an error."),
    FIELD_BEHIND(
        "metric", pointer_or_null, ipm_choice_question, bound, ipm_metric, key,
        "Key of the metric to rank by. null: the primary metric of each pattern."),
    FIELD(needs, ipm_choice_question, needs, "What a candidate must have."),
    QUESTION_LIST("patterns", name, patterns, "Wanted patterns; empty: any."),
    QUESTION_LIST("pins", pin, pins, "Wanted placements; empty: any."),
    QUESTION_LIST("rate_per_second", uint, rate_per_second,
                  "Wanted rates, 0 for as many messages as possible; empty: any."),
    QUESTION_LIST("framings", name, framings, "Wanted framings; empty: any."),
    QUESTION_LIST("ios", name, ios, "Wanted I/O backends; empty: any."),
    QUESTION_LIST("clients", uint, clients, "Wanted numbers of clients; empty: any."),
    QUESTION_LIST("pairs", uint, pairs, "Wanted numbers of pairs; empty: any."),
    QUESTION_LIST("servers", name, servers, "Wanted server strategies; empty: any."),
    QUESTION_LIST("waits", name, waits, "Wanted ways of waiting; empty: any."),
};
OBJECT(question, "What was asked");

static const struct ipm_json_field rows_choice[] = {
    FIELD_HEAD("choice", "What the document is: an answer of ipcmark choose."),
    FIELD_STRUCT(ipm_choice, tool, ipm_json_of_tool, "The program that chose."),
    FIELD(text, ipm_choice, input, "The file of the report. null: there is none."),
    FIELD(text, ipm_choice, hostname, "The machine that was measured."),
    FIELD(text, ipm_choice, started_at, "When it was measured: RFC 3339, UTC."),
    FIELD_STRUCT(ipm_choice, question, of_question, "What was asked."),
    FIELD_STRUCTS("groups", ipm_choice, groups, group_count, 0, of_choice_group,
                  "One ranking for every pattern, placement and other condition."),
    FIELD(text, ipm_choice, command,
          "A command whose report could answer. null: this one does."),
    FIELD(text, ipm_choice, error, "Why no report was read. null: one was."),
};
OBJECT_SHARED(choice, "An answer of ipcmark choose");
