/* test_transport_place.c - where messages lie that are made in place. */
#include "pair.h"

#include <criterion/criterion.h>
#include <stdint.h>

enum { PLACE_BYTES = 65536, PLACE_PAGE_BYTES = 4096, PLACE_FAR_BYTES = 256 };

static unsigned char place_buf[PLACE_BYTES];

/* Far from the start of a page, where buffers of programs begin: see shm_data in shm.c. */
static void place_give_far_from_pages(struct ipm_pair *pair) {
    for (unsigned i = 0; i < 8; i++) {
        void *room = NULL;
        cr_assert(pair->ops->lease(&pair->end, &room) > 0);
        const uintptr_t offset = (uintptr_t)room % PLACE_PAGE_BYTES;
        cr_expect(offset >= PLACE_FAR_BYTES &&
                      offset <= PLACE_PAGE_BYTES - PLACE_FAR_BYTES,
                  "%s: %zu", pair->ops->name, (size_t)offset);
        cr_assert_eq(pair->ops->commit(&pair->end, 1), 1);
    }
    cr_expect_eq(pair->ops->finish(&pair->end), 0);
}

static const char *place_take_to_the_end(struct ipm_pair *pair) {
    ssize_t moved;
    while ((moved = ipm_pair_recv(pair, place_buf, sizeof place_buf)) > 0)
        continue;
    return moved == 0 ? NULL : "no end of the stream";
}

Test(transport_place, of_a_large_message_is_far_from_the_start_of_a_page) {
    const struct ipm_link_config config = {.message_bytes = PLACE_BYTES,
                                           .timeout_ms = IPM_PAIR_TIMEOUT_MS};
    IPM_PAIR_EACH(ops, IPM_CAP_IN_PLACE, 0u) {
        struct ipm_pair pair;
        ipm_pair_open(&pair, ops, &config);
        ipm_pair_start(&pair, place_take_to_the_end);
        place_give_far_from_pages(&pair);
        ipm_pair_end(&pair);
    }
}
