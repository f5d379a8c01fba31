/* warning_case.c - warnings about single cases: where they ran, what they measured, and what
 * the kernel gave. */
#include "model/report/warning.h"

#include "base/strbuf.h"
#include "model/report/calm.h"
#include "model/report/contention.h"
#include "model/report/report.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { CASE_PIPE_BYTES = 65536 }; /* of a new pipe, at least: pipe(7) */

static const double case_interval_most_ratio = 0.10; /* of the median */
static const double case_least = 1e-12;              /* less bad than any other case */

/* --- of one case: where it ran --------------------------------------------------------- */

bool ipm_warning_case_unpinned(const struct ipm_case *c) {
    return c->status == IPM_CASE_OK && strcmp(c->config.pin, "none") == 0;
}

/* With many clients, only the CPU of one is known, which says nothing about the others. */
static bool case_two_ends(const struct ipm_case *c) {
    return c->config.server[0] == '\0';
}

/* Trials whose CPUs are unknown are left out. With one CPU there is no choice, and another
 * warning applies. */
double ipm_warning_case_one_cpu(const struct ipm_report *report, const struct ipm_case *c,
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
    return ipm_warning_case_unpinned(c) && case_two_ends(c) &&
                   report->host.cpus_allowed != 1 && 2 * together > known
               ? (double)together / (double)known
               : 0;
}

static uint64_t case_migrations_inside(const struct ipm_usage *usage) {
    if (usage->migrations >= 0)
        return (uint64_t)usage->migrations;
    return usage->first_cpu >= 0 && usage->last_cpu >= 0 &&
           usage->first_cpu != usage->last_cpu;
}

static uint64_t case_migrations_between(const struct ipm_usage *before,
                                        const struct ipm_usage *after) {
    return before->last_cpu >= 0 && after->last_cpu >= 0 &&
           before->last_cpu != after->last_cpu;
}

static uint64_t case_migrations(const struct ipm_case *c, enum ipm_role role) {
    uint64_t migrations = 0;
    for (size_t i = 0; i < c->trial_count; i++) {
        const struct ipm_usage *usage = &c->trials[i].usage[role];
        const uint64_t inside = case_migrations_inside(usage);
        migrations += inside;
        if (i > 0 && !inside)
            migrations += case_migrations_between(&c->trials[i - 1].usage[role], usage);
    }
    return migrations;
}

double ipm_warning_case_migrated(const struct ipm_report *report,
                                 const struct ipm_case *c, struct ipm_strbuf *detail) {
    const uint64_t migrations =
        case_migrations(c, IPM_SENDER) + case_migrations(c, IPM_RECEIVER);
    (void)report;
    (void)ipm_strbuf_add(detail, "%" PRIu64 " migration%s", migrations,
                         migrations == 1 ? "" : "s");
    return ipm_warning_case_unpinned(c) && case_two_ends(c) ? (double)migrations : 0;
}

/* --- of one case: what it measured ----------------------------------------------------- */

double ipm_warning_case_wide_interval(const struct ipm_report *report,
                                      const struct ipm_case *c,
                                      struct ipm_strbuf *detail) {
    const struct ipm_statistic *s =
        &ipm_case_summary(c)->metrics[ipm_metric_primary(c) - ipm_metrics];
    const double ratio = (s->ci95_high - s->ci95_low) / s->median;
    (void)ipm_strbuf_add(detail, "±%.0f %%", 50 * ratio);
    (void)report;
    return c->status == IPM_CASE_OK && isfinite(ratio) && ratio > case_interval_most_ratio
               ? ratio
               : 0;
}

/* A sweep of rates ends where rates are not achieved. */
double ipm_warning_case_saturated(const struct ipm_report *report,
                                  const struct ipm_case *c, struct ipm_strbuf *detail) {
    const struct ipm_statistic *metrics = ipm_case_summary(c)->metrics;
    const double kept =
        metrics[IPM_METRIC_ACHIEVED].median / metrics[IPM_METRIC_OFFERED].median;
    (void)ipm_strbuf_add(detail, "%.2g %% achieved", 100 * kept);
    return ipm_metric_is_saturated(c) && report->settings.target[0] == '\0' ? 1 - kept
                                                                            : 0;
}

/* More than half of the windows must be too short or too long, because then the median is. */
double ipm_warning_case_short(const struct ipm_report *report, const struct ipm_case *c,
                              struct ipm_strbuf *detail) {
    const uint64_t asked_ns = report->settings.duration_ns;
    size_t off = 0;
    (void)detail;
    for (size_t i = 0; i < c->trial_count; i++)
        off += c->trials[i].elapsed_ns < asked_ns / 2 ||
               c->trials[i].elapsed_ns / 2 > asked_ns;
    if (report->settings.messages > 0) /* their length was not asked for */
        return 0;
    return c->status == IPM_CASE_OK && 2 * off > c->trial_count
               ? (double)off / (double)c->trial_count
               : 0;
}

double ipm_warning_case_loss(const struct ipm_report *report, const struct ipm_case *c,
                             struct ipm_strbuf *detail) {
    const uint64_t verified_lost = c->integrity.damage.lost_messages;
    uint64_t lost = 0;
    uint64_t sent = 0;
    (void)report;
    for (size_t i = 0; i < c->trial_count; i++) {
        lost += c->trials[i].damage.lost_messages;
        sent += c->trials[i].sent.messages;
    }
    if (lost > 0 && sent > 0) {
        (void)ipm_strbuf_add(detail, "%.3g %%", 100 * (double)lost / (double)sent);
        return (double)lost / (double)sent;
    }
    (void)ipm_strbuf_add(detail, "0 %% in trials, %" PRIu64 " in the verified run",
                         verified_lost);
    return verified_lost > 0 ? case_least : 0;
}

static void case_say(struct ipm_strbuf *detail, uint64_t count, const char *what) {
    if (count > 0)
        (void)ipm_strbuf_add(detail, "%s%" PRIu64 " %s", detail->used ? ", " : "", count,
                             what);
}

double ipm_warning_case_damage(const struct ipm_report *report, const struct ipm_case *c,
                               struct ipm_strbuf *detail) {
    struct ipm_damage all = c->integrity.damage;
    (void)report;
    for (size_t i = 0; i < c->trial_count; i++)
        ipm_damage_add(&all, &c->trials[i].damage);
    case_say(detail, all.corrupt_messages, "corrupt");
    case_say(detail, all.duplicated_messages, "duplicated");
    case_say(detail, all.reordered_messages, "out of order");
    return (double)(all.corrupt_messages + all.duplicated_messages +
                    all.reordered_messages);
}

double ipm_warning_case_stopped(const struct ipm_report *report, const struct ipm_case *c,
                                struct ipm_strbuf *detail) {
    uint64_t kept = 0;
    (void)report;
    for (size_t i = 0; i < c->trial_count; i++)
        kept += c->trials[i].stopped;
    case_say(detail, c->repeated_trials, "measured again");
    case_say(detail, kept, "kept");
    return (double)kept + case_least * (double)c->repeated_trials;
}

/* Names what took most of the contended trials. */
static void case_say_contention(struct ipm_strbuf *detail,
                                const struct ipm_report *report,
                                const size_t counts[IPM_CONTENTIONS]) {
    enum ipm_contention most = IPM_CONTENTION_OTHERS;
    for (enum ipm_contention i = IPM_CONTENTION_QUOTA; i < IPM_CONTENTIONS; i++)
        most = counts[i] > counts[most] ? i : most;
    if (most == IPM_CONTENTION_QUOTA)
        (void)ipm_strbuf_add(detail, ", by a quota of %.3g CPUs",
                             report->host.cpu_quota_cpus);
    else if (most == IPM_CONTENTION_HOST)
        (void)ipm_strbuf_add(detail, ", by the host of this machine");
    else
        (void)ipm_strbuf_add(detail, ", by %s",
                             report->settings.beside[0] != '\0'
                                 ? "the program of --beside, or others"
                                 : "other programs");
}

double ipm_warning_case_contended(const struct ipm_report *report,
                                  const struct ipm_case *c, struct ipm_strbuf *detail) {
    size_t counts[IPM_CONTENTIONS] = {0};
    size_t contended = 0;
    for (size_t i = 0; i < c->trial_count; i++) {
        contended += c->trials[i].contended == 1;
        counts[ipm_contention_find(&c->config, &c->trials[i])] +=
            c->trials[i].contended == 1;
    }
    (void)ipm_strbuf_add(detail, "%zu of %zu trials", contended, c->trial_count);
    case_say_contention(detail, report, counts);
    return contended > 0 ? (double)contended / (double)c->trial_count : 0;
}

/* Where most trials are slowed, the median is that of a slower machine. */
double ipm_warning_case_slowed(const struct ipm_report *report, const struct ipm_case *c,
                               struct ipm_strbuf *detail) {
    const double fastest_ns = report->fastest_call_ns;
    double sum_ns = 0; /* of slowed trials */
    size_t slowed = 0;
    for (size_t i = 0; i < c->trial_count; i++) {
        const double call_ns = c->trials[i].null_syscall_ns;
        if (call_ns > 0 && !ipm_calm_is(&c->trials[i], fastest_ns)) {
            sum_ns += call_ns;
            slowed++;
        }
    }
    if (2 * slowed <= c->trial_count)
        return 0;
    (void)ipm_strbuf_add(detail, "%zu of %zu trials, by %.0f %% on average", slowed,
                         c->trial_count,
                         100 * (sum_ns / (double)slowed / fastest_ns - 1));
    return (double)slowed / (double)c->trial_count;
}

/* --- of one case: what the kernel gave ------------------------------------------------- */

/* The numbers of bytes by which a transport tells its buffers, of the end that matters, and what
 * limits them. usual_bytes is what every machine gives where nothing is asked for; 0: that is
 * up to the machine. The kernel doubles the requested size of a socket buffer, up to twice the
 * limit (socket(7)), so only less than requested is a refusal. */
static const struct case_buffer {
    const char *key;
    enum ipm_role role;
    uint64_t usual_bytes;
    const char *limit;
} case_buffers[] = {
    {"so_sndbuf_bytes", IPM_SENDER, 0, "net.core.wmem_max"},
    {"so_rcvbuf_bytes", IPM_RECEIVER, 0, "net.core.rmem_max"},
    {"msg_qbytes", IPM_SENDER, 0, "kernel.msgmnb"},
    {"pipe_capacity_bytes", IPM_SENDER, CASE_PIPE_BYTES, "fs.pipe-user-pages-soft"},
    {"pipe_capacity_bytes", IPM_RECEIVER, CASE_PIPE_BYTES, "fs.pipe-user-pages-soft"},
};

static double case_gave_less(const struct ipm_report *report, const struct ipm_case *c,
                             const struct case_buffer *buffer,
                             struct ipm_strbuf *detail) {
    const uint64_t asked = c->config.buffer_bytes;
    const uint64_t wanted = asked > 0 ? asked : buffer->usual_bytes;
    const int64_t pipe_most = report->host.pipe_max_bytes;
    const bool large_pipe = buffer->usual_bytes > 0 && pipe_most > 0 &&
                            wanted > (uint64_t)pipe_most; /* a limit of each pipe */
    const struct ipm_fact *fact =
        ipm_fact_list_find(&c->settings[buffer->role], buffer->key);
    if (!fact || fact->kind != IPM_FACT_NUMBER || fact->number < 0 ||
        (uint64_t)fact->number >= wanted)
        return 0;
    (void)ipm_strbuf_add(detail, "%s %" PRId64 " instead of %" PRIu64 ", see %s",
                         buffer->key, fact->number, wanted,
                         large_pipe ? "fs.pipe-max-size" : buffer->limit);
    return (double)wanted / (double)(fact->number + 1);
}

/* A transport may report the reason as buffer_limit. */
double ipm_warning_case_buffer(const struct ipm_report *report, const struct ipm_case *c,
                               struct ipm_strbuf *detail) {
    double badness = 0;
    for (size_t i = 0; i < sizeof case_buffers / sizeof *case_buffers && !(badness > 0);
         i++)
        badness = case_gave_less(report, c, &case_buffers[i], detail);
    if (badness > 0)
        return badness;
    const struct ipm_fact *fact =
        ipm_fact_list_find(&c->settings[IPM_SENDER], "buffer_limit");
    return fact && fact->kind == IPM_FACT_TEXT &&
           ipm_strbuf_add(detail, "%s", fact->text);
}

/* Applies only to the system's default: a user who requests bbr knows it. */
double ipm_warning_case_congestion(const struct ipm_report *report,
                                   const struct ipm_case *c, struct ipm_strbuf *detail) {
    const struct ipm_fact *fact =
        ipm_fact_list_find(&c->settings[IPM_SENDER], "congestion");
    (void)report;
    if (!fact || fact->kind != IPM_FACT_TEXT || c->config.congestion[0])
        return 0;
    (void)ipm_strbuf_add(detail, "%s", fact->text);
    return fact->text[0] && strcmp(fact->text, "cubic") != 0 &&
           strcmp(fact->text, "reno") != 0;
}
