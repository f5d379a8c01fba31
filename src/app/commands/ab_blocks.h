/* ab_blocks.h - a block is every case once with A and once with B, one after the other, in a
 * random order. */
#ifndef IPM_APP_COMMANDS_AB_BLOCKS_H
#define IPM_APP_COMMANDS_AB_BLOCKS_H

#include "app/commands/ab_arm.h"
#include "app/output/progress.h"
#include "model/compare/comparison.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The measured blocks: report k of both arms is block k. */
struct ipm_ab_blocks {
    size_t count;
    struct ipm_report *reports[IPM_ARMS];
};

struct ipm_ab_plan {
    const struct ipm_ab_arm *sides; /* A and B */
    uint64_t *random;               /* the state of the generator */
    uint64_t deadline_ns;           /* no block starts that would end later; 0: none */
    uint64_t block_ns;              /* the time of the last block */
    struct ipm_progress_line *line; /* shows the progress */
    const char *title;              /* "block", "confirming block" */
};

/* Measures `more` blocks, or fewer when the time is up. The very first one is dropped,
 * because it warms caches and files. Returns 0, -EINTR when the user interrupts (complete
 * blocks are kept), or a negative errno. */
int ipm_ab_blocks_measure(struct ipm_ab_blocks *blocks, struct ipm_ab_plan *plan,
                          size_t more, struct ipm_err *err);
void ipm_ab_blocks_done(struct ipm_ab_blocks *blocks);

/* Whether there is time for another block. */
bool ipm_ab_has_time(const struct ipm_ab_plan *plan);

#endif
