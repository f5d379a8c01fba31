/* pump.c - makes a pump: its calls, its loops and its buffers. */
#include "run/pump/pump.h"

#include "base/facts.h"
#include "run/pump/loops.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
    PUMP_ALIGN = 4096,
    PUMP_FILL = 0x5a,
    PUMP_LARGE_BYTES = 1 << 20,
    PUMP_CALL_BYTES = 64 << 20, /* no call returns so many bytes of a stream */
};

static bool pump_keeps_boundaries(const struct ipm_pump *pump) {
    return (pump->calls.caps & IPM_CAP_MESSAGES) != 0;
}

static bool pump_batches(const struct ipm_pump *pump) {
    return pump->batch > 1 && pump_keeps_boundaries(pump) && pump->calls.send_batch;
}

/* Removes the operations of access in place where --copy is given or messages go in batches, which
 * are always copied. */
static void pump_choose_places(struct ipm_pump *pump) {
    if ((pump->calls.caps & IPM_CAP_IN_PLACE) == 0 ||
        (!pump->config->copy && pump->batch == 1))
        return;
    pump->calls.lease = NULL;
    pump->calls.commit = NULL;
    pump->calls.borrow = NULL;
    pump->calls.release = NULL;
}

/* Chooses what is done to each message. The framing in the pump's own memory stays valid. */
static void pump_choose_work(struct ipm_pump *pump, bool verified) {
    const bool framed = pump->framing != *ipm_framings;
    pump->stamp = pump->timed                   ? ipm_pump_stamp_times
                  : verified                    ? ipm_pump_stamp_contents
                  : pump->numbered              ? ipm_pump_stamp_numbers
                  : framed && pump->calls.lease ? ipm_pump_stamp_frames
                                                : ipm_pump_stamp_nothing;
    pump->on_message = pump->timed && pump->calls.borrow
                           ? ipm_pump_on_message_times_placed
                       : pump->timed        ? ipm_pump_on_message_times
                       : verified           ? ipm_pump_on_message_contents
                       : pump->numbered     ? ipm_pump_on_message_number
                       : pump->calls.borrow ? ipm_pump_on_message_read
                                            : ipm_pump_on_message_nothing;
    pump->take = pump_keeps_boundaries(pump) ? ipm_pump_take_message
                 : verified || pump->timed || ipm_work_is_asked(pump->config)
                     ? ipm_pump_take_frames_noted
                 : framed ? ipm_pump_take_frames
                          : ipm_pump_take_bytes;
    pump->end->counted = pump->take == ipm_pump_take_bytes;
    ipm_pump_work_on_contents(pump);
}

/* Chooses how messages are sent. send_steady suffices where the buffer never changes. Where
 * messages are read in place, send copies an existing message into that memory, and lease is used
 * for a message that is written there. */
static void pump_choose_send(struct ipm_pump *pump, bool verified) {
    const bool plain = pump->stamp == ipm_pump_stamp_nothing;
    if (pump->calls.send_steady && plain)
        pump->calls.send = pump->calls.send_steady;
    pump->send_step = pump->calls.lease && (verified || !pump->calls.borrow)
                          ? ipm_pump_send_leased
                      : pump_batches(pump) ? ipm_pump_send_batch
                                           : ipm_pump_send_group;
    pump->send_all =
        pump->timed ? ipm_pump_send_paced
        : pump->send_step == ipm_pump_send_group && plain && pump->batch == 1
            ? (pump->calls.send_series ? ipm_pump_send_series : ipm_pump_send_plain)
            : ipm_pump_send_groups;
}

/* Chooses the simplest loop that suffices. */
static void pump_choose_recv(struct ipm_pump *pump, bool verified) {
    pump->recv_once = pump->calls.borrow   ? ipm_pump_recv_once_placed
                      : pump_batches(pump) ? ipm_pump_recv_batch
                                           : ipm_pump_recv_once;
    pump->recv_all = verified || pump->timed || pump_batches(pump) ? ipm_pump_recv_each
                     : pump->calls.borrow && pump->calls.borrow_series
                         ? ipm_pump_recv_series_placed
                     : pump->calls.borrow                  ? ipm_pump_recv_all_placed
                     : pump->calls.borrow_series           ? ipm_pump_recv_series_copied
                     : pump->numbered                      ? ipm_pump_recv_numbered
                     : pump->take == ipm_pump_take_message ? ipm_pump_recv_messages
                     : pump->take == ipm_pump_take_bytes   ? ipm_pump_recv_stream
                                                           : ipm_pump_recv_each;
}

static void pump_choose(struct ipm_pump *pump) {
    const bool verified =
        pump->config->verify && (pump->calls.caps & IPM_CAP_HOLLOW) == 0;
    pump->timed = pump->config->rate_per_second > 0 && !pump->answers;
    pump->loses = (pump->calls.caps & IPM_CAP_RELIABLE) == 0;
    pump->numbered = pump->timed || (!verified && pump->loses);
    if (pump_keeps_boundaries(pump)) {
        pump->framing = *ipm_framings;
        pump->batch = pump->calls.send_batch ? pump->batch : 1;
    }
    pump_choose_places(pump);
    pump_choose_work(pump, verified);
    pump_choose_send(pump, verified);
    pump_choose_recv(pump, verified);
}

/* A message that is examined must fit into the buffer as a whole, whatever recv is
 * offered. */
static void pump_measure(struct ipm_pump *pump) {
    const struct ipm_framing *framing = pump->framing;
    pump->frame_bytes = framing->head_bytes + pump->message_bytes + framing->tail_bytes;
    pump->framer.message_bytes = pump->message_bytes;
    if (pump_keeps_boundaries(pump))
        pump->recv_bytes = pump->message_bytes;
    else if (pump->take != ipm_pump_take_bytes && pump->recv_bytes < pump->frame_bytes)
        pump->recv_bytes = pump->frame_bytes;
}

/* Fills the first `used` bytes, so that none of their pages is missing in the window. */
static void *pump_allocate(size_t bytes, size_t used) {
    void *buf = NULL;
    if (posix_memalign(&buf, PUMP_ALIGN, bytes) != 0)
        return NULL;
#ifdef MADV_POPULATE_WRITE /* Linux 5.14: in one call, without a fault for each page */
    if (used >= PUMP_LARGE_BYTES)
        (void)madvise(buf, used, MADV_POPULATE_WRITE);
#endif
    memset(buf, PUMP_FILL, used);
    return buf;
}

/* Bytes that are only counted are received at the start of the buffer, call after call. Touching
 * the pages behind them took a quarter of the CPU time of a message of 1 GiB. */
static size_t pump_used_bytes(const struct ipm_pump *pump, size_t bytes) {
    const bool counts = !pump->answers && pump->works_as == IPM_RECEIVER &&
                        pump->take == ipm_pump_take_bytes;
    return counts && bytes > PUMP_CALL_BYTES ? PUMP_CALL_BYTES : bytes;
}

/* Frames the messages once, so that buffers that are sent unchanged are valid from the
 * start. */
static void pump_wrap(struct ipm_pump *pump) {
    for (unsigned i = 0; i < pump->batch; i++)
        pump->framing->wrap(pump->buf + i * pump->frame_bytes, pump->message_bytes);
}

/* Returns whether there is room for the times of the outstanding requests, which is
 * touched. */
static bool pump_make_window(struct ipm_pump *pump) {
    pump->inflight = pump->config->inflight ? (unsigned)pump->config->inflight : 1;
    pump->sent_ns = malloc(pump->inflight * sizeof *pump->sent_ns);
    if (pump->sent_ns)
        memset(pump->sent_ns, 0, pump->inflight * sizeof *pump->sent_ns);
    return pump->sent_ns != NULL;
}

static int pump_make_buffers(struct ipm_pump *pump) {
    size_t bytes;
    if (__builtin_mul_overflow(pump->frame_bytes, pump->batch, &bytes))
        return -ENOMEM;
    if (bytes < pump->recv_bytes)
        bytes = pump->recv_bytes;
    pump->memory = pump_allocate(bytes, pump_used_bytes(pump, bytes));
    pump->buf = pump->memory;
    pump->lens = calloc(pump->batch, sizeof *pump->lens);
    if (!pump->buf || !pump->lens || !pump_make_window(pump))
        return -ENOMEM;
    pump_wrap(pump);
    if (pump->on_message != ipm_pump_on_message_contents || !pump->framing->clean)
        return 0;
    pump->awaited = pump_allocate(pump->message_bytes, pump->message_bytes);
    return pump->awaited ? 0 : -ENOMEM;
}

int ipm_pump_init(struct ipm_pump *pump) {
    const struct ipm_case_config *config = pump->config;
    pump->calls = *pump->end->ops;
    pump->framing = pump->framing ? pump->framing : *ipm_framings;
    if (pump->message_bytes == 0)
        pump->message_bytes = (size_t)config->message_bytes;
    pump->recv_bytes = (size_t)config->recv_bytes;
    pump->batch = config->batch ? (unsigned)config->batch : 1;
    pump->wait = ipm_wait_choose(config->wait, pump->calls.caps);
    ipm_wait_wrap(pump->wait, pump->end, &pump->calls);
    pump_choose(pump);
    pump_measure(pump);
    ipm_tracker_init(&pump->tracker, pump->messages);
    pump->tracker.short_numbers =
        pump->loses && pump->message_bytes < IPM_PAYLOAD_TELLING_BYTES;
    pump->tracker.by_count = pump->tracker.short_numbers;
    int failed = pump_make_buffers(pump);
    if (failed)
        ipm_pump_done(pump);
    if (ipm_work_is_asked(config)) {
        ipm_work_init(&pump->work, config, pump->works_as);
        ipm_pump_work_on_messages(pump);
    }
    return failed;
}

void ipm_pump_describe(const struct ipm_pump *pump, struct ipm_facts *settings) {
    if ((pump->calls.caps & IPM_CAP_IN_PLACE) != 0)
        ipm_facts_text(settings, "access", pump->calls.borrow ? "in-place" : "copy");
}

void ipm_pump_account(const struct ipm_pump *pump, struct ipm_facts *settings) {
    if (pump->others == 0)
        return;
    ipm_facts_number(settings, "other_connections", (int64_t)pump->others);
    ipm_facts_text(settings, "notice",
                   "other processes connected in the window; each took up to 8 ms");
}

void ipm_pump_done(struct ipm_pump *pump) {
    ipm_pump_unpace(pump);
    free(pump->memory);
    free(pump->awaited);
    free(pump->lens);
    free(pump->sent_ns);
    pump->sent_ns = NULL;
    pump->memory = NULL;
    pump->buf = NULL;
    pump->awaited = NULL;
    pump->lens = NULL;
}
