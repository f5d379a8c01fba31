/* bare_shm.c - what a programmer would write by hand to move messages through memory that two
 * processes share.
 *
 *   bare_shm ring|ring-copy|slots|slots-copy|flags MESSAGE_BYTES MESSAGES [SENDER_CPU:RECEIVER_CPU]
 *
 * `ring` and `ring-copy`: a ring of about 1 MiB without anything beside the messages, and two
 * counters, head and tail. Each side keeps the last value of the other's counter that it saw, and
 * looks again when that does not suffice; the receiver stores its own once in a quarter of the ring,
 * or when the ring is empty. The receiver reads a word of each line of a message, or copies it out.
 * `slots` and `slots-copy`: slots of the message's size, as many as make about 1 MiB, each with a flag
 * of its own. The sender copies its message into the next slot and raises the flag, the receiver
 * reads or copies it, too, and lowers the flag. Nobody sleeps. This
 * is what memcpy does between two processors: what must be known beside the bytes is one flag
 * a message, and a slot is used again only when all others have been.
 * `flags`: two flags of a line each and no message at all; what is timed is a round trip.
 *
 * Prints as `bare` does; with `flags` ns of the median and the mean round trip, and how many. */
#include "tests/bench/bare_common.h"

#include <inttypes.h>
#include <sched.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>

enum {
    SHM_LINE_BYTES = 128,
    SHM_SLOTS_BYTES = 1 << 20,
    SHM_SLOTS_LEAST = 4,
    SHM_LOOKS = 200,
    SHM_READ_BYTES = 64,
};

struct shm_flag {
    alignas(SHM_LINE_BYTES) _Atomic uint64_t value;
};

static struct shm_flag *shm_flags;    /* two, or one in front of each slot */
static struct shm_flag *shm_counters; /* head, tail */
static size_t shm_stride;
static uint64_t shm_slots;

static void shm_pause(void) {
#if defined __x86_64__ || defined __i386__
    __builtin_ia32_pause();
#endif
}

/* On one processor the other cannot raise it before it runs. */
BARE_INLINE void shm_await(_Atomic uint64_t *flag, uint64_t wanted) {
    unsigned looks = 0;
    while (atomic_load_explicit(flag, memory_order_acquire) != wanted) {
        shm_pause();
        if (++looks % SHM_LOOKS == 0)
            (void)sched_yield();
    }
}

static void shm_read(const unsigned char *message, size_t bytes) {
    uint64_t sum = message[bytes - 1];
    uint64_t word;
    for (size_t at = 0; at + sizeof word <= bytes; at += SHM_READ_BYTES) {
        memcpy(&word, message + at, sizeof word);
        sum += word;
    }
    __asm__ volatile("" : : "r"(sum));
}

BARE_INLINE void shm_take(const struct bare_job *job, const void *message, int copies) {
    if (copies)
        memcpy(job->buf, message, job->message_bytes);
    else
        shm_read(message, job->message_bytes);
}

/* --- head and tail ------------------------------------------------------------------------ */

/* Waits until the counter is no longer `seen`. Returns its value. */
BARE_INLINE uint64_t shm_await_other(_Atomic uint64_t *counter, uint64_t seen) {
    uint64_t now;
    for (unsigned looks = 1;
         (now = atomic_load_explicit(counter, memory_order_acquire)) == seen; looks++) {
        shm_pause();
        if (looks % SHM_LOOKS == 0)
            (void)sched_yield();
    }
    return now;
}

static unsigned char *shm_record(uint64_t n) {
    return (unsigned char *)shm_flags + n % shm_slots * shm_stride;
}

static void shm_send_ring(const struct bare_end *end, const struct bare_job *job) {
    uint64_t tail = 0;
    (void)end;
    for (uint64_t n = 0; n < job->messages; n++) {
        while (n - tail == shm_slots)
            tail = shm_await_other(&shm_counters[1].value, tail);
        memcpy(shm_record(n), job->buf, job->message_bytes);
        atomic_store_explicit(&shm_counters[0].value, n + 1, memory_order_release);
    }
}

BARE_INLINE uint64_t shm_recv_all_ring(const struct bare_job *job, int copies) {
    uint64_t head = 0;
    uint64_t told = 0;
    for (uint64_t n = 0; n < job->messages; n++) {
        if (n - told == shm_slots / 4 || n == head) {
            atomic_store_explicit(&shm_counters[1].value, n, memory_order_release);
            told = n;
        }
        if (n == head)
            head = shm_await_other(&shm_counters[0].value, head);
        shm_take(job, shm_record(n), copies);
    }
    return job->messages * job->message_bytes;
}

static uint64_t shm_recv_ring(const struct bare_end *end, const struct bare_job *job) {
    (void)end;
    return shm_recv_all_ring(job, 0);
}

static uint64_t shm_recv_ring_copy(const struct bare_end *end,
                                   const struct bare_job *job) {
    (void)end;
    return shm_recv_all_ring(job, 1);
}

/* --- slots with a flag each --------------------------------------------------------------- */

/* A slot is the flag and the message behind it, on the same line where it fits. */
static _Atomic uint64_t *shm_slot(uint64_t n) {
    return (void *)shm_record(n);
}

static void shm_send_slots(const struct bare_end *end, const struct bare_job *job) {
    (void)end;
    for (uint64_t n = 0; n < job->messages; n++) {
        _Atomic uint64_t *flag = shm_slot(n);
        shm_await(flag, 0);
        memcpy((void *)(flag + 1), job->buf, job->message_bytes);
        atomic_store_explicit(flag, 1, memory_order_release);
    }
}

BARE_INLINE uint64_t shm_recv_all_slots(const struct bare_job *job, int copies) {
    for (uint64_t n = 0; n < job->messages; n++) {
        _Atomic uint64_t *flag = shm_slot(n);
        shm_await(flag, 1);
        shm_take(job, (const void *)(flag + 1), copies);
        atomic_store_explicit(flag, 0, memory_order_release);
    }
    return job->messages * job->message_bytes;
}

static uint64_t shm_recv_slots(const struct bare_end *end, const struct bare_job *job) {
    (void)end;
    return shm_recv_all_slots(job, 0);
}

static uint64_t shm_recv_slots_copy(const struct bare_end *end,
                                    const struct bare_job *job) {
    (void)end;
    return shm_recv_all_slots(job, 1);
}

/* --- two flags ---------------------------------------------------------------------------- */

static void shm_ask(const struct bare_end *end, const struct bare_job *job) {
    uint64_t before_ns = bare_now_ns();
    (void)end;
    for (uint64_t n = 0; n < job->messages; n++) {
        atomic_store_explicit(&shm_flags[0].value, n + 1, memory_order_release);
        shm_await(&shm_flags[1].value, n + 1);
        const uint64_t now_ns = bare_now_ns();
        job->times_ns[n] = now_ns - before_ns;
        before_ns = now_ns;
    }
}

static uint64_t shm_answer(const struct bare_end *end, const struct bare_job *job) {
    (void)end;
    for (uint64_t n = 0; n < job->messages; n++) {
        shm_await(&shm_flags[0].value, n + 1);
        atomic_store_explicit(&shm_flags[1].value, n + 1, memory_order_release);
    }
    return job->messages * job->message_bytes;
}

static size_t shm_message_bytes;

/* Before fork, each time: it begins with flags that are down. The child's first touch of each
 * page is a fault in its window, some 256 in all. */
static void shm_make(struct bare_link *link, size_t head_bytes) {
    bare_open_pipe_pair(link); /* the ends that a link has to have */
    shm_stride = (head_bytes + shm_message_bytes + 7) & ~(size_t)7;
    shm_slots = SHM_SLOTS_BYTES / shm_stride;
    if (shm_slots < SHM_SLOTS_LEAST)
        shm_slots = SHM_SLOTS_LEAST;
    void *map =
        mmap(NULL, 2 * sizeof *shm_counters + shm_slots * shm_stride + SHM_LINE_BYTES,
             PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    bare_need(map != MAP_FAILED, "mmap");
    shm_counters = map;
    shm_flags = shm_counters + 2;
}

static void shm_make_ring(struct bare_link *link) {
    shm_make(link, 0);
}

static void shm_make_slots(struct bare_link *link) {
    shm_make(link, sizeof(uint64_t));
}

static const struct bare_transport shm_transports[] = {
    {.name = "ring",
     .open = shm_make_ring,
     .parent = shm_send_ring,
     .child = shm_recv_ring},
    {.name = "ring-copy",
     .open = shm_make_ring,
     .parent = shm_send_ring,
     .child = shm_recv_ring_copy},
    {.name = "slots",
     .open = shm_make_slots,
     .parent = shm_send_slots,
     .child = shm_recv_slots},
    {.name = "slots-copy",
     .open = shm_make_slots,
     .parent = shm_send_slots,
     .child = shm_recv_slots_copy},
    {.name = "flags", .open = shm_make_slots, .parent = shm_ask, .child = shm_answer},
    {.name = NULL},
};

static int shm_compare(const void *a, const void *b) {
    const uint64_t *left = a;
    const uint64_t *right = b;
    return (*left > *right) - (*left < *right);
}

static void shm_print_times(uint64_t *times_ns, uint64_t count) {
    uint64_t sum_ns = 0;
    for (uint64_t n = 0; n < count; n++)
        sum_ns += times_ns[n];
    qsort(times_ns, count, sizeof *times_ns, shm_compare);
    (void)printf("%" PRIu64 " %.1f %" PRIu64 "\n", times_ns[(count - 1) / 2],
                 (double)sum_ns / (double)count, count);
}

int main(int argc, char **argv) {
    struct bare_order order = bare_parse(argc, argv, shm_transports);
    const uint64_t count = order.job.messages;
    shm_message_bytes = order.job.message_bytes;
    order.job.times_ns = calloc(count + 1, sizeof *order.job.times_ns);
    bare_need(order.job.times_ns != NULL, "calloc");
    const struct bare_result result = bare_warm_trial(&order);
    if (order.transport->parent == shm_ask)
        shm_print_times(order.job.times_ns, count);
    else
        bare_print(&result);
    free(order.job.times_ns);
    return 0;
}
