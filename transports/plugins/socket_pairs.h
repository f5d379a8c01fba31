/* socket_pairs.h - a connected pair of Unix stream sockets for each direction, for a library whose
 * connection may be used by one thread at a time. */
#ifndef IPM_TRANSPORTS_PLUGINS_SOCKET_PAIRS_H
#define IPM_TRANSPORTS_PLUGINS_SOCKET_PAIRS_H

#include "ipcmark/transport.h"

/* The state behind a link: by the side that sends, and by the side whose end it is. */
struct pairs_link {
    int fds[2][2];
};

/* The operations open and close of a transport. */
int pairs_open(struct ipm_link *link, struct ipm_err *err);
void pairs_close(struct ipm_link *link, enum ipm_side side);

#endif
