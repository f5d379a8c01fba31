/* ab_arm.h - one arm of `ipcmark ab` or `gate`: a command that measures. */
#ifndef IPM_APP_COMMANDS_AB_ARM_H
#define IPM_APP_COMMANDS_AB_ARM_H

#include "model/report/report.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ipm_ab_arm {
    const char *name;    /* "A" */
    const char *prefix;  /* as typed, as are the next two; NULL: not given */
    const char *binary;  /* NULL: this program, unless the prefix ends in one */
    const char *options; /* of `run`, for this arm only */
    char **prefix_words;
    char **option_words;
    size_t prefix_count;
    size_t option_count;
    char binary_path[IPM_ORIGIN_PATH_BYTES]; /* "": the last word of the prefix */
    const char *const *run_words;            /* for both arms */
    size_t run_count;
    bool whole; /* as many rounds as the words say, instead of one */
};

/* Splits the words, and refuses a program that cannot be run. Returns 0 or a negative errno. Call
 * ipm_ab_arm_done afterwards, also on error. */
int ipm_ab_arm_settle(struct ipm_ab_arm *side, struct ipm_err *err);
void ipm_ab_arm_done(struct ipm_ab_arm *side);

/* Whether it is this program as it is, with the words of both arms. */
bool ipm_ab_arm_is_plain(const struct ipm_ab_arm *side);

/* Measures every case once, or the whole run. Returns 0, -EINTR (interrupted by the user), or a negative
 * errno with a reason of one line. Call ipm_report_done afterwards, also on error. */
int ipm_ab_arm_run(const struct ipm_ab_arm *side, uint64_t seed,
                   struct ipm_report *ret_report, struct ipm_err *err);

/* Writes what distinguishes the arm: "taskset -c 0 --buffer 16K". */
void ipm_ab_arm_title(char *title, size_t size, const struct ipm_ab_arm *side);

#endif
