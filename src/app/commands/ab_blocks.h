/* ab_blocks.h - blocks: every case once with A and once with B, next to each other, in an
 * order that is drawn. */
#ifndef IPM_APP_COMMANDS_AB_BLOCKS_H
#define IPM_APP_COMMANDS_AB_BLOCKS_H

#include "app/commands/ab_arm.h"
#include "model/compare/comparison.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What was measured: report k of both sides is block k. */
struct ipm_ab_blocks {
    size_t count;
    struct ipm_report *reports[IPM_ARMS];
};

struct ipm_ab_plan {
    const struct ipm_ab_arm *sides; /* A and B */
    uint64_t *random;               /* the state of what is drawn */
    uint64_t deadline_ns;           /* no block begins that would end after it; 0: none */
    uint64_t block_ns;              /* that the last one took */
    bool shows;                     /* progress, on standard error */
    bool rewrites;                  /* its line, as on a terminal */
    const char *title;              /* "block", "confirming block" */
};

/* Measures so many blocks more, fewer when time is up. The very first is thrown away: caches
 * and files are warm after it. Returns 0, -EINTR when the user wants an end (what is whole
 * counts), or a negative errno and words. */
int ipm_ab_blocks_measure(struct ipm_ab_blocks *blocks, struct ipm_ab_plan *plan,
                          size_t more, struct ipm_err *err);
void ipm_ab_blocks_done(struct ipm_ab_blocks *blocks);

/* Whether there is time for another one. */
bool ipm_ab_has_time(const struct ipm_ab_plan *plan);

#endif
