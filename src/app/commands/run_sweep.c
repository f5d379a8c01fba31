/* run_sweep.c - the options of a sweep of rates. */
#include "app/commands/run_sweep.h"

#include "app/cli/optparse.h"
#include "app/commands/run_request.h"
#include "base/err.h"
#include "base/words.h"
#include "model/metric.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const char *sweep_percentile_at(const void *context, size_t i) {
    (void)context;
    return ipm_percentiles[i].word;
}

int ipm_run_sweep_set_target(const struct ipm_option *option, void *target,
                             const char *value, struct ipm_err *err) {
    struct ipm_run_request *request = target;
    const size_t length = strcspn(value, "=");
    char *word = request->options.target;
    (void)snprintf(word, IPM_NAME_BYTES, "%.*s", (int)length, value);
    if (value[length] == '\0')
        return ipm_err_refuse(err, "write a percentile and a time, such as p99=100us",
                              "target '%.100s' has no time", value);
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
int ipm_run_sweep_settle(struct ipm_options *options, struct ipm_err *err) {
    static const struct ipm_sizes first = {.count = 2, .items = {0, 1000}};
    const int code = sweep_check(options, err);
    if (code == 0 && sweep_is_asked(options))
        options->rate_per_second = first;
    return code;
}
