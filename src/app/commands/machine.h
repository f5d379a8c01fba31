/* machine.h - this machine and the tables of this program, as a plan sees them. */
#ifndef IPM_APP_COMMANDS_MACHINE_H
#define IPM_APP_COMMANDS_MACHINE_H

#include "base/usage.h"
#include "model/plan/plan.h"

struct ipm_err;

struct ipm_here {
    struct ipm_machine machine; /* points into what follows */
    int cpus[IPM_CPUS_MOST];
    struct ipm_probe *probes;
    struct ipm_kind patterns[IPM_LIST_MOST + 1]; /* each ends with an empty row */
    struct ipm_strategy servers[IPM_LIST_MOST + 1];
    struct ipm_drive drives[IPM_LIST_MOST + 1];
};

/* Probes this machine, with so much kernel buffering (0: the default), and raises the limit
 * on descriptors. ret_here must not move. Returns 0 or -ENOMEM; ipm_here_done follows in
 * both cases. */
int ipm_here_look(struct ipm_here *ret_here, uint64_t buffer_bytes, struct ipm_err *err);

void ipm_here_done(struct ipm_here *here);

#endif
