/* pin.h - placements: the words and CPUs of both ends. */
#ifndef IPM_MODEL_PLAN_PIN_H
#define IPM_MODEL_PLAN_PIN_H

#include "model/options.h"

#include <stdbool.h>

struct ipm_err;
struct ipm_machine;
struct ipm_strbuf;

/* Writes the word of the command line and of names: "none", "same", "split", "llc",
 * "0:1". */
void ipm_pin_word(char word[IPM_NAME_BYTES], const struct ipm_pin *pin);

/* Reads such a word. Returns false when it is invalid; ret_pin is undefined then. */
bool ipm_pin_parse(struct ipm_pin *ret_pin, const char *word);

/* Fills an empty list with the default placements: both ends on one CPU, and on two; with one
 * CPU, there is nothing to choose. */
void ipm_pins_settle(struct ipm_pins *pins, int cpu_count);

/* Returns 0, or -EINVAL when a requested CPU is not allowed. */
int ipm_pin_check(const struct ipm_pin *pin, const struct ipm_machine *machine,
                  struct ipm_err *err);

/* Fills the CPUs of the placement, -1 where an end is not pinned. Returns false, with the
 * reason, when the machine has no such CPUs. */
bool ipm_pin_place(const struct ipm_pin *asked, const struct ipm_machine *machine,
                   struct ipm_pin *ret_placed, struct ipm_strbuf *reason);

/* Fills where the two CPUs of the configuration are: their cores, how far they are from each other,
 * and the node of the sender. Unknown is -1 and "". */
void ipm_pin_describe(struct ipm_case_config *config, const struct ipm_machine *machine);

#endif
