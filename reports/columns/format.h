/* format.h - values and cases in words, and the unit of rates of bytes. Each function fills a buffer
 * of the caller. */
#ifndef IPM_REPORTS_COLUMNS_FORMAT_H
#define IPM_REPORTS_COLUMNS_FORMAT_H

#include <stdbool.h>
#include <stdint.h>

struct ipm_case_config;
struct ipm_report;
struct ipm_setting;
struct ipm_statistic;

enum { IPM_TEXT_CELL_BYTES = 32, IPM_TEXT_TITLE_BYTES = 256 };

/* Writes three significant digits, down to steps of 0.001; "-" when unknown. */
void ipm_text_number(char cell[IPM_TEXT_CELL_BYTES], double value);

/* Writes a number of units as MiB/s, which have a prefix already: "65.0", "3,250"; "-" when
 * unknown. */
void ipm_text_rate(char cell[IPM_TEXT_CELL_BYTES], double rate);

/* Writes a size: "64 B", "4 KiB". */
void ipm_text_size(char cell[IPM_TEXT_CELL_BYTES], uint64_t bytes);

/* Writes a size of two or three digits: "9.5 KiB", "640 B". */
void ipm_text_about(char cell[IPM_TEXT_CELL_BYTES], double bytes);

/* Formats of columns. The exact one writes every digit of a whole number: "10,662". */
void ipm_text_rates(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_statistic *rate);
void ipm_text_percent(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_statistic *rate);
void ipm_text_range(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_statistic *rate);
void ipm_text_span(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_statistic *value);
void ipm_text_median(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_statistic *value);
void ipm_text_exact(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_statistic *value);
void ipm_text_loss(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_statistic *ratio);
void ipm_text_share(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_statistic *ratio);
void ipm_text_load(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_statistic *load);
void ipm_text_time(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_statistic *ns);
void ipm_text_times(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_statistic *ratio);

/* Writes the value of a setting: "4 KiB", "20us", "split". */
void ipm_text_setting(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_setting *setting,
                      const struct ipm_case_config *config);

/* Writes how much was measured: "7 rounds x 100ms", "3 boots x 2000 messages". */
void ipm_text_rounds(char title[IPM_TEXT_TITLE_BYTES], const struct ipm_report *report);

/* Writes what the rows of a group have in common: "4 KiB · pin split". With `named`, the
 * pattern comes first. */
void ipm_text_title(char title[IPM_TEXT_TITLE_BYTES],
                    const struct ipm_case_config *config, const char *separator,
                    bool named);

/* Does the same without the settings of a set of bits, which are the rows of ipm_settings. */
void ipm_text_title_without(char title[IPM_TEXT_TITLE_BYTES],
                            const struct ipm_case_config *config, const char *separator,
                            bool named, uint64_t settings);

/* Writes the values of the settings of such a set: "framing none", "two CPUs". */
void ipm_text_values(char title[IPM_TEXT_TITLE_BYTES],
                     const struct ipm_case_config *config, uint64_t settings);

/* Writes what distinguishes the rows of a group: "tcp"; "tcp cubic" with a requested
 * congestion control; "unix epoll" with a server. */
void ipm_text_label(char title[IPM_TEXT_TITLE_BYTES],
                    const struct ipm_case_config *config);

/* Writes the name of a case for people: "tcp 64 KiB", "pipe ping-pong 64 B two CPUs". */
void ipm_text_case(char title[IPM_TEXT_TITLE_BYTES],
                   const struct ipm_case_config *config);

/* Returns the heading of the cases with that placement: "both ends on one CPU". NULL: it has
 * no words. */
const char *ipm_text_placement(const char *pin);

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
