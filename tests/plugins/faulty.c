/* faulty.c - one plugin that is fit, and with a FAULTY_ definition each of those that are
 * not. Built as a reader builds one: with the installed headers and nothing else. */
#include "ipcmark/err.h"
#include "ipcmark/fd.h"
#include "ipcmark/plugin.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef FAULTY_NAME
#define FAULTY_NAME "fit"
#endif
#ifndef FAULTY_CAPS
#define FAULTY_CAPS 0
#endif

/* Where messages are written and read in place: what lease and borrow give. */
#if defined FAULTY_LEASE || defined FAULTY_BORROW
#define FAULTY_PLACED
#define FAULTY_PIPE O_DIRECT /* keeps messages apart */
#else
#define FAULTY_PIPE 0
#endif
#ifndef FAULTY_LEASE
#define FAULTY_LEASE faulty_place
#endif
#ifndef FAULTY_BORROW
#define FAULTY_BORROW faulty_place
#endif

#ifdef FAULTY_CARELESS
#define FAULTY_SUMMARY "a pipe\u202e\u200b of a plugin"
#else
#define FAULTY_SUMMARY "a pipe of a plugin"
#endif

/* A pipe from the parent to the child. */
struct faulty_link {
    int fds[2];
};

/* Not by a wild pointer: compilers and sanitizers have their own ideas of these. */
__attribute__((unused)) static void faulty_crash(void) {
    (void)signal(SIGSEGV, SIG_DFL);
    (void)raise(SIGSEGV);
}

/* What libraries do to the whole process. */
__attribute__((unused)) static void faulty_be_rude(void) {
    sigset_t all;
    (void)sigfillset(&all);
    (void)sigprocmask(SIG_BLOCK, &all, NULL);
    (void)umask(0);
    if (chdir("/") != 0)
        abort();
}

/* After the trial run of a plugin, and in the parent. */
__attribute__((unused)) static void faulty_exit_later(void) {
    static int opened;
    if (opened++ == 3)
        exit(0);
}

__attribute__((unused)) static bool faulty_taken;

/* What libraries do to signals, which are not theirs: in the parent, after the trial run. */
__attribute__((unused)) static void faulty_reap(int number) {
    (void)number;
    while (waitpid(-1, NULL, WNOHANG) > 0)
        continue;
}

__attribute__((unused)) static void faulty_take_signals(void (*children)(int)) {
    static int opened;
    if (opened++ < 3)
        return;
    faulty_taken = true;
    (void)signal(SIGCHLD, children);
    (void)signal(SIGALRM, SIG_IGN);
    (void)alarm(0);
}

/* For ever, once the signals are taken. */
__attribute__((unused)) static void faulty_hang(void) {
    while (faulty_taken)
        (void)pause();
}

__attribute__((unused)) static void *faulty_sleep(void *nothing) {
    for (;;)
        (void)pause();
    return nothing;
}

/* Starts a thread that nobody ends, at the `first` open or later. */
__attribute__((unused)) static void faulty_leave_thread(int first) {
    static int opened;
    pthread_t thread;
    if (++opened >= first && pthread_create(&thread, NULL, faulty_sleep, NULL) == 0)
        (void)pthread_detach(thread);
}

#ifdef FAULTY_LOAD
__attribute__((constructor)) static void faulty_load(void) {
    FAULTY_LOAD;
}
#endif

static int faulty_probe(size_t *ret_max_message_bytes, struct ipm_err *err) {
    (void)err;
    *ret_max_message_bytes = SIZE_MAX;
#ifdef FAULTY_PROBE
    FAULTY_PROBE;
#endif
    return 0;
}

static int faulty_open(struct ipm_link *link, struct ipm_err *err) {
    struct faulty_link *mine = link->state;
#ifdef FAULTY_OPEN
    FAULTY_OPEN;
#endif
    return pipe2(mine->fds, O_CLOEXEC | FAULTY_PIPE) == 0
               ? 0
               : ipm_err_set(err, -1, "cannot make a pipe");
}

static void faulty_close(struct ipm_link *link, enum ipm_side side) {
    struct faulty_link *mine = link->state;
    (void)side;
    ipm_fd_close(&mine->fds[0]);
    ipm_fd_close(&mine->fds[1]);
}

static int faulty_attach(struct ipm_endpoint *end, struct ipm_link *link,
                         struct ipm_err *err) {
    struct faulty_link *mine = link->state;
    (void)err;
#ifdef FAULTY_ATTACH
    if (end->side == IPM_PARENT)
        FAULTY_ATTACH;
#endif
    if (end->side == IPM_PARENT)
        end->tx_fd = ipm_fd_take(&mine->fds[1]);
    else
        end->rx_fd = ipm_fd_take(&mine->fds[0]);
    return 0;
}

__attribute__((unused)) static ssize_t faulty_recv(struct ipm_endpoint *end, void *buf,
                                                   size_t cap) {
#ifdef FAULTY_RECV
    FAULTY_RECV;
#endif
    return read(end->rx_fd, buf, cap);
}

#ifdef FAULTY_PLACED
static char faulty_place[4096];

static ssize_t faulty_lease(struct ipm_endpoint *end, void **ret_buf) {
    (void)end;
    *ret_buf = FAULTY_LEASE;
    return sizeof faulty_place;
}

static ssize_t faulty_commit(struct ipm_endpoint *end, size_t len) {
    return write(end->tx_fd, faulty_place, len);
}

static ssize_t faulty_borrow(struct ipm_endpoint *end, const void **ret_buf) {
    *ret_buf = FAULTY_BORROW;
    return read(end->rx_fd, faulty_place, sizeof faulty_place);
}

static int faulty_release(struct ipm_endpoint *end) {
    (void)end;
    return 0;
}
#endif

#ifdef FAULTY_SYMBOL
int ipm_fd_frobnicate(void);
static int faulty_finish(struct ipm_endpoint *end) {
    return ipm_fd_frobnicate() + ipm_fd_finish_close(end);
}
#else
#define faulty_finish ipm_fd_finish_close
#endif

#ifdef FAULTY_CARELESS
/* More facts than there may be, with keys that are no names and values that are no text. */
static void faulty_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                            struct ipm_facts *settings) {
    char key[] = "key_a";
    (void)end;
    ipm_facts_text(endpoint, "Socket Buffer", "large");
    ipm_facts_text(endpoint, "path", "\xff\xfe\xe2\x80\x8b");
    for (; key[4] <= 'z'; key[4]++)
        ipm_facts_number(settings, key, INT64_MAX);
    (void)memset(&endpoint->items[endpoint->count++], 'B', sizeof *endpoint->items);
    settings->count = 1000;
}
#else
#define faulty_describe ipm_no_describe
#endif

static const struct ipm_transport faulty_transport = {
    .name = FAULTY_NAME,
    .summary = FAULTY_SUMMARY,
    .addressing = "none",
    .family = IPM_FAMILY_PIPE,
    .direction = IPM_SIMPLEX,
    .caps = IPM_CAP_RELIABLE | IPM_CAP_CONNECTED | IPM_CAP_POLLABLE | (FAULTY_CAPS),
    .link_size = sizeof(struct faulty_link),
    .probe = faulty_probe,
    .open = faulty_open,
    .attach = faulty_attach,
    .close = faulty_close,
    .describe = faulty_describe,
    .wire = ipm_no_wire,
    .send = ipm_fd_write,
#ifndef FAULTY_NO_RECV
    .recv = faulty_recv,
#endif
#ifdef FAULTY_PLACED
    .lease = faulty_lease,
    .commit = faulty_commit,
    .borrow = faulty_borrow,
    .release = faulty_release,
#endif
    .finish = faulty_finish,
    .detach = ipm_fd_detach,
};

#if defined FAULTY_NO_PLUGIN
const struct ipm_transport *faulty_unused(void);
const struct ipm_transport *faulty_unused(void) {
    return &faulty_transport;
}
#elif defined FAULTY_ABI
const struct ipm_plugin ipcmark_plugin = {.abi = FAULTY_ABI};
const struct ipm_transport *const faulty_kept = &faulty_transport;
#elif defined FAULTY_WHOLE
/* By hand, and then with what is wrong. */
static const struct ipm_transport *const faulty_list[] = {&faulty_transport, NULL};
const struct ipm_plugin ipcmark_plugin = {.abi = IPM_TRANSPORT_ABI,
                                          .struct_bytes = IPM_PLUGIN_STRUCT_BYTES,
                                          .transports = faulty_list,
                                          FAULTY_WHOLE};
#else
IPM_PLUGIN(&faulty_transport);
#endif
