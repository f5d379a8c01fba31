/* rows.c - rows of fields that are made of the tables of metrics and of settings. */
#include "model/report/report.h"
#include "reports/json/codec.h"

#include <stdlib.h>

static const struct ipm_json_field rows_statistic[] = {
    FIELD(real, ipm_statistic, median,
          "Middle value, or the mean of the two middle ones. null: count is 0."),
    FIELD(real, ipm_statistic, ci95_low,
          "Lower end of the 95 % interval of the median, by order statistics. null: "
          "count is below 6."),
    FIELD(real, ipm_statistic, ci95_high, "Upper end of it. null: count is below 6."),
    FIELD(real, ipm_statistic, mean, "Arithmetic mean. null: count is 0."),
    FIELD(real, ipm_statistic, stddev,
          "Standard deviation of the sample. null: count is below 2."),
    FIELD(real, ipm_statistic, min, "Smallest value. null: count is 0."),
    FIELD(real, ipm_statistic, max, "Largest value. null: count is 0."),
    FIELD(uint, ipm_statistic, count, "Number of known values."),
};
OBJECT_SHARED(statistic, "Statistics of a list of values");

static json_t *statistic_write_or_null(const struct ipm_json_source *source) {
    const struct ipm_statistic *statistic = source->at;
    return statistic->count == 0 ? json_null() : ipm_json_object.write(source);
}

static const struct ipm_json_codec statistic_or_null = {.write = statistic_write_or_null,
                                                        .nullable = true};

bool ipm_json_make_metric(size_t number, struct ipm_json_field *ret_field) {
    size_t m = 0;
    while (m < IPM_METRICS && (ipm_metrics[m].quantile > 0 || number-- > 0))
        m++;
    if (m == IPM_METRICS)
        return false;
    const struct ipm_metric *metric = &ipm_metrics[m];
    *ret_field = (struct ipm_json_field){
        .key = metric->key,
        .doc = metric->doc,
        .codec = metric->optional ? &statistic_or_null : &ipm_json_object,
        .offset = offsetof(struct ipm_case, summary),
        .behind = true,
        .inner =
            offsetof(struct ipm_summary, metrics[0]) + m * sizeof(struct ipm_statistic),
        .size = sizeof(struct ipm_statistic),
        .derived = true,
        .object = &ipm_json_of_statistic};
    return true;
}

static json_t *metric_write_key(const struct ipm_json_source *source) {
    return json_string(ipm_metrics[ipm_json_load(source->at, source->field->size)].key);
}

static int metric_read_key(const struct ipm_json_target *target, const char *value) {
    char *key = *value == '"' ? ipm_json_text_of(value) : NULL;
    const struct ipm_metric *metric = key != NULL ? ipm_metric_find_key(key) : NULL;
    free(key);
    if (metric == NULL)
        return ipm_json_refuse(target->reading, "is no metric that this ipcmark knows");
    ipm_json_store(target->at, target->field->size, (uint64_t)(metric - ipm_metrics));
    return 0;
}

CODEC(metric, .write = metric_write_key, .read = metric_read_key);

struct setting_codec {
    const struct ipm_json_codec *of_case;
    const struct ipm_json_codec *asked; /* 0 was not asked for */
    size_t size;
};

static const struct setting_codec setting_codecs[] = {
    [IPM_SETTING_NAME] = {&ipm_json_name, &ipm_json_name, IPM_NAME_BYTES},
    [IPM_SETTING_TEXT] = {&ipm_json_text, &ipm_json_text, IPM_NAME_BYTES},
    [IPM_SETTING_COUNT] = {&ipm_json_uint, &ipm_json_uint_or_null, sizeof(uint64_t)},
    [IPM_SETTING_SIZE] = {&ipm_json_uint, &ipm_json_uint_or_null, sizeof(uint64_t)},
    [IPM_SETTING_TIME] = {&ipm_json_uint, &ipm_json_uint, sizeof(uint64_t)},
    [IPM_SETTING_CPU] = {&ipm_json_int, &ipm_json_int, sizeof(int64_t)},
    [IPM_SETTING_FLAG] = {&ipm_json_truth, &ipm_json_truth, sizeof(bool)},
};

bool ipm_json_make_setting(size_t number, struct ipm_json_field *ret_field) {
    if (number >= IPM_SETTINGS)
        return false;
    const struct ipm_setting *setting = &ipm_settings[number];
    const struct setting_codec *codec = &setting_codecs[setting->type];
    const bool or_null = (setting->flags & IPM_SETTING_OR_NULL) != 0;
    *ret_field = (struct ipm_json_field){
        .key = setting->key,
        .doc = setting->doc,
        .codec = or_null ? &ipm_json_uint_or_null : codec->of_case,
        .offset = offsetof(struct ipm_case, config) + setting->offset,
        .size = codec->size,
        .least = setting->least,
    };
    return true;
}

bool ipm_json_make_common(size_t number, struct ipm_json_field *ret_field) {
    size_t i = 0;
    while (i < IPM_SETTINGS &&
           ((ipm_settings[i].flags & IPM_SETTING_COMMON) == 0 || number-- > 0))
        i++;
    if (i == IPM_SETTINGS)
        return false;
    const struct ipm_setting *setting = &ipm_settings[i];
    *ret_field = (struct ipm_json_field){
        .key = setting->key,
        .doc = setting->asked_doc != NULL ? setting->asked_doc : setting->doc,
        .codec = setting_codecs[setting->type].asked,
        .offset = offsetof(struct ipm_options, common) + setting->offset,
        .size = setting_codecs[setting->type].size,
        .most = setting->asked_most,
    };
    return true;
}
