/* plugin.h - what a shared library exports for `ipcmark --plugin FILE` to take its
 * transports. For those who write one; knows nothing of how it is loaded. */
#ifndef IPM_TRANSPORTS_PLUGIN_H
#define IPM_TRANSPORTS_PLUGIN_H

#include "base/err.h"
#include "base/facts.h"
#include "transports/transport.h"

/* The first two members stay where they are whatever the ABI number. The sizes are those of
 * the structs of that name: a number that somebody forgot to raise is noticed all the same. */
struct ipm_plugin {
    size_t abi; /* IPM_TRANSPORT_ABI */
    size_t plugin_bytes;
    size_t transport_bytes;
    size_t end_bytes;
    size_t link_bytes;
    size_t wire_bytes;
    size_t facts_bytes;
    size_t err_bytes;
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
        .end_bytes = sizeof(struct ipm_endpoint),                                        \
        .link_bytes = sizeof(struct ipm_link),                                           \
        .wire_bytes = sizeof(struct ipm_wire),                                           \
        .facts_bytes = sizeof(struct ipm_facts),                                         \
        .err_bytes = sizeof(struct ipm_err),                                             \
        .transports = (const struct ipm_transport *const[]){__VA_ARGS__, NULL}}

#endif
