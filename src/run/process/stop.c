/* stop.c - turns signals into one flag. */
#include "run/process/stop.h"

#include "base/clock.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    STOP_USER = 1,
    STOP_EXPIRED = 2,
    STOP_CHILD = 4,
    STOP_FAILED = 8,
    STOP_REPEAT_US = 20000
};

enum { STOP_TICK_NS = 100000000 }; /* the period of the guard thread */

enum { STOP_WATCH_ALL = -1 }; /* instead of a pid */

/* The two clocks of ipm_clock_asleep_ns are read at most this far apart. */
static const uint64_t STOP_ASLEEP_NS = 10000000;

/* An alarm later than this was delayed together with the process. */
static const uint64_t STOP_LATE_NS = 500000000;

/* timeout(1) signals the process and then its group. Both signals are one request. */
static const uint64_t STOP_TWICE_NS = 200000000;

/* Limits after the first signal: until the writing of the result begins, without progress of the
 * writing, and until the result is written. At a limit the program ends without the result. */
static const uint64_t STOP_MEASURING_NS = 5000000000;
static const uint64_t STOP_IDLE_NS = 3000000000;
static const uint64_t STOP_WRITING_NS = 30000000000;

atomic_int ipm_stop_flag;
static atomic_int stop_signal;
static _Atomic uint64_t stop_signal_ns;
static volatile pid_t stop_watched;
static volatile sig_atomic_t stop_child_died;
static volatile uint64_t stop_deadline_ns; /* 0: no watchdog is armed */
static volatile uint64_t stop_timeout_ns;
static volatile sig_atomic_t stop_continued;
static timer_t stop_limit; /* sends one SIGVTALRM after STOP_MEASURING_NS */
static bool stop_limited;
static bool stop_installed;
static sigset_t stop_user; /* those of stop_by_user_signals that end the program */

/* Notes a signal of the user. Returns whether it is a second request, which ends the
 * program at once. SIGXCPU comes every second until its limit is raised: setrlimit(2). */
static bool stop_note(int number) {
    const uint64_t now_ns = ipm_clock_now_ns();
    if (stop_signal)
        return number != SIGXCPU && now_ns - stop_signal_ns > STOP_TWICE_NS;
    stop_signal_ns = now_ns;
    stop_signal = number;
    return false;
}

/* Starts a repeating timer, because a single signal just before a call blocks would be
 * lost. */
static void stop_repeat(uint64_t first_us, suseconds_t repeat_us) {
    struct itimerval timer = {.it_interval = {.tv_sec = 0, .tv_usec = repeat_us},
                              .it_value = {.tv_sec = (time_t)(first_us / 1000000),
                                           .tv_usec = (suseconds_t)(first_us % 1000000)}};
    (void)setitimer(ITIMER_REAL, &timer, NULL); /* fails only for a bad argument */
}

static void stop_start_timer(uint64_t first_us) {
    stop_repeat(first_us, STOP_REPEAT_US);
}

static void stop_by_user(int number) {
    const struct itimerspec limit = {
        .it_value = {.tv_sec = (time_t)(STOP_MEASURING_NS / 1000000000)}};
    const bool first = !stop_signal;
    if (stop_note(number)) {
        (void)signal(number, SIG_DFL);
        (void)raise(number); /* is delivered when this handler has returned */
        return;
    }
    if (first && stop_limited)
        (void)timer_settime(stop_limit, 0, &limit, NULL);
    ipm_stop_flag = ipm_stop_flag | STOP_USER;
    if (stop_deadline_ns > 0)
        stop_start_timer(STOP_REPEAT_US);
}

/* Ends the process, even while its main thread is in a call that no handler can
 * interrupt. */
_Noreturn static void stop_give_up(void) {
    static const char words[] = "ipcmark: interrupted, the result is not complete\n";
    struct pollfd end = {.fd = STDERR_FILENO, .events = POLLOUT};
    if (poll(&end, 1, 0) > 0)
        (void)!write(STDERR_FILENO, words, sizeof words - 1);
    _exit(128 + stop_signal);
}

/* SIGALRM is blocked while an event is written. A separate signal also ends a call that
 * blocks for ever because the user's signal arrived just before it. */
static void stop_by_limit(int number) {
    (void)number;
    if (stop_signal && ipm_clock_now_ns() - stop_signal_ns >= STOP_MEASURING_NS)
        stop_give_up();
}

/* The watchdog counts running time. The time that the process was stopped is unknown,
 * so the whole timeout begins again. */
static void stop_by_continue(int number) {
    (void)number;
    stop_continued = stop_continued + 1;
    if (stop_deadline_ns == 0)
        return;
    stop_deadline_ns = ipm_clock_now_ns() + stop_timeout_ns;
    stop_start_timer(STOP_REPEAT_US);
}

/* An alarm before the deadline is a signal from elsewhere. One that expired while the
 * process was stopped comes together with SIGCONT, which extends the deadline; after a
 * container was frozen or a virtual machine paused, it only comes late. */
static void stop_by_watchdog(int number) {
    sigset_t pending;
    (void)number;
    (void)sigpending(&pending);
    const uint64_t now_ns = ipm_clock_now_ns();
    if (stop_deadline_ns == 0 || now_ns < stop_deadline_ns ||
        (ipm_stop_flag & (STOP_CHILD | STOP_EXPIRED)) != 0 ||
        sigismember(&pending, SIGCONT) == 1)
        return;
    if (now_ns > stop_deadline_ns + STOP_LATE_NS)
        stop_by_continue(number);
    else
        ipm_stop_flag = ipm_stop_flag | STOP_EXPIRED;
}

/* waitid(2) may change errno, which the interrupted call needs.
 *
 * Whoever started the program may have left it children of its own (exec(3)); only the
 * trial's children count. setitimer(2) is a plain system call and as safe here as
 * waitid(2). */
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

/* All signals are blocked while a handler runs, so that each changes the flag as a
 * whole. */
static void stop_handle(int number, void (*handler)(int), int flags) {
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
    (void)sigfillset(&action.sa_mask);
    (void)sigaction(number, &action, NULL); /* fails only for a bad number */
}

static const int stop_by_user_signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXCPU};
enum {
    STOP_BY_USER_SIGNALS = sizeof stop_by_user_signals / sizeof *stop_by_user_signals
};

/* Whether a signal ends the program. A job of nohup(1), or one in the background of a
 * script, inherits some of them as ignored, and they stay so. */
static bool stop_is_taken(int number) {
    struct sigaction before = {0};
    (void)sigaction(number, NULL, &before);
    return before.sa_handler != SIG_IGN;
}

static void stop_find_user(void) {
    (void)sigemptyset(&stop_user);
    for (size_t i = 0; i < STOP_BY_USER_SIGNALS; i++)
        if (stop_is_taken(stop_by_user_signals[i]))
            (void)sigaddset(&stop_user, stop_by_user_signals[i]);
}

static void stop_install_handlers(void) {
    stop_handle(SIGPIPE, SIG_IGN, 0);
    stop_handle(SIGALRM, stop_by_watchdog, 0);
    stop_handle(SIGVTALRM, stop_by_limit, 0);
    stop_handle(SIGCHLD, stop_by_child, SA_NOCLDSTOP);
    stop_handle(SIGCONT, stop_by_continue, SA_RESTART);
    for (size_t i = 0; i < STOP_BY_USER_SIGNALS; i++)
        if (sigismember(&stop_user, stop_by_user_signals[i]) == 1)
            stop_handle(stop_by_user_signals[i], stop_by_user, 0);
}

static void stop_unblock(void) {
    sigset_t open = stop_user;
    (void)sigaddset(&open, SIGALRM);
    (void)sigaddset(&open, SIGVTALRM);
    (void)sigaddset(&open, SIGCHLD);
    (void)sigaddset(&open, SIGCONT);
    (void)sigprocmask(SIG_UNBLOCK, &open, NULL);
}

void ipm_stop_reclaim(void) {
    const uint64_t now_ns = ipm_clock_now_ns();
    const uint64_t deadline_ns = stop_deadline_ns;
    if (!stop_installed)
        return;
    stop_install_handlers();
    stop_unblock();
    if (deadline_ns > 0)
        stop_start_timer(deadline_ns > now_ns ? (deadline_ns - now_ns) / 1000 + 1
                                              : STOP_REPEAT_US);
}

void ipm_stop_install(void) {
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGVTALRM};
    stop_find_user();
    stop_install_handlers();
    stop_limited = timer_create(CLOCK_MONOTONIC, &event, &stop_limit) == 0;
    stop_installed = true;
    stop_unblock();
}

/* --- writing the result ------------------------------------------------------------------ */

/* The CPU clock of the main thread, which stands still while that thread waits. */
static clockid_t stop_writer;

/* A thread that receives the user's signals, which are blocked in all other threads:
 * the first one does not interrupt a write, but does end a write that nobody reads. */
static void *stop_guard(void *nothing) {
    const struct timespec tick = {.tv_nsec = STOP_TICK_NS};
    uint64_t used_ns = 0;
    uint64_t moved_ns = ipm_clock_now_ns(); /* when the writer last made progress */
    const sigset_t user = stop_user;
    for (uint64_t now_ns = moved_ns;
         !stop_signal || (now_ns - moved_ns < STOP_IDLE_NS &&
                          now_ns - stop_signal_ns < STOP_WRITING_NS);) {
        const int number = sigtimedwait(&user, NULL, &tick);
        if (number > 0 && stop_note(number)) {
            (void)signal(number, SIG_DFL);
            (void)pthread_sigmask(SIG_UNBLOCK, &user, NULL);
            (void)raise(number);
        }
        now_ns = ipm_clock_now_ns();
        if (number > 0 || ipm_clock_of_ns(stop_writer) != used_ns)
            moved_ns = now_ns;
        used_ns = ipm_clock_of_ns(stop_writer);
    }
    stop_give_up();
    return nothing;
}

void ipm_stop_settle(void) {
    sigset_t all;
    sigset_t before;
    sigset_t quiet;
    pthread_t guard;
    quiet = stop_user;
    (void)sigaddset(&quiet, SIGALRM);
    (void)sigaddset(&quiet, SIGVTALRM);
    (void)sigaddset(&quiet, SIGCHLD);
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_BLOCK, &all, &before);
    const int failed = pthread_getcpuclockid(pthread_self(), &stop_writer) != 0 ||
                       pthread_create(&guard, NULL, stop_guard, NULL) != 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed)
        return; /* without the guard the first signal interrupts the write */
    (void)pthread_detach(guard);
    (void)pthread_sigmask(SIG_BLOCK, &quiet, NULL);
}

int ipm_stop_signal(void) {
    return stop_signal;
}

void ipm_stop_disown(void) {
    stop_watched = 0;
    stop_deadline_ns = 0;
    ipm_stop_flag = 0;
    (void)sigemptyset(&stop_user);
    for (size_t i = 0; i < STOP_BY_USER_SIGNALS; i++)
        stop_handle(stop_by_user_signals[i], SIG_IGN, 0);
    stop_handle(SIGTERM, SIG_DFL, 0);
}

void ipm_stop_obey(void) {
    stop_limited = false; /* timers are not inherited: timer_create(2) */
    (void)sigaddset(&stop_user, SIGTERM);
    stop_handle(SIGTERM, stop_by_user, 0);
}

void ipm_stop_threads(void) {
    (void)atomic_fetch_or(&ipm_stop_flag, STOP_FAILED);
}

void ipm_stop_watch(pid_t child) {
    stop_watched = child;
}

void ipm_stop_watch_all(void) {
    stop_child_died = 0;
    stop_watched = STOP_WATCH_ALL;
}

/* The flag is cleared before the caller checks, so that a death in between is reported
 * again. */
int ipm_stop_child_died(void) {
    const int died = stop_child_died;
    stop_child_died = 0;
    return died;
}

/* Assigns in two steps, because "flag = flag & bit" could undo a signal that arrives
 * between its halves. */
static void stop_keep_user_only(void) {
    ipm_stop_flag = 0;
    if (stop_signal)
        ipm_stop_flag = STOP_USER;
}

void ipm_stop_arm(uint64_t timeout_ns) {
    stop_keep_user_only();
    stop_timeout_ns = timeout_ns;
    stop_deadline_ns = ipm_clock_now_ns() + timeout_ns;
    stop_start_timer(timeout_ns / 1000 + 1);
    ipm_stop_reclaim();
}

void ipm_stop_tick(unsigned period_us) {
    stop_repeat(period_us, (suseconds_t)period_us);
}

void ipm_stop_disarm(void) {
    struct itimerval timer = {.it_value = {0, 0}};
    stop_watched = 0;
    stop_deadline_ns = 0;
    (void)setitimer(ITIMER_REAL, &timer, NULL);
    stop_keep_user_only();
}

uint64_t ipm_stop_pauses(void) {
    static uint64_t asleep_ns;
    static uint64_t sleeps;
    const uint64_t now_ns = ipm_clock_asleep_ns();
    if (now_ns > asleep_ns + STOP_ASLEEP_NS) {
        asleep_ns = now_ns;
        sleeps++;
    }
    return sleeps + (uint64_t)stop_continued;
}

int ipm_stop_wanted(void) {
    return (ipm_stop_flag & (STOP_USER | STOP_EXPIRED)) != 0;
}

int ipm_stop_expired(void) {
    return (ipm_stop_flag & STOP_EXPIRED) != 0;
}
