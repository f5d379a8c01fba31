/* The JSON document: written, read back and written again; and what happens when memory or
 * the device is full. */
#include "base/err.h"
#include "model/plan/plan.h"
#include "reports/renderer.h"
#include "tests/support/assert.h"
#include "tests/support/report_sample.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const struct ipm_render_options json_plain = {.columns = 80};

static int json_render(const struct ipm_report *report, char **ret_text,
                       struct ipm_err *err) {
    size_t size = 0;
    FILE *out = open_memstream(ret_text, &size);
    cr_assert(ne(ptr, out, NULL));
    int code = ipm_renderer_find("json")->render[IPM_DOCUMENT_REPORT](
        &(struct ipm_document){.report = report}, &json_plain, out, err);
    (void)fclose(out);
    return code;
}

static int read_back(struct ipm_report *report, char *text, struct ipm_err *err) {
    FILE *in = fmemopen(text, strlen(text), "r");
    cr_assert(ne(ptr, in, NULL));
    int code = ipm_report_read(report, in, "x.json", err);
    (void)fclose(in);
    return code;
}

/* Written, read, summarised and written again. The caller frees both texts. */
static void there_and_back(struct ipm_report *report, char **ret_first,
                           char **ret_second) {
    struct ipm_err err = {0};
    struct ipm_report again;
    cr_assert(eq(int, json_render(report, ret_first, &err), 0), "%s", err.text);
    cr_assert(eq(int, read_back(&again, *ret_first, &err), 0), "%s", err.text);
    cr_assert(eq(int, ipm_report_summarize(&again), 0));
    cr_assert(eq(int, json_render(&again, ret_second, &err), 0), "%s", err.text);
    ipm_report_done(&again);
}

static int (*const samples[])(struct ipm_report *report, uint64_t rounds) = {
    ipm_report_sample, ipm_report_sample_patterns};

static void there_and_back_again(int (*sample)(struct ipm_report *, uint64_t),
                                 uint64_t rounds) {
    struct ipm_report report;
    char *first = NULL;
    char *second = NULL;
    cr_assert(eq(int, sample(&report, rounds), 0));
    there_and_back(&report, &first, &second);
    cr_assert(eq(str, first, second));
    free(first);
    free(second);
    ipm_report_done(&report);
}

Test(reports_json, a_report_read_back_and_written_again_is_the_same_to_the_byte) {
    static const uint64_t rounds[] = {0, 1, 2, 10};
    for (size_t i = 0; i < sizeof rounds / sizeof rounds[0]; i++) {
        there_and_back_again(samples[0], rounds[i]);
        there_and_back_again(samples[1], rounds[i]);
    }
}

/* A value that a report may have, which is another one for each draw. */
static void draw_setting(const struct ipm_setting *setting,
                         struct ipm_case_config *config) {
    char *member = (char *)config + setting->offset;
    const uint64_t number = setting->least + (uint64_t)(rand() % 1000);
    const int64_t cpu = rand() % 5 - 1;
    const bool flag = rand() % 2 != 0;
    if (setting->type == IPM_SETTING_NAME || setting->type == IPM_SETTING_TEXT)
        (void)snprintf(member, IPM_NAME_BYTES, "%c%d",
                       setting->type == IPM_SETTING_TEXT && flag ? '\0' : 'w',
                       (int)number);
    else if (setting->type == IPM_SETTING_FLAG)
        memcpy(member, &flag, sizeof flag);
    else if (setting->type == IPM_SETTING_CPU)
        memcpy(member, &cpu, sizeof cpu);
    else
        memcpy(member, &number, sizeof number);
}

static void expect_settings(const struct ipm_case_config *got,
                            const struct ipm_case_config *wanted, unsigned flags) {
    for (size_t i = 0; i < IPM_SETTINGS; i++)
        if ((ipm_settings[i].flags & flags) == flags)
            cr_expect(ipm_setting_is_equal(&ipm_settings[i], got, wanted), "%s",
                      ipm_settings[i].key);
}

Test(reports_json, settings_of_every_kind_come_back_as_they_were) {
    srand(11);
    for (int draw = 0; draw < 50; draw++) {
        struct ipm_report report;
        struct ipm_report again;
        struct ipm_err err = {0};
        char *text = NULL;
        cr_assert(eq(int, ipm_report_sample(&report, 1), 0));
        struct ipm_case_config *config = &report.cases[0].config;
        struct ipm_case_config *common = &report.settings.common;
        for (size_t i = 0; i < IPM_SETTINGS; i++) {
            draw_setting(&ipm_settings[i], config);
            draw_setting(&ipm_settings[i], common);
        }
        ipm_plan_name(config->name, config, 1 + (uint64_t)draw % 2,
                      (enum ipm_recv_rule)(draw % 3));
        cr_assert(eq(int, json_render(&report, &text, &err), 0), "%s", err.text);
        cr_assert(eq(int, read_back(&again, text, &err), 0), "%s", err.text);
        expect_settings(&again.cases[0].config, config, 0);
        expect_settings(&again.settings.common, common, IPM_SETTING_COMMON);
        ipm_report_done(&report);
        ipm_report_done(&again);
        free(text);
    }
}

Test(reports_json, every_setting_comes_back_as_it_was) {
    struct ipm_report report;
    struct ipm_report again;
    struct ipm_err err = {0};
    char *text = NULL;
    cr_assert(eq(int, ipm_report_sample(&report, 1), 0));
    report.settings.recv_rule = IPM_RECV_BYTES;
    report.settings.common.recv_bytes = 12345;
    report.settings.common.buffer_bytes = 77;
    report.settings.common.copy = true;
    report.settings.common.batch = 17;
    report.settings.common.think_ns = 3000;
    report.settings.clients = (struct ipm_sizes){.count = 2, .items = {1, 1000}};
    report.run.seed = report.settings.seed = INT64_MAX;
    cr_assert(eq(int, json_render(&report, &text, &err), 0));
    cr_assert(eq(int, read_back(&again, text, &err), 0), "%s", err.text);
    cr_assert(eq(u32, again.settings.recv_rule, IPM_RECV_BYTES));
    cr_assert(eq(u64, again.settings.common.recv_bytes, 12345));
    cr_assert(eq(u64, again.settings.common.buffer_bytes, 77));
    cr_assert(again.settings.common.copy);
    cr_assert(eq(u64, again.settings.common.batch, 17));
    cr_assert(eq(u64, again.settings.common.think_ns, 3000));
    cr_assert(eq(sz, again.settings.clients.count, 2));
    cr_assert(eq(u64, again.settings.clients.items[1], 1000));
    cr_assert(eq(sz, again.settings.ios.count, report.settings.ios.count));
    cr_assert(eq(sz, again.settings.framings.count, report.settings.framings.count));
    cr_assert(eq(str, again.settings.servers.items[0], report.settings.servers.items[0]));
    cr_assert(not(again.settings.common.verify));
    cr_assert(eq(u64, again.settings.seed, INT64_MAX));
    cr_assert(eq(sz, again.settings.pins.count, 3));
    cr_assert(eq(u32, again.settings.pins.items[1].kind, IPM_PIN_SAME));
    cr_assert(eq(int, again.settings.pins.items[1].sender_cpu, -1));
    cr_assert(eq(int, again.settings.pins.items[2].sender_cpu, 0));
    cr_assert(eq(int, again.settings.pins.items[2].receiver_cpu, 1));
    cr_assert(eq(str, again.settings.transports.items[5], "null"));
    cr_assert(eq(sz, again.settings.plugins.count, 1));
    cr_assert(eq(sz, again.settings.plugins.items[0].transports.count, 2));
    cr_assert(eq(str, again.settings.plugins.items[0].transports.items[1], "other"));
    cr_assert(eq(sz, again.run.command_count, 4));
    ipm_report_done(&report);
    ipm_report_done(&again);
    free(text);
}

Test(reports_json, a_case_tells_which_library_its_transport_came_out_of) {
    struct ipm_report report;
    struct ipm_err err = {0};
    char *text = NULL;
    cr_assert(eq(int, ipm_report_sample(&report, 1), 0));
    struct ipm_origin *plugin = &report.settings.plugins.items[0];
    strcpy(plugin->path, "/home/me/mine.so");
    strcpy(report.cases[2].config.transport, plugin->transports.items[1]);
    cr_assert(eq(int, json_render(&report, &text, &err), 0));
    json_t *root = json_loads(text, 0, NULL);
    const json_t *cases = json_object_get(root, "cases");
    for (size_t i = 0; i < report.case_count; i++) {
        const json_t *path = json_object_get(json_array_get(cases, i), "plugin");
        if (i == 2)
            cr_assert(eq(str, (char *)json_string_value(path), "/home/me/mine.so"));
        else
            cr_assert(eq(int, json_is_null(path), 1), "case %zu", i);
    }
    json_decref(root);
    ipm_report_done(&report);
    free(text);
}

Test(reports_json, what_is_unknown_is_null_and_comes_back_as_unknown) {
    struct ipm_report report;
    struct ipm_report again;
    struct ipm_err err = {0};
    char *text = NULL;
    cr_assert(eq(int, ipm_report_sample(&report, 2), 0));
    report.host.load_1m = INFINITY;
    cr_assert(eq(int, json_render(&report, &text, &err), 0));
    cr_assert(eq(ptr, strstr(text, "nan"), NULL));
    cr_assert(eq(ptr, strstr(text, " inf"), NULL));
    cr_assert(ne(ptr, strstr(text, "\"load_1m\": null"), NULL));
    cr_assert(eq(int, read_back(&again, text, &err), 0), "%s", err.text);
    cr_assert(isnan(again.host.load_1m));
    cr_assert(eq(i64, again.host.processes_max, -1));
    cr_assert(eq(str, again.host.governor, ""));
    cr_assert(eq(i64, again.cases[8].trials[0].usage[IPM_SENDER].user_ns, -1));
    cr_assert(isnan(again.references.rounds[0].null_transport_ns_per_message));
    cr_assert(eq(int, again.cases[0].trials[0].wire.known, 0));
    cr_assert(eq(int, again.cases[3].trials[0].wire.known, 1));
    const struct ipm_fact *fact =
        ipm_fact_list_find(&again.cases[0].settings[IPM_SENDER], "tcp_mss_bytes");
    cr_assert(ne(ptr, (void *)fact, NULL));
    cr_assert(eq(i64, fact->number, -1));
    ipm_report_done(&report);
    ipm_report_done(&again);
    free(text);
}

Test(reports_json, a_number_beyond_the_range_is_the_largest_that_can_be_read) {
    struct ipm_report report;
    struct ipm_report again;
    struct ipm_err err = {0};
    char *text = NULL;
    cr_assert(eq(int, ipm_report_sample(&report, 1), 0));
    report.run.elapsed_ns = UINT64_MAX;
    report.run.seed = UINT64_MAX;
    cr_assert(eq(int, json_render(&report, &text, &err), 0));
    cr_assert(eq(int, read_back(&again, text, &err), 0), "%s", err.text);
    cr_assert(eq(u64, again.run.elapsed_ns, (uint64_t)1 << 53));
    cr_assert(eq(u64, again.run.seed, INT64_MAX));
    ipm_report_done(&report);
    ipm_report_done(&again);
    free(text);
}

Test(reports_json, text_that_fills_its_room_and_ends_in_half_a_character_is_cut_there) {
    struct ipm_report report;
    char *first = NULL;
    char *second = NULL;
    cr_assert(eq(int, ipm_report_sample(&report, 0), 0));
    memset(report.host.hostname, 'x', sizeof report.host.hostname - 1);
    report.host.hostname[sizeof report.host.hostname - 2] = '\xe2';
    memset(report.cases[1].reason, '\xff', sizeof report.cases[1].reason - 1);
    there_and_back(&report, &first, &second);
    cr_assert(eq(str, first, second));
    free(first);
    free(second);
    ipm_report_done(&report);
}

Test(reports_json, a_full_device_is_an_error_in_words) {
    struct ipm_report report;
    struct ipm_err err = {0};
    FILE *out = fopen("/dev/full", "we");
    cr_assert(ne(ptr, out, NULL));
    cr_assert(eq(int, ipm_report_sample(&report, 2), 0));
    int code = ipm_renderer_find("json")->render[IPM_DOCUMENT_REPORT](
        &(struct ipm_document){.report = &report}, &json_plain, out, &err);
    cr_assert(eq(int, code, -ENOSPC));
    cr_assert(
        eq(str, err.text, "cannot write the JSON document: No space left on device"));
    (void)fclose(out);
    ipm_report_done(&report);
}

static size_t json_allocations_left;

static void *json_failing_malloc(size_t size) {
    if (json_allocations_left == 0) {
        errno = ENOMEM;
        return NULL;
    }
    json_allocations_left--;
    return malloc(size);
}

Test(reports_json, writing_with_too_little_memory_says_so_at_every_allocation) {
    struct ipm_report report;
    int code = -ENOMEM;
    cr_assert(eq(int, ipm_report_sample_patterns(&report, 1), 0));
    json_set_alloc_funcs(json_failing_malloc, free);
    for (size_t most = 0; code != 0; most += 1 + most / 32) {
        struct ipm_err err = {0};
        char *text = NULL;
        json_allocations_left = most;
        code = json_render(&report, &text, &err);
        free(text);
        cr_assert(eq(int, code, code == 0 ? 0 : -ENOMEM), "at %zu", most);
        cr_assert(eq(int, err.code, code));
    }
    ipm_report_done(&report);
}

Test(reports_json, reading_with_too_little_memory_says_so_at_every_allocation) {
    struct ipm_report report;
    struct ipm_report again;
    struct ipm_err err = {0};
    char *text = NULL;
    int code = -ENOMEM;
    cr_assert(eq(int, ipm_report_sample_patterns(&report, 1), 0));
    cr_assert(eq(int, json_render(&report, &text, &err), 0));
    json_set_alloc_funcs(json_failing_malloc, free);
    for (size_t most = 0; code != 0; most += 1 + most / 32) {
        struct ipm_err trouble = {0};
        json_allocations_left = most;
        code = read_back(&again, text, &trouble);
        ipm_report_done(&again);
        cr_assert(eq(int, code, code == 0 ? 0 : -ENOMEM), "at %zu: %s", most,
                  trouble.text);
    }
    ipm_report_done(&report);
    free(text);
}
