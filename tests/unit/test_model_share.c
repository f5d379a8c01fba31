/* test_model_share.c - how the CPU time of an end divides. */
#include "model/report/share.h"
#include "tests/support/assert.h"

#include <math.h>
#include <string.h>

/* Two trials in which the sender spent 1 and 3 of 4 and 12 ns outside the kernel. */
static struct ipm_sample share_trials[2];

static struct ipm_case share_case(void) {
    memset(share_trials, 0, sizeof share_trials);
    share_trials[0].usage[IPM_SENDER] = (struct ipm_usage){.user_ns = 1, .system_ns = 3};
    share_trials[1].usage[IPM_SENDER] = (struct ipm_usage){.user_ns = 3, .system_ns = 9};
    return (struct ipm_case){.trial_count = 2, .trials = share_trials};
}

Test(model_share, is_of_all_trials_together) {
    const struct ipm_case c = share_case();
    cr_expect(epsilon_eq(dbl, ipm_share_user(&c, IPM_SENDER), 0.25, 1e-12));
    share_trials[1].usage[IPM_SENDER].user_ns = 0;
    cr_expect(epsilon_eq(dbl, ipm_share_user(&c, IPM_SENDER), 1.0 / 13, 1e-12));
}

Test(model_share, is_unknown_when_a_trial_does_not_know) {
    const struct ipm_case c = share_case();
    share_trials[1].usage[IPM_SENDER].system_ns = -1;
    cr_expect(isnan(ipm_share_user(&c, IPM_SENDER)));
}

Test(model_share, is_unknown_when_no_time_was_used) {
    const struct ipm_case c = share_case();
    cr_expect(isnan(ipm_share_user(&c, IPM_RECEIVER)));
}
