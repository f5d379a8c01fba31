/* test_transport_limits.c - the largest message that probe and limit promise arrives, whatever
 * buffer is asked for, and does not wait for ever. */
#include "pair.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <unistd.h>

enum { LIMITS_MESSAGES = 3, LIMITS_LARGEST = 16 << 20, LIMITS_HANG_S = 60 };

static const size_t limits_buffers[] = {0, 1, 300, 5000, 70000};

static size_t limits_largest(const struct ipm_transport *ops, size_t buffer_bytes) {
    struct ipm_err err = {0};
    size_t most = 0;
    cr_assert_eq(ipm_runner_try(ops, buffer_bytes, &most, &err), 0, "%s, %zu: %s",
                 ops->name, buffer_bytes, err.text);
    cr_assert(most > 0, "%s, %zu", ops->name, buffer_bytes);
    return most == SIZE_MAX ? IPM_PAIR_LARGEST
                            : (most < LIMITS_LARGEST ? most : LIMITS_LARGEST);
}

static const char *limits_take(struct ipm_pair *pair) {
    const size_t bytes = pair->link.config.message_bytes;
    unsigned char *message = malloc(bytes);
    const char *words = message ? NULL : "no memory";
    (void)alarm(LIMITS_HANG_S);
    for (unsigned i = 0; !words && i < LIMITS_MESSAGES; i++) {
        if (ipm_pair_recv(pair, message, bytes) != (ssize_t)bytes ||
            !ipm_pair_holds(message, bytes, i))
            words = "the largest message did not come whole";
        else if (!ipm_pair_tell(pair))
            words = "the parent is gone";
    }
    free(message);
    return words;
}

static void limits_try(const struct ipm_transport *ops, size_t buffer_bytes) {
    const struct ipm_link_config config = {.message_bytes =
                                               limits_largest(ops, buffer_bytes),
                                           .buffer_bytes = buffer_bytes,
                                           .timeout_ms = IPM_PAIR_TIMEOUT_MS};
    struct ipm_pair pair;
    unsigned char *message = malloc(config.message_bytes);
    cr_assert_not_null(message);
    ipm_pair_open(&pair, ops, &config);
    ipm_pair_start(&pair, limits_take);
    for (unsigned i = 0; i < LIMITS_MESSAGES; i++) {
        ipm_pair_fill(message, config.message_bytes, i);
        cr_assert(ipm_pair_send_all(&pair.end, message, config.message_bytes),
                  "%s: a buffer of %zu, a message of %zu", ops->name, buffer_bytes,
                  config.message_bytes);
        cr_assert(ipm_pair_await(&pair), "%s: a buffer of %zu", ops->name, buffer_bytes);
    }
    ipm_pair_end(&pair);
    free(message);
}

Test(transport_limits, are_those_of_the_buffer_that_is_asked_for) {
    (void)alarm(LIMITS_HANG_S);
    IPM_PAIR_EACH(ops, IPM_CAP_MESSAGES | IPM_CAP_RELIABLE,
                  IPM_CAP_HOLLOW | IPM_CAP_UNWOKEN)
    for (size_t i = 0; i < sizeof limits_buffers / sizeof *limits_buffers; i++)
        limits_try(ops, limits_buffers[i]);
}
