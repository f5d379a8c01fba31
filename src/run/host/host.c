/* host.c - what the machine is, from proc(5) and sysfs(5). */
#include "run/host/host.h"

#include "base/usage.h"
#include "model/report/report.h"
#include "run/host/cgroup.h"
#include "run/host/sysfile.h"
#include "run/host/virtualization.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#define HOST_CPUS "/sys/devices/system/cpu/"

static void host_read_names(const char *root, struct ipm_host *host) {
    struct utsname names;
    if (uname(&names) == 0) {
        (void)snprintf(host->hostname, sizeof host->hostname, "%s", names.nodename);
        (void)snprintf(host->kernel, sizeof host->kernel, "%s %.60s", names.sysname,
                       names.release);
        (void)snprintf(host->architecture, sizeof host->architecture, "%.31s",
                       names.machine);
    }
    ipm_sysfile_value(root, "/etc/os-release", "PRETTY_NAME", host->os, sizeof host->os);
}

/* x86 says "model name", s390 and some others "cpu model" or "Processor". */
static void host_read_cpu_model(const char *root, struct ipm_host *host) {
    static const char *const keys[] = {"model name", "cpu model", "Processor", "cpu\t"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys && !host->cpu_model[0]; i++)
        ipm_sysfile_value(root, "/proc/cpuinfo", keys[i], host->cpu_model,
                          sizeof host->cpu_model);
}

static void host_read_turbo(const char *root, struct ipm_host *host) {
    int64_t no_turbo = ipm_sysfile_number(root, HOST_CPUS "intel_pstate/no_turbo");
    int64_t boost = ipm_sysfile_number(root, HOST_CPUS "cpufreq/boost");
    if (no_turbo >= 0)
        boost = !no_turbo;
    if (boost >= 0)
        (void)snprintf(host->turbo, sizeof host->turbo, "%s", boost ? "on" : "off");
}

static void host_read_cpus(const char *root, struct ipm_host *host) {
    int cpus[IPM_CPUS_MOST];
    char path[IPM_TEXT_BYTES];
    host_read_cpu_model(root, host);
    host->cpus_online = sysconf(_SC_NPROCESSORS_ONLN);
    host->cpus_allowed = ipm_usage_allowed_cpus(cpus);
    (void)snprintf(path, sizeof path, HOST_CPUS "cpu%d/cpufreq/scaling_governor",
                   cpus[0]);
    ipm_sysfile_line(root, path, host->governor, sizeof host->governor);
    ipm_sysfile_line(root, HOST_CPUS "smt/control", host->smt, sizeof host->smt);
    host_read_turbo(root, host);
}

static int host_by_name(const struct dirent **a, const struct dirent **b) {
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int host_is_visible(const struct dirent *entry) {
    return entry->d_name[0] != '.';
}

static void host_read_mitigations(const char *root, struct ipm_host *host) {
    static const char folder[] = HOST_CPUS "vulnerabilities";
    char whole[IPM_SYSFILE_PATH_BYTES];
    struct dirent **entries = NULL;
    int count = !ipm_sysfile_join(whole, root, folder)
                    ? 0
                    : scandir(whole, &entries, host_is_visible, host_by_name);
    for (int i = 0; i < count; i++) {
        char path[sizeof folder + sizeof entries[i]->d_name + 1];
        if (host->mitigation_count < IPM_MITIGATIONS_MOST) {
            struct ipm_named_text *row = &host->mitigations[host->mitigation_count++];
            (void)snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
            (void)snprintf(row->name, sizeof row->name, "%.31s", entries[i]->d_name);
            ipm_sysfile_line(root, path, row->text, sizeof row->text);
        }
        free(entries[i]);
    }
    free(entries);
}

static int64_t host_limit(unsigned resource) {
    struct rlimit limit;
    if (getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return -1;
    return (int64_t)limit.rlim_cur;
}

static void host_read_limits(const char *root, struct ipm_host *host) {
    host->pipe_max_bytes = ipm_sysfile_number(root, "/proc/sys/fs/pipe-max-size");
    host->so_sndbuf_max_bytes = ipm_sysfile_number(root, "/proc/sys/net/core/wmem_max");
    host->so_rcvbuf_max_bytes = ipm_sysfile_number(root, "/proc/sys/net/core/rmem_max");
    host->open_files_max = host_limit(RLIMIT_NOFILE);
    host->processes_max = host_limit(RLIMIT_NPROC);
}

void ipm_host_read(const char *root, struct ipm_host *host) {
    host_read_names(root, host);
    host_read_cpus(root, host);
    host_read_mitigations(root, host);
    host_read_limits(root, host);
    ipm_cgroup_read(root, host);
    host->memory_bytes = (int64_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE);
    ipm_virtualization_read(root, host->virtualization, sizeof host->virtualization);
    ipm_sysfile_line(root,
                     "/sys/devices/system/clocksource/clocksource0/current_clocksource",
                     host->clocksource, sizeof host->clocksource);
    ipm_sysfile_line(root, "/proc/sys/net/ipv4/tcp_congestion_control", host->congestion,
                     sizeof host->congestion);
}
