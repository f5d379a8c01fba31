/* test_transport_series.c - series of messages of one length, for every transport that takes them
 * by one call. */
#include "pair.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { SERIES = 400, SERIES_LONGEST = 100, SERIES_BYTES = 700, SERIES_OTHER_BYTES = 16 };

static unsigned char series_buf[SERIES_BYTES + 1];

static void series_each(const char *(*child)(struct ipm_pair *pair),
                        void (*parent)(struct ipm_pair *pair)) {
    const struct ipm_link_config config = {.message_bytes = SERIES_BYTES,
                                           .buffer_bytes = (size_t)64 * SERIES_BYTES,
                                           .timeout_ms = IPM_PAIR_TIMEOUT_MS};
    IPM_PAIR_EACH(ops, IPM_CAP_IN_PLACE, 0u)
    if (ops->send_series) {
        struct ipm_pair pair;
        ipm_pair_open(&pair, ops, &config);
        ipm_pair_start(&pair, child);
        parent(&pair);
        ipm_pair_end(&pair);
    }
}

/* How many messages of the same contents follow each other. */
static unsigned series_length(unsigned i) {
    return 1 + i * 37 % SERIES_LONGEST;
}

static void series_give(struct ipm_pair *pair, size_t bytes, unsigned count) {
    for (unsigned sent = 0; sent < count;) {
        const ssize_t moved =
            pair->ops->send_series(&pair->end, series_buf, bytes, count - sent);
        cr_assert(moved > 0 ? moved <= (ssize_t)(count - sent) : errno == EINTR,
                  "%s: %zd of %u", pair->ops->name, moved, count - sent);
        sent += moved > 0 ? (unsigned)moved : 0;
    }
}

static void series_give_all(struct ipm_pair *pair) {
    for (unsigned i = 0; i < SERIES; i++) {
        ipm_pair_fill(series_buf, SERIES_BYTES, i);
        series_give(pair, SERIES_BYTES, series_length(i));
    }
    cr_expect_eq(pair->ops->finish(&pair->end), 0);
}

static ssize_t series_borrow(struct ipm_pair *pair, unsigned most,
                             const unsigned char **ret_message, size_t *ret_stride) {
    const void *first = NULL;
    ssize_t came;
    do
        came =
            pair->ops->borrow_series(&pair->end, SERIES_BYTES, most, &first, ret_stride);
    while (came < 0 && errno == EINTR);
    *ret_message = first;
    return came;
}

/* `of`: messages of the i-th series that came before. */
static bool series_holds(const unsigned char *message, unsigned *i, unsigned *of) {
    const bool holds = ipm_pair_holds(message, SERIES_BYTES, *i);
    if (++*of == series_length(*i)) {
        *of = 0;
        ++*i;
    }
    return holds;
}

static const char *series_take_all(struct ipm_pair *pair) {
    unsigned i = 0;
    unsigned of = 0;
    const unsigned char *message;
    size_t stride;
    for (unsigned turn = 0; i < SERIES; turn++) {
        const unsigned most = 1 + turn * 53 % SERIES_LONGEST;
        const ssize_t came = series_borrow(pair, most, &message, &stride);
        if (came < 1 || came > (ssize_t)most)
            return "no message, or more than wanted";
        if (turn % 100 == 0)
            (void)usleep(5000); /* the sender fills all of its space */
        for (ssize_t n = 0; n < came; n++)
            if (!series_holds(message + (size_t)n * stride, &i, &of))
                return "a message is not as it was sent";
        if (pair->ops->release_series(&pair->end, (unsigned)came) != 0)
            return "cannot release";
    }
    return series_borrow(pair, 1, &message, &stride) == 0 ? NULL : "no end of the stream";
}

Test(transport_series, come_out_as_they_went_in) {
    series_each(series_take_all, series_give_all);
}

static void series_give_others(struct ipm_pair *pair) {
    ipm_pair_fill(series_buf, SERIES_BYTES, 1);
    series_give(pair, SERIES_BYTES, 3);
    series_give(pair, SERIES_OTHER_BYTES, 2);
    series_give(pair, SERIES_BYTES, 1);
    cr_expect_eq(pair->ops->send_series(&pair->end, series_buf, sizeof series_buf, 1),
                 -1);
    cr_expect_eq(errno, EMSGSIZE, "%s", pair->ops->name);
    cr_assert(ipm_pair_tell(pair));
}

static bool series_is_of(struct ipm_pair *pair, ssize_t wanted) {
    const unsigned char *message;
    size_t stride;
    return series_borrow(pair, SERIES_LONGEST, &message, &stride) == wanted &&
           (wanted < 0 || pair->ops->release_series(&pair->end, (unsigned)wanted) == 0);
}

static bool series_has_other(struct ipm_pair *pair) {
    const void *message;
    return series_is_of(pair, -1) && errno == EMSGSIZE &&
           pair->ops->borrow(&pair->end, &message) == SERIES_OTHER_BYTES &&
           ipm_pair_holds(message, SERIES_OTHER_BYTES, 1) &&
           pair->ops->release(&pair->end) == 0;
}

static const char *series_take_others(struct ipm_pair *pair) {
    if (!ipm_pair_await(pair))
        return "the parent is gone";
    return series_is_of(pair, 3) && series_has_other(pair) && series_has_other(pair) &&
                   series_is_of(pair, 1)
               ? NULL
               : "a series does not end where the length changes";
}

Test(transport_series, end_before_a_message_of_another_length) {
    series_each(series_take_others, series_give_others);
}
