/* heading.c - writes the lines above the table: the machine and the settings. */
#include "reports/text/text.h"

#include "model/report/report.h"
#include "reports/columns/format.h"
#include "reports/text/pen.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static void heading_machine(struct ipm_text_line *line, const struct ipm_host *host) {
    ipm_text_line_add(line, "%s", host->cpu_model);
    const struct ipm_cell quota =
        isfinite(host->cpu_quota_cpus)
            ? ipm_cell_print(", quota %.3g", host->cpu_quota_cpus)
            : (struct ipm_cell){""};
    if (host->cpus_online > 0 && host->cpus_allowed > 0 &&
        host->cpus_allowed != host->cpus_online) {
        ipm_text_line_add(line, "%" PRId64 " of %" PRId64 " CPUs%s", host->cpus_allowed,
                          host->cpus_online, quota.text);
    } else if (host->cpus_online > 0) {
        ipm_text_line_add(line, "%" PRId64 " CPU%s%s", host->cpus_online,
                          host->cpus_online == 1 ? "" : "s", quota.text);
    }
    ipm_text_line_add(line, "%s", host->kernel);
    if (strcmp(host->virtualization, "none") != 0)
        ipm_text_line_add(line, "%s", host->virtualization);
    if (host->congestion[0] != '\0')
        ipm_text_line_add(line, "TCP %s", host->congestion);
}

static void heading_settings(struct ipm_text_line *line,
                             const struct ipm_report *report) {
    const struct ipm_options *settings = &report->settings;
    ipm_text_line_add(line, "%s", ipm_text_rounds(report).text);
    if (settings->recv_rule == IPM_RECV_MESSAGE)
        ipm_text_line_add(line, "receive buffer: the message");
    else if (settings->recv_rule == IPM_RECV_BYTES)
        ipm_text_line_add(line, "receive buffer: %s",
                          ipm_text_size(settings->common.recv_bytes).text);
    ipm_text_line_add(line, "seed %" PRIu64, report->run.seed);
}

static void heading_plugins(struct ipm_text_pen *pen, const struct ipm_origins *plugins) {
    for (size_t i = 0; i < plugins->count; i++) {
        const struct ipm_origin *plugin = &plugins->items[i];
        struct ipm_text_line line = {
            .pen = pen, .name = "plugin: ", .style = IPM_TEXT_PLAIN};
        ipm_text_line_add(&line, "%s", plugin->path);
        for (size_t j = 0; j < plugin->transports.count; j++)
            ipm_text_line_add(&line, "%s", plugin->transports.items[j]);
        ipm_text_line_end(&line);
    }
}

static void heading_labels(struct ipm_text_pen *pen, const struct ipm_labels *labels) {
    struct ipm_text_line line = {.pen = pen, .name = "labels: ", .style = IPM_TEXT_PLAIN};
    for (size_t i = 0; i < labels->count; i++)
        ipm_text_line_add(&line, "%s", ipm_label_text(&labels->items[i]).text);
    ipm_text_line_end(&line);
}

static void heading_beside(struct ipm_text_pen *pen, const char *command) {
    struct ipm_text_line line = {.pen = pen, .name = "beside: ", .style = IPM_TEXT_PLAIN};
    if (command[0] == '\0')
        return;
    ipm_text_line_add(&line, "%s", command);
    ipm_text_line_end(&line);
}

void ipm_text_heading(struct ipm_text_pen *pen, const struct ipm_report *report) {
    struct ipm_text_line line = {.pen = pen, .name = "", .style = IPM_TEXT_PLAIN};
    heading_machine(&line, &report->host);
    heading_settings(&line, report);
    ipm_text_line_end(&line);
    heading_labels(pen, &report->run.labels);
    heading_plugins(pen, &report->settings.plugins);
    heading_beside(pen, report->settings.beside);
    ipm_text_newline(pen);
}
