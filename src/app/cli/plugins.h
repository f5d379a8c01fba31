/* plugins.h - loads transports from shared libraries: --plugin FILE. */
#ifndef IPM_APP_CLI_PLUGINS_H
#define IPM_APP_CLI_PLUGINS_H

struct ipm_err;
struct ipm_option;
struct ipm_origins;

/* Loads a plugin: tries it in a child, then adds its transports to the table and its path
 * to `origins`. Must be called before the table is read. Returns 0 or a negative errno,
 * after which the process must exit, because some of the transports may be in the
 * table. */
int ipm_plugins_load(const char *file, struct ipm_origins *origins, struct ipm_err *err);

/* The setter of the option, whose member is a struct ipm_origins. */
int ipm_plugins_set(const struct ipm_option *option, void *target, const char *value,
                    struct ipm_err *err);

/* The row in a table of options. */
#define IPM_OPTION_PLUGIN(offset_)                                                       \
    IPM_OPTION("plugin", 0, "add the transports of a shared library; may be repeated",   \
               .argument = "FILE", .early = true, .set = ipm_plugins_set,                \
               .offset = (offset_))

#endif
