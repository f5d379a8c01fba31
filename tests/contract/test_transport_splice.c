/* test_transport_splice.c - pages lent to a pipe: never written to before they are read. */
#include "pair.h"
#include "run/waits/wait.h"
#include "transports/pipe/rooms.h"

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
        cr_expect_not_null(ops->room);
    }
    cr_expect_null(ipm_transport_find("pipe-vmsplice")->discard);
    cr_expect_not_null(ipm_transport_find("pipe-splice")->discard);
}

Test(transport_splice, rooms_and_discards_are_for_byte_streams) {
    IPM_PAIR_EACH(ops, IPM_CAP_MESSAGES, 0u)
    cr_expect(!ops->room && !ops->discard, "%s", ops->name);
}

/* --- rooms: against a pipe that nobody reads from until it is full ---------------------- */

struct lent_pipe {
    const unsigned char *pages[1024]; /* in the order given */
    size_t given;
    size_t places;
};

/* Whether the room has a page that may still be in the pipe. */
static bool lent_is_unread(const struct lent_pipe *pipe, const unsigned char *room,
                           size_t len) {
    const size_t first = pipe->given > pipe->places ? pipe->given - pipe->places : 0;
    for (size_t i = first; i < pipe->given; i++)
        if (pipe->pages[i] >= room && pipe->pages[i] < room + len)
            return true;
    return false;
}

static void lent_give(struct lent_pipe *pipe, struct ipm_rooms *rooms,
                      const unsigned char *room, size_t len) {
    for (size_t at = 0; at < len && pipe->given < 1024; at += IPM_ROOMS_PAGE)
        pipe->pages[pipe->given++] = room + at;
    ipm_rooms_give(rooms, room + len);
}

/* Messages of one size, or of any. Before the next is made, all but what fits the pipe has been
 * read, for it was given whole. */
static void lent_check(size_t places, size_t most, bool any) {
    struct lent_pipe pipe = {.places = places};
    struct ipm_rooms rooms;
    struct ipm_err err = {0};
    cr_assert_eq(ipm_rooms_init(&rooms, most, places * IPM_ROOMS_PAGE, false, &err), 0);
    for (unsigned i = 0; pipe.given < 900 && i < 900; i++) {
        const size_t len = any ? 1 + (size_t)i * 7919 % most : most;
        unsigned char *room = ipm_rooms_next(&rooms, len);
        cr_assert_eq((uintptr_t)room % IPM_ROOMS_PAGE, 0u);
        cr_assert(ipm_rooms_hold(&rooms, room) && ipm_rooms_hold(&rooms, room + len - 1));
        cr_assert(!lent_is_unread(&pipe, room, len), "%zu places, %zu of %zu, message %u",
                  places, len, most, i);
        lent_give(&pipe, &rooms, room, len);
    }
    ipm_rooms_done(&rooms);
    ipm_rooms_done(&rooms);
}

Test(transport_splice, rooms_are_not_had_again_before_they_are_read) {
    static const size_t places[] = {1, 2, 16, 64};
    static const size_t sizes[] = {1, 64, 4096, 4097, 65536, 65537, 100000};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        for (size_t j = 0; j < sizeof sizes / sizeof *sizes; j++) {
            lent_check(places[i], sizes[j], false);
            lent_check(places[i], sizes[j], true);
        }
}

Test(transport_splice, rooms_of_the_capacity_are_two) {
    struct ipm_rooms rooms;
    struct ipm_err err = {0};
    cr_assert_eq(ipm_rooms_init(&rooms, 65536, 65536, false, &err), 0);
    unsigned char *first = ipm_rooms_next(&rooms, 65536);
    ipm_rooms_give(&rooms, first + 65536);
    unsigned char *second = ipm_rooms_next(&rooms, 65536);
    ipm_rooms_give(&rooms, second + 65536);
    cr_expect_neq(first, second);
    cr_expect_eq(ipm_rooms_next(&rooms, 65536), first);
    ipm_rooms_done(&rooms);
}

Test(transport_splice, rooms_begin_on_a_huge_page_where_one_is_wanted) {
    struct ipm_rooms rooms;
    struct ipm_err err = {0};
    cr_assert_eq(ipm_rooms_init(&rooms, 64, 65536, true, &err), 0);
    cr_expect_eq((uintptr_t)rooms.memory % (2u << 20), 0u);
    ipm_rooms_done(&rooms);
}

Test(transport_splice, rooms_larger_than_memory_are_refused_in_words) {
    struct ipm_rooms rooms;
    struct ipm_err err = {0};
    cr_expect_eq(ipm_rooms_init(&rooms, SIZE_MAX, 65536, true, &err), -ENOMEM);
    cr_expect_neq(err.text[0], '\0');
    cr_expect_null(rooms.map);
    ipm_rooms_done(&rooms);
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

static void lent_send_in_rooms(struct ipm_pair *pair) {
    for (unsigned i = 0; i < LENT_MESSAGES; i++) {
        unsigned char *room = pair->ops->room(&pair->end, lent_bytes(i));
        ipm_pair_fill(room, lent_bytes(i), i);
        cr_assert(ipm_pair_send_all(&pair->end, room, lent_bytes(i)));
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
                                               (size_t)LENT_PLACES * IPM_ROOMS_PAGE,
                                           .timeout_ms = IPM_PAIR_TIMEOUT_MS};
    struct ipm_pair pair;
    ipm_pair_open(&pair, ops, &config);
    ipm_pair_start(&pair, child);
    parent(&pair);
    ipm_pair_end(&pair);
}

Test(transport_splice, what_is_made_in_rooms_is_not_changed_before_it_is_read) {
    IPM_PAIR_EACH(ops, 0u, 0u)
    if (ops->room)
        lent_run(ops, lent_read_late, lent_send_in_rooms);
}

Test(transport_splice, what_comes_from_elsewhere_is_not_changed_either) {
    IPM_PAIR_EACH(ops, 0u, 0u)
    if (ops->room)
        lent_run(ops, lent_read_late, lent_send_from_anywhere);
}

/* --- discard ------------------------------------------------------------------------------ */

static const char *lent_discard(struct ipm_pair *pair) {
    size_t came = 0;
    ssize_t moved = 0;
    memset(lent_buf, 7, sizeof lent_buf);
    while ((moved = pair->ops->discard(&pair->end, lent_buf, sizeof lent_buf)) > 0)
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

Test(transport_splice, a_discard_counts_like_a_read_and_tells_the_end) {
    IPM_PAIR_EACH(ops, 0u, 0u)
    if (ops->discard)
        lent_run(ops, lent_discard, lent_send_little);
}

static const char *lent_discard_nothing(struct ipm_pair *pair) {
    if (ipm_wait_unblock(&pair->end, &pair->err) != 0)
        return "cannot be non-blocking";
    ssize_t moved = pair->ops->discard(&pair->end, lent_buf, sizeof lent_buf);
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
    cr_expect(sent <= (size_t)LENT_PLACES * IPM_ROOMS_PAGE);
}

Test(transport_splice, neither_side_waits_when_it_is_not_to) {
    IPM_PAIR_EACH(ops, 0u, 0u)
    if (ops->discard)
        lent_run(ops, lent_discard_nothing, lent_send_too_much);
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
