/* stop.c - signals to one flag. */
#include "run/process/stop.h"

#include "base/clock.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/time.h>
#include <sys/wait.h>

enum { STOP_USER = 1, STOP_EXPIRED = 2, STOP_CHILD = 4, STOP_REPEAT_US = 20000 };

enum { STOP_WATCH_ALL = -1 }; /* instead of a pid */

/* timeout(1) signals the process and then its group: one wish, sent twice. */
static const uint64_t STOP_TWICE_NS = 200000000;

atomic_int ipm_stop_flag;
static volatile sig_atomic_t stop_signal;
static volatile uint64_t stop_signal_ns;
static volatile pid_t stop_watched;
static volatile sig_atomic_t stop_child_died;
static volatile uint64_t stop_deadline_ns;

static void stop_by_user(int number) {
    const uint64_t now_ns = ipm_clock_now_ns();
    if (stop_signal && now_ns - stop_signal_ns > STOP_TWICE_NS) {
        (void)signal(number, SIG_DFL);
        (void)raise(number); /* comes when this handler has returned */
        return;
    }
    if (!stop_signal) {
        stop_signal_ns = now_ns;
        stop_signal = number;
    }
    ipm_stop_flag = ipm_stop_flag | STOP_USER;
}

/* Before its time it is somebody else's signal. */
static void stop_by_watchdog(int number) {
    (void)number;
    if ((ipm_stop_flag & STOP_CHILD) == 0 && ipm_clock_now_ns() >= stop_deadline_ns)
        ipm_stop_flag = ipm_stop_flag | STOP_EXPIRED;
}

/* Repeated, because one signal that comes just before a call blocks would be lost. */
static void stop_start_timer(uint64_t first_us) {
    struct itimerval timer = {.it_interval = {.tv_sec = 0, .tv_usec = STOP_REPEAT_US},
                              .it_value = {.tv_sec = (time_t)(first_us / 1000000),
                                           .tv_usec = (suseconds_t)(first_us % 1000000)}};
    (void)setitimer(ITIMER_REAL, &timer, NULL); /* fails only for a bad argument */
}

/* waitid(2) may leave its errno behind, and the interrupted call needs its own.
 *
 * Whoever started the program may have left it children of its own (exec(3)): only the
 * trial's counts. setitimer(2) is a plain system call: as safe here as waitid(2). */
static void stop_by_child(int number) {
    siginfo_t info = {0};
    const int saved = errno;
    (void)number;
    if (stop_watched == STOP_WATCH_ALL) {
        stop_child_died = 1;
        stop_start_timer(STOP_REPEAT_US);
        return;
    }
    const bool ended =
        stop_watched > 0 &&
        waitid(P_PID, (id_t)stop_watched, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
        info.si_pid != 0;
    errno = saved;
    if (!ended)
        return;
    ipm_stop_flag = ipm_stop_flag | STOP_CHILD;
    stop_start_timer(STOP_REPEAT_US);
}

/* All signals wait while a handler runs: each changes the flag as a whole. */
static void stop_handle(int number, void (*handler)(int), int flags) {
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
    (void)sigfillset(&action.sa_mask);
    (void)sigaction(number, &action, NULL); /* fails only for a bad number */
}

static const int stop_by_user_signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
enum {
    STOP_BY_USER_SIGNALS = sizeof stop_by_user_signals / sizeof *stop_by_user_signals
};

/* A job of nohup(1), or in the background of a script, is given some of them ignored, and
 * keeps them so. */
static void stop_handle_user(int flags) {
    for (size_t i = 0; i < STOP_BY_USER_SIGNALS; i++) {
        struct sigaction before = {0};
        (void)sigaction(stop_by_user_signals[i], NULL, &before);
        if (before.sa_handler != SIG_IGN)
            stop_handle(stop_by_user_signals[i], stop_by_user, flags);
    }
}

void ipm_stop_install(void) {
    sigset_t open;
    stop_handle(SIGPIPE, SIG_IGN, 0);
    stop_handle(SIGALRM, stop_by_watchdog, 0);
    stop_handle(SIGCHLD, stop_by_child, SA_NOCLDSTOP);
    stop_handle_user(0);
    (void)sigemptyset(&open);
    (void)sigaddset(&open, SIGALRM);
    (void)sigaddset(&open, SIGCHLD);
    for (size_t i = 0; i < STOP_BY_USER_SIGNALS; i++)
        (void)sigaddset(&open, stop_by_user_signals[i]);
    (void)sigprocmask(SIG_UNBLOCK, &open, NULL); /* a mask is inherited, too */
}

void ipm_stop_settle(void) {
    stop_handle_user(SA_RESTART);
}

int ipm_stop_signal(void) {
    return stop_signal;
}

void ipm_stop_disown(void) {
    stop_watched = 0;
    ipm_stop_flag = 0;
    for (size_t i = 0; i < STOP_BY_USER_SIGNALS; i++)
        stop_handle(stop_by_user_signals[i], SIG_IGN, 0);
    stop_handle(SIGTERM, SIG_DFL, 0);
}

void ipm_stop_watch(pid_t child) {
    stop_watched = child;
}

void ipm_stop_watch_all(void) {
    stop_child_died = 0;
    stop_watched = STOP_WATCH_ALL;
}

/* Cleared before the caller looks, so that a death meanwhile is reported again. */
int ipm_stop_child_died(void) {
    const int died = stop_child_died;
    stop_child_died = 0;
    return died;
}

/* A signal between the two halves of "flag = flag & bit" must not be undone by it. */
static void stop_keep_user_only(void) {
    ipm_stop_flag = 0;
    if (stop_signal)
        ipm_stop_flag = STOP_USER;
}

void ipm_stop_arm(uint64_t timeout_ns) {
    stop_keep_user_only();
    stop_deadline_ns = ipm_clock_now_ns() + timeout_ns;
    stop_start_timer(timeout_ns / 1000 + 1);
}

void ipm_stop_disarm(void) {
    struct itimerval timer = {.it_value = {0, 0}};
    stop_watched = 0;
    (void)setitimer(ITIMER_REAL, &timer, NULL);
    stop_keep_user_only();
}

int ipm_stop_wanted(void) {
    return (ipm_stop_flag & (STOP_USER | STOP_EXPIRED)) != 0;
}

int ipm_stop_expired(void) {
    return (ipm_stop_flag & STOP_EXPIRED) != 0;
}
