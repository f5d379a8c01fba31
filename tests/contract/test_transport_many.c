/* test_transport_many.c - one parent and many children, for every transport that can. */
#include "base/usage.h"
#include "pair.h"
#include "run/waits/wait.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* A crowd speaks at once: its words fit the default buffer of a datagram socket. */
enum { MANY_CHILDREN = 5, MANY_WORD_BYTES = 100, MANY_CROWD = 200 };

struct many {
    const struct ipm_transport *ops;
    struct ipm_link link;
    unsigned count;
    struct ipm_endpoint *ends; /* of the parent: one for each child, or one for all */
    unsigned end_count;
    pid_t *children;
    int came[2]; /* a byte of each child that has attached */
    int go[2];   /* closed by the parent when both sides have closed the link */
    struct ipm_err err;
    struct ipm_leaks leaks;
};

static void many_end_make(struct ipm_endpoint *end, const struct ipm_transport *ops,
                          enum ipm_side side, unsigned peer) {
    *end = (struct ipm_endpoint){.ops = ops,
                                 .side = side,
                                 .peer = peer,
                                 .rx_fd = -1,
                                 .tx_fd = -1,
                                 .state = calloc(1, ops->end_size + 1)};
    cr_assert_not_null(end->state);
}

static void many_open(struct many *many, const struct ipm_transport *ops, unsigned count,
                      enum ipm_flow flow) {
    (void)signal(SIGPIPE, SIG_IGN);
    (void)ipm_usage_raise_descriptors(); /* as the runner does: a crowd needs 1,200 */
    *many = (struct many){.ops = ops,
                          .count = count,
                          .ends = calloc(count, sizeof(struct ipm_endpoint)),
                          .children = calloc(count, sizeof(pid_t)),
                          .link = {.ops = ops,
                                   .config = {.peers = count,
                                              .flow = flow,
                                              .message_bytes = MANY_WORD_BYTES,
                                              .timeout_ms = IPM_PAIR_TIMEOUT_MS}}};
    ipm_leaks_begin(&many->leaks);
    many->link.state = calloc(1, ops->link_size + 1);
    cr_assert_eq(ops->open(&many->link, &many->err), 0, "%s: %s", ops->name,
                 many->err.text);
    cr_assert_eq(pipe(many->came), 0);
    cr_assert_eq(pipe(many->go), 0);
}

/* As the runner does it. */
static int many_meet(struct many *many, struct ipm_endpoint *end) {
    const struct ipm_wait *wait = ipm_wait_choose("block", many->ops->caps);
    int failed = many->ops->attach(end, &many->link, &many->err);
    return failed ? failed : ipm_wait_prepare(wait, "block", end, &many->err);
}

static _Noreturn void many_be_child(struct many *many, unsigned which, pid_t parent,
                                    int (*work)(struct ipm_endpoint *end)) {
    struct ipm_endpoint end;
    char byte = 0;
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    many_end_make(&end, many->ops, IPM_CHILD, which);
    end.peer_pid = parent;
    (void)close(many->go[1]);
    if (many_meet(many, &end) != 0)
        _exit(2);
    many->ops->close(&many->link, IPM_CHILD);
    if (write(many->came[1], "", 1) != 1)
        _exit(4);
    (void)close(many->came[1]); /* else nobody learns that another has died */
    if (read(many->go[0], &byte, 1) != 0)
        _exit(3);
    int failed = work(&end);
    many->ops->detach(&end);
    _exit(failed);
}

/* The parent may close the link, and with it its names, once all have attached. */
static void many_await_all(const struct many *many) {
    char byte;
    (void)close(many->came[1]);
    for (unsigned i = 0; i < many->count; i++)
        cr_assert_eq(read(many->came[0], &byte, 1), 1, "%s: one did not attach",
                     many->ops->name);
    (void)close(many->came[0]);
}

static void many_attach(struct many *many) {
    const bool shared = (many->ops->caps & IPM_CAP_SHARED) != 0;
    many->end_count = shared ? 1 : many->count;
    for (unsigned i = 0; i < many->end_count; i++) {
        struct ipm_endpoint *end = &many->ends[i];
        many_end_make(end, many->ops, IPM_PARENT, many->count + 7);
        if (many->count == 1)
            end->peer_pid = many->children[0];
        cr_assert_eq(many_meet(many, end), 0, "%s: %s", many->ops->name, many->err.text);
    }
    many_await_all(many);
    many->ops->close(&many->link, IPM_PARENT);
}

static void many_start(struct many *many, int (*work)(struct ipm_endpoint *end)) {
    const pid_t parent = getpid();
    for (unsigned i = 0; i < many->count; i++) {
        many->children[i] = fork();
        cr_assert_neq(many->children[i], -1);
        if (many->children[i] == 0)
            many_be_child(many, i, parent, work);
    }
    many_attach(many);
    (void)close(many->go[0]);
    (void)close(many->go[1]);
}

static void many_end(struct many *many) {
    for (unsigned i = 0; i < many->count; i++) {
        int status = -1;
        cr_assert_eq(waitpid(many->children[i], &status, 0), many->children[i]);
        cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%s: child %u: %x",
                  many->ops->name, i, (unsigned)status);
    }
    for (unsigned i = 0; i < many->end_count; i++) {
        many->ops->detach(&many->ends[i]);
        free(many->ends[i].state);
    }
    free(many->link.state);
    free(many->ends);
    free(many->children);
    ipm_leaks_end(&many->leaks);
}

static int many_tell_number(struct ipm_endpoint *end) {
    unsigned char word[MANY_WORD_BYTES];
    ipm_pair_fill(word, sizeof word, end->peer);
    return ipm_pair_send_all(end, word, sizeof word) ? 0 : 10;
}

/* Whose number came, by its contents; it must be what the end says. */
static void many_hear_number(struct many *many, struct ipm_endpoint *end, bool *heard) {
    unsigned char word[MANY_WORD_BYTES];
    cr_assert(ipm_pair_recv_all(end, word, sizeof word), "%s", many->ops->name);
    cr_assert_lt(end->peer, many->count, "%s: nobody's", many->ops->name);
    cr_expect(ipm_pair_holds(word, sizeof word, end->peer), "%s: not of %u",
              many->ops->name, end->peer);
    cr_expect(!heard[end->peer], "%s: %u twice", many->ops->name, end->peer);
    heard[end->peer] = true;
}

static void many_run_numbers(const struct ipm_transport *ops, unsigned count,
                             enum ipm_flow flow) {
    struct many many;
    bool heard[MANY_CROWD] = {false};
    many_open(&many, ops, count, flow);
    many_start(&many, many_tell_number);
    for (unsigned i = 0; i < count; i++)
        many_hear_number(&many, &many.ends[many.end_count == 1 ? 0 : i], heard);
    many_end(&many);
}

Test(transport_many, tells_whose_each_message_is) {
    IPM_PAIR_EACH(ops, IPM_CAP_MULTI, 0u)
    many_run_numbers(ops, MANY_CHILDREN, IPM_TO_PARENT);
}

Test(transport_many, may_be_a_single_one) {
    IPM_PAIR_EACH(ops, IPM_CAP_MULTI, 0u)
    many_run_numbers(ops, 1, IPM_TO_PARENT);
}

/* Whether an earlier row is the same transport with other options. */
static bool many_is_variant(const struct ipm_transport *ops) {
    for (size_t i = 0; ipm_transports[i] != ops; i++)
        if (ipm_transports[i]->open == ops->open &&
            ipm_transports[i]->attach == ops->attach &&
            ipm_transports[i]->direction == ops->direction)
            return true;
    return false;
}

/* More than a backlog of connections holds (listen(2)), of each kind of transport. Where
 * messages may be lost there is room for one of each only when answers are awaited: a
 * busy machine would lose some otherwise, and they would be awaited for ever. */
Test(transport_many, come_in_crowds) {
    IPM_PAIR_EACH(ops, IPM_CAP_MULTI, 0u)
    if (!many_is_variant(ops))
        many_run_numbers(ops, MANY_CROWD,
                         (ops->caps & IPM_CAP_RELIABLE) != 0 ? IPM_TO_PARENT
                                                             : IPM_BOTH_WAYS);
}

static int many_ask(struct ipm_endpoint *end) {
    unsigned char word[MANY_WORD_BYTES];
    if (many_tell_number(end) != 0)
        return 10;
    if (!ipm_pair_recv_all(end, word, sizeof word))
        return 11;
    return ipm_pair_holds(word, sizeof word, end->peer + 100) ? 0 : 12;
}

static void many_answer(struct many *many, struct ipm_endpoint *end, bool *heard) {
    unsigned char word[MANY_WORD_BYTES];
    many_hear_number(many, end, heard);
    ipm_pair_fill(word, sizeof word, end->peer + 100);
    cr_assert(ipm_pair_send_all(end, word, sizeof word), "%s", many->ops->name);
}

Test(transport_many, get_each_the_answer_that_is_theirs) {
    IPM_PAIR_EACH(ops, IPM_CAP_MULTI, 0u) {
        struct many many;
        bool heard[MANY_CHILDREN] = {false};
        if (ops->direction == IPM_SIMPLEX)
            continue;
        many_open(&many, ops, MANY_CHILDREN, IPM_BOTH_WAYS);
        many_start(&many, many_ask);
        for (unsigned i = 0; i < MANY_CHILDREN; i++)
            many_answer(&many, &many.ends[many.end_count == 1 ? 0 : i], heard);
        many_end(&many);
    }
}

/* One finishes, one dies: the others' ends tell of neither. */
static int many_leave_or_stay(struct ipm_endpoint *end) {
    if (end->peer == 0)
        return end->ops->finish(end) == 0 && pause() ? 0 : 10;
    if (end->peer == 1)
        (void)raise(SIGKILL);
    return pause() ? 0 : 10;
}

static void many_check_ends(struct many *many) {
    for (unsigned i = 0; i < many->count; i++) {
        struct ipm_endpoint *end = &many->ends[i];
        struct pollfd wait = {.fd = end->rx_fd, .events = POLLIN};
        unsigned char byte = 0;
        const bool gone = end->peer <= 1;
        if (end->ops->caps & IPM_CAP_POLLABLE)
            cr_expect_eq(poll(&wait, 1, gone ? 5000 : 50) > 0, gone, "%s: %u",
                         many->ops->name, end->peer);
        if (gone)
            cr_expect(!ipm_pair_recv_all(end, &byte, 1), "%s: %u", many->ops->name,
                      end->peer);
    }
}

Test(transport_many, end_one_by_one) {
    IPM_PAIR_EACH(ops, IPM_CAP_MULTI | IPM_CAP_CONNECTED, 0u) {
        struct many many;
        many_open(&many, ops, 4, IPM_TO_PARENT);
        many_start(&many, many_leave_or_stay);
        many_check_ends(&many);
        for (unsigned i = 0; i < many.count; i++) {
            (void)kill(many.children[i], SIGKILL);
            (void)waitpid(many.children[i], NULL, 0);
        }
        many.count = 0;
        many_end(&many);
    }
}

static int many_mark(struct ipm_endpoint *end) {
    return end->ops->finish(end) == 0 ? 0 : 10;
}

Test(transport_many, that_share_an_end_are_told_apart_by_their_marks_too) {
    IPM_PAIR_EACH(ops, IPM_CAP_SHARED, 0u) {
        struct many many;
        bool marked[MANY_CHILDREN] = {false};
        char byte = 0;
        many_open(&many, ops, MANY_CHILDREN, IPM_TO_PARENT);
        many_start(&many, many_mark);
        for (unsigned i = 0; i < MANY_CHILDREN; i++) {
            cr_assert_eq(ops->recv(&many.ends[0], &byte, 1), 0);
            marked[many.ends[0].peer] = true;
        }
        for (unsigned i = 0; i < MANY_CHILDREN; i++)
            cr_expect(marked[i], "%s: %u", ops->name, i);
        many_end(&many);
    }
}

/* From a socket of this process that is none of the children's. Where the name is a path, it
 * is gone by now, and the kernel keeps him out. */
static void many_intrude(const struct ipm_endpoint *end) {
    struct sockaddr_storage name;
    socklen_t bytes = sizeof name;
    cr_assert_eq(getsockname(end->rx_fd, (struct sockaddr *)&name, &bytes), 0);
    int fd = socket(name.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ssize_t r = sendto(fd, "intruder", 8, 0, (struct sockaddr *)&name, bytes);
    cr_assert(r == 8 || (r < 0 && errno == ENOENT));
    (void)close(fd);
}

static int many_wait_and_tell(struct ipm_endpoint *end) {
    (void)usleep(50000);
    return many_tell_number(end);
}

Test(transport_many, that_share_an_end_are_not_disturbed_by_strangers) {
    IPM_PAIR_EACH(ops, IPM_CAP_SHARED, 0u) {
        struct many many;
        bool heard[MANY_CHILDREN] = {false};
        many_open(&many, ops, MANY_CHILDREN, IPM_TO_PARENT);
        many_start(&many, many_wait_and_tell);
        many_intrude(&many.ends[0]);
        for (unsigned i = 0; i < MANY_CHILDREN; i++)
            many_hear_number(&many, &many.ends[0], heard);
        many_end(&many);
    }
}

Test(transport_many, of_a_simplex_transport_send_when_asked_to) {
    IPM_PAIR_EACH(ops, IPM_CAP_MULTI, 0u) {
        struct many many;
        if (ops->direction != IPM_SIMPLEX)
            continue;
        many_open(&many, ops, 2, IPM_TO_PARENT);
        many_start(&many, many_tell_number);
        for (unsigned i = 0; i < 2; i++) {
            cr_expect_eq(many.ends[i].tx_fd, -1, "%s", ops->name);
            cr_expect(many.ends[i].rx_fd >= 0, "%s", ops->name);
        }
        many_end(&many);
    }
}
