/* test_run_pump_frames.c - framed and batched streams, and batched messages, through a
 * queue that cuts them as told. */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "run/pump/pump.h"

enum { QUEUE_BYTES = 1 << 16, FRAMES = 100, FRAME_BYTES = 64, FRAMES_SEED = 11 };

static const unsigned QUEUE_STREAM = IPM_CAP_RELIABLE | IPM_CAP_CONNECTED;

static unsigned char frames_queue[QUEUE_BYTES];
static size_t frames_head;
static size_t frames_tail;
static size_t frames_most_bytes; /* a call moves no more than this; 0: no limit */
static unsigned most_messages;   /* nor more than these of a batch; 0: no limit */
static unsigned lost_messages;   /* so many of each 10 messages of a batch never arrive */
static unsigned batch_messages;  /* seen by send_batch so far */

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

static ssize_t queue_send(struct ipm_endpoint *end, const void *buf, size_t len) {
    (void)end;
    const size_t moved = frames_most_bytes ? least(len, frames_most_bytes) : len;
    memcpy(frames_queue + frames_head, buf, moved);
    frames_head += moved;
    return (ssize_t)moved;
}

static ssize_t queue_recv(struct ipm_endpoint *end, void *buf, size_t cap) {
    (void)end;
    size_t moved = least(frames_head - frames_tail, cap);
    moved = frames_most_bytes ? least(moved, frames_most_bytes) : moved;
    memcpy(buf, frames_queue + frames_tail, moved);
    frames_tail += moved;
    return (ssize_t)moved;
}

static ssize_t queue_send_batch(struct ipm_endpoint *end, const void *buf, size_t len,
                                unsigned count) {
    (void)end;
    const unsigned moved = most_messages ? (unsigned)least(count, most_messages) : count;
    for (unsigned i = 0; i < moved; i++) {
        if (batch_messages++ % 10 < lost_messages)
            continue;
        memcpy(frames_queue + frames_head, (const unsigned char *)buf + i * len, len);
        frames_head += len;
    }
    return (ssize_t)moved;
}

/* Behind the last message there are marks. */
static ssize_t queue_recv_batch(struct ipm_endpoint *end, void *buf, size_t cap,
                                unsigned count, size_t *lens) {
    (void)end;
    unsigned moved = 0;
    for (; moved < count && frames_tail < frames_head; moved++) {
        memcpy((unsigned char *)buf + moved * cap, frames_queue + frames_tail, cap);
        frames_tail += cap;
        lens[moved] = cap;
    }
    if (moved < count)
        lens[moved++] = 0;
    return (ssize_t)moved;
}

static struct ipm_transport queued = {.name = "queued",
                                      .send = queue_send,
                                      .recv = queue_recv,
                                      .send_batch = queue_send_batch,
                                      .recv_batch = queue_recv_batch};
static struct ipm_endpoint queue_end = {.ops = &queued, .rx_fd = -1, .tx_fd = -1};

static void start(struct ipm_pump *pump, const char *framing, uint64_t batch,
                  bool verify) {
    static struct ipm_case_config config;
    config = (struct ipm_case_config){.message_bytes = FRAME_BYTES,
                                      .recv_bytes = 100,
                                      .batch = batch,
                                      .verify = verify};
    *pump = (struct ipm_pump){.end = &queue_end,
                              .config = &config,
                              .framing = ipm_framing_find(framing),
                              .messages = FRAMES,
                              .seed = FRAMES_SEED};
    cr_assert_eq(ipm_pump_init(pump), 0);
}

static void send_all(const char *framing, uint64_t batch, bool verify) {
    struct ipm_pump pump;
    frames_head = frames_tail = 0;
    start(&pump, framing, batch, verify);
    cr_assert_eq(ipm_pump_send(&pump), 0);
    cr_assert_eq(pump.counts.messages, FRAMES);
    cr_assert_eq(pump.counts.bytes, FRAMES * FRAME_BYTES);
    ipm_pump_done(&pump);
}

/* The framing bytes that come with the messages. */
static uint64_t overhead(const char *name) {
    const struct ipm_framing *framing = ipm_framing_find(name);
    return FRAMES * (framing->head_bytes + framing->tail_bytes);
}

static void receive_all(const char *framing, bool verify) {
    struct ipm_pump pump;
    start(&pump, framing, 1, verify);
    cr_assert_eq(ipm_pump_recv(&pump), 0, "%s cut at %zu", framing, frames_most_bytes);
    cr_assert_eq(pump.counts.messages, FRAMES);
    cr_assert_eq(pump.counts.bytes, FRAMES * FRAME_BYTES);
    cr_assert_eq(pump.framing_bytes, overhead(framing), "%s", framing);
    cr_assert_eq(pump.tracker.damage.corrupt_messages, 0, "%s cut at %zu", framing,
                 frames_most_bytes);
    cr_assert(!verify || pump.tracker.distinct == FRAMES);
    ipm_pump_done(&pump);
}

static void for_each_framing(void (*check)(const char *framing)) {
    queued.caps = QUEUE_STREAM;
    for (size_t i = 0; ipm_framings[i]; i++)
        check(ipm_framings[i]->name);
}

static void check_splits(const char *framing) {
    for (int verify = 0; verify < 2; verify++)
        for (frames_most_bytes = 1; frames_most_bytes < 150; frames_most_bytes++) {
            send_all(framing, 1, verify != 0);
            receive_all(framing, verify != 0);
        }
}

Test(run_pump_frames, are_rebuilt_whatever_the_split) {
    for_each_framing(check_splits);
}

static void check_batches(const char *framing) {
    for (int verify = 0; verify < 2; verify++)
        for (uint64_t batch = 1; batch < 12; batch++) {
            send_all(framing, batch, verify != 0);
            receive_all(framing, verify != 0);
        }
}

Test(run_pump_frames, come_in_batches_and_the_last_one_is_what_is_left) {
    for_each_framing(check_batches);
    frames_most_bytes = 77;
    for_each_framing(check_batches);
}

static void check_calls(const char *framing) {
    struct ipm_pump pump;
    frames_head = frames_tail = 0;
    start(&pump, framing, 8, false);
    cr_assert_eq(ipm_pump_send(&pump), 0);
    cr_assert_eq(pump.counts.calls, 13, "%s", framing);
    cr_assert_eq(pump.counts.partial_calls, 0);
    cr_assert_eq(frames_head, FRAMES * FRAME_BYTES + overhead(framing));
    ipm_pump_done(&pump);
}

Test(run_pump_frames, of_a_batch_cost_one_call) {
    for_each_framing(check_calls);
}

static void check_corrupt(const char *framing) {
    struct ipm_pump pump;
    const struct ipm_framing *row = ipm_framing_find(framing);
    const size_t frame = row->head_bytes + FRAME_BYTES + row->tail_bytes;
    send_all(framing, 1, true);
    frames_queue[frame * 40 + row->head_bytes + 33] ^= 0x80;
    start(&pump, framing, 1, true);
    cr_assert_eq(ipm_pump_recv(&pump), 0);
    cr_assert_eq(pump.tracker.damage.corrupt_messages, 1, "%s", framing);
    cr_assert_eq(pump.tracker.distinct, FRAMES - 1, "%s", framing);
    ipm_pump_done(&pump);
}

Test(run_pump_frames, with_one_corrupt_byte_are_one_corrupt_message) {
    for_each_framing(check_corrupt);
}

static void check_missing(const char *framing) {
    struct ipm_pump pump;
    const struct ipm_framing *row = ipm_framing_find(framing);
    const size_t frame = row->head_bytes + FRAME_BYTES + row->tail_bytes;
    send_all(framing, 1, true);
    memmove(frames_queue + frame * 3, frames_queue + frame * 4, frames_head - frame * 4);
    frames_head -= frame;
    start(&pump, framing, 1, true);
    cr_assert_eq(ipm_pump_recv(&pump), -EPIPE);
    cr_assert_eq(pump.counts.messages, FRAMES - 1);
    cr_assert_eq(pump.tracker.damage.corrupt_messages, 0, "%s", framing);
    cr_assert_eq(pump.tracker.distinct, FRAMES - 1, "%s", framing);
    ipm_pump_done(&pump);
}

Test(run_pump_frames, behind_a_missing_one_are_still_known) {
    for_each_framing(check_missing);
}

static void check_cut(const char *framing) {
    struct ipm_pump pump;
    send_all(framing, 1, false);
    frames_head--;
    start(&pump, framing, 1, false);
    cr_assert_eq(ipm_pump_recv(&pump), -EPIPE);
    cr_assert_eq(pump.counts.messages, FRAMES - 1, "%s", framing);
    ipm_pump_done(&pump);
}

Test(run_pump_frames, that_are_cut_are_an_early_end) {
    for_each_framing(check_cut);
}

static int receive_hostile(const char *framing, unsigned char byte) {
    struct ipm_pump pump;
    memset(frames_queue, byte, sizeof frames_queue);
    frames_head = sizeof frames_queue;
    frames_tail = 0;
    start(&pump, framing, 1, false);
    int failed = ipm_pump_recv(&pump);
    ipm_pump_done(&pump);
    return failed;
}

Test(run_pump_frames, that_cannot_be_are_a_clear_error) {
    queued.caps = QUEUE_STREAM;
    for (frames_most_bytes = 0; frames_most_bytes < 90; frames_most_bytes += 7) {
        cr_assert_eq(receive_hostile("length", 0xff), -EMSGSIZE);
        cr_assert_eq(receive_hostile("length", 0), -EBADMSG);
        cr_assert_eq(receive_hostile("delimiter", 'x'), -EMSGSIZE);
        cr_assert_eq(receive_hostile("delimiter", '\n'), -EBADMSG);
    }
}

static void receive_batches(bool verify, uint64_t wanted) {
    struct ipm_pump pump;
    start(&pump, "none", 7, verify);
    cr_assert_eq(ipm_pump_recv(&pump), 0);
    cr_assert_eq(pump.counts.messages, wanted);
    cr_assert_eq(pump.counts.bytes, wanted * FRAME_BYTES);
    cr_assert_eq(pump.counts.calls, (wanted + 6) / 7 + (wanted < FRAMES));
    cr_assert_eq(pump.tracker.damage.corrupt_messages, 0);
    ipm_tracker_finish(&pump.tracker, FRAMES, 0);
    cr_assert_eq(pump.tracker.damage.lost_messages, FRAMES - wanted);
    ipm_pump_done(&pump);
}

Test(run_pump_frames, of_messages_are_whole_and_numbered) {
    queued.caps = IPM_CAP_MESSAGES;
    for (int verify = 0; verify < 2; verify++)
        for (most_messages = 0; most_messages < 9; most_messages++) {
            send_all("none", 7, verify != 0);
            receive_batches(verify != 0, FRAMES);
        }
}

Test(run_pump_frames, of_which_some_are_lost_end_with_a_mark) {
    queued.caps = IPM_CAP_MESSAGES;
    lost_messages = 3;
    for (int verify = 0; verify < 2; verify++) {
        send_all("none", 7, verify != 0);
        receive_batches(verify != 0, 70);
    }
}

Test(run_pump_frames, taken_in_parts_are_partial_calls) {
    struct ipm_pump pump;
    queued.caps = IPM_CAP_MESSAGES | IPM_CAP_RELIABLE;
    most_messages = 3;
    start(&pump, "none", 10, false);
    cr_assert_eq(ipm_pump_send(&pump), 0);
    cr_assert_eq(pump.counts.calls, 40);
    cr_assert_eq(pump.counts.partial_calls, 30);
    ipm_pump_done(&pump);
}
