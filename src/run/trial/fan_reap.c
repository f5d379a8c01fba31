/* fan_reap.c - the end of all clients, and whose fault it was. */
#include "run/trial/fan_parts.h"

#include "base/clock.h"
#include "base/err.h"
#include "run/process/spawn.h"
#include "run/process/stop.h"
#include "run/trial/failure.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FAN_WHO_BYTES = 32 };

static const uint64_t FAN_GRACE_NS = 50000000;

int ipm_fan_await(struct ipm_fan *fan, unsigned which, enum ipm_control_kind kind,
                  uint64_t deadline_ns, struct ipm_control_message *message,
                  struct ipm_err *err) {
    struct ipm_fan_peer *peer = &fan->peers[which];
    int failed = ipm_control_recv(peer->control[0], message, deadline_ns);
    peer->gone = peer->gone || failed == -EPIPE;
    if (failed)
        return failed;
    if (message->kind == IPM_CONTROL_ERROR) {
        *err = message->as.err;
        return ipm_err_wrap(err, "client %u", which);
    }
    return message->kind == kind
               ? 0
               : ipm_err_set(err, -EPROTO, "client %u spoke out of turn", which);
}

/* The last words of a client, if it has any until then: what it said before is passed over. */
static void fan_hear(struct ipm_fan_peer *peer, uint64_t until_ns,
                     struct ipm_err *ret_err) {
    struct ipm_control_message message;
    int failed = 0;
    while (!failed && ret_err->code == 0) {
        failed = ipm_control_recv(peer->control[0], &message, until_ns);
        if (!failed && message.kind == IPM_CONTROL_ERROR)
            *ret_err = message.as.err;
    }
    peer->gone = peer->gone || failed == -EPIPE;
}

/* After a failure of ours: a client may be about to tell a better reason. */
static void fan_listen(struct ipm_fan *fan, struct ipm_err *seen) {
    const uint64_t until_ns = ipm_clock_now_ns() + FAN_GRACE_NS;
    struct ipm_err theirs = {0};
    for (unsigned i = 0; i < fan->count && theirs.code == 0; i++) {
        if (fan->peers[i].pid > 0 && !fan->peers[i].gone)
            fan_hear(&fan->peers[i], until_ns, &theirs);
        if (theirs.code)
            (void)ipm_err_wrap(&theirs, "client %u", i);
    }
    if (theirs.code)
        *seen = theirs;
}

/* Before any is killed. */
static void fan_inspect(struct ipm_fan *fan) {
    for (unsigned i = 0; i < fan->count; i++) {
        struct ipm_fan_peer *peer = &fan->peers[i];
        if (peer->pid <= 0)
            continue;
        peer->gone = peer->gone || ipm_spawn_has_ended(peer->pid);
        peer->stopped = ipm_spawn_is_stopped(peer->pid);
    }
}

static void fan_end_all(struct ipm_fan *fan) {
    for (unsigned i = 0; i < fan->count; i++)
        if (fan->peers[i].pid > 0 && !fan->peers[i].gone)
            (void)kill(fan->peers[i].pid, SIGKILL);
    for (unsigned i = 0; i < fan->count; i++) {
        struct ipm_fan_peer *peer = &fan->peers[i];
        if (peer->pid > 0)
            peer->status = ipm_spawn_reap(peer->pid);
        peer->pid = 0;
    }
}

/* How much one client's end explains. */
static int fan_explains(const struct ipm_fan_peer *peer) {
    if (peer->gone && WIFSIGNALED(peer->status))
        return 3;
    if (peer->stopped)
        return 2;
    return peer->gone && peer->status != 0;
}

static unsigned fan_suspect(const struct ipm_fan *fan) {
    unsigned suspect = 0;
    for (unsigned i = 1; i < fan->count; i++)
        if (fan_explains(&fan->peers[i]) > fan_explains(&fan->peers[suspect]))
            suspect = i;
    return suspect;
}

int ipm_fan_reap(struct ipm_fan *fan, int failed, struct ipm_err *seen,
                 struct ipm_err *err) {
    char who[FAN_WHO_BYTES];
    if (failed && !ipm_stop_wanted())
        fan_listen(fan, seen);
    fan_inspect(fan);
    fan_end_all(fan);
    const unsigned suspect = fan_suspect(fan);
    const struct ipm_fan_peer *peer = &fan->peers[suspect];
    (void)snprintf(who, sizeof who, "client %u", suspect);
    const struct ipm_failure facts = {.who = who,
                                      .failed = failed,
                                      .status = peer->status,
                                      .child_gone = peer->gone && peer->status != 0,
                                      .stopped = peer->stopped,
                                      .interrupted = ipm_stop_signal() != 0,
                                      .expired = ipm_stop_expired() != 0,
                                      .timeout_ns = fan->config->timeout_ns,
                                      .phase = fan->phase,
                                      .seen = seen};
    return failed || facts.child_gone ? ipm_failure(&facts, err) : 0;
}
