/* warning_run.c - warnings about the run as a whole: the machine, the rounds, the build. */
#include "model/report/warning.h"

#include "base/strbuf.h"
#include "model/report/report.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { RUN_ROUNDS_LEAST = 6 }; /* below, there is no interval: stats.h */

static const double run_load_most_ratio = 0.5; /* of the CPUs */
static const double run_pressure_most_ratio = 0.25;
static const double run_steal_most_ratio = 0.05;

/* Whether the case obeys what was requested of a setting. The plan gives a case what it can obey:
 * no server without clients, no pause without responses, no copy of what is not in place. */
static bool run_obeys(const struct ipm_options *asked, const struct ipm_case *c,
                      const struct ipm_setting *setting) {
    const struct ipm_case_config usual = ipm_settings_usual(&c->config);
    const struct ipm_cell value = ipm_setting_text(setting, &c->config);
    if ((setting->flags & IPM_SETTING_COMMON) != 0)
        return ipm_setting_is_equal(setting, &c->config, &asked->common);
    if ((setting->flags & IPM_SETTING_LISTED) != 0)
        return value.text[0] != '\0' && strcmp(value.text, "0") != 0 &&
               !ipm_setting_is_equal(setting, &c->config, &usual);
    return !ipm_case_connects(c); /* the size of messages */
}

static bool run_is_used(const struct ipm_report *report,
                        const struct ipm_setting *setting) {
    for (size_t i = 0; i < report->case_count; i++)
        if (run_obeys(&report->settings, &report->cases[i], setting))
            return true;
    return false;
}

bool ipm_warning_run_unused(const struct ipm_report *report, struct ipm_strbuf *message) {
    const char *mark = "no case of this run has a use for ";
    bool found = false;
    for (size_t i = 0; i < IPM_SETTINGS && report->case_count > 0; i++) {
        const struct ipm_setting *setting = &ipm_settings[i];
        if (!ipm_options_ask(&report->settings, setting) || run_is_used(report, setting))
            continue;
        char option[IPM_NAME_BYTES + 4];
        (void)snprintf(option, sizeof option, "'--%s'",
                       setting->option ? setting->option : setting->word);
        if (!strstr(message->at, option))
            (void)ipm_strbuf_add(message, "%s%s", mark, option);
        mark = ", ";
        found = true;
    }
    return found;
}

bool ipm_warning_run_governor(const struct ipm_report *report,
                              struct ipm_strbuf *message) {
    const char *governor = report->host.governor;
    (void)ipm_strbuf_add(message, "the CPU frequency governor is '%s', not 'performance'",
                         governor);
    return governor[0] && strcmp(governor, "performance") != 0;
}

/* Where nobody counted runnable tasks, the load average tells of the last minute. */
static bool run_is_loaded(const struct ipm_host *host, struct ipm_strbuf *message) {
    const bool counted = isfinite(host->runnable_tasks);
    const double busy = counted ? host->runnable_tasks : host->load_1m;
    (void)ipm_strbuf_add(message,
                         counted ? "%.1f other tasks ran on %" PRId64 " CPUs beforehand"
                                 : "the load average was %.2f on %" PRId64 " CPUs",
                         busy, host->cpus_online);
    return host->cpus_online > 0 &&
           busy > run_load_most_ratio * (double)host->cpus_online;
}

bool ipm_warning_run_load(const struct ipm_report *report, struct ipm_strbuf *message) {
    const struct ipm_host *host = &report->host;
    if (run_is_loaded(host, message))
        return true;
    *message = ipm_strbuf_over(message->at, message->bytes);
    (void)ipm_strbuf_add(message, "tasks waited for a CPU for %.0f %% of the time",
                         100 * host->cpu_pressure_ratio);
    return host->cpu_pressure_ratio > run_pressure_most_ratio;
}

bool ipm_warning_run_steal(const struct ipm_report *report, struct ipm_strbuf *message) {
    (void)ipm_strbuf_add(message, "the host took %.0f %% of the CPU time",
                         100 * report->host.steal_ratio);
    return report->host.steal_ratio > run_steal_most_ratio;
}

bool ipm_warning_run_clocksource(const struct ipm_report *report,
                                 struct ipm_strbuf *message) {
    static const char *const slow[] = {"hpet", "acpi_pm", "pit", "jiffies",
                                       "refined-jiffies"};
    const char *source = report->host.clocksource;
    (void)ipm_strbuf_add(message, "the clock source is '%s', read by a system call",
                         source);
    for (size_t i = 0; i < sizeof slow / sizeof slow[0]; i++)
        if (strcmp(source, slow[i]) == 0)
            return true;
    return false;
}

bool ipm_warning_is_limited(const struct ipm_host *host) {
    const double wanted = host->cpus_allowed == 1 ? 1 : 2;
    return host->cpu_quota_cpus < wanted ||
           (host->cpu_quota_cpus > 0 && host->cpu_throttled_periods > 0);
}

bool ipm_warning_run_quota(const struct ipm_report *report, struct ipm_strbuf *message) {
    const struct ipm_host *host = &report->host;
    (void)ipm_strbuf_add(message, "a quota grants %.3g CPUs, %.3g ms in each %.3g ms",
                         host->cpu_quota_cpus,
                         host->cpu_quota_cpus * (double)host->cpu_quota_period_ns / 1e6,
                         (double)host->cpu_quota_period_ns / 1e6);
    if (host->cpu_throttled_periods > 0)
        (void)ipm_strbuf_add(
            message, ", and was used up in %" PRId64 " periods for %.3g s",
            host->cpu_throttled_periods, (double)host->cpu_throttled_ns / 1e9);
    return ipm_warning_is_limited(host);
}

bool ipm_warning_run_few_cpus(const struct ipm_report *report,
                              struct ipm_strbuf *message) {
    (void)ipm_strbuf_add(message,
                         "only one CPU is allowed, and the two ends take turns on it");
    return report->host.cpus_allowed == 1;
}

/* Returns the least number of rounds in which the primary metric of a case is known: an
 * interrupted run has fewer than requested. */
static uint64_t run_rounds(const struct ipm_report *report) {
    uint64_t rounds = report->settings.rounds;
    for (size_t i = 0; i < report->case_count; i++) {
        const struct ipm_case *c = &report->cases[i];
        const size_t known = ipm_case_summary(c)->metrics[c->primary].count;
        if (c->status == IPM_CASE_OK && known > 0 && known < rounds)
            rounds = known;
    }
    return rounds;
}

bool ipm_warning_run_few_rounds(const struct ipm_report *report,
                                struct ipm_strbuf *message) {
    const uint64_t rounds = run_rounds(report);
    (void)ipm_strbuf_add(message,
                         "%" PRIu64 " round%s too few for an interval, which needs %d",
                         rounds, rounds == 1 ? " is" : "s are", RUN_ROUNDS_LEAST);
    return rounds < RUN_ROUNDS_LEAST;
}

/* The build type is CMake's, followed by "+address" for each sanitizer. */
bool ipm_warning_run_build(const struct ipm_report *report, struct ipm_strbuf *message) {
    static const char *const optimised[] = {"Release", "RelWithDebInfo", "MinSizeRel"};
    const char *type = report->tool.build_type;
    (void)ipm_strbuf_add(message,
                         "this is a %s build, which measures ipcmark more than the "
                         "transports",
                         type);
    for (size_t i = 0; i < sizeof optimised / sizeof optimised[0]; i++)
        if (strcmp(type, optimised[i]) == 0)
            return false;
    return type[0] != '\0';
}
