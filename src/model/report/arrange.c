#include "model/report/arrange.h"

#include "model/report/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static size_t arrange_section_end(const struct ipm_report *report, size_t begin) {
    const struct ipm_case *first = &report->cases[begin];
    size_t end = begin + 1;
    while (end < report->case_count &&
           strcmp(report->cases[end].config.pattern, first->config.pattern) == 0 &&
           report->cases[end].primary == first->primary &&
           strcmp(report->cases[end].ends[IPM_SENDER], first->ends[IPM_SENDER]) == 0)
        end++;
    return end;
}

/* A skipped case is no row, but its transport was asked for. */
static bool arrange_vary(const struct ipm_case *cases, size_t begin, size_t end,
                         const struct ipm_setting *setting) {
    const bool all = (setting->flags & IPM_SETTING_LABEL) != 0;
    while (begin < end && !all && cases[begin].status == IPM_CASE_SKIPPED)
        begin++;
    for (size_t i = begin + 1; i < end; i++)
        if ((all || cases[i].status != IPM_CASE_SKIPPED) &&
            !ipm_setting_is_equal(setting, &cases[begin].config, &cases[i].config))
            return true;
    return false;
}

bool ipm_case_is_swept(const struct ipm_report *report, const struct ipm_case *c) {
    return report->settings.target[0] != '\0' && c->config.rate_per_second > 0;
}

/* Returns the settings that the rows tell where all labels are the same. Placements are rows
 * where no other setting varies, and sizes where nothing else does. */
static uint64_t arrange_rows(const struct ipm_case *cases, size_t begin, size_t end) {
    const uint64_t scales = ipm_settings_with(IPM_SETTING_SCALE);
    const uint64_t places = ipm_settings_with(IPM_SETTING_PLACE);
    uint64_t vary = 0;
    for (size_t i = 0; i < IPM_SETTINGS; i++)
        vary |= (uint64_t)arrange_vary(cases, begin, end, &ipm_settings[i]) << i;
    if ((vary & ipm_settings_with(IPM_SETTING_LABEL)) != 0)
        return 0;
    vary &= ipm_settings_with(IPM_SETTING_CONDITION | IPM_SETTING_AXIS);
    if ((vary & ~scales & ~places) != 0)
        return vary & ~scales & ~places;
    return (vary & ~scales) != 0 ? vary & ~scales : vary;
}

struct arrange_item {
    const struct ipm_case *c;
    struct ipm_chain *chain;
    uint64_t settings;
};

/* Cases with equal settings keep their order. */
static int arrange_order(const void *left, const void *right) {
    const struct arrange_item *a = left;
    const struct arrange_item *b = right;
    int order = 0;
    for (size_t i = 0; i < IPM_SETTINGS && order == 0; i++)
        if ((a->settings >> i & 1) != 0)
            order = ipm_setting_compare(&ipm_settings[i], &a->c->config, &b->c->config);
    return order != 0 ? order : (a->c > b->c) - (a->c < b->c);
}

static int arrange_name_order(const void *left, const void *right) {
    const struct arrange_item *a = left;
    const struct arrange_item *b = right;
    const int order = strcmp(a->c->config.name, b->c->config.name);
    return order != 0 ? order : (a->c > b->c) - (a->c < b->c);
}

static void arrange_names(struct ipm_report *report, struct arrange_item *items) {
    const size_t count = report->case_count;
    for (size_t i = 0; i < count; i++)
        items[i] = (struct arrange_item){.c = &report->cases[i]};
    qsort(items, count, sizeof *items, arrange_name_order);
    for (size_t i = 0; i < count; i++)
        report->cases[items[i].c - report->cases].arranged.repeats =
            i > 0 && strcmp(items[i - 1].c->config.name, items[i].c->config.name) == 0;
}

/* Links those of the items that agree in their settings. The items are of cases before `end`. */
static void arrange_link(const struct ipm_case *cases, struct arrange_item *items,
                         size_t count, size_t end) {
    qsort(items, count, sizeof *items, arrange_order);
    for (size_t i = 0; i < count; i++) {
        const struct arrange_item *last = i > 0 ? &items[i - 1] : NULL;
        const size_t index = (size_t)(items[i].c - cases);
        *items[i].chain = (struct ipm_chain){.first = index, .next = end};
        if (last && ipm_settings_agree(&last->c->config, &items[i].c->config,
                                       items[i].settings)) {
            items[i].chain->first = last->chain->first;
            last->chain->next = index;
        }
    }
}

/* Makes the chains of the cases begin .. end-1 that agree in the settings. items has room for
 * all of them. */
static void arrange_chain(struct ipm_report *report, size_t begin, size_t end,
                          uint64_t settings, size_t member, struct arrange_item *items) {
    for (size_t i = begin; i < end; i++) {
        struct ipm_case *c = &report->cases[i];
        items[i - begin] = (struct arrange_item){
            c, (struct ipm_chain *)((char *)&c->arranged + member), settings};
    }
    arrange_link(report->cases, items, end - begin, end);
}

int ipm_cases_chain(const struct ipm_report *report, size_t begin, size_t end,
                    uint64_t settings, struct ipm_chain *ret_chains) {
    struct arrange_item *items = calloc(end - begin + 1, sizeof *items);
    if (!items)
        return -ENOMEM;
    for (size_t i = begin; i < end; i++)
        items[i - begin] =
            (struct arrange_item){&report->cases[i], &ret_chains[i], settings};
    arrange_link(report->cases, items, end - begin, end);
    free(items);
    return 0;
}

static void arrange_section(struct ipm_report *report, size_t begin, size_t end,
                            struct arrange_item *items) {
    const bool swept = ipm_case_is_swept(report, &report->cases[begin]);
    const uint64_t rows = swept ? ipm_settings_with(IPM_SETTING_PACE)
                                : arrange_rows(report->cases, begin, end);
    const uint64_t same = ipm_settings_with(IPM_SETTING_CONDITION | IPM_SETTING_AXIS);
    const uint64_t label = swept ? ipm_settings_with(IPM_SETTING_LABEL) : 0;
    const uint64_t places = ipm_settings_with(IPM_SETTING_PLACE);
    for (size_t i = begin; i < end; i++) {
        report->cases[i].arranged.section_end = end;
        report->cases[i].arranged.rows = rows;
    }
    arrange_chain(report, begin, end, (same | label) & ~rows,
                  offsetof(struct ipm_arranged, group), items);
    arrange_chain(report, begin, end, same & ~places,
                  offsetof(struct ipm_arranged, beside), items);
}

int ipm_cases_arrange(struct ipm_report *report) {
    const size_t count = report->case_count;
    struct arrange_item *items = calloc(count + 1, sizeof *items);
    if (!items)
        return -ENOMEM;
    for (size_t begin = 0; begin < count;
         begin = report->cases[begin].arranged.section_end)
        arrange_section(report, begin, arrange_section_end(report, begin), items);
    if (count > 0)
        arrange_chain(report, 0, count,
                      ipm_settings_with(IPM_SETTING_CONDITION | IPM_SETTING_AXIS |
                                        IPM_SETTING_WORK),
                      offsetof(struct ipm_arranged, work), items);
    arrange_names(report, items);
    free(items);
    return 0;
}
