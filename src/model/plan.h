/* plan.h - options x capabilities -> the list of cases, each to run or skipped with a
 * reason. Arithmetic only: what the machine can do comes in as `machine`. */
#ifndef IPM_PLAN_H
#define IPM_PLAN_H

#include "model/options.h"
#include "model/report.h"
#include "transports/transport.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What probe said of one transport. */
struct ipm_probe {
    const struct ipm_transport *transport;
    size_t max_message_bytes;
    bool runnable;
    char reason[IPM_REASON_BYTES]; /* when not runnable */
};

struct ipm_machine {
    const struct ipm_probe *probes; /* one for each row of ipm_transports, in its order */
    size_t probe_count;
    const int *cpus; /* that this process may run on, ascending */
    int cpu_count;
};

struct ipm_plan_case {
    const struct ipm_transport *transport;
    struct ipm_case_config config;
    bool skipped;
    char reason[IPM_REASON_BYTES]; /* when skipped */
};

struct ipm_plan {
    size_t count;
    struct ipm_plan_case *cases; /* in the order: pattern, placement, size, transport */
};

/* Makes the plan. Every combination of the lists is one case, no combination twice; names
 * are unique. Errors: -ENOMEM, -EINVAL (a name that is in no table, a CPU not in `cpus`),
 * -E2BIG (more than 10,000 cases). Freed by ipm_plan_done, also after an error. */
int ipm_plan_make(struct ipm_plan *plan, const struct ipm_options *options,
                  const struct ipm_machine *machine, struct ipm_err *err);
void ipm_plan_done(struct ipm_plan *plan);

/* Writes "stream/unix/4096" and what is not default behind it: "/pin=same". */
void ipm_plan_name(char name[IPM_CASE_NAME_BYTES], const struct ipm_case_config *config,
                   enum ipm_recv_rule recv_rule);

#endif
