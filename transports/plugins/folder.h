/* folder.h - a private directory for the names of a library's sockets. */
#ifndef IPM_TRANSPORTS_PLUGINS_FOLDER_H
#define IPM_TRANSPORTS_PLUGINS_FOLDER_H

#include "ipcmark/facts.h"
#include "ipcmark/transport.h"

/* The path of a socket has at most 107 bytes: unix(7). */
enum { FOLDER_PATH_BYTES = 108, FOLDER_URL_BYTES = 2 * FOLDER_PATH_BYTES };

/* The state behind a link: mode 0700 keeps other users away. */
struct folder_link {
    char path[FOLDER_PATH_BYTES - 2];
};

/* The operations open and close of a transport; the parent removes the names once both sides are
 * connected. */
int folder_open(struct ipm_link *link, struct ipm_err *err);
void folder_close(struct ipm_link *link, enum ipm_side side);

/* The name of the socket whose sender is that side, or of the only one. */
void folder_url(const struct folder_link *folder, enum ipm_side sender,
                char url[FOLDER_URL_BYTES]);

/* Adds the path to the address of an end. */
void folder_describe(const struct folder_link *folder, enum ipm_side side,
                     struct ipm_facts *endpoint);

#endif
