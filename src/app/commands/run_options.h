/* run_options.h - the request of `ipcmark run` and its table of options. */
#ifndef IPM_APP_COMMANDS_RUN_OPTIONS_H
#define IPM_APP_COMMANDS_RUN_OPTIONS_H

#include "app/cli/optparse.h"
#include "app/output/outputs.h"
#include "app/output/progress.h"
#include "app/output/terminal.h"
#include "model/options.h"
#include "model/report/label.h"

#include <stdbool.h>

struct ipm_run_request {
    struct ipm_options options;
    struct ipm_outputs outputs;
    struct ipm_labels labels;
    bool no_ci_labels;
    bool seed_given; /* otherwise it is random */
    bool quiet;
    bool live;
    uint64_t live_round; /* of the latest timed trial */
    enum ipm_when progress;
    enum ipm_when color;
    struct ipm_progress_line line; /* shown during the run */
};

/* Its target is a struct ipm_run_request. */
extern const struct ipm_optparse ipm_run_syntax;

/* Checks and completes a request, as far as possible without the machine: the timeout,
 * and the table on standard output unless another document goes there. Returns 0 or a
 * negative errno. */
int ipm_run_request_settle(struct ipm_run_request *request, struct ipm_err *err);

#endif
