/* test_patterns_struck.c - whatever happens to one side of a pattern ends the trial and leaves
 * nothing: death, standing still, Ctrl-C, strangers. */
#include "base/clock.h"
#include "base/err.h"
#include "patterns.h"
#include "rig.h"
#include "rows.h"
#include "run/patterns/pattern.h"
#include "tests/support/leaks.h"
#include "transports/transport.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PATTERNS_FDS = 256 };

static const char *const patterns_names[] = {"duplex", "ping-pong", "connect"};
enum { PATTERNS = sizeof patterns_names / sizeof *patterns_names };

/* Where the window's third receive is the child's. */
static bool patterns_strikes(const struct ipm_test_trial *config,
                             enum ipm_rig_place place) {
    const bool child_idle = (config->trial.pattern->kind.traits & IPM_TRAIT_CONNECTS) &&
                            !config->trial.transport->accept;
    return ipm_patterns_can(config->trial.transport, config->trial.pattern) &&
           (place != IPM_RIG_WINDOW || !child_idle);
}

/* Where a watchdog is awaited it comes soon; on a machine so busy that it came before the
 * accident it gets longer. */
static int patterns_run_struck(struct ipm_test_trial *config, const struct ipm_rig *rig,
                               const char *words, struct ipm_err *err) {
    struct ipm_sample sample;
    int failed = 0;
    do {
        *err = (struct ipm_err){0};
        (void)ipm_rig_make(rig);
        failed = ipm_test_trial_run(config, &sample, NULL, err);
        config->trial.timeout_ns *= 8;
    } while (rig->signal == SIGSTOP && !strstr(err->text, words) &&
             config->trial.timeout_ns < 100000000000);
    return failed;
}

static void patterns_strike(const char *pattern, const struct ipm_transport *real,
                            int signal_number, int wanted, const char *words) {
    for (int place = 0; place < IPM_RIG_PLACES; place++) {
        const struct ipm_rig rig = {.real = real,
                                    .place = (enum ipm_rig_place)place,
                                    .signal = signal_number,
                                    .tell_fd = -1};
        struct ipm_test_trial config =
            ipm_patterns_config(ipm_rig_make(&rig), pattern, 200000);
        struct ipm_err err = {0};
        if (real->caps & IPM_CAP_MESSAGES)
            config.settings.message_bytes = 2000;
        if (signal_number == SIGSTOP)
            config.trial.timeout_ns = 150000000;
        if (!patterns_strikes(&config, (enum ipm_rig_place)place))
            continue;
        int failed = patterns_run_struck(&config, &rig, words, &err);
        cr_assert_eq(failed, wanted, "%s over %s, place %d: %d %s", pattern, real->name,
                     place, failed, err.text);
        cr_assert_not_null(strstr(err.text, words), "%s over %s: %s", pattern, real->name,
                           err.text);
        ipm_patterns_end();
    }
}

static void patterns_strike_all(const struct ipm_transport *ops, int signal_number,
                                int wanted, const char *words) {
    struct ipm_leaks leaks;
    ipm_patterns_begin();
    ipm_leaks_begin(&leaks);
    for (size_t p = 0; p < PATTERNS; p++) {
        const uint64_t began_ns = ipm_clock_now_ns();
        patterns_strike(patterns_names[p], ops, signal_number, wanted, words);
        ipm_leaks_check(&leaks);
        cr_assert_lt(ipm_clock_now_ns() - began_ns, 100000000000u, "%s over %s",
                     patterns_names[p], ops->name);
    }
    ipm_leaks_end(&leaks);
}

IPM_ROW_TEST(ops, patterns_struck, whose_child_is_killed_end_with_one_clear_line, 0u) {
    patterns_strike_all(ops, SIGKILL, -ECHILD, "killed by signal 9");
}

IPM_ROW_TEST(ops, patterns_struck, whose_child_stands_still_end_by_the_watchdog, 0u) {
    patterns_strike_all(ops, SIGSTOP, -ETIMEDOUT, "the child is stopped");
}

static const struct ipm_transport *patterns_real;
static pid_t patterns_parent;
static int patterns_receives;

static ssize_t patterns_recv_interrupted(struct ipm_endpoint *end, void *buf,
                                         size_t cap) {
    if (getpid() == patterns_parent && ++patterns_receives == 3)
        (void)kill(patterns_parent, SIGINT);
    return patterns_real->recv(end, buf, cap);
}

static void patterns_interrupt(const char *pattern, const char *transport) {
    struct ipm_leaks leaks;
    struct ipm_sample sample;
    struct ipm_err err = {0};
    patterns_real = ipm_transport_find(transport);
    patterns_parent = getpid();
    struct ipm_transport rigged = *patterns_real;
    rigged.recv = patterns_recv_interrupted;
    struct ipm_test_trial config = ipm_patterns_config(&rigged, pattern, 4096);
    config.trial.messages = 1ull << 40;
    ipm_patterns_begin();
    ipm_leaks_begin(&leaks);
    cr_assert_eq(ipm_test_trial_run(&config, &sample, NULL, &err), -EINTR, "%s",
                 err.text);
    ipm_leaks_end(&leaks);
    ipm_patterns_end();
}

Test(patterns_struck, of_both_ways_at_once_stop_when_the_user_says_so) {
    patterns_interrupt("duplex", "tcp");
}

Test(patterns_struck, of_both_ways_over_udp_stop_when_the_user_says_so) {
    patterns_interrupt("duplex", "udp");
}

Test(patterns_struck, of_question_and_answer_stop_when_the_user_says_so) {
    patterns_interrupt("ping-pong", "pipe-pair");
}

Test(patterns_struck, of_connections_stop_when_the_user_says_so) {
    patterns_interrupt("connect", "unix");
}

/* The address of whoever listens in this process. */
static bool patterns_listener(struct sockaddr_in *ret_address) {
    for (int fd = 0; fd < PATTERNS_FDS; fd++) {
        int listens = 0;
        socklen_t bytes = sizeof listens;
        socklen_t address_bytes = sizeof *ret_address;
        if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &bytes) == 0 && listens)
            return getsockname(fd, (struct sockaddr *)ret_address, &address_bytes) == 0;
    }
    return false;
}

enum { PATTERNS_STRANGERS = 3 };
static int patterns_strangers[PATTERNS_STRANGERS];
static int patterns_dials;

/* The first stranger says nothing, the second something else, the third leaves. */
static void patterns_knock(void) {
    struct sockaddr_in address;
    cr_assert(patterns_listener(&address));
    for (int i = 0; i < PATTERNS_STRANGERS; i++) {
        patterns_strangers[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        cr_assert_eq(connect(patterns_strangers[i], (const struct sockaddr *)&address,
                             sizeof address),
                     0);
    }
    cr_assert_eq(send(patterns_strangers[1], "!", 1, 0), 1);
    (void)close(patterns_strangers[2]);
}

static int patterns_dial(struct ipm_endpoint *end, const struct ipm_link *link) {
    if (++patterns_dials == 5)
        patterns_knock();
    return patterns_real->connect(end, link);
}

static int patterns_dial_slowly(struct ipm_endpoint *end, const struct ipm_link *link) {
    const int failed = patterns_real->connect(end, link);
    if (++patterns_dials == 5)
        (void)usleep(300000);
    return failed;
}

/* On a busy machine it may be a while until the dialler runs again to say its byte. */
static void patterns_dial_late(const char *transport) {
    patterns_real = ipm_transport_find(transport);
    struct ipm_transport rigged = *patterns_real;
    rigged.connect = patterns_dial_slowly;
    ipm_patterns_begin();
    struct ipm_test_trial config = ipm_patterns_config(&rigged, "connect", 1);
    config.trial.timeout_ns = 5000000000u;
    struct ipm_sample sample = ipm_patterns_run(&config);
    cr_assert_lt(4, patterns_dials);
    cr_assert_eq(sample.received.messages, PATTERNS_MESSAGES);
    ipm_sample_done(&sample);
}

Test(patterns_struck, of_connections_take_no_slow_dialler_for_a_stranger) {
    patterns_dial_late("tcp");
}

Test(patterns_struck, of_connections_by_a_path_take_no_slow_dialler_for_a_stranger) {
    patterns_dial_late("unix");
}

Test(patterns_struck, of_connections_do_not_count_strangers_nor_wait_for_them) {
    patterns_real = ipm_transport_find("tcp");
    struct ipm_transport rigged = *patterns_real;
    rigged.connect = patterns_dial;
    ipm_patterns_begin();
    struct ipm_test_trial config = ipm_patterns_config(&rigged, "connect", 1);
    struct ipm_sample sample = ipm_patterns_run(&config);
    cr_assert_lt(4, patterns_dials);
    cr_assert_eq(sample.received.messages, PATTERNS_MESSAGES);
    cr_assert_eq(sample.latency.count, PATTERNS_MESSAGES);
    ipm_sample_done(&sample);
    (void)close(patterns_strangers[0]);
    (void)close(patterns_strangers[1]);
}
