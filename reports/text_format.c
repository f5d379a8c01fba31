/* text_format.c - values and cases in the words of the table; see text_format.h. Rounds
 * and names; must not know about columns, colours or widths. */
#include "reports/text_format.h"

#include "base/units.h"
#include "model/report.h"

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

void ipm_text_range(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_statistic *rate) {
    char low[IPM_TEXT_CELL_BYTES];
    char high[IPM_TEXT_CELL_BYTES];
    ipm_text_rate(low, rate->ci95_low);
    ipm_text_rate(high, rate->ci95_high);
    if (isfinite(rate->ci95_low) && isfinite(rate->ci95_high)) {
        (void)snprintf(cell, IPM_TEXT_CELL_BYTES, "%.12s\u2013%.12s", low, high);
    } else {
        (void)snprintf(cell, IPM_TEXT_CELL_BYTES, "-");
    }
}

void ipm_text_median(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_statistic *value) {
    ipm_text_number(cell, value->median);
}

/* The mean, not the median: loss in few trials must show. */
void ipm_text_loss(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_statistic *ratio) {
    double percent = ratio->mean * 100;
    if (percent > 0 && percent < 0.005) {
        (void)snprintf(cell, IPM_TEXT_CELL_BYTES, "<.01");
    } else if (percent > 0 && percent < 9.995) {
        (void)snprintf(cell, IPM_TEXT_CELL_BYTES, "%.2f", percent);
    } else {
        ipm_text_number(cell, percent);
    }
}

void ipm_text_times(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_statistic *ratio) {
    ipm_text_number(cell, ratio->median);
    if (isfinite(ratio->median)) {
        (void)strncat(cell, "x", IPM_TEXT_CELL_BYTES - strlen(cell) - 1);
    }
}

static bool format_several_patterns(const struct ipm_report *report) {
    for (size_t i = 1; i < report->case_count; i++) {
        if (strcmp(report->cases[i].config.pattern, report->cases[0].config.pattern) !=
            0) {
            return true;
        }
    }
    return false;
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

void ipm_text_title(char title[IPM_TEXT_TITLE_BYTES], const struct ipm_report *report,
                    const struct ipm_case_config *config, const char *separator) {
    char size[IPM_TEXT_CELL_BYTES];
    title[0] = '\0';
    if (format_several_patterns(report)) {
        format_add(title, separator, "%s", config->pattern);
    }
    ipm_text_size(size, config->message_bytes);
    format_add(title, separator, "%s", size);
    if (strcmp(config->framing, "none") != 0) {
        format_add(title, separator, "framing %s", config->framing);
    }
    if (config->clients != 1) {
        format_add(title, separator, "%" PRIu64 " clients", config->clients);
    }
    if (config->server[0] != '\0') {
        format_add(title, separator, "server %s", config->server);
    }
    if (config->batch != 1) {
        format_add(title, separator, "batch %" PRIu64, config->batch);
    }
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

void ipm_text_label(char title[IPM_TEXT_TITLE_BYTES],
                    const struct ipm_case_config *config) {
    (void)snprintf(title, IPM_TEXT_TITLE_BYTES, "%s%s%s", config->transport,
                   config->congestion[0] != '\0' ? " " : "", config->congestion);
}

static bool format_same_group(const struct ipm_case_config *a,
                              const struct ipm_case_config *b) {
    return a->message_bytes == b->message_bytes && a->clients == b->clients &&
           a->batch == b->batch && a->buffer_bytes == b->buffer_bytes &&
           a->spin == b->spin && a->verify == b->verify &&
           strcmp(a->pattern, b->pattern) == 0 && strcmp(a->framing, b->framing) == 0 &&
           strcmp(a->server, b->server) == 0 && strcmp(a->pin, b->pin) == 0;
}

size_t ipm_text_group_end(const struct ipm_report *report, size_t begin) {
    const struct ipm_case *cases = report->cases;
    size_t end = begin + 1;
    while (end < report->case_count &&
           format_same_group(&cases[begin].config, &cases[end].config)) {
        end++;
    }
    return end;
}

bool ipm_text_ranks(const struct ipm_case *c) {
    return c->status == IPM_CASE_OK && c->integrity.status != IPM_INTEGRITY_UNKNOWN &&
           isfinite(c->summary.throughput_bytes_per_second.median);
}

const struct ipm_case *ipm_text_fastest(const struct ipm_report *report, size_t begin,
                                        size_t end, size_t *ret_count) {
    const struct ipm_case *fastest = NULL;
    *ret_count = 0;
    for (size_t i = begin; i < end; i++) {
        const struct ipm_case *c = &report->cases[i];
        if (!ipm_text_ranks(c)) {
            continue;
        }
        ++*ret_count;
        if (fastest == NULL || c->summary.throughput_bytes_per_second.median >
                                   fastest->summary.throughput_bytes_per_second.median) {
            fastest = c;
        }
    }
    return fastest;
}
