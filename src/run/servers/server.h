/* server.h - how one process serves many clients.
 *
 * A server is one .c file in servers/ and one row of servers.def. */
#ifndef IPM_RUN_SERVERS_SERVER_H
#define IPM_RUN_SERVERS_SERVER_H

#include "model/plan/plan.h"

#include <stdbool.h>

struct ipm_service; /* service.h: the clients' ends and what one recv leads to */

struct ipm_server {
    struct ipm_strategy strategy; /* the word on the command line: "epoll"; its limit */
    const char *summary;          /* one line for `ipcmark list servers`, no full stop */
    bool has_workers;             /* a worker for each client, which blocks */

    /* Cold, before the window: makes descriptors non-blocking and creates what serve
     * uses, such as an epoll instance or waiting threads and processes. Returns 0 or a
     * negative errno and fills err. */
    int (*prepare)(struct ipm_service *service, struct ipm_err *err);

    /* The window: serves until every client is over or gone. Returns 0 or a negative
     * errno. */
    int (*serve)(struct ipm_service *service);

    /* Ends all threads and processes and frees. Never fails; called also after a
     * failed prepare. */
    void (*done)(struct ipm_service *service);
};

#define IPM_SERVER(word) extern const struct ipm_server ipm_server_##word;
#include "run/servers/servers.def"
#undef IPM_SERVER

/* In the order of servers.def; ends with NULL. */
extern const struct ipm_server *const ipm_servers[];

/* Returns the server of that name, or NULL. */
const struct ipm_server *ipm_server_find(const char *name);

#endif
