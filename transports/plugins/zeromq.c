/* zeromq.c - ZeroMQ over ipc://, a PAIR of sockets each way: zmq_ipc(7). A thread of the library
 * moves the bytes through Unix sockets, and meets the caller in queues of messages.
 *
 *   ipcmark run --plugin zeromq.so zeromq unix
 *
 * Two pairs, because a socket of ZeroMQ may be used by one thread at a time, and each direction
 * may have a thread. The library is first used after fork, which a context does not survive. */
#include "folder.h"

#include "ipcmark/err.h"
#include "ipcmark/facts.h"
#include "ipcmark/fd.h"
#include "ipcmark/plugin.h"

#include <errno.h>
#include <zmq.h>

enum { ZEROMQ_USUAL_MESSAGES = 1000, ZEROMQ_QUEUE_BYTES = 16 * 1024 * 1024 };
enum { ZEROMQ_RECONNECT_MS = 1 };

struct zeromq_end {
    void *context;
    void *tx;
    void *rx;
    int queue_messages;        /* that each side of a pair may hold */
    struct folder_link folder; /* a copy: the link is closed before the end */
};

/* Those of buffer_bytes, or as many as the library has by itself, within some memory. */
static int zeromq_queue_messages(const struct ipm_link_config *config) {
    const size_t bytes = config->message_bytes > 0 ? config->message_bytes : 1;
    const size_t most = config->buffer_bytes > 0 ? INT32_MAX : ZEROMQ_USUAL_MESSAGES;
    const size_t room =
        config->buffer_bytes > 0 ? config->buffer_bytes : ZEROMQ_QUEUE_BYTES;
    const size_t messages = room / bytes > 0 ? room / bytes : 1;
    return (int)(messages < most ? messages : most);
}

static int zeromq_set(void *socket, int option, int value) {
    return zmq_setsockopt(socket, option, &value, sizeof value);
}

/* In ms; -1: for ever. */
static int zeromq_limit_wait(const struct zeromq_end *state, int ms) {
    return zeromq_set(state->rx, ZMQ_RCVTIMEO, ms) |
           zeromq_set(state->tx, ZMQ_SNDTIMEO, ms);
}

static void *zeromq_make(const struct zeromq_end *state, const char *url,
                         enum ipm_side side) {
    void *socket = zmq_socket(state->context, ZMQ_PAIR);
    if (socket && zeromq_set(socket, ZMQ_LINGER, 0) == 0 &&
        zeromq_set(socket, ZMQ_RECONNECT_IVL, ZEROMQ_RECONNECT_MS) == 0 &&
        zeromq_set(socket, ZMQ_SNDHWM, state->queue_messages) == 0 &&
        zeromq_set(socket, ZMQ_RCVHWM, state->queue_messages) == 0 &&
        (side == IPM_PARENT ? zmq_bind(socket, url) : zmq_connect(socket, url)) == 0)
        return socket;
    const int failed = errno;
    if (socket)
        (void)zmq_close(socket);
    errno = failed;
    return NULL;
}

/* A message each way: after it both are connected, and the names may go. */
static int zeromq_greet(const struct zeromq_end *state, enum ipm_side side) {
    char byte = 0;
    if (side == IPM_CHILD && zmq_send(state->tx, &byte, 1, 0) < 0)
        return -1;
    if (zmq_recv(state->rx, &byte, 1, 0) < 0)
        return -1;
    return side == IPM_PARENT ? zmq_send(state->tx, &byte, 1, 0) : 0;
}

static int zeromq_attach(struct ipm_endpoint *end, struct ipm_link *link,
                         struct ipm_err *err) {
    struct zeromq_end *state = end->state;
    const struct folder_link *folder = link->state;
    char tx_url[FOLDER_URL_BYTES];
    char rx_url[FOLDER_URL_BYTES];
    folder_url(folder, end->side, tx_url);
    folder_url(folder, end->side == IPM_PARENT ? IPM_CHILD : IPM_PARENT, rx_url);
    state->folder = *folder;
    state->queue_messages = zeromq_queue_messages(&link->config);
    state->context = zmq_ctx_new();
    if (state->context)
        state->tx = zeromq_make(state, tx_url, end->side);
    if (state->tx)
        state->rx = zeromq_make(state, rx_url, end->side);
    if (!state->rx || zeromq_limit_wait(state, (int)link->config.timeout_ms) != 0)
        return ipm_err_set(err, -errno, "cannot make a socket of ZeroMQ: %s",
                           zmq_strerror(errno));
    if (zeromq_greet(state, end->side) < 0)
        return ipm_err_sys(err, errno == EAGAIN ? -ETIMEDOUT : -errno,
                           "the other side did not come");
    return zeromq_limit_wait(state, -1);
}

static void zeromq_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                            struct ipm_facts *settings) {
    const struct zeromq_end *state = end->state;
    folder_describe(&state->folder, end->side, endpoint);
    ipm_facts_number(settings, "queue_messages", state->queue_messages);
}

static ssize_t zeromq_send(struct ipm_endpoint *end, const void *buf, size_t len) {
    return zmq_send(((struct zeromq_end *)end->state)->tx, buf, len, 0);
}

static ssize_t zeromq_recv(struct ipm_endpoint *end, void *buf, size_t cap) {
    return zmq_recv(((struct zeromq_end *)end->state)->rx, buf, cap, 0);
}

static int zeromq_finish(struct ipm_endpoint *end) {
    const struct zeromq_end *state = end->state;
    return ipm_fd_classify_mark(zmq_send(state->tx, "", 0, ZMQ_DONTWAIT));
}

static void zeromq_detach(struct ipm_endpoint *end) {
    struct zeromq_end *state = end->state;
    if (state->tx)
        (void)zmq_close(state->tx);
    if (state->rx)
        (void)zmq_close(state->rx);
    while (state->context && zmq_ctx_term(state->context) != 0 && errno == EINTR)
        continue;
    *state = (struct zeromq_end){0};
}

static const struct ipm_transport zeromq_transport = {
    .name = "zeromq",
    .summary = "ZeroMQ PAIR sockets over ipc://",
    .addressing = "path in a private directory",
    .family = IPM_FAMILY_SOCKET,
    .direction = IPM_DUPLEX_BY_TWO,
    .caps = IPM_CAP_MESSAGES | IPM_CAP_RELIABLE,
    .link_size = sizeof(struct folder_link),
    .end_size = sizeof(struct zeromq_end),
    .open = folder_open,
    .attach = zeromq_attach,
    .close = folder_close,
    .describe = zeromq_describe,
    .wire = ipm_no_wire,
    .send = zeromq_send,
    .recv = zeromq_recv,
    .finish = zeromq_finish,
    .detach = zeromq_detach,
};

IPM_PLUGIN(&zeromq_transport);
