/* pin.c - placements: the CPU of each end. */
#include "model/plan/pin.h"

#include "base/err.h"
#include "base/strbuf.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* One CPU is the last one, because the first one often serves the interrupts. */
static const struct {
    const char *word;
    int cpus_least;
} pin_kinds[] = {
    [IPM_PIN_NONE] = {"none", 0},
    [IPM_PIN_SAME] = {"same", 1},
    [IPM_PIN_SPLIT] = {"split", 2},
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
        if (strcmp(same, word) == 0) /* so there is no sign, space or remainder */
            return strchr(word, '-') == NULL;
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

static bool pin_allowed(int cpu, const int *cpus, int cpu_count) {
    for (int i = 0; i < cpu_count; i++)
        if (cpus[i] == cpu)
            return true;
    return false;
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

static int pin_refuse(int cpu, const int *cpus, int cpu_count, struct ipm_err *err) {
    char ranges[IPM_ERR_HINT_BYTES / 2];
    struct ipm_strbuf text = ipm_strbuf_over(ranges, sizeof ranges);
    pin_ranges(&text, cpus, cpu_count);
    (void)ipm_err_set(err, -EINVAL, "CPU %d does not exist or may not be used here", cpu);
    ipm_err_hint(err, "allowed CPUs: %s", ranges);
    return -EINVAL;
}

int ipm_pin_check(const struct ipm_pin *pin, const int *cpus, int cpu_count,
                  struct ipm_err *err) {
    if (pin->kind != IPM_PIN_CPUS)
        return 0;
    if (!pin_allowed(pin->sender_cpu, cpus, cpu_count))
        return pin_refuse(pin->sender_cpu, cpus, cpu_count, err);
    if (!pin_allowed(pin->receiver_cpu, cpus, cpu_count))
        return pin_refuse(pin->receiver_cpu, cpus, cpu_count, err);
    return 0;
}

bool ipm_pin_place(const struct ipm_pin *asked, const int *cpus, int cpu_count,
                   struct ipm_pin *ret_placed) {
    struct ipm_pin placed = *asked;
    if (asked->kind == IPM_PIN_CPUS) {
        if (!pin_allowed(asked->sender_cpu, cpus, cpu_count) ||
            !pin_allowed(asked->receiver_cpu, cpus, cpu_count))
            return false;
    } else if (cpu_count < pin_kinds[asked->kind].cpus_least) {
        return false;
    } else {
        const bool two = pin_kinds[asked->kind].cpus_least == 2;
        const bool one = pin_kinds[asked->kind].cpus_least == 1;
        placed.sender_cpu = two ? cpus[0] : one ? cpus[cpu_count - 1] : -1;
        placed.receiver_cpu = two ? cpus[1] : placed.sender_cpu;
    }
    *ret_placed = placed;
    return true;
}
