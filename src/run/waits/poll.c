/* poll.c - waits in poll(2) before each call, as programs do that wait for several
 * descriptors. The call itself does not block. */
#include "run/waits/calls.h"
#include "run/waits/wait.h"

#define POLL_CALL(name, events, parameters, arguments)                                   \
    static ssize_t poll_##name parameters {                                              \
        return ipm_wait_ready(end, events) ? end->ops->name arguments : -1;              \
    }
#define POLL_MEMBER(name, events, parameters, arguments) .name = poll_##name,

IPM_WAIT_CALLS(POLL_CALL)

static const struct ipm_transport poll_calls = {IPM_WAIT_CALLS(POLL_MEMBER)};

extern const struct ipm_wait ipm_wait_poll;
const struct ipm_wait ipm_wait_poll = {
    .kind = {.name = "poll", .sleeps = true, .polls = true, .needs = IPM_CAP_POLLABLE},
    .summary = "waits in poll(2) before each call",
    .nonblocking = true,
    .calls = &poll_calls,
};
