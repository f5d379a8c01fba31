/* lists.h - the lists of a command line: "64,4K,64K", "64..1M", "same,0:1". No item may be
 * empty; spaces around items do not count. The plan refuses items that are given twice. */
#ifndef IPM_APP_CLI_LISTS_H
#define IPM_APP_CLI_LISTS_H

#include "model/options.h"

#include <stddef.h>

struct ipm_err;
struct ipm_option;

/* The largest message, receive buffer and kernel buffer: two copies of it fit the memory of a
 * small machine. */
#define IPM_SIZE_MOST ((uint64_t)1 << 30)

/* Calls `add` with each item between commas. `what` is the word for one: "size". */
int ipm_lists_split(const char *text, const char *what,
                    int (*add)(void *context, const char *item, struct ipm_err *err),
                    void *context, struct ipm_err *err);

/* What a list has; `what` is the word for one: "size". */
struct ipm_list_kind {
    const char *what;
    int (*add)(void *list, const char *item, struct ipm_err *err);

    /* Hints at what a refused list was meant to be, unless there is a hint. Or NULL. */
    void (*hint)(const char *value, struct ipm_err *err);
};

/* A range of sizes multiplies by four from its low end and always has both ends: "64..1000" is
 * 64, 256, 1000. */
extern const struct ipm_list_kind ipm_list_sizes;
extern const struct ipm_list_kind ipm_list_clients;
extern const struct ipm_list_kind ipm_list_pins;
extern const struct ipm_list_kind ipm_list_congestion;

/* Setter of a table of options, whose .table is a kind: replaces the list that is the option's
 * member. Returns 0, or -EINVAL or -ERANGE. */
int ipm_lists_set(const struct ipm_option *option, void *target, const char *value,
                  struct ipm_err *err);

/* Appends one name. */
int ipm_lists_add_name(struct ipm_names *names, const char *what, const char *name,
                       struct ipm_err *err);

#endif
