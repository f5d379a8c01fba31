/* count_options.h - the request of `ipcmark count` and its table of options. */
#ifndef IPM_APP_COMMANDS_COUNT_OPTIONS_H
#define IPM_APP_COMMANDS_COUNT_OPTIONS_H

#include "app/cli/optparse.h"
#include "app/commands/judging.h"
#include "model/compare/comparison.h"
#include "run/guest/guest.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

enum { IPM_COUNT_OWN_WORDS = 5 };

/* What precedes the words of the user: a trial has a fixed number of messages, so that figures
 * of two kernels are of the same work, and a boot has one round. */
extern const char *const ipm_count_own_words[IPM_COUNT_OWN_WORDS];

/* One side: what is booted. */
struct ipm_count_arm {
    const char *kernel; /* as given; NULL: that of the other side, or the default */
    const char *append; /* words for the kernel */
    const char
        *binary; /* the ipcmark that measures; NULL: that of the other side, or this */
    char kernel_path[PATH_MAX];
    char binary_path[PATH_MAX]; /* absolute, without symbolic links */
};

struct ipm_count_request {
    struct ipm_judging judging; /* first: see judging.h */
    struct ipm_count_arm arms[IPM_ARMS];
    enum ipm_guest_kind kind;
    const struct ipm_guest_machine *machine; /* of that kind */
    bool compares;                           /* there is something for the second arm */
    const char *folder;                      /* the history to compare with; NULL: none */
    uint64_t seeds;
    uint64_t timeout_ns; /* of a boot */
    enum ipm_when progress;
    bool no_ci_labels; /* among the options of the run */
    struct ipm_optparse_words run;
    char self[PATH_MAX];        /* path of this program */
    char preload[4 * PATH_MAX]; /* the plugins of the run, for the dynamic loader */
};

/* Its target is a struct ipm_count_request. */
extern const struct ipm_optparse ipm_count_syntax;

/* Checks and completes a request: finds the emulator and the files, and refuses options of
 * `run` that have no meaning in a guest. Returns 0 or a negative errno. */
int ipm_count_request_settle(struct ipm_count_request *request, struct ipm_err *err);

#endif
