/* request.h - everything that `ipcmark run` can be asked, and its table of options. */
#ifndef IPM_APP_CLI_REQUEST_H
#define IPM_APP_CLI_REQUEST_H

#include "app/cli/optparse.h"
#include "app/output/outputs.h"
#include "app/output/terminal.h"
#include "model/plan/options.h"

#include <stdbool.h>

struct ipm_request {
    struct ipm_options options;
    struct ipm_outputs outputs;
    bool seed_given; /* else it is drawn: 53 bits, which every JSON reader keeps */
    bool quiet;
    enum ipm_when progress;
    enum ipm_when color;
};

extern const struct ipm_optparse ipm_request_syntax;

/* Reads and checks the command line of `run` as far as it can be without the machine.
 * Adds the table on standard output where nothing else is to go there. Returns 0,
 * IPM_OPTPARSE_HELP, or a negative errno. */
int ipm_request_parse(struct ipm_request *ret_request, int argc, char **argv,
                      struct ipm_err *err);

#endif
