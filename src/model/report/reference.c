/* reference.c - the table of yardsticks. Knows no case. */
#include "model/report/reference.h"

#include <math.h>

static double reference_none(const struct ipm_reference_round *round, size_t size) {
    (void)round;
    (void)size;
    return 0;
}

static double reference_memcpy(const struct ipm_reference_round *round, size_t size) {
    return size < IPM_LIST_MOST ? log(round->memcpy_bytes_per_second[size]) : NAN;
}

static double reference_syscall(const struct ipm_reference_round *round, size_t size) {
    (void)size;
    return -log(round->null_syscall_ns);
}

static double reference_cores(const struct ipm_reference_round *round, size_t size) {
    (void)size;
    return -log(round->core_to_core_ns);
}

static double reference_transport(const struct ipm_reference_round *round, size_t size) {
    (void)size;
    return -log(round->null_transport_ns_per_message);
}

static const struct {
    const char *word;
    const char *title;
    double (*log_speed)(const struct ipm_reference_round *round, size_t size);
} reference_table[IPM_REFERENCES] = {
    [IPM_REFERENCE_NONE] = {"", "nothing", reference_none},
    [IPM_REFERENCE_MEMCPY] = {"memcpy", "memcpy", reference_memcpy},
    [IPM_REFERENCE_SYSCALL] = {"null_syscall", "the null system call", reference_syscall},
    [IPM_REFERENCE_CORES] = {"core_to_core", "the core-to-core latency", reference_cores},
    [IPM_REFERENCE_TRANSPORT] = {"null_transport", "the null transport",
                                 reference_transport},
};

const char *ipm_reference_word(enum ipm_reference yardstick) {
    return reference_table[yardstick].word;
}

const char *ipm_reference_title(enum ipm_reference yardstick) {
    return reference_table[yardstick].title;
}

static size_t reference_size(const struct ipm_sizes *sizes, uint64_t bytes) {
    for (size_t i = 0; i < sizes->count; i++)
        if (sizes->items[i] == bytes)
            return i;
    return IPM_LIST_MOST;
}

double ipm_reference_log_speed(enum ipm_reference yardstick,
                               const struct ipm_references *references, uint64_t round,
                               uint64_t message_bytes) {
    const size_t size = reference_size(&references->sizes, message_bytes);
    for (size_t i = 0; i < references->count; i++) {
        if (references->rounds[i].round != round)
            continue;
        const double speed =
            reference_table[yardstick].log_speed(&references->rounds[i], size);
        return isfinite(speed) ? speed : NAN;
    }
    return yardstick == IPM_REFERENCE_NONE ? 0 : NAN;
}
