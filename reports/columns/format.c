/* format.c - values and cases in words. */
#include "reports/columns/format.h"

#include "base/strbuf.h"
#include "base/units.h"
#include "model/metric.h"
#include "model/report/report.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

struct ipm_cell ipm_text_number(double value) {
    double size = fabs(value);
    if (size >= 0.9995 || size == 0 || !isfinite(value))
        return ipm_units_metric(value);
    if (size < 0.0005)
        return (struct ipm_cell){"<.001"};
    return ipm_cell_print("%.3f", value);
}

struct ipm_cell ipm_text_size(uint64_t bytes) {
    const struct ipm_cell size = ipm_units_size(bytes);
    const size_t digits = strspn(size.text, "0123456789");
    return ipm_cell_print("%.*s %s%s", (int)digits, size.text, size.text + digits,
                          size.text[digits] != '\0' ? "iB" : "B");
}

struct ipm_cell ipm_text_about(double bytes) {
    static const char *const units[] = {"B", "KiB", "MiB", "GiB"};
    size_t i = 0;
    while (bytes >= 1000 && i + 1 < sizeof units / sizeof units[0]) {
        bytes /= 1024;
        i++;
    }
    return ipm_cell_print("%.*f %s", bytes < 9.95 && i > 0 ? 1 : 0, bytes, units[i]);
}

/* Thousands are separated instead of a second prefix: "3,250". Rates of seven digits, which
 * only the null transport reaches, get one. */
struct ipm_cell ipm_text_rate(double rate) {
    if (!(rate >= 999.5 && rate < 999999.5))
        return ipm_text_number(rate);
    long whole = lround(rate);
    return ipm_cell_print("%ld,%03ld", whole / 1000, whole % 1000);
}

struct ipm_cell ipm_text_rates(const struct ipm_statistic *rate) {
    return ipm_text_rate(rate->median);
}

struct ipm_cell ipm_text_percent(const struct ipm_statistic *rate) {
    double percent = ipm_statistic_half(rate) / rate->median * 100;
    if (!isfinite(percent))
        return (struct ipm_cell){"-"};
    if (percent >= 99.5)
        return (struct ipm_cell){">99"};
    return ipm_cell_print("%.*f", percent < 9.95 ? 1 : 0, percent);
}

static struct ipm_cell format_interval(const struct ipm_statistic *value,
                                       struct ipm_cell (*format)(double value)) {
    if (!isfinite(value->ci95_low) || !isfinite(value->ci95_high))
        return (struct ipm_cell){"-"};
    return ipm_cell_print("%.12s\u2013%.12s", format(value->ci95_low).text,
                          format(value->ci95_high).text);
}

struct ipm_cell ipm_text_range(const struct ipm_statistic *rate) {
    return format_interval(rate, ipm_text_rate);
}

struct ipm_cell ipm_text_span(const struct ipm_statistic *value) {
    return format_interval(value, ipm_text_number);
}

struct ipm_cell ipm_text_median(const struct ipm_statistic *value) {
    return ipm_text_number(value->median);
}

struct ipm_cell ipm_text_exact(const struct ipm_statistic *value) {
    const double size = value->median;
    if (!(size >= 999.5 && size < 999999999.5))
        return ipm_text_number(size);
    const long whole = lround(size);
    const long millions = whole / 1000000;
    if (millions > 0)
        return ipm_cell_print("%ld,%03ld,%03ld", millions, whole / 1000 % 1000,
                              whole % 1000);
    return ipm_cell_print("%ld,%03ld", whole / 1000, whole % 1000);
}

static struct ipm_cell format_hundredths(double ratio) {
    double percent = ratio * 100;
    if (percent > 0 && percent < 0.005)
        return (struct ipm_cell){"<.01"};
    if (percent > 0 && percent < 9.995)
        return ipm_cell_print("%.2f", percent);
    return ipm_text_number(percent);
}

/* The mean, not the median, so that loss in few trials is visible. */
struct ipm_cell ipm_text_loss(const struct ipm_statistic *ratio) {
    return format_hundredths(ratio->mean);
}

struct ipm_cell ipm_text_share(const struct ipm_statistic *ratio) {
    return format_hundredths(ratio->median);
}

struct ipm_cell ipm_text_load(const struct ipm_statistic *load) {
    static const struct ipm_cell words[] = {[IPM_LOAD_KEPT] = {"kept"},
                                            [IPM_LOAD_STALLED] = {"stalled"},
                                            [IPM_LOAD_SATURATED] = {"saturated"}};
    return words[(size_t)load->median];
}

struct ipm_cell ipm_text_times(const struct ipm_statistic *ratio) {
    return ipm_cell_print("%s%s", ipm_text_number(ratio->median).text,
                          isfinite(ratio->median) ? "x" : "");
}

struct ipm_cell ipm_text_time(const struct ipm_statistic *ns) {
    return ipm_units_time(ns->median);
}

struct ipm_cell ipm_text_rounds(const struct ipm_report *report) {
    const struct ipm_options *settings = &report->settings;
    const bool exact = report->host.clock == IPM_CLOCK_INSTRUCTIONS;
    const struct ipm_cell length =
        settings->messages > 0
            ? ipm_cell_print("%" PRIu64 " messages", settings->messages)
            : ipm_units_exact(&ipm_unit_time, settings->duration_ns);
    return ipm_cell_print("%" PRIu64 " %s%s \u00d7 %s", settings->rounds,
                          exact ? "boot" : "round", settings->rounds == 1 ? "" : "s",
                          length.text);
}

struct ipm_cell ipm_text_setting(const struct ipm_setting *setting,
                                 const struct ipm_case_config *config) {
    if ((setting->flags & IPM_SETTING_OR_NULL) != 0 && setting->unasked != NULL &&
        ipm_setting_number(setting, config) == 0)
        return ipm_cell_print("%s", setting->unasked);
    if (setting->type == IPM_SETTING_SIZE)
        return ipm_text_size(ipm_setting_number(setting, config));
    if (setting->type == IPM_SETTING_TIME)
        return ipm_units_time((double)ipm_setting_number(setting, config));
    return ipm_setting_text(setting, config);
}

static const struct format_place {
    const char *pin;
    const char *word;
    const char *heading;
} format_places[] = {
    {"same", "one CPU", "both ends on one CPU"},
    {"split", "two CPUs", "ends on two CPUs"},
};

static const struct format_place *format_place(const char *pin) {
    for (size_t i = 0; i < sizeof format_places / sizeof *format_places; i++)
        if (strcmp(format_places[i].pin, pin) == 0)
            return &format_places[i];
    return NULL;
}

const char *ipm_text_placement_word(const char *pin) {
    const struct format_place *place = format_place(pin);
    return place != NULL ? place->word : NULL;
}

const char *ipm_text_placement(const char *pin) {
    const struct format_place *place = format_place(pin);
    return place != NULL ? place->heading : NULL;
}

static void format_setting(struct ipm_strbuf *text, const struct ipm_setting *setting,
                           const struct ipm_case_config *config) {
    const struct ipm_cell cell = ipm_text_setting(setting, config);
    const struct format_place *place =
        (setting->flags & IPM_SETTING_PLACE) != 0 ? format_place(cell.text) : NULL;
    if (place != NULL)
        (void)ipm_strbuf_add(text, "%s", place->word);
    else if (setting->type == IPM_SETTING_FLAG)
        (void)ipm_strbuf_add(text, "%s%s",
                             ipm_setting_number(setting, config) != 0 ? "" : "no ",
                             setting->word);
    else if (setting->one != NULL)
        (void)ipm_strbuf_add(text, "%s %s", cell.text,
                             strcmp(cell.text, "1") == 0 ? setting->one : setting->word);
    else if ((setting->flags & IPM_SETTING_TITLE) != 0 && setting->word != NULL)
        (void)ipm_strbuf_add(text, "%s %s", setting->word, cell.text);
    else
        (void)ipm_strbuf_add(text, "%s", cell.text);
}

/* Returns the settings of a set of bits that are not equal to those of `usual`; NULL: all. */
static struct ipm_title format_settings(const struct ipm_case_config *config,
                                        uint64_t settings,
                                        const struct ipm_case_config *usual,
                                        const char *separator) {
    struct ipm_title title;
    struct ipm_strbuf text = ipm_strbuf_over(title.text, sizeof title.text);
    for (size_t i = 0; i < IPM_SETTINGS; i++) {
        const struct ipm_setting *setting = &ipm_settings[i];
        if ((settings >> i & 1) == 0 ||
            (usual != NULL && ipm_setting_is_equal(setting, config, usual)))
            continue;
        if (text.used > 0)
            (void)ipm_strbuf_add(&text, "%s", separator);
        format_setting(&text, setting, config);
    }
    return title;
}

struct ipm_title ipm_text_title_without(const struct ipm_case_config *config,
                                        const char *separator, bool named,
                                        uint64_t settings) {
    const struct ipm_case_config usual = ipm_settings_usual(config);
    struct ipm_case_config shown = *config;
    if (!named)
        shown.pattern[0] = '\0';
    return format_settings(&shown, ipm_settings_with(IPM_SETTING_TITLE) & ~settings,
                           &usual, separator);
}

struct ipm_title ipm_text_title(const struct ipm_case_config *config,
                                const char *separator, bool named) {
    return ipm_text_title_without(config, separator, named, 0);
}

struct ipm_title ipm_text_values(const struct ipm_case_config *config,
                                 uint64_t settings) {
    return format_settings(config, settings, NULL, " ");
}

struct ipm_title ipm_text_label(const struct ipm_case_config *config) {
    const struct ipm_case_config usual = ipm_settings_usual(config);
    return format_settings(config, ipm_settings_with(IPM_SETTING_LABEL), &usual, " ");
}

struct ipm_title ipm_text_case(const struct ipm_case_config *config) {
    struct ipm_case_config usual = ipm_settings_usual(config);
    (void)snprintf(usual.pattern, sizeof usual.pattern, "stream");
    return format_settings(
        config, ipm_settings_with(IPM_SETTING_LABEL | IPM_SETTING_TITLE), &usual, " ");
}

const char *const ipm_unit_choice_words[] = {[IPM_UNIT_AUTO] = "auto",
                                             [IPM_UNIT_MIB] = "MiB",
                                             [IPM_UNIT_MB] = "MB",
                                             [IPM_UNIT_GBIT] = "Gbit",
                                             NULL};

static const struct ipm_text_unit unit_chosen[] = {
    [IPM_UNIT_MIB] = {"MiB/s", 1048576.0},
    [IPM_UNIT_MB] = {"MB/s", 1e6},
    [IPM_UNIT_GBIT] = {"Gbit/s", 1e9 / 8},
};
static const struct ipm_text_unit unit_small = {"KiB/s", 1024.0};
static const struct ipm_text_unit unit_large = {"GiB/s", 1073741824.0};

const struct ipm_text_unit *ipm_text_unit(enum ipm_unit_choice choice, double least,
                                          double most) {
    if (choice != IPM_UNIT_AUTO)
        return &unit_chosen[choice];
    if (least >= 10 * unit_large.bytes_per_second && isfinite(least))
        return &unit_large;
    if (most < unit_chosen[IPM_UNIT_MIB].bytes_per_second && most > 0)
        return &unit_small;
    return &unit_chosen[IPM_UNIT_MIB];
}
