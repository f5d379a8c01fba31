/* ab_request.h - everything that `ipcmark ab` can be asked, and its table of options. */
#ifndef IPM_APP_COMMANDS_AB_REQUEST_H
#define IPM_APP_COMMANDS_AB_REQUEST_H

#include "app/cli/optparse.h"
#include "app/commands/ab_arm.h"
#include "app/commands/judging.h"

#include <stdbool.h>
#include <stdint.h>

enum { IPM_AB_WORDS_MOST = 256 };

struct ipm_ab_request {
    struct ipm_judging judging; /* first: see judging.h */
    struct ipm_ab_arm sides[IPM_ARMS];
    const char *run_words[IPM_AB_WORDS_MOST];
    size_t run_count;
    uint64_t blocks;
    uint64_t budget_ns; /* 0: none */
    uint64_t seed;
    bool seed_given;
    enum ipm_when progress;
};

extern const struct ipm_optparse ipm_ab_syntax;

/* Reads and checks the command line. Returns 0, IPM_OPTPARSE_HELP, or a negative errno.
 * ipm_ab_request_done afterwards, also on error. The request must stay where it is. */
int ipm_ab_request_parse(struct ipm_ab_request *request, int argc, char **argv,
                         struct ipm_err *err);
void ipm_ab_request_done(struct ipm_ab_request *request);

#endif
