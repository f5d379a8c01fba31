/* dbus.c - D-Bus between two processes, without a daemon: sd-bus(3) over a connected pair of Unix
 * sockets each way. A message is a signal that carries an array of bytes.
 *
 *   ipcmark run --plugin dbus.so dbus unix
 *
 * Two connections, because one may be used by one thread at a time, and only by the process that
 * made it. */
#include "socket_pairs.h"

#include "ipcmark/err.h"
#include "ipcmark/facts.h"
#include "ipcmark/fd.h"
#include "ipcmark/plugin.h"

#include <errno.h>
#include <string.h>
#include <systemd/sd-bus.h>

/* The specification of D-Bus allows no longer array. */
enum { DBUS_LARGEST_BYTES = 64 * 1024 * 1024 };

struct dbus_end {
    sd_bus *tx;
    sd_bus *rx;
};

static int dbus_probe(size_t *ret_max_message_bytes, struct ipm_err *err) {
    ipm_err_hint(err, "an array of D-Bus has at most 64 MiB");
    *ret_max_message_bytes = DBUS_LARGEST_BYTES;
    return 0;
}

/* The side that receives is the server, who answers the authentication. */
static int dbus_start(sd_bus **ret_bus, int *fd, bool server) {
    const sd_id128_t id = SD_ID128_NULL;
    int failed = sd_bus_new(ret_bus);
    if (failed < 0)
        return failed;
    failed = sd_bus_set_fd(*ret_bus, *fd, *fd);
    if (failed < 0)
        return failed;
    (void)ipm_fd_take(fd);
    if (server)
        failed = sd_bus_set_server(*ret_bus, 1, id);
    if (failed >= 0)
        failed = sd_bus_set_anonymous(*ret_bus, 1);
    return failed < 0 ? failed : sd_bus_start(*ret_bus);
}

/* Both sides authenticate each other. */
static int dbus_greet(sd_bus *bus, unsigned left_ms) {
    while (left_ms > 0 && sd_bus_is_ready(bus) == 0) {
        int moved = sd_bus_process(bus, NULL);
        struct pollfd event = {.fd = sd_bus_get_fd(bus),
                               .events = (short)sd_bus_get_events(bus)};
        if (moved == 0)
            moved = ipm_fd_wait(&event, 1, &left_ms);
        if (moved < 0)
            return moved;
    }
    return left_ms > 0 ? 0 : -ETIMEDOUT;
}

/* The library sets buffers of 8 MiB, as far as it may, unless there are more already. */
static int dbus_connect(struct ipm_endpoint *end, struct ipm_link *link,
                        enum ipm_side sender, struct ipm_err *err) {
    struct dbus_end *state = end->state;
    struct pairs_link *pairs = link->state;
    sd_bus **bus = sender == end->side ? &state->tx : &state->rx;
    int failed = dbus_start(bus, &pairs->fds[sender][end->side], sender != end->side);
    if (failed >= 0)
        failed = dbus_greet(*bus, link->config.timeout_ms);
    if (failed < 0)
        return ipm_err_sys(err, failed, "cannot make a connection of D-Bus");
    return ipm_fd_set_buffers(sd_bus_get_fd(*bus), link->config.buffer_bytes, err);
}

static int dbus_attach(struct ipm_endpoint *end, struct ipm_link *link,
                       struct ipm_err *err) {
    const int failed = dbus_connect(end, link, IPM_PARENT, err);
    return failed ? failed : dbus_connect(end, link, IPM_CHILD, err);
}

static void dbus_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                          struct ipm_facts *settings) {
    const struct dbus_end *state = end->state;
    ipm_fd_describe_inode(sd_bus_get_fd(state->tx), "local_inode", endpoint);
    ipm_fd_describe_buffers(sd_bus_get_fd(state->tx), settings);
}

static bool dbus_is_end(int failed) {
    return failed == -ECONNRESET || failed == -ENOTCONN || failed == -EPIPE;
}

static int dbus_send_signal(sd_bus *bus, const void *buf, size_t len) {
    sd_bus_message *message = NULL;
    int failed = sd_bus_message_new_signal(bus, &message, "/", "ipcmark.Stream", "Data");
    if (failed >= 0)
        failed = sd_bus_message_append_array(message, SD_BUS_TYPE_BYTE, buf, len);
    if (failed >= 0)
        failed = sd_bus_send(bus, message, NULL);
    (void)sd_bus_message_unref(message);
    return failed;
}

/* A full socket leaves the rest of the message in a queue: it is sent before the return, or,
 * after a signal, by the next call. */
static ssize_t dbus_send(struct ipm_endpoint *end, const void *buf, size_t len) {
    const struct dbus_end *state = end->state;
    int failed = sd_bus_flush(state->tx);
    if (failed >= 0)
        failed = dbus_send_signal(state->tx, buf, len);
    if (failed < 0) {
        errno = dbus_is_end(failed) ? EPIPE : -failed;
        return -1;
    }
    (void)sd_bus_flush(state->tx);
    return (ssize_t)len;
}

/* A message of the library itself, which tells of the end, has no array. */
static ssize_t dbus_take(sd_bus_message *message, void *buf, size_t cap) {
    const void *bytes = NULL;
    size_t len = 0;
    if (sd_bus_message_read_array(message, SD_BUS_TYPE_BYTE, &bytes, &len) >= 0)
        memcpy(buf, bytes, len < cap ? len : cap);
    (void)sd_bus_message_unref(message);
    return (ssize_t)len;
}

static ssize_t dbus_recv(struct ipm_endpoint *end, void *buf, size_t cap) {
    const struct dbus_end *state = end->state;
    sd_bus_message *message = NULL;
    int moved = 0;
    while (moved >= 0 && !message) {
        moved = sd_bus_process(state->rx, &message);
        if (moved == 0)
            moved = sd_bus_wait(state->rx, UINT64_MAX);
    }
    if (message)
        return dbus_take(message, buf, cap);
    errno = -moved;
    return dbus_is_end(moved) ? 0 : -1;
}

static int dbus_finish(struct ipm_endpoint *end) {
    const struct dbus_end *state = end->state;
    const int failed = sd_bus_flush(state->tx);
    if (failed < 0)
        return failed;
    return shutdown(sd_bus_get_fd(state->tx), SHUT_WR) == 0 ? 0 : -errno;
}

static void dbus_detach(struct ipm_endpoint *end) {
    struct dbus_end *state = end->state;
    state->tx = sd_bus_close_unref(state->tx);
    state->rx = sd_bus_close_unref(state->rx);
}

static const struct ipm_transport dbus_transport = {
    .name = "dbus",
    .summary = "D-Bus peer to peer, by sd-bus over a socketpair each way",
    .addressing = "none",
    .family = IPM_FAMILY_SOCKET,
    .direction = IPM_DUPLEX_BY_TWO,
    .caps = IPM_CAP_MESSAGES | IPM_CAP_RELIABLE | IPM_CAP_CONNECTED,
    .link_size = sizeof(struct pairs_link),
    .end_size = sizeof(struct dbus_end),
    .probe = dbus_probe,
    .open = pairs_open,
    .attach = dbus_attach,
    .close = pairs_close,
    .describe = dbus_describe,
    .wire = ipm_no_wire,
    .send = dbus_send,
    .recv = dbus_recv,
    .finish = dbus_finish,
    .detach = dbus_detach,
};

IPM_PLUGIN(&dbus_transport);
