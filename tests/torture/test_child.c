/* test_child.c - the child dies, crashes or stands still, anywhere: the parent says so and
 * nothing is left. The parent dies: the child goes, too. */
#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "rig.h"
#include "rows.h"
#include "run/patterns/pattern.h"
#include "run/process/stop.h"
#include "run/servers/server.h"
#include "tests/support/leaks.h"
#include "tests/support/trial.h"

static const char *const child_places[IPM_RIG_PLACES] = {
    "while attaching", "before the window", "in the window", "after the window"};

static struct ipm_test_trial child_config(const struct ipm_transport *transport) {
    return ipm_test_trial_make(transport, "stream", 4096, 2000);
}

static void child_dies(const struct ipm_transport *real, enum ipm_rig_place place,
                       int signal_number, const char *words) {
    struct ipm_rig rig = {
        .real = real, .place = place, .signal = signal_number, .tell_fd = -1};
    struct ipm_test_trial config = child_config(ipm_rig_make(&rig));
    struct ipm_sample sample;
    struct ipm_err err = {0};
    uint64_t begin_ns = ipm_clock_now_ns();
    int failed = ipm_test_trial_run(&config, &sample, NULL, &err);
    cr_assert_eq(failed, -ECHILD, "%s, %s: %d %s", real->name, child_places[place],
                 failed, err.text);
    cr_assert_not_null(strstr(err.text, words), "%s: %s", real->name, err.text);
    cr_assert_not_null(strstr(err.text, child_places[place]), "%s: %s", real->name,
                       err.text);
    cr_assert_lt(ipm_clock_now_ns() - begin_ns, 10000000000u,
                 "%s: a dead child was waited for", real->name);
}

static void child_dies_everywhere(int signal_number, const char *words) {
    struct ipm_leaks leaks;
    ipm_stop_install();
    ipm_leaks_begin(&leaks);
    for (size_t i = 0; ipm_rig_row(i); i++)
        for (int place = 0; place < IPM_RIG_PLACES; place++) {
            child_dies(ipm_rig_row(i), (enum ipm_rig_place)place, signal_number, words);
            ipm_leaks_check(&leaks);
        }
    ipm_leaks_end(&leaks);
}

Test(child, killed_anywhere_is_one_clear_line) {
    child_dies_everywhere(SIGKILL, "killed by signal 9");
}

Test(child, crashed_anywhere_is_one_clear_line) {
    child_dies_everywhere(SIGSEGV, "killed by signal 11");
}

Test(child, that_exits_early_is_named_with_its_status) {
    struct ipm_leaks leaks;
    ipm_stop_install();
    ipm_leaks_begin(&leaks);
    for (size_t i = 0; ipm_rig_row(i); i++) {
        struct ipm_rig rig = {.real = ipm_rig_row(i),
                              .place = IPM_RIG_BEFORE,
                              .tell_fd = -1,
                              .exit_with = 7};
        struct ipm_test_trial config = child_config(ipm_rig_make(&rig));
        struct ipm_sample sample;
        struct ipm_err err = {0};
        cr_assert_eq(ipm_test_trial_run(&config, &sample, NULL, &err), -ECHILD, "%s",
                     err.text);
        cr_assert_not_null(strstr(err.text, "exited with status 7"), "%s", err.text);
        ipm_leaks_check(&leaks);
    }
    ipm_leaks_end(&leaks);
}

/* The watchdog comes soon; on a machine so busy that it came before the child had stopped, it
 * gets longer. */
static void child_stops(const struct ipm_rig *rig) {
    struct ipm_test_trial config = child_config(rig->real);
    struct ipm_sample sample;
    struct ipm_err err = {0};
    int failed = 0;
    for (config.trial.timeout_ns = 150000000; config.trial.timeout_ns < 20000000000u &&
                                              !strstr(err.text, "the child is stopped");
         config.trial.timeout_ns *= 8) {
        err = (struct ipm_err){0};
        config.trial.transport = ipm_rig_make(rig);
        failed = ipm_test_trial_run(&config, &sample, NULL, &err);
    }
    cr_assert_eq(failed, -ETIMEDOUT, "%s, %s: %s", rig->real->name,
                 child_places[rig->place], err.text);
    cr_assert_not_null(strstr(err.text, "timed out after "), "%s", err.text);
    cr_assert_not_null(strstr(err.text, "the child is stopped"), "%s", err.text);
}

IPM_ROW_TEST(ops, child, stopped_anywhere_ends_by_the_watchdog, 0u) {
    struct ipm_leaks leaks;
    ipm_stop_install();
    ipm_leaks_begin(&leaks);
    for (int place = 0; place < IPM_RIG_PLACES; place++) {
        const struct ipm_rig rig = {.real = ops,
                                    .place = (enum ipm_rig_place)place,
                                    .signal = SIGSTOP,
                                    .tell_fd = -1};
        child_stops(&rig);
        ipm_leaks_check(&leaks);
    }
    ipm_leaks_end(&leaks);
}

static const struct ipm_transport *child_real;

/* After the child has told that it is attached. */
static int child_refuse_parent(struct ipm_endpoint *end, struct ipm_link *link,
                               struct ipm_err *err) {
    if (end->side == IPM_CHILD)
        return child_real->attach(end, link, err);
    (void)usleep(50000);
    return ipm_err_sys(err, -EMFILE, "cannot accept");
}

static void child_hides_no_reason(const char *pattern) {
    child_real = ipm_transport_find("socketpair");
    struct ipm_transport rigged = *child_real;
    rigged.attach = child_refuse_parent;
    struct ipm_test_trial config = ipm_test_trial_make(&rigged, pattern, 64, 10);
    struct ipm_sample sample;
    struct ipm_err err = {0};
    config.trial.server = ipm_server_find("poll");
    cr_expect_eq(ipm_test_trial_run(&config, &sample, NULL, &err), -EMFILE);
    cr_expect_str_eq(err.text, "cannot accept: Too many open files", "%s", err.text);
}

Test(child, that_is_ready_hides_no_failure_of_its_parent) {
    ipm_stop_install();
    child_hides_no_reason("stream");
    child_hides_no_reason("fan-in");
}

/* Its control channel, too: that is no end of the process. */
static ssize_t child_close_all(struct ipm_endpoint *end, void *buf, size_t cap) {
    (void)end;
    (void)buf;
    (void)cap;
    for (int fd = 3; fd < 256; fd++)
        (void)close(fd);
    return pause();
}

Test(child, that_closes_its_channel_and_lives_on_is_waited_for_until_the_watchdog) {
    struct ipm_transport rigged = *ipm_transport_find("socketpair-dgram");
    struct ipm_leaks leaks;
    ipm_stop_install();
    ipm_leaks_begin(&leaks);
    rigged.recv = child_close_all;
    struct ipm_test_trial config = ipm_test_trial_make(&rigged, "stream", 64, 10);
    struct ipm_sample sample;
    struct ipm_err err = {0};
    config.trial.timeout_ns = 300000000;
    cr_expect_eq(ipm_test_trial_run(&config, &sample, NULL, &err), -ETIMEDOUT, "%s",
                 err.text);
    ipm_leaks_end(&leaks);
}

/* The middle process is the parent of a trial that would take for ever. */
static _Noreturn void child_be_parent(const struct ipm_transport *real, int tell_fd) {
    struct ipm_rig rig = {.real = real, .place = IPM_RIG_WINDOW, .tell_fd = tell_fd};
    struct ipm_test_trial config = child_config(ipm_rig_make(&rig));
    struct ipm_sample sample;
    struct ipm_err err = {0};
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    config.trial.messages = UINT64_C(1) << 40;
    (void)ipm_test_trial_run(&config, &sample, NULL, &err);
    _exit(1);
}

Test(child, goes_when_its_parent_is_killed) {
    ipm_stop_install();
    (void)signal(SIGCHLD, SIG_DFL);
    cr_assert_eq(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    for (size_t i = 0; ipm_rig_row(i); i++) {
        int tell[2];
        pid_t child = -1;
        int status = 0;
        cr_assert_eq(pipe(tell), 0);
        pid_t parent = fork();
        if (parent == 0)
            child_be_parent(ipm_rig_row(i), tell[1]);
        (void)close(tell[1]);
        cr_assert_eq(read(tell[0], &child, sizeof child), (ssize_t)sizeof child);
        cr_assert_eq(kill(parent, SIGKILL), 0);
        cr_assert_eq(waitpid(parent, &status, 0), parent);
        cr_assert_eq(waitpid(child, &status, 0), child);
        /* By the signal, or, where the stream's end came first, of its own accord. */
        cr_assert(WIFSIGNALED(status) ? WTERMSIG(status) == SIGKILL
                                      : WEXITSTATUS(status) == 1,
                  "%s: status %d", ipm_rig_row(i)->name, status);
        (void)close(tell[0]);
    }
}

Test(child, left_alone_makes_a_sample_that_adds_up) {
    struct ipm_leaks leaks;
    ipm_stop_install();
    ipm_leaks_begin(&leaks);
    for (size_t i = 0; ipm_rig_row(i); i++) {
        struct ipm_test_trial config = child_config(ipm_rig_row(i));
        struct ipm_sample sample;
        struct ipm_trial_facts facts;
        struct ipm_err err = {0};
        cr_assert_eq(ipm_test_trial_run(&config, &sample, &facts, &err), 0, "%s: %s",
                     ipm_rig_row(i)->name, err.text);
        cr_assert_eq(sample.sent.messages, 2000);
        cr_assert_eq(sample.sent.bytes, 2000 * 4096);
        cr_assert_eq(sample.received.messages + sample.damage.lost_messages, 2000, "%s",
                     ipm_rig_row(i)->name);
        cr_assert_eq(sample.received.bytes, sample.received.messages * 4096);
        cr_assert_lt(0, sample.elapsed_ns);
        cr_assert_lt(0, sample.setup_ns);
        ipm_leaks_check(&leaks);
    }
    ipm_leaks_end(&leaks);
}
