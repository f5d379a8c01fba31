/* hybrid.c - tries again and again for a time, and then sleeps. */
#include "run/waits/calls.h"
#include "run/waits/wait.h"

#include <errno.h>

/* Returns whether to repeat a call that has failed. end->looks is the number of tries. */
static bool hybrid_again(const struct ipm_endpoint *end, short events, unsigned *tries) {
    if (errno != EAGAIN || ++*tries < end->looks)
        return errno == EAGAIN;
    *tries = 0;
    return ipm_wait_ready(end, events);
}

#define HYBRID_CALL(name, events, parameters, arguments)                                 \
    static ssize_t hybrid_##name parameters {                                            \
        unsigned tries = 0;                                                              \
        ssize_t moved = end->ops->name arguments;                                        \
        while (moved < 0 && hybrid_again(end, events, &tries))                           \
            moved = end->ops->name arguments;                                            \
        return moved;                                                                    \
    }
#define HYBRID_MEMBER(name, events, parameters, arguments) .name = hybrid_##name,

IPM_WAIT_CALLS(HYBRID_CALL)

static const struct ipm_transport hybrid_calls = {IPM_WAIT_CALLS(HYBRID_MEMBER)};

extern const struct ipm_wait ipm_wait_hybrid;
const struct ipm_wait ipm_wait_hybrid = {
    .kind = {.name = "hybrid",
             .sleeps = true,
             .drives = true,
             .needs = IPM_CAP_POLLABLE | IPM_CAP_LOOKS | IPM_CAP_HOLLOW},
    .summary = "tries for a time, 20us or that of hybrid:TIME, and then sleeps",
    .tries = true,
    .nonblocking = true,
    .calls = &hybrid_calls,
};
