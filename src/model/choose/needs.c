/* needs.c - the table of what a program may need of a transport.
 *
 * A report does not have these properties, and they depend on no measurement: they are those
 * of the table of transports. What a setting of the case adds comes from the report. */
#include "model/choose/choice.h"

#include "model/plan/plan.h"
#include "transports/transport.h"

#include <string.h>

static bool needs_boundaries(const struct ipm_transport *transport,
                             const struct ipm_case *c) {
    return (transport->caps & IPM_CAP_MESSAGES) != 0 ||
           (c != NULL && strcmp(c->config.framing, "none") != 0);
}

static bool needs_both_ways(const struct ipm_transport *transport,
                            const struct ipm_case *c) {
    (void)c;
    return transport->direction != IPM_SIMPLEX;
}

static bool needs_idle(const struct ipm_transport *transport, const struct ipm_case *c) {
    return (transport->caps & IPM_CAP_UNWOKEN) == 0 &&
           (c == NULL || strcmp(c->config.wait, "spin") != 0);
}

const struct ipm_need ipm_needs[] = {
    {.name = "boundaries", .lacks = "no message boundaries", .has = needs_boundaries},
    {.name = "both-ways",
     .lacks = "one direction",
     .has = needs_both_ways,
     .trait = IPM_TRAIT_TWO_WAY},
    {.name = "multi-client",
     .lacks = "one client",
     .cap = IPM_CAP_MULTI,
     .trait = IPM_TRAIT_CLIENTS},
    {.name = "reliable", .lacks = "may lose messages", .cap = IPM_CAP_RELIABLE},
    {.name = "pollable", .lacks = "no poll(2)", .cap = IPM_CAP_POLLABLE},
    {.name = "remote", .lacks = "this machine only", .cap = IPM_CAP_REMOTE},
    {.name = "idle", .lacks = "spins", .has = needs_idle},
    {0},
};

static bool needs_has(const struct ipm_need *need, const struct ipm_transport *transport,
                      const struct ipm_case *c) {
    return need->has != NULL ? need->has(transport, c)
                             : (transport->caps & need->cap) != 0;
}

bool ipm_choice_meets(const struct ipm_transport *transport, const struct ipm_case *c,
                      unsigned needs) {
    for (size_t i = 0; ipm_needs[i].name != NULL; i++)
        if ((needs >> i & 1) != 0 &&
            (transport == NULL || !needs_has(&ipm_needs[i], transport, c)))
            return false;
    return true;
}
