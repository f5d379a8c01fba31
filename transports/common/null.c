/* null.c - moves nothing and reports success, in order to measure the cost of the program
 * itself. */
#include "transports/common/fd.h"

struct null_end {
    size_t message_bytes; /* of the messages that recv reports */
};

static int null_probe(size_t *ret_max_message_bytes, struct ipm_err *err) {
    (void)err;
    *ret_max_message_bytes = SIZE_MAX;
    return 0;
}

static int null_open(struct ipm_link *link, struct ipm_err *err) {
    (void)link;
    (void)err;
    return 0;
}

static int null_attach(struct ipm_endpoint *end, struct ipm_link *link,
                       struct ipm_err *err) {
    struct null_end *state = end->state;
    (void)err;
    state->message_bytes = link->config.message_bytes;
    return 0;
}

static void null_close(struct ipm_link *link, enum ipm_side side) {
    (void)link;
    (void)side;
}

static ssize_t null_send(struct ipm_endpoint *end, const void *buf, size_t len) {
    (void)end;
    (void)buf;
    return (ssize_t)len;
}

static ssize_t null_recv(struct ipm_endpoint *end, void *buf, size_t cap) {
    const struct null_end *state = end->state;
    (void)buf;
    return (ssize_t)(cap < state->message_bytes ? cap : state->message_bytes);
}

static ssize_t null_send_batch(struct ipm_endpoint *end, const void *buf, size_t len,
                               unsigned count) {
    (void)end;
    (void)buf;
    (void)len;
    return (ssize_t)count;
}

static ssize_t null_recv_batch(struct ipm_endpoint *end, void *buf, size_t cap,
                               unsigned count, size_t *lens) {
    const struct null_end *state = end->state;
    (void)buf;
    (void)cap;
    for (unsigned i = 0; i < count; i++)
        lens[i] = state->message_bytes;
    return (ssize_t)count;
}

static int null_finish(struct ipm_endpoint *end) {
    (void)end;
    return 0;
}

static void null_detach(struct ipm_endpoint *end) {
    (void)end;
}

const struct ipm_transport ipm_transport_null = {
    .name = "null",
    .summary = "moves nothing: the cost of the program itself",
    .addressing = "none",
    .family = IPM_FAMILY_NONE,
    .direction = IPM_DUPLEX,
    .caps = IPM_CAP_MESSAGES | IPM_CAP_RELIABLE | IPM_CAP_HOLLOW,
    .link_size = 0,
    .end_size = sizeof(struct null_end),
    .probe = null_probe,
    .open = null_open,
    .attach = null_attach,
    .close = null_close,
    .describe = ipm_no_describe,
    .wire = ipm_no_wire,
    .send = null_send,
    .recv = null_recv,
    .send_batch = null_send_batch,
    .recv_batch = null_recv_batch,
    .finish = null_finish,
    .detach = null_detach,
};
