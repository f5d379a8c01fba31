/* work.h - what a program does with messages beside moving them: --work. */
#ifndef IPM_RUN_PUMP_WORK_H
#define IPM_RUN_PUMP_WORK_H

#include "model/report/sample.h"
#include "model/setting.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { IPM_WORK_LINE_BYTES = 64 }; /* of a cache */

/* Zeroed is none. */
struct ipm_work {
    uint64_t loops;   /* of the arithmetic of one message */
    uint64_t each_ns; /* that take this long */
    uint64_t times;   /* it was done so far */
    bool touches;     /* messages are written and read */
};

/* Whether a case has work for any end. */
bool ipm_work_is_asked(const struct ipm_case_config *config);

/* Cold. Sets the work of an end, and measures how many loops of arithmetic take its time on this
 * CPU. */
void ipm_work_init(struct ipm_work *work, const struct ipm_case_config *config,
                   enum ipm_role role);

/* Returns how long all of the work took. */
static inline int64_t ipm_work_ns(const struct ipm_work *work) {
    return (int64_t)(work->times * work->each_ns);
}

/* Hot. Each step depends on the one before, so that it takes as long beside any other code. */
static inline void ipm_work_loop(uint64_t loops) {
    uint64_t number = loops;
    for (uint64_t i = 0; i < loops; i++) {
        number = number * 6364136223846793005u + 1442695040888963407u;
        __asm__ volatile("" : "+r"(number));
    }
}

/* Hot. Does the work of one message. */
static inline void ipm_work_do(struct ipm_work *work) {
    ipm_work_loop(work->loops);
    work->times++;
}

/* Hot. Loads each cache line of a message. */
static inline void ipm_work_read(const unsigned char *message, size_t bytes) {
    uint64_t sum = message[bytes - 1];
    uint64_t word;
    for (size_t at = 0; at + sizeof word <= bytes; at += IPM_WORK_LINE_BYTES) {
        __builtin_memcpy(&word, message + at, sizeof word);
        sum += word;
    }
    __asm__ volatile("" : : "r"(sum)); /* so that the compiler keeps the reads */
}

/* Hot. Writes to each cache line of a message what it contains. */
static inline void ipm_work_write(unsigned char *message, size_t bytes) {
    for (size_t at = 0; at < bytes; at += IPM_WORK_LINE_BYTES) {
        volatile unsigned char *byte = message + at;
        const unsigned char same = *byte;
        *byte = same;
    }
}

#endif
