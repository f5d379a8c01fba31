/* test_transport_local.c - what Unix sockets have that are no streams at a path: abstract
 * names, messages as large as their buffers, queues. */
#include "pair.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LOCAL_FDS = 256, LOCAL_MANY = 40 };

static unsigned char local_buf[4096];

Test(transport_local, tells_what_each_can_do) {
    const unsigned all =
        IPM_CAP_RELIABLE | IPM_CAP_MULTI | IPM_CAP_POLLABLE | IPM_CAP_PLAIN;
    const unsigned dgram = all | IPM_CAP_MESSAGES;
    const unsigned stream = all | IPM_CAP_CONNECTED;
    const unsigned seqpacket = all | IPM_CAP_MESSAGES | IPM_CAP_CONNECTED;
    cr_expect_eq(ipm_transport_find("unix-abstract")->caps, stream);
    cr_expect_eq(ipm_transport_find("unix-dgram")->caps, dgram | IPM_CAP_SHARED);
    cr_expect_eq(ipm_transport_find("unix-seqpacket")->caps, seqpacket);
    cr_expect_eq(ipm_transport_find("socketpair")->caps, stream);
    cr_expect_eq(ipm_transport_find("socketpair-dgram")->caps, dgram);
    cr_expect_eq(ipm_transport_find("socketpair-seqpacket")->caps, seqpacket);
}

static const char *local_path(const struct ipm_pair *pair, const char *key,
                              char text[IPM_FACT_TEXT_BYTES]) {
    struct ipm_facts endpoint = {0};
    struct ipm_facts settings = {0};
    pair->ops->describe(&pair->end, &endpoint, &settings);
    const struct ipm_fact *fact = ipm_facts_find(&endpoint, key);
    return fact ? strcpy(text, fact->text) : NULL;
}

/* '@', the prefix, 16 bytes in hexadecimal digits and so many letters. */
static bool local_is_abstract(const char *name, size_t letters) {
    return name && strncmp(name, "@ipcmark-", 9) == 0 &&
           strspn(name + 9, "0123456789abcdef") >= 32 && strlen(name) == 41 + letters;
}

static const char *local_check_child_names(struct ipm_pair *pair) {
    char text[IPM_FACT_TEXT_BYTES];
    if (!local_is_abstract(local_path(pair, "peer_path", text), 0))
        return "the parent has no abstract name";
    return strcmp(local_path(pair, "local_path", text), "") == 0 ? NULL
                                                                 : "the child has a name";
}

static void local_check_parent_names(struct ipm_pair *pair) {
    char text[IPM_FACT_TEXT_BYTES];
    cr_expect(local_is_abstract(local_path(pair, "local_path", text), 0), "%s", text);
    cr_expect_str_eq(local_path(pair, "peer_path", text), "");
}

Test(transport_local, has_an_abstract_name_of_random_bytes_and_an_unnamed_client) {
    ipm_pair_run(ipm_transport_find("unix-abstract"), local_check_child_names,
                 local_check_parent_names);
}

Test(transport_local, of_an_abstract_name_leaves_no_file_even_while_it_is_open) {
    struct ipm_pair pair;
    ipm_pair_open_plain(&pair, ipm_transport_find("unix-abstract"));
    cr_expect_eq(rmdir(pair.leaks.folder), 0, "there is something in TMPDIR");
    (void)mkdir(pair.leaks.folder, 0700); /* for what follows */
    pair.ops->close(&pair.link, IPM_PARENT);
    ipm_pair_end(&pair);
}

static const char *local_check_dgram_child(struct ipm_pair *pair) {
    char text[IPM_FACT_TEXT_BYTES];
    if (!local_is_abstract(local_path(pair, "local_path", text), 5))
        return "the child has no abstract name";
    return strstr(local_path(pair, "peer_path", text), "/ipcmark-") ? NULL
                                                                    : "no path at it";
}

static void local_check_dgram_parent(struct ipm_pair *pair) {
    char text[IPM_FACT_TEXT_BYTES];
    cr_expect_not_null(strstr(local_path(pair, "local_path", text), "/ipcmark-"));
    cr_expect(local_is_abstract(local_path(pair, "peer_path", text), 5), "%s", text);
}

Test(transport_local, of_datagrams_has_a_path_and_an_abstract_client) {
    ipm_pair_run(ipm_transport_find("unix-dgram"), local_check_dgram_child,
                 local_check_dgram_parent);
}

/* --- strangers ------------------------------------------------------------------------- */

/* A socket of the type of the one that is there, connected to its name. */
static int local_stranger(int server_fd) {
    struct sockaddr_un name = {0};
    socklen_t bytes = sizeof name;
    int type = 0;
    socklen_t size = sizeof type;
    cr_assert_eq(getsockname(server_fd, (struct sockaddr *)&name, &bytes), 0);
    cr_assert_eq(getsockopt(server_fd, SOL_SOCKET, SO_TYPE, &type, &size), 0);
    int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
    cr_assert_eq(connect(fd, (const struct sockaddr *)&name, bytes), 0);
    return fd;
}

static const char *local_take(struct ipm_pair *pair) {
    return ipm_pair_recv_all(&pair->end, local_buf, sizeof local_buf) &&
                   ipm_pair_holds(local_buf, sizeof local_buf, 4)
               ? NULL
               : "what came is not what was sent";
}

/* The test itself is the stranger: it has another pid than the child. */
static void local_let_in(const struct ipm_transport *ops, unsigned peers) {
    const struct ipm_link_config config = {
        .peers = peers, .message_bytes = 4096, .timeout_ms = IPM_PAIR_TIMEOUT_MS};
    struct ipm_pair pair;
    ipm_pair_open(&pair, ops, &config);
    int silent = local_stranger(ipm_pair_listener());
    int loud = local_stranger(ipm_pair_listener());
    cr_assert_eq(send(loud, local_buf, 200, MSG_NOSIGNAL), 200);
    ipm_pair_start(&pair, local_take);
    ipm_pair_fill(local_buf, sizeof local_buf, 4);
    cr_expect(ipm_pair_send_all(&pair.end, local_buf, sizeof local_buf));
    cr_expect(recv(silent, local_buf, 1, 0) <= 0, "a stranger got something");
    cr_expect(recv(loud, local_buf, 1, 0) <= 0, "a stranger got something");
    (void)close(silent);
    (void)close(loud);
    ipm_pair_end(&pair);
}

Test(transport_local, lets_the_child_in_past_strangers) {
    for (unsigned peers = 1; peers <= 2; peers++) {
        local_let_in(ipm_transport_find("unix-abstract"), peers);
        local_let_in(ipm_transport_find("unix-seqpacket"), peers);
    }
}

static const char *local_attach_to_stranger(struct ipm_pair *pair) {
    pair->end.peer_pid = getpid();
    int failed = pair->ops->attach(&pair->end, &pair->link, &pair->err);
    return failed == -EPERM &&
                   strstr(pair->err.text, "another process listens at '@ipcmark-")
               ? NULL
               : "a child talks to a stranger";
}

Test(transport_local, of_an_abstract_name_is_not_talked_to_by_the_child_of_another) {
    struct ipm_pair pair;
    ipm_pair_open_plain(&pair, ipm_transport_find("unix-abstract"));
    ipm_pair_fork(&pair, local_attach_to_stranger);
    cr_expect_not(ipm_pair_await(&pair));
    pair.ops->close(&pair.link, IPM_PARENT);
    ipm_pair_end(&pair);
}

/* The child answers twice: a stranger, who counts as nobody, and then the parent. */
static const char *local_answer_the_parent(struct ipm_pair *pair) {
    const struct ipm_transport *ops = pair->ops;
    struct ipm_endpoint first = {.peer_pid = getppid(), .rx_fd = -1, .tx_fd = -1};
    struct ipm_endpoint second = first;
    if (ops->attach(&pair->end, &pair->link, &pair->err) != 0)
        return pair->err.text;
    if (!ipm_pair_tell(pair) || !ipm_pair_await(pair))
        return "the parent is gone";
    if (ops->accept(&first, &pair->link) == 0 || errno != ECONNABORTED)
        return "a stranger was answered";
    if (!ipm_pair_tell(pair) || ops->accept(&second, &pair->link) != 0)
        return "the parent was not answered";
    ops->detach(&first);
    ops->detach(&second);
    ops->close(&pair->link, IPM_CHILD);
    ops->detach(&pair->end);
    return NULL;
}

static pid_t local_fork_stranger(int listener) {
    const pid_t stranger = fork();
    if (stranger != 0)
        return stranger;
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    _exit(local_stranger(listener) >= 0 ? 0 : 1);
}

Test(transport_local, of_an_abstract_name_answers_nobody_but_its_parent) {
    struct ipm_pair pair;
    struct ipm_endpoint end = {.rx_fd = -1, .tx_fd = -1};
    ipm_pair_open_plain(&pair, ipm_transport_find("unix-abstract"));
    ipm_pair_fork(&pair, local_answer_the_parent);
    cr_assert_eq(pair.ops->attach(&pair.end, &pair.link, &pair.err), 0);
    cr_assert(ipm_pair_await(&pair));
    const pid_t stranger = local_fork_stranger(ipm_pair_listener());
    cr_assert_eq(waitpid(stranger, NULL, 0), stranger);
    cr_assert(ipm_pair_tell(&pair));
    cr_assert(ipm_pair_await(&pair), "a stranger was answered");
    cr_expect_eq(pair.ops->connect(&end, &pair.link), 0);
    pair.ops->detach(&end);
    pair.ops->close(&pair.link, IPM_PARENT);
    ipm_pair_end(&pair);
}

static const char *local_take_only_the_parent(struct ipm_pair *pair) {
    if (ipm_pair_recv(pair, local_buf, sizeof local_buf) != 6)
        return "a stranger's datagram came in";
    return memcmp(local_buf, "parent", 6) == 0 && ipm_pair_send(pair, "child!", 6) == 6
               ? NULL
               : "something else came";
}

Test(transport_local, of_datagrams_takes_nothing_that_came_before_it_was_connected) {
    struct ipm_pair pair;
    ipm_pair_strays(true);
    ipm_pair_open_plain(&pair, ipm_transport_find("unix-dgram"));
    ipm_pair_strays(false);
    ipm_pair_start(&pair, local_take_only_the_parent);
    cr_assert_eq(ipm_pair_send(&pair, "parent", 6), 6);
    cr_expect_eq(ipm_pair_recv(&pair, local_buf, sizeof local_buf), 6);
    cr_expect_eq(memcmp(local_buf, "child!", 6), 0, "a stranger's datagram came in");
    ipm_pair_end(&pair);
}

/* The first descriptor of this process whose name begins so: '/' of a path, '\0' of an abstract
 * one. */
static int local_find(char first) {
    for (int fd = 0; fd < LOCAL_FDS; fd++) {
        struct sockaddr_un name = {0};
        socklen_t bytes = sizeof name;
        if (getsockname(fd, (struct sockaddr *)&name, &bytes) == 0 &&
            name.sun_family == AF_UNIX && bytes > sizeof name.sun_family &&
            name.sun_path[0] == first)
            return fd;
    }
    return -1;
}

static const char *local_give_child(struct ipm_pair *pair) {
    return ipm_pair_send(pair, "child!", 6) == 6 ? NULL : "cannot send";
}

/* One has no name, one has a name of its own, and one a name that is nearly a child's. */
static void local_intrude(int server_fd, int child_fd) {
    struct sockaddr_un name = {0};
    socklen_t bytes = sizeof name;
    int unnamed = local_stranger(server_fd);
    int other = local_stranger(server_fd);
    int alike = local_stranger(server_fd);
    cr_assert_eq(getsockname(child_fd, (struct sockaddr *)&name, &bytes), 0);
    ((char *)&name)[bytes - 1] = 'p'; /* a number that no child has */
    cr_assert_eq(bind(other, (const struct sockaddr *)&name, bytes - 1), 0);
    cr_assert_eq(bind(alike, (const struct sockaddr *)&name, bytes), 0);
    cr_assert_eq(send(unnamed, "stray", 5, 0), 5);
    cr_assert_eq(send(other, "stray", 5, 0), 5);
    cr_assert_eq(send(alike, "stray", 5, 0), 5);
    (void)close(unnamed);
    (void)close(other);
    (void)close(alike);
}

Test(transport_local, of_datagrams_for_many_passes_over_what_strangers_have_sent) {
    const struct ipm_link_config config = {
        .peers = 2, .message_bytes = 64, .timeout_ms = IPM_PAIR_TIMEOUT_MS};
    struct ipm_pair pair;
    ipm_pair_open(&pair, ipm_transport_find("unix-dgram"), &config);
    local_intrude(local_find('/'), local_find('\0'));
    ipm_pair_start(&pair, local_give_child);
    cr_expect_eq(ipm_pair_recv(&pair, local_buf, sizeof local_buf), 6);
    cr_expect_eq(pair.end.peer, 0u);
    ipm_pair_end(&pair);
}

/* --- sizes and queues ------------------------------------------------------------------ */

static const char *local_take_largest(struct ipm_pair *pair) {
    size_t most = 0;
    if (pair->ops->limit(pair->link.config.buffer_bytes, &most, &pair->err) != 0)
        return pair->err.text;
    return ipm_pair_recv(pair, local_buf, 1) == (ssize_t)most ? NULL : "it came cut";
}

static void local_give_largest(const struct ipm_transport *ops, size_t buffer_bytes) {
    const struct ipm_link_config config = {.message_bytes = 64,
                                           .buffer_bytes = buffer_bytes,
                                           .timeout_ms = IPM_PAIR_TIMEOUT_MS};
    struct ipm_pair pair;
    size_t most = 0;
    ipm_pair_open(&pair, ops, &config);
    cr_assert_eq(ops->limit(buffer_bytes, &most, &pair.err), 0);
    unsigned char *message = calloc(1, most + 1);
    ipm_pair_start(&pair, local_take_largest);
    cr_expect_eq(ipm_pair_send(&pair, message, most + 1), -EMSGSIZE, "%s", ops->name);
    cr_expect_eq(ipm_pair_send(&pair, message, most), (ssize_t)most, "%s", ops->name);
    ipm_pair_end(&pair);
    free(message);
}

Test(transport_local, carries_the_largest_message_of_its_buffer_and_none_larger) {
    IPM_PAIR_EACH(ops, IPM_CAP_MESSAGES, 0u) {
        size_t most = 0;
        size_t least = 0;
        if (!ops->limit || ops->family != IPM_FAMILY_SOCKET)
            continue;
        local_give_largest(ops, 0);
        local_give_largest(ops, 16384);
        cr_expect_eq(ops->limit(0, &most, NULL), 0);
        cr_expect_eq(ops->limit(16384, &least, NULL), 0);
        cr_expect_lt(least, most, "%s", ops->name);
    }
}

static const char *local_wait(struct ipm_pair *pair) {
    return ipm_pair_await(pair) ? NULL : "the parent is gone";
}

/* More than net.unix.max_dgram_qlen, which is for those who are not connected. */
static void local_fill_queue(struct ipm_pair *pair) {
    struct pollfd room = {.fd = pair->end.tx_fd, .events = POLLOUT};
    for (unsigned i = 0; i < LOCAL_MANY; i++) {
        cr_assert_eq(poll(&room, 1, 5000), 1, "%s: full at %u", pair->ops->name, i);
        cr_assert_eq(ipm_pair_send(pair, "x", 1), 1);
    }
    cr_assert(ipm_pair_tell(pair));
}

Test(transport_local, of_messages_holds_more_than_a_queue_of_the_unconnected) {
    static const char *const names[] = {"unix-dgram", "unix-seqpacket",
                                        "socketpair-dgram", "socketpair-seqpacket"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        ipm_pair_run(ipm_transport_find(names[i]), local_wait, local_fill_queue);
}

Test(transport_local, of_datagrams_marks_its_end_to_a_peer_that_is_gone) {
    IPM_PAIR_EACH(ops, IPM_CAP_RELIABLE, IPM_CAP_CONNECTED | IPM_CAP_HOLLOW) {
        struct ipm_pair pair;
        if (ops->family != IPM_FAMILY_SOCKET)
            continue;
        ipm_pair_open_plain(&pair, ops);
        ipm_pair_start(&pair, ipm_pair_sleep);
        ipm_pair_kill(&pair);
        cr_expect_eq(ipm_pair_send(&pair, "x", 1), -EPIPE, "%s", ops->name);
        for (int i = 0; i < 3; i++)
            cr_expect_eq(ops->finish(&pair.end), 0, "%s", ops->name);
        ipm_pair_end(&pair);
    }
}
