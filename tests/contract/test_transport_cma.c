/* test_transport_cma.c - memory of another process: who waits for whom, and offers that are
 * none. */
#include "pair.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { CMA_BYTES = 5000 };

static unsigned char cma_buf[CMA_BYTES];

static const struct ipm_transport *cma_find(void) {
    const struct ipm_transport *ops = ipm_transport_find("cma");
    cr_assert_not_null(ops);
    if (!ipm_pair_runs(ops))
        cr_skip_test("cma does not run here");
    return ops;
}

Test(transport_cma, is_connected_and_cannot_be_polled) {
    const struct ipm_transport *ops = ipm_transport_find("cma");
    cr_expect_eq(ops->caps, (unsigned)(IPM_CAP_MESSAGES | IPM_CAP_RELIABLE |
                                       IPM_CAP_CONNECTED | IPM_CAP_UNBUFFERED));
    cr_expect_eq(ops->direction, IPM_DUPLEX_BY_TWO);
}

static const char *cma_take_after_a_while(struct ipm_pair *pair) {
    (void)usleep(100000);
    for (unsigned seed = 0; seed < 2; seed++)
        if (ipm_pair_recv(pair, cma_buf, sizeof cma_buf) != CMA_BYTES ||
            !ipm_pair_holds(cma_buf, CMA_BYTES, seed))
            return "the buffer was used again before it was read";
    return NULL;
}

/* The same buffer for what comes next, as soon as send has returned. */
static void cma_give_and_reuse(struct ipm_pair *pair) {
    for (unsigned seed = 0; seed < 2; seed++) {
        ipm_pair_fill(cma_buf, CMA_BYTES, seed);
        cr_assert_eq(ipm_pair_send(pair, cma_buf, CMA_BYTES), CMA_BYTES);
    }
    memset(cma_buf, 0, sizeof cma_buf);
}

Test(transport_cma, gives_the_buffer_back_when_it_has_been_read) {
    ipm_pair_run(cma_find(), cma_take_after_a_while, cma_give_and_reuse);
}

static void cma_on_alarm(int number) {
    (void)number;
}

static const char *cma_take_once(struct ipm_pair *pair) {
    if (!ipm_pair_await(pair))
        return "the parent is gone";
    if (ipm_pair_recv(pair, cma_buf, sizeof cma_buf) != CMA_BYTES)
        return "the message did not come";
    return ipm_pair_recv(pair, cma_buf, sizeof cma_buf) == 0 ? NULL : "it came twice";
}

/* Interrupted while nobody reads, and sent again as the contract has it. */
static void cma_give_again(struct ipm_pair *pair) {
    const struct sigaction action = {.sa_handler = cma_on_alarm};
    const struct itimerval often = {.it_interval = {.tv_usec = 5000},
                                    .it_value = {.tv_usec = 5000}};
    (void)sigaction(SIGALRM, &action, NULL);
    (void)setitimer(ITIMER_REAL, &often, NULL);
    cr_expect_eq(ipm_pair_send_once(pair, cma_buf, CMA_BYTES), -EINTR);
    cr_expect_eq(ipm_pair_send_once(pair, cma_buf, CMA_BYTES), -EINTR);
    (void)setitimer(ITIMER_REAL, &(const struct itimerval){.it_value = {0}}, NULL);
    cr_assert(ipm_pair_tell(pair));
    cr_expect_eq(ipm_pair_send(pair, cma_buf, CMA_BYTES), CMA_BYTES);
    cr_expect_eq(pair->ops->finish(&pair->end), 0);
}

Test(transport_cma, offers_a_message_once_however_often_it_is_interrupted) {
    ipm_pair_run(cma_find(), cma_take_once, cma_give_again);
}

static ssize_t cma_expected; /* before the fork: what recv has to say */

static const char *cma_refuse(struct ipm_pair *pair) {
    const ssize_t r = ipm_pair_recv(pair, cma_buf, sizeof cma_buf);
    return r == cma_expected ? NULL : "took an offer that is none";
}

static void cma_check_refused(const void *offer, size_t bytes, ssize_t expected) {
    struct ipm_pair pair;
    cma_expected = expected;
    ipm_pair_open_plain(&pair, cma_find());
    ipm_pair_start(&pair, cma_refuse);
    cr_assert_eq(send(pair.end.tx_fd, offer, bytes, 0), (ssize_t)bytes);
    ipm_pair_end(&pair);
}

Test(transport_cma, takes_no_offer_that_is_short_empty_or_too_large) {
    const uint64_t empty[] = {(uintptr_t)cma_buf, 0};
    const uint64_t huge[] = {(uintptr_t)cma_buf, UINT64_MAX};
    const uint64_t longer[] = {(uintptr_t)cma_buf, 1, 1};
    cma_check_refused(empty, sizeof empty, -EBADMSG);
    cma_check_refused(huge, sizeof huge, -EBADMSG);
    cma_check_refused(longer, sizeof longer, -EBADMSG);
    cma_check_refused(empty, 5, -EBADMSG);
}

Test(transport_cma, takes_no_address_that_is_not_there) {
    void *gone = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    cr_assert(gone != MAP_FAILED);
    const uint64_t offer[] = {(uintptr_t)gone, 16};
    cma_check_refused(offer, sizeof offer, -EFAULT);
    (void)munmap(gone, 4096);
}

static const char *cma_tell_the_other(struct ipm_pair *pair) {
    struct ipm_facts endpoint = {0};
    struct ipm_facts settings = {0};
    pair->ops->describe(&pair->end, &endpoint, &settings);
    const struct ipm_fact *peer = ipm_facts_find(&endpoint, "peer_pid");
    return peer && peer->number == getppid() ? NULL : "does not know its parent";
}

Test(transport_cma, tells_who_reads_from_whom) {
    ipm_pair_run(cma_find(), cma_tell_the_other, NULL);
}
