/* reference.h - how fast the machine was in a round, by each of the yardsticks that were
 * measured in it. Pure arithmetic. */
#ifndef IPM_MODEL_REPORT_REFERENCE_H
#define IPM_MODEL_REPORT_REFERENCE_H

#include "model/report/report.h"

#include <stddef.h>
#include <stdint.h>

enum ipm_yardstick {
    IPM_YARDSTICK_NONE, /* nothing was divided out */
    IPM_YARDSTICK_MEMCPY,
    IPM_YARDSTICK_SYSCALL,
    IPM_YARDSTICK_CORES,
    IPM_YARDSTICK_TRANSPORT,
    IPM_YARDSTICKS,
};

/* The word of the report, "" for none: "memcpy", "null_syscall", "core_to_core",
 * "null_transport". */
const char *ipm_yardstick_word(enum ipm_yardstick yardstick);

/* For a person: "the null system call". */
const char *ipm_yardstick_title(enum ipm_yardstick yardstick);

/* The logarithm of the speed in that round, of memcpy for messages of that size: 0.1 more is
 * a tenth faster. NaN when not known, 0 of none. */
double ipm_yardstick_log_speed(enum ipm_yardstick yardstick,
                               const struct ipm_references *references, uint64_t round,
                               uint64_t message_bytes);

#endif
