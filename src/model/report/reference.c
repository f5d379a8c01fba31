/* reference.c - the table of the reference measurements. */
#include "model/report/reference.h"

#include <math.h>
#include <string.h>

const char *const ipm_reference_words[] = {
    [IPM_REFERENCE_NONE] = "",
    [IPM_REFERENCE_MEMCPY] = "memcpy",
    [IPM_REFERENCE_SYSCALL] = "null_syscall",
    [IPM_REFERENCE_CORES] = "core_to_core",
    [IPM_REFERENCE_TRANSPORT] = "null_transport",
    NULL,
};

static const struct {
    const char *title;
    size_t offset; /* of a time in struct ipm_reference_round; else 0 */
} reference_table[IPM_REFERENCES] = {
    [IPM_REFERENCE_NONE] = {"nothing", 0},
    [IPM_REFERENCE_MEMCPY] = {"memcpy", 0},
    [IPM_REFERENCE_SYSCALL] = {"the null system call",
                               offsetof(struct ipm_reference_round, null_syscall_ns)},
    [IPM_REFERENCE_CORES] = {"the core-to-core latency",
                             offsetof(struct ipm_reference_round, core_to_core_ns)},
    [IPM_REFERENCE_TRANSPORT] = {"the null transport",
                                 offsetof(struct ipm_reference_round,
                                          null_transport_ns_per_message)},
};

const char *ipm_reference_title(enum ipm_reference reference) {
    return reference_table[reference].title;
}

double ipm_reference_memcpy_rate(const struct ipm_references *references,
                                 const struct ipm_reference_round *round,
                                 uint64_t message_bytes) {
    for (size_t i = 0; i < references->sizes.count; i++)
        if (references->sizes.items[i] == message_bytes)
            return round->memcpy_bytes_per_second[i];
    return NAN;
}

const struct ipm_reference_round *
ipm_reference_find(const struct ipm_references *references, uint64_t round) {
    if (round < references->count && references->rounds[round].round == round)
        return &references->rounds[round]; /* as in every report of a whole run */
    for (size_t i = 0; i < references->count; i++)
        if (references->rounds[i].round == round)
            return &references->rounds[i];
    return NULL;
}

double ipm_reference_log_speed(enum ipm_reference reference,
                               const struct ipm_references *references, uint64_t round,
                               uint64_t message_bytes) {
    const struct ipm_reference_round *found = ipm_reference_find(references, round);
    double speed;
    if (reference == IPM_REFERENCE_NONE)
        return 0;
    if (!found)
        return NAN;
    if (reference == IPM_REFERENCE_MEMCPY) {
        speed = log(ipm_reference_memcpy_rate(references, found, message_bytes));
    } else {
        const char *at = (const char *)found + reference_table[reference].offset;
        memcpy(&speed, at, sizeof speed);
        speed = -log(speed);
    }
    return isfinite(speed) ? speed : NAN;
}
