/* test_transport_batch.c - several messages handed over in one call, for every transport
 * that can. */
#include "pair.h"

#include <criterion/criterion.h>
#include <string.h>

enum { BATCH = 5, BATCH_BYTES = 700, BATCH_CAP = 1000 };

static unsigned char batch_buf[BATCH * BATCH_CAP];
static size_t batch_lens[BATCH];

static void batch_run(const struct ipm_transport *ops,
                      const char *(*child)(struct ipm_pair *pair),
                      void (*parent)(struct ipm_pair *pair)) {
    const struct ipm_link_config config = {
        .message_bytes = BATCH_BYTES, .batch = BATCH, .timeout_ms = IPM_PAIR_TIMEOUT_MS};
    struct ipm_pair pair;
    ipm_pair_open(&pair, ops, &config);
    ipm_pair_start(&pair, child);
    parent(&pair);
    ipm_pair_end(&pair);
}

static void batch_each(unsigned unwanted, const char *(*child)(struct ipm_pair *pair),
                       void (*parent)(struct ipm_pair *pair)) {
    IPM_PAIR_EACH(ops, 0u, unwanted)
    if (ops->send_batch)
        batch_run(ops, child, parent);
}

Test(transport_batch, is_there_both_ways_or_not_at_all_and_for_messages_only) {
    IPM_PAIR_EACH(ops, 0u, 0u) {
        cr_expect_eq(!ops->send_batch, !ops->recv_batch, "%s", ops->name);
        cr_expect(!ops->send_batch || (ops->caps & IPM_CAP_MESSAGES), "%s", ops->name);
    }
}

static void batch_give(struct ipm_pair *pair) {
    for (unsigned i = 0; i < BATCH; i++)
        ipm_pair_fill(batch_buf + i * BATCH_BYTES, BATCH_BYTES, i);
    cr_assert_eq(pair->ops->send_batch(&pair->end, batch_buf, BATCH_BYTES, BATCH), BATCH,
                 "%s", pair->ops->name);
    cr_assert(ipm_pair_tell(pair));
}

static const char *batch_take(struct ipm_pair *pair) {
    unsigned came = 0;
    if (!ipm_pair_await(pair))
        return "the parent is gone";
    while (came < BATCH) {
        ssize_t moved = pair->ops->recv_batch(&pair->end, batch_buf, BATCH_CAP,
                                              BATCH - came, batch_lens);
        if (moved < 1 || moved > BATCH - (ssize_t)came)
            return "not as many as there are";
        for (ssize_t i = 0; i < moved; i++, came++)
            if (batch_lens[i] != BATCH_BYTES ||
                !ipm_pair_holds(batch_buf + i * BATCH_CAP, BATCH_BYTES, came))
                return "a message did not come as it was sent";
    }
    return NULL;
}

Test(transport_batch, comes_out_as_it_went_in) {
    batch_each(IPM_CAP_HOLLOW, batch_take, batch_give);
}

static void batch_give_two(struct ipm_pair *pair) {
    cr_assert_eq(pair->ops->send_batch(&pair->end, batch_buf, 17, 1), 1);
    cr_assert_eq(pair->ops->send_batch(&pair->end, batch_buf, 16, 1), 1);
    cr_assert(ipm_pair_tell(pair));
}

static const char *batch_take_two(struct ipm_pair *pair) {
    if (!ipm_pair_await(pair))
        return "the parent is gone";
    if (pair->ops->recv_batch(&pair->end, batch_buf, 16, BATCH, batch_lens) != 2)
        return "waited for more than there is, or took less";
    return batch_lens[0] == 17 && batch_lens[1] == 16 ? NULL : "a wrong length";
}

Test(transport_batch, takes_what_is_there_and_tells_the_length_of_what_does_not_fit) {
    batch_each(IPM_CAP_HOLLOW, batch_take_two, batch_give_two);
}

static void batch_give_mark(struct ipm_pair *pair) {
    cr_assert_eq(pair->ops->send_batch(&pair->end, batch_buf, 16, 1), 1);
    cr_assert_eq(pair->ops->finish(&pair->end), 0);
    cr_assert(ipm_pair_tell(pair));
}

static const char *batch_take_mark(struct ipm_pair *pair) {
    if (!ipm_pair_await(pair))
        return "the parent is gone";
    if (pair->ops->recv_batch(&pair->end, batch_buf, 16, BATCH, batch_lens) != 2)
        return "not a message and a mark";
    return batch_lens[0] == 16 && batch_lens[1] == 0 ? NULL : "the mark is not empty";
}

Test(transport_batch, may_hold_the_mark_of_the_end) {
    batch_each(IPM_CAP_HOLLOW | IPM_CAP_CONNECTED, batch_take_mark, batch_give_mark);
}

static void batch_give_end(struct ipm_pair *pair) {
    cr_assert_eq(pair->ops->finish(&pair->end), 0);
}

static const char *batch_take_end(struct ipm_pair *pair) {
    const ssize_t came =
        pair->ops->recv_batch(&pair->end, batch_buf, 16, BATCH, batch_lens);
    return came == 0 || (came > 0 && batch_lens[0] == 0) ? NULL : "no end";
}

Test(transport_batch, begins_with_nothing_where_a_stream_has_ended) {
    IPM_PAIR_EACH(ops, IPM_CAP_CONNECTED, IPM_CAP_HOLLOW)
    if (ops->send_batch)
        batch_run(ops, batch_take_end, batch_give_end);
}

static void batch_give_nothing(struct ipm_pair *pair) {
    cr_expect_eq(pair->ops->send_batch(&pair->end, batch_buf, BATCH_BYTES, BATCH), BATCH);
    cr_expect_eq(
        pair->ops->recv_batch(&pair->end, batch_buf, BATCH_CAP, BATCH, batch_lens),
        BATCH);
    for (unsigned i = 0; i < BATCH; i++)
        cr_expect_eq(batch_lens[i], (size_t)BATCH_BYTES);
}

static const char *batch_idle(struct ipm_pair *pair) {
    (void)pair;
    return NULL;
}

Test(transport_batch, is_made_up_by_what_is_hollow) {
    IPM_PAIR_EACH(ops, IPM_CAP_HOLLOW, 0u)
    batch_run(ops, batch_idle, batch_give_nothing);
}
