/* connect.c - how long it takes to connect, send one byte and close: the parent connects,
 * the child accepts, one connection after the other. Where connect makes both ends, the
 * parent receives its own byte and the child has nothing to do. --spin does not apply: the descriptors are
 * new each time. */
#include "base/clock.h"
#include "base/err.h"
#include "run/patterns/pattern.h"
#include "run/process/stop.h"
#include "run/pump/pump.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* An end that is made again and again. */
struct connect {
    struct ipm_endpoint end;
    _Alignas(max_align_t) unsigned char state[];
};

static int connect_prepare(struct ipm_pump *pump, struct ipm_err *err) {
    const struct ipm_transport *ops = pump->end->ops;
    struct connect *connect;
    if (!ops->connect)
        return ipm_err_set(err, -ENOTSUP, "'%s' makes no connections", ops->name);
    connect = calloc(1, sizeof *connect + ops->end_size);
    if (!connect)
        return ipm_err_sys(err, -ENOMEM, "cannot make an end of '%s'", ops->name);
    pump->own = connect;
    return 0;
}

static void connect_done(struct ipm_pump *pump) {
    free(pump->own);
    pump->own = NULL;
}

static struct ipm_endpoint *connect_renew(const struct ipm_pump *pump) {
    struct connect *connect = pump->own;
    const struct ipm_endpoint *made = pump->end;
    memset(connect->state, 0, made->ops->end_size);
    connect->end = (struct ipm_endpoint){.ops = made->ops,
                                         .side = made->side,
                                         .peer_pid = made->peer_pid,
                                         .rx_fd = -1,
                                         .tx_fd = -1,
                                         .state = connect->state};
    return &connect->end;
}

/* One call of recv that can be made again. */
static ssize_t connect_recv(struct ipm_pump *in, struct ipm_endpoint *end) {
    ssize_t moved;
    do {
        moved = end->ops->recv(end, in->buf, 1);
        in->counts.calls++;
        in->counts.partial_calls += moved != 1;
    } while (moved < 0 && errno == EINTR && !ipm_stop_flag);
    return moved;
}

static void connect_count(struct ipm_pump *pump) {
    pump->counts.messages++;
    pump->counts.bytes++;
}

/* Then waits for the child to close, or, where it does not accept, receives the byte. */
static int connect_exchange(struct ipm_pump *pump, struct ipm_endpoint *end,
                            uint64_t sequence) {
    ipm_payload_number(pump->buf, 1, sequence);
    ssize_t moved = pump->calls.send(end, pump->buf, 1);
    pump->counts.calls++;
    pump->counts.partial_calls += moved != 1;
    if (moved != 1)
        return moved < 0 ? -errno : -EIO;
    connect_count(pump);
    moved = connect_recv(pump->back, end);
    if (moved < 0)
        return errno == ECONNRESET ? -EPIPE : -errno;
    if (moved != (end->ops->accept ? 0 : 1))
        return -EPROTO;
    if (moved == 1)
        connect_count(pump->back);
    return 0;
}

static int connect_once(struct ipm_pump *pump, uint64_t sequence) {
    struct ipm_endpoint *end = connect_renew(pump);
    int failed = end->ops->connect(end, pump->link) == 0
                     ? connect_exchange(pump, end, sequence)
                     : -errno;
    end->ops->detach(end);
    return failed;
}

/* A connection that a signal without meaning interrupted is made again: the child did not
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

/* A connection of another process, which sends nothing or another byte, is not counted. */
static void connect_receive(struct ipm_pump *pump, struct ipm_endpoint *end) {
    unsigned char awaited;
    ipm_payload_number(&awaited, 1, pump->counts.messages);
    if (connect_recv(pump, end) != 1 || pump->buf[0] != awaited)
        return;
    ipm_tracker_note(&pump->tracker, pump->counts.messages);
    connect_count(pump);
}

/* accept(2): a client that left before it was accepted, or none within the time set. */
static bool connect_may_go_on(int error) {
    return error == EAGAIN || error == ECONNABORTED || error == EINTR;
}

/* The child closes first. With TCP the side that does keeps the connection in TIME_WAIT for a
 * minute; at the child's side that costs no port, at the connecting side they would run out. */
static int connect_child(struct ipm_pump *pump) {
    int (*const answer)(struct ipm_endpoint *, const struct ipm_link *) =
        pump->end->ops->accept;
    int failed = 0;
    while (answer && pump->counts.messages < pump->messages && !failed) {
        struct ipm_endpoint *end = connect_renew(pump);
        if (answer(end, pump->link) == 0)
            connect_receive(pump, end);
        else if (!connect_may_go_on(errno))
            failed = -errno;
        pump->end->ops->detach(end);
        failed = ipm_stop_flag ? -EINTR : failed;
    }
    return failed;
}

extern const struct ipm_pattern ipm_pattern_connect;
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
