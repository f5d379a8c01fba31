/* ab_options.h - the request of `ipcmark ab` and its table of options. */
#ifndef IPM_APP_COMMANDS_AB_OPTIONS_H
#define IPM_APP_COMMANDS_AB_OPTIONS_H

#include "app/cli/optparse.h"
#include "app/commands/ab_arm.h"
#include "app/commands/judging.h"

#include <stdint.h>

struct ipm_ab_request {
    struct ipm_judging judging; /* first: see judging.h */
    struct ipm_ab_arm sides[IPM_ARMS];
    struct ipm_optparse_words run;
    uint64_t blocks;
    uint64_t budget_ns; /* 0: none */
    uint64_t seed;      /* 0: random */
    enum ipm_when progress;
};

/* Refuses options of `run` that the command itself sets: by name, with a hint. `in_rounds`: the
 * words are those of a whole run, which may have rounds of its own. */
int ipm_ab_check_words(const char *const *words, size_t count, bool in_rounds,
                       struct ipm_err *err);

/* Its target is a struct ipm_ab_request. */
extern const struct ipm_optparse ipm_ab_syntax;

/* Checks and completes a request. Returns 0 or a negative errno. Call ipm_ab_request_done
 * afterwards, also on error. The request must not move. */
int ipm_ab_request_settle(struct ipm_ab_request *request, struct ipm_err *err);
void ipm_ab_request_done(struct ipm_ab_request *request);

#endif
