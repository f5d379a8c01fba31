/* test_transport_queues.c - what only queues have: limits of their own, and nobody who tells
 * that the peer is gone. */
#include "pair.h"
#include "transports/queue/sysv_note.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { QUEUES_USER = 0x20000 };

static const struct ipm_transport *queues_find(const char *name) {
    const struct ipm_transport *ops = ipm_transport_find(name);
    cr_assert_not_null(ops, "%s", name);
    if (!ipm_pair_runs(ops))
        cr_skip_test("%s does not run here", name);
    return ops;
}

static int64_t queues_setting(const struct ipm_endpoint *end, const char *key) {
    struct ipm_facts endpoint = {0};
    struct ipm_facts settings = {0};
    end->ops->describe(end, &endpoint, &settings);
    const struct ipm_fact *fact = ipm_facts_find(&settings, key);
    cr_assert_not_null(fact, "%s", key);
    return fact->number;
}

static void queues_on_alarm(int number) {
    (void)number;
}

/* Fills the queue of a child that was killed, until a signal ends the wait. */
static void queues_outlive(const char *name) {
    static unsigned char bytes[256];
    const struct sigaction action = {.sa_handler = queues_on_alarm};
    const struct itimerval often = {.it_interval = {.tv_usec = 5000},
                                    .it_value = {.tv_usec = 100000}};
    struct ipm_pair pair;
    ssize_t r = 0;
    ipm_pair_open_plain(&pair, queues_find(name));
    ipm_pair_start(&pair, ipm_pair_sleep);
    ipm_pair_kill(&pair);
    (void)sigaction(SIGALRM, &action, NULL);
    (void)setitimer(ITIMER_REAL, &often, NULL);
    while (r >= 0)
        r = ipm_pair_send_once(&pair, bytes, sizeof bytes);
    (void)setitimer(ITIMER_REAL, &(const struct itimerval){.it_value = {0}}, NULL);
    cr_expect_eq(r, -EINTR, "%s: %zd", name, r);
    for (int i = 0; i < 4; i++)
        cr_expect_eq(pair.ops->finish(&pair.end), 0, "%s", name);
    ipm_pair_end(&pair);
}

static const char *queues_take_largest(struct ipm_pair *pair) {
    const size_t most = pair->link.config.message_bytes;
    unsigned char *bytes = calloc(1, most);
    const bool whole = bytes && ipm_pair_recv(pair, bytes, most) == (ssize_t)most &&
                       ipm_pair_holds(bytes, most, 5);
    free(bytes);
    return whole ? NULL : "the largest message did not come whole";
}

/* The one that the probe promises, and none larger. */
static void queues_carry_largest(const char *name) {
    const struct ipm_transport *ops = queues_find(name);
    struct ipm_link_config config = {.timeout_ms = IPM_PAIR_TIMEOUT_MS};
    struct ipm_err err = {0};
    struct ipm_pair pair;
    cr_assert_eq(ipm_runner_try(ops, 0, &config.message_bytes, &err), 0);
    unsigned char *bytes = calloc(1, config.message_bytes + 1);
    cr_assert_not_null(bytes);
    ipm_pair_open(&pair, ops, &config);
    ipm_pair_start(&pair, queues_take_largest);
    ipm_pair_fill(bytes, config.message_bytes, 5);
    const ssize_t more = ipm_pair_send(&pair, bytes, config.message_bytes + 1);
    cr_expect(more == -EMSGSIZE || more == -EINVAL, "%s: %zd", name, more);
    cr_expect_eq(ipm_pair_send(&pair, bytes, config.message_bytes),
                 (ssize_t)config.message_bytes);
    ipm_pair_end(&pair);
    free(bytes);
}

Test(transport_queues, of_posix_have_no_peer_but_can_be_polled) {
    const struct ipm_transport *ops = ipm_transport_find("posix-mq");
    cr_expect_eq(ops->caps,
                 (unsigned)(IPM_CAP_MESSAGES | IPM_CAP_RELIABLE | IPM_CAP_POLLABLE));
    cr_expect_eq(ops->direction, IPM_DUPLEX_BY_TWO);
}

Test(transport_queues, of_posix_wait_for_a_signal_when_the_peer_is_gone) {
    queues_outlive("posix-mq");
}

Test(transport_queues, of_posix_carry_the_largest_message_and_none_larger) {
    queues_carry_largest("posix-mq");
}

static void queues_limit_bytes(rlim_t bytes) {
    struct rlimit limit;
    cr_assert_eq(getrlimit(RLIMIT_MSGQUEUE, &limit), 0);
    limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
    cr_assert_eq(setrlimit(RLIMIT_MSGQUEUE, &limit), 0);
}

/* The limit counts queues of other processes of the user, too. Root becomes a user of its own. */
static void queues_be_alone(void) {
    const uid_t user = QUEUES_USER + (uid_t)getpid();
    if (geteuid() != 0)
        return;
    cr_assert_eq(setresuid(user, 0, 0),
                 0); /* the real user counts, the effective one may all */
}

/* The limit is raised by less than ten messages each way need, until there is room for some. */
static void queues_limit_tightly(const struct ipm_transport *ops,
                                 const struct ipm_link_config *config) {
    struct ipm_link link = {
        .ops = ops, .config = *config, .state = calloc(1, ops->link_size)};
    int failed = -EMFILE;
    for (rlim_t bytes = 20000; failed == -EMFILE && bytes < 800000; bytes += 20000) {
        queues_limit_bytes(bytes);
        failed = ops->open(&link, NULL);
    }
    if (!failed)
        ops->close(&link, IPM_PARENT);
    free(link.state);
    if (failed)
        cr_skip_test("other queues of this user take all that there is");
}

Test(transport_queues, of_posix_hold_fewer_messages_where_the_limit_is_low) {
    const struct ipm_link_config config = {.message_bytes = 4000,
                                           .timeout_ms = IPM_PAIR_TIMEOUT_MS};
    const struct ipm_transport *ops = queues_find("posix-mq");
    struct ipm_pair pair;
    queues_be_alone();
    queues_limit_tightly(ops, &config);
    ipm_pair_open(&pair, ops, &config);
    ipm_pair_start(&pair, ipm_pair_sleep);
    cr_expect_lt(queues_setting(&pair.end, "mq_maxmsg"), 10);
    cr_expect_leq(1, queues_setting(&pair.end, "mq_maxmsg"));
    cr_expect_eq(queues_setting(&pair.end, "mq_msgsize_bytes"), 4000);
    ipm_pair_kill(&pair);
    ipm_pair_end(&pair);
}

Test(transport_queues, of_posix_say_which_limit_it_was) {
    const struct ipm_transport *ops = queues_find("posix-mq");
    struct ipm_err err = {0};
    size_t most = 0;
    queues_limit_bytes(10);
    cr_expect_eq(ipm_runner_try(ops, 0, &most, &err), -EMFILE);
    cr_expect(strstr(err.hint, "ulimit -q"), "%s", err.hint);
}

/* A queue of more messages than anybody may have has as many as there may be. */
Test(transport_queues, of_posix_do_not_shrink_when_more_is_asked_for) {
    struct ipm_link_config config = {.message_bytes = 64,
                                     .timeout_ms = IPM_PAIR_TIMEOUT_MS};
    int64_t given[2];
    for (int i = 0; i < 2; i++) {
        struct ipm_pair pair;
        ipm_pair_open(&pair, queues_find("posix-mq"), &config);
        ipm_pair_start(&pair, ipm_pair_sleep);
        given[i] = queues_setting(&pair.end, "mq_maxmsg");
        ipm_pair_kill(&pair);
        ipm_pair_end(&pair);
        config.buffer_bytes = 64 * 79;
    }
    cr_expect_geq(given[1], given[0]);
}

static const char *queues_refuse_to_wait(struct ipm_pair *pair) {
    (void)fcntl(pair->end.rx_fd, F_SETFL, O_NONBLOCK);
    return ipm_pair_tell(pair) && ipm_pair_await(pair) ? NULL : "the parent is gone";
}

/* Each end has opened its queues for itself. */
static void queues_check_it_waits(struct ipm_pair *pair) {
    cr_assert(ipm_pair_await(pair));
    cr_expect_eq(fcntl(pair->end.tx_fd, F_GETFL) & O_NONBLOCK, 0);
    cr_assert(ipm_pair_tell(pair));
}

Test(transport_queues, of_posix_may_wait_at_one_end_and_not_at_the_other) {
    ipm_pair_run(queues_find("posix-mq"), queues_refuse_to_wait, queues_check_it_waits);
}

Test(transport_queues, of_sysv_have_no_peer_and_no_descriptor) {
    const struct ipm_transport *ops = ipm_transport_find("sysv-mq");
    cr_expect_eq(ops->caps, (unsigned)(IPM_CAP_MESSAGES | IPM_CAP_RELIABLE));
    cr_expect_eq(ops->direction, IPM_DUPLEX_BY_TWO);
}

Test(transport_queues, of_sysv_wait_for_a_signal_when_the_peer_is_gone) {
    queues_outlive("sysv-mq");
}

Test(transport_queues, of_sysv_carry_the_largest_message_and_none_larger) {
    queues_carry_largest("sysv-mq");
}

static int queues_number(const struct ipm_endpoint *end, const char *key) {
    struct ipm_facts endpoint = {0};
    struct ipm_facts settings = {0};
    end->ops->describe(end, &endpoint, &settings);
    const struct ipm_fact *fact = ipm_facts_find(&endpoint, key);
    cr_assert_not_null(fact, "%s", key);
    return (int)fact->number;
}

static bool queues_exist(int number) {
    struct msqid_ds status;
    return msgctl(number, IPC_STAT, &status) == 0;
}

/* Whoever killed the child, and when it left by itself. */
static void queues_check_removed(bool killed) {
    struct ipm_pair pair;
    ipm_pair_open_plain(&pair, queues_find("sysv-mq"));
    ipm_pair_start(&pair, ipm_pair_sleep);
    const int numbers[] = {queues_number(&pair.end, "tx_msqid"),
                           queues_number(&pair.end, "rx_msqid")};
    cr_expect(queues_exist(numbers[0]) && queues_exist(numbers[1]));
    if (killed)
        ipm_pair_kill(&pair);
    pair.ops->detach(&pair.end);
    cr_expect(!queues_exist(numbers[0]) && !queues_exist(numbers[1]));
    if (!killed)
        ipm_pair_kill(&pair);
    ipm_pair_end(&pair);
}

Test(transport_queues, of_sysv_are_removed_with_the_end_of_the_parent) {
    queues_check_removed(false);
    queues_check_removed(true);
}

/* The link is the transport's own, but its numbers are there as they are for the parent. */
Test(transport_queues, of_sysv_are_removed_by_the_parent_when_nobody_attached) {
    const struct ipm_transport *ops = queues_find("sysv-mq");
    struct ipm_pair pair;
    int numbers[2];
    ipm_pair_open_plain(&pair, ops);
    memcpy(numbers, (char *)pair.link.state + ops->link_size - sizeof numbers,
           sizeof numbers);
    ops->close(&pair.link, IPM_CHILD);
    cr_expect(queues_exist(numbers[0]) && queues_exist(numbers[1]));
    ops->close(&pair.link, IPM_PARENT);
    cr_expect(!queues_exist(numbers[0]) && !queues_exist(numbers[1]));
    ipm_pair_end(&pair);
}

/* In a process of its own, which is killed: writes the numbers of its queues and sleeps. Once it is
 * dead any run on this machine may take them back. */
static pid_t queues_start_owner(int numbers[2]) {
    const struct ipm_transport *ops = queues_find("sysv-mq");
    int lane[2];
    cr_assert_eq(pipe(lane), 0);
    const pid_t owner = fork();
    cr_assert_neq(owner, -1);
    if (owner == 0) {
        struct ipm_link link = {.ops = ops, .state = calloc(1, ops->link_size)};
        if (ops->open(&link, NULL) == 0 &&
            write(lane[1], (char *)link.state + ops->link_size - 2 * sizeof *numbers,
                  2 * sizeof *numbers) > 0)
            (void)pause();
        _exit(1);
    }
    cr_assert_eq(read(lane[0], numbers, 2 * sizeof *numbers),
                 (ssize_t)(2 * sizeof *numbers));
    (void)close(lane[0]);
    (void)close(lane[1]);
    return owner;
}

Test(transport_queues, of_sysv_are_taken_back_once_their_owner_was_killed) {
    const struct ipm_transport *ops = queues_find("sysv-mq");
    struct ipm_err err = {0};
    size_t most = 0;
    int numbers[2];
    const pid_t owner = queues_start_owner(numbers);
    cr_expect_eq(ipm_runner_try(ops, 0, &most, &err), 0);
    cr_expect(queues_exist(numbers[0]) && queues_exist(numbers[1]));
    (void)kill(owner, SIGKILL);
    cr_assert_eq(waitpid(owner, NULL, 0), owner);
    cr_expect_eq(ipm_runner_try(ops, 0, &most, &err), 0);
    cr_expect(!queues_exist(numbers[0]) && !queues_exist(numbers[1]));
}

/* Killed as soon as it has its first queue: tells its number before. */
static void queues_die_early(int lane) {
    key_t keys[IPM_SYSV_QUEUES];
    if (ipm_sysv_note_make(keys) < 0)
        _exit(1);
    const int queue = msgget(keys[1], IPC_CREAT | IPC_EXCL | 0600);
    if (write(lane, &queue, sizeof queue) > 0)
        (void)raise(SIGKILL);
    _exit(1);
}

Test(transport_queues, of_sysv_are_taken_back_from_an_owner_killed_in_between) {
    int lane[2];
    int queue = -1;
    cr_assert_eq(pipe(lane), 0);
    const pid_t owner = fork();
    cr_assert_neq(owner, -1);
    if (owner == 0)
        queues_die_early(lane[1]);
    cr_assert_eq(read(lane[0], &queue, sizeof queue), (ssize_t)sizeof queue);
    cr_assert_eq(waitpid(owner, NULL, 0), owner);
    cr_assert_geq(queue, 0);
    ipm_sysv_note_reclaim();
    cr_expect_not(queues_exist(queue));
    (void)close(lane[0]);
    (void)close(lane[1]);
}

static const char *queues_expect_gone(struct ipm_pair *pair) {
    char byte = 0;
    return ipm_pair_recv(pair, &byte, 1) == -EPIPE ? NULL : "was not told";
}

Test(transport_queues, of_sysv_that_are_removed_end_the_wait) {
    struct ipm_pair pair;
    ipm_pair_open_plain(&pair, queues_find("sysv-mq"));
    ipm_pair_start(&pair, queues_expect_gone);
    pair.ops->detach(&pair.end);
    ipm_pair_end(&pair);
}

/* Both ends see it, however much kernel.msgmnb gives others. */
Test(transport_queues, of_sysv_are_given_the_room_asked_for) {
    const struct ipm_link_config config = {
        .message_bytes = 64, .buffer_bytes = 12345, .timeout_ms = IPM_PAIR_TIMEOUT_MS};
    struct ipm_pair pair;
    ipm_pair_open(&pair, queues_find("sysv-mq"), &config);
    ipm_pair_start(&pair, ipm_pair_sleep);
    cr_expect_eq(queues_setting(&pair.end, "msg_qbytes"), 12345);
    ipm_pair_kill(&pair);
    ipm_pair_end(&pair);
}

/* A name that was left keeps its queue, and RLIMIT_MSGQUEUE soon has no room for more. */
Test(transport_queues, of_posix_leave_no_name_behind) {
    const struct ipm_transport *ops = queues_find("posix-mq");
    for (int i = 0; i < 300; i++) {
        struct ipm_link link = {.ops = ops,
                                .config = {.message_bytes = 4000},
                                .state = calloc(1, ops->link_size)};
        struct ipm_err err = {0};
        cr_assert_eq(ops->open(&link, &err), 0, "round %d: %s", i, err.text);
        ops->close(&link, IPM_PARENT);
        free(link.state);
    }
}
