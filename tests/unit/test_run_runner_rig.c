/* test_run_runner_rig.c - the made-up executor. Holds no test. */
#include "test_run_runner.h"

#include "base/err.h"
#include "run/patterns/pattern.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A million messages a second are possible, with a latency of 1 or 10 us; a backlog grows
 * beyond that. The first timed trials of a rate may stall: their last message is late. */
static void made_up_schedule(struct made_up *made, const struct ipm_trial_config *config,
                             struct ipm_sample *sample) {
    const uint64_t rate = config->settings->rate_per_second;
    const uint64_t ns = rate > made->knee_per_second ? 10000 : 1000;
    const uint64_t due_ns = config->messages * 1000000000 / rate;
    const bool timed = 2 * due_ns >= options.duration_ns;
    const bool stalls =
        rate == made->stalls_at && timed && made->stalled++ < made->stalls_most;
    const uint64_t late = sample->elapsed_ns > due_ns ? config->messages * 3 / 4 : stalls;
    sample->scheduled_messages = config->messages;
    sample->scheduled_ns = due_ns;
    if (sample->elapsed_ns < due_ns)
        sample->elapsed_ns = due_ns;
    sample->elapsed_ns += stalls ? options.duration_ns : 0;
    struct ipm_histogram *histogram = calloc(1, sizeof *histogram);
    for (uint64_t i = 0; i < config->messages; i++)
        ipm_histogram_record(histogram, i + late < config->messages
                                            ? ns
                                            : ns + sample->elapsed_ns - due_ns);
    cr_assert_eq(ipm_latency_take(&sample->latency, histogram), 0);
    free(histogram);
}

static int made_up_trial(void *context, const struct ipm_trial_config *config,
                         struct ipm_sample *sample, struct ipm_trial_facts *facts,
                         struct ipm_err *err) {
    struct made_up *made = context;
    const char *name = config->transport->name;
    cr_assert_lt(made->trials, LOG_MOST);
    made->log[made->trials] = name;
    made->messages[made->trials++] = config->messages;
    if (made->interrupts_at == made->trials)
        return ipm_err_set(err, -EINTR, "made up to be interrupted");
    if (made->fails && strcmp(name, made->fails) == 0 &&
        made->trials >= made->fails_from) {
        if (made->meets_limit)
            ipm_err_limit(err, "raise it");
        return ipm_err_set(err, -EIO, "made up to fail");
    }
    *sample = (struct ipm_sample){
        .elapsed_ns = config->messages * 1000,
        .sent = {.messages = config->messages,
                 .bytes = config->messages * config->settings->message_bytes},
        .received = {.messages = config->messages,
                     .bytes = config->messages * config->settings->message_bytes}};
    if (config->settings->rate_per_second > 0)
        made_up_schedule(made, config, sample);
    if (made->pauses_at && made->trials >= made->pauses_at &&
        made->pauses < made->pauses_most) {
        made->pauses++;
        sample->elapsed_ns += made->pause_ns;
        sample->usage[IPM_SENDER].user_ns =
            made->pauses_work ? (int64_t)made->pause_ns : 0;
        sample->stopped = made->pauses_child;
    }
    if (made->contends && strcmp(name, made->contends) == 0 &&
        config->messages * 1000 >= options.duration_ns / 2 &&
        made->contended < made->contends_most) {
        made->contended++;
        sample->usage[IPM_RECEIVER].run_delay_ns = (int64_t)sample->elapsed_ns;
    }
    if (made->slows)
        sample->null_syscall_ns =
            strcmp(name, made->slows) == 0 && made->slowed++ % 4 > 0 ? 130 : 100;
    if (made->wobbles && strcmp(name, made->wobbles) == 0 &&
        made->wobbled++ % made->wobbles_every == 0)
        sample->elapsed_ns += sample->elapsed_ns / 5;
    if (sample->elapsed_ns < made->waits_ns)
        sample->elapsed_ns = made->waits_ns;
    if (config->settings->verify && made->corrupts && strcmp(name, made->corrupts) == 0)
        sample->damage.corrupt_messages = 3;
    if (config->settings->verify && made->loses && strcmp(name, made->loses) == 0)
        sample->damage.lost_messages = 1;
    if (facts)
        memset(facts, 0, sizeof *facts);
    made->now_ns += sample->elapsed_ns;
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
    const struct made_up *made = context;
    return made->stop_after && made->trials >= made->stop_after;
}

static uint64_t made_up_pauses(void *context) {
    const struct made_up *made = context;
    return made->pauses_child || made->pause_ns ? 0 : made->pauses;
}

static struct ipm_throttle made_up_throttle(void *context) {
    const int64_t calls = (int64_t)++((struct made_up *)context)->throttles;
    return (struct ipm_throttle){.periods = 3 * calls, .ns = 1000 * calls};
}

static struct ipm_cpu_ticks made_up_ticks(void *context) {
    const int64_t calls = (int64_t)++((struct made_up *)context)->ticks;
    return (struct ipm_cpu_ticks){.all = 100 * calls, .stolen = 4 * calls};
}

static void made_up_steal(void *context, struct ipm_cpu_steal *ret_steal) {
    (void)context;
    memset(ret_steal, 0, sizeof *ret_steal);
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
        cr_assert_eq(c->status, told->meets_limit ? IPM_CASE_SKIPPED : IPM_CASE_FAILED);
        cr_assert_neq(c->reason[0], '\0');
    }
}

struct made_up world;
struct ipm_report report;
struct ipm_options options;
struct ipm_plan plan;
const char *absent;

void run_made_up(void) {
    struct ipm_probe probes[64] = {0};
    size_t count = 0;
    struct ipm_err err = {0};
    int cpus[] = {0, 1};
    const struct ipm_executor executor = {.trial = made_up_trial,
                                          .memcpy_rate = made_up_memcpy,
                                          .syscall_ns = made_up_syscall,
                                          .core_to_core_ns = made_up_cores,
                                          .context_switch_ns = made_up_cores,
                                          .stopped = made_up_stopped,
                                          .pauses = made_up_pauses,
                                          .throttle = made_up_throttle,
                                          .ticks = made_up_ticks,
                                          .steal = made_up_steal,
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
    const struct ipm_wait_kind waits[] = {{.name = "block", .sleeps = true}, {0}};
    struct ipm_machine machine = {.probes = probes,
                                  .probe_count = count,
                                  .patterns = patterns,
                                  .servers = servers,
                                  .drives = drives,
                                  .waits = waits,
                                  .cpus = cpus,
                                  .cpu_count = 2};
    ipm_report_init(&report);
    cr_assert_eq(ipm_plan_make(&plan, &options, &machine, &err), 0, "%s", err.text);
    report.settings = options;
    cr_assert_eq(ipm_runner_run(&report, &options, &plan, &executor, &err), 0, "%s",
                 err.text);
}

void runner_begin(void) {
    world = (struct made_up){0};
    ipm_options_defaults(&options);
    options.rounds = 10;
    options.seed = 4;
}

void runner_end(void) {
    ipm_plan_done(&plan);
    ipm_report_done(&report);
}
