/* fan_client.c - the life of one client. Knows no transport's name and prints nothing. */
#include "run/trial/fan_parts.h"

#include "base/clock.h"
#include "base/err.h"
#include "run/patterns/pattern.h"
#include "run/trial/side.h"

#include <errno.h>
#include <unistd.h>

/* How often a mark that may be lost is repeated: less and less, because a thousand clients
 * who insist would be a load of their own. */
static const uint64_t FAN_MARK_FIRST_NS = 200000;
static const uint64_t FAN_MARK_MOST_NS = 20000000;

static int client_say(int control, enum ipm_control_kind kind, struct ipm_err *err) {
    struct ipm_control_message message = {.kind = kind};
    int failed = ipm_control_send(control, &message);
    return failed ? ipm_err_sys(err, failed, "cannot reach the parent") : 0;
}

/* Only its own stay open of what the parent had at the fork. */
static void client_close_others(struct ipm_fan *fan, unsigned which) {
    (void)close(fan->gate[1]);
    for (unsigned i = 0; i <= which; i++)
        if (fan->peers[i].control[0] >= 0)
            (void)close(fan->peers[i].control[0]);
}

static int client_meet(struct ipm_trial_side *side, struct ipm_fan *fan, unsigned which,
                       struct ipm_err *err) {
    const int control = fan->peers[which].control[1];
    int failed = ipm_side_attach(side, &fan->link, err);
    if (!failed)
        failed = client_say(control, IPM_CONTROL_ATTACHED, err);
    fan->link.ops->close(&fan->link, IPM_CHILD);
    if (!failed)
        failed = ipm_side_prepare(side, err);
    if (!failed)
        failed = client_say(control, IPM_CONTROL_READY, err);
    return failed;
}

/* The gate opens for all at once, when the parent closes its end. */
static void client_await_start(int gate) {
    char byte;
    while (read(gate, &byte, 1) < 0 && errno == EINTR)
        continue;
}

/* Until the server is done with all: an end before that would be in the window. */
static int client_await_done(struct ipm_trial_side *side, int control,
                             struct ipm_control_message *message, struct ipm_err *err) {
    const struct ipm_trial_config *config = side->config;
    const bool marks = ipm_side_repeats_marks(side) &&
                       (config->pattern->kind.traits & IPM_TRAIT_TWO_WAY) == 0;
    uint64_t pause_ns = FAN_MARK_FIRST_NS;
    for (;;) {
        int failed = ipm_control_recv(control, message,
                                      marks ? ipm_clock_now_ns() + pause_ns : UINT64_MAX);
        if (!failed && message->kind == IPM_CONTROL_DONE)
            return 0;
        if (failed != -ETIMEDOUT)
            return ipm_err_set(err, failed ? failed : -EPROTO,
                               "the parent spoke out of turn");
        failed = side->end.ops->finish(&side->end);
        if (failed)
            return ipm_err_sys(err, failed, "cannot end the stream");
        pause_ns = pause_ns * 2 < FAN_MARK_MOST_NS ? pause_ns * 2 : FAN_MARK_MOST_NS;
    }
}

static int client_measure(struct ipm_trial_side *side, struct ipm_fan *fan,
                          unsigned which, struct ipm_err *err) {
    struct ipm_control_message message;
    client_await_start(fan->gate[0]);
    int failed = ipm_side_measure(side);
    if (failed)
        return ipm_err_sys(err, failed, "cannot %s",
                           side->config->pattern->does[IPM_SENDER]);
    failed = side->end.ops->finish(&side->end);
    if (failed)
        return ipm_err_sys(err, failed, "cannot end the stream");
    failed = client_await_done(side, fan->peers[which].control[1], &message, err);
    if (failed)
        return failed;
    ipm_side_conclude(side);
    if (side->latency)
        fan->latencies[which] = *side->latency;
    return side->two_way ? ipm_side_count(side, message.as.sent_messages, err) : 0;
}

int ipm_fan_client_live(void *context) {
    const struct ipm_fan_start *start = context;
    struct ipm_fan *fan = start->fan;
    const unsigned which = start->which;
    const int control = fan->peers[which].control[1];
    struct ipm_trial_config config = *fan->config;
    struct ipm_trial_side side = {.end = {.rx_fd = -1, .tx_fd = -1}};
    struct ipm_control_message last = {.kind = IPM_CONTROL_ERROR};
    config.seed += which; /* so that one's messages are never taken for another's */
    client_close_others(fan, which);
    int failed = ipm_side_init(&side, &config, IPM_CHILD, IPM_SENDER, &last.as.err);
    side.end.peer = which;
    side.end.peer_pid = getppid();
    if (!failed)
        failed = client_meet(&side, fan, which, &last.as.err);
    if (!failed)
        failed = client_measure(&side, fan, which, &last.as.err);
    if (!failed)
        last = (struct ipm_control_message){.kind = IPM_CONTROL_RESULT,
                                            .as.window = side.window};
    (void)ipm_control_send(control, &last); /* a parent that is gone needs no answer */
    ipm_side_done(&side);
    return failed ? 1 : 0;
}
