/* check.c - refuses lists that cannot be planned: unknown names, duplicates, CPUs that are
 * not allowed. */
#include "model/plan/point.h"

#include "base/err.h"
#include "base/words.h"
#include "model/plan/pin.h"

#include <errno.h>
#include <string.h>

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

/* A list of the options. For names of a table, `at` returns name number i or NULL, and
 * `shown_by` is the command that shows them. */
struct plan_check {
    const char *what;
    size_t offset; /* in struct ipm_options: of a struct ipm_names, or ... */
    bool numbers;  /* ... of a struct ipm_sizes */
    const char *(*at)(const void *machine, size_t i);
    const char *shown_by;
};

#define PLAN_LIST(member) .offset = offsetof(struct ipm_options, member)

static const struct plan_check plan_checks[] = {
    {"transport", PLAN_LIST(transports), .at = plan_transport_at,
     .shown_by = "ipcmark list"},
    {"pattern", PLAN_LIST(patterns), .at = plan_pattern_at,
     .shown_by = "ipcmark list patterns"},
    {"server", PLAN_LIST(servers), .at = plan_server_at,
     .shown_by = "ipcmark list servers"},
    {"io", PLAN_LIST(ios), .at = plan_drive_at, .shown_by = "ipcmark list io"},
    {"wait", PLAN_LIST(waits)},
    {"framing", PLAN_LIST(framings)},
    {"congestion control", PLAN_LIST(congestion)},
    {"size", PLAN_LIST(message_bytes), .numbers = true},
    {"client count", PLAN_LIST(clients), .numbers = true},
    {"pair count", PLAN_LIST(pairs), .numbers = true},
    {"rate", PLAN_LIST(rate_per_second), .numbers = true},
    {"number of requests", PLAN_LIST(inflight), .numbers = true},
};

/* --- names that exist --------------------------------------------------------------- */

/* Returns the index of the name, or -1. */
static ptrdiff_t plan_index(const char *(*at)(const void *machine, size_t i),
                            const struct ipm_machine *machine, const char *name) {
    const char *word = NULL;
    for (size_t i = 0; (word = at(machine, i)) != NULL; i++)
        if (strcmp(word, name) == 0)
            return (ptrdiff_t)i;
    return -1;
}

const struct ipm_probe *ipm_plan_find(const struct ipm_machine *machine,
                                      const char *name) {
    return &machine->probes[plan_index(plan_transport_at, machine, name)];
}

const struct ipm_kind *ipm_plan_find_pattern(const struct ipm_machine *machine,
                                             const char *name) {
    return &machine->patterns[plan_index(plan_pattern_at, machine, name)];
}

const struct ipm_drive *ipm_plan_find_drive(const struct ipm_machine *machine,
                                            const char *name) {
    return &machine->drives[plan_index(plan_drive_at, machine, name)];
}

/* What follows a colon is a time: "hybrid:5us". */
bool ipm_plan_is_wait(const struct ipm_wait_kind *wait, const char *word) {
    const size_t length = strcspn(word, ":");
    return strlen(wait->name) == length && memcmp(wait->name, word, length) == 0;
}

const struct ipm_wait_kind *ipm_plan_find_wait(const struct ipm_machine *machine,
                                               const char *word) {
    const struct ipm_wait_kind *wait = machine->waits;
    while (!ipm_plan_is_wait(wait, word))
        wait++;
    return wait;
}

bool ipm_plan_spins_unasked(const struct ipm_plan_point *point) {
    return (point->probe->transport->caps & IPM_CAP_UNWOKEN) != 0 &&
           point->options->waits.count == 1 && strcmp(point->wait->name, "block") == 0;
}

/* --- nothing twice ------------------------------------------------------------------ */

static int plan_check_twice(const char *what, const struct ipm_names *names,
                            struct ipm_err *err) {
    for (size_t i = 1; i < names->count; i++)
        for (size_t k = 0; k < i; k++) {
            if (strcmp(names->items[i], names->items[k]) != 0)
                continue;
            ipm_err_hint(err, "name each %s once; '--rounds' repeats the measurement",
                         what);
            return ipm_err_set(err, -EINVAL, "%s '%s' is given twice", what,
                               names->items[i]);
        }
    return 0;
}

/* --- all of it ---------------------------------------------------------------------- */

static int plan_check_list(const struct plan_check *check,
                           const struct ipm_options *options,
                           const struct ipm_machine *machine, struct ipm_err *err) {
    const void *list = (const char *)options + check->offset;
    const struct ipm_sizes *numbers = list;
    const struct ipm_names *names = list;
    struct ipm_names words = {.count = check->numbers ? numbers->count : 0};
    for (size_t i = 0; i < words.count; i++)
        ipm_sizes_text(words.items[i], numbers, i);
    for (size_t i = 0; check->at && i < names->count; i++)
        if (plan_index(check->at, machine, names->items[i]) < 0)
            return ipm_words_refuse(err, check->what, "", names->items[i], check->at,
                                    machine, check->shown_by);
    return plan_check_twice(check->what, check->numbers ? &words : names, err);
}

static int plan_check_pins(const struct ipm_pins *pins, const struct ipm_machine *machine,
                           struct ipm_err *err) {
    struct ipm_names words = {.count = pins->count};
    for (size_t i = 0; i < pins->count; i++) {
        int failed = ipm_pin_check(&pins->items[i], machine, err);
        if (failed)
            return failed;
        ipm_pin_word(words.items[i], &pins->items[i]);
    }
    return plan_check_twice("placement", &words, err);
}

int ipm_plan_check(const struct ipm_options *options, const struct ipm_machine *machine,
                   struct ipm_err *err) {
    int failed = 0;
    for (size_t i = 0; i < sizeof plan_checks / sizeof plan_checks[0] && !failed; i++)
        failed = plan_check_list(&plan_checks[i], options, machine, err);
    return failed ? failed : plan_check_pins(&options->pins, machine, err);
}
