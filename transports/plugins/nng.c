/* nng.c - nng over ipc://, a PAIR of sockets: nng_pair(7), nng_ipc(7). Threads of the library move
 * the bytes through a Unix socket, and meet the caller at condition variables.
 *
 *   ipcmark run --plugin nng.so nng unix
 *
 * The library ends a process that uses it and was forked from one that had used it: a handler of
 * pthread_atfork(3) sets a mark, which nng_fini() leaves set. So each end loads the library, and
 * unloads it together with mark and handler. */
#include "folder.h"
#include "library.h"

#include "ipcmark/err.h"
#include "ipcmark/facts.h"
#include "ipcmark/fd.h"
#include "ipcmark/plugin.h"

#include <errno.h>
#include <nng/nng.h>
#include <nng/protocol/pair0/pair.h>
#include <string.h>

/* The library's own limit for a queue. */
enum { NNG_MOST_MESSAGES = 8192 };
enum { NNG_RECONNECT_MS = 1 };

/* No signal ends a wait of the library, so each ends by itself, as if there had been one. */
enum { NNG_TURN_MS = 50 };

/* The functions that are used of it. */
#define NNG_FUNCTIONS(USE)                                                               \
    USE(nng_pair0_open)                                                                  \
    USE(nng_socket_set_ms)                                                               \
    USE(nng_socket_set_size)                                                             \
    USE(nng_socket_set_int)                                                              \
    USE(nng_socket_get_int)                                                              \
    USE(nng_listen)                                                                      \
    USE(nng_dial)                                                                        \
    USE(nng_send)                                                                        \
    USE(nng_recvmsg)                                                                     \
    USE(nng_msg_len)                                                                     \
    USE(nng_msg_body)                                                                    \
    USE(nng_msg_free)                                                                    \
    USE(nng_close)                                                                       \
    USE(nng_fini)                                                                        \
    USE(nng_strerror)

struct nng_end {
    void *library;
    NNG_FUNCTIONS(LIBRARY_POINTER)
    nng_socket socket;
    struct folder_link folder; /* a copy: the link is closed before the end */
};

static int nng_end_load(struct nng_end *end, struct ipm_err *err) {
    const int failed = library_load(&end->library, "libnng.so.1", err);
    if (failed)
        return failed;
    NNG_FUNCTIONS(LIBRARY_LOOK_UP)
    return 0;
}

/* As many messages as fit into buffer_bytes, and at least one: by itself the library has no queue,
 * and refuses the mark of the end while the message before it is being written. */
static int nng_end_queue(struct nng_end *nng, const struct ipm_link_config *config) {
    const size_t bytes = config->message_bytes > 0 ? config->message_bytes : 1;
    const size_t room = config->buffer_bytes / bytes;
    const int messages = room < 1                   ? 1
                         : room < NNG_MOST_MESSAGES ? (int)room
                                                    : NNG_MOST_MESSAGES;
    const int failed = nng->nng_socket_set_int(nng->socket, NNG_OPT_SENDBUF, messages);
    return failed ? failed
                  : nng->nng_socket_set_int(nng->socket, NNG_OPT_RECVBUF, messages);
}

static int nng_end_limit_wait(const struct nng_end *nng, int ms) {
    const int failed = nng->nng_socket_set_ms(nng->socket, NNG_OPT_RECVTIMEO, ms);
    return failed ? failed : nng->nng_socket_set_ms(nng->socket, NNG_OPT_SENDTIMEO, ms);
}

/* Dialling goes on in the background until the parent listens. */
static int nng_end_connect(const struct nng_end *nng, enum ipm_side side) {
    char url[FOLDER_URL_BYTES];
    folder_url(&nng->folder, IPM_PARENT, url);
    if (side == IPM_PARENT)
        return nng->nng_listen(nng->socket, url, NULL, 0);
    return nng->nng_dial(nng->socket, url, NULL, NNG_FLAG_NONBLOCK);
}

static int nng_end_receive(const struct nng_end *nng, size_t *ret_len, void *buf,
                           size_t cap) {
    nng_msg *message = NULL;
    const int failed = nng->nng_recvmsg(nng->socket, &message, 0);
    if (failed)
        return failed;
    *ret_len = nng->nng_msg_len(message);
    memcpy(buf, nng->nng_msg_body(message), *ret_len < cap ? *ret_len : cap);
    nng->nng_msg_free(message);
    return 0;
}

/* A message each way: after it both are connected, and the name may go. */
static int nng_end_greet(const struct nng_end *nng, enum ipm_side side) {
    char byte = 0;
    size_t len = 0;
    int failed = side == IPM_CHILD ? nng->nng_send(nng->socket, &byte, 1, 0) : 0;
    if (!failed)
        failed = nng_end_receive(nng, &len, &byte, 1);
    if (!failed && side == IPM_PARENT)
        failed = nng->nng_send(nng->socket, &byte, 1, 0);
    return failed;
}

static int nng_end_make(struct nng_end *nng, const struct ipm_link_config *config,
                        enum ipm_side side) {
    int failed = nng->nng_pair0_open(&nng->socket);
    if (!failed)
        failed = nng->nng_socket_set_size(nng->socket, NNG_OPT_RECVMAXSZ, 0);
    if (!failed)
        failed =
            nng->nng_socket_set_ms(nng->socket, NNG_OPT_RECONNMINT, NNG_RECONNECT_MS);
    if (!failed)
        failed = nng_end_queue(nng, config);
    if (!failed)
        failed = nng_end_limit_wait(nng, (int)config->timeout_ms);
    if (!failed)
        failed = nng_end_connect(nng, side);
    if (!failed)
        failed = nng_end_greet(nng, side);
    return failed ? failed : nng_end_limit_wait(nng, NNG_TURN_MS);
}

static int nng_end_attach(struct ipm_endpoint *end, struct ipm_link *link,
                          struct ipm_err *err) {
    struct nng_end *nng = end->state;
    int failed = nng_end_load(nng, err);
    if (failed)
        return failed;
    nng->folder = *(const struct folder_link *)link->state;
    failed = nng_end_make(nng, &link->config, end->side);
    if (failed == NNG_ETIMEDOUT)
        return ipm_err_set(err, -ETIMEDOUT, "the other side did not come");
    return failed ? ipm_err_set(err, -EIO, "cannot connect a socket of nng: %s",
                                nng->nng_strerror(failed))
                  : 0;
}

static void nng_end_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                             struct ipm_facts *settings) {
    const struct nng_end *nng = end->state;
    int messages = 0;
    folder_describe(&nng->folder, end->side, endpoint);
    if (nng->nng_socket_get_int(nng->socket, NNG_OPT_SENDBUF, &messages) == 0)
        ipm_facts_number(settings, "queue_messages", messages);
}

/* Sets errno by an error of the library. */
static ssize_t nng_end_fail(int failed) {
    errno = failed == NNG_ETIMEDOUT ? EINTR
            : failed == NNG_EAGAIN  ? EAGAIN
            : failed == NNG_ENOMEM  ? ENOMEM
                                    : EIO;
    return -1;
}

/* nng_send() reads buf only, although its type says otherwise. */
static ssize_t nng_end_send(struct ipm_endpoint *end, const void *buf, size_t len) {
    const struct nng_end *nng = end->state;
    const int failed = nng->nng_send(nng->socket, (void *)(uintptr_t)buf, len, 0);
    return failed ? nng_end_fail(failed) : (ssize_t)len;
}

static ssize_t nng_end_recv(struct ipm_endpoint *end, void *buf, size_t cap) {
    size_t len = 0;
    const int failed = nng_end_receive(end->state, &len, buf, cap);
    return failed ? nng_end_fail(failed) : (ssize_t)len;
}

static int nng_end_finish(struct ipm_endpoint *end) {
    const struct nng_end *nng = end->state;
    char none = 0;
    const int failed = nng->nng_send(nng->socket, &none, 0, NNG_FLAG_NONBLOCK);
    return ipm_fd_classify_mark(failed ? nng_end_fail(failed) : 0);
}

/* nng_fini() ends the threads, without which nothing could be unloaded. */
static void nng_end_detach(struct ipm_endpoint *end) {
    struct nng_end *nng = end->state;
    if (nng->nng_strerror) { /* the last one that is looked up */
        (void)nng->nng_close(nng->socket);
        nng->nng_fini();
    }
    library_unload(&nng->library);
    *nng = (struct nng_end){0};
}

static const struct ipm_transport nng_transport = {
    .name = "nng",
    .summary = "nng PAIR sockets over ipc://",
    .addressing = "path in a private directory",
    .family = IPM_FAMILY_SOCKET,
    .direction = IPM_DUPLEX,
    .caps = IPM_CAP_MESSAGES | IPM_CAP_RELIABLE,
    .link_size = sizeof(struct folder_link),
    .end_size = sizeof(struct nng_end),
    .open = folder_open,
    .attach = nng_end_attach,
    .close = folder_close,
    .describe = nng_end_describe,
    .wire = ipm_no_wire,
    .send = nng_end_send,
    .recv = nng_end_recv,
    .finish = nng_end_finish,
    .detach = nng_end_detach,
};

IPM_PLUGIN(&nng_transport);
