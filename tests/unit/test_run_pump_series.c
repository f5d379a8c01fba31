/* test_run_pump_series.c - the pump over a transport that takes and lends series of messages. */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "run/pump/pump.h"

enum { SERIES_MESSAGES = 200, SERIES_BYTES = 24, MOST = 7, STRIDE = 40, ODD = 150 };

static unsigned char memory[SERIES_MESSAGES + 1][STRIDE];
static size_t lens[SERIES_MESSAGES + 1];
static unsigned sent;
static unsigned taken;
static unsigned borrowed;
static unsigned series_calls;
static ssize_t wrong; /* what a call returns instead, or 0 */

static ssize_t series_send(struct ipm_endpoint *end, const void *buf, size_t len) {
    (void)end;
    (void)buf;
    (void)len;
    errno = EIO; /* one at a time is not asked for */
    return -1;
}

/* Every third call finds no space. */
static ssize_t series_send_series(struct ipm_endpoint *end, const void *buf, size_t len,
                                  unsigned count) {
    const unsigned moved = count < MOST ? count : MOST;
    (void)end;
    errno = EINTR;
    if (wrong != 0 || series_calls++ % 3 == 2)
        return wrong != 0 ? wrong : -1;
    for (unsigned i = 0; i < moved; i++, sent++) {
        memcpy(memory[sent], buf, len);
        lens[sent] = len;
    }
    return (ssize_t)moved;
}

static ssize_t series_lease(struct ipm_endpoint *end, void **ret_buf) {
    (void)end;
    *ret_buf = memory[sent];
    return STRIDE;
}

static ssize_t series_commit(struct ipm_endpoint *end, size_t len) {
    (void)end;
    lens[sent++] = len;
    return (ssize_t)len;
}

static ssize_t series_recv(struct ipm_endpoint *end, void *buf, size_t cap) {
    const size_t len = taken < sent ? lens[taken] : 0;
    (void)end;
    memcpy(buf, memory[taken], len < cap ? len : cap);
    taken += len > 0;
    return (ssize_t)len;
}

static ssize_t series_borrow(struct ipm_endpoint *end, const void **ret_buf) {
    (void)end;
    *ret_buf = memory[taken];
    return taken < sent ? (ssize_t)lens[taken] : 0;
}

static int series_release(struct ipm_endpoint *end) {
    (void)end;
    taken++;
    return 0;
}

static ssize_t series_borrow_series(struct ipm_endpoint *end, size_t len, unsigned count,
                                    const void **ret_buf, size_t *ret_stride) {
    (void)end;
    *ret_buf = memory[taken];
    *ret_stride = STRIDE;
    if (wrong != 0 || taken == sent)
        return wrong;
    for (borrowed = 0; borrowed < count && borrowed < MOST && taken + borrowed < sent;
         borrowed++)
        if (lens[taken + borrowed] != len)
            break;
    errno = EMSGSIZE;
    return borrowed > 0 ? (ssize_t)borrowed : -1;
}

static int series_release_series(struct ipm_endpoint *end, unsigned count) {
    (void)end;
    cr_assert_eq(count, borrowed);
    taken += count;
    return 0;
}

static const struct ipm_transport serial = {.name = "serial",
                                            .caps = IPM_CAP_RELIABLE | IPM_CAP_CONNECTED |
                                                    IPM_CAP_MESSAGES | IPM_CAP_IN_PLACE,
                                            .send = series_send,
                                            .recv = series_recv,
                                            .lease = series_lease,
                                            .commit = series_commit,
                                            .borrow = series_borrow,
                                            .release = series_release,
                                            .send_series = series_send_series,
                                            .borrow_series = series_borrow_series,
                                            .release_series = series_release_series};

static struct ipm_case_config config = {.message_bytes = SERIES_BYTES};
static struct ipm_endpoint end = {.ops = &serial, .rx_fd = -1, .tx_fd = -1};

static struct ipm_pump series_pump(void) {
    struct ipm_pump pump = {.end = &end, .config = &config, .messages = SERIES_MESSAGES};
    cr_assert_eq(ipm_pump_init(&pump), 0);
    return pump;
}

static void series_expect(const struct ipm_counts *counts, uint64_t messages,
                          uint64_t bytes) {
    cr_expect_eq(counts->messages, messages);
    cr_expect_eq(counts->bytes, bytes);
}

static void series_run(bool copies) {
    config.copy = copies;
    struct ipm_pump out = series_pump();
    struct ipm_pump in = series_pump();
    out.buf[0] = 0x11;
    cr_assert_eq(ipm_pump_send(&out), 0);
    series_expect(&out.counts, SERIES_MESSAGES, (uint64_t)SERIES_MESSAGES * SERIES_BYTES);
    cr_expect_eq(out.counts.calls - out.counts.partial_calls, SERIES_MESSAGES);
    cr_expect(out.counts.partial_calls > 0);
    cr_assert_eq(ipm_pump_recv(&in), 0);
    series_expect(&in.counts, SERIES_MESSAGES, (uint64_t)SERIES_MESSAGES * SERIES_BYTES);
    cr_expect_eq(in.counts.calls, SERIES_MESSAGES);
    cr_expect_eq(taken, SERIES_MESSAGES);
    cr_expect_eq(in.buf[0] == 0x11, copies);
    ipm_pump_done(&out);
    ipm_pump_done(&in);
}

Test(run_pump_series, are_counted_message_by_message) {
    series_run(false);
}

Test(run_pump_series, are_copied_out_with_copy) {
    series_run(true);
}

/* A message of another length among them is corrupt, and all others come. */
static void series_run_odd(bool copies) {
    config.copy = copies;
    struct ipm_pump in = series_pump();
    for (sent = 0; sent <= SERIES_MESSAGES; sent++)
        lens[sent] = sent == ODD ? 5 : SERIES_BYTES;
    cr_assert_eq(ipm_pump_recv(&in), 0);
    cr_expect_eq(in.tracker.damage.corrupt_messages, 1);
    series_expect(&in.counts, SERIES_MESSAGES + 1,
                  (uint64_t)SERIES_MESSAGES * SERIES_BYTES + 5);
    ipm_pump_done(&in);
}

Test(run_pump_series, an_odd_message_among_them_is_corrupt) {
    series_run_odd(false);
}

Test(run_pump_series, an_odd_message_among_copied_ones_is_corrupt) {
    series_run_odd(true);
}

Test(run_pump_series, a_stream_that_ends_early_is_an_error) {
    struct ipm_pump in = series_pump();
    for (sent = 0; sent < ODD; sent++)
        lens[sent] = SERIES_BYTES;
    cr_expect_eq(ipm_pump_recv(&in), -EPIPE);
    cr_expect_eq(in.counts.messages, ODD);
    ipm_pump_done(&in);
}

Test(run_pump_series, longer_than_asked_for_are_refused) {
    struct ipm_pump out = series_pump();
    struct ipm_pump in = series_pump();
    wrong = 65;
    sent = 100;
    cr_expect_eq(ipm_pump_send(&out), -EMSGSIZE);
    cr_expect_eq(ipm_pump_recv(&in), -EMSGSIZE);
    ipm_pump_done(&out);
    ipm_pump_done(&in);
}

Test(run_pump_series, are_not_used_for_what_is_made_anew) {
    config.verify = true;
    struct ipm_pump out = series_pump();
    cr_assert_eq(ipm_pump_send(&out), 0);
    cr_expect_eq(series_calls, 0);
    cr_expect_eq(sent, SERIES_MESSAGES);
    ipm_pump_done(&out);
}
