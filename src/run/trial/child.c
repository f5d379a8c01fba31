/* child.c - the child's side of a trial: the receiver, or one of many clients that
 * send. */
#include "run/trial/peers.h"

#include "base/err.h"
#include "run/process/spawn.h"
#include "run/process/stop.h"
#include "run/trial/control.h"
#include "run/trial/side.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static int child_send(int control, enum ipm_control_kind kind, struct ipm_err *err) {
    struct ipm_control_message message = {.kind = kind};
    int failed = ipm_control_send(control, &message);
    return failed ? ipm_err_sys(err, failed, "cannot send to the parent") : 0;
}

/* Waits for a message of that kind. There is no time limit, because the parent has the
 * watchdog and its death ends the child. */
static int child_recv(struct ipm_trial_side *side, int control,
                      enum ipm_control_kind kind, struct ipm_control_message *message,
                      struct ipm_err *err) {
    int failed = ipm_side_recv(side, control, message, err);
    if (failed)
        return ipm_err_sys(err, failed, "cannot receive from the parent");
    return message->kind == kind
               ? 0
               : ipm_err_set(err, -EPROTO, "unexpected message from the parent");
}

/* Closes the descriptors of other peers that the child inherited. */
static void child_close_others(const struct ipm_child_start *start) {
    if (start->gate[1] >= 0)
        (void)close(start->gate[1]);
    for (unsigned i = 0; i <= start->which; i++)
        if (start->peers->items[i].control[0] >= 0)
            (void)close(start->peers->items[i].control[0]);
}

/* Makes the kernel kill this process when memory is short, and not its parent, which has the
 * report: proc_pid_oom_score_adj(5). Called before the buffers are made. */
static void child_offer_memory(void) {
    const int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    (void)!write(fd, "1000", 4); /* a filter may refuse it */
    (void)close(fd);
}

/* Attaches and prepares. Where connections are made in the window the link stays open,
 * and the child waits until the parent is attached; otherwise it could accept its own
 * connection. */
static int child_meet(struct ipm_trial_side *side, struct ipm_link *link, int control,
                      struct ipm_err *err) {
    struct ipm_control_message message;
    int failed = ipm_side_attach(side, link, err);
    if (!failed)
        failed = child_send(control, IPM_CONTROL_ATTACHED, err);
    child_offer_memory();
    if (!ipm_side_keeps_link(side->config))
        link->ops->close(link, IPM_CHILD);
    else if (!failed)
        failed = child_recv(side, control, IPM_CONTROL_ATTACHED, &message, err);
    if (!failed)
        failed = ipm_side_prepare(side, err);
    if (!failed)
        ipm_side_begin(side);
    return failed;
}

/* Waits for the start of the window: the parent closes its end of the pipe. */
static int child_await_start(int gate, struct ipm_err *err) {
    const int failed = ipm_spawn_await_eof(gate);
    return failed ? ipm_err_sys(err, failed, "cannot wait for the start of the window")
                  : 0;
}

/* A receiver reports that it is ready just before it waits, so that nothing is sent while it is
 * still waking up. With several pairs it waits for the start as well, because it may spin. A sender
 * reads its usage only after the receiver is done, because the read would fall into the window. */
static int child_measure(struct ipm_trial_side *side, const struct ipm_child_start *start,
                         int control, struct ipm_err *err) {
    struct ipm_control_message message;
    const bool sender = side->role == IPM_SENDER;
    int failed = child_send(control, IPM_CONTROL_READY, err);
    if (!failed && start->gate[0] >= 0)
        failed = child_await_start(start->gate[0], err);
    if (!failed)
        failed = ipm_side_measure(side, err);
    if (!failed && !sender)
        ipm_side_conclude(side);
    if (!failed)
        failed = ipm_side_finish(side, err);
    if (!failed)
        failed = child_recv(side, control, IPM_CONTROL_DONE, &message, err);
    if (!failed && sender)
        ipm_side_conclude(side);
    return failed ? failed : ipm_side_count(side, 0, message.as.sent_messages, err);
}

static int child_take_part(struct ipm_trial_side *side,
                           const struct ipm_trial_config *config,
                           const struct ipm_child_start *start, struct ipm_err *err) {
    const int control = start->peers->items[start->which].control[1];
    int failed = ipm_side_init(side, config, IPM_CHILD, err);
    if (failed)
        return failed;
    side->end.peer = start->which;
    side->end.peer_pid = getppid();
    side->timings = start->timings;
    failed = child_meet(side, start->link, control, err);
    if (!failed)
        failed = child_measure(side, start, control, err);
    if (ipm_side_keeps_link(config))
        start->link->ops->close(start->link, IPM_CHILD);
    return failed;
}

int ipm_child_live(void *context) {
    const struct ipm_child_start *start = context;
    struct ipm_trial_config config = *start->peers->config;
    static struct ipm_trial_side side; /* large for a stack */
    struct ipm_control_message last = {.kind = IPM_CONTROL_ERROR};
    side = (struct ipm_trial_side){.end = {.rx_fd = -1, .tx_fd = -1}};
    config.seed += start->which; /* the contents of two clients differ */
    child_close_others(start);
    const uint64_t pauses = ipm_stop_pauses();
    int failed = child_take_part(&side, &config, start, &last.as.err);
    side.window.stopped |= ipm_stop_pauses() != pauses;
    if (!failed)
        last = (struct ipm_control_message){.kind = IPM_CONTROL_RESULT,
                                            .as.window = side.window};
    /* This fails only if the parent has died. */
    (void)ipm_control_send(start->peers->items[start->which].control[1], &last);
    ipm_side_done(&side);
    return failed ? 1 : 0;
}
