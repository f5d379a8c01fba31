/* setting.c - the table of settings, as rows of a case and of what a run was asked for. */
#include "model/report/report.h"
#include "reports/json/codec.h"

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
