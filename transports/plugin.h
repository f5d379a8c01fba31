/* plugin.h - what a shared library exports for `ipcmark --plugin FILE` to take its
 * transports. For those who write one; knows nothing of how it is loaded. */
#ifndef IPM_PLUGIN_H
#define IPM_PLUGIN_H

#include "transports/transport.h"

/* The first two members stay where they are whatever the ABI number. */
struct ipm_plugin {
    size_t abi;                                    /* IPM_TRANSPORT_ABI */
    size_t plugin_bytes;                           /* sizeof(struct ipm_plugin) */
    size_t transport_bytes;                        /* sizeof(struct ipm_transport) */
    const struct ipm_transport *const *transports; /* NULL behind the last */
};

/* The one symbol that is looked for. Visible, however the rest is compiled. */
extern __attribute__((visibility("default"))) const struct ipm_plugin ipcmark_plugin;

/* Once in a library, at file scope: IPM_PLUGIN(&one, &another); */
#define IPM_PLUGIN(...)                                                                  \
    const struct ipm_plugin ipcmark_plugin = {                                           \
        .abi = IPM_TRANSPORT_ABI,                                                        \
        .plugin_bytes = sizeof(struct ipm_plugin),                                       \
        .transport_bytes = sizeof(struct ipm_transport),                                 \
        .transports = (const struct ipm_transport *const[]){__VA_ARGS__, NULL}}

#endif
