/* libuv.c - a pipe of libuv, uv_pipe_t, over a connected pair of Unix sockets each way: an event
 * loop runs until bytes have come or gone.
 *
 *   ipcmark run --plugin libuv.so libuv unix
 *
 * Two loops, because one may be run by one thread at a time. Each end loads the library for
 * itself: it keeps descriptors that no loop owns. */
#include "library.h"
#include "socket_pairs.h"

#include "ipcmark/err.h"
#include "ipcmark/facts.h"
#include "ipcmark/fd.h"
#include "ipcmark/plugin.h"

#include <errno.h>
#include <uv.h>

/* No signal ends a loop, so that a timer ends its wait, as if there had been one. */
enum { LIBUV_TURN_MS = 50 };

/* One direction. */
struct libuv_channel {
    uv_loop_t loop;
    uv_timer_t timer;
    uv_pipe_t pipe;
    int handles;   /* of the loop, timer and pipe, how many are made */
    uv_buf_t room; /* where the next read goes; empty once it went there */
    ssize_t moved; /* of the last read or write: bytes, or an error of the library */
    uv_write_t write;
    bool writing;
};

/* The functions that are used of it. */
#define LIBUV_FUNCTIONS(USE)                                                             \
    USE(uv_loop_init)                                                                    \
    USE(uv_timer_init)                                                                   \
    USE(uv_timer_start)                                                                  \
    USE(uv_pipe_init)                                                                    \
    USE(uv_pipe_open)                                                                    \
    USE(uv_fileno)                                                                       \
    USE(uv_read_start)                                                                   \
    USE(uv_try_write)                                                                    \
    USE(uv_write)                                                                        \
    USE(uv_run)                                                                          \
    USE(uv_close)                                                                        \
    USE(uv_loop_close)

struct libuv_end {
    void *library;
    LIBUV_FUNCTIONS(LIBRARY_POINTER)
    struct libuv_channel tx;
    struct libuv_channel rx;
};

static int libuv_load(struct libuv_end *end, struct ipm_err *err) {
    const int failed = library_load(&end->library, "libuv.so.1", err);
    if (failed)
        return failed;
    LIBUV_FUNCTIONS(LIBRARY_LOOK_UP)
    return 0;
}

/* --- what the loop calls -------------------------------------------------------------- */

static void libuv_on_time(uv_timer_t *timer) {
    (void)timer;
}

/* A second read in one turn gets no room, and ends the turn. */
static void libuv_on_room(uv_handle_t *pipe, size_t wanted, uv_buf_t *ret_room) {
    struct libuv_channel *channel = pipe->data;
    (void)wanted;
    *ret_room = channel->room;
    channel->room = (uv_buf_t){0};
}

static void libuv_on_read(uv_stream_t *pipe, ssize_t moved, const uv_buf_t *room) {
    struct libuv_channel *channel = pipe->data;
    (void)room;
    if (moved != UV_ENOBUFS)
        channel->moved = moved;
}

static void libuv_on_written(uv_write_t *write, int status) {
    struct libuv_channel *channel = write->data;
    channel->writing = false;
    channel->moved = status;
}

/* --- a channel ------------------------------------------------------------------------ */

static int libuv_make(const struct libuv_end *uv, struct libuv_channel *channel,
                      int *fd) {
    int failed = uv->uv_loop_init(&channel->loop);
    if (!failed) {
        channel->handles++;
        failed = uv->uv_timer_init(&channel->loop, &channel->timer);
    }
    if (!failed) {
        channel->handles++;
        failed = uv->uv_pipe_init(&channel->loop, &channel->pipe, 0);
    }
    if (!failed) {
        channel->handles++;
        channel->pipe.data = channel;
        channel->write.data = channel;
        failed = uv->uv_pipe_open(&channel->pipe, *fd);
    }
    if (failed)
        return failed;
    (void)ipm_fd_take(fd);
    return uv->uv_timer_start(&channel->timer, libuv_on_time, LIBUV_TURN_MS,
                              LIBUV_TURN_MS);
}

static void libuv_unmake(const struct libuv_end *uv, struct libuv_channel *channel) {
    if (channel->handles > 2)
        uv->uv_close((uv_handle_t *)&channel->pipe, NULL);
    if (channel->handles > 1)
        uv->uv_close((uv_handle_t *)&channel->timer, NULL);
    if (channel->handles > 0) {
        (void)uv->uv_run(&channel->loop, UV_RUN_DEFAULT);
        (void)uv->uv_loop_close(&channel->loop);
    }
    channel->handles = 0;
}

/* --- the operations ------------------------------------------------------------------- */

static int libuv_attach(struct ipm_endpoint *end, struct ipm_link *link,
                        struct ipm_err *err) {
    struct libuv_end *uv = end->state;
    struct pairs_link *pairs = link->state;
    int failed = libuv_load(uv, err);
    if (failed)
        return failed;
    failed = libuv_make(uv, &uv->tx, &pairs->fds[end->side][end->side]);
    if (!failed)
        failed = libuv_make(uv, &uv->rx, &pairs->fds[!end->side][end->side]);
    if (!failed)
        failed =
            uv->uv_read_start((uv_stream_t *)&uv->rx.pipe, libuv_on_room, libuv_on_read);
    return failed ? ipm_err_sys(err, failed, "cannot make a pipe of libuv") : 0;
}

static int libuv_tx_fd(const struct libuv_end *uv) {
    uv_os_fd_t fd = -1;
    (void)uv->uv_fileno((const uv_handle_t *)&uv->tx.pipe, &fd);
    return fd;
}

static void libuv_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                           struct ipm_facts *settings) {
    const int fd = libuv_tx_fd(end->state);
    ipm_fd_describe_inode(fd, "local_inode", endpoint);
    ipm_fd_describe_buffers(fd, settings);
}

static ssize_t libuv_result(ssize_t moved) {
    if (moved >= 0)
        return moved;
    errno = (int)-moved;
    return -1;
}

/* A write that is under way after a turn of the loop is that of the next call, for which the
 * caller tries the same bytes again. */
static ssize_t libuv_send(struct ipm_endpoint *end, const void *buf, size_t len) {
    struct libuv_end *uv = end->state;
    struct libuv_channel *channel = &uv->tx;
    uv_stream_t *pipe = (uv_stream_t *)&channel->pipe;
    const uv_buf_t bytes = {.base = (char *)(uintptr_t)buf, .len = len};
    if (!channel->writing) {
        int moved = uv->uv_try_write(pipe, &bytes, 1);
        if (moved == UV_EAGAIN)
            moved = uv->uv_write(&channel->write, pipe, &bytes, 1, libuv_on_written);
        if (moved != 0)
            return libuv_result(moved);
        channel->writing = true;
    }
    (void)uv->uv_run(&channel->loop, UV_RUN_ONCE);
    if (channel->writing)
        return libuv_result(UV_EINTR);
    return channel->moved < 0 ? libuv_result(channel->moved) : (ssize_t)len;
}

/* After its end nothing more is read of a pipe. */
static ssize_t libuv_recv(struct ipm_endpoint *end, void *buf, size_t cap) {
    struct libuv_end *uv = end->state;
    struct libuv_channel *channel = &uv->rx;
    if (channel->moved == UV_EOF)
        return 0;
    channel->room = (uv_buf_t){.base = buf, .len = cap};
    channel->moved = UV_EINTR;
    (void)uv->uv_run(&channel->loop, UV_RUN_ONCE);
    return channel->moved == UV_EOF ? 0 : libuv_result(channel->moved);
}

static int libuv_finish(struct ipm_endpoint *end) {
    return shutdown(libuv_tx_fd(end->state), SHUT_WR) == 0 ? 0 : -errno;
}

static void libuv_detach(struct ipm_endpoint *end) {
    struct libuv_end *uv = end->state;
    libuv_unmake(uv, &uv->tx);
    libuv_unmake(uv, &uv->rx);
    library_unload(&uv->library);
}

static const struct ipm_transport libuv_transport = {
    .name = "libuv",
    .summary = "pipe of an event loop of libuv, over a socketpair each way",
    .addressing = "none",
    .family = IPM_FAMILY_SOCKET,
    .direction = IPM_DUPLEX_BY_TWO,
    .caps = IPM_CAP_RELIABLE | IPM_CAP_CONNECTED,
    .link_size = sizeof(struct pairs_link),
    .end_size = sizeof(struct libuv_end),
    .open = pairs_open,
    .attach = libuv_attach,
    .close = pairs_close,
    .describe = libuv_describe,
    .wire = ipm_no_wire,
    .send = libuv_send,
    .recv = libuv_recv,
    .finish = libuv_finish,
    .detach = libuv_detach,
};

IPM_PLUGIN(&libuv_transport);
