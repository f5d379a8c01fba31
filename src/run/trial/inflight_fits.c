/* inflight_fits.c - checks that the buffers hold the outstanding requests (--inflight), because
 * client and server could wait for each other otherwise.
 *
 * A client that waits for space to send a request receives no response, and a server that waits for
 * space to send a response receives no request. This cannot happen when the buffer of one direction
 * holds all messages that may be outstanding, or both buffers together hold them. */
#include "run/trial/side.h"

#include "base/err.h"
#include "base/facts.h"
#include "run/pump/pump.h"

#include <errno.h>
#include <inttypes.h>

/* A message takes at most `times` its bytes and `more` of a buffer. The kernel counts what it
 * allocates for a socket's message, rounded up, with the head (sk_buff). A message in a pipe takes
 * whole pages unless it fits into the rest of one. A ring has slots for the largest message of both
 * directions, and is freed by quarters.
 *
 * A sender that waits for space, and poll(2), are told of space when no more than one part of
 * `parts` is in use (sock_writeable in the kernel). */
struct inflight_buffer {
    const char *key; /* of the effective setting */
    uint64_t times;
    uint64_t more;
    uint64_t parts;
    bool slots; /* a message takes as much as the largest one */
};

static const struct inflight_buffer inflight_buffers[] = {
    {"pipe_capacity_bytes", 2, 0, 1, false}, {"so_sndbuf_bytes", 2, 1536, 4, false},
    {"ring_capacity_bytes", 2, 64, 1, true}, {"msg_qbytes", 1, 0, 1, false},
    {"mq_maxmsg", 0, 1, 1, false}, /* a number of messages */
};

/* Returns how many frames the buffer holds for certain. */
static uint64_t inflight_holds_frames(const struct inflight_buffer *buffer, uint64_t room,
                                      size_t frame_bytes) {
    return room / (buffer->times * frame_bytes + buffer->more);
}

static uint64_t inflight_holds(const struct ipm_pump *pump,
                               const struct inflight_buffer *buffer, uint64_t room) {
    const uint64_t part = room / buffer->parts;
    const size_t sent_bytes = pump->frame_bytes;
    const size_t back_bytes = pump->back->frame_bytes;
    const size_t slot_bytes = sent_bytes > back_bytes ? sent_bytes : back_bytes;
    const size_t request_bytes = buffer->slots ? slot_bytes : sent_bytes;
    const size_t response_bytes = buffer->slots ? slot_bytes : back_bytes;
    const uint64_t requests = inflight_holds_frames(buffer, room, request_bytes);
    const uint64_t responses = inflight_holds_frames(buffer, room, response_bytes);
    const uint64_t one = requests > responses ? requests : responses;
    const uint64_t both = inflight_holds_frames(buffer, part, request_bytes) +
                          inflight_holds_frames(buffer, part, response_bytes);
    return both > one || pump->wait->kind.polls ? both : one;
}

static int inflight_refuse(const struct ipm_pump *pump, const struct ipm_fact *fact,
                           uint64_t held, struct ipm_err *err) {
    (void)ipm_err_set(err, -ENOSPC,
                      "%u requests of %zu bytes and their responses of %zu exceed the "
                      "buffers of both directions (%s %" PRId64
                      " each), which hold %" PRIu64
                      " for certain: client and server could wait for each other",
                      pump->inflight, pump->message_bytes, pump->back->message_bytes,
                      fact->key, fact->number, held);
    ipm_err_limit(err, "'--buffer' asks the kernel for larger ones");
    return -ENOSPC;
}

int ipm_inflight_fits(const struct ipm_pump *pump, const struct ipm_facts *settings,
                      struct ipm_err *err) {
    const size_t count = sizeof inflight_buffers / sizeof inflight_buffers[0];
    const struct ipm_transport *ops = pump->end->ops;
    if (pump->inflight == 1 || !pump->back || (ops->caps & IPM_CAP_HOLLOW) != 0)
        return 0;
    for (size_t i = 0; i < count; i++) {
        const struct inflight_buffer *buffer = &inflight_buffers[i];
        const struct ipm_fact *fact = ipm_facts_find(settings, buffer->key);
        if (!fact || fact->number < 0)
            continue;
        const uint64_t held = inflight_holds(pump, buffer, (uint64_t)fact->number);
        return pump->inflight <= held ? 0 : inflight_refuse(pump, fact, held, err);
    }
    (void)ipm_err_set(err, -ENOSPC,
                      "'%s' does not tell how much its buffers hold, so that the "
                      "outstanding requests may exceed them",
                      ops->name);
    ipm_err_limit(err, "'--inflight 1' needs no buffer");
    return -ENOSPC;
}
