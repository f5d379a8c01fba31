/* plugins.h - transports out of shared libraries: --plugin FILE. */
#ifndef IPM_APP_CLI_PLUGINS_H
#define IPM_APP_CLI_PLUGINS_H

struct ipm_err;
struct ipm_option;
struct ipm_origins;

/* Loads a plugin, tries its parts in a child first, and puts its transports into the table,
 * and where they come from behind `origins`. Before anything looks at the table. Returns 0,
 * or a negative errno and words; then the process is to end, for some of the transports may
 * be there already. */
int ipm_plugins_load(const char *file, struct ipm_origins *origins, struct ipm_err *err);

/* The setter of the option, which must be .early: its member is a struct ipm_origins. */
int ipm_plugins_set(const struct ipm_option *option, void *target, const char *value,
                    struct ipm_err *err);

/* Its row in a table of options. */
#define IPM_OPTION_PLUGIN(offset_)                                                       \
    {                                                                                    \
        .name = "plugin", .argument = "FILE",                                            \
        .help = "add the transports of a shared library; may be repeated",               \
        .early = true, .set = ipm_plugins_set, .offset = (offset_)                       \
    }

#endif
