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

void ipm_text_number(char cell[IPM_TEXT_CELL_BYTES], double value) {
    char metric[IPM_UNITS_TEXT_BYTES];
    double size = fabs(value);
    if (size >= 0.9995 || size == 0 || !isfinite(value))
        (void)snprintf(cell, IPM_TEXT_CELL_BYTES, "%s", ipm_units_metric(metric, value));
    else if (size < 0.0005)
        (void)snprintf(cell, IPM_TEXT_CELL_BYTES, "<.001");
    else
        (void)snprintf(cell, IPM_TEXT_CELL_BYTES, "%.3f", value);
}

void ipm_text_size(char cell[IPM_TEXT_CELL_BYTES], uint64_t bytes) {
    char size[IPM_UNITS_TEXT_BYTES];
    size_t digits = strspn(ipm_units_size(size, bytes), "0123456789");
    (void)snprintf(cell, IPM_TEXT_CELL_BYTES, "%.*s %s%s", (int)digits, size,
                   size + digits, size[digits] != '\0' ? "iB" : "B");
}

void ipm_text_about(char cell[IPM_TEXT_CELL_BYTES], double bytes) {
    static const char *const units[] = {"B", "KiB", "MiB", "GiB"};
    size_t i = 0;
    while (bytes >= 1000 && i + 1 < sizeof units / sizeof units[0]) {
        bytes /= 1024;
        i++;
    }
    (void)snprintf(cell, IPM_TEXT_CELL_BYTES, "%.*f %s", bytes < 9.95 && i > 0 ? 1 : 0,
                   bytes, units[i]);
}

/* Thousands are separated instead of a second prefix: "3,250". Rates of seven digits, which
 * only the null transport reaches, get one. */
void ipm_text_rate(char cell[IPM_TEXT_CELL_BYTES], double rate) {
    if (!(rate >= 999.5 && rate < 999999.5)) {
        ipm_text_number(cell, rate);
        return;
    }
    long whole = lround(rate);
    (void)snprintf(cell, IPM_TEXT_CELL_BYTES, "%ld,%03ld", whole / 1000, whole % 1000);
}

void ipm_text_rates(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_statistic *rate) {
    ipm_text_rate(cell, rate->median);
}

void ipm_text_percent(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_statistic *rate) {
    double percent = ipm_statistic_half(rate) / rate->median * 100;
    if (!isfinite(percent)) {
        (void)snprintf(cell, IPM_TEXT_CELL_BYTES, "-");
    } else if (percent >= 99.5) {
        (void)snprintf(cell, IPM_TEXT_CELL_BYTES, ">99");
    } else {
        (void)snprintf(cell, IPM_TEXT_CELL_BYTES, "%.*f", percent < 9.95 ? 1 : 0,
                       percent);
    }
}

static void
format_interval(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_statistic *value,
                void (*format)(char cell[IPM_TEXT_CELL_BYTES], double value)) {
    char low[IPM_TEXT_CELL_BYTES];
    char high[IPM_TEXT_CELL_BYTES];
    format(low, value->ci95_low);
    format(high, value->ci95_high);
    if (isfinite(value->ci95_low) && isfinite(value->ci95_high))
        (void)snprintf(cell, IPM_TEXT_CELL_BYTES, "%.12s\u2013%.12s", low, high);
    else
        (void)snprintf(cell, IPM_TEXT_CELL_BYTES, "-");
}

void ipm_text_range(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_statistic *rate) {
    format_interval(cell, rate, ipm_text_rate);
}

void ipm_text_span(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_statistic *value) {
    format_interval(cell, value, ipm_text_number);
}

void ipm_text_median(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_statistic *value) {
    ipm_text_number(cell, value->median);
}

void ipm_text_exact(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_statistic *value) {
    const double size = value->median;
    if (!(size >= 999.5 && size < 999999999.5)) {
        ipm_text_number(cell, size);
        return;
    }
    const long whole = lround(size);
    const long millions = whole / 1000000;
    if (millions > 0)
        (void)snprintf(cell, IPM_TEXT_CELL_BYTES, "%ld,%03ld,%03ld", millions,
                       whole / 1000 % 1000, whole % 1000);
    else
        (void)snprintf(cell, IPM_TEXT_CELL_BYTES, "%ld,%03ld", whole / 1000,
                       whole % 1000);
}

static void format_hundredths(char cell[IPM_TEXT_CELL_BYTES], double ratio) {
    double percent = ratio * 100;
    if (percent > 0 && percent < 0.005)
        (void)snprintf(cell, IPM_TEXT_CELL_BYTES, "<.01");
    else if (percent > 0 && percent < 9.995)
        (void)snprintf(cell, IPM_TEXT_CELL_BYTES, "%.2f", percent);
    else
        ipm_text_number(cell, percent);
}

/* The mean, not the median, so that loss in few trials is visible. */
void ipm_text_loss(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_statistic *ratio) {
    format_hundredths(cell, ratio->mean);
}

void ipm_text_share(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_statistic *ratio) {
    format_hundredths(cell, ratio->median);
}

void ipm_text_load(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_statistic *load) {
    static const char *const words[] = {[IPM_LOAD_KEPT] = "kept",
                                        [IPM_LOAD_STALLED] = "stalled",
                                        [IPM_LOAD_SATURATED] = "saturated"};
    (void)snprintf(cell, IPM_TEXT_CELL_BYTES, "%s", words[(size_t)load->median]);
}

void ipm_text_times(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_statistic *ratio) {
    ipm_text_number(cell, ratio->median);
    if (isfinite(ratio->median))
        (void)strncat(cell, "x", IPM_TEXT_CELL_BYTES - strlen(cell) - 1);
}

void ipm_text_time(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_statistic *ns) {
    (void)ipm_units_time(cell, ns->median);
}

void ipm_text_rounds(char title[IPM_TEXT_TITLE_BYTES], const struct ipm_report *report) {
    const struct ipm_options *settings = &report->settings;
    const bool exact = report->host.clock == IPM_CLOCK_INSTRUCTIONS;
    char length[2 * IPM_UNITS_TEXT_BYTES];
    ipm_units_exact(length, &ipm_unit_time, settings->duration_ns);
    if (settings->messages > 0)
        (void)snprintf(length, sizeof length, "%" PRIu64 " messages", settings->messages);
    (void)snprintf(title, IPM_TEXT_TITLE_BYTES, "%" PRIu64 " %s%s \u00d7 %s",
                   settings->rounds, exact ? "boot" : "round",
                   settings->rounds == 1 ? "" : "s", length);
}

void ipm_text_setting(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_setting *setting,
                      const struct ipm_case_config *config) {
    if ((setting->flags & IPM_SETTING_OR_NULL) != 0 && setting->unasked != NULL &&
        ipm_setting_number(setting, config) == 0)
        (void)snprintf(cell, IPM_TEXT_CELL_BYTES, "%s", setting->unasked);
    else if (setting->type == IPM_SETTING_SIZE)
        ipm_text_size(cell, ipm_setting_number(setting, config));
    else if (setting->type == IPM_SETTING_TIME)
        (void)ipm_units_time(cell, (double)ipm_setting_number(setting, config));
    else
        ipm_setting_text(cell, setting, config);
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

const char *ipm_text_placement(const char *pin) {
    const struct format_place *place = format_place(pin);
    return place != NULL ? place->heading : NULL;
}

static void format_setting(struct ipm_strbuf *text, const struct ipm_setting *setting,
                           const struct ipm_case_config *config) {
    char cell[IPM_TEXT_CELL_BYTES];
    ipm_text_setting(cell, setting, config);
    const struct format_place *place =
        (setting->flags & IPM_SETTING_PLACE) != 0 ? format_place(cell) : NULL;
    if (place != NULL)
        (void)ipm_strbuf_add(text, "%s", place->word);
    else if (setting->type == IPM_SETTING_FLAG)
        (void)ipm_strbuf_add(text, "%s%s",
                             ipm_setting_number(setting, config) != 0 ? "" : "no ",
                             setting->word);
    else if (setting->one != NULL)
        (void)ipm_strbuf_add(text, "%s %s", cell,
                             strcmp(cell, "1") == 0 ? setting->one : setting->word);
    else if ((setting->flags & IPM_SETTING_TITLE) != 0 && setting->word != NULL)
        (void)ipm_strbuf_add(text, "%s %s", setting->word, cell);
    else
        (void)ipm_strbuf_add(text, "%s", cell);
}

/* Writes the settings of a set of bits that are not equal to those of `usual`; NULL: all. */
static void format_settings(char title[IPM_TEXT_TITLE_BYTES],
                            const struct ipm_case_config *config, uint64_t settings,
                            const struct ipm_case_config *usual, const char *separator) {
    struct ipm_strbuf text = ipm_strbuf_over(title, IPM_TEXT_TITLE_BYTES);
    for (size_t i = 0; i < IPM_SETTINGS; i++) {
        const struct ipm_setting *setting = &ipm_settings[i];
        if ((settings >> i & 1) == 0 ||
            (usual != NULL && ipm_setting_is_equal(setting, config, usual)))
            continue;
        if (text.used > 0)
            (void)ipm_strbuf_add(&text, "%s", separator);
        format_setting(&text, setting, config);
    }
}

void ipm_text_title_without(char title[IPM_TEXT_TITLE_BYTES],
                            const struct ipm_case_config *config, const char *separator,
                            bool named, uint64_t settings) {
    const struct ipm_case_config usual = ipm_settings_usual(config);
    struct ipm_case_config shown = *config;
    if (!named)
        shown.pattern[0] = '\0';
    format_settings(title, &shown, ipm_settings_with(IPM_SETTING_TITLE) & ~settings,
                    &usual, separator);
}

void ipm_text_title(char title[IPM_TEXT_TITLE_BYTES],
                    const struct ipm_case_config *config, const char *separator,
                    bool named) {
    ipm_text_title_without(title, config, separator, named, 0);
}

void ipm_text_values(char title[IPM_TEXT_TITLE_BYTES],
                     const struct ipm_case_config *config, uint64_t settings) {
    format_settings(title, config, settings, NULL, " ");
}

void ipm_text_label(char title[IPM_TEXT_TITLE_BYTES],
                    const struct ipm_case_config *config) {
    const struct ipm_case_config usual = ipm_settings_usual(config);
    format_settings(title, config, ipm_settings_with(IPM_SETTING_LABEL), &usual, " ");
}

void ipm_text_case(char title[IPM_TEXT_TITLE_BYTES],
                   const struct ipm_case_config *config) {
    struct ipm_case_config usual = ipm_settings_usual(config);
    (void)snprintf(usual.pattern, sizeof usual.pattern, "stream");
    format_settings(title, config,
                    ipm_settings_with(IPM_SETTING_LABEL | IPM_SETTING_TITLE), &usual,
                    " ");
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
