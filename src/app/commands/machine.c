/* machine.c - this machine and the tables of this program, as a plan sees them. */
#include "app/commands/machine.h"

#include "base/err.h"
#include "base/limits.h"
#include "run/io/io.h"
#include "run/patterns/pattern.h"
#include "run/schedule/runner.h"
#include "run/servers/server.h"
#include "transports/transport.h"

#include <errno.h>
#include <stdlib.h>

static struct ipm_probe *here_probe(uint64_t buffer_bytes, size_t *ret_count) {
    size_t count = 0;
    while (ipm_transports[count] != NULL)
        count++;
    struct ipm_probe *probes = calloc(count + 1, sizeof *probes);
    if (probes != NULL)
        ipm_runner_probe(probes, buffer_bytes);
    *ret_count = count;
    return probes;
}

/* The tables of patterns, servers and I/O backends are fixed, and shorter than any list. */
static void here_fill_tables(struct ipm_here *here) {
    for (size_t i = 0; ipm_patterns[i] != NULL && i < IPM_LIST_MOST; i++)
        here->patterns[i] = ipm_patterns[i]->kind;
    for (size_t i = 0; ipm_servers[i] != NULL && i < IPM_LIST_MOST; i++)
        here->servers[i] = ipm_servers[i]->strategy;
    for (size_t i = 0; ipm_ios[i] != NULL && i < IPM_LIST_MOST; i++)
        here->drives[i] = ipm_io_drive(ipm_ios[i]);
}

int ipm_here_look(struct ipm_here *ret_here, uint64_t buffer_bytes, struct ipm_err *err) {
    struct ipm_here *here = ret_here;
    size_t probe_count = 0;
    *here = (struct ipm_here){.probes = here_probe(buffer_bytes, &probe_count)};
    here_fill_tables(here);
    here->machine = (struct ipm_machine){
        .probes = here->probes,
        .probe_count = probe_count,
        .patterns = here->patterns,
        .servers = here->servers,
        .drives = here->drives,
        .descriptors_most = ipm_limits_raise_descriptors(),
        .cpus = here->cpus,
        .cpu_count = ipm_usage_allowed_cpus(here->cpus),
    };
    return here->probes != NULL
               ? 0
               : ipm_err_sys(err, -ENOMEM, "cannot look at this machine");
}

void ipm_here_done(struct ipm_here *here) {
    free(here->probes);
}
