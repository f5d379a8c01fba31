/* test_base_limits.c - the limit on descriptors, in a child so that the runner keeps its
 * own. */
#include "base/usage.h"

#include <criterion/criterion.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* 0 when the soft limit is raised from `soft` to `hard`, and that is what is told. */
static int limits_check(rlim_t soft, rlim_t hard) {
    struct rlimit limit = {.rlim_cur = soft, .rlim_max = hard};
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 1;
    if (ipm_usage_raise_descriptors() != hard)
        return 2;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur != hard)
        return 3;
    return limit.rlim_max == hard ? 0 : 4;
}

static int limits_in_a_child(rlim_t soft, rlim_t hard) {
    int status = 0;
    const pid_t pid = fork();
    if (pid == 0)
        _exit(limits_check(soft, hard));
    cr_assert_eq(waitpid(pid, &status, 0), pid);
    cr_assert(WIFEXITED(status));
    return WEXITSTATUS(status);
}

Test(base_limits, the_soft_limit_becomes_the_hard_one) {
    cr_expect_eq(limits_in_a_child(100, 200), 0);
}

Test(base_limits, a_soft_limit_that_is_the_hard_one_stays) {
    cr_expect_eq(limits_in_a_child(200, 200), 0);
}
