/* test_transports_ring.c - the ring of messages by itself: two sides in one process, and in
 * two, without anybody who waits. */
#include "base/clock.h"
#include "transports/memory/ring.h"

#include <criterion/criterion.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    RING_BYTES = 4096,
    RING_LARGEST = 900,
    RING_STRESS = 200000,
    RING_LEAST = 10000,
    RING_STRESS_LARGEST = 200
};

static const uint64_t RING_STRESS_NS = 5000000000;

struct ring {
    struct ipm_ring_shared shared;
    unsigned char data[RING_BYTES];
    unsigned char fence[64];   /* nobody may write behind the ring */
    _Atomic uint64_t messages; /* of the stress, in all */
};

struct sides {
    struct ring *ring;
    struct ipm_ring_writer writer;
    struct ipm_ring_reader reader;
};

static struct sides ring_make(size_t message_bytes) {
    struct sides sides = {.ring = mmap(NULL, sizeof(struct ring), PROT_READ | PROT_WRITE,
                                       MAP_SHARED | MAP_ANONYMOUS, -1, 0)};
    cr_assert_neq(sides.ring, MAP_FAILED);
    memset(sides.ring->fence, 0x77, sizeof sides.ring->fence);
    ipm_ring_write_init(&sides.writer, &sides.ring->shared, sides.ring->data, RING_BYTES,
                        message_bytes, true);
    ipm_ring_read_init(&sides.reader, &sides.ring->shared, sides.ring->data, RING_BYTES,
                       message_bytes, true);
    return sides;
}

static void ring_free(struct sides *sides) {
    for (size_t i = 0; i < sizeof sides->ring->fence; i++)
        cr_assert_eq(sides->ring->fence[i], 0x77, "byte %zu behind the ring", i);
    (void)munmap(sides->ring, sizeof *sides->ring);
}

/* Contents full of what could be taken for heads: 0, small lengths of either turn. */
static void ring_fill(unsigned char *bytes, size_t count, uint64_t number) {
    const uint64_t words[] = {0, number % 64 + 1, UINT64_MAX, number};
    for (size_t i = 0; i < count; i++)
        bytes[i] = ((const unsigned char *)words)[(i + number) % sizeof words];
}

static bool ring_holds(const unsigned char *bytes, size_t count, uint64_t number) {
    unsigned char wanted[RING_LARGEST];
    ring_fill(wanted, count, number);
    return memcmp(bytes, wanted, count) == 0;
}

static bool ring_fill_next(struct ipm_ring_writer *writer, size_t count,
                           uint64_t number) {
    unsigned char *room = ipm_ring_reserve(writer);
    if (room)
        ring_fill(room, count, number);
    return room != NULL;
}

static bool ring_put(struct ipm_ring_writer *writer, size_t count, uint64_t number) {
    if (!ring_fill_next(writer, count, number))
        return false;
    ipm_ring_publish(writer, ipm_ring_accept(writer, count));
    return true;
}

/* The next message; 0: none. -1: it is not what was written. */
static int ring_take(struct ipm_ring_reader *reader, size_t count, uint64_t number) {
    const ssize_t bytes = ipm_ring_peek(reader);
    if (bytes == 0)
        return 0;
    if (bytes != (ssize_t)count || !ring_holds(ipm_ring_message(reader), count, number))
        return -1;
    (void)ipm_ring_release(reader);
    return 1;
}

Test(transports_ring, has_a_capacity_for_some_of_the_largest_messages) {
    cr_expect_eq(ipm_ring_capacity(64, 4, 1 << 20), (size_t)1 << 20);
    cr_expect_eq(ipm_ring_capacity(64, 4, (1 << 20) + 1), (size_t)2 << 20);
    cr_expect_eq(ipm_ring_capacity(65536, 4, 1), (size_t)1 << 19);
    cr_expect_eq(ipm_ring_capacity(1, 1, 0), (size_t)IPM_RING_LINE_BYTES);
}

/* Whatever lengths alternate, in slots of every size. */
Test(transports_ring, gives_what_it_was_given_from_every_place) {
    for (size_t most = 1; most <= RING_LARGEST; most += most < 70 ? 1 : 83) {
        struct sides sides = ring_make(most);
        for (uint64_t n = 0; n < 2 * RING_BYTES / 16; n++) {
            const size_t bytes = n % 3 ? most : 1 + (size_t)(n % 9) % most;
            cr_assert(ring_put(&sides.writer, bytes, n), "%zu: no room at %zu", most,
                      (size_t)n);
            cr_assert_eq(ring_take(&sides.reader, bytes, n), 1, "%zu", most);
            cr_assert_eq(ring_take(&sides.reader, bytes, n), 0, "%zu: a ghost", most);
            (void)ipm_ring_report(&sides.reader);
        }
        ring_free(&sides);
    }
}

/* Of one message of many; lengths vary. */
static size_t ring_length(uint64_t number) {
    return 1 + (size_t)(number * 37 % RING_LARGEST);
}

/* Full again and again, at places that move on. */
Test(transports_ring, takes_no_more_than_it_holds_and_loses_nothing) {
    const uint64_t slots = RING_BYTES / ipm_ring_stride(RING_LARGEST);
    struct sides sides = ring_make(RING_LARGEST);
    uint64_t in = 0;
    uint64_t out = 0;
    for (unsigned round = 0; round < 300; round++) {
        while (ring_put(&sides.writer, ring_length(in), in))
            in++;
        cr_assert_eq(in - out, slots);
        for (const uint64_t all = in - round % 2; out < all; out++)
            cr_assert_eq(ring_take(&sides.reader, ring_length(out), out), 1);
        (void)ipm_ring_report(&sides.reader);
    }
    ring_free(&sides);
}

Test(transports_ring, shows_nothing_of_several_before_they_are_published) {
    struct sides sides = ring_make(300);
    for (size_t group = 0; group < 200; group++) {
        cr_assert(ring_fill_next(&sides.writer, 100 + group, 0));
        const struct ipm_ring_entry first = ipm_ring_accept(&sides.writer, 100 + group);
        for (uint64_t i = 1; i < 5; i++) {
            cr_assert(ring_fill_next(&sides.writer, 100 + group, i));
            ipm_ring_append(&sides.writer, 100 + group);
            cr_assert_eq(ring_take(&sides.reader, 100 + group, 0), 0);
        }
        ipm_ring_publish(&sides.writer, first);
        for (uint64_t i = 0; i < 5; i++)
            cr_assert_eq(ring_take(&sides.reader, 100 + group, i), 1, "%zu, %zu", group,
                         (size_t)i);
        (void)ipm_ring_report(&sides.reader);
    }
    ring_free(&sides);
}

/* Room that is told late is told when there is nothing to read. */
Test(transports_ring, tells_the_writer_a_quarter_at_a_time) {
    struct sides sides = ring_make(56);
    unsigned told = 0;
    for (unsigned i = 0; i < 65; i++) {
        cr_assert(ring_put(&sides.writer, 56, i));
        cr_assert_eq(ipm_ring_peek(&sides.reader), 56);
        told += ipm_ring_release(&sides.reader);
        if (i == 63) {
            cr_expect_eq(told, 4u);
            cr_expect_not(ipm_ring_report(&sides.reader));
        }
    }
    cr_expect_eq(told, 4u);
    cr_expect(ipm_ring_report(&sides.reader));
    cr_expect_eq(atomic_load(&sides.ring->shared.taken), 65u);
    ring_free(&sides);
}

Test(transports_ring, counts_a_series_up_to_the_next_report) {
    struct sides sides = ring_make(56);
    for (unsigned i = 0; i < 64; i++)
        cr_assert(ring_put(&sides.writer, 56, i));
    for (unsigned i = 0; i < 10; i++)
        cr_assert_not(ipm_ring_release(&sides.reader));
    cr_expect_eq(ipm_ring_count(&sides.reader, 56, 3), 3u);
    cr_assert_eq(ipm_ring_count(&sides.reader, 56, 100), 6u);
    cr_expect(ipm_ring_release_series(&sides.reader, 6));
    cr_expect_eq(atomic_load(&sides.ring->shared.taken), 16u);
    cr_expect_not(ipm_ring_release_series(&sides.reader, 5));
    cr_expect_eq(atomic_load(&sides.ring->shared.taken), 16u);
    cr_expect(ipm_ring_report(&sides.reader));
    cr_expect_eq(atomic_load(&sides.ring->shared.taken), 21u);
    ring_free(&sides);
}

/* What lies behind the slots looks like a message here. */
Test(transports_ring, ends_a_series_with_the_last_slot) {
    struct sides sides = ring_make(56);
    uint64_t *const behind = (uint64_t *)(void *)sides.ring->fence;
    const uint64_t fence = *behind;
    for (unsigned i = 0; i < 64; i++)
        cr_assert(ring_put(&sides.writer, 56, i));
    for (unsigned i = 0; i < 58; i++)
        (void)ipm_ring_release(&sides.reader);
    cr_assert(ipm_ring_report(&sides.reader));
    *behind = 56 << 1 | 1;
    cr_expect_eq(ipm_ring_count(&sides.reader, 56, 100), 6u);
    *behind = fence;
    (void)ipm_ring_release_series(&sides.reader, 6);
    cr_expect_eq(ipm_ring_peek(&sides.reader), 0, "the turn after it has not begun");
    cr_expect(ipm_ring_report(&sides.reader));
    cr_assert(ring_put(&sides.writer, 56, 64));
    cr_expect_eq(ring_take(&sides.reader, 56, 64), 1);
    ring_free(&sides);
}

/* Of the first turn, so that bit 0 is set. */
static const uint64_t ring_lies[] = {
    1, 57 << 1 | 1, UINT64_MAX, UINT64_MAX / 2 | 1, 1ull << 33 | 1, RING_BYTES << 1 | 1,
};

Test(transports_ring, refuses_a_length_that_leads_out_of_the_slot) {
    for (size_t i = 0; i < sizeof ring_lies / sizeof *ring_lies; i++) {
        struct sides sides = ring_make(56);
        atomic_store(ipm_ring_head(sides.ring->data), ring_lies[i]);
        cr_expect_eq(ipm_ring_peek(&sides.reader), -EBADMSG, "lie %zu", i);
        atomic_store(ipm_ring_head(sides.ring->data), 56 << 1 | 1);
        cr_expect_eq(ipm_ring_peek(&sides.reader), 56);
        ring_free(&sides);
    }
}

/* A reader that lies about what it has taken may lose messages, not make the writer leave. */
Test(transports_ring, writes_nothing_outside_whatever_the_reader_says) {
    struct sides sides = ring_make(RING_LARGEST);
    for (uint64_t n = 0; n < 5000; n++) {
        atomic_store(&sides.ring->shared.taken, n * 0x9e3779b97f4a7c15u);
        (void)ring_put(&sides.writer, ring_length(n), n);
    }
    ring_free(&sides);
}

/* No more is free than there is, else unread messages would be written over. */
Test(transports_ring, has_no_space_for_what_the_reader_cannot_have_read) {
    struct sides sides = ring_make(RING_LARGEST);
    while (ring_put(&sides.writer, 1, 0))
        continue;
    atomic_store(&sides.ring->shared.taken, 1000);
    cr_expect_null(ipm_ring_reserve(&sides.writer));
    ring_free(&sides);
}

static size_t ring_random(uint64_t *state) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    const uint64_t drawn = *state >> 33;
    return 1 + (size_t)(drawn / 4 % (drawn % 4 ? 80 : RING_STRESS_LARGEST));
}

/* One message, or three as far as there is room, published at once. Returns how many. */
static uint64_t ring_put_some(struct ipm_ring_writer *writer, uint64_t *state,
                              uint64_t n) {
    const uint64_t most = n % 7 == 3 ? 3 : 1;
    const size_t bytes = ring_random(state);
    uint64_t put = 1;
    while (!ring_fill_next(writer, bytes, n))
        (void)sched_yield();
    const struct ipm_ring_entry first = ipm_ring_accept(writer, bytes);
    for (; put < most && ipm_ring_reserve(writer); put++) {
        const size_t more = ring_random(state);
        (void)ring_fill_next(writer, more, n + put);
        ipm_ring_append(writer, more);
    }
    ipm_ring_publish(writer, first);
    return put;
}

static _Noreturn void ring_be_writer(struct sides *sides, pid_t parent) {
    uint64_t state = 42;
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    const uint64_t end_ns = ipm_clock_now_ns() + RING_STRESS_NS;
    uint64_t n = 0;
    while (n < RING_LEAST || (n < RING_STRESS && ipm_clock_now_ns() < end_ns))
        n += ring_put_some(&sides->writer, &state, n);
    atomic_store(&sides->ring->messages, n);
    _exit(0);
}

/* Two processes as fast as they can: lengths of all kinds, alone and several at once. On a busy
 * machine, where each turn is a time slice, not for ever. */
Test(transports_ring, carries_everything_from_one_process_to_another) {
    struct sides sides = ring_make(RING_STRESS_LARGEST);
    const pid_t parent = getpid();
    uint64_t state = 42;
    int status = -1;
    atomic_store(&sides.ring->messages, UINT64_MAX);
    const pid_t child = fork();
    cr_assert_neq(child, -1);
    if (child == 0)
        ring_be_writer(&sides, parent);
    uint64_t n = 0;
    for (int seen = 1; n < atomic_load(&sides.ring->messages); n += seen == 1) {
        const size_t bytes = ring_random(&state);
        while ((seen = ring_take(&sides.reader, bytes, n)) == 0 &&
               n < atomic_load(&sides.ring->messages)) {
            (void)ipm_ring_report(&sides.reader);
            (void)sched_yield();
        }
        cr_assert(seen == 1 || n == atomic_load(&sides.ring->messages),
                  "message %zu of %zu bytes", (size_t)n, bytes);
    }
    cr_expect_geq(n, RING_LEAST);
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_expect_eq(status, 0);
    ring_free(&sides);
}
