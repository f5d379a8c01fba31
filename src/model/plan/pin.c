/* pin.c - placements: the CPU of each end. */
#include "model/plan/pin.h"

#include "base/err.h"
#include "base/strbuf.h"
#include "model/plan/plan.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Returns the last allowed CPU, because the first one often serves interrupts. */
static const struct {
    const char *word;
    int cpus_least;
    const char *lacks; /* of a distance: why there are no such CPUs */
} pin_kinds[] = {
    [IPM_PIN_NONE] = {"none", .cpus_least = 0},
    [IPM_PIN_SAME] = {"same", .cpus_least = 1},
    [IPM_PIN_SPLIT] = {"split", .cpus_least = 2},
    [IPM_PIN_SMT] = {"smt", .lacks = "no two of the allowed CPUs share a core"},
    [IPM_PIN_LLC] = {"llc", .lacks =
                                "no two of the allowed CPUs are different cores below "
                                "one last-level cache"},
    [IPM_PIN_CROSS_LLC] = {"cross-llc", .lacks = "no two of the allowed CPUs of one node "
                                                 "have different last-level caches"},
    [IPM_PIN_NODE] = {"node", .lacks = "the allowed CPUs do not belong to two nodes"},
};

void ipm_pin_word(char word[IPM_NAME_BYTES], const struct ipm_pin *pin) {
    if (pin->kind == IPM_PIN_CPUS)
        (void)snprintf(word, IPM_NAME_BYTES, "%d:%d", pin->sender_cpu, pin->receiver_cpu);
    else
        (void)snprintf(word, IPM_NAME_BYTES, "%s", pin_kinds[pin->kind].word);
}

bool ipm_pin_parse(struct ipm_pin *ret_pin, const char *word) {
    for (unsigned kind = 0; kind <= IPM_PIN_CPUS; kind++) {
        char same[IPM_NAME_BYTES];
        *ret_pin = (struct ipm_pin){
            .kind = (enum ipm_pin_kind)kind, .sender_cpu = -1, .receiver_cpu = -1};
        if (kind == IPM_PIN_CPUS && /* NOLINTNEXTLINE(cert-err34-c): see below */
            sscanf(word, "%5d:%5d", &ret_pin->sender_cpu, &ret_pin->receiver_cpu) != 2)
            return false;
        ipm_pin_word(same, ret_pin);
        if (strcmp(same, word) == 0) /* so there is no space or remainder */
            return kind != IPM_PIN_CPUS || strchr(word, '-') == NULL;
    }
    return false;
}

void ipm_pins_settle(struct ipm_pins *pins, int cpu_count) {
    static const struct ipm_pins usual[] = {
        {.count = 1, .items = {{IPM_PIN_NONE, -1, -1}}},
        {.count = 2, .items = {{IPM_PIN_SAME, -1, -1}, {IPM_PIN_SPLIT, -1, -1}}},
    };
    if (pins->count == 0)
        *pins = usual[cpu_count >= pin_kinds[IPM_PIN_SPLIT].cpus_least];
}

/* Returns the index of the CPU among the allowed ones, or -1. */
static int pin_index(const struct ipm_machine *machine, int64_t cpu) {
    for (int i = 0; i < machine->cpu_count; i++)
        if (machine->cpus[i] == cpu)
            return i;
    return -1;
}

/* Writes the allowed CPUs as taskset(1) reads them: "0-3,8". */
static void pin_ranges(struct ipm_strbuf *text, const int *cpus, int cpu_count) {
    for (int i = 0, last; i < cpu_count; i = last + 1) {
        for (last = i; last + 1 < cpu_count && cpus[last + 1] == cpus[last] + 1;)
            last++;
        const char *comma = i ? "," : "";
        const bool fits =
            last > i ? ipm_strbuf_add(text, "%s%d-%d", comma, cpus[i], cpus[last])
                     : ipm_strbuf_add(text, "%s%d", comma, cpus[i]);
        if (!fits)
            return;
    }
}

static int pin_refuse(int cpu, const struct ipm_machine *machine, struct ipm_err *err) {
    char ranges[IPM_ERR_HINT_BYTES / 2];
    struct ipm_strbuf text = ipm_strbuf_over(ranges, sizeof ranges);
    pin_ranges(&text, machine->cpus, machine->cpu_count);
    ipm_err_hint(err, "allowed CPUs: %s", ranges);
    return ipm_err_set(err, -EINVAL, "CPU %d does not exist or may not be used here",
                       cpu);
}

int ipm_pin_check(const struct ipm_pin *pin, const struct ipm_machine *machine,
                  struct ipm_err *err) {
    if (pin->kind != IPM_PIN_CPUS)
        return 0;
    if (pin_index(machine, pin->sender_cpu) < 0)
        return pin_refuse(pin->sender_cpu, machine, err);
    if (pin_index(machine, pin->receiver_cpu) < 0)
        return pin_refuse(pin->receiver_cpu, machine, err);
    return 0;
}

/* --- distances ------------------------------------------------------------------------ */

/* Returns the kind of placement that asks for such a distance, or IPM_PIN_NONE: not known. */
static enum ipm_pin_kind pin_distance(const struct ipm_cpu_place *a,
                                      const struct ipm_cpu_place *b) {
    if (a == b)
        return IPM_PIN_SAME;
    if (a->core < 0 || b->core < 0)
        return IPM_PIN_NONE;
    if (a->core == b->core)
        return IPM_PIN_SMT;
    if (a->node != b->node)
        return IPM_PIN_NODE;
    if (a->cache < 0 || b->cache < 0)
        return IPM_PIN_NONE;
    return a->cache == b->cache ? IPM_PIN_LLC : IPM_PIN_CROSS_LLC;
}

/* Finds the first two CPUs that are so far from each other; `alike`: of the same kind. */
static bool pin_find(enum ipm_pin_kind distance, const struct ipm_machine *machine,
                     bool alike, struct ipm_pin *ret_placed) {
    const struct ipm_cpu_place *places = machine->places;
    for (int i = 0; i < machine->cpu_count; i++)
        for (int k = i + 1; k < machine->cpu_count; k++) {
            if (pin_distance(&places[i], &places[k]) != distance ||
                (alike && places[i].kind != places[k].kind))
                continue;
            ret_placed->sender_cpu = machine->cpus[i];
            ret_placed->receiver_cpu = machine->cpus[k];
            return true;
        }
    return false;
}

/* On hybrid processors, two cores of the same kind are preferred. */
static bool pin_place_apart(const struct ipm_machine *machine, struct ipm_pin *placed,
                            struct ipm_strbuf *reason) {
    const char *lacks = pin_kinds[placed->kind].lacks;
    if (machine->places && (pin_find(placed->kind, machine, true, placed) ||
                            pin_find(placed->kind, machine, false, placed)))
        return true;
    (void)ipm_strbuf_add(reason, "'--pin %s': %s", pin_kinds[placed->kind].word, lacks);
    return false;
}

static bool pin_place_by_count(const struct ipm_machine *machine, struct ipm_pin *placed,
                               struct ipm_strbuf *reason) {
    const int least = pin_kinds[placed->kind].cpus_least;
    const int count = machine->cpu_count;
    if (count < least) {
        (void)ipm_strbuf_add(reason,
                             "'--pin %s' needs two CPUs, and only %d is allowed here",
                             pin_kinds[placed->kind].word, count);
        return false;
    }
    placed->sender_cpu = least == 2   ? machine->cpus[0]
                         : least == 1 ? machine->cpus[count - 1]
                                      : -1;
    placed->receiver_cpu = least == 2 ? machine->cpus[1] : placed->sender_cpu;
    return true;
}

bool ipm_pin_place(const struct ipm_pin *asked, const struct ipm_machine *machine,
                   struct ipm_pin *ret_placed, struct ipm_strbuf *reason) {
    struct ipm_pin placed = *asked;
    if (asked->kind != IPM_PIN_CPUS &&
        !(pin_kinds[asked->kind].lacks ? pin_place_apart(machine, &placed, reason)
                                       : pin_place_by_count(machine, &placed, reason)))
        return false;
    *ret_placed = placed;
    return true;
}

void ipm_pin_describe(struct ipm_case_config *config, const struct ipm_machine *machine) {
    const int sender = pin_index(machine, config->sender_cpu);
    const int receiver = pin_index(machine, config->receiver_cpu);
    config->sender_core = config->receiver_core = config->memory_node = -1;
    if (sender < 0 || receiver < 0 || !machine->places)
        return;
    const struct ipm_cpu_place *from = &machine->places[sender];
    const struct ipm_cpu_place *to = &machine->places[receiver];
    const enum ipm_pin_kind distance = pin_distance(from, to);
    config->sender_core = from->core;
    config->receiver_core = to->core;
    config->memory_node = from->node;
    if (distance != IPM_PIN_NONE)
        (void)snprintf(config->distance, sizeof config->distance, "%s",
                       pin_kinds[distance].word);
}
