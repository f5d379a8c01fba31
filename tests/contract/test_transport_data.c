/* test_transport_data.c - what goes in comes out, for every transport that moves anything. */
#include "pair.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

enum { DATA_MESSAGES = 50, DATA_BULK_BYTES = 1 << 20, DATA_SIZES = 4 };

static const size_t data_sizes[DATA_SIZES] = {1, 64, 4096, IPM_PAIR_LARGEST};
static unsigned char data_buf[DATA_BULK_BYTES];

static size_t data_size(const struct ipm_pair *pair, size_t which) {
    const size_t most = pair->link.config.message_bytes;
    return data_sizes[which] < most ? data_sizes[which] : most;
}

static bool data_recv_message(struct ipm_pair *pair, size_t bytes, unsigned seed) {
    memset(data_buf, 0, bytes);
    if (!ipm_pair_recv_all(&pair->end, data_buf, bytes))
        return false;
    return ipm_pair_holds(data_buf, bytes, seed);
}

/* Each message is answered over control before the next one: nothing need be lost. */
static const char *data_take_messages(struct ipm_pair *pair) {
    for (size_t size = 0; size < DATA_SIZES; size++) {
        for (unsigned i = 0; i < DATA_MESSAGES; i++) {
            if (!data_recv_message(pair, data_size(pair, size), i))
                return "a message did not come as it was sent";
            if (!ipm_pair_tell(pair))
                return "the parent is gone";
        }
    }
    return NULL;
}

static void data_give_messages(struct ipm_pair *pair) {
    for (size_t size = 0; size < DATA_SIZES; size++) {
        for (unsigned i = 0; i < DATA_MESSAGES; i++) {
            ipm_pair_fill(data_buf, data_size(pair, size), i);
            cr_assert(ipm_pair_send_all(&pair->end, data_buf, data_size(pair, size)));
            cr_assert(ipm_pair_await(pair), "%s: size %zu", pair->ops->name,
                      data_size(pair, size));
        }
    }
}

Test(transport_data, comes_out_as_it_went_in) {
    IPM_PAIR_EACH(ops, 0u, IPM_CAP_HOLLOW)
    ipm_pair_run(ops, data_take_messages, data_give_messages);
}

static const char *data_take_bulk(struct ipm_pair *pair) {
    return data_recv_message(pair, DATA_BULK_BYTES, 3) ? NULL : "the bulk was damaged";
}

static void data_give_bulk(struct ipm_pair *pair) {
    ipm_pair_fill(data_buf, DATA_BULK_BYTES, 3);
    cr_assert(ipm_pair_send_all(&pair->end, data_buf, DATA_BULK_BYTES), "%s",
              pair->ops->name);
}

Test(transport_data, of_a_stream_survives_more_than_the_kernel_can_hold) {
    IPM_PAIR_EACH(ops, IPM_CAP_RELIABLE, IPM_CAP_HOLLOW | IPM_CAP_MESSAGES)
    ipm_pair_run(ops, data_take_bulk, data_give_bulk);
}

static const char *data_answer(struct ipm_pair *pair) {
    if (!data_recv_message(pair, 4096, 1))
        return "the question was damaged";
    ipm_pair_fill(data_buf, 4096, 2);
    return ipm_pair_send_all(&pair->end, data_buf, 4096) ? NULL : "cannot answer";
}

static void data_ask(struct ipm_pair *pair) {
    ipm_pair_fill(data_buf, 4096, 1);
    cr_assert(ipm_pair_send_all(&pair->end, data_buf, 4096));
    cr_expect(data_recv_message(pair, 4096, 2), "%s", pair->ops->name);
}

Test(transport_data, goes_both_ways_over_what_is_not_simplex) {
    IPM_PAIR_EACH(ops, 0u, IPM_CAP_HOLLOW)
    if (ops->direction != IPM_SIMPLEX)
        ipm_pair_run(ops, data_answer, data_ask);
}

static const char *data_take_whole(struct ipm_pair *pair) {
    if (!ipm_pair_waits_for_receiver(pair->ops) && !ipm_pair_await(pair))
        return "the parent is gone";
    for (size_t size = 0; size < DATA_SIZES; size++) {
        ssize_t r = ipm_pair_recv(pair, data_buf, sizeof data_buf);
        if (r != (ssize_t)data_size(pair, size) ||
            !ipm_pair_holds(data_buf, data_size(pair, size), (unsigned)size))
            return "a message was cut, joined or damaged";
    }
    return NULL;
}

static void data_give_whole(struct ipm_pair *pair) {
    for (size_t size = 0; size < DATA_SIZES; size++) {
        ipm_pair_fill(data_buf, data_size(pair, size), (unsigned)size);
        cr_assert_eq(ipm_pair_send(pair, data_buf, data_size(pair, size)),
                     (ssize_t)data_size(pair, size));
    }
    if (!ipm_pair_waits_for_receiver(pair->ops))
        cr_assert(ipm_pair_tell(pair));
}

Test(transport_data, keeps_its_boundaries_where_there_are_messages) {
    IPM_PAIR_EACH(ops, IPM_CAP_MESSAGES, IPM_CAP_HOLLOW)
    ipm_pair_run(ops, data_take_whole, data_give_whole);
}

static const char *data_take_too_small(struct ipm_pair *pair) {
    unsigned char small[16];
    if (ipm_pair_recv(pair, small, sizeof small) != sizeof small + 1)
        return "a cut message is not told of";
    return ipm_pair_recv(pair, small, sizeof small) == sizeof small
               ? NULL
               : "the message behind a cut one is lost";
}

static void data_give_too_large(struct ipm_pair *pair) {
    cr_assert_eq(ipm_pair_send(pair, data_buf, 17), 17);
    cr_assert_eq(ipm_pair_send(pair, data_buf, 16), 16);
}

Test(transport_data, tells_the_length_of_a_message_that_does_not_fit) {
    IPM_PAIR_EACH(ops, IPM_CAP_MESSAGES, IPM_CAP_HOLLOW)
    ipm_pair_run(ops, data_take_too_small, data_give_too_large);
}

static const char *data_take_hollow(struct ipm_pair *pair) {
    unsigned char byte = 0;
    if (ipm_pair_recv(pair, data_buf, sizeof data_buf) != IPM_PAIR_LARGEST)
        return "a made-up message has the wrong size";
    return ipm_pair_recv(pair, &byte, 1) == 1 && byte == 0 ? NULL : "wrote something";
}

static void data_give_hollow(struct ipm_pair *pair) {
    cr_expect_eq(ipm_pair_send(pair, data_buf, 1234), 1234);
    cr_expect_eq(pair->ops->finish(&pair->end), 0);
}

Test(transport_data, is_made_up_by_what_is_hollow) {
    IPM_PAIR_EACH(ops, IPM_CAP_HOLLOW, 0u)
    ipm_pair_run(ops, data_take_hollow, data_give_hollow);
}

static void data_move_for_wire(struct ipm_pair *pair) {
    struct ipm_wire before = {0};
    struct ipm_wire after = {0};
    int failed = pair->ops->wire(&pair->end, &before);
    data_give_bulk(pair);
    cr_expect_eq(pair->ops->wire(&pair->end, &after), failed);
    cr_expect(failed == 0 || failed == -ENOTSUP, "%s", pair->ops->name);
    if (failed)
        return;
    cr_expect(after.segments > before.segments, "%s", pair->ops->name);
    cr_expect(after.payload_bytes - before.payload_bytes -
                      (after.retransmitted_bytes - before.retransmitted_bytes) <=
                  DATA_BULK_BYTES,
              "%s", pair->ops->name);
    cr_expect(after.payload_bytes > before.payload_bytes, "%s", pair->ops->name);
    cr_expect(after.header_bytes >= after.segments * 40, "%s", pair->ops->name);
    cr_expect(after.header_bytes <= after.segments * 72, "%s", pair->ops->name);
}

Test(transport_data, is_accounted_for_on_the_wire_or_not_at_all) {
    IPM_PAIR_EACH(ops, IPM_CAP_RELIABLE, IPM_CAP_HOLLOW | IPM_CAP_MESSAGES)
    ipm_pair_run(ops, data_take_bulk, data_move_for_wire);
}
