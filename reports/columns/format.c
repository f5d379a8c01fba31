/* format.c - values and cases in the words of the table; see columns/format.h. Rounds
 * and names; must not know about columns, colours or widths. */
#include "reports/columns/format.h"

#include "base/units.h"
#include "model/report/report.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const double format_mebibyte = 1048576.0;

void ipm_text_number(char cell[IPM_TEXT_CELL_BYTES], double value) {
    char metric[IPM_UNITS_TEXT_BYTES];
    double size = fabs(value);
    if (size >= 0.9995 || size == 0 || !isfinite(value)) {
        (void)snprintf(cell, IPM_TEXT_CELL_BYTES, "%s", ipm_units_metric(metric, value));
    } else if (size < 0.0005) {
        (void)snprintf(cell, IPM_TEXT_CELL_BYTES, "<.001");
    } else {
        (void)snprintf(cell, IPM_TEXT_CELL_BYTES, "%.3f", value);
    }
}

void ipm_text_size(char cell[IPM_TEXT_CELL_BYTES], uint64_t bytes) {
    char size[IPM_UNITS_TEXT_BYTES];
    size_t digits = strspn(ipm_units_size(size, bytes), "0123456789");
    (void)snprintf(cell, IPM_TEXT_CELL_BYTES, "%.*s %s%s", (int)digits, size,
                   size + digits, size[digits] != '\0' ? "iB" : "B");
}

/* "3,250": a prefix in front of MiB would be two prefixes. Seven digits and more, which
 * only what moves nothing reaches, get one all the same. */
void ipm_text_rate(char cell[IPM_TEXT_CELL_BYTES], double bytes_per_second) {
    double rate = bytes_per_second / format_mebibyte;
    if (!(rate >= 999.5 && rate < 999999.5)) {
        ipm_text_number(cell, rate);
        return;
    }
    long whole = lround(rate);
    (void)snprintf(cell, IPM_TEXT_CELL_BYTES, "%ld,%03ld", whole / 1000, whole % 1000);
}

void ipm_text_mebibytes(char cell[IPM_TEXT_CELL_BYTES],
                        const struct ipm_statistic *rate) {
    ipm_text_rate(cell, rate->median);
}

void ipm_text_percent(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_statistic *rate) {
    double percent = (rate->ci95_high - rate->ci95_low) / 2 / rate->median * 100;
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
    if (isfinite(value->ci95_low) && isfinite(value->ci95_high)) {
        (void)snprintf(cell, IPM_TEXT_CELL_BYTES, "%.12s\u2013%.12s", low, high);
    } else {
        (void)snprintf(cell, IPM_TEXT_CELL_BYTES, "-");
    }
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

static void format_hundredths(char cell[IPM_TEXT_CELL_BYTES], double ratio) {
    double percent = ratio * 100;
    if (percent > 0 && percent < 0.005) {
        (void)snprintf(cell, IPM_TEXT_CELL_BYTES, "<.01");
    } else if (percent > 0 && percent < 9.995) {
        (void)snprintf(cell, IPM_TEXT_CELL_BYTES, "%.2f", percent);
    } else {
        ipm_text_number(cell, percent);
    }
}

/* The mean, not the median: loss in few trials must show. */
void ipm_text_loss(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_statistic *ratio) {
    format_hundredths(cell, ratio->mean);
}

void ipm_text_share(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_statistic *ratio) {
    format_hundredths(cell, ratio->median);
}

void ipm_text_times(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_statistic *ratio) {
    ipm_text_number(cell, ratio->median);
    if (isfinite(ratio->median)) {
        (void)strncat(cell, "x", IPM_TEXT_CELL_BYTES - strlen(cell) - 1);
    }
}

__attribute__((format(printf, 3, 4))) static void
format_add(char title[IPM_TEXT_TITLE_BYTES], const char *separator, const char *format,
           ...) {
    char part[IPM_NAME_BYTES * 2];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(part, sizeof part, format, arguments);
    va_end(arguments);
    size_t used = strlen(title);
    (void)snprintf(title + used, IPM_TEXT_TITLE_BYTES - used, "%s%s",
                   used > 0 ? separator : "", part);
}

static void format_add_number(char title[IPM_TEXT_TITLE_BYTES], const char *separator,
                              uint64_t number, const char *one, const char *many) {
    format_add(title, separator, "%" PRIu64 " %s", number, number == 1 ? one : many);
}

/* What is the same for every pattern. */
static void format_add_common(char title[IPM_TEXT_TITLE_BYTES], const char *separator,
                              const struct ipm_case_config *config) {
    char size[IPM_TEXT_CELL_BYTES];
    if (config->buffer_bytes != 0) {
        ipm_text_size(size, config->buffer_bytes);
        format_add(title, separator, "buffer %s", size);
    }
    if (strcmp(config->pin, "none") != 0) {
        format_add(title, separator, "pin %s", config->pin);
    }
    if (config->spin) {
        format_add(title, separator, "spin");
    }
    if (config->verify) {
        format_add(title, separator, "verify");
    }
}

void ipm_text_title(char title[IPM_TEXT_TITLE_BYTES],
                    const struct ipm_case_config *config, const char *separator,
                    bool named) {
    char text[IPM_TEXT_CELL_BYTES];
    title[0] = '\0';
    if (named) {
        format_add(title, separator, "%s", config->pattern);
    }
    ipm_text_size(text, config->message_bytes);
    format_add(title, separator, "%s", text);
    if (strcmp(config->io, "sync") != 0) {
        format_add(title, separator, "io %s", config->io);
    }
    if (strcmp(config->framing, "none") != 0) {
        format_add(title, separator, "framing %s", config->framing);
    }
    if (config->clients != 1 || config->server[0] != '\0') {
        format_add_number(title, separator, config->clients, "client", "clients");
    }
    if (config->batch != 1) {
        format_add(title, separator, "batch %" PRIu64, config->batch);
    }
    if (config->think_ns != 0) {
        format_add(title, separator, "think %s",
                   ipm_units_time(text, (double)config->think_ns));
    }
    format_add_common(title, separator, config);
}

void ipm_text_label(char title[IPM_TEXT_TITLE_BYTES],
                    const struct ipm_case_config *config) {
    (void)snprintf(title, IPM_TEXT_TITLE_BYTES, "%s%s%s%s%s%s", config->transport,
                   config->copy ? " copy" : "", config->congestion[0] != '\0' ? " " : "",
                   config->congestion, config->server[0] != '\0' ? " " : "",
                   config->server);
}
