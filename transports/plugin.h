/* plugin.h - what a shared library exports so that `ipcmark --plugin FILE` can load its
 * transports. For authors of plugins. */
#ifndef IPM_TRANSPORTS_PLUGIN_H
#define IPM_TRANSPORTS_PLUGIN_H

#include "base/err.h"
#include "base/facts.h"
#include "transports/transport.h"

/* The sizes of what a plugin shares with the program, its own first. They are compared,
 * so that a change for which nobody raised IPM_TRANSPORT_ABI is noticed all the same. */
#define IPM_PLUGIN_STRUCT_BYTES                                                          \
    {                                                                                    \
        sizeof(struct ipm_plugin), sizeof(struct ipm_transport),                         \
            sizeof(struct ipm_endpoint), sizeof(struct ipm_link),                        \
            sizeof(struct ipm_wire), sizeof(struct ipm_facts), sizeof(struct ipm_err)    \
    }

/* The ABI number is first whatever its value. */
struct ipm_plugin {
    size_t abi; /* IPM_TRANSPORT_ABI */
    size_t struct_bytes[7];
    const struct ipm_transport *const *transports; /* ends with NULL */
};

/* The one symbol that ipcmark looks for, visible also with -fvisibility=hidden. */
extern __attribute__((visibility("default"))) const struct ipm_plugin ipcmark_plugin;

/* Once in a library, at file scope: IPM_PLUGIN(&one, &another); */
#define IPM_PLUGIN(...)                                                                  \
    const struct ipm_plugin ipcmark_plugin = {                                           \
        .abi = IPM_TRANSPORT_ABI,                                                        \
        .struct_bytes = IPM_PLUGIN_STRUCT_BYTES,                                         \
        .transports = (const struct ipm_transport *const[]){__VA_ARGS__, NULL}}

#endif
