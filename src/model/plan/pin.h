/* pin.h - where the two ends of a case run: words and CPUs of a placement. */
#ifndef IPM_MODEL_PLAN_PIN_H
#define IPM_MODEL_PLAN_PIN_H

#include "model/options.h"

#include <stdbool.h>

struct ipm_err;

/* "none", "same", "split", "0:1": the word of the command line and of names. */
void ipm_pin_word(char word[IPM_NAME_BYTES], const struct ipm_pin *pin);

/* Reads such a word as ipm_pin_word writes it. False: it is none, and ret_pin is undefined. */
bool ipm_pin_parse(struct ipm_pin *ret_pin, const char *word);

/* -EINVAL when a CPU asked for by number is not one of the allowed `cpus` (ascending). */
int ipm_pin_check(const struct ipm_pin *pin, const int *cpus, int cpu_count,
                  struct ipm_err *err);

/* The placement with its CPUs filled, -1 where an end is not pinned. False when there are
 * too few CPUs for it. */
bool ipm_pin_place(const struct ipm_pin *asked, const int *cpus, int cpu_count,
                   struct ipm_pin *ret_placed);

#endif
