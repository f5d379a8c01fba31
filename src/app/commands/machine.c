/* machine.c - this machine and the tables of this program, as a plan sees them. */
#include "app/commands/machine.h"

#include "base/err.h"
#include "base/usage.h"
#include "model/plan/pin.h"
#include "model/plan/plan.h"
#include "run/host/memory.h"
#include "run/host/topology.h"
#include "run/io/io.h"
#include "run/patterns/pattern.h"
#include "run/schedule/runner.h"
#include "run/servers/server.h"
#include "run/waits/wait.h"
#include "transports/transport.h"

#include <errno.h>
#include <stdlib.h>

struct machine_here {
    int cpus[IPM_CPUS_MOST];
    struct ipm_cpu_place places[IPM_CPUS_MOST];
    struct ipm_kind patterns[IPM_LIST_MOST + 1]; /* each ends with an empty row */
    struct ipm_strategy servers[IPM_LIST_MOST + 1];
    struct ipm_drive drives[IPM_LIST_MOST + 1];
    struct ipm_wait_kind waits[IPM_LIST_MOST + 1];
};

static struct ipm_probe *machine_probe(uint64_t buffer_bytes, size_t *ret_count) {
    size_t count = 0;
    while (ipm_transports[count] != NULL)
        count++;
    struct ipm_probe *probes = calloc(count + 1, sizeof *probes);
    if (probes != NULL)
        ipm_runner_probe(probes, buffer_bytes);
    *ret_count = count;
    return probes;
}

/* The tables of patterns, servers, I/O backends and waits are fixed and shorter than any
 * list. */
static void machine_fill_tables(struct machine_here *here) {
    for (size_t i = 0; i < IPM_LIST_MOST && ipm_patterns[i] != NULL; i++)
        here->patterns[i] = ipm_patterns[i]->kind;
    for (size_t i = 0; i < IPM_LIST_MOST && ipm_servers[i] != NULL; i++)
        here->servers[i] = ipm_servers[i]->strategy;
    for (size_t i = 0; i < IPM_LIST_MOST && ipm_ios[i] != NULL; i++)
        here->drives[i] = ipm_io_drive(ipm_ios[i]);
    for (size_t i = 0; i < IPM_LIST_MOST && ipm_waits[i] != NULL; i++)
        here->waits[i] = ipm_waits[i]->kind;
}

int ipm_machine_plan(struct ipm_plan *plan, struct ipm_options *options,
                     struct ipm_err *err) {
    static struct machine_here here; /* too large for a small stack */
    size_t probe_count = 0;
    struct ipm_probe *probes = machine_probe(options->common.buffer_bytes, &probe_count);
    if (probes == NULL)
        return ipm_err_sys(err, -ENOMEM, "cannot probe this machine");
    machine_fill_tables(&here);
    struct ipm_machine machine = {
        .probes = probes,
        .probe_count = probe_count,
        .patterns = here.patterns,
        .servers = here.servers,
        .drives = here.drives,
        .waits = here.waits,
        .descriptors_most = ipm_usage_raise_descriptors(),
        .cpus = here.cpus,
        .cpu_count = ipm_usage_allowed_cpus(here.cpus),
        .places = here.places,
    };
    ipm_memory_read("", &machine.memory);
    ipm_topology_read("", here.cpus, machine.cpu_count, here.places);
    ipm_pins_settle(&options->pins, machine.cpu_count);
    int code = ipm_plan_make(plan, options, &machine, err);
    free(probes);
    return code;
}
