/* checkup_read.c - reads files, limits and members of struct ipm_host for `ipcmark doctor`. */
#include "run/host/checkup_read.h"

#include "base/err.h"
#include "base/strbuf.h"
#include "run/guest/guest.h"
#include "run/host/sysfile.h"
#include "run/io/io.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

/* --- values ---------------------------------------------------------------------------- */

static void checkup_whole(struct ipm_finding *finding, int64_t whole) {
    finding->value = (struct ipm_value){.kind = IPM_VALUE_WHOLE, .whole = whole};
}

static void checkup_missing(struct ipm_finding *finding, const char *reason) {
    (void)snprintf(finding->reason, sizeof finding->reason, "%.*s", IPM_TEXT_BYTES - 1,
                   reason);
}

static void checkup_text(struct ipm_finding *finding, const char *text) {
    finding->value.kind = IPM_VALUE_TEXT;
    (void)snprintf(finding->value.text, sizeof finding->value.text, "%.*s",
                   IPM_TEXT_BYTES - 1, text);
}

/* An empty text is missing. */
static void checkup_text_or(struct ipm_finding *finding, const char *text,
                            const char *reason) {
    if (text[0])
        checkup_text(finding, text);
    else
        checkup_missing(finding, reason);
}

static void checkup_unreadable(struct ipm_finding *finding, const char *path) {
    (void)snprintf(finding->reason, sizeof finding->reason, "cannot read '%.80s': %s",
                   path, strerror(errno));
}

/* --- readers ---------------------------------------------------------------------------- */

static bool checkup_line(const struct ipm_checkup_row *row,
                         const struct ipm_checkup_reading *reading, char *text,
                         size_t size) {
    FILE *file = ipm_sysfile_open(reading->root, row->path);
    if (!file) {
        checkup_unreadable(reading->finding, row->path);
        return false;
    }
    (void)fclose(file);
    ipm_sysfile_line(reading->root, row->path, text, size);
    if (!text[0])
        checkup_missing(reading->finding, "the kernel tells nothing");
    return text[0] != '\0';
}

void ipm_checkup_read_line(const struct ipm_checkup_row *row,
                           const struct ipm_checkup_reading *reading) {
    char text[IPM_TEXT_BYTES];
    if (checkup_line(row, reading, text, sizeof text))
        checkup_text(reading->finding, text);
}

/* "node 0" or "nodes 0-1": a list alone reads like a number of nodes. */
void ipm_checkup_read_nodes(const struct ipm_checkup_row *row,
                            const struct ipm_checkup_reading *reading) {
    char list[IPM_NAME_BYTES];
    char text[IPM_TEXT_BYTES];
    if (!checkup_line(row, reading, list, sizeof list))
        return;
    (void)snprintf(text, sizeof text, "node%s %s", strpbrk(list, ",-") ? "s" : "", list);
    checkup_text(reading->finding, text);
}

void ipm_checkup_read_number(const struct ipm_checkup_row *row,
                             const struct ipm_checkup_reading *reading) {
    char text[IPM_TEXT_BYTES];
    char *end = text;
    if (!checkup_line(row, reading, text, sizeof text))
        return;
    const long long number = strtoll(text, &end, 10);
    if (end != text)
        checkup_whole(reading->finding, number);
    else
        checkup_text(reading->finding, text);
}

/* The first line of the file, or the value of its line row->word: a number, which stands for
 * one of the words after it: "Seccomp|none|strict|filter". */
void ipm_checkup_read_choice(const struct ipm_checkup_row *row,
                             const struct ipm_checkup_reading *reading) {
    char text[IPM_TEXT_BYTES];
    char key[IPM_NAME_BYTES];
    const char *words = row->word + strcspn(row->word, "|");
    if (!checkup_line(row, reading, text, sizeof text))
        return;
    (void)snprintf(key, sizeof key, "%.*s", (int)(words - row->word), row->word);
    if (key[0])
        ipm_sysfile_value(reading->root, row->path, key, text, sizeof text);
    for (int i = text[0] - '0'; i > 0 && *words; i--)
        words += 1 + strcspn(words + 1, "|");
    if (*words && text[0] >= '0' && text[0] <= '9')
        (void)snprintf(text, sizeof text, "%.*s", (int)strcspn(words + 1, "|"),
                       words + 1);
    checkup_text_or(reading->finding, text, "the kernel tells nothing");
}

static const char *checkup_hidden(const struct ipm_checkup_row *row) {
    return row->word ? row->word : "the kernel or a sandbox hides it";
}

void ipm_checkup_read_host_text(const struct ipm_checkup_row *row,
                                const struct ipm_checkup_reading *reading) {
    const char *text = (const char *)reading->host + row->offset;
    checkup_text_or(reading->finding, text, checkup_hidden(row));
}

void ipm_checkup_read_host_whole(const struct ipm_checkup_row *row,
                                 const struct ipm_checkup_reading *reading) {
    int64_t whole = -1;
    memcpy(&whole, (const char *)reading->host + row->offset, sizeof whole);
    if (whole >= 0)
        checkup_whole(reading->finding, whole);
    else
        checkup_missing(reading->finding, checkup_hidden(row));
}

void ipm_checkup_read_host_real(const struct ipm_checkup_row *row,
                                const struct ipm_checkup_reading *reading) {
    double real = NAN;
    memcpy(&real, (const char *)reading->host + row->offset, sizeof real);
    if (isfinite(real))
        reading->finding->value =
            (struct ipm_value){.kind = IPM_VALUE_REAL, .real = real};
    else
        checkup_missing(reading->finding, checkup_hidden(row));
}

void ipm_checkup_read_quota(const struct ipm_checkup_row *row,
                            const struct ipm_checkup_reading *reading) {
    (void)row;
    if (isfinite(reading->host->cpu_quota_cpus))
        reading->finding->value = (struct ipm_value){
            .kind = IPM_VALUE_REAL, .real = reading->host->cpu_quota_cpus};
    else if (reading->host->cpu_quota_period_ns == 0)
        checkup_text(reading->finding, "none");
    else
        checkup_missing(reading->finding, "no control group of CPUs is visible");
}

void ipm_checkup_read_limit(const struct ipm_checkup_row *row,
                            const struct ipm_checkup_reading *reading) {
    struct rlimit limit;
    if (getrlimit((unsigned)row->resource, &limit) != 0)
        checkup_missing(reading->finding, strerror(errno));
    else if (limit.rlim_cur == RLIM_INFINITY)
        checkup_text(reading->finding, "unlimited");
    else
        checkup_whole(reading->finding, (int64_t)limit.rlim_cur);
}

/* The sysctl of Linux 6.6, unless it allows all; then what a call does, which older kernels and
 * filters of system calls decide. */
void ipm_checkup_read_uring(const struct ipm_checkup_row *row,
                            const struct ipm_checkup_reading *reading) {
    const struct ipm_io *io = ipm_io_find("uring");
    struct ipm_err err = {0};
    if (ipm_sysfile_number(reading->root, row->path) > 0)
        ipm_checkup_read_choice(row, reading);
    else
        checkup_text(reading->finding, io->probe(&err) == 0 ? "allowed" : err.text);
}

/* kmod(8) writes a list of them: "kernel/net/sctp/sctp.ko". */
static bool checkup_is_builtin(const char *root, const char *module) {
    char path[IPM_TEXT_BYTES];
    char line[IPM_TEXT_BYTES];
    struct utsname names;
    bool found = false;
    if (uname(&names) != 0)
        return false;
    (void)snprintf(path, sizeof path, "/lib/modules/%s/modules.builtin", names.release);
    FILE *file = ipm_sysfile_open(root, path);
    while (file != NULL && !found && fgets(line, sizeof line, file)) {
        const char *name = strrchr(line, '/');
        found = name != NULL && strncmp(name + 1, module, strlen(module)) == 0 &&
                strcmp(name + 1 + strlen(module), ".ko\n") == 0;
    }
    if (file != NULL)
        (void)fclose(file);
    return found;
}

/* A module that is built into the kernel has a folder only if it has parameters. */
void ipm_checkup_read_module(const struct ipm_checkup_row *row,
                             const struct ipm_checkup_reading *reading) {
    const char *module = strrchr(row->path, '/') + 1;
    checkup_text(reading->finding, checkup_is_builtin(reading->root, module) ? "built in"
                                   : ipm_sysfile_exists(reading->root, row->path)
                                       ? "loaded"
                                       : "not loaded");
}

void ipm_checkup_read_device(const struct ipm_checkup_row *row,
                             const struct ipm_checkup_reading *reading) {
    char path[IPM_SYSFILE_PATH_BYTES];
    if (ipm_sysfile_join(path, reading->root, row->path) &&
        access(path, R_OK | W_OK) == 0)
        checkup_text(reading->finding, "usable");
    else
        checkup_text(reading->finding, errno == ENOENT ? "absent" : strerror(errno));
}

void ipm_checkup_read_space(const struct ipm_checkup_row *row,
                            const struct ipm_checkup_reading *reading) {
    char path[IPM_SYSFILE_PATH_BYTES];
    struct statvfs space;
    if (ipm_sysfile_join(path, reading->root, row->path) && statvfs(path, &space) == 0)
        checkup_whole(reading->finding,
                      (int64_t)((uint64_t)space.f_bavail * space.f_frsize));
    else
        checkup_unreadable(reading->finding, row->path);
}

/* "L1d 32K (CPU 0), L2 1024K (CPU 0), L3 33792K (CPU 0-1)" of the first CPU. */
void ipm_checkup_read_caches(const struct ipm_checkup_row *row,
                             const struct ipm_checkup_reading *reading) {
    static const char *const files[] = {"level", "type", "size", "shared_cpu_list"};
    char text[IPM_TEXT_BYTES];
    struct ipm_strbuf list = ipm_strbuf_over(text, sizeof text);
    for (int index = 0; index < 8; index++) {
        char values[sizeof files / sizeof *files][IPM_NAME_BYTES];
        for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
            char path[IPM_TEXT_BYTES];
            (void)snprintf(path, sizeof path, "%s/index%d/%s", row->path, index,
                           files[i]);
            ipm_sysfile_line(reading->root, path, values[i], sizeof values[i]);
        }
        if (values[0][0] && strcmp(values[1], "Instruction") != 0)
            (void)ipm_strbuf_add(&list, "%sL%s %s (CPU %s)", list.used ? ", " : "",
                                 values[0], values[2], values[3]);
    }
    checkup_text_or(reading->finding, text, checkup_hidden(row));
}

/* How many of the vulnerabilities of the CPU are mitigated. */
void ipm_checkup_read_mitigations(const struct ipm_checkup_row *row,
                                  const struct ipm_checkup_reading *reading) {
    int64_t count = 0;
    for (size_t i = 0; i < reading->host->mitigation_count; i++)
        count += strncmp(reading->host->mitigations[i].text, "Mitigation", 10) == 0;
    if (reading->host->mitigation_count > 0)
        checkup_whole(reading->finding, count);
    else
        checkup_missing(reading->finding, checkup_hidden(row));
}

void ipm_checkup_read_qemu(const struct ipm_checkup_row *row,
                           const struct ipm_checkup_reading *reading) {
    char path[PATH_MAX];
    struct ipm_err err = {0};
    const struct ipm_guest_machine *host = ipm_guest_machine(IPM_GUEST_HOST);
    const bool found = ipm_guest_find_qemu(host, path, &err) == 0;
    (void)row;
    checkup_text_or(reading->finding, found ? path : "", err.text);
}

void ipm_checkup_read_guest_kernel(const struct ipm_checkup_row *row,
                                   const struct ipm_checkup_reading *reading) {
    char path[PATH_MAX];
    struct ipm_err err = {0};
    const struct ipm_guest_machine *host = ipm_guest_machine(IPM_GUEST_HOST);
    const bool found = ipm_guest_find_kernel(host, reading->root, path, &err) == 0;
    (void)row;
    checkup_text_or(reading->finding, found ? path : "", err.text);
}
