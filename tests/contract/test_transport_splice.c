/* test_transport_splice.c - pages lent to a pipe: never written to before they are read. */
#include "pair.h"
#include "run/waits/wait.h"
#include "transports/pipe/lending.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { LENT_PLACES = 4, LENT_MESSAGES = 60, LENT_MOST = 5 * 4096 + 17 };

static unsigned char lent_buf[LENT_MOST];

Test(transport_splice, can_do_what_a_pipe_can_but_for_connecting) {
    static const char *const names[] = {"pipe-vmsplice", "pipe-splice"};
    for (size_t i = 0; i < 2; i++) {
        const struct ipm_transport *ops = ipm_transport_find(names[i]);
        cr_assert_not_null(ops);
        cr_expect_eq(ops->caps,
                     ipm_transport_find("pipe")->caps & ~(unsigned)IPM_CAP_PLAIN);
        cr_expect_eq(ops->direction, IPM_SIMPLEX);
        cr_expect_null(ops->connect);
        cr_expect(ops->lease && ops->commit && !ops->borrow);
    }
}

/* --- places: against a pipe that nobody reads from until it is full ---------------------- */

struct lent_pipe {
    const unsigned char *pages[1024]; /* in the order given */
    size_t given;
    size_t places;
};

/* Whether the place has a page that may still be in the pipe. */
static bool lent_is_unread(const struct lent_pipe *pipe, const unsigned char *place,
                           size_t len) {
    const size_t first = pipe->given > pipe->places ? pipe->given - pipe->places : 0;
    for (size_t i = first; i < pipe->given; i++)
        if (pipe->pages[i] >= place && pipe->pages[i] < place + len)
            return true;
    return false;
}

static void lent_give(struct lent_pipe *pipe, struct ipm_lending *lending,
                      const unsigned char *place, size_t len) {
    for (size_t at = 0; at < len && pipe->given < 1024; at += IPM_LENDING_PAGE)
        pipe->pages[pipe->given++] = place + at;
    lending->at += len;
}

/* Messages of one size, or of any. Before the next is made, all but what fits the pipe has been
 * read, for it was given whole. */
static void lent_check(size_t places, size_t most, bool any) {
    struct lent_pipe pipe = {.places = places};
    struct ipm_lending lending;
    struct ipm_err err = {0};
    cr_assert_eq(ipm_lending_init(&lending, most, places * IPM_LENDING_PAGE, false, &err),
                 0);
    for (unsigned i = 0; pipe.given < 900 && i < 900; i++) {
        const size_t len = any ? 1 + (size_t)i * 7919 % most : most;
        unsigned char *place = ipm_lending_next(&lending);
        cr_assert_eq((uintptr_t)place % IPM_LENDING_PAGE, 0u);
        cr_assert(place >= lending.memory &&
                  place + most <= lending.memory + lending.bytes);
        cr_assert(!lent_is_unread(&pipe, place, len),
                  "%zu places, %zu of %zu, message %u", places, len, most, i);
        lent_give(&pipe, &lending, place, len);
    }
    ipm_lending_done(&lending);
    ipm_lending_done(&lending);
}

Test(transport_splice, places_are_not_had_again_before_they_are_read) {
    static const size_t places[] = {1, 2, 16, 64};
    static const size_t sizes[] = {1, 64, 4096, 4097, 65536, 65537, 100000};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        for (size_t j = 0; j < sizeof sizes / sizeof *sizes; j++) {
            lent_check(places[i], sizes[j], false);
            lent_check(places[i], sizes[j], true);
        }
}

Test(transport_splice, places_of_the_capacity_are_two) {
    struct ipm_lending lending;
    struct ipm_err err = {0};
    cr_assert_eq(ipm_lending_init(&lending, 65536, 65536, false, &err), 0);
    unsigned char *first = ipm_lending_next(&lending);
    lending.at += 65536;
    unsigned char *second = ipm_lending_next(&lending);
    lending.at += 65536;
    cr_expect_neq(first, second);
    cr_expect_eq(ipm_lending_next(&lending), first);
    ipm_lending_done(&lending);
}

Test(transport_splice, places_begin_on_a_huge_page_where_one_is_wanted) {
    struct ipm_lending lending;
    struct ipm_err err = {0};
    cr_assert_eq(ipm_lending_init(&lending, 64, 65536, true, &err), 0);
    cr_expect_eq((uintptr_t)lending.memory % (2u << 20), 0u);
    ipm_lending_done(&lending);
}

Test(transport_splice, places_larger_than_memory_are_refused_in_words) {
    struct ipm_lending lending;
    struct ipm_err err = {0};
    cr_expect_eq(ipm_lending_init(&lending, SIZE_MAX, 65536, true, &err), -ENOMEM);
    cr_expect_neq(err.text[0], '\0');
    cr_expect_null(lending.map);
    ipm_lending_done(&lending);
}

/* --- the real pipe: the sender is always as far ahead as it can be ----------------------- */

static size_t lent_bytes(unsigned which) {
    static const size_t sizes[] = {4096, 64, LENT_MOST, 5000, 1};
    return sizes[which / 12 % 5];
}

/* Until the sender waits: nothing more comes for a while. */
static void lent_let_fill(int fd) {
    static const struct timespec pause = {.tv_nsec = 300000};
    int before = -1;
    int now = 0;
    while (before != now) {
        before = now;
        (void)nanosleep(&pause, NULL);
        (void)ioctl(fd, FIONREAD, &now);
    }
}

static const char *lent_read_late(struct ipm_pair *pair) {
    for (unsigned i = 0; i < LENT_MESSAGES; i++) {
        lent_let_fill(pair->end.rx_fd);
        if (!ipm_pair_recv_all(&pair->end, lent_buf, lent_bytes(i)) ||
            !ipm_pair_holds(lent_buf, lent_bytes(i), i))
            return "a message was changed after it had been sent";
    }
    return NULL;
}

static bool lent_commit_all(struct ipm_endpoint *end, size_t count) {
    for (size_t sent = 0; sent < count;) {
        ssize_t r = end->ops->commit(end, count - sent);
        if (r <= 0)
            return false;
        sent += (size_t)r;
    }
    return true;
}

static void lent_send_in_place(struct ipm_pair *pair) {
    for (unsigned i = 0; i < LENT_MESSAGES; i++) {
        void *place = NULL;
        cr_assert_leq(LENT_MOST, pair->ops->lease(&pair->end, &place));
        ipm_pair_fill(place, lent_bytes(i), i);
        cr_assert(lent_commit_all(&pair->end, lent_bytes(i)));
    }
}

static void lent_send_from_anywhere(struct ipm_pair *pair) {
    for (unsigned i = 0; i < LENT_MESSAGES; i++) {
        ipm_pair_fill(lent_buf, lent_bytes(i), i);
        cr_assert(ipm_pair_send_all(&pair->end, lent_buf, lent_bytes(i)));
        memset(lent_buf, 0xee, sizeof lent_buf);
    }
}

static void lent_run(const struct ipm_transport *ops,
                     const char *(*child)(struct ipm_pair *pair),
                     void (*parent)(struct ipm_pair *pair)) {
    const struct ipm_link_config config = {.message_bytes = LENT_MOST,
                                           .buffer_bytes =
                                               (size_t)LENT_PLACES * IPM_LENDING_PAGE,
                                           .timeout_ms = IPM_PAIR_TIMEOUT_MS};
    struct ipm_pair pair;
    ipm_pair_open(&pair, ops, &config);
    ipm_pair_start(&pair, child);
    parent(&pair);
    ipm_pair_end(&pair);
}

Test(transport_splice, what_is_made_in_place_is_not_changed_before_it_is_read) {
    IPM_PAIR_EACH(ops, 0u, IPM_CAP_MESSAGES)
    if (ops->lease)
        lent_run(ops, lent_read_late, lent_send_in_place);
}

Test(transport_splice, what_comes_from_elsewhere_is_not_changed_either) {
    IPM_PAIR_EACH(ops, 0u, IPM_CAP_MESSAGES)
    if (ops->lease)
        lent_run(ops, lent_read_late, lent_send_from_anywhere);
}

/* --- counted ------------------------------------------------------------------------------ */

static const char *lent_count(struct ipm_pair *pair) {
    size_t came = 0;
    ssize_t moved = 0;
    memset(lent_buf, 7, sizeof lent_buf);
    pair->end.counted = true;
    while ((moved = pair->ops->recv(&pair->end, lent_buf, sizeof lent_buf)) > 0)
        came += (size_t)moved;
    if (moved != 0)
        return "the end is not told";
    return came == 4096 + 5 ? NULL : "not what was sent";
}

static void lent_send_little(struct ipm_pair *pair) {
    cr_assert(ipm_pair_send_all(&pair->end, lent_buf, 4096));
    cr_assert(ipm_pair_send_all(&pair->end, lent_buf, 5));
    cr_assert_eq(pair->ops->finish(&pair->end), 0);
}

Test(transport_splice, bytes_that_nobody_looks_at_are_counted_to_the_end) {
    IPM_PAIR_EACH(ops, IPM_CAP_RELIABLE, IPM_CAP_MESSAGES)
    lent_run(ops, lent_count, lent_send_little);
}

static const char *lent_recv_nothing(struct ipm_pair *pair) {
    if (ipm_wait_unblock(&pair->end, &pair->err) != 0)
        return "cannot be non-blocking";
    pair->end.counted = true;
    ssize_t moved = pair->ops->recv(&pair->end, lent_buf, sizeof lent_buf);
    return moved == -1 && errno == EAGAIN && ipm_pair_tell(pair) ? NULL : "it waits";
}

/* Sends nothing, then more than fits: neither side may wait. */
static void lent_send_too_much(struct ipm_pair *pair) {
    cr_assert(ipm_pair_await(pair));
    cr_assert_eq(ipm_wait_unblock(&pair->end, &pair->err), 0);
    ssize_t moved = 1;
    size_t sent = 0;
    while ((moved = pair->ops->send(&pair->end, lent_buf, sizeof lent_buf)) > 0)
        sent += (size_t)moved;
    cr_expect(errno == EAGAIN || errno == EPIPE, "%s", strerror(errno));
    cr_expect(sent <= (size_t)LENT_PLACES * IPM_LENDING_PAGE);
}

Test(transport_splice, neither_side_waits_when_it_is_not_to) {
    lent_run(ipm_transport_find("pipe-splice"), lent_recv_nothing, lent_send_too_much);
}

static const struct ipm_fact *lent_notice(struct ipm_endpoint *end, bool counted) {
    static struct ipm_facts settings;
    struct ipm_facts endpoint = {0};
    settings = (struct ipm_facts){0};
    end->counted = counted;
    end->ops->describe(end, &endpoint, &settings);
    return ipm_facts_find(&settings, "notice");
}

static const char *lent_describe(struct ipm_pair *pair) {
    if (lent_notice(&pair->end, false))
        return "a receiver that reads has a notice";
    const struct ipm_fact *notice = lent_notice(&pair->end, true);
    return notice && strstr(notice->text, "not seen a byte") ? NULL : "it is not told";
}

static void lent_describe_sender(struct ipm_pair *pair) {
    cr_expect_null(lent_notice(&pair->end, true));
}

Test(transport_splice, says_so_when_the_receiver_sees_nothing) {
    lent_run(ipm_transport_find("pipe-splice"), lent_describe, lent_describe_sender);
}
