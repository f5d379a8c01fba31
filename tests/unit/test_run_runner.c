/* test_run_runner.c - whole runs without time: the executor is made up. */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "base/err.h"
#include "model/plan/plan.h"
#include "run/patterns/pattern.h"
#include "run/schedule/runner.h"

enum { LOG_MOST = 4000 };

struct made_up {
    uint64_t now_ns;
    size_t trials;
    const char *log[LOG_MOST]; /* transport of each trial, in order */
    uint64_t messages[LOG_MOST];
    const char *fails;    /* transport whose trials fail */
    size_t fails_from;    /* from this trial on */
    const char *corrupts; /* transport whose verified run is damaged */
    const char *loses;    /* transport whose verified run loses a message */
    size_t stop_after;    /* trials; 0: never */
    uint64_t waits_ns;    /* no trial is shorter */
    uint64_t shown;
    size_t starts; /* events told of, by kind */
    size_t samples;
    size_t failures;
};

static int made_up_trial(void *context, const struct ipm_trial_config *config,
                         struct ipm_sample *sample, struct ipm_trial_facts *facts,
                         struct ipm_err *err) {
    struct made_up *world = context;
    const char *name = config->transport->name;
    cr_assert_lt(world->trials, LOG_MOST);
    world->log[world->trials] = name;
    world->messages[world->trials++] = config->messages;
    if (world->fails && strcmp(name, world->fails) == 0 &&
        world->trials >= world->fails_from)
        return ipm_err_set(err, -EIO, "made up to fail");
    *sample = (struct ipm_sample){
        .elapsed_ns = config->messages * 1000,
        .sent = {.messages = config->messages,
                 .bytes = config->messages * config->settings->message_bytes},
        .received = {.messages = config->messages,
                     .bytes = config->messages * config->settings->message_bytes}};
    if (sample->elapsed_ns < world->waits_ns)
        sample->elapsed_ns = world->waits_ns;
    if (config->settings->verify && world->corrupts && strcmp(name, world->corrupts) == 0)
        sample->damage.corrupt_messages = 3;
    if (config->settings->verify && world->loses && strcmp(name, world->loses) == 0)
        sample->damage.lost_messages = 1;
    if (facts)
        memset(facts, 0, sizeof *facts);
    world->now_ns += sample->elapsed_ns;
    return 0;
}

static double made_up_memcpy(void *context, uint64_t bytes) {
    (void)context;
    return (double)bytes * 1e6;
}

static double made_up_syscall(void *context) {
    (void)context;
    return 100;
}

static double made_up_cores(void *context) {
    (void)context;
    return 120;
}

static int made_up_stopped(void *context) {
    const struct made_up *world = context;
    return world->stop_after && world->trials >= world->stop_after;
}

static uint64_t made_up_now(void *context) {
    return ((struct made_up *)context)->now_ns;
}

static void made_up_progress(void *context, const struct ipm_progress *progress) {
    ((struct made_up *)context)->shown++;
    cr_assert_leq(progress->done_trials, progress->total_trials);
    cr_assert_not_null(progress->case_name);
}

static void made_up_event(void *context, const struct ipm_report *so_far,
                          const struct ipm_event *event) {
    struct made_up *told = context;
    const struct ipm_case *c = &so_far->cases[event->case_index];
    told->starts += event->kind == IPM_EVENT_START;
    cr_assert_eq(told->starts, 1, "nothing comes before the start");
    if (event->kind == IPM_EVENT_TRIAL && event->trial) {
        told->samples++;
        cr_assert_eq(event->trial, &c->trials[c->trial_count - 1]);
    } else if (event->kind == IPM_EVENT_TRIAL) {
        told->failures++;
        cr_assert_eq(c->status, IPM_CASE_FAILED);
        cr_assert_neq(c->reason[0], '\0');
    }
}

static struct made_up world;
static struct ipm_report report;
static struct ipm_options options;
static struct ipm_plan plan;
static const char *absent; /* transport that this machine has not */

static void run_made_up(void) {
    struct ipm_probe probes[64] = {0};
    size_t count = 0;
    struct ipm_err err = {0};
    int cpus[] = {0, 1};
    const struct ipm_executor executor = {.trial = made_up_trial,
                                          .memcpy_rate = made_up_memcpy,
                                          .syscall_ns = made_up_syscall,
                                          .core_to_core_ns = made_up_cores,
                                          .stopped = made_up_stopped,
                                          .now_ns = made_up_now,
                                          .progress = made_up_progress,
                                          .event = made_up_event,
                                          .context = &world};
    for (; ipm_transports[count]; count++)
        probes[count] = (struct ipm_probe){
            .transport = ipm_transports[count],
            .runnable = !absent || strcmp(ipm_transports[count]->name, absent) != 0,
            .max_message_bytes = SIZE_MAX,
            .reason = "made up to be absent"};
    const struct ipm_kind patterns[] = {ipm_patterns[0]->kind, {0}};
    const struct ipm_strategy servers[] = {{.name = "epoll"}, {0}};
    const struct ipm_drive drives[] = {{.name = "sync", .runnable = true}, {0}};
    struct ipm_machine machine = {.probes = probes,
                                  .probe_count = count,
                                  .patterns = patterns,
                                  .servers = servers,
                                  .drives = drives,
                                  .cpus = cpus,
                                  .cpu_count = 2};
    ipm_report_init(&report);
    cr_assert_eq(ipm_plan_make(&plan, &options, &machine, &err), 0, "%s", err.text);
    report.settings = options;
    cr_assert_eq(ipm_runner_run(&report, &options, &plan, &executor, &err), 0, "%s",
                 err.text);
}

static void begin(void) {
    world = (struct made_up){0};
    ipm_options_defaults(&options);
    options.seed = 4;
}

static void end(void) {
    ipm_plan_done(&plan);
    ipm_report_done(&report);
}

TestSuite(run_runner, .init = begin, .fini = end);

Test(run_runner, gives_every_case_every_round) {
    run_made_up();
    cr_assert_eq(report.run.status, IPM_RUN_COMPLETE);
    cr_assert_eq(report.case_count, 15);
    cr_assert_eq(report.references.count, 10);
    for (size_t i = 0; i < report.case_count; i++) {
        cr_assert_eq(report.cases[i].status, IPM_CASE_OK);
        cr_assert_eq(report.cases[i].trial_count, 10);
        cr_assert_str_eq(report.cases[i].ends[IPM_SENDER], "sender");
        cr_assert_str_eq(report.cases[i].ends[IPM_RECEIVER], "receiver");
        for (uint64_t round = 0; round < 10; round++)
            cr_assert_eq(report.cases[i].trials[round].round, round);
    }
    cr_assert_lt(0, world.shown);
}

Test(run_runner, sends_the_same_number_in_every_timed_trial) {
    run_made_up();
    for (size_t i = 0; i < report.case_count; i++)
        for (size_t t = 0; t < report.cases[i].trial_count; t++)
            cr_assert_eq(report.cases[i].trials[t].sent.messages, 100000);
}

/* In the timed part a transport does not run all its trials in a row. */
/* As an acknowledgement that is delayed by 40 ms: 64 messages take as long as 40,000. */
Test(run_runner, does_not_take_a_wait_for_the_rate) {
    world.waits_ns = 40000000;
    run_made_up();
    for (size_t i = 0; i < report.case_count; i++)
        for (size_t t = 0; t < report.cases[i].trial_count; t++)
            cr_assert_eq(report.cases[i].trials[t].sent.messages, 100000);
}

Test(run_runner, interleaves_and_shuffles) {
    run_made_up();
    size_t same = 0;
    size_t timed = 15 * 10;
    size_t repeats_of_order = 0;
    for (size_t i = world.trials - timed; i < world.trials; i++)
        same += world.log[i] == world.log[i - 1];
    for (size_t i = 0; i < 16; i++)
        repeats_of_order +=
            world.log[world.trials - 1 - i] == world.log[world.trials - 17 - i];
    cr_assert_lt(same, timed / 2);
    cr_assert_lt(repeats_of_order, 12);
}

Test(run_runner, the_same_seed_is_the_same_order) {
    static struct made_up first;
    run_made_up();
    first = world;
    end();
    begin();
    run_made_up();
    cr_assert_eq(first.trials, world.trials);
    for (size_t i = 0; i < first.trials; i++)
        cr_assert_eq(first.log[i], world.log[i]);
    end();
    begin();
    options.seed = 5;
    run_made_up();
    size_t moved = 0;
    for (size_t i = 0; i < first.trials; i++)
        moved += first.log[i] != world.log[i];
    cr_assert_lt(0, moved);
}

Test(run_runner, a_failing_case_is_a_row_with_its_reason_and_the_run_goes_on) {
    world.fails = "unix";
    run_made_up();
    size_t failed = 0;
    for (size_t i = 0; i < report.case_count; i++) {
        const struct ipm_case *row = &report.cases[i];
        if (strcmp(row->config.transport, "unix") == 0) {
            failed++;
            cr_assert_eq(row->status, IPM_CASE_FAILED);
            cr_assert_str_eq(row->reason, "made up to fail");
            cr_assert_eq(row->trial_count, 0);
        } else {
            cr_assert_eq(row->trial_count, 10);
        }
    }
    cr_assert_eq(failed, 3);
    cr_assert_eq(report.run.status, IPM_RUN_COMPLETE);
}

Test(run_runner, a_case_that_fails_late_keeps_its_trials) {
    world.fails = "tcp";
    world.fails_from = 150;
    run_made_up();
    for (size_t i = 0; i < report.case_count; i++)
        if (strcmp(report.cases[i].config.transport, "tcp") == 0) {
            cr_assert_eq(report.cases[i].status, IPM_CASE_FAILED);
            cr_assert_lt(0, report.cases[i].trial_count);
            cr_assert_lt(report.cases[i].trial_count, 10);
        }
}

Test(run_runner, corrupt_contents_fail_a_case_before_its_first_timed_trial) {
    world.corrupts = "pipe";
    run_made_up();
    cr_assert_eq(report.cases[0].status, IPM_CASE_FAILED);
    cr_assert_not_null(strstr(report.cases[0].reason, "3 corrupt"));
    cr_assert_eq(report.cases[0].trial_count, 0);
    cr_assert_eq(report.cases[0].integrity.status, IPM_INTEGRITY_CORRUPT);
}

Test(run_runner, an_interrupt_keeps_whole_trials_only) {
    world.stop_after = 110;
    run_made_up();
    cr_assert_eq(report.run.status, IPM_RUN_INTERRUPTED);
    cr_assert_eq(world.trials, 110);
    size_t kept = 0;
    for (size_t i = 0; i < report.case_count; i++) {
        kept += report.cases[i].trial_count;
        cr_assert_neq(report.cases[i].status, IPM_CASE_FAILED);
    }
    cr_assert_lt(0, kept);
}

Test(run_runner, an_interrupt_before_the_first_trial_leaves_rows_with_the_reason) {
    world.stop_after = 2;
    run_made_up();
    cr_assert_eq(report.case_count, 15);
    for (size_t i = 0; i < report.case_count; i++) {
        cr_assert_eq(report.cases[i].status, IPM_CASE_SKIPPED);
        cr_assert_not_null(strstr(report.cases[i].reason, "interrupted"));
    }
}

Test(run_runner, where_no_case_is_left_there_are_no_rounds) {
    absent = "udp";
    strcpy(options.transports.items[0], "udp");
    options.transports.count = 1;
    run_made_up();
    cr_assert_eq(world.trials, 0);
    cr_assert_eq(report.references.count, 0);
    cr_assert_eq(report.run.status, IPM_RUN_COMPLETE);
}

Test(run_runner, loss_on_a_reliable_transport_fails_the_case) {
    world.loses = "unix";
    run_made_up();
    cr_assert_eq(report.cases[2].status, IPM_CASE_FAILED);
    cr_assert_not_null(strstr(report.cases[2].reason, "1 lost"));
}

Test(run_runner, loss_is_the_right_of_an_unreliable_transport) {
    world.loses = "udp";
    run_made_up();
    cr_assert_eq(report.cases[4].status, IPM_CASE_OK);
    cr_assert_eq(report.cases[4].integrity.damage.lost_messages, 1);
    cr_assert_eq(report.cases[4].integrity.status, IPM_INTEGRITY_LOSSY);
}

Test(run_runner, a_skipped_case_is_a_row_that_is_never_run) {
    absent = "udp";
    run_made_up();
    for (size_t i = 0; i < world.trials; i++)
        cr_assert_str_neq(world.log[i], "udp");
    cr_assert_eq(report.cases[4].status, IPM_CASE_SKIPPED);
    cr_assert_str_eq(report.cases[4].reason, "made up to be absent");
    cr_assert_eq(report.cases[4].trial_count, 0);
}

Test(run_runner, what_moves_nothing_is_not_verified) {
    strcpy(options.transports.items[0], "null");
    options.transports.count = 1;
    run_made_up();
    cr_assert_eq(report.cases[0].trial_count, 10);
    cr_assert_eq(report.cases[0].integrity.status, IPM_INTEGRITY_UNKNOWN);
}

Test(run_runner, tells_of_its_start_and_of_each_timed_trial) {
    size_t trials = 0;
    run_made_up();
    for (size_t i = 0; i < report.case_count; i++)
        trials += report.cases[i].trial_count;
    cr_assert_eq(world.starts, 1);
    cr_assert_eq(world.samples, trials);
    cr_assert_eq(world.failures, 0);
}

Test(run_runner, tells_once_of_a_case_that_fails) {
    world.fails = "unix";
    run_made_up();
    cr_assert_eq(world.failures, options.message_bytes.count);
}
