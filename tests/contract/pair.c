/* pair.c - both ends of one link. Knows no transport by name but the README's example. */
#include "pair.h"

#include "app/cli/plugins.h"
#include "model/options.h"
#include "run/waits/wait.h"
#include "transports/plugin.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PAIR_WORDS_BYTES = 256, PAIR_FDS = 256 };

/* Once a process: each test is one. Returns the first row to look at. */
static size_t pair_load_plugins(void) {
    static struct ipm_origins origins;
    static size_t first;
    const char *list = getenv("IPM_CONTRACT_PLUGINS");
    if (!list || origins.count > 0)
        return first;
    while (ipm_transports[first])
        first++;
    char *files = strdup(list);
    struct ipm_err err = {0};
    for (char *file = strtok(files, ":"); file; file = strtok(NULL, ":"))
        cr_assert_eq(ipm_plugins_load(file, &origins, &err), 0, "%s", err.text);
    free(files);
    return first;
}

const struct ipm_transport *ipm_pair_row(size_t which) {
    const size_t first = pair_load_plugins();
    size_t rows = first;
    while (ipm_transports[rows])
        rows++;
    which += first;
    return which < rows                  ? ipm_transports[which]
           : which == rows && first == 0 ? ipcmark_plugin.transports[0]
                                         : NULL;
}

/* Each test is a process of its own: the reason is printed once in each. */
bool ipm_pair_runs(const struct ipm_transport *ops) {
    static const struct ipm_transport *told[PAIR_FDS];
    static size_t told_count;
    struct ipm_err err = {0};
    size_t most = 0;
    if (ipm_runner_try(ops, 0, &most, &err) == 0)
        return true;
    for (size_t i = 0; i < told_count; i++)
        if (told[i] == ops)
            return false;
    told[told_count++] = ops;
    (void)fprintf(stderr, "%s is left out: %s\n", ops->name, err.text);
    return false;
}

size_t ipm_pair_largest(const struct ipm_transport *ops) {
    struct ipm_err err = {0};
    size_t most = 0;
    cr_assert_eq(ipm_runner_try(ops, 0, &most, &err), 0, "%s: %s", ops->name, err.text);
    return most < IPM_PAIR_LARGEST ? most : IPM_PAIR_LARGEST;
}

bool ipm_pair_tells_of_death(const struct ipm_transport *ops) {
    return (ops->caps & (IPM_CAP_RELIABLE | IPM_CAP_CONNECTED)) != IPM_CAP_RELIABLE;
}

bool ipm_pair_waits_for_receiver(const struct ipm_transport *ops) {
    const unsigned met = IPM_CAP_MESSAGES | IPM_CAP_CONNECTED;
    return (ops->caps & (met | IPM_CAP_POLLABLE)) == met;
}

void ipm_pair_open(struct ipm_pair *pair, const struct ipm_transport *ops,
                   const struct ipm_link_config *config) {
    (void)signal(SIGPIPE, SIG_IGN);
    *pair = (struct ipm_pair){.ops = ops,
                              .link = {.ops = ops, .config = *config},
                              .end = {.ops = ops, .rx_fd = -1, .tx_fd = -1},
                              .control = -1};
    ipm_leaks_begin(&pair->leaks);
    pair->link.state = calloc(1, ops->link_size + 1);
    pair->end.state = calloc(1, ops->end_size + 1);
    cr_assert_not_null(pair->link.state);
    cr_assert_not_null(pair->end.state);
    cr_assert_eq(ops->open(&pair->link, &pair->err), 0, "%s: %s", ops->name,
                 pair->err.text);
}

void ipm_pair_open_plain(struct ipm_pair *pair, const struct ipm_transport *ops) {
    const struct ipm_link_config config = {.message_bytes = ipm_pair_largest(ops),
                                           .timeout_ms = IPM_PAIR_TIMEOUT_MS};
    ipm_pair_open(pair, ops, &config);
}

bool ipm_pair_tell(struct ipm_pair *pair) {
    return send(pair->control, ".", 1, 0) == 1;
}

bool ipm_pair_await(struct ipm_pair *pair) {
    char step = 0;
    ssize_t r = 0;
    do
        r = recv(pair->control, &step, 1, 0);
    while (r < 0 && errno == EINTR);
    return r == 1 && step == '.';
}

/* A step is one byte; words are more, so that neither is taken for the other. */
static _Noreturn void pair_leave(const struct ipm_pair *pair, const char *words) {
    if (words)
        (void)send(pair->control, words, strlen(words) + 1, 0);
    _exit(words ? 1 : 0);
}

static void pair_be_child(struct ipm_pair *pair, int control, pid_t parent) {
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    pair->control = control;
    pair->end.side = IPM_CHILD;
    pair->end.peer_pid = parent;
}

void ipm_pair_fork(struct ipm_pair *pair, const char *(*child)(struct ipm_pair *pair)) {
    const pid_t parent = getpid();
    int control[2];
    cr_assert_eq(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, control), 0);
    pair->child = fork();
    cr_assert_neq(pair->child, -1);
    if (pair->child == 0) {
        (void)close(control[0]);
        pair_be_child(pair, control[1], parent);
        pair_leave(pair, child(pair));
    }
    (void)close(control[1]);
    pair->control = control[0];
    pair->end.side = IPM_PARENT;
    pair->end.peer_pid = pair->child;
}

static const char *(*pair_work)(
    struct ipm_pair *pair); /* of the child about to be forked */

/* As the runner does it. */
static int pair_attach(struct ipm_pair *pair) {
    const struct ipm_wait *wait = ipm_wait_choose("block", pair->ops->caps);
    int failed = pair->ops->attach(&pair->end, &pair->link, &pair->err);
    return failed ? failed : ipm_wait_prepare(wait, "block", &pair->end, &pair->err);
}

static const char *pair_attach_and_work(struct ipm_pair *pair) {
    if (pair_attach(pair) != 0)
        return pair->err.text;
    if (!ipm_pair_tell(pair) || !ipm_pair_await(pair))
        return "the parent did not attach";
    pair->ops->close(&pair->link, IPM_CHILD);
    if (!ipm_pair_tell(pair) || !ipm_pair_await(pair))
        return "the parent did not close";
    const char *words = pair_work(pair);
    pair->ops->detach(&pair->end);
    return words;
}

void ipm_pair_start(struct ipm_pair *pair, const char *(*child)(struct ipm_pair *pair)) {
    pair_work = child;
    ipm_pair_fork(pair, pair_attach_and_work);
    cr_assert_eq(pair_attach(pair), 0, "%s: %s", pair->ops->name, pair->err.text);
    cr_assert(ipm_pair_await(pair), "%s: the child did not attach", pair->ops->name);
    cr_assert(ipm_pair_tell(pair));
    pair->ops->close(&pair->link, IPM_PARENT);
    cr_assert(ipm_pair_await(pair), "%s: the child did not close", pair->ops->name);
    cr_assert(ipm_pair_tell(pair));
}

static int pair_bad_closes; /* of what was not open: harmless today, a theft tomorrow */

int __real_close(int fd);
int __wrap_close(int fd);

int __wrap_close(int fd) {
    int r = __real_close(fd);
    pair_bad_closes += r != 0 && errno == EBADF;
    return r;
}

static void pair_reap(struct ipm_pair *pair) {
    char words[PAIR_WORDS_BYTES] = "";
    int status = 0;
    while (recv(pair->control, words, sizeof words - 1, 0) == 1)
        words[0] = '\0';
    cr_assert_eq(waitpid(pair->child, &status, 0), pair->child);
    cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%s: the child: %s",
              pair->ops->name, words);
    pair->child = 0;
}

const char *ipm_pair_sleep(struct ipm_pair *pair) {
    (void)pair;
    while (pause() < 0)
        continue;
    return NULL;
}

void ipm_pair_kill(struct ipm_pair *pair) {
    cr_assert_eq(kill(pair->child, SIGKILL), 0);
    cr_assert_eq(waitpid(pair->child, NULL, 0), pair->child);
    pair->child = 0;
}

/* Detaching twice must be harmless: it is done each time. */
void ipm_pair_end(struct ipm_pair *pair) {
    if (pair->child > 0)
        pair_reap(pair);
    pair->ops->detach(&pair->end);
    pair->ops->detach(&pair->end);
    cr_assert_eq(pair_bad_closes, 0, "%s closes twice", pair->ops->name);
    if (pair->control >= 0)
        (void)close(pair->control);
    free(pair->link.state);
    free(pair->end.state);
    ipm_leaks_end(&pair->leaks);
}

void ipm_pair_run(const struct ipm_transport *ops,
                  const char *(*child)(struct ipm_pair *pair),
                  void (*parent)(struct ipm_pair *pair)) {
    struct ipm_pair pair;
    ipm_pair_open_plain(&pair, ops);
    ipm_pair_start(&pair, child);
    if (parent)
        parent(&pair);
    ipm_pair_end(&pair);
}

static ssize_t pair_result(ssize_t r) {
    if (r >= 0)
        return r;
    return errno == ECONNRESET || errno == ECONNREFUSED ? -EPIPE : -errno;
}

/* A transport that spins comes back from time to time, wherever there was a signal or not. */
static bool pair_again(ssize_t r) {
    return r < 0 && errno == EINTR;
}

ssize_t ipm_pair_send(struct ipm_pair *pair, const void *bytes, size_t count) {
    ssize_t r = 0;
    do
        r = pair->ops->send(&pair->end, bytes, count);
    while (pair_again(r));
    return pair_result(r);
}

ssize_t ipm_pair_send_once(struct ipm_pair *pair, const void *bytes, size_t count) {
    return pair_result(pair->ops->send(&pair->end, bytes, count));
}

ssize_t ipm_pair_recv(struct ipm_pair *pair, void *bytes, size_t count) {
    ssize_t r = 0;
    do
        r = pair->ops->recv(&pair->end, bytes, count);
    while (pair_again(r));
    return pair_result(r);
}

bool ipm_pair_send_all(struct ipm_endpoint *end, const unsigned char *bytes,
                       size_t count) {
    for (size_t sent = 0; sent < count;) {
        ssize_t r = end->ops->send(end, bytes + sent, count - sent);
        if (r <= 0 && !pair_again(r))
            return false;
        sent += r > 0 ? (size_t)r : 0;
    }
    return true;
}

bool ipm_pair_recv_all(struct ipm_endpoint *end, unsigned char *bytes, size_t count) {
    for (size_t got = 0; got < count;) {
        ssize_t r = end->ops->recv(end, bytes + got, count - got);
        if (r <= 0 && !pair_again(r))
            return false;
        got += r > 0 ? (size_t)r : 0;
    }
    return true;
}

void ipm_pair_fill(unsigned char *bytes, size_t count, unsigned seed) {
    for (size_t i = 0; i < count; i++)
        bytes[i] = (unsigned char)(i * 7 + i / 251 + seed * 13 + 1);
}

bool ipm_pair_holds(const unsigned char *bytes, size_t count, unsigned seed) {
    for (size_t i = 0; i < count; i++)
        if (bytes[i] != (unsigned char)(i * 7 + i / 251 + seed * 13 + 1))
            return false;
    return true;
}

int ipm_pair_listener(void) {
    for (int fd = 0; fd < PAIR_FDS; fd++) {
        int listens = 0;
        socklen_t bytes = sizeof listens;
        if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &bytes) == 0 && listens)
            return fd;
    }
    return -1;
}

static bool pair_strays;

void ipm_pair_strays(bool on) {
    pair_strays = on;
}

int __real_connect(int fd, const struct sockaddr *address, socklen_t bytes);
int __wrap_connect(int fd, const struct sockaddr *address, socklen_t bytes);

int __wrap_connect(int fd, const struct sockaddr *address, socklen_t bytes) {
    struct sockaddr_storage self = {0};
    socklen_t size = sizeof self;
    if (pair_strays && getsockname(fd, (struct sockaddr *)&self, &size) == 0) {
        int stranger = socket(self.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        (void)sendto(stranger, "stray", 5, 0, (struct sockaddr *)&self, size);
        (void)sendto(stranger, "", 0, 0, (struct sockaddr *)&self, size);
        (void)sendto(stranger, "stray", 5, 0, (struct sockaddr *)&self, size);
        (void)close(stranger);
    }
    return __real_connect(fd, address, bytes);
}

double ipm_pair_now_s(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}
