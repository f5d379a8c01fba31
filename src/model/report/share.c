/* share.c - parts of a whole; see share.h. Pure arithmetic over what was measured. */
#include "model/report/share.h"

#include <math.h>

double ipm_share_user(const struct ipm_case *c, enum ipm_role role) {
    double user = 0;
    double both = 0;
    for (size_t i = 0; i < c->trial_count; i++) {
        const struct ipm_usage *usage = &c->trials[i].usage[role];
        if (usage->user_ns < 0 || usage->system_ns < 0)
            return NAN;
        user += (double)usage->user_ns;
        both += (double)usage->user_ns + (double)usage->system_ns;
    }
    return both > 0 ? user / both : NAN;
}
