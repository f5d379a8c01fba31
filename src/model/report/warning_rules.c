/* warning_rules.c - the table of warnings: when each applies, and its advice. */
#include "model/report/warning_run.h"

#include "base/strbuf.h"
#include "model/report/report.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { RULE_PIPE_BYTES = 65536 }; /* of a new pipe, at least: pipe(7) */

static const double rule_interval_most_ratio = 0.10; /* of the median */

/* --- of one case: where it ran --------------------------------------------------------- */

static bool rule_unpinned(const struct ipm_case *c) {
    return c->status == IPM_CASE_OK && strcmp(c->config.pin, "none") == 0;
}

/* With many clients, only the CPU of one is known, which says nothing about the others. */
static bool rule_two_ends(const struct ipm_case *c) {
    return c->config.server[0] == '\0';
}

/* Trials whose CPUs are unknown are left out. With one CPU there is no choice, and another
 * warning applies. */
static bool rule_one_cpu(const struct ipm_report *report, const struct ipm_case *c,
                         struct ipm_strbuf *detail) {
    size_t together = 0;
    size_t known = 0;
    (void)detail;
    for (size_t i = 0; i < c->trial_count; i++) {
        const int64_t sender_cpu = c->trials[i].usage[IPM_SENDER].last_cpu;
        const int64_t receiver_cpu = c->trials[i].usage[IPM_RECEIVER].last_cpu;
        known += sender_cpu >= 0 && receiver_cpu >= 0;
        together += sender_cpu >= 0 && sender_cpu == receiver_cpu;
    }
    return rule_unpinned(c) && rule_two_ends(c) && report->host.cpus_allowed != 1 &&
           2 * together > known;
}

static uint64_t rule_migrations_inside(const struct ipm_usage *usage) {
    if (usage->migrations >= 0)
        return (uint64_t)usage->migrations;
    return usage->first_cpu >= 0 && usage->last_cpu >= 0 &&
           usage->first_cpu != usage->last_cpu;
}

static uint64_t rule_migrations_between(const struct ipm_usage *before,
                                        const struct ipm_usage *after) {
    return before->last_cpu >= 0 && after->last_cpu >= 0 &&
           before->last_cpu != after->last_cpu;
}

static uint64_t rule_migrations(const struct ipm_case *c, enum ipm_role role) {
    uint64_t migrations = 0;
    for (size_t i = 0; i < c->trial_count; i++) {
        const struct ipm_usage *usage = &c->trials[i].usage[role];
        const uint64_t inside = rule_migrations_inside(usage);
        migrations += inside;
        if (i > 0 && !inside)
            migrations += rule_migrations_between(&c->trials[i - 1].usage[role], usage);
    }
    return migrations;
}

static bool rule_migrated(const struct ipm_report *report, const struct ipm_case *c,
                          struct ipm_strbuf *detail) {
    const uint64_t migrations =
        rule_migrations(c, IPM_SENDER) + rule_migrations(c, IPM_RECEIVER);
    (void)report;
    (void)ipm_strbuf_add(detail, "%" PRIu64 " migration%s", migrations,
                         migrations == 1 ? "" : "s");
    return rule_unpinned(c) && rule_two_ends(c) && migrations > 0;
}

/* --- of one case: what it measured ----------------------------------------------------- */

static bool rule_wide_interval(const struct ipm_report *report, const struct ipm_case *c,
                               struct ipm_strbuf *detail) {
    const struct ipm_statistic *s =
        &c->summary.metrics[ipm_metric_primary(c) - ipm_metrics];
    const double ratio = (s->ci95_high - s->ci95_low) / s->median;
    (void)ipm_strbuf_add(detail, "%.0f %%", 100 * ratio);
    return c->status == IPM_CASE_OK && isfinite(ratio) &&
           ratio > rule_interval_most_ratio &&
           !ipm_warning_is_limited(&report->host); /* more rounds do not help */
}

/* When more than half of the windows are off, so is the median. */
static bool rule_short(const struct ipm_report *report, const struct ipm_case *c,
                       struct ipm_strbuf *detail) {
    const uint64_t asked_ns = report->settings.duration_ns;
    size_t off = 0;
    (void)detail;
    for (size_t i = 0; i < c->trial_count; i++)
        off += c->trials[i].elapsed_ns < asked_ns / 2 ||
               c->trials[i].elapsed_ns / 2 > asked_ns;
    return c->status == IPM_CASE_OK && 2 * off > c->trial_count;
}

static bool rule_loss(const struct ipm_report *report, const struct ipm_case *c,
                      struct ipm_strbuf *detail) {
    const uint64_t verified_lost = c->integrity.damage.lost_messages;
    uint64_t lost = 0;
    uint64_t sent = 0;
    (void)report;
    for (size_t i = 0; i < c->trial_count; i++) {
        lost += c->trials[i].damage.lost_messages;
        sent += c->trials[i].sent.messages;
    }
    if (lost > 0 && sent > 0)
        (void)ipm_strbuf_add(detail, "%.3g %%", 100 * (double)lost / (double)sent);
    else
        (void)ipm_strbuf_add(detail, "%" PRIu64 " in the verified run", verified_lost);
    return lost > 0 || verified_lost > 0;
}

static void rule_say(struct ipm_strbuf *detail, uint64_t count, const char *what) {
    if (count > 0)
        (void)ipm_strbuf_add(detail, "%s%" PRIu64 " %s", detail->used ? ", " : "", count,
                             what);
}

static bool rule_damage(const struct ipm_report *report, const struct ipm_case *c,
                        struct ipm_strbuf *detail) {
    struct ipm_damage all = c->integrity.damage;
    (void)report;
    for (size_t i = 0; i < c->trial_count; i++)
        ipm_damage_add(&all, &c->trials[i].damage);
    rule_say(detail, all.corrupt_messages, "corrupt");
    rule_say(detail, all.duplicated_messages, "duplicated");
    rule_say(detail, all.reordered_messages, "out of order");
    return detail->used > 0;
}

static bool rule_stopped(const struct ipm_report *report, const struct ipm_case *c,
                         struct ipm_strbuf *detail) {
    uint64_t kept = 0;
    (void)report;
    for (size_t i = 0; i < c->trial_count; i++)
        kept += c->trials[i].stopped;
    rule_say(detail, c->repeated_trials, "measured again");
    rule_say(detail, kept, "kept");
    return detail->used > 0;
}

/* --- of one case: what the kernel gave ------------------------------------------------- */

/* The numbers of bytes by which a transport tells its buffers, of the end that matters, and what
 * limits them. usual_bytes is what every machine gives where nothing is asked for; 0: that is
 * up to the machine. The kernel doubles the requested size of a socket buffer, up to twice the
 * limit (socket(7)), so only less than requested is a refusal. */
static const struct rule_buffer {
    const char *key;
    enum ipm_role role;
    uint64_t usual_bytes;
    const char *limit;
} rule_buffers[] = {
    {"so_sndbuf_bytes", IPM_SENDER, 0, "net.core.wmem_max"},
    {"so_rcvbuf_bytes", IPM_RECEIVER, 0, "net.core.rmem_max"},
    {"msg_qbytes", IPM_SENDER, 0, "kernel.msgmnb"},
    {"pipe_capacity_bytes", IPM_SENDER, RULE_PIPE_BYTES, "fs.pipe-user-pages-soft"},
    {"pipe_capacity_bytes", IPM_RECEIVER, RULE_PIPE_BYTES, "fs.pipe-user-pages-soft"},
};

static bool rule_gave_less(const struct ipm_report *report, const struct ipm_case *c,
                           const struct rule_buffer *buffer, struct ipm_strbuf *detail) {
    const uint64_t asked = c->config.buffer_bytes;
    const uint64_t wanted = asked > 0 ? asked : buffer->usual_bytes;
    const int64_t pipe_most = report->host.pipe_max_bytes;
    const bool large_pipe = buffer->usual_bytes > 0 && pipe_most > 0 &&
                            wanted > (uint64_t)pipe_most; /* a limit of each pipe */
    const struct ipm_fact *fact = ipm_facts_find(&c->settings[buffer->role], buffer->key);
    if (!fact || fact->kind != IPM_FACT_NUMBER || fact->number < 0 ||
        (uint64_t)fact->number >= wanted)
        return false;
    (void)ipm_strbuf_add(detail, "%s %" PRId64 " instead of %" PRIu64 ", see %s",
                         buffer->key, fact->number, wanted,
                         large_pipe ? "fs.pipe-max-size" : buffer->limit);
    return true;
}

/* A transport may know by itself what it was. */
static bool rule_buffer(const struct ipm_report *report, const struct ipm_case *c,
                        struct ipm_strbuf *detail) {
    for (size_t i = 0; i < sizeof rule_buffers / sizeof *rule_buffers; i++)
        if (rule_gave_less(report, c, &rule_buffers[i], detail))
            return true;
    const struct ipm_fact *fact =
        ipm_facts_find(&c->settings[IPM_SENDER], "buffer_limit");
    return fact && fact->kind == IPM_FACT_TEXT &&
           ipm_strbuf_add(detail, "%s", fact->text);
}

/* Applies to the system's default only: who requests bbr knows it. */
static bool rule_congestion(const struct ipm_report *report, const struct ipm_case *c,
                            struct ipm_strbuf *detail) {
    const struct ipm_fact *fact = ipm_facts_find(&c->settings[IPM_SENDER], "congestion");
    (void)report;
    if (!fact || fact->kind != IPM_FACT_TEXT || c->config.congestion[0])
        return false;
    (void)ipm_strbuf_add(detail, "%s", fact->text);
    return fact->text[0] && strcmp(fact->text, "cubic") != 0 &&
           strcmp(fact->text, "reno") != 0;
}

/* --- the table ------------------------------------------------------------------------ */

const struct ipm_warning_rule ipm_warning_rules[IPM_WARN_CODES] = {
    [IPM_WARN_UNUSED] =
        {
            .word = "unused",
            .run = ipm_warning_run_unused,
            .advice =
                "'ipcmark list patterns' and 'ipcmark list transports' show what an "
                "option is for",
        },
    [IPM_WARN_GOVERNOR] =
        {
            .word = "governor",
            .run = ipm_warning_run_governor,
            .advice = "run 'cpupower frequency-set -g performance' as root",
        },
    [IPM_WARN_LOAD] =
        {
            .word = "load",
            .run = ipm_warning_run_load,
            .advice =
                "stop the other programs ('top' shows them), wait a minute, and run "
                "again",
        },
    [IPM_WARN_QUOTA] =
        {
            .word = "quota",
            .run = ipm_warning_run_quota,
            .advice = "raise the quota ('docker run --cpus 2', 'systemd-run -p "
                      "CPUQuota=200%', cpu.max): neither rounds nor longer windows "
                      "narrow the intervals",
        },
    [IPM_WARN_FEW_CPUS] =
        {
            .word = "few_cpus",
            .run = ipm_warning_run_few_cpus,
            .advice =
                "allow two CPUs: 'taskset -c 0,1 ipcmark run', or a larger cpuset for "
                "the container",
        },
    [IPM_WARN_ONE_CPU] =
        {
            .word = "one_cpu",
            .lead = "the scheduler ran both ends on one CPU in most trials",
            .concerns = rule_one_cpu,
            .advice = "--pin same,split measures both placements separately",
        },
    [IPM_WARN_MIGRATED] =
        {
            .word = "migrated",
            .lead = "an end migrated between CPUs",
            .concerns = rule_migrated,
            .advice = "--pin same,split keeps each end on its CPU",
        },
    [IPM_WARN_WIDE_INTERVAL] =
        {
            .word = "wide_interval",
            .lead = "the 95 % interval of the primary metric is wider than 10 % of the "
                    "median",
            .concerns = rule_wide_interval,
            .advice =
                "--rounds 30 narrows it; --pin same,split removes the influence of the "
                "scheduler",
        },
    [IPM_WARN_FEW_ROUNDS] =
        {
            .word = "few_rounds",
            .run = ipm_warning_run_few_rounds,
            .advice = "use --rounds 10 or more; 30 to detect small differences",
        },
    [IPM_WARN_LOSS] =
        {
            .word = "loss",
            .lead = "messages were lost",
            .concerns = rule_loss,
            .advice = "throughput counts received messages; --buffer 4M and 'sysctl -w "
                      "net.core.rmem_max=4194304' enlarge the receive buffer",
        },
    [IPM_WARN_DAMAGE] =
        {
            .word = "damage",
            .lead = "messages arrived duplicated, out of order or corrupt",
            .concerns = rule_damage,
            .advice =
                "do not rely on these cases; --verify checks every message of every "
                "trial",
        },
    [IPM_WARN_BUFFER] =
        {
            .word = "buffer",
            .lead = "the kernel gave less buffering than requested, or than usual",
            .concerns = rule_buffer,
            .advice = "raise the limit that is named, 'sysctl -w NAME=SIZE' or 'ulimit', "
                      "or use a smaller --buffer for all cases that are compared",
        },
    [IPM_WARN_CONGESTION] =
        {
            .word = "congestion",
            .lead = "this system's congestion control may reduce throughput on loopback",
            .concerns = rule_congestion,
            .advice = "compare with --congestion cubic (bbr paces on loopback, too)",
        },
    [IPM_WARN_SHORT] =
        {
            .word = "short",
            .lead = "most windows took less than half or more than twice the requested "
                    "duration",
            .concerns = rule_short,
            .advice = "--duration 500ms makes them longer; --warmup 3 calibrates on a "
                      "warmer machine",
        },
    [IPM_WARN_STOPPED] =
        {
            .word = "stopped",
            .lead = "trials were not running all the time, because the program was "
                    "stopped or the machine suspended or paused",
            .concerns = rule_stopped,
            .advice = "run again without stopping it (Ctrl-Z, SIGSTOP) where trials were "
                      "kept; those that were measured again do not count",
        },
    [IPM_WARN_BUILD] =
        {
            .word = "build",
            .run = ipm_warning_run_build,
            .advice = "cmake -S . -B build -DCMAKE_BUILD_TYPE=Release -DIPM_SANITIZE= && "
                      "cmake --build build",
        },
    [IPM_WARN_NOTICE] =
        {
            .word = "notice",
            .advice = "'endpoints' and 'effective' of these cases in the JSON report "
                      "(--json FILE) show what was used",
        },
};
