/* format.h - values and cases in the words of the table. Each function fills a buffer
 * and returns nothing that must be freed. */
#ifndef IPM_REPORTS_COLUMNS_FORMAT_H
#define IPM_REPORTS_COLUMNS_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ipm_case_config;
struct ipm_setting;
struct ipm_statistic;

enum { IPM_TEXT_CELL_BYTES = 32, IPM_TEXT_TITLE_BYTES = 256 };

/* Three significant digits, 0.001 the smallest step; "-" when unknown. */
void ipm_text_number(char cell[IPM_TEXT_CELL_BYTES], double value);

/* A rate in MiB/s without its unit: "65.0", "3,250"; "-" when unknown. */
void ipm_text_rate(char cell[IPM_TEXT_CELL_BYTES], double bytes_per_second);

/* "64 B", "4 KiB". */
void ipm_text_size(char cell[IPM_TEXT_CELL_BYTES], uint64_t bytes);

/* One column of the table each. */
void ipm_text_mebibytes(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_statistic *rate);
void ipm_text_percent(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_statistic *rate);
void ipm_text_range(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_statistic *rate);
void ipm_text_span(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_statistic *value);
void ipm_text_median(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_statistic *value);
void ipm_text_loss(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_statistic *ratio);
void ipm_text_share(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_statistic *ratio);
void ipm_text_times(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_statistic *ratio);

/* The value of a setting: "4 KiB", "20us", "split". */
void ipm_text_setting(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_setting *setting,
                      const struct ipm_case_config *config);

/* What the rows of one group share: "4 KiB · pin split"; `named`: the pattern before it. */
void ipm_text_title(char title[IPM_TEXT_TITLE_BYTES],
                    const struct ipm_case_config *config, const char *separator,
                    bool named);

/* What tells the rows of one group apart: "tcp"; "tcp cubic" where a congestion control was
 * asked for; "unix epoll" where clients are served. */
void ipm_text_label(char title[IPM_TEXT_TITLE_BYTES],
                    const struct ipm_case_config *config);

#endif
