/* bare_splice.c - what a programmer would write by hand to lend pages to a pipe, and to pass
 * them on.
 *
 *   bare_splice TRANSPORT MESSAGE_BYTES MESSAGES [SENDER_CPU:RECEIVER_CPU]
 *
 * Two messages are made in turn, each of the pipe's capacity at least, on huge pages: when the
 * second is in the pipe as a whole the first has left it. "-1M" behind the name makes the
 * capacity of the pipe 1 MiB. Prints as bare does. */
#include "tests/bench/bare_common.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/uio.h>

enum { SPLICE_HUGE = 2 << 20, SPLICE_PAGE = 4096, SPLICE_CAPACITY = 1 << 20 };

struct splice_memory {
    unsigned char *start;
    size_t half_bytes;
    size_t step_bytes; /* from message to message */
};

static struct splice_memory splice_memory; /* of the sender */
static int splice_null = -1;               /* of the receiver */

static void splice_open_large(struct bare_link *link) {
    bare_open_pipe(link);
    bare_need(fcntl(link->parent.tx_fd, F_SETPIPE_SZ, SPLICE_CAPACITY) > 0,
              "F_SETPIPE_SZ");
}

static void splice_allocate(const struct bare_end *end, const struct bare_job *job) {
    const int capacity = fcntl(end->tx_fd, F_GETPIPE_SZ);
    bare_need(capacity > 0, "F_GETPIPE_SZ");
    const size_t step =
        (job->message_bytes + SPLICE_PAGE - 1) / SPLICE_PAGE * SPLICE_PAGE;
    const size_t half = ((size_t)capacity + step - 1) / step * step;
    const size_t bytes = (2 * half + SPLICE_HUGE - 1) / SPLICE_HUGE * SPLICE_HUGE;
    unsigned char *start = aligned_alloc(SPLICE_HUGE, bytes);
    bare_need(start != NULL, "aligned_alloc");
    free(splice_memory.start); /* of the trial before */
    (void)madvise(start, bytes, MADV_HUGEPAGE);
    memset(start, 0x5a, bytes);
    splice_memory =
        (struct splice_memory){.start = start, .half_bytes = half, .step_bytes = step};
}

BARE_INLINE void splice_put(int fd, unsigned char *message, size_t bytes) {
    struct iovec left = {.iov_base = message, .iov_len = bytes};
    while (left.iov_len > 0) {
        ssize_t r = vmsplice(fd, &left, 1, 0);
        bare_need(r > 0, "vmsplice");
        left.iov_base = (unsigned char *)left.iov_base + r;
        left.iov_len -= (size_t)r;
    }
}

static void splice_send(const struct bare_end *end, const struct bare_job *job) {
    const struct splice_memory memory = splice_memory;
    size_t at = 0;
    for (uint64_t n = 0; n < job->messages; n++) {
        splice_put(end->tx_fd, memory.start + at, job->message_bytes);
        at += memory.step_bytes;
        at = at < 2 * memory.half_bytes ? at : 0;
    }
}

static uint64_t splice_read(const struct bare_end *end, const struct bare_job *job) {
    return bare_take(end->rx_fd, job, job->messages * job->message_bytes, read);
}

static inline ssize_t splice_away(int fd, void *buf, size_t bytes) {
    (void)buf;
    return splice(fd, NULL, splice_null, NULL, bytes, 0);
}

static uint64_t splice_discard(const struct bare_end *end, const struct bare_job *job) {
    splice_null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    bare_need(splice_null >= 0, "/dev/null");
    return bare_take(end->rx_fd, job, job->messages * job->message_bytes, splice_away);
}

static const struct bare_transport splice_transports[] = {
    {.name = "pipe-vmsplice",
     .open = bare_open_pipe,
     .prepare = splice_allocate,
     .parent = splice_send,
     .child = splice_read},
    {.name = "pipe-vmsplice-1M",
     .open = splice_open_large,
     .prepare = splice_allocate,
     .parent = splice_send,
     .child = splice_read},
    {.name = "pipe-splice",
     .open = bare_open_pipe,
     .prepare = splice_allocate,
     .parent = splice_send,
     .child = splice_discard},
    {.name = "pipe-splice-1M",
     .open = splice_open_large,
     .prepare = splice_allocate,
     .parent = splice_send,
     .child = splice_discard},
    {.name = NULL},
};

int main(int argc, char **argv) {
    const struct bare_order order = bare_parse(argc, argv, splice_transports);
    const struct bare_result result = bare_warm_trial(&order);
    bare_print(&result);
    free(splice_memory.start);
    return 0;
}
