/* plan_check.c - whether the lists make sense: names that exist, nothing twice, CPUs that
 * may be used. Knows no transport's name: they come in with the machine. */
#include "model/plan_check.h"

#include "base/err.h"
#include "base/words.h"
#include "model/pin.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

const struct ipm_probe *ipm_plan_find(const struct ipm_machine *machine,
                                      const char *name) {
    for (size_t i = 0; i < machine->probe_count; i++)
        if (strcmp(machine->probes[i].transport->name, name) == 0)
            return &machine->probes[i];
    return NULL;
}

static const char *plan_word_at(const void *context, size_t i) {
    const struct ipm_machine *machine = context;
    return i < machine->probe_count ? machine->probes[i].transport->name : NULL;
}

static int plan_check_transport(const struct ipm_machine *machine, const char *name,
                                struct ipm_err *err) {
    if (ipm_plan_find(machine, name))
        return 0;
    const char *near = ipm_words_nearest(name, plan_word_at, machine);
    (void)ipm_err_set(err, -EINVAL, "unknown transport '%s'", name);
    if (near)
        ipm_err_hint(err, "did you mean '%s'? 'ipcmark list' shows all", near);
    else
        ipm_err_hint(err, "'ipcmark list' shows all");
    return -EINVAL;
}

static int plan_check_names(const char *what, const struct ipm_names *names,
                            struct ipm_err *err) {
    for (size_t i = 1; i < names->count; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(names->items[i], names->items[k]) == 0)
                return ipm_err_set(err, -EINVAL, "%s '%s' is given twice", what,
                                   names->items[i]);
    return 0;
}

static int plan_check_sizes(const struct ipm_sizes *sizes, struct ipm_err *err) {
    for (size_t i = 1; i < sizes->count; i++)
        for (size_t k = 0; k < i; k++)
            if (sizes->items[i] == sizes->items[k])
                return ipm_err_set(err, -EINVAL, "size '%" PRIu64 "' is given twice",
                                   sizes->items[i]);
    return 0;
}

static int plan_check_pins(const struct ipm_pins *pins, const struct ipm_machine *machine,
                           struct ipm_err *err) {
    struct ipm_names words = {.count = pins->count};
    for (size_t i = 0; i < pins->count; i++) {
        int failed =
            ipm_pin_check(&pins->items[i], machine->cpus, machine->cpu_count, err);
        if (failed)
            return failed;
        ipm_pin_word(words.items[i], &pins->items[i]);
    }
    return plan_check_names("placement", &words, err);
}

int ipm_plan_check(const struct ipm_options *options, const struct ipm_machine *machine,
                   struct ipm_err *err) {
    int failed = 0;
    for (size_t i = 0; i < options->transports.count && !failed; i++)
        failed = plan_check_transport(machine, options->transports.items[i], err);
    if (!failed)
        failed = plan_check_names("transport", &options->transports, err);
    if (!failed)
        failed = plan_check_names("pattern", &options->patterns, err);
    if (!failed)
        failed = plan_check_names("congestion control", &options->congestion, err);
    if (!failed)
        failed = plan_check_sizes(&options->message_bytes, err);
    return failed ? failed : plan_check_pins(&options->pins, machine, err);
}
