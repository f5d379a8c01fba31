/* fuzz_ring.c - a ring in shared memory whose other side writes there what it likes, at any time:
 * neither the reader nor the writer leaves the ring. */
#include "fuzz.h"

#include "transports/memory/ring.h"

#include <stdbool.h>
#include <sys/mman.h>
#include <unistd.h>

enum { RING_BYTES = 4096, RING_LARGEST = 900 };

enum act {
    ACT_PEEK,
    ACT_WRITE,
    ACT_BATCH,
    ACT_TELL,
    ACT_DATA,
    ACT_TAKEN,
    ACT_HEAD,
    ACTS
};

/* A page that must not be touched before the ring, and one behind it. */
static unsigned char *ring_fence(void) {
    static unsigned char *pages;
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    if (pages != NULL)
        return pages + page;
    pages =
        mmap(NULL, RING_BYTES + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    FUZZ_EXPECT(pages != MAP_FAILED);
    FUZZ_EXPECT(mprotect(pages + page, RING_BYTES, PROT_READ | PROT_WRITE) == 0);
    return pages + page;
}

static void ring_peek(struct ipm_ring_reader *reader, const unsigned char *data) {
    const unsigned char *message = ipm_ring_message(reader);
    const ssize_t bytes = ipm_ring_peek(reader);
    unsigned sum = 0;
    if (bytes <= 0)
        return;
    FUZZ_EXPECT(message > data && message + bytes <= data + RING_BYTES);
    for (ssize_t i = 0; i < bytes; i++)
        sum += message[i];
    (void)sum;
    const unsigned most = 1 + (unsigned)bytes % 4;
    const unsigned count = ipm_ring_count(reader, (size_t)bytes, most);
    FUZZ_EXPECT(count >= 1 && count <= most);
    message += (count - 1) * reader->stride;
    FUZZ_EXPECT(message + bytes <= data + RING_BYTES);
    if (bytes % 2 == 0)
        (void)ipm_ring_release_series(reader, count);
    else
        (void)ipm_ring_release(reader);
}

/* One message, or as many as there is room for. */
static void ring_write(struct ipm_ring_writer *writer, const unsigned char *data,
                       size_t bytes, unsigned count) {
    struct ipm_ring_entry first = {0};
    unsigned char *room;
    for (unsigned i = 0; i < count && (room = ipm_ring_reserve(writer)) != NULL; i++) {
        FUZZ_EXPECT(room > data && room + bytes <= data + RING_BYTES);
        memset(room, 0x5a, bytes);
        if (i == 0)
            first = ipm_ring_accept(writer, bytes);
        else
            ipm_ring_append(writer, bytes);
    }
    if (first.head)
        ipm_ring_publish(writer, first);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct ipm_ring_shared shared;
    struct fuzz_input input = {data, size};
    unsigned char *ring = ring_fence();
    struct ipm_ring_reader reader;
    struct ipm_ring_writer writer;
    const bool ordered = fuzz_take(&input, 1) % 2 != 0;
    const size_t most = 1 + (size_t)fuzz_take(&input, 2) % RING_LARGEST;
    memset(&shared, 0, sizeof shared);
    memset(ring, 0, RING_BYTES);
    ipm_ring_write_init(&writer, &shared, ring, RING_BYTES, most, ordered);
    ipm_ring_read_init(&reader, &shared, ring, RING_BYTES, most, ordered);
    while (input.size > 0)
        switch ((enum act)(fuzz_take(&input, 1) % ACTS)) {
        case ACT_PEEK:
            ring_peek(&reader, ring);
            break;
        case ACT_WRITE:
            ring_write(&writer, ring, 1 + (size_t)fuzz_take(&input, 2) % most, 1);
            break;
        case ACT_BATCH:
            ring_write(&writer, ring, most, (unsigned)fuzz_take(&input, 1));
            break;
        case ACT_TELL:
            (void)ipm_ring_report(&reader);
            break;
        case ACT_DATA: {
            const size_t at = (size_t)fuzz_take(&input, 2) % RING_BYTES;
            ring[at] = (unsigned char)fuzz_take(&input, 1);
            break;
        }
        case ACT_TAKEN:
            shared.taken = fuzz_take(&input, 8);
            break;
        case ACT_HEAD:
        case ACTS: {
            const uint64_t at = fuzz_take(&input, 2) % RING_BYTES & ~UINT64_C(7);
            *ipm_ring_head(ring + at) = fuzz_take(&input, 8);
            break;
        }
        }
    return 0;
}
