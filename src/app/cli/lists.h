/* lists.h - the lists of a command line: "64,4K,64K", "64..1M", "same,0:1". A list replaces
 * what was there. No item may be empty. What is given twice is for the plan to refuse. */
#ifndef IPM_APP_CLI_LISTS_H
#define IPM_APP_CLI_LISTS_H

#include "model/plan/options.h"

#include <stddef.h>

struct ipm_err;

/* The largest message, receive buffer and kernel buffer: two copies of it still fit the
 * memory of a small machine. */
#define IPM_SIZE_MOST ((uint64_t)1 << 30)

/* Gives each item between commas to `add`. `what` is one of them: "size". */
int ipm_lists_split(const char *text, const char *what,
                    int (*add)(void *context, const char *item, struct ipm_err *err),
                    void *context, struct ipm_err *err);

/* Each is 0, or -EINVAL or -ERANGE and words. A range steps by four from its low end and
 * always has both ends: "64..1000" is 64, 256, 1000. */
int ipm_lists_sizes(const char *text, struct ipm_sizes *ret_sizes, struct ipm_err *err);
int ipm_lists_clients(const char *text, struct ipm_sizes *ret_clients,
                      struct ipm_err *err);
int ipm_lists_pins(const char *text, struct ipm_pins *ret_pins, struct ipm_err *err);

/* Appends one name. */
int ipm_lists_add_name(struct ipm_names *names, const char *what, const char *name,
                       struct ipm_err *err);

#endif
