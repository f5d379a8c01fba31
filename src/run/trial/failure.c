/* failure.c - the error message of a failed trial. */
#include "run/trial/failure.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>

static const char *failure_who(const struct ipm_failure *facts) {
    return facts->who ? facts->who : "the child";
}

static int failure_child(const struct ipm_failure *facts, struct ipm_err *err) {
    const int status = facts->status;
    if (WIFSIGNALED(status))
        return ipm_err_set(err, -ECHILD, "%s was killed by signal %d (%s) %s",
                           failure_who(facts), WTERMSIG(status),
                           strsignal(WTERMSIG(status)), facts->phase);
    return ipm_err_set(err, -ECHILD, "%s exited with status %d %s", failure_who(facts),
                       WEXITSTATUS(status), facts->phase);
}

static int failure_watchdog(const struct ipm_failure *facts, struct ipm_err *err) {
    const bool told = facts->seen->code == -ECHILD; /* about a server's process */
    const char *who = facts->stopped ? failure_who(facts) : told ? facts->seen->text : "";
    ipm_err_hint(err, "--timeout TIME gives a trial longer");
    return ipm_err_set(err, -ETIMEDOUT, "timed out after %.3g s %s%s%s%s",
                       (double)facts->timeout_ns / 1e9, facts->phase, *who ? ": " : "",
                       who, facts->stopped ? " is stopped" : "");
}

/* A call that failed with ETIMEDOUT before the watchdog expired, as connect(2) does, has words. */
static bool failure_is_late(const struct ipm_failure *facts) {
    return facts->expired || (facts->failed == -ETIMEDOUT &&
                              (facts->stopped || facts->seen->code != -ETIMEDOUT));
}

int ipm_failure(const struct ipm_failure *facts, struct ipm_err *err) {
    if (facts->interrupted)
        return ipm_err_set(err, -EINTR, "interrupted");
    if (facts->child_gone && WIFSIGNALED(facts->status))
        return failure_child(facts, err);
    if (failure_is_late(facts))
        return failure_watchdog(facts, err);
    if (facts->seen->code && facts->seen->code != -EINTR) {
        *err = *facts->seen;
        return err->code;
    }
    if (facts->child_gone)
        return failure_child(facts, err);
    return ipm_err_sys(err, facts->failed, "the trial failed %s", facts->phase);
}
