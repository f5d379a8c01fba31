/* child.c - the receiver's side of a trial. Knows no transport's name and prints nothing. */
#include "run/trial/child.h"

#include "base/clock.h"
#include "base/err.h"
#include "run/patterns/pattern.h"
#include "run/trial/control.h"
#include "run/trial/side.h"

#include <errno.h>
#include <unistd.h>

static int child_say(int control, enum ipm_control_kind kind, struct ipm_err *err) {
    struct ipm_control_message message = {.kind = kind};
    int failed = ipm_control_send(control, &message);
    return failed ? ipm_err_sys(err, failed, "cannot reach the parent") : 0;
}

static int child_hear(int control, enum ipm_control_kind kind,
                      struct ipm_control_message *message, struct ipm_err *err) {
    int failed = ipm_control_recv(control, message, UINT64_MAX);
    if (!failed && message->kind == kind)
        return 0;
    return ipm_err_set(err, failed ? failed : -EPROTO, "the parent spoke out of turn");
}

/* Where the link stays open, the parent has met this child before anything else can come
 * in by it: else the child might answer its own call. */
static int child_meet(struct ipm_trial_side *side, struct ipm_link *link, int control,
                      struct ipm_err *err) {
    struct ipm_control_message message;
    int failed = ipm_side_attach(side, link, err);
    if (!failed)
        failed = child_say(control, IPM_CONTROL_ATTACHED, err);
    if (!ipm_side_keeps_link(side->config))
        link->ops->close(link, IPM_CHILD);
    else if (!failed)
        failed = child_hear(control, IPM_CONTROL_ATTACHED, &message, err);
    if (!failed)
        failed = ipm_side_prepare(side, err);
    return failed;
}

/* Until the parent says that it is done, which it is not before it has seen the end of what
 * was sent to it. */
static int child_await_done(struct ipm_trial_side *side, int control,
                            struct ipm_control_message *message) {
    const bool marks = side->two_way && ipm_side_repeats_marks(side);
    int failed = side->two_way ? side->end.ops->finish(&side->end) : 0;
    while (!failed) {
        uint64_t until_ns = marks ? ipm_clock_now_ns() + IPM_SIDE_MARK_NS : UINT64_MAX;
        failed = ipm_control_recv(control, message, until_ns);
        if (!failed)
            return message->kind == IPM_CONTROL_DONE ? 0 : -EPROTO;
        if (failed == -ETIMEDOUT)
            failed = side->end.ops->finish(&side->end);
    }
    return failed;
}

/* Ready means waiting: the sender starts when it hears it, so that what was sent while the
 * receiver was still waking up is no part of the result. */
static int child_measure(struct ipm_trial_side *side, int control, struct ipm_err *err) {
    struct ipm_control_message message = {.kind = IPM_CONTROL_READY};
    int failed = child_say(control, IPM_CONTROL_READY, err);
    if (failed)
        return failed;
    failed = ipm_side_measure(side);
    if (failed)
        return ipm_err_sys(err, failed, "cannot %s",
                           side->config->pattern->does[IPM_RECEIVER]);
    ipm_side_conclude(side);
    failed = child_await_done(side, control, &message);
    if (failed)
        return ipm_err_set(err, failed, "the parent spoke out of turn");
    return ipm_side_count(side, message.as.sent_messages, err);
}

static int child_take_part(struct ipm_trial_side *side,
                           const struct ipm_trial_config *config, struct ipm_link *link,
                           int control, struct ipm_err *err) {
    int failed = ipm_side_init(side, config, IPM_CHILD, IPM_RECEIVER, err);
    if (failed)
        return failed;
    side->end.peer_pid = getppid();
    failed = child_meet(side, link, control, err);
    if (!failed)
        failed = child_measure(side, control, err);
    if (ipm_side_keeps_link(config))
        link->ops->close(link, IPM_CHILD);
    return failed;
}

int ipm_child_live(void *context) {
    const struct ipm_child_start *start = context;
    const int control = start->control[1];
    struct ipm_trial_side side = {.end = {.rx_fd = -1, .tx_fd = -1}};
    struct ipm_control_message last = {.kind = IPM_CONTROL_ERROR};
    struct ipm_err err = {0};
    (void)close(start->control[0]);
    int failed = child_take_part(&side, start->config, start->link, control, &err);
    if (failed) {
        last.as.err = err;
    } else {
        last.kind = IPM_CONTROL_RESULT;
        last.as.window = side.window;
    }
    (void)ipm_control_send(control, &last); /* a parent that is gone needs no answer */
    ipm_side_done(&side);
    return failed ? 1 : 0;
}
