/* unit.h - the unit in which people read rates of bytes. Reports hold bytes per second. */
#ifndef IPM_REPORTS_COLUMNS_UNIT_H
#define IPM_REPORTS_COLUMNS_UNIT_H

struct ipm_report;

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

/* Does the same for the throughput of the cases of a report; NULL: of none. */
const struct ipm_text_unit *ipm_text_unit_of(enum ipm_unit_choice choice,
                                             const struct ipm_report *report);

#endif
