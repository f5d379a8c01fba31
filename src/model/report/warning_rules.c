/* warning_rules.c - the table of warnings: when each applies, what it does, and its advice. */
#include "model/report/warning.h"

#include "model/report/report.h"

#include <string.h>

enum { RULE_LARGE_BYTES = 4 << 20 }; /* a buffer that is not worth enlarging */

/* --- advice that is left out ------------------------------------------------------------ */

static bool done_pinned(const struct ipm_report *report) {
    for (size_t i = 0; i < report->case_count; i++)
        if (ipm_warning_case_unpinned(&report->cases[i]))
            return false;
    return true;
}

static bool done_without_precision(const struct ipm_report *report) {
    return !(report->settings.precision_ratio > 0);
}

/* More rounds do not narrow what a quota widens, and --precision adds them by itself. */
static bool done_rounds(const struct ipm_report *report) {
    return report->settings.rounds >= 30 || !done_without_precision(report) ||
           ipm_warning_is_limited(&report->host);
}

static bool done_some_rounds(const struct ipm_report *report) {
    return report->settings.rounds >= 10;
}

static bool done_uninterrupted(const struct ipm_report *report) {
    return report->run.status == IPM_RUN_COMPLETE;
}

static bool done_duration(const struct ipm_report *report) {
    return report->settings.duration_ns >= 500000000;
}

static bool done_warmup(const struct ipm_report *report) {
    return report->settings.warmup_rounds >= 3;
}

static bool done_verify(const struct ipm_report *report) {
    return report->settings.common.verify;
}

static bool done_buffer(const struct ipm_report *report) {
    return report->settings.common.buffer_bytes >= RULE_LARGE_BYTES;
}

static bool done_rmem(const struct ipm_report *report) {
    return report->host.so_rcvbuf_max_bytes >= RULE_LARGE_BYTES;
}

static bool done_budget(const struct ipm_report *report) {
    return report->settings.budget_ns > 0;
}

static bool done_autogroup(const struct ipm_report *report) {
    return strcmp(report->host.autogroup, "on") != 0;
}

static bool done_cpus(const struct ipm_report *report) {
    return report->host.cpus_online == 1; /* the machine has no other */
}

/* --- the table ------------------------------------------------------------------------ */

#define RULE(code, word_, effect_, ...)                                                  \
    [IPM_WARN_##code] = {.word = (word_), .effect = (effect_), __VA_ARGS__}
#define CAUSE(code) (1u << IPM_WARN_##code)
#define ADVICE_AUTOGROUP                                                                 \
    {                                                                                    \
        .text = "the scheduler gives each session one share of the CPUs, which all "     \
                "processes of this run divide: 'sysctl -w "                              \
                "kernel.sched_autogroup_enabled=0'",                                     \
        .done = done_autogroup                                                           \
    }

const struct ipm_warning_rule ipm_warning_rules[IPM_WARN_CODES] = {
    RULE(DAMAGE, "damage", "no figure counts,", .lead = "messages arrived damaged",
         .concerns = ipm_warning_case_damage,
         .advice = {{.text = "do not rely on these cases"},
                    {.text = "--verify checks every message of every trial",
                     .done = done_verify}}),
    RULE(UNUSED, "unused", "this changes no figure", .run = ipm_warning_run_unused,
         .advice = {{.text = "'ipcmark list patterns' and 'ipcmark list transports' show "
                             "what an option is for"}}),
    RULE(BUILD, "build", "rates are too low, CPU times too high",
         .run = ipm_warning_run_build,
         .advice = {{.text = "cmake -S . -B build -DCMAKE_BUILD_TYPE=Release "
                             "-DIPM_SANITIZE= && cmake --build build"}}),
    RULE(QUOTA, "quota", "rates and latencies include waits for the next period",
         .timed = true,
         .unfit_when =
             "a CPU quota grants fewer CPUs than the two ends need, or was used up",
         .run = ipm_warning_run_quota,
         .advice = {{.text = "raise the quota ('docker run --cpus 2', 'systemd-run -p "
                             "CPUQuota=200%', cpu.max): neither rounds nor longer "
                             "windows narrow the intervals"}}),
    RULE(STOPPED, "stopped", "rates of those kept are too low,",
         .lead = "trials were stopped, suspended or paused",
         .concerns = ipm_warning_case_stopped,
         .advice = {{.text =
                         "run again without stopping it (Ctrl-Z, SIGSTOP) where trials "
                         "were kept; those that were measured again do not count"}}),
    RULE(FEW_CPUS, "few_cpus", "each wait costs a context switch", .timed = true,
         .unfit_when = "only one CPU is allowed", .run = ipm_warning_run_few_cpus,
         .advice = {{.text = "allow two CPUs: 'taskset -c 0,1 ipcmark run', or a larger "
                             "cpuset for the container",
                     .done = done_cpus}}),
    RULE(LOAD, "load", "rates are too low, latencies too high", .timed = true,
         .unfit_when = "the other runnable tasks are more than half of the CPUs, or "
                       "tasks waited for a CPU for more than 25 % of the time",
         .run = ipm_warning_run_load,
         .advice = {{.text = "stop the other programs ('top' shows them), wait a minute, "
                             "and run again"},
                    ADVICE_AUTOGROUP}),
    RULE(STEAL, "steal", "rates are too low, latencies too high", .timed = true,
         .unfit_when = "the host took more than 5 % of the CPU time",
         .run = ipm_warning_run_steal,
         .advice = {{.text = "run on a dedicated or less busy host"}}),
    RULE(CONTENDED, "contended", "rates too low, latencies too high in", .timed = true,
         .lead = "others took CPU time",
         .causes = CAUSE(QUOTA) | CAUSE(LOAD) | CAUSE(STEAL),
         .concerns = ipm_warning_case_contended,
         .advice = {{.text = "--budget 2m measures such trials again; 'compare' and 'ab' "
                             "leave them out",
                     .done = done_budget},
                    ADVICE_AUTOGROUP}),
    RULE(SLOWED, "slowed", "rates too low, times too high in", .timed = true,
         .lead = "a CPU ran below its full speed", .causes = CAUSE(GOVERNOR),
         .concerns = ipm_warning_case_slowed,
         .advice = {{.text = "measure on a host without other guests, or make more and "
                             "shorter trials ('-r 60 -d 20ms'), of which 'compare' and "
                             "'gate' use the calm ones"}}),
    RULE(CLOCKSOURCE, "clocksource",
         "latencies are too high, by two reads of the clock each", .timed = true,
         .unfit_when = "the clock source is hpet, acpi_pm, pit or jiffies",
         .run = ipm_warning_run_clocksource,
         .advice = {{.text = "choose another of available_clocksource in "
                             "/sys/devices/system/clocksource/clocksource0"}}),
    RULE(GOVERNOR, "governor", "rates are too low, latencies after a pause too high",
         .timed = true, .unfit_when = "the frequency governor is not 'performance'",
         .run = ipm_warning_run_governor,
         .advice = {{.text = "run 'cpupower frequency-set -g performance' as root"}}),
    RULE(
        BUFFER, "buffer", "more calls per message,",
        .lead = "kernel buffers are smaller than requested or usual",
        .concerns = ipm_warning_case_buffer,
        .advice =
            {{.text = "raise the limit that is named, 'sysctl -w NAME=SIZE' or 'ulimit', "
                      "or use a smaller --buffer for all cases that are compared"}}),
    RULE(LOSS, "loss", "rates leave out", .lead = "messages were lost",
         .causes = CAUSE(BUFFER), .concerns = ipm_warning_case_loss,
         .advice = {{.text = "--buffer 4M enlarges the receive buffer",
                     .done = done_buffer},
                    {.text = "'sysctl -w net.core.rmem_max=4194304' allows it",
                     .done = done_rmem}}),
    RULE(CONGESTION, "congestion", "rates may be too low with",
         .lead = "TCP may pace on loopback, too", .concerns = ipm_warning_case_congestion,
         .advice = {{.text = "compare with --congestion cubic"}}),
    RULE(ONE_CPU, "one_cpu", "figures are those of one CPU", .timed = true,
         .lead = "both ends ran on one CPU in most trials",
         .concerns = ipm_warning_case_one_cpu,
         .advice = {{.text = "--pin same,split measures both placements separately"}}),
    RULE(MIGRATED, "migrated", "trials differ,", .timed = true,
         .lead = "an end migrated between CPUs", .causes = CAUSE(ONE_CPU),
         .concerns = ipm_warning_case_migrated,
         .advice = {{.text = "--pin same,split keeps each end on its CPU"}}),
    RULE(WIDE_INTERVAL, "wide_interval", "medians are uncertain by", .timed = true,
         .lead = "the 95 % interval is wider than ±5 %",
         .causes = CAUSE(QUOTA) | CAUSE(STOPPED) | CAUSE(LOAD) | CAUSE(STEAL) |
                   CAUSE(CONTENDED) | CAUSE(SLOWED) | CAUSE(ONE_CPU) | CAUSE(MIGRATED),
         .concerns = ipm_warning_case_wide_interval,
         .advice = {{.text = "--rounds 30 narrows it", .done = done_rounds},
                    {.text = "a longer --budget has time for more rounds",
                     .done = done_without_precision},
                    {.text = "--pin same,split removes the influence of the scheduler",
                     .done = done_pinned}}),
    RULE(FEW_ROUNDS, "few_rounds", "medians have no interval", .timed = true,
         .run = ipm_warning_run_few_rounds,
         .advice = {{.text = "use --rounds 10 or more; 30 to detect small differences",
                     .done = done_some_rounds},
                    {.text = "let the run come to its end", .done = done_uninterrupted}}),
    RULE(SATURATED, "saturated", "latencies grow with the window,",
         .lead = "less was achieved than --rate offered",
         .concerns = ipm_warning_case_saturated,
         .advice = {{.text = "offer less, or read the achieved rate as the most that is "
                             "possible here"}}),
    RULE(SHORT, "short", "medians are of shorter or longer windows", .timed = true,
         .lead = "most windows are shorter than half the requested duration or longer "
                 "than twice",
         .causes = CAUSE(QUOTA) | CAUSE(STOPPED) | CAUSE(LOAD) | CAUSE(STEAL) |
                   CAUSE(CONTENDED) | CAUSE(SLOWED),
         .concerns = ipm_warning_case_short,
         .advice = {{.text = "--duration 500ms makes them longer", .done = done_duration},
                    {.text = "--warmup 3 calibrates on a warmer machine",
                     .done = done_warmup}}),
    RULE(NOTICE, "notice", NULL,
         .advice = {{.text = "'endpoints' and 'effective' of these cases in the JSON "
                             "report (--json FILE) show what was used"}}),
};
