/* test_model_setting.c - the table of settings: complete, unambiguous, and obeyed by names. */
#include "model/plan/plan.h"
#include "model/setting.h"
#include "tests/support/assert.h"

#include <stdlib.h>
#include <string.h>

static const size_t setting_sizes[] = {
    [IPM_SETTING_NAME] = IPM_NAME_BYTES,    [IPM_SETTING_TEXT] = IPM_NAME_BYTES,
    [IPM_SETTING_COUNT] = sizeof(uint64_t), [IPM_SETTING_SIZE] = sizeof(uint64_t),
    [IPM_SETTING_TIME] = sizeof(uint64_t),  [IPM_SETTING_CPU] = sizeof(int64_t),
    [IPM_SETTING_FLAG] = sizeof(bool),
};

/* A value of few, so that two draws are often the same. */
static void setting_draw(const struct ipm_setting *setting,
                         struct ipm_case_config *config) {
    char *member = (char *)config + setting->offset;
    const uint64_t number = setting->least + (uint64_t)(rand() % 2);
    const bool flag = rand() % 2 != 0;
    if (setting->type == IPM_SETTING_NAME || setting->type == IPM_SETTING_TEXT)
        memcpy(member, flag ? "some" : "more", sizeof "some");
    else if (setting->type == IPM_SETTING_FLAG)
        memcpy(member, &flag, sizeof flag);
    else
        memcpy(member, &number, sizeof number);
}

Test(model_setting, every_member_but_the_name_has_one_row) {
    char rows[sizeof(struct ipm_case_config)] = {0};
    size_t last = 0;
    for (size_t i = 0; i < sizeof rows; i++)
        rows[i] = i < IPM_CASE_NAME_BYTES;
    for (size_t i = 0; i < IPM_SETTINGS; i++) {
        const size_t end = ipm_settings[i].offset + setting_sizes[ipm_settings[i].type];
        for (size_t at = ipm_settings[i].offset; at < end; at++)
            cr_expect(eq(int, rows[at]++, 0), "%s", ipm_settings[i].key);
        last = end > last ? end : last;
    }
    for (size_t i = 0; i < last; i++)
        cr_expect(eq(int, rows[i], 1), "byte %zu belongs to no row", i);
    cr_expect(lt(sz, sizeof rows - last, sizeof(uint64_t)));
}

Test(model_setting, keys_and_words_are_unique_and_all_is_documented) {
    for (size_t i = 0; i < IPM_SETTINGS; i++) {
        const struct ipm_setting *one = &ipm_settings[i];
        const size_t length = strlen(one->doc);
        cr_expect(gt(sz, length, 5), "%s", one->key);
        cr_expect(eq(chr, one->doc[length - 1], '.'), "%s", one->key);
        for (size_t k = 0; k < i; k++) {
            cr_expect(ne(str, (char *)one->key, (char *)ipm_settings[k].key));
            if (one->word && ipm_settings[k].word)
                cr_expect(ne(str, (char *)one->word, (char *)ipm_settings[k].word));
        }
    }
}

/* Else a name or a group would leave it out without a word. */
Test(model_setting, what_has_a_word_is_in_one_part_of_the_name) {
    const unsigned parts = IPM_SETTING_LISTED | IPM_SETTING_COMMON;
    for (size_t i = 0; i < IPM_SETTINGS; i++) {
        const unsigned part = ipm_settings[i].flags & parts;
        cr_expect(eq(int, part != 0, ipm_settings[i].word != NULL), "%s",
                  ipm_settings[i].key);
        cr_expect(ne(u32, part, parts), "%s", ipm_settings[i].key);
    }
}

static bool setting_is_told(const struct ipm_setting *setting) {
    /* The placement tells the others, which have its flag alone or none. */
    return setting->word != NULL ||
           (setting->flags | IPM_SETTING_PLACE) != IPM_SETTING_PLACE;
}

Test(model_setting, names_are_the_same_only_where_all_settings_are) {
    enum { CASES = 300 };
    static struct ipm_case_config cases[CASES];
    srand(5);
    for (size_t i = 0; i < CASES; i++) {
        cases[i] = cases[i / 2];
        setting_draw(&ipm_settings[rand() % IPM_SETTINGS], &cases[i]);
        for (size_t k = 0; i < 2 && k < IPM_SETTINGS; k++)
            setting_draw(&ipm_settings[k], &cases[i]);
        ipm_plan_name(cases[i].name, &cases[i], 1, IPM_RECV_BYTES);
    }
    for (size_t i = 0; i < CASES; i++)
        for (size_t k = 0; k < i; k++) {
            bool same = true;
            for (size_t s = 0; s < IPM_SETTINGS; s++)
                if (setting_is_told(&ipm_settings[s]))
                    same = same &&
                           ipm_setting_is_equal(&ipm_settings[s], &cases[i], &cases[k]);
            cr_assert(eq(int, strcmp(cases[i].name, cases[k].name) == 0, same), "%s %s",
                      cases[i].name, cases[k].name);
        }
}

Test(model_setting, values_are_written_as_a_reader_of_names_expects_them) {
    static const char *const texts[IPM_SETTINGS] = {
        "unix",    "stream", "64",    "4096", "sync",  "none", "1", "1",
        "",        "spin",   "1",     "8",    "20000", "5",    "7", "1000",
        "poisson", "0",      "65536", "",     "none",  "",     "3", "",
        "",        "llc",    "1",     "true", "false", "true"};
    const struct ipm_case_config config = {
        .transport = "unix",
        .pattern = "stream",
        .message_bytes = 64,
        .response_bytes = 4096,
        .io = "sync",
        .framing = "none",
        .clients = 1,
        .pairs = 1,
        .batch = 1,
        .inflight = 8,
        .think_ns = 20000,
        .sender_work_ns = 5,
        .receiver_work_ns = 7,
        .touch = true,
        .rate_per_second = 1000,
        .arrivals = "poisson",
        .recv_bytes = 65536,
        .pin = "none",
        .sender_cpu = -1,
        .receiver_cpu = 3,
        .sender_core = -1,
        .receiver_core = -1,
        .distance = "llc",
        .memory_node = 1,
        .wait = "spin",
        .verify = true,
    };
    for (size_t i = 0; i < IPM_SETTINGS; i++) {
        struct ipm_cell value = ipm_setting_text(&ipm_settings[i], &config);
        cr_expect(eq(str, value.text, (char *)texts[i]), "%s", ipm_settings[i].key);
    }
}

Test(model_setting, settings_are_compared_by_what_their_flags_say) {
    const struct ipm_case_config a = {.pattern = "stream", .batch = 1, .transport = "a"};
    struct ipm_case_config b = a;
    strcpy(b.transport, "b");
    b.recv_bytes = 5;
    cr_expect(ipm_settings_are_equal(&a, &b, IPM_SETTING_CONDITION | IPM_SETTING_WORK));
    cr_expect(not(ipm_settings_are_equal(&a, &b, IPM_SETTING_LABEL)));
    strcpy(b.pattern, "duplex");
    cr_expect(ipm_settings_are_equal(&a, &b, IPM_SETTING_CONDITION));
    cr_expect(not(ipm_settings_are_equal(&a, &b, IPM_SETTING_WORK)));
    b.verify = true;
    cr_expect(not(ipm_settings_are_equal(&a, &b, IPM_SETTING_CONDITION)));
}

Test(model_setting, what_is_cleared_is_0_and_all_else_as_it_was) {
    struct ipm_case_config config = {.think_ns = 5, .pin = "split", .verify = true};
    strcpy(config.io, "uring");
    ipm_settings_clear(&config, IPM_SETTING_PACE);
    cr_expect(eq(u64, config.think_ns, 0));
    cr_expect(config.verify);
    cr_expect(eq(str, config.io, "uring"));
    ipm_settings_clear(&config, IPM_SETTING_CONDITION);
    cr_expect(eq(str, config.io, ""));
    cr_expect(eq(str, config.pin, ""));
    cr_expect(not(config.verify));
}
