/* test_transport_zerocopy.c - what only tcp-zerocopy has: the caller's pages are the kernel's
 * until it says that it is done with them. */
#include "pair.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { ZC_BYTES = 1 << 18, ZC_ROUNDS = 24, ZC_USER = 0x10000, ZC_LOCKED_BYTES = 1 << 16 };

static unsigned char zc_buf[ZC_BYTES];

static const struct ipm_transport *zc_find(void) {
    const struct ipm_transport *ops = ipm_transport_find("tcp-zerocopy");
    if (!ipm_pair_runs(ops))
        cr_skip_test("it does not run here");
    return ops;
}

static int64_t zc_fact(const struct ipm_endpoint *end, const char *key) {
    struct ipm_facts settings = {0};
    end->ops->account(end, &settings);
    const struct ipm_fact *fact = ipm_facts_find(&settings, key);
    return fact ? fact->number : -1;
}

static bool zc_notices(const struct ipm_endpoint *end) {
    struct ipm_facts settings = {0};
    end->ops->account(end, &settings);
    const struct ipm_fact *fact = ipm_facts_find(&settings, "notice");
    return fact && strstr(fact->text, "the kernel copied all");
}

static const char *zc_take(struct ipm_pair *pair) {
    for (unsigned i = 0; i < ZC_ROUNDS; i++)
        if (!ipm_pair_recv_all(&pair->end, zc_buf, ZC_BYTES) ||
            !ipm_pair_holds(zc_buf, ZC_BYTES, i))
            return "what came is not what was sent";
    return zc_fact(&pair->end, "zerocopy_sends") == -1 ? NULL : "it has sent nothing";
}

/* More than the receiver has room for, so that it is read long after send has returned. */
static void zc_give_by_one_buffer(struct ipm_pair *pair) {
    for (unsigned i = 0; i < ZC_ROUNDS; i++) {
        ipm_pair_fill(zc_buf, ZC_BYTES, i);
        cr_assert(ipm_pair_send_all(&pair->end, zc_buf, ZC_BYTES));
        cr_expect_eq(zc_fact(&pair->end, "zerocopy_pending_sends"), 0);
    }
}

Test(transport_zerocopy, may_be_given_the_same_buffer_changed_at_once) {
    ipm_pair_run(zc_find(), zc_take, zc_give_by_one_buffer);
}

static const char *zc_take_same(struct ipm_pair *pair) {
    for (unsigned i = 0; i < ZC_ROUNDS; i++)
        if (!ipm_pair_recv_all(&pair->end, zc_buf, ZC_BYTES) ||
            !ipm_pair_holds(zc_buf, ZC_BYTES, 5))
            return "what came is not what was sent";
    return ipm_pair_tell(pair) ? NULL : "the parent is gone";
}

/* So many bytes a call at most. Returns the number of calls. */
static int64_t zc_send_steadily(struct ipm_endpoint *end, size_t most) {
    int64_t calls = 0;
    for (size_t sent = 0; sent < ZC_BYTES; calls++) {
        const size_t left = ZC_BYTES - sent;
        ssize_t r = end->ops->send_steady(end, zc_buf + sent, left < most ? left : most);
        cr_assert(r > 0);
        sent += (size_t)r;
    }
    return calls;
}

/* On a loopback each is copied: what is sent there is received there. */
static void zc_give_steadily(struct ipm_pair *pair) {
    int64_t calls = 0;
    ipm_pair_fill(zc_buf, ZC_BYTES, 5);
    for (unsigned i = 0; i < ZC_ROUNDS; i++)
        calls += zc_send_steadily(&pair->end, ZC_BYTES);
    cr_assert(ipm_pair_await(pair));
    while (zc_fact(&pair->end, "zerocopy_pending_sends") > 0)
        (void)usleep(1000);
    cr_expect_eq(zc_fact(&pair->end, "zerocopy_sends"), calls);
    cr_expect_eq(zc_fact(&pair->end, "zerocopy_copied_sends"), calls);
    cr_expect_eq(zc_fact(&pair->end, "zerocopy_refused_sends"), 0);
    cr_expect(zc_notices(&pair->end));
}

Test(transport_zerocopy, tells_how_many_sends_were_copied_all_the_same) {
    ipm_pair_run(zc_find(), zc_take_same, zc_give_steadily);
}

/* More pages than may be locked: so much waits for what was sent before, and a call that is
 * too large for itself goes by a copy. The pages of all processes of a user count, so it becomes a
 * user of its own. */
static void zc_give_beyond_the_limit(struct ipm_pair *pair) {
    const struct rlimit limit = {.rlim_cur = ZC_LOCKED_BYTES,
                                 .rlim_max = ZC_LOCKED_BYTES};
    cr_assert_eq(setrlimit(RLIMIT_MEMLOCK, &limit), 0);
    const uid_t user = ZC_USER + (uid_t)getpid();
    cr_assert_eq(setresuid(user, user, 0), 0);
    ipm_pair_fill(zc_buf, ZC_BYTES, 5);
    for (unsigned i = 0; i < ZC_ROUNDS; i++)
        (void)zc_send_steadily(&pair->end, i % 2 ? ZC_LOCKED_BYTES / 2 : ZC_BYTES);
    cr_expect_lt(0, zc_fact(&pair->end, "zerocopy_refused_sends"));
    cr_expect_lt(0, zc_fact(&pair->end, "zerocopy_sends"));
    cr_assert(ipm_pair_await(pair));
    cr_assert_eq(setresuid(0, 0, 0), 0);
}

Test(transport_zerocopy, sends_by_a_copy_what_it_may_not_lock) {
    if (geteuid() != 0)
        cr_skip_test("only root can become somebody else");
    ipm_pair_run(zc_find(), zc_take_same, zc_give_beyond_the_limit);
}

Test(transport_zerocopy, ends_a_send_whose_peer_is_gone) {
    struct ipm_pair pair;
    ssize_t r = 0;
    ipm_pair_open_plain(&pair, zc_find());
    ipm_pair_start(&pair, ipm_pair_sleep);
    cr_assert_eq(ipm_pair_send(&pair, zc_buf, 64), 64);
    ipm_pair_kill(&pair);
    for (int i = 0; i < 1000 && r >= 0; i++)
        r = ipm_pair_send(&pair, zc_buf, ZC_BYTES);
    cr_expect_eq(r, -EPIPE);
    ipm_pair_end(&pair);
}

Test(transport_zerocopy, can_do_what_tcp_can_but_for_one_client) {
    cr_expect_eq(ipm_transport_find("tcp-zerocopy")->caps,
                 ipm_transport_find("tcp")->caps &
                     ~(unsigned)(IPM_CAP_MULTI | IPM_CAP_PLAIN));
}

/* Each send would wait for an acknowledgement that comes after 40 to 200 ms. */
Test(transport_zerocopy, is_skipped_with_a_buffer_that_puts_acknowledgements_off) {
    const struct ipm_transport *ops = ipm_transport_find("tcp-zerocopy");
    static const size_t small[] = {1, 4096, 65535};
    struct ipm_err err = {0};
    size_t most = 0;
    for (size_t i = 0; i < sizeof small / sizeof *small; i++) {
        err = (struct ipm_err){0};
        cr_expect_eq(ops->limit(small[i], &most, &err), -ENOBUFS);
        cr_expect_not_null(strstr(err.text, "delays the acknowledgements"));
        cr_expect_not_null(strstr(err.hint, "--buffer 64K"));
    }
    cr_expect_eq(ops->limit(0, &most, &err), 0);
    cr_expect_eq(ops->limit(65536, &most, &err), 0);
}
