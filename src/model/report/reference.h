/* reference.h - the speed of the machine in a round by each reference measurement. */
#ifndef IPM_MODEL_REPORT_REFERENCE_H
#define IPM_MODEL_REPORT_REFERENCE_H

#include "model/report/report.h"

#include <stdint.h>

enum ipm_reference {
    IPM_REFERENCE_NONE, /* no reference */
    IPM_REFERENCE_MEMCPY,
    IPM_REFERENCE_SYSCALL,
    IPM_REFERENCE_CORES,
    IPM_REFERENCE_TRANSPORT,
    IPM_REFERENCES,
};

/* The words of the report by value, "" for none and NULL at the end. */
extern const char *const ipm_reference_words[];

/* Returns the name for a reader: "the null system call". */
const char *ipm_reference_title(enum ipm_reference reference);

/* Returns the reference measurements of a round, or NULL; and their rate of memcpy for
 * messages of that size, or NaN. */
const struct ipm_reference_round *
ipm_reference_find(const struct ipm_references *references, uint64_t round);
double ipm_reference_memcpy_rate(const struct ipm_references *references,
                                 const struct ipm_reference_round *round,
                                 uint64_t message_bytes);

/* Returns the logarithm of the speed in that round, of memcpy for messages of that size:
 * 0.1 more is about a tenth faster. NaN when unknown, 0 for no reference. */
double ipm_reference_log_speed(enum ipm_reference reference,
                               const struct ipm_references *references, uint64_t round,
                               uint64_t message_bytes);

#endif
