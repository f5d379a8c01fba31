/* machine.c - the section about the machine, the settings and the reference measurements. */
#include "base/units.h"
#include "model/plan/pin.h"
#include "model/report/report.h"
#include "reports/columns/format.h"
#include "reports/html/page.h"
#include "reports/html/run.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>

enum { MACHINE_VALUE_BYTES = 704 };

/* --- values: "" is unknown, as is a number below 0 -------------------------------------- */

__attribute__((format(printf, 3, 4))) static void machine_row(FILE *out, const char *name,
                                                              const char *format, ...) {
    char value[MACHINE_VALUE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(value, sizeof value, format, arguments);
    va_end(arguments);
    ipm_html_row_open(out, name);
    ipm_html_cells(out, value[0] != '\0' ? value : "unknown");
}

static void machine_number(FILE *out, const char *name, int64_t number) {
    if (number < 0)
        machine_row(out, name, "unknown");
    else
        machine_row(out, name, "%" PRId64, number);
}

static void machine_bytes(FILE *out, const char *name, int64_t bytes) {
    machine_row(out, name, "%s",
                bytes < 0 ? "unknown" : ipm_text_size((uint64_t)bytes).text);
}

/* The kernel reserves a part of the memory, so the size is no round number. */
static void machine_memory(FILE *out, int64_t bytes) {
    const double gibibyte = 1073741824.0;
    if (bytes < 0)
        machine_row(out, "memory", "unknown");
    else
        machine_row(out, "memory", "%.1f GiB", (double)bytes / gibibyte);
}

/* --- the machine ------------------------------------------------------------------------ */

static void machine_host(FILE *out, const struct ipm_host *host) {
    ipm_html_table_open(out, "host", "words", "Machine", NULL);
    machine_row(out, "host name", "%s", host->hostname);
    machine_row(out, "system", "%s", host->os);
    machine_row(out, "kernel", "%s", host->kernel);
    machine_row(out, "architecture", "%s", host->architecture);
    machine_row(out, "CPU", "%s", host->cpu_model);
    machine_number(out, "CPUs online", host->cpus_online);
    machine_number(out, "CPUs allowed", host->cpus_allowed);
    machine_row(out, "cpuset", "%s", host->cpuset);
    if (isfinite(host->cpu_quota_cpus))
        machine_row(out, "CPU quota", "%.3g CPUs", host->cpu_quota_cpus);
    machine_number(out, "periods throttled", host->cpu_throttled_periods);
    machine_number(out, "CPU weight", host->cpu_weight);
    machine_number(out, "CPU shares", host->cpu_shares);
    machine_row(out, "autogroup", "%s", host->autogroup);
    machine_row(out, "nice value", "%s", host->nice);
    machine_memory(out, host->memory_bytes);
    machine_row(out, "virtualization", "%s", host->virtualization);
    machine_row(out, "governor", "%s", host->governor);
    machine_row(out, "turbo", "%s", host->turbo);
    machine_row(out, "SMT", "%s", host->smt);
    if (isfinite(host->load_1m))
        machine_row(out, "load of the last minute", "%.2f", host->load_1m);
    machine_row(out, "clock source", "%s", host->clocksource);
    machine_row(out, "TCP congestion control", "%s", host->congestion);
    machine_bytes(out, "maximum pipe size", host->pipe_max_bytes);
    machine_bytes(out, "maximum SO_SNDBUF", host->so_sndbuf_max_bytes);
    machine_bytes(out, "maximum SO_RCVBUF", host->so_rcvbuf_max_bytes);
    machine_number(out, "maximum open files", host->open_files_max);
    machine_number(out, "maximum processes", host->processes_max);
    ipm_html_table_close(out);
    if (host->mitigation_count == 0)
        return;
    HTML("<details class=\"data\"><summary>CPU mitigations</summary>\n");
    ipm_html_table_open(out, "mitigations", "words", "CPU mitigations", NULL);
    for (size_t i = 0; i < host->mitigation_count; i++)
        machine_row(out, host->mitigations[i].name, "%s", host->mitigations[i].text);
    ipm_html_table_close(out);
    HTML("</details>\n");
}

/* --- settings --------------------------------------------------------------------------- */

static void machine_list(FILE *out, const char *name, const struct ipm_names *words) {
    if (words->count == 0)
        return;
    HTML("<tr><th scope=\"row\">%s</th><td>", name);
    for (size_t i = 0; i < words->count; i++)
        HTML("%s%s", i > 0 ? ", " : "", words->items[i]);
    HTML("</td></tr>\n");
}

/* "64 B", or with the size of the response "64 B : 4 KiB". */
static void machine_size(char text[IPM_NAME_BYTES], const struct ipm_sizes *sizes,
                         size_t i) {
    const bool other = sizes->responses[i] > 0;
    (void)snprintf(text, IPM_NAME_BYTES, "%.14s%s%.14s",
                   ipm_text_size(sizes->items[i]).text, other ? " : " : "",
                   other ? ipm_text_size(sizes->responses[i]).text : "");
}

static void machine_numbers(FILE *out, const char *name,
                            const struct ipm_sizes *numbers) {
    struct ipm_names words = {.count = numbers->count};
    for (size_t i = 0; i < numbers->count; i++)
        (void)snprintf(words.items[i], sizeof words.items[i], "%" PRIu64,
                       numbers->items[i]);
    machine_list(out, name, &words);
}

static void machine_lists(FILE *out, const struct ipm_options *settings) {
    struct ipm_names sizes = {.count = settings->message_bytes.count};
    struct ipm_names pins = {.count = settings->pins.count};
    for (size_t i = 0; i < sizes.count; i++)
        machine_size(sizes.items[i], &settings->message_bytes, i);
    for (size_t i = 0; i < pins.count; i++)
        ipm_pin_word(pins.items[i], &settings->pins.items[i]);
    machine_list(out, "transports", &settings->transports);
    machine_list(out, "patterns", &settings->patterns);
    machine_list(out, "message sizes", &sizes);
    machine_list(out, "framings", &settings->framings);
    machine_list(out, "I/O backends", &settings->ios);
    machine_list(out, "servers", &settings->servers);
    machine_list(out, "congestion controls", &settings->congestion);
    machine_numbers(out, "clients", &settings->clients);
    machine_numbers(out, "pairs", &settings->pairs);
    machine_list(out, "placement", &pins);
    for (size_t i = 0; i < settings->plugins.count; i++)
        machine_row(out, "plugin", "%s", settings->plugins.items[i].path);
}

static void machine_setting(FILE *out, const struct ipm_setting *setting,
                            const struct ipm_case_config *common) {
    const struct ipm_cell cell = ipm_text_setting(setting, common);
    const bool is_zero = ipm_setting_number(setting, common) == 0;
    const char *shown =
        is_zero && setting->unasked != NULL ? setting->unasked : cell.text;
    if (setting->type == IPM_SETTING_FLAG)
        shown = is_zero ? "no" : "yes";
    machine_row(out, setting->label, "%s", shown);
}

static void machine_settings(FILE *out, const struct ipm_options *settings) {
    const struct ipm_cell size = ipm_text_size(settings->common.recv_bytes);
    const char *const rules[] = {
        [IPM_RECV_LARGER] = "the larger of the message and 64 KiB",
        [IPM_RECV_MESSAGE] = "the message",
        [IPM_RECV_BYTES] = size.text,
    };
    ipm_html_table_open(out, "settings", "words", "Settings", NULL);
    machine_lists(out, settings);
    machine_number(out, "rounds", (int64_t)settings->rounds);
    machine_number(out, "warm-up rounds", (int64_t)settings->warmup_rounds);
    machine_row(out, "duration of a trial", "%s",
                ipm_units_exact(&ipm_unit_time, settings->duration_ns).text);
    machine_row(out, "time limit of a trial", "%s",
                ipm_units_exact(&ipm_unit_time, settings->timeout_ns).text);
    machine_row(out, "receive buffer of a byte stream", "%s", rules[settings->recv_rule]);
    for (size_t i = 0; i < IPM_SETTINGS; i++)
        if (ipm_settings[i].label != NULL)
            machine_setting(out, &ipm_settings[i], &settings->common);
    machine_row(out, "seed", "%" PRIu64, settings->seed);
    ipm_html_table_close(out);
}

/* --- reference measurements ------------------------------------------------------------- */

static void machine_reference(FILE *out, const char *name, const char *unit,
                              const struct ipm_statistic *statistic) {
    if (isfinite(statistic->median))
        machine_row(out, name, "%s %s", ipm_text_median(statistic).text, unit);
}

static void machine_references(FILE *out, const struct ipm_references *references,
                               const struct ipm_text_unit *unit) {
    ipm_html_table_open(out, "references", "words",
                        "Reference measurements of the same run", NULL);
    for (size_t i = 0; i < references->sizes.count; i++) {
        const double rate = references->memcpy_bytes_per_second[i].median;
        const struct ipm_cell size = ipm_text_size(references->sizes.items[i]);
        if (isfinite(rate))
            machine_row(out, ipm_cell_print("memcpy of %s", size.text).text, "%s %s",
                        ipm_text_rate(rate / unit->bytes_per_second).text, unit->word);
    }
    machine_reference(out, "null system call", "ns", &references->null_syscall_ns);
    machine_reference(out, "core to core and back", "ns", &references->core_to_core_ns);
    machine_reference(out, "context switch", "ns", &references->context_switch_ns);
    machine_reference(out, "null transport", "ns per message",
                      &references->null_transport_ns_per_message);
    ipm_html_table_close(out);
}

static void machine_command(FILE *out, const struct ipm_run_info *run) {
    if (run->command_count == 0)
        return;
    HTML("<p>Command: <code>");
    for (size_t i = 0; i < run->command_count; i++)
        HTML("%s%s", i > 0 ? " " : "", run->command[i]);
    HTML("</code></p>\n");
}

void ipm_html_machine(FILE *out, const struct ipm_html_run *page) {
    const struct ipm_report *report = page->report;
    ipm_html_section_open(out, "machine", "Machine and settings");
    machine_command(out, &report->run);
    HTML("<div class=\"charts\">\n<div>\n");
    machine_host(out, &report->host);
    HTML("</div>\n<div>\n");
    machine_settings(out, &report->settings);
    if (report->host.clock != IPM_CLOCK_INSTRUCTIONS) /* they are times */
        machine_references(out, &report->references, page->unit);
    HTML("</div>\n</div>\n</section>\n");
}
