/* run_load.c - the options of a load: '--work', and '--target' of '--rate sweep'. */
#include "app/commands/run_load.h"

#include "app/cli/optparse.h"
#include "app/commands/run_options.h"
#include "base/err.h"
#include "base/words.h"
#include "model/metric.h"
#include "model/setting.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const char *sweep_percentile_at(const void *context, size_t i) {
    (void)context;
    return ipm_percentiles[i].word;
}

int ipm_run_load_set_target(const struct ipm_option *option, void *target,
                            const char *value, struct ipm_err *err) {
    struct ipm_run_request *request = target;
    const size_t length = strcspn(value, "=");
    char *word = request->options.target;
    (void)snprintf(word, IPM_NAME_BYTES, "%.*s", (int)length, value);
    if (value[length] == '\0')
        return ipm_err_refuse(err, "write a percentile and a time, such as p99=100us",
                              "invalid target '%.100s'", value);
    if (length >= IPM_NAME_BYTES || ipm_metric_find_percentile(word) == NULL)
        return ipm_words_refuse(err, "percentile", "", word, sweep_percentile_at, NULL,
                                "ipcmark run --help");
    return ipm_units_parse(option->unit, value + length + 1, option->name, option->least,
                           option->most, &request->options.target_ns, err);
}

static bool sweep_is_asked(const struct ipm_options *options) {
    for (size_t i = 0; i < options->rate_per_second.count; i++)
        if (options->rate_per_second.items[i] == IPM_RATE_SWEEP)
            return true;
    return false;
}

/* What may not be combined with a sweep, and what it needs. */
static int sweep_check(const struct ipm_options *options, struct ipm_err *err) {
    const bool sweeps = sweep_is_asked(options);
    const struct {
        bool wrong;
        const char *text;
        const char *hint;
    } rows[] = {
        {!sweeps && options->target[0] != '\0', "'--target' is for a sweep of rates",
         "add '--rate sweep'"},
        {sweeps && options->target[0] == '\0', "'--rate sweep' needs a target",
         "such as '--target p99=100us': the latency that the rate must hold"},
        {sweeps && options->rate_per_second.count > 1,
         "'--rate sweep' finds its rates itself", "give 'sweep' alone"},
        {sweeps && options->precision_ratio > 0,
         "'--rate sweep' and '--precision' both add trials", "give one of them"},
        {sweeps && options->find_crossovers,
         "'--rate sweep' and '--find-crossovers' both add cases", "give one of them"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (!rows[i].wrong)
            continue;
        return ipm_err_refuse(err, rows[i].hint, "%s", rows[i].text);
    }
    return 0;
}

/* A sweep begins with a rate that most cases hold, and with what they achieve without one. */
int ipm_run_load_settle(struct ipm_options *options, struct ipm_err *err) {
    static const struct ipm_sizes first = {.count = 2, .items = {0, 1000}};
    const int code = sweep_check(options, err);
    if (code == 0 && sweep_is_asked(options))
        options->rate_per_second = first;
    return code;
}

static int work_refuse(const char *value, struct ipm_err *err) {
    ipm_err_set(err, -EINVAL, "invalid work '%.100s'", value);
    ipm_err_hint(err,
                 "write the times of the sender and of the receiver, such as 1us:2us, "
                 "0s:5us or 1us:1us,touch");
    return -EINVAL;
}

int ipm_run_load_set_work(const struct ipm_option *option, void *target,
                          const char *value, struct ipm_err *err) {
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
