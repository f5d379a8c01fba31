/* fault.h - the Nth fallible call of a trial fails.
 *
 * The calls are wrapped by the linker (ld(1), --wrap): only those of our own objects. */
#ifndef IPM_FAULT_H
#define IPM_FAULT_H

#include <stdint.h>

/* The watchdog of a trial, which must not be what ends it. */
#define IPM_FAULT_LONG_NS UINT64_C(20000000000)

enum ipm_fault_side { IPM_FAULT_PARENT, IPM_FAULT_CHILD };

/* Call number `nth` (0 is the first) of that side fails with error_number. */
void ipm_fault_arm(enum ipm_fault_side side, int nth, int error_number);

/* Whether the armed call was reached, in whichever process; disarms. */
int ipm_fault_disarm(void);

/* Whether the words of a trial that failed tell the error of the armed call. Those of some calls
 * are the transport's: what cannot be seen of the other process is no peer of ours. Those of the
 * watchdog tell that somebody waited for what had failed. */
int ipm_fault_is_told(const char *words);

/* The name of the call that failed, for messages. */
const char *ipm_fault_name(void);

#endif
