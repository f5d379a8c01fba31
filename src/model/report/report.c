/* report.c - the memory of a report: made, grown, freed. */
#include "model/report/report.h"

#include "base/array.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const ipm_run_status_words[] = {
    [IPM_RUN_COMPLETE] = "complete",
    [IPM_RUN_INTERRUPTED] = "interrupted",
    [IPM_RUN_FAILED] = "failed",
    NULL,
};

const char *const ipm_clock_words[] = {
    [IPM_CLOCK_MONOTONIC] = "monotonic", [IPM_CLOCK_INSTRUCTIONS] = "instructions", NULL};

const char *const ipm_case_status_words[] = {
    [IPM_CASE_OK] = "ok",
    [IPM_CASE_FAILED] = "failed",
    [IPM_CASE_SKIPPED] = "skipped",
    NULL,
};

static void report_forget_host(struct ipm_host *host) {
    host->cpus_online = -1;
    host->cpus_allowed = -1;
    host->cpu_quota_cpus = NAN;
    host->cpu_quota_period_ns = -1;
    host->cpu_throttled_periods = -1;
    host->cpu_throttled_ns = -1;
    host->cpu_weight = -1;
    host->cpu_shares = -1;
    host->memory_bytes = -1;
    host->load_1m = NAN;
    host->runnable_tasks = NAN;
    host->cpu_pressure_ratio = NAN;
    host->steal_ratio = NAN;
    host->pipe_max_bytes = -1;
    host->so_sndbuf_max_bytes = -1;
    host->so_rcvbuf_max_bytes = -1;
    host->open_files_max = -1;
    host->processes_max = -1;
}

void ipm_report_init(struct ipm_report *report) {
    const struct ipm_statistic unknown = ipm_stats_of(NULL, 0);
    memset(report, 0, sizeof *report);
    report_forget_host(&report->host);
    for (size_t i = 0; i < IPM_LIST_MOST; i++)
        report->references.memcpy_bytes_per_second[i] = unknown;
    report->references.null_syscall_ns = unknown;
    report->references.core_to_core_ns = unknown;
    report->references.context_switch_ns = unknown;
    report->references.null_transport_ns_per_message = unknown;
}

static void report_free_command(struct ipm_run_info *run) {
    for (size_t i = 0; i < run->command_count; i++)
        free(run->command[i]);
    free(run->command);
    run->command = NULL;
    run->command_count = 0;
}

static void report_free_case(struct ipm_case *c) {
    for (size_t i = 0; i < c->trial_count; i++)
        ipm_sample_done(&c->trials[i]);
    free(c->trials);
    for (int role = 0; role < IPM_ROLES; role++) {
        free(c->endpoint[role].items);
        free(c->settings[role].items);
    }
    if (c->summary)
        ipm_latency_done(&c->summary->latency);
    free(c->summary);
}

void ipm_report_done(struct ipm_report *report) {
    for (size_t i = 0; i < report->case_count; i++)
        report_free_case(&report->cases[i]);
    free(report->cases);
    free(report->references.rounds);
    ipm_crossovers_done(&report->crossovers);
    ipm_highest_done(&report->highest_rates);
    report_free_command(&report->run);
    memset(report, 0, sizeof *report);
}

struct ipm_case *ipm_report_add_case(struct ipm_report *report) {
    return ipm_array_add(&report->cases, &report->case_count, sizeof *report->cases);
}

struct ipm_sample *ipm_case_add_trial(struct ipm_case *c) {
    return ipm_array_add(&c->trials, &c->trial_count, sizeof *c->trials);
}

struct ipm_reference_round *ipm_references_add_round(struct ipm_references *references) {
    return ipm_array_add(&references->rounds, &references->count,
                         sizeof *references->rounds);
}

int ipm_report_set_command(struct ipm_report *report, int argc, char **argv) {
    struct ipm_run_info *run = &report->run;
    report_free_command(run);
    run->command = calloc((size_t)argc + 1, sizeof *run->command);
    if (!run->command)
        return -ENOMEM;
    for (int i = 0; i < argc; i++) {
        run->command[i] = strdup(argv[i]);
        if (!run->command[i]) {
            report_free_command(run);
            return -ENOMEM;
        }
        run->command_count++;
    }
    return 0;
}
