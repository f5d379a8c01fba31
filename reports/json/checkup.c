/* checkup.c - the keys of what `ipcmark doctor` found and their members. */
#include "model/report/checkup.h"
#include "reports/json/codec.h"

static json_t *checkup_write_value(const struct ipm_json_source *source) {
    const struct ipm_value *value = source->at;
    switch (value->kind) {
    case IPM_VALUE_WHOLE:
        return json_integer((json_int_t)value->whole);
    case IPM_VALUE_REAL:
        return json_real(value->real);
    case IPM_VALUE_TEXT:
        return ipm_json_mended(value->text, sizeof value->text);
    case IPM_VALUE_UNKNOWN:
        break;
    }
    return json_null();
}

CODEC(value, .write = checkup_write_value, .type = "string");

static const char *const checkup_verdicts[] = {[IPM_FITNESS_INFO] = "",
                                               [IPM_FITNESS_FIT] = "fit",
                                               [IPM_FITNESS_UNFIT] = "unfit",
                                               NULL};

static const char *const checkup_rule_words[] = {[IPM_FITNESS_INFO] = "",
                                                 [IPM_FITNESS_FIT] = "fit",
                                                 [IPM_FITNESS_UNFIT] = "unfit",
                                                 [IPM_FITNESS_UNKNOWN] = "unknown",
                                                 NULL};

static const struct ipm_json_field rows_checkup_rule[] = {
    FIELD(pointer, ipm_checkup_rule, code, "Code of the warning of a run.", .least = 1),
    FIELD(pointer, ipm_checkup_rule, unfit_when, "When it applies.", .least = 1),
    FIELD(pointer, ipm_checkup_rule, effect, "What that does to which figure.",
          .least = 1),
    FIELD_CHOICE(ipm_checkup_rule, fitness, checkup_rule_words,
                 "unfit: it applies. unknown: all that it is about is unknown here."),
};
OBJECT(checkup_rule, "A rule by which a machine is not fit");

static const struct ipm_json_field rows_finding[] = {
    FIELD(pointer, ipm_finding, key, "What was looked at; ends in the unit.", .least = 1),
    FIELD(value, ipm_finding, value, "What was found. null: see reason."),
    FIELD(text, ipm_finding, reason,
          "Why the value is not known. null: the value is known."),
    FIELD(pointer, ipm_finding, meaning, "What it means for a figure.", .least = 1),
    FIELD(pointer_or_null, ipm_finding, command,
          "A command, or an option of one, that would change it. null: there is none."),
    FIELD_CHOICE(
        ipm_finding, fitness, ipm_fitness_words,
        "info: no rule is about it. unknown: a rule is, and the value is not known."),
    FIELD(text, ipm_finding, message, "Why it is unfit. null: it is not."),
};
OBJECT(finding, "A fact about the machine");

static const struct ipm_json_field rows_doctor[] = {
    FIELD_HEAD("doctor", "What the document is: a look at the machine."),
    FIELD_STRUCT(ipm_checkup, tool, ipm_json_of_tool, "The program that looked."),
    FIELD(text, ipm_checkup, started_at, "When: RFC 3339, UTC."),
    FIELD_CHOICE(ipm_checkup, verdict, checkup_verdicts,
                 "unfit: a rule applies. null: there is an error."),
    FIELD_INLINE("rules", array, object, ipm_checkup, rules, rule_count,
                 "The rules of the verdict.", .object = &of_checkup_rule),
    FIELD_INLINE("findings", array, object, ipm_checkup, findings, count,
                 "What was looked at.", .object = &of_finding),
    FIELD(text, ipm_checkup, error, "Why nothing was looked at. null: something was."),
};
OBJECT_SHARED(doctor, "Whether a machine is fit to measure on");
