/* pin.h - placements: the words and CPUs of both ends. */
#ifndef IPM_MODEL_PLAN_PIN_H
#define IPM_MODEL_PLAN_PIN_H

#include "model/options.h"

#include <stdbool.h>

struct ipm_err;

/* Writes the word of the command line and of names: "none", "same", "split", "0:1". */
void ipm_pin_word(char word[IPM_NAME_BYTES], const struct ipm_pin *pin);

/* Reads such a word. Returns false when it is invalid; ret_pin is undefined then. */
bool ipm_pin_parse(struct ipm_pin *ret_pin, const char *word);

/* Fills an empty list with the default placements: both ends on one CPU, and on two; with one
 * CPU, there is nothing to choose. */
void ipm_pins_settle(struct ipm_pins *pins, int cpu_count);

/* Returns 0, or -EINVAL when a requested CPU is not one of the allowed `cpus` (ascending). */
int ipm_pin_check(const struct ipm_pin *pin, const int *cpus, int cpu_count,
                  struct ipm_err *err);

/* Fills the CPUs of the placement, -1 where an end is not pinned. Returns false when there
 * are too few CPUs. */
bool ipm_pin_place(const struct ipm_pin *asked, const int *cpus, int cpu_count,
                   struct ipm_pin *ret_placed);

#endif
