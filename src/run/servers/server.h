/* server.h - how one process serves many clients.
 *
 * A server is one .c file in servers/ and one row of servers.def. */
#ifndef IPM_RUN_SERVERS_SERVER_H
#define IPM_RUN_SERVERS_SERVER_H

#include "model/plan/plan.h"

#include <stdbool.h>

struct
    ipm_service; /* service.h: the clients' ends, what to do with each, and when to stop */

struct ipm_server {
    struct ipm_strategy strategy; /* the word on the command line: "epoll"; its limit */
    const char *summary;          /* one line for `ipcmark list servers`, no full stop */
    bool has_workers;             /* a worker for each client, which blocks */

    /* Cold, before the window: makes ready (non-blocking descriptors, an epoll instance,
     * threads and processes that wait). Returns 0 or a negative errno and fills err. */
    int (*prepare)(struct ipm_service *service, struct ipm_err *err);

    /* The window: serves until every client is done or gone. Returns 0 or a negative
     * errno. */
    int (*serve)(struct ipm_service *service);

    /* Never fails; also after a prepare that did. No thread and no process is left. */
    void (*done)(struct ipm_service *service);
};

/* In the order of servers.def; ends with NULL. */
extern const struct ipm_server *const ipm_servers[];

/* The server of that name, or NULL. */
const struct ipm_server *ipm_server_find(const char *name);

#endif
