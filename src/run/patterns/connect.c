/* connect.c - measures how long it takes to connect, send one byte and close: the parent
 * connects and the child accepts, one connection after the other. Where connect makes
 * both ends, the parent receives its own byte and the child does nothing. --spin does not
 * apply, because the descriptors are new each time.
 *
 * Other processes may connect as well and send nothing. The child waits a few
 * milliseconds for the first byte of a connection, then sets it aside and accepts the
 * next one. */
#include "base/clock.h"
#include "base/err.h"
#include "run/patterns/pattern.h"
#include "run/process/stop.h"
#include "run/pump/pump.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum {
    CONNECT_SLOTS = 16,
    CONNECT_TICK_US = 4000, /* a recv interrupted twice has waited longer than this */
    CONNECT_NEXT_MS = 1     /* while connections are set aside */
};

/* An end that is reused for one connection after another. */
struct connect_slot {
    struct ipm_endpoint end;
    bool aside; /* connected, nothing received yet */
};

struct connect {
    struct connect_slot slots[CONNECT_SLOTS]; /* the parent uses one */
    unsigned aside;
    unsigned oldest;
    size_t state_bytes;
    _Alignas(max_align_t) unsigned char states[];
};

static int connect_prepare(struct ipm_pump *pump, struct ipm_err *err) {
    const struct ipm_transport *ops = pump->end->ops;
    const size_t state_bytes = (ops->end_size + sizeof(max_align_t) - 1) /
                               sizeof(max_align_t) * sizeof(max_align_t);
    struct connect *connect;
    if (!ops->connect)
        return ipm_err_set(err, -ENOTSUP, "'%s' makes no connections", ops->name);
    connect = calloc(1, sizeof *connect + CONNECT_SLOTS * state_bytes);
    if (!connect)
        return ipm_err_sys(err, -ENOMEM, "cannot make an end of '%s'", ops->name);
    connect->state_bytes = state_bytes;
    pump->own = connect;
    if (pump->end->side == IPM_CHILD && ops->accept)
        ipm_stop_tick(CONNECT_TICK_US);
    return 0;
}

static void connect_done(struct ipm_pump *pump) {
    free(pump->own);
    pump->own = NULL;
}

static void connect_renew(const struct ipm_pump *pump, unsigned which) {
    struct connect *connect = pump->own;
    const struct ipm_endpoint *made = pump->end;
    unsigned char *state = connect->states + which * connect->state_bytes;
    memset(state, 0, connect->state_bytes);
    connect->slots[which].end = (struct ipm_endpoint){.ops = made->ops,
                                                      .side = made->side,
                                                      .peer_pid = made->peer_pid,
                                                      .rx_fd = -1,
                                                      .tx_fd = -1,
                                                      .state = state};
}

/* Calls recv, at most `tries` times while signals interrupt it. */
static ssize_t connect_recv(struct ipm_pump *in, struct ipm_endpoint *end,
                            unsigned tries) {
    ssize_t moved;
    do {
        moved = end->ops->recv(end, in->buf, 1);
        in->counts.calls++;
        in->counts.partial_calls += moved != 1;
    } while (moved < 0 && errno == EINTR && !ipm_stop_flag && --tries > 0);
    return moved;
}

static void connect_count(struct ipm_pump *pump) {
    pump->counts.messages++;
    pump->counts.bytes++;
}

/* Sends the byte, then waits for the child to close, or receives the byte where the
 * child does not accept. */
static int connect_exchange(struct ipm_pump *pump, struct ipm_endpoint *end,
                            uint64_t sequence) {
    ipm_payload_number(pump->buf, 1, sequence);
    ssize_t moved = pump->calls.send(end, pump->buf, 1);
    pump->counts.calls++;
    pump->counts.partial_calls += moved != 1;
    if (moved != 1)
        return moved < 0 ? -errno : -EIO;
    connect_count(pump);
    moved = connect_recv(pump->back, end, UINT_MAX);
    if (moved < 0)
        return errno == ECONNRESET ? -EPIPE : -errno;
    if (moved != (end->ops->accept ? 0 : 1))
        return -EPROTO;
    if (moved == 1)
        connect_count(pump->back);
    return 0;
}

static int connect_once(struct ipm_pump *pump, uint64_t sequence) {
    struct connect *connect = pump->own;
    struct ipm_endpoint *end = &connect->slots[0].end;
    connect_renew(pump, 0);
    int failed = end->ops->connect(end, pump->link) == 0
                     ? connect_exchange(pump, end, sequence)
                     : -errno;
    end->ops->detach(end);
    return failed;
}

/* A connection that a signal interrupted is made again, because the child did not
 * count it. */
static int connect_parent(struct ipm_pump *pump) {
    uint64_t began_ns = ipm_clock_now_ns();
    while (pump->counts.messages < pump->messages) {
        int failed = ipm_stop_flag ? -EINTR : connect_once(pump, pump->counts.messages);
        if (failed == -EINTR && !ipm_stop_flag)
            continue;
        if (failed)
            return failed;
        const uint64_t now_ns = ipm_clock_now_ns();
        ipm_histogram_record(pump->latency, now_ns - began_ns);
        began_ns = now_ns;
    }
    return 0;
}

/* --- the child -------------------------------------------------------------------------- */

/* Ends a connection after recv returned `moved`. A connection that brought no byte, or
 * another byte than the awaited one, belongs to another process. */
static void connect_take(struct ipm_pump *pump, struct ipm_endpoint *end, ssize_t moved) {
    unsigned char awaited;
    ipm_payload_number(&awaited, 1, pump->counts.messages);
    if (moved == 1 && pump->buf[0] == awaited) {
        ipm_tracker_note(&pump->tracker, pump->counts.messages);
        connect_count(pump);
    } else {
        pump->others++;
    }
    end->ops->detach(end);
}

static void connect_keep(struct connect *connect, struct connect_slot *slot) {
    slot->aside = true;
    connect->aside++;
}

static void connect_drop(struct ipm_pump *pump, struct connect_slot *slot) {
    struct connect *connect = pump->own;
    slot->aside = false;
    connect->aside--;
    connect_take(pump, &slot->end, 0);
}

/* Returns a slot for the next connection. The oldest connection is dropped if no slot
 * is free. */
static unsigned connect_free_slot(struct ipm_pump *pump) {
    struct connect *connect = pump->own;
    for (unsigned i = 0; i < CONNECT_SLOTS; i++)
        if (!connect->slots[i].aside)
            return i;
    const unsigned which = connect->oldest++ % CONNECT_SLOTS;
    connect_drop(pump, &connect->slots[which]);
    return which;
}

/* Receives from the connections that were set aside and are readable, which does not
 * block. */
static void connect_look(struct ipm_pump *pump, int wait_ms) {
    struct connect *connect = pump->own;
    struct pollfd fds[CONNECT_SLOTS];
    for (unsigned i = 0; i < CONNECT_SLOTS; i++)
        fds[i] = (struct pollfd){
            .fd = connect->slots[i].aside ? connect->slots[i].end.rx_fd : -1,
            .events = POLLIN};
    if (poll(fds, CONNECT_SLOTS, wait_ms) <= 0)
        return;
    for (unsigned i = 0; i < CONNECT_SLOTS; i++) {
        struct connect_slot *slot = &connect->slots[i];
        if (fds[i].revents == 0)
            continue;
        slot->aside = false;
        connect->aside--;
        connect_take(pump, &slot->end, connect_recv(pump, &slot->end, 1));
    }
}

/* While no other connection is set aside, this one is received from directly, with the
 * calls of a plain program. */
static void connect_receive(struct ipm_pump *pump, struct connect_slot *slot) {
    struct connect *connect = pump->own;
    ssize_t moved = -1;
    if (connect->aside == 0)
        moved = connect_recv(pump, &slot->end, 2);
    const bool silent =
        connect->aside > 0 || (moved < 0 && (errno == EINTR || errno == EAGAIN));
    if (silent)
        connect_keep(connect, slot);
    else
        connect_take(pump, &slot->end, moved);
}

/* Accepts one connection and receives from it. ECONNABORTED means a client of another
 * process, or one that closed before it was accepted (accept(2)). */
static int connect_accept(struct ipm_pump *pump) {
    struct connect *connect = pump->own;
    const unsigned which = connect_free_slot(pump);
    struct connect_slot *slot = &connect->slots[which];
    connect_renew(pump, which);
    const bool accepted = slot->end.ops->accept(&slot->end, pump->link) == 0;
    const int failed = accepted ? 0 : -errno;
    if (accepted)
        connect_receive(pump, slot);
    else
        slot->end.ops->detach(&slot->end);
    pump->others += failed == -ECONNABORTED;
    if (connect->aside > 0)
        connect_look(pump, accepted ? CONNECT_NEXT_MS : 0);
    return failed == -EAGAIN || failed == -ECONNABORTED || failed == -EINTR ? 0 : failed;
}

/* The child closes first. With TCP the side that closes first keeps the connection in
 * TIME_WAIT for a minute. This costs no port at the accepting side; the connecting
 * side would run out of ports. */
static int connect_child(struct ipm_pump *pump) {
    struct connect *connect = pump->own;
    int failed = 0;
    while (pump->end->ops->accept && pump->counts.messages < pump->messages && !failed) {
        failed = connect_accept(pump);
        failed = ipm_stop_flag ? -EINTR : failed;
    }
    for (unsigned i = 0; i < CONNECT_SLOTS; i++)
        if (connect->slots[i].aside)
            connect_drop(pump, &connect->slots[i]);
    return failed;
}

const struct ipm_pattern ipm_pattern_connect = {
    .kind = {.name = "connect",
             .traits = IPM_TRAIT_CONNECTS | IPM_TRAIT_ANSWERS,
             .primary = IPM_METRIC_CONNECTIONS,
             .ends = {[IPM_SENDER] = "client", [IPM_RECEIVER] = "server"}},
    .summary = "connections: connect, send one byte, close",
    .does = {[IPM_SENDER] = "connect", [IPM_RECEIVER] = "accept a connection"},
    .prepare = connect_prepare,
    .done = connect_done,
    .parent = connect_parent,
    .child = connect_child,
};
