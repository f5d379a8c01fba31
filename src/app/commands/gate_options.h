/* gate_options.h - the request of `ipcmark gate` and its table of options. */
#ifndef IPM_APP_COMMANDS_GATE_OPTIONS_H
#define IPM_APP_COMMANDS_GATE_OPTIONS_H

#include "app/cli/optparse.h"
#include "app/commands/ab_options.h"
#include "app/commands/judging.h"

#include <stddef.h>
#include <stdint.h>

enum { IPM_GATE_LIST_BYTES = 512 };

struct ipm_gate_request {
    struct ipm_judging judging; /* first: see judging.h */
    struct ipm_optparse_words run;
    const char *folder;
    uint64_t folder_most;
    const char *binary_base;
    uint64_t blocks;
    uint64_t budget_ns; /* 0: none */
    uint64_t seed;      /* 0: random */
    enum ipm_when progress;
};

/* Words of `run` that stand for some cases of a plan; they point into the lists. */
struct ipm_gate_words {
    size_t count;
    const char *items[2 * IPM_OPTPARSE_WORDS_MOST];
    char patterns[IPM_GATE_LIST_BYTES];
    char pins[IPM_GATE_LIST_BYTES];
    char sizes[IPM_GATE_LIST_BYTES];
    char transports[IPM_GATE_LIST_BYTES];
};

/* Its target is a struct ipm_gate_request. */
extern const struct ipm_optparse ipm_gate_syntax;

/* Checks and completes a request. Returns 0 or a negative errno. */
int ipm_gate_request_settle(struct ipm_gate_request *request, struct ipm_err *err);

/* Narrows the patterns, placements, sizes and transports of the words to those of the suspects.
 * Other settings stay, and so do the words as they are where a list would be too long. The
 * struct must not move. */
void ipm_gate_request_narrow(const struct ipm_gate_request *request,
                             const struct ipm_comparison *comparison,
                             struct ipm_gate_words *ret_words);

#endif
