/* point.h - one combination of the lists, and its case. For this folder only. */
#ifndef IPM_MODEL_PLAN_POINT_H
#define IPM_MODEL_PLAN_POINT_H

#include "model/plan/plan.h"

struct ipm_plan_point {
    const struct ipm_options *options;
    const struct ipm_machine *machine;
    const struct ipm_kind *pattern;
    const struct ipm_pin *pin;
    const struct ipm_drive *drive;
    const struct ipm_wait_kind *wait;
    const struct ipm_probe *probe;
    struct ipm_case_config config; /* requested settings, of which some may not apply */
};

/* Fills the case: its configuration, its name, and the reason if it is skipped. */
void ipm_plan_settle(struct ipm_plan_case *ret_case, const struct ipm_plan_point *point);

/* Writes the name of a case with a rate. */
void ipm_plan_rename(struct ipm_plan_case *c, enum ipm_recv_rule recv_rule);

/* plan/skip.c: returns whether the point cannot be run, and fills the reason then. */
bool ipm_plan_skips(const struct ipm_plan_point *point, struct ipm_strbuf *reason);

/* plan/memory.c: the same, of the settled configuration: its buffers exceed the memory here. */
bool ipm_plan_skips_memory(const struct ipm_plan_point *point,
                           const struct ipm_case_config *config,
                           struct ipm_strbuf *reason);

/* These find a row by its name, which ipm_plan_check has accepted: what probe said of a
 * transport, a pattern, an I/O backend, a way of waiting. */
const struct ipm_probe *ipm_plan_find(const struct ipm_machine *machine,
                                      const char *name);
const struct ipm_kind *ipm_plan_find_pattern(const struct ipm_machine *machine,
                                             const char *name);
const struct ipm_drive *ipm_plan_find_drive(const struct ipm_machine *machine,
                                            const char *name);
const struct ipm_wait_kind *ipm_plan_find_wait(const struct ipm_machine *machine,
                                               const char *word);

/* Whether the case spins although another way of waiting was requested, because nobody wakes a side
 * (IPM_CAP_UNWOKEN). */
bool ipm_plan_spins_unasked(const struct ipm_plan_point *point);

/* Returns 0 or -EINVAL: an unknown transport, pattern, server or way of I/O, the same thing twice in a
 * list, a CPU that may not be used. Framings and waits are words here: the command line has
 * checked them. */
int ipm_plan_check(const struct ipm_options *options, const struct ipm_machine *machine,
                   struct ipm_err *err);

#endif
