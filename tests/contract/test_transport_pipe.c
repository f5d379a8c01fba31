/* test_transport_pipe.c - what only pipes have: an inode, a capacity, a limit on it. */
#include "pair.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

static int64_t pipe_inode(const struct ipm_endpoint *end, const char *key) {
    struct ipm_facts endpoint = {0};
    struct ipm_facts settings = {0};
    end->ops->describe(end, &endpoint, &settings);
    const struct ipm_fact *fact = ipm_facts_find(&endpoint, key);
    return fact ? fact->number : -1;
}

static const char *pipe_tell_inodes(struct ipm_pair *pair) {
    const int64_t inodes[3] = {pipe_inode(&pair->end, "pipe_inode"),
                               pipe_inode(&pair->end, "tx_pipe_inode"),
                               pipe_inode(&pair->end, "rx_pipe_inode")};
    return send(pair->control, inodes, sizeof inodes, 0) > 0 ? NULL : "cannot tell";
}

Test(transport_pipe, has_the_same_inode_at_both_ends) {
    struct ipm_pair pair;
    int64_t child[3];
    ipm_pair_open_plain(&pair, ipm_transport_find("pipe"));
    ipm_pair_start(&pair, pipe_tell_inodes);
    cr_assert_eq(recv(pair.control, child, sizeof child, 0), (ssize_t)sizeof child);
    cr_expect(child[0] > 0);
    cr_expect_eq(child[0], pipe_inode(&pair.end, "pipe_inode"));
    ipm_pair_end(&pair);
}

Test(transport_pipe, of_a_pair_sends_into_what_the_other_receives_from) {
    struct ipm_pair pair;
    int64_t child[3];
    ipm_pair_open_plain(&pair, ipm_transport_find("pipe-pair"));
    ipm_pair_start(&pair, pipe_tell_inodes);
    cr_assert_eq(recv(pair.control, child, sizeof child, 0), (ssize_t)sizeof child);
    cr_expect_eq(child[1], pipe_inode(&pair.end, "rx_pipe_inode"));
    cr_expect_eq(child[2], pipe_inode(&pair.end, "tx_pipe_inode"));
    cr_expect_neq(child[1], child[2]);
    ipm_pair_end(&pair);
}

static int pipe_largest_open(void) {
    int largest = 0;
    for (int fd = 0; fd < 64; fd++) {
        int capacity = fcntl(fd, F_GETPIPE_SZ);
        largest = capacity > largest ? capacity : largest;
    }
    return largest;
}

static int pipe_most_for_a_user(void) {
    FILE *file = fopen("/proc/sys/fs/pipe-max-size", "re");
    int most = 0;
    cr_assert_not_null(file);
    cr_assert_eq(fscanf(file, "%d", &most), 1);
    (void)fclose(file);
    return most;
}

/* As a user, for whom the limit holds. Gives the largest capacity, or an error. */
static int pipe_open_as_nobody(size_t buffer_bytes, struct ipm_err *err) {
    const struct ipm_transport *ops = ipm_transport_find("pipe-pair");
    struct ipm_link link = {.ops = ops,
                            .config = {.buffer_bytes = buffer_bytes, .message_bytes = 64},
                            .state = calloc(1, ops->link_size)};
    cr_assert_not_null(link.state);
    struct ipm_leaks leaks;
    ipm_leaks_begin(&leaks);
    const uid_t user = geteuid();
    if (user == 0)
        cr_assert_eq(seteuid(65534), 0);
    int failed = ops->open(&link, err);
    int largest = pipe_largest_open();
    if (!failed)
        ops->close(&link, IPM_PARENT);
    free(link.state);
    cr_assert_eq(seteuid(user), 0);
    (void)prctl(PR_SET_DUMPABLE, 1); /* else a leak checker cannot look at this process */
    ipm_leaks_end(&leaks);
    return failed ? failed : largest;
}

Test(transport_pipe, larger_than_a_user_may_have_gets_what_there_is) {
    struct ipm_err err = {0};
    const int most = pipe_most_for_a_user();
    const int given = pipe_open_as_nobody((size_t)64 << 20, &err);
    cr_expect_leq(given, most, "%s", err.text);
    cr_expect_lt(most / 2, given, "%d of %d", given, most);
}

Test(transport_pipe, larger_than_a_number_can_say_is_not_made_small) {
#if SIZE_MAX > UINT32_MAX
    struct ipm_err err = {0};
    cr_expect_lt(pipe_most_for_a_user() / 2,
                 pipe_open_as_nobody(((size_t)1 << 32) + 4096, &err), "%s", err.text);
#else
    cr_skip_test("a size_t of 32 bits says no such number");
#endif
}
