/* peers.c - the children of a trial: from fork to their end, and which of them failed. */
#include "run/trial/peers.h"
#include "base/cell.h"

#include "base/clock.h"
#include "base/err.h"
#include "run/process/spawn.h"
#include "run/process/stop.h"
#include "run/trial/outcome.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PEERS_MESSAGES_MOST = 4 };

static const uint64_t PEERS_GRACE_NS = 50000000;

/* Returns "the child" or, where the pattern has clients, "client 3". */
static struct ipm_cell peers_name(const struct ipm_peers *peers, unsigned which) {
    return peers->side->service ? ipm_cell_print("client %u", which)
                                : (struct ipm_cell){"the child"};
}

int ipm_peers_init(struct ipm_peers *peers, struct ipm_err *err) {
    peers->items = calloc(peers->count, sizeof *peers->items);
    peers->windows = calloc(peers->count, sizeof *peers->windows);
    for (unsigned i = 0; peers->items && i < peers->count; i++)
        peers->items[i].control[0] = peers->items[i].control[1] = -1;
    return peers->items && peers->windows
               ? 0
               : ipm_err_sys(err, -ENOMEM, "cannot allocate %u children", peers->count);
}

void ipm_peers_close(int *fd) {
    if (*fd >= 0)
        (void)close(*fd);
    *fd = -1;
}

/* Moves a descriptor above FD_SETSIZE. select(2) needs the numbers below it for the
 * clients' ends. */
static void peers_raise(int *fd) {
    const int high = fcntl(*fd, F_DUPFD_CLOEXEC, FD_SETSIZE);
    if (high < 0)
        return;
    (void)close(*fd);
    *fd = high;
}

/* The death of a single child sets the stop flag. The death of one of many clients
 * does not, because the others continue: see ipm_stop_watch_all. */
int ipm_peers_spawn(struct ipm_peers *peers, unsigned which, int (*live)(void *start),
                    void *start, struct ipm_err *err) {
    struct ipm_service *service = peers->side->service;
    struct ipm_peer *peer = &peers->items[which];
    int failed = ipm_control_open(peer->control, err);
    if (failed)
        return failed;
    if (service)
        peers_raise(&peer->control[0]);
    failed = ipm_spawn(live, start, service ? NULL : ipm_stop_watch, &peer->pid, err);
    ipm_peers_close(&peer->control[1]);
    if (service)
        service->clients[which].pid = peer->pid;
    else
        peers->side->end.peer_pid = peer->pid;
    return failed;
}

int ipm_peers_send(struct ipm_peers *peers, unsigned which,
                   const struct ipm_control_message *message) {
    return ipm_control_send(peers->items[which].control[0], message);
}

static int peers_await_one(struct ipm_peers *peers, unsigned which,
                           enum ipm_control_kind kind, struct ipm_err *err) {
    struct ipm_peer *peer = &peers->items[which];
    struct ipm_control_message message;
    int failed = ipm_side_recv(peers->side, peer->control[0], &message, err);
    peer->closed = peer->closed || failed == -EPIPE;
    if (failed)
        return failed;
    if (message.kind == IPM_CONTROL_ERROR) {
        *err = message.as.err;
        return peers->side->service ? ipm_err_wrap(err, "client %u", which) : err->code;
    }
    if (message.kind != kind)
        return ipm_err_set(err, -EPROTO, "unexpected message from %s",
                           peers_name(peers, which).text);
    if (kind == IPM_CONTROL_RESULT)
        peers->windows[which] = message.as.window;
    return 0;
}

int ipm_peers_await(struct ipm_peers *peers, enum ipm_control_kind kind,
                    struct ipm_err *err) {
    int failed = 0;
    for (unsigned i = 0; i < peers->count && !failed; i++)
        failed = peers_await_one(peers, i, kind, err);
    return failed;
}

/* A process that ends closes its end of the channel. */
int ipm_peers_await_exits(struct ipm_peers *peers, struct ipm_err *err) {
    for (unsigned i = 0; i < peers->count; i++) {
        int failed = peers_await_one(peers, i, IPM_CONTROL_RESULT, err);
        if (failed != -EPIPE)
            return failed ? failed : -EPROTO;
    }
    return 0;
}

/* --- after the trial ----------------------------------------------------------------- */

/* Waits until until_ns for the failure that a peer reports. The few messages before it
 * are skipped. */
static void peers_recv_failure(struct ipm_peer *peer, uint64_t until_ns,
                               struct ipm_err *ret_err) {
    struct ipm_control_message message;
    int failed = 0;
    for (int i = 0; i < PEERS_MESSAGES_MOST && !failed && ret_err->code == 0; i++) {
        failed = ipm_control_recv(peer->control[0], &message, until_ns);
        if (!failed && message.kind == IPM_CONTROL_ERROR)
            *ret_err = message.as.err;
    }
    peer->closed = peer->closed || failed == -EPIPE;
}

/* After a failure of the parent, a peer may be about to report its cause. */
static void peers_await_failure(struct ipm_peers *peers, struct ipm_err *seen) {
    const uint64_t until_ns = ipm_clock_now_ns() + PEERS_GRACE_NS;
    struct ipm_err theirs = {0};
    for (unsigned i = 0; i < peers->count && theirs.code == 0; i++) {
        struct ipm_peer *peer = &peers->items[i];
        if (peer->pid > 0 && !peer->closed)
            peers_recv_failure(peer, until_ns, &theirs);
        if (theirs.code && peers->side->service)
            (void)ipm_err_wrap(&theirs, "client %u", i);
    }
    if (theirs.code)
        *seen = theirs;
}

/* Called before any peer is killed. A peer that closed its channel is ending, so its
 * status is waited for until the watchdog expires. Returns whether all have ended by
 * themselves. */
static bool peers_inspect(struct ipm_peers *peers) {
    bool all_gone = true;
    for (unsigned i = 0; i < peers->count; i++) {
        struct ipm_peer *peer = &peers->items[i];
        if (peer->pid <= 0)
            continue;
        peer->gone =
            peer->closed ? ipm_spawn_await(peer->pid) : ipm_spawn_has_ended(peer->pid);
        peer->stopped = ipm_spawn_is_stopped(peer->pid);
        all_gone = all_gone && peer->gone;
    }
    return all_gone;
}

static void peers_end_all(struct ipm_peers *peers) {
    for (unsigned i = 0; i < peers->count; i++)
        if (peers->items[i].pid > 0 && !peers->items[i].gone)
            (void)kill(peers->items[i].pid, SIGKILL);
    for (unsigned i = 0; i < peers->count; i++) {
        struct ipm_peer *peer = &peers->items[i];
        if (peer->pid > 0)
            peer->status = ipm_spawn_reap(peer->pid);
        peer->pid = 0;
    }
}

/* Ranks how well the end of a peer explains a failure. */
static int peers_explains(const struct ipm_peer *peer) {
    if (peer->gone && WIFSIGNALED(peer->status))
        return 3;
    if (peer->stopped)
        return 2;
    return peer->gone && peer->status != 0;
}

static unsigned peers_culprit(const struct ipm_peers *peers) {
    unsigned culprit = 0;
    for (unsigned i = 1; i < peers->count; i++)
        if (peers_explains(&peers->items[i]) > peers_explains(&peers->items[culprit]))
            culprit = i;
    return culprit;
}

int ipm_peers_reap(struct ipm_peers *peers, int failed, struct ipm_err *seen,
                   struct ipm_err *err) {
    if (failed && !ipm_stop_wanted())
        peers_await_failure(peers, seen);
    if (!peers_inspect(peers) && !failed)
        failed = -ETIMEDOUT;
    peers_end_all(peers);
    const unsigned culprit = peers_culprit(peers);
    const struct ipm_peer *peer = &peers->items[culprit];
    const struct ipm_cell name = peers_name(peers, culprit);
    const bool bad_end = peer->gone && peer->status != 0;
    const struct ipm_failure facts = {.who = name.text,
                                      .failed = failed,
                                      .status = peer->status,
                                      .child_gone =
                                          bad_end || (peer->gone && peers->count == 1),
                                      .stopped = peer->stopped,
                                      .interrupted = ipm_stop_signal() != 0,
                                      .expired = ipm_stop_expired() != 0,
                                      .timeout_ns = peers->config->timeout_ns,
                                      .phase = peers->phase,
                                      .seen = seen};
    return failed || bad_end ? ipm_failure(&facts, err) : 0;
}

void ipm_peers_done(struct ipm_peers *peers) {
    for (unsigned i = 0; peers->items && i < peers->count; i++) {
        ipm_peers_close(&peers->items[i].control[0]);
        ipm_peers_close(&peers->items[i].control[1]);
    }
    free(peers->items);
    free(peers->windows);
}
