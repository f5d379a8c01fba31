/* lists.h - the lists of a command line: "64,4K,64K", "64..1M", "same,0:1". An item must
 * not be empty; spaces around items are ignored. The plan refuses duplicates. */
#ifndef IPM_APP_CLI_LISTS_H
#define IPM_APP_CLI_LISTS_H

#include "model/options.h"

struct ipm_err;
struct ipm_option;

/* The largest message, receive buffer and kernel buffer. Two copies of it fit into the
 * memory of a small machine. */
#define IPM_SIZE_MOST ((uint64_t)1 << 30)

/* Calls `add` with each item between commas. `what` names an item: "size". */
int ipm_lists_split(const char *text, const char *what,
                    int (*add)(void *context, const char *item, struct ipm_err *err),
                    void *context, struct ipm_err *err);

/* The kind of a list; `what` names an item: "size". */
struct ipm_list_kind {
    const char *what;
    int (*add)(void *list, const char *item, struct ipm_err *err); /* or NULL, and ... */
    uint64_t most; /* ... an item is a number from 1 to `most` */

    /* Or NULL. Sets the hint for a refused list unless there is one. */
    void (*hint)(const char *value, struct ipm_err *err);
};

/* A range of sizes multiplies by four from its low end and includes both ends: "64..1000"
 * is 64, 256, 1000. "64:4K" is the size of requests and that of responses. */
extern const struct ipm_list_kind ipm_list_sizes, ipm_list_clients, ipm_list_pairs,
    ipm_list_inflight, ipm_list_rates, ipm_list_pins, ipm_list_congestion,
    ipm_list_rates_or_sweep /* also "sweep": IPM_RATE_SWEEP */;

/* The setter of an option whose .table is a kind: replaces the list in the option's
 * member. Returns 0, -EINVAL or -ERANGE. */
int ipm_lists_set(const struct ipm_option *option, void *target, const char *value,
                  struct ipm_err *err);

/* Appends one name. */
int ipm_lists_add_name(struct ipm_names *names, const char *what, const char *name,
                       struct ipm_err *err);

#endif
