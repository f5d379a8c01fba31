/* test_transport_life.c - from open to detach, for every transport: nothing is left, whatever
 * happens on the way. */
#include "pair.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LIFE_FDS = 256 };

Test(transport_life, leaves_nothing_when_it_is_opened_and_closed) {
    IPM_PAIR_EACH(ops, 0u, 0u) {
        struct ipm_pair pair;
        ipm_pair_open_plain(&pair, ops);
        ops->close(&pair.link, IPM_PARENT);
        ipm_pair_end(&pair);
    }
}

static void life_limit_descriptors(rlim_t most) {
    struct rlimit limit;
    cr_assert_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = most;
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

/* Opens with descriptors only below `most`. Returns how that went. */
static int life_open_within(const struct ipm_transport *ops, rlim_t most) {
    struct ipm_link link = {.ops = ops,
                            .config = {.message_bytes = 64},
                            .state = calloc(1, ops->link_size + 1)};
    struct ipm_err err = {0};
    struct ipm_leaks leaks;
    ipm_leaks_begin(&leaks);
    life_limit_descriptors(most);
    int failed = ops->open(&link, &err);
    life_limit_descriptors(LIFE_FDS);
    cr_expect_eq(err.code, failed, "%s", ops->name);
    if (!failed)
        ops->close(&link, IPM_PARENT);
    free(link.state);
    ipm_leaks_end(&leaks);
    return failed;
}

Test(transport_life, leaves_nothing_when_descriptors_run_out_in_open) {
    IPM_PAIR_EACH(ops, 0u, IPM_CAP_HOLLOW) {
        const int failed = life_open_within(ops, 0);
        cr_expect(failed == -EMFILE || (failed == 0 && !(ops->caps & IPM_CAP_POLLABLE)),
                  "%s: %d", ops->name, failed);
        for (rlim_t most = 1; most < 30; most++)
            (void)life_open_within(ops, most);
        cr_expect_eq(life_open_within(ops, LIFE_FDS), 0, "%s", ops->name);
    }
}

static const char *life_do_nothing(struct ipm_pair *pair) {
    (void)pair;
    return NULL;
}

Test(transport_life, leaves_nothing_after_a_whole_life) {
    IPM_PAIR_EACH(ops, 0u, 0u)
    ipm_pair_run(ops, life_do_nothing, NULL);
}

Test(transport_life, can_be_closed_by_both_sides_without_an_attach) {
    IPM_PAIR_EACH(ops, 0u, 0u) {
        struct ipm_pair pair;
        ipm_pair_open_plain(&pair, ops);
        ops->detach(&pair.end);
        ops->close(&pair.link, IPM_CHILD);
        ops->close(&pair.link, IPM_PARENT);
        ipm_pair_end(&pair);
    }
}

/* The folder can be removed only when it is empty; it is put back for what follows. */
static void life_check_names_are_gone(struct ipm_pair *pair) {
    cr_expect_eq(rmdir(pair->leaks.folder), 0, "%s left a name", pair->ops->name);
    (void)mkdir(pair->leaks.folder, 0700);
    cr_expect(ipm_pair_tell(pair));
}

static const char *life_await(struct ipm_pair *pair) {
    return ipm_pair_await(pair) ? NULL : "the parent is gone";
}

Test(transport_life, has_no_name_on_disk_once_both_are_attached) {
    IPM_PAIR_EACH(ops, 0u, 0u)
    ipm_pair_run(ops, life_await, life_check_names_are_gone);
}

/* How many descriptors a later exec would inherit. */
static int life_inheritable(void) {
    int count = 0;
    for (int fd = 0; fd < LIFE_FDS; fd++) {
        int flags = fcntl(fd, F_GETFD);
        count += flags >= 0 && (flags & FD_CLOEXEC) == 0;
    }
    return count;
}

Test(transport_life, makes_no_descriptor_that_exec_would_inherit) {
    const int before = life_inheritable();
    IPM_PAIR_EACH(ops, 0u, 0u) {
        struct ipm_pair pair;
        ipm_pair_open_plain(&pair, ops);
        cr_expect_eq(life_inheritable(), before, "%s: open", ops->name);
        ipm_pair_start(&pair, life_do_nothing);
        cr_expect_eq(life_inheritable(), before, "%s: attach", ops->name);
        ipm_pair_end(&pair);
    }
}

/* Waits for as long as it takes: neither O_NONBLOCK nor a limit left from connecting. */
static bool life_blocks(int fd) {
    struct timeval limit = {0};
    socklen_t bytes = sizeof limit;
    (void)getsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, &bytes);
    return (fcntl(fd, F_GETFL) & O_NONBLOCK) == 0 && limit.tv_sec == 0 &&
           limit.tv_usec == 0;
}

static const char *life_check_child_end(struct ipm_pair *pair) {
    const struct ipm_endpoint *end = &pair->end;
    if (end->rx_fd < 0)
        return "nothing to receive from";
    if (pair->ops->direction == IPM_SIMPLEX && end->tx_fd >= 0)
        return "a simplex child can send";
    return life_blocks(end->rx_fd) ? NULL : "does not block";
}

static void life_check_parent_end(struct ipm_pair *pair) {
    const struct ipm_endpoint *end = &pair->end;
    cr_expect(end->tx_fd >= 0, "%s", pair->ops->name);
    cr_expect_eq(end->rx_fd >= 0, pair->ops->direction != IPM_SIMPLEX, "%s",
                 pair->ops->name);
    cr_expect(life_blocks(end->tx_fd), "%s", pair->ops->name);
}

Test(transport_life, gives_each_end_blocking_descriptors_for_its_directions) {
    IPM_PAIR_EACH(ops, IPM_CAP_POLLABLE, IPM_CAP_HOLLOW)
    ipm_pair_run(ops, life_check_child_end, life_check_parent_end);
}

static void life_check_detached(struct ipm_pair *pair) {
    cr_expect(ipm_pair_await(pair));
    pair->ops->detach(&pair->end);
    cr_expect_eq(pair->end.rx_fd, -1, "%s", pair->ops->name);
    cr_expect_eq(pair->end.tx_fd, -1, "%s", pair->ops->name);
}

static const char *life_tell(struct ipm_pair *pair) {
    return ipm_pair_tell(pair) ? NULL : "cannot tell";
}

Test(transport_life, leaves_no_descriptor_in_a_detached_end) {
    IPM_PAIR_EACH(ops, 0u, 0u)
    ipm_pair_run(ops, life_tell, life_check_detached);
}

static void life_attach_alone(const struct ipm_transport *ops) {
    const struct ipm_link_config config = {.message_bytes = 64, .timeout_ms = 200};
    struct ipm_pair pair;
    ipm_pair_open(&pair, ops, &config);
    ipm_pair_fork(&pair, ipm_pair_sleep);
    const double begin_s = ipm_pair_now_s();
    int failed = ops->attach(&pair.end, &pair.link, &pair.err);
    const double waited_s = ipm_pair_now_s() - begin_s;
    ipm_pair_kill(&pair);
    cr_expect(failed == 0 || failed == -ETIMEDOUT, "%s: %d", ops->name, failed);
    cr_expect(failed == 0 || waited_s > 0.15, "%s: %f s", ops->name, waited_s);
    cr_expect(waited_s < 10.0, "%s: %f s", ops->name, waited_s);
    cr_expect_eq(pair.err.code, failed);
    ops->detach(&pair.end);
    ops->close(&pair.link, IPM_PARENT);
    ipm_pair_end(&pair);
}

Test(transport_life, does_not_wait_for_a_child_that_never_comes) {
    IPM_PAIR_EACH(ops, 0u, 0u)
    life_attach_alone(ops);
}

Test(transport_life, times_out_where_somebody_must_come) {
    static const char *const names[] = {"unix", "tcp"};
    for (size_t i = 0; i < 2; i++) {
        const struct ipm_link_config config = {.message_bytes = 64, .timeout_ms = 20};
        struct ipm_pair pair;
        ipm_pair_open(&pair, ipm_transport_find(names[i]), &config);
        cr_expect_eq(pair.ops->attach(&pair.end, &pair.link, &pair.err), -ETIMEDOUT);
        cr_expect_str_eq(pair.err.text, "the child did not connect within 20 ms");
        pair.ops->detach(&pair.end);
        pair.ops->close(&pair.link, IPM_PARENT);
        ipm_pair_end(&pair);
    }
}

struct life_range {
    int64_t least;
    int64_t most;
};

/* Of all the buffers that an end tells of. */
static struct life_range life_buffers(const struct ipm_endpoint *end) {
    static const char *const keys[] = {"pipe_capacity_bytes", "so_sndbuf_bytes",
                                       "so_rcvbuf_bytes", "ring_capacity_bytes"};
    struct ipm_facts endpoint = {0};
    struct ipm_facts settings = {0};
    struct life_range range = {.least = INT64_MAX};
    end->ops->describe(end, &endpoint, &settings);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const struct ipm_fact *fact = ipm_facts_find(&settings, keys[i]);
        if (fact && fact->number < range.least)
            range.least = fact->number;
        if (fact && fact->number > range.most)
            range.most = fact->number;
    }
    return range;
}

static const char *life_send_buffers(struct ipm_pair *pair) {
    struct life_range range = life_buffers(&pair->end);
    return send(pair->control, &range, sizeof range, 0) > 0 ? NULL : "cannot tell";
}

/* The kernel gives a socket twice what it is asked for, and a pipe as much. */
static void life_check_buffers(const struct ipm_transport *ops, size_t asked_bytes) {
    const int64_t asked = (int64_t)asked_bytes;
    const struct ipm_link_config config = {.message_bytes = 64,
                                           .buffer_bytes = asked_bytes,
                                           .timeout_ms = IPM_PAIR_TIMEOUT_MS};
    struct ipm_pair pair;
    struct life_range given[2];
    ipm_pair_open(&pair, ops, &config);
    ipm_pair_start(&pair, life_send_buffers);
    given[IPM_PARENT] = life_buffers(&pair.end);
    cr_assert(recv(pair.control, &given[IPM_CHILD], sizeof given[0], 0) > 0);
    ipm_pair_end(&pair);
    for (int side = 0; side < 2; side++) {
        cr_expect(given[side].least >= asked, "%s, side %d", ops->name, side);
        cr_expect(given[side].most <= 2 * asked, "%s, side %d", ops->name, side);
    }
}

Test(transport_life, gives_both_ends_the_buffers_asked_for) {
    IPM_PAIR_EACH(ops, 0u, IPM_CAP_HOLLOW) {
        life_check_buffers(ops, 16384);
        life_check_buffers(ops, 131072);
    }
}

static const char *life_check_endpoint(struct ipm_pair *pair) {
    struct ipm_facts endpoint = {0};
    struct ipm_facts settings = {0};
    pair->ops->describe(&pair->end, &endpoint, &settings);
    if (endpoint.count == 0 || settings.count == 0)
        return "says nothing of itself";
    return ipm_facts_find(&settings, "notice") ? "has a notice without a reason" : NULL;
}

static void life_check_endpoint_too(struct ipm_pair *pair) {
    const char *words = life_check_endpoint(pair);
    cr_expect_null(words, "%s %s", pair->ops->name, words);
}

Test(transport_life, describes_both_ends) {
    IPM_PAIR_EACH(ops, 0u, IPM_CAP_HOLLOW)
    ipm_pair_run(ops, life_check_endpoint, life_check_endpoint_too);
}
