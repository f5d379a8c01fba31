/* check.c - whether the lists make sense: names that exist, nothing twice, CPUs that
 * may be used. Knows no name of any table: they come in with the machine. */
#include "model/plan/check.h"

#include "base/err.h"
#include "base/words.h"
#include "model/plan/pin.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* --- names that exist --------------------------------------------------------------- */

static const char *plan_transport_at(const void *context, size_t i) {
    const struct ipm_machine *machine = context;
    return i < machine->probe_count ? machine->probes[i].transport->name : NULL;
}

static const char *plan_pattern_at(const void *context, size_t i) {
    const struct ipm_machine *machine = context;
    return machine->patterns[i].name;
}

static const char *plan_server_at(const void *context, size_t i) {
    const struct ipm_machine *machine = context;
    return machine->servers[i].name;
}

static const char *plan_drive_at(const void *context, size_t i) {
    const struct ipm_machine *machine = context;
    return machine->drives[i].name;
}

/* The names of one kind, and the command that shows them. */
struct plan_words {
    const char *what;
    const char *(*at)(const void *context, size_t i);
    const char *shown_by;
};

static const struct plan_words plan_transport_words = {"transport", plan_transport_at,
                                                       "ipcmark list"};
static const struct plan_words plan_pattern_words = {"pattern", plan_pattern_at,
                                                     "ipcmark list patterns"};
static const struct plan_words plan_server_words = {"server", plan_server_at,
                                                    "ipcmark list servers"};
static const struct plan_words plan_drive_words = {"io", plan_drive_at,
                                                   "ipcmark list io"};

/* Where the name is, or -1. */
static ptrdiff_t plan_index(const struct plan_words *words,
                            const struct ipm_machine *machine, const char *name) {
    const char *word = NULL;
    for (size_t i = 0; (word = words->at(machine, i)) != NULL; i++)
        if (strcmp(word, name) == 0)
            return (ptrdiff_t)i;
    return -1;
}

const struct ipm_probe *ipm_plan_find(const struct ipm_machine *machine,
                                      const char *name) {
    const ptrdiff_t at = plan_index(&plan_transport_words, machine, name);
    return at < 0 ? NULL : &machine->probes[at];
}

const struct ipm_kind *ipm_plan_find_pattern(const struct ipm_machine *machine,
                                             const char *name) {
    const ptrdiff_t at = plan_index(&plan_pattern_words, machine, name);
    return at < 0 ? NULL : &machine->patterns[at];
}

const struct ipm_drive *ipm_plan_find_drive(const struct ipm_machine *machine,
                                            const char *name) {
    const ptrdiff_t at = plan_index(&plan_drive_words, machine, name);
    return at < 0 ? NULL : &machine->drives[at];
}

static int plan_refuse_name(const struct plan_words *words,
                            const struct ipm_machine *machine, const char *name,
                            struct ipm_err *err) {
    const char *near = ipm_words_nearest(name, words->at, machine);
    (void)ipm_err_set(err, -EINVAL, "unknown %s '%s'", words->what, name);
    if (near)
        ipm_err_hint(err, "did you mean '%s'? '%s' shows all", near, words->shown_by);
    else
        ipm_err_hint(err, "'%s' shows all", words->shown_by);
    return -EINVAL;
}

/* --- nothing twice ------------------------------------------------------------------ */

static int plan_refuse_twice(const char *what, const char *item, struct ipm_err *err) {
    (void)ipm_err_set(err, -EINVAL, "%s '%s' is given twice", what, item);
    ipm_err_hint(err, "name each %s once; '--rounds' repeats the measurement", what);
    return -EINVAL;
}

static int plan_check_twice(const char *what, const struct ipm_names *names,
                            struct ipm_err *err) {
    for (size_t i = 1; i < names->count; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(names->items[i], names->items[k]) == 0)
                return plan_refuse_twice(what, names->items[i], err);
    return 0;
}

static int plan_check_numbers(const char *what, const struct ipm_sizes *numbers,
                              struct ipm_err *err) {
    struct ipm_names words = {.count = numbers->count};
    for (size_t i = 0; i < numbers->count; i++)
        (void)snprintf(words.items[i], IPM_NAME_BYTES, "%" PRIu64, numbers->items[i]);
    return plan_check_twice(what, &words, err);
}

/* --- all of it ---------------------------------------------------------------------- */

static int plan_check_names(const struct plan_words *words, const struct ipm_names *names,
                            const struct ipm_machine *machine, struct ipm_err *err) {
    for (size_t i = 0; i < names->count; i++)
        if (plan_index(words, machine, names->items[i]) < 0)
            return plan_refuse_name(words, machine, names->items[i], err);
    return plan_check_twice(words->what, names, err);
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
    return plan_check_twice("placement", &words, err);
}

int ipm_plan_check(const struct ipm_options *options, const struct ipm_machine *machine,
                   struct ipm_err *err) {
    int failed =
        plan_check_names(&plan_transport_words, &options->transports, machine, err);
    if (!failed)
        failed = plan_check_names(&plan_pattern_words, &options->patterns, machine, err);
    if (!failed)
        failed = plan_check_names(&plan_server_words, &options->servers, machine, err);
    if (!failed)
        failed = plan_check_names(&plan_drive_words, &options->ios, machine, err);
    if (!failed)
        failed = plan_check_twice("framing", &options->framings, err);
    if (!failed)
        failed = plan_check_twice("congestion control", &options->congestion, err);
    if (!failed)
        failed = plan_check_numbers("size", &options->message_bytes, err);
    if (!failed)
        failed = plan_check_numbers("client count", &options->clients, err);
    return failed ? failed : plan_check_pins(&options->pins, machine, err);
}
