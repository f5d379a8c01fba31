/* format.h - values and cases in words, and the unit of rates of bytes. */
#ifndef IPM_REPORTS_COLUMNS_FORMAT_H
#define IPM_REPORTS_COLUMNS_FORMAT_H

#include "base/cell.h"

#include <stdbool.h>
#include <stdint.h>

struct ipm_case_config;
struct ipm_report;
struct ipm_setting;
struct ipm_statistic;

enum { IPM_TITLE_BYTES = 256 };

/* What names a case or a group of cases, as struct ipm_cell. */
struct ipm_title {
    char text[IPM_TITLE_BYTES];
};

/* Returns three significant digits, down to steps of 0.001; "-" when unknown. */
struct ipm_cell ipm_text_number(double value);

/* Returns a number of units as MiB/s, which have a prefix already: "65.0", "3,250"; "-" when
 * unknown. */
struct ipm_cell ipm_text_rate(double rate);

/* Returns a size: "64 B", "4 KiB". */
struct ipm_cell ipm_text_size(uint64_t bytes);

/* Returns a size of two or three digits: "9.5 KiB", "640 B". */
struct ipm_cell ipm_text_about(double bytes);

/* Formats of columns. The exact one has every digit of a whole number: "10,662". */
struct ipm_cell ipm_text_rates(const struct ipm_statistic *statistic);
struct ipm_cell ipm_text_percent(const struct ipm_statistic *statistic);
struct ipm_cell ipm_text_range(const struct ipm_statistic *statistic);
struct ipm_cell ipm_text_span(const struct ipm_statistic *statistic);
struct ipm_cell ipm_text_median(const struct ipm_statistic *statistic);
struct ipm_cell ipm_text_exact(const struct ipm_statistic *statistic);
struct ipm_cell ipm_text_loss(const struct ipm_statistic *statistic);
struct ipm_cell ipm_text_share(const struct ipm_statistic *statistic);
struct ipm_cell ipm_text_load(const struct ipm_statistic *statistic);
struct ipm_cell ipm_text_time(const struct ipm_statistic *statistic);
struct ipm_cell ipm_text_times(const struct ipm_statistic *statistic);

/* Returns the value of a setting: "4 KiB", "20us", "split". */
struct ipm_cell ipm_text_setting(const struct ipm_setting *setting,
                                 const struct ipm_case_config *config);

/* Returns how much was measured: "7 rounds x 100ms", "3 boots x 2000 messages". */
struct ipm_cell ipm_text_rounds(const struct ipm_report *report);

/* Returns what the rows of a group have in common: "4 KiB · pin split". With `named`, the
 * pattern comes first. */
struct ipm_title ipm_text_title(const struct ipm_case_config *config,
                                const char *separator, bool named);

/* Does the same without the settings of a set of bits, which are the rows of ipm_settings. */
struct ipm_title ipm_text_title_without(const struct ipm_case_config *config,
                                        const char *separator, bool named,
                                        uint64_t settings);

/* Returns the values of the settings of such a set: "framing none", "two CPUs". */
struct ipm_title ipm_text_values(const struct ipm_case_config *config, uint64_t settings);

/* Returns what distinguishes the rows of a group: "tcp"; "tcp cubic" with a requested
 * congestion control; "unix epoll" with a server. */
struct ipm_title ipm_text_label(const struct ipm_case_config *config);

/* Returns the name of a case for people: "tcp 64 KiB", "pipe ping-pong 64 B two CPUs". */
struct ipm_title ipm_text_case(const struct ipm_case_config *config);

/* Returns the heading of the cases with that placement: "both ends on one CPU". NULL: it has
 * no words. */
const char *ipm_text_placement(const char *pin);

/* Returns the short form: "one CPU". NULL: it has no words. */
const char *ipm_text_placement_word(const char *pin);

/* The value of --unit. */
enum ipm_unit_choice { IPM_UNIT_AUTO, IPM_UNIT_MIB, IPM_UNIT_MB, IPM_UNIT_GBIT };
extern const char *const ipm_unit_choice_words[]; /* ends with NULL */

struct ipm_text_unit {
    const char *word; /* "MiB/s" */
    double bytes_per_second;
};

/* Returns the chosen unit; with auto the one that fits rates from `least` to `most`: MiB/s,
 * unless all of them are above 10 GiB/s or below 1 MiB/s. */
const struct ipm_text_unit *ipm_text_unit(enum ipm_unit_choice choice, double least,
                                          double most);

#endif
