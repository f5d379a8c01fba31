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

static struct ipm_kind *here_patterns(void) {
    size_t count = 0;
    while (ipm_patterns[count] != NULL)
        count++;
    struct ipm_kind *kinds = calloc(count + 1, sizeof *kinds);
    for (size_t i = 0; kinds != NULL && i < count; i++)
        kinds[i] = ipm_patterns[i]->kind;
    return kinds;
}

static struct ipm_strategy *here_servers(void) {
    size_t count = 0;
    while (ipm_servers[count] != NULL)
        count++;
    struct ipm_strategy *strategies = calloc(count + 1, sizeof *strategies);
    for (size_t i = 0; strategies != NULL && i < count; i++)
        strategies[i] = ipm_servers[i]->strategy;
    return strategies;
}

static struct ipm_drive *here_drives(void) {
    size_t count = 0;
    while (ipm_ios[count] != NULL)
        count++;
    struct ipm_drive *drives = calloc(count + 1, sizeof *drives);
    for (size_t i = 0; drives != NULL && i < count; i++)
        drives[i] = ipm_io_drive(ipm_ios[i]);
    return drives;
}

int ipm_here_look(struct ipm_here *ret_here, uint64_t buffer_bytes, struct ipm_err *err) {
    struct ipm_here *here = ret_here;
    size_t probe_count = 0;
    here->probes = here_probe(buffer_bytes, &probe_count);
    here->patterns = here_patterns();
    here->servers = here_servers();
    here->drives = here_drives();
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
    if (here->probes != NULL && here->patterns != NULL && here->servers != NULL &&
        here->drives != NULL)
        return 0;
    return ipm_err_sys(err, -ENOMEM, "cannot look at this machine");
}

void ipm_here_done(struct ipm_here *here) {
    free(here->probes);
    free(here->patterns);
    free(here->servers);
    free(here->drives);
}
