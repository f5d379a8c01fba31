/* run_work.c - the value of `run --work`: two times, and whether messages are touched. */
#include "app/commands/run_work.h"

#include "app/cli/optparse.h"
#include "base/err.h"
#include "model/setting.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int work_refuse(const char *value, struct ipm_err *err) {
    ipm_err_set(err, -EINVAL, "invalid work '%.100s'", value);
    ipm_err_hint(err,
                 "write the times of the sender and of the receiver, such as 1us:2us, "
                 "0s:5us or 1us:1us,touch");
    return -EINVAL;
}

int ipm_run_work_set(const struct ipm_option *option, void *target, const char *value,
                     struct ipm_err *err) {
    struct ipm_case_config *config = ipm_optparse_member(option, target);
    char sender[IPM_NAME_BYTES];
    char receiver[IPM_NAME_BYTES];
    const char *colon = strchr(value, ':');
    const char *comma = strchr(value, ',');
    const char *end = comma ? comma : value + strlen(value);
    if (!colon || colon > end || (comma && strcmp(comma, ",touch") != 0) ||
        end - value >= IPM_NAME_BYTES)
        return work_refuse(value, err);
    (void)snprintf(sender, sizeof sender, "%.*s", (int)(colon - value), value);
    (void)snprintf(receiver, sizeof receiver, "%.*s", (int)(end - colon - 1), colon + 1);
    config->touch = comma != NULL;
    int failed =
        ipm_units_parse(option->unit, sender, "work of the sender", option->least,
                        option->most, &config->sender_work_ns, err);
    if (!failed)
        failed =
            ipm_units_parse(option->unit, receiver, "work of the receiver", option->least,
                            option->most, &config->receiver_work_ns, err);
    return failed;
}
