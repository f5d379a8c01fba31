/* name_table.h - the names in the tables of the program, which 'ipcmark list' shows and
 * options accept. */
#ifndef IPM_APP_CLI_NAME_TABLE_H
#define IPM_APP_CLI_NAME_TABLE_H

#include <stdbool.h>
#include <stddef.h>

struct ipm_err;
struct ipm_option;
struct ipm_names;

struct ipm_term {
    const char *name; /* NULL after the last */
    const char *summary;
};

struct ipm_name_table {
    const char *item;     /* the kind of a name: "pattern" */
    const char *list;     /* the plural in `ipcmark list`: "patterns" */
    const char *shown_by; /* the command that shows them */
    struct ipm_term (*at)(size_t i);
    const char *timed; /* the name that a time may follow, "hybrid:5us"; or NULL */
};

extern const struct ipm_name_table ipm_name_table_transports, ipm_name_table_patterns,
    ipm_name_table_framings, ipm_name_table_io, ipm_name_table_servers,
    ipm_name_table_waits, ipm_name_table_formats, ipm_name_table_counters;

/* The topics of `ipcmark list`; ends with NULL. */
extern const struct ipm_name_table *const ipm_name_tables[];

/* Appends the names in a list such as "thread,poll"; "all" is every name of the table,
 * and "tcp*" those that match the pattern (fnmatch(3)). Returns 0, or -EINVAL for an
 * unknown name, an empty item, or too many. */
int ipm_name_table_take(const struct ipm_name_table *table, const char *list,
                        struct ipm_names *names, struct ipm_err *err);

/* Whether ipm_name_table_take would succeed. */
bool ipm_name_table_holds(const struct ipm_name_table *table, const char *list);

/* Returns the name that the word is, in any case of letters, or that other programs mean by it;
 * or NULL. */
const char *ipm_name_table_mean(const struct ipm_name_table *table, const char *word);

/* Refuses a word that is not in the table and suggests the nearest name. Returns
 * -EINVAL. */
int ipm_name_table_refuse(const struct ipm_name_table *table, const char *word,
                          struct ipm_err *err);

/* The setter of an option: replaces the struct ipm_names in its member by names of its
 * .table. */
int ipm_name_table_set(const struct ipm_option *option, void *target, const char *value,
                       struct ipm_err *err);

#endif
