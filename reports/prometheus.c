/* prometheus.c - the Prometheus text format 0.0.4, which the textfile collector of the
 * node exporter reads, and OpenMetrics 1.0, which is the same with a mark at the end. Base units; no timestamps, because files with timestamps are
 * refused; each family is described once. */
#include "model/report/report.h"
#include "reports/common/clean.h"
#include "reports/renderer.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { METRICS_FAMILY_BYTES = 64 };

static const struct ipm_escape metrics_escapes[] = {
    {'\\', "\\\\"}, {'"', "\\\""}, {'\0', NULL}};

static void metrics_head(FILE *out, const char *family, const char *suffix,
                         const char *meaning, const char *addition) {
    (void)fprintf(out, "# HELP ipcmark_%s%s %s%s.\n", family, suffix, meaning, addition);
    (void)fprintf(out, "# TYPE ipcmark_%s%s gauge\n", family, suffix);
}

/* FNV-1a of 64 bits. */
static const uint64_t METRICS_HASH_BASIS = 0xcbf29ce484222325u;

static uint64_t metrics_hash(uint64_t hash, const char *text) {
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * 0x100000001b3u;
    return hash;
}

/* An empty label is the same as none. */
static void metrics_label(FILE *out, const char *separator, const char *name,
                          const char *value) {
    if (value[0] == '\0')
        return;
    (void)fprintf(out, "%s%s=\"", separator, name);
    ipm_clean_put(out, value, metrics_escapes);
    (void)fputs("\"", out);
}

/* Begins a series with a label that differs between runs, as files of several runs may lie in
 * one directory and a series must not occur twice; then the labels of the run. */
static void metrics_series(FILE *out, const struct ipm_report *report, const char *family,
                           const char *suffix) {
    const struct ipm_run_info *run = &report->run;
    uint64_t id = metrics_hash(METRICS_HASH_BASIS, run->started_at);
    char numbers[64];
    (void)snprintf(numbers, sizeof numbers, "%" PRIu64 " %" PRIu64, run->seed,
                   run->elapsed_ns);
    id = metrics_hash(id, numbers);
    for (size_t i = 0; i < run->command_count; i++)
        id = metrics_hash(id, run->command[i]);
    (void)fprintf(out, "ipcmark_%s%s{run=\"%016" PRIx64 "\"", family, suffix, id);
    for (size_t i = 0; i < run->labels.count; i++) {
        char name[sizeof "label_" + IPM_NAME_BYTES];
        (void)snprintf(name, sizeof name, "label_%s", run->labels.items[i].name);
        metrics_label(out, ",", name, run->labels.items[i].text);
    }
}

/* The settings of lists, and the three that every name of a case has, are labels; the others are
 * in the name. */
static void metrics_setting(FILE *out, const struct ipm_setting *setting,
                            const struct ipm_case_config *config) {
    const struct ipm_cell value = ipm_setting_text(setting, config);
    const bool none =
        (setting->flags & IPM_SETTING_OR_NULL) != 0 && strcmp(value.text, "0") == 0;
    const bool named = setting->word == NULL && (setting->flags & IPM_SETTING_PLACE) == 0;
    if (!none && (named || (setting->flags & IPM_SETTING_LISTED) != 0))
        metrics_label(out, ",", setting->key, value.text);
}

static void metrics_of_case(FILE *out, const struct ipm_report *report,
                            const char *family, const char *suffix,
                            const struct ipm_case_config *config) {
    metrics_series(out, report, family, suffix);
    metrics_label(out, ",", "case", config->name);
    for (size_t i = 0; i < IPM_SETTINGS; i++)
        metrics_setting(out, &ipm_settings[i], config);
    (void)fputs("} ", out);
}

/* --- one metric ------------------------------------------------------------------------- */

struct metrics_part {
    const char *suffix;
    const char *addition;
    size_t offset; /* in struct ipm_statistic */
};

static const struct metrics_part metrics_parts[] = {
    {"", ", the median of the trials", offsetof(struct ipm_statistic, median)},
    {"_ci95_low", ", lower end of the 95 % interval of the median",
     offsetof(struct ipm_statistic, ci95_low)},
    {"_ci95_high", ", upper end of the 95 % interval of the median",
     offsetof(struct ipm_statistic, ci95_high)},
};

/* The family of a key, in base units: "setup_seconds" for "setup_ns". */
struct metrics_family {
    char name[METRICS_FAMILY_BYTES];
    double scale; /* factor from the unit of the key */
};

static struct metrics_family metrics_family_of(const char *key) {
    struct metrics_family family = {.scale = 1};
    const char *unit = strstr(key, "_ns");
    if (unit == NULL) {
        (void)snprintf(family.name, sizeof family.name, "%s", key);
        return family;
    }
    (void)snprintf(family.name, sizeof family.name, "%.*s_seconds%s", (int)(unit - key),
                   key, unit + strlen("_ns"));
    family.scale = 1e-9;
    return family;
}

static double metrics_value(const struct ipm_metric *metric,
                            const struct metrics_part *part, const struct ipm_case *c) {
    const struct ipm_statistic *statistic = ipm_metric_of_case(metric, c);
    double value = NAN;
    if (statistic != NULL)
        memcpy(&value, (const char *)statistic + part->offset, sizeof value);
    return value;
}

/* Writes nothing for a family without values. A quantile is of all trials together and has
 * no interval. A report from a file may repeat names, and a duplicated series makes the file
 * invalid. */
static void metrics_part(FILE *out, const struct ipm_report *report,
                         const struct ipm_metric *metric,
                         const struct metrics_part *part) {
    const struct metrics_family family = metrics_family_of(metric->key);
    const char *addition = metric->quantile > 0 ? ", over all trials" : part->addition;
    bool begun = false;
    for (size_t i = 0; i < report->case_count; i++) {
        const struct ipm_case *c = &report->cases[i];
        const double value = metrics_value(metric, part, c) * family.scale;
        if (!isfinite(value) || c->arranged.repeats)
            continue;
        if (!begun)
            metrics_head(out, family.name, part->suffix, metric->doc, addition);
        begun = true;
        metrics_of_case(out, report, family.name, part->suffix, &c->config);
        ipm_clean_number(out, value);
        (void)fputs("\n", out);
    }
}

static void metrics_metric(FILE *out, const struct ipm_report *report,
                           const struct ipm_metric *metric) {
    for (size_t i = 0; i < sizeof metrics_parts / sizeof metrics_parts[0]; i++)
        metrics_part(out, report, metric, &metrics_parts[i]);
}

/* --- the run ---------------------------------------------------------------------------- */

static void metrics_run(FILE *out, const struct ipm_report *report) {
    metrics_head(out, "run_info", "", "The run that the values are of", "");
    metrics_series(out, report, "run_info", "");
    metrics_label(out, ",", "tool", report->tool.name);
    metrics_label(out, ",", "version", report->tool.version);
    metrics_label(out, ",", "tool_commit", report->tool.commit);
    metrics_label(out, ",", "started_at", report->run.started_at);
    metrics_label(out, ",", "hostname", report->host.hostname);
    metrics_label(out, ",", "kernel", report->host.kernel);
    metrics_label(out, ",", "cpu_model", report->host.cpu_model);
    metrics_label(out, ",", "virtualization", report->host.virtualization);
    (void)fputs("} 1\n", out);
    metrics_head(out, "run_complete", "", "1 when the run was completed, else 0", "");
    metrics_series(out, report, "run_complete", "");
    (void)fprintf(out, "} %d\n", report->run.status == IPM_RUN_COMPLETE);
    metrics_head(out, "run_elapsed_seconds", "", "Duration of the run", "");
    metrics_series(out, report, "run_elapsed_seconds", "");
    (void)fputs("} ", out);
    ipm_clean_number(out, (double)report->run.elapsed_ns * 1e-9);
    (void)fputs("\n", out);
}

static void metrics_cases(FILE *out, const struct ipm_report *report, const char *family,
                          const char *meaning, enum ipm_case_status status) {
    if (report->case_count > 0)
        metrics_head(out, family, "", meaning, "");
    for (size_t i = 0; i < report->case_count; i++) {
        const struct ipm_case *c = &report->cases[i];
        if (c->arranged.repeats)
            continue;
        metrics_of_case(out, report, family, "", &c->config);
        (void)fprintf(out, "%d\n", c->status == status);
    }
}

static int metrics_render(const struct ipm_document *document,
                          const struct ipm_render_options *options, FILE *out,
                          struct ipm_err *err) {
    const struct ipm_report *report = document->report;
    (void)options;
    errno = 0;
    metrics_run(out, report);
    metrics_cases(out, report, "case_ok", "1 when the case was measured, else 0",
                  IPM_CASE_OK);
    metrics_cases(out, report, "case_failed", "1 when the case failed, else 0",
                  IPM_CASE_FAILED);
    for (size_t m = 0; m < IPM_METRICS; m++)
        metrics_metric(out, report, &ipm_metrics[m]);
    return ipm_clean_end(out, "metrics", err);
}

static int metrics_render_marked(const struct ipm_document *document,
                                 const struct ipm_render_options *options, FILE *out,
                                 struct ipm_err *err) {
    const int code = metrics_render(document, options, out, err);
    (void)fputs("# EOF\n", out);
    return code < 0 ? code : ipm_clean_end(out, "metrics", err);
}

const struct ipm_renderer ipm_renderer_prometheus = {
    .name = "prometheus",
    .summary = "Prometheus text, for the textfile collector of the node exporter",
    .render = {[IPM_DOCUMENT_REPORT] = metrics_render},
};

const struct ipm_renderer ipm_renderer_openmetrics = {
    .name = "openmetrics",
    .summary = "the same as OpenMetrics 1.0, which ends with '# EOF'",
    .render = {[IPM_DOCUMENT_REPORT] = metrics_render_marked},
};
