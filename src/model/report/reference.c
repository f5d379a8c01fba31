/* reference.c - the table of yardsticks. Knows no case. */
#include "model/report/reference.h"

#include <math.h>

static double yardstick_none(const struct ipm_reference_round *round, size_t size) {
    (void)round;
    (void)size;
    return 0;
}

static double yardstick_memcpy(const struct ipm_reference_round *round, size_t size) {
    return size < IPM_LIST_MOST ? log(round->memcpy_bytes_per_second[size]) : NAN;
}

static double yardstick_syscall(const struct ipm_reference_round *round, size_t size) {
    (void)size;
    return -log(round->null_syscall_ns);
}

static double yardstick_cores(const struct ipm_reference_round *round, size_t size) {
    (void)size;
    return -log(round->core_to_core_ns);
}

static double yardstick_transport(const struct ipm_reference_round *round, size_t size) {
    (void)size;
    return -log(round->null_transport_ns_per_message);
}

static const struct {
    const char *word;
    const char *title;
    double (*log_speed)(const struct ipm_reference_round *round, size_t size);
} yardstick_table[IPM_YARDSTICKS] = {
    [IPM_YARDSTICK_NONE] = {"", "nothing", yardstick_none},
    [IPM_YARDSTICK_MEMCPY] = {"memcpy", "memcpy", yardstick_memcpy},
    [IPM_YARDSTICK_SYSCALL] = {"null_syscall", "the null system call", yardstick_syscall},
    [IPM_YARDSTICK_CORES] = {"core_to_core", "the core-to-core latency", yardstick_cores},
    [IPM_YARDSTICK_TRANSPORT] = {"null_transport", "the null transport",
                                 yardstick_transport},
};

const char *ipm_yardstick_word(enum ipm_yardstick yardstick) {
    return yardstick_table[yardstick].word;
}

const char *ipm_yardstick_title(enum ipm_yardstick yardstick) {
    return yardstick_table[yardstick].title;
}

static size_t yardstick_size(const struct ipm_sizes *sizes, uint64_t bytes) {
    for (size_t i = 0; i < sizes->count; i++)
        if (sizes->items[i] == bytes)
            return i;
    return IPM_LIST_MOST;
}

double ipm_yardstick_log_speed(enum ipm_yardstick yardstick,
                               const struct ipm_references *references, uint64_t round,
                               uint64_t message_bytes) {
    const size_t size = yardstick_size(&references->sizes, message_bytes);
    for (size_t i = 0; i < references->count; i++) {
        if (references->rounds[i].round != round)
            continue;
        const double speed =
            yardstick_table[yardstick].log_speed(&references->rounds[i], size);
        return isfinite(speed) ? speed : NAN;
    }
    return yardstick == IPM_YARDSTICK_NONE ? 0 : NAN;
}
