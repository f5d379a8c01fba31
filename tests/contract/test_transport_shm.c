/* test_transport_shm.c - what is special about rings in shared memory: messages in place, whom
 * they wake, and what a hostile neighbour can do. */
#include "pair.h"
#include "run/waits/wait.h"
#include "tests/support/refuse.h"
#include "transports/memory/shm.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { SHM_SLEEPS = 200, SHM_LATE_MOST = 10, SHM_FLOOD = 20000 };

static const char *const shm_names[] = {"shm-ring", "shm-spin", "shm-eventfd"};
enum { SHM_ROWS = sizeof shm_names / sizeof *shm_names };

static unsigned char shm_buf[IPM_PAIR_LARGEST];

static void shm_each(const char *(*child)(struct ipm_pair *pair),
                     void (*parent)(struct ipm_pair *pair)) {
    for (size_t i = 0; i < SHM_ROWS; i++)
        ipm_pair_run(ipm_transport_find(shm_names[i]), child, parent);
}

Test(transport_shm, is_what_it_says) {
    const unsigned ring = IPM_CAP_MESSAGES | IPM_CAP_RELIABLE | IPM_CAP_CONNECTED |
                          IPM_CAP_MULTI | IPM_CAP_IN_PLACE | IPM_CAP_LOOKS;
    cr_expect_eq(ipm_transport_find("shm-ring")->caps, ring);
    cr_expect_eq(ipm_transport_find("shm-spin")->caps, ring | IPM_CAP_UNWOKEN);
    cr_expect_eq(ipm_transport_find("shm-eventfd")->caps, ring | IPM_CAP_POLLABLE);
    for (size_t i = 0; i < SHM_ROWS; i++) {
        cr_expect_eq(ipm_transport_find(shm_names[i])->direction, IPM_DUPLEX);
        cr_expect_eq(ipm_transport_find(shm_names[i])->family, IPM_FAMILY_MEMORY);
    }
}

static ssize_t shm_borrow(struct ipm_pair *pair, const void **ret_message) {
    ssize_t bytes = 0;
    do
        bytes = pair->ops->borrow(&pair->end, ret_message);
    while (bytes < 0 && errno == EINTR);
    return bytes;
}

static bool shm_lend(struct ipm_pair *pair, size_t bytes, unsigned seed) {
    void *room = NULL;
    ssize_t most = 0;
    do
        most = pair->ops->lease(&pair->end, &room);
    while (most < 0 && errno == EINTR);
    if (most < (ssize_t)bytes)
        return false;
    ipm_pair_fill(room, bytes, seed);
    return pair->ops->commit(&pair->end, bytes) == (ssize_t)bytes;
}

static size_t shm_size(unsigned i) {
    return 1 + i * 7919u % IPM_PAIR_LARGEST;
}

/* What is borrowed stays as it is until it is released, however much comes meanwhile. */
static const char *shm_take_in_place(struct ipm_pair *pair) {
    const void *message = NULL;
    for (unsigned i = 0; i < SHM_SLEEPS; i++) {
        if (shm_borrow(pair, &message) != (ssize_t)shm_size(i))
            return "a wrong length";
        if (i % 50 == 0)
            (void)usleep(20000);
        if (!ipm_pair_holds(message, shm_size(i), i))
            return "a message is not as it was written";
        if (pair->ops->release(&pair->end) != 0)
            return "cannot release";
    }
    return shm_borrow(pair, &message) == 0 && !message ? NULL : "no end of the stream";
}

static void shm_give_in_place(struct ipm_pair *pair) {
    for (unsigned i = 0; i < SHM_SLEEPS; i++)
        cr_assert(shm_lend(pair, shm_size(i), i), "%s: %u", pair->ops->name, i);
    cr_expect_eq(pair->ops->finish(&pair->end), 0);
}

Test(transport_shm, carries_messages_in_place) {
    shm_each(shm_take_in_place, shm_give_in_place);
}

static void shm_give_too_large(struct ipm_pair *pair) {
    void *room = NULL;
    cr_expect_eq(ipm_pair_send(pair, shm_buf, sizeof shm_buf + 1), -EMSGSIZE);
    cr_assert_eq(pair->ops->lease(&pair->end, &room), IPM_PAIR_LARGEST);
    cr_expect_eq(pair->ops->commit(&pair->end, sizeof shm_buf + 1), -1);
    cr_expect_eq(errno, EMSGSIZE);
    cr_expect_eq(pair->ops->finish(&pair->end), 0);
}

static const char *shm_expect_the_end(struct ipm_pair *pair) {
    return ipm_pair_recv(pair, shm_buf, sizeof shm_buf) == 0 ? NULL : "something came";
}

/* Spinning needs no barrier; the others pay for one per message, and say so. */
static void shm_check_unbarred(const struct ipm_transport *ops, int error_number) {
    struct ipm_facts endpoint = {0};
    struct ipm_facts settings = {0};
    struct ipm_pair pair;
    ipm_pair_open_plain(&pair, ops);
    ipm_pair_start(&pair, shm_take_in_place);
    ops->describe(&pair.end, &endpoint, &settings);
    cr_expect_eq(ipm_facts_find(&settings, "notice") != NULL,
                 (ops->caps & IPM_CAP_UNWOKEN) == 0, "%s, %d", ops->name, error_number);
    shm_give_in_place(&pair);
    ipm_pair_end(&pair);
}

Test(transport_shm, needs_no_membarrier) {
    static const int errors[] = {EPERM, EINVAL, ENOSYS};
    for (size_t e = 0; e < sizeof errors / sizeof *errors; e++) {
        ipm_refuse(SYS_membarrier, errors[e]);
        for (size_t i = 0; i < SHM_ROWS; i++)
            shm_check_unbarred(ipm_transport_find(shm_names[i]), errors[e]);
    }
}

Test(transport_shm, that_a_filter_forbids_says_so) {
    struct ipm_err err = {0};
    size_t most = 0;
    ipm_refuse(SYS_eventfd2, EPERM);
    cr_expect_eq(ipm_runner_try(ipm_transport_find("shm-eventfd"), 0, &most, &err),
                 -EPERM);
    cr_expect_str_eq(err.text, "cannot make an eventfd: Operation not permitted");
    cr_expect(strstr(err.hint, "filter of system calls"), "%s", err.hint);
}

Test(transport_shm, takes_no_message_longer_than_open_was_told) {
    shm_each(shm_expect_the_end, shm_give_too_large);
}

/* Each message comes when the reader sleeps, or is about to; a wake-up that is lost is made
 * good by the clock, and counted. */
static const char *shm_sleep_often(struct ipm_pair *pair) {
    const struct ipm_shm_end *shm = pair->end.state;
    for (unsigned i = 0; i < SHM_SLEEPS; i++) {
        if (ipm_pair_recv(pair, shm_buf, sizeof shm_buf) != 8)
            return "a message was lost";
        if (shm->late_messages > SHM_LATE_MOST)
            return "wake-ups are lost";
    }
    return NULL;
}

static void shm_await_sleeper(const struct ipm_pair *pair) {
    const struct ipm_shm_end *shm = pair->end.state;
    for (unsigned i = 0; i < 2000 && atomic_load(&shm->out.shared->reader_waits) == 0;
         i++)
        (void)usleep(50);
}

static void shm_wake_often(struct ipm_pair *pair) {
    for (unsigned i = 0; i < SHM_SLEEPS; i++) {
        shm_await_sleeper(pair);
        if (i % 4)
            (void)usleep(i % 4 * 20);
        if (ipm_pair_send(pair, shm_buf, 8) != 8)
            break; /* the child says why */
    }
}

Test(transport_shm, wakes_who_sleeps) {
    ipm_pair_run(ipm_transport_find("shm-ring"), shm_sleep_often, shm_wake_often);
    ipm_pair_run(ipm_transport_find("shm-eventfd"), shm_sleep_often, shm_wake_often);
}

/* A reader that is told to spin never says that it sleeps, so nobody wakes it. */
static const char *shm_spin_for_each(struct ipm_pair *pair) {
    const struct ipm_shm_end *shm = pair->end.state;
    if (ipm_wait_prepare(ipm_wait_find("spin"), "spin", &pair->end, &pair->err) != 0)
        return pair->err.text;
    for (unsigned i = 0; i < SHM_SLEEPS; i++) {
        if (!ipm_pair_tell(pair) || ipm_pair_recv(pair, shm_buf, sizeof shm_buf) != 8)
            return "a message was lost";
        if (atomic_load(&shm->in.shared->reader_waits) != 0)
            return "it has slept";
    }
    return NULL;
}

static void shm_send_late(struct ipm_pair *pair) {
    const struct ipm_shm_end *shm = pair->end.state;
    for (unsigned i = 0; i < SHM_SLEEPS; i++) {
        cr_assert(ipm_pair_await(pair));
        (void)usleep(i % 4 * 100);
        cr_expect_eq(atomic_load(&shm->out.shared->reader_waits), 0);
        cr_assert_eq(ipm_pair_send(pair, shm_buf, 8), 8);
    }
}

Test(transport_shm, never_sleeps_where_it_is_told_to_spin) {
    ipm_pair_run(ipm_transport_find("shm-ring"), shm_spin_for_each, shm_send_late);
    ipm_pair_run(ipm_transport_find("shm-spin"), shm_spin_for_each, shm_send_late);
}

/* The reader lets the ring run full, and the writer sleep, before it takes it all. */
static const char *shm_take_flood(struct ipm_pair *pair) {
    const struct ipm_shm_end *shm = pair->end.state;
    for (unsigned i = 0; i < SHM_FLOOD; i++) {
        for (unsigned k = 0; k < 2000 && i % 1000 == 0; k++)
            if (atomic_load(&shm->in.shared->writer_waits) == 0)
                (void)usleep(50);
        if (ipm_pair_recv(pair, shm_buf, sizeof shm_buf) != 1000)
            return "a message was lost";
    }
    return NULL;
}

static void shm_flood(struct ipm_pair *pair) {
    const struct ipm_shm_end *shm = pair->end.state;
    for (unsigned i = 0; i < SHM_FLOOD; i++)
        if (ipm_pair_send(pair, shm_buf, 1000) != 1000)
            return; /* the child says why */
    cr_expect_leq(shm->late_rooms, SHM_LATE_MOST, "%s: wake-ups are lost",
                  pair->ops->name);
}

Test(transport_shm, wakes_who_waits_for_room) {
    ipm_pair_run(ipm_transport_find("shm-ring"), shm_take_flood, shm_flood);
    ipm_pair_run(ipm_transport_find("shm-eventfd"), shm_take_flood, shm_flood);
}

enum { SHM_LARGE = 3900 << 10, SHM_FIRST = 3 << 20, SHM_SMALL = 300 << 10 };

static unsigned char shm_large[SHM_LARGE];

static const char *shm_take_large(struct ipm_pair *pair) {
    for (unsigned i = 0; i < 7; i++)
        if (ipm_pair_recv(pair, shm_large, sizeof shm_large) <= 0)
            return "a message was lost";
    return NULL;
}

/* The small ones are less than a quarter of the ring, of which the writer hears late: and the
 * last one, for which the end of the ring is too short, needs the room of all of them. */
static void shm_give_large(struct ipm_pair *pair) {
    cr_assert_eq(ipm_pair_send(pair, shm_large, SHM_FIRST), SHM_FIRST);
    for (unsigned i = 0; i < 5; i++)
        cr_assert_eq(ipm_pair_send(pair, shm_large, SHM_SMALL), SHM_SMALL);
    cr_expect_eq(ipm_pair_send(pair, shm_large, SHM_LARGE), SHM_LARGE, "%s",
                 pair->ops->name);
}

Test(transport_shm, tells_of_all_its_room_once_there_is_nothing_to_read) {
    const struct ipm_link_config config = {.message_bytes = SHM_LARGE,
                                           .timeout_ms = IPM_PAIR_TIMEOUT_MS};
    for (size_t i = 0; i < SHM_ROWS; i++) {
        struct ipm_pair pair;
        ipm_pair_open(&pair, ipm_transport_find(shm_names[i]), &config);
        ipm_pair_start(&pair, shm_take_large);
        shm_give_large(&pair);
        ipm_pair_end(&pair);
    }
}

/* The ring is as the other process left it. */
static const char *shm_lie(struct ipm_pair *pair) {
    struct ipm_shm_end *shm = pair->end.state;
    atomic_store(ipm_ring_head(shm->out.data), shm->ring_bytes << 1 | 1);
    return ipm_pair_tell(pair) && ipm_pair_await(pair) ? NULL : "the parent is gone";
}

static void shm_refuse_the_lie(struct ipm_pair *pair) {
    cr_assert(ipm_pair_await(pair));
    cr_expect_eq(ipm_pair_recv(pair, shm_buf, sizeof shm_buf), -EBADMSG, "%s",
                 pair->ops->name);
    cr_assert(ipm_pair_tell(pair));
}

Test(transport_shm, refuses_a_length_that_leads_out_of_the_ring) {
    shm_each(shm_lie, shm_refuse_the_lie);
}

static bool shm_is_ready(int fd, short events, int timeout_ms) {
    struct pollfd wait = {.fd = fd, .events = events};
    return poll(&wait, 1, timeout_ms) == 1 && (wait.revents & events) != 0;
}

/* Readable for as long as there is something, and only then. */
static const char *shm_poll_messages(struct ipm_pair *pair) {
    (void)ipm_wait_unblock(&pair->end, NULL);
    for (unsigned round = 0; round < 20; round++) {
        if (!ipm_pair_tell(pair))
            return "the parent is gone";
        for (unsigned i = 0; i < 3; i++) {
            while (shm_is_ready(pair->end.rx_fd, POLLIN, 5000) &&
                   ipm_pair_recv(pair, shm_buf, sizeof shm_buf) == -EAGAIN)
                continue;
            if (i < 2 && round % 2 && !ipm_pair_await(pair))
                return "the parent is gone";
        }
        if (ipm_pair_recv(pair, shm_buf, sizeof shm_buf) != -EAGAIN)
            return "more came than was sent";
        if (shm_is_ready(pair->end.rx_fd, POLLIN, 0))
            return "readable although there is nothing";
    }
    return NULL;
}

static void shm_send_threes(struct ipm_pair *pair) {
    for (unsigned round = 0; round < 20; round++) {
        cr_assert(ipm_pair_await(pair));
        for (unsigned i = 0; i < 3; i++) {
            cr_assert_eq(ipm_pair_send(pair, shm_buf, 100), 100);
            if (i < 2 && round % 2)
                cr_assert(ipm_pair_tell(pair));
        }
    }
}

Test(transport_shm, of_eventfds_is_readable_while_there_is_something) {
    ipm_pair_run(ipm_transport_find("shm-eventfd"), shm_poll_messages, shm_send_threes);
}

static const char *shm_take_when_told(struct ipm_pair *pair) {
    size_t came = 0;
    if (!ipm_pair_await(pair))
        return "the parent is gone";
    while (ipm_pair_recv(pair, shm_buf, sizeof shm_buf) == 1000)
        came++;
    return came >= 1000 ? NULL : "some did not come";
}

static void shm_poll_room(struct ipm_pair *pair) {
    ssize_t r = 0;
    size_t sent = 0;
    (void)ipm_wait_unblock(&pair->end, NULL);
    cr_expect(shm_is_ready(pair->end.tx_fd, POLLOUT, 0));
    while ((r = ipm_pair_send(pair, shm_buf, 1000)) == 1000)
        sent++;
    cr_expect_eq(r, -EAGAIN);
    cr_expect_not(shm_is_ready(pair->end.tx_fd, POLLOUT, 0));
    cr_assert(ipm_pair_tell(pair));
    for (; sent < 10000; sent += r == 1000) {
        r = ipm_pair_send(pair, shm_buf, 1000);
        cr_assert(r == 1000 || shm_is_ready(pair->end.tx_fd, POLLOUT, 5000));
    }
    cr_expect_eq(pair->ops->finish(&pair->end), 0);
}

/* Puts a descriptor for which the call that wakes the other side fails in the place of an
 * eventfd. */
static void shm_break_bell(int bell, int flags) {
    int broken = open("/dev/null", flags | O_CLOEXEC);
    cr_assert_geq(broken, 0);
    cr_assert_geq(dup3(broken, bell, O_CLOEXEC), 0);
    (void)close(broken);
}

/* The writer of the parent fills the ring, and the child's eventfd for space cannot be emptied. */
static const char *shm_take_without_telling(struct ipm_pair *pair) {
    struct ipm_shm_end *shm = pair->end.state;
    ssize_t r = 0;
    if (!ipm_pair_await(pair))
        return "the parent is gone";
    shm_break_bell(shm->bells[1][1], O_WRONLY);
    while ((r = ipm_pair_recv(pair, shm_buf, sizeof shm_buf)) == 1000)
        ;
    return r == -EBADF ? NULL : "the failed call is not told";
}

static void shm_fill_until_full(struct ipm_pair *pair) {
    (void)ipm_wait_unblock(&pair->end, NULL);
    while (ipm_pair_send(pair, shm_buf, 1000) == 1000)
        ;
    cr_assert(ipm_pair_tell(pair));
}

Test(transport_shm, of_eventfds_tells_that_it_could_not_wake_a_writer) {
    ipm_pair_run(ipm_transport_find("shm-eventfd"), shm_take_without_telling,
                 shm_fill_until_full);
}

/* The first message of a ring signals in any case. */
Test(transport_shm, of_eventfds_tells_that_it_could_not_wake_a_reader) {
    struct ipm_pair pair;
    ipm_pair_open_plain(&pair, ipm_transport_find("shm-eventfd"));
    ipm_pair_start(&pair, ipm_pair_sleep);
    shm_break_bell(((struct ipm_shm_end *)pair.end.state)->bells[0][0], O_RDONLY);
    cr_expect_eq(ipm_pair_send(&pair, shm_buf, 1000), 1000);
    cr_expect_eq(ipm_pair_recv(&pair, shm_buf, 1000), -EBADF);
    cr_expect_eq(pair.ops->finish(&pair.end), -EBADF);
    ipm_pair_kill(&pair);
    ipm_pair_end(&pair);
}

Test(transport_shm, of_eventfds_is_writable_while_there_is_room) {
    ipm_pair_run(ipm_transport_find("shm-eventfd"), shm_take_when_told, shm_poll_room);
}
