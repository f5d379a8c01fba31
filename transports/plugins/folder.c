#include "folder.h"

#include "ipcmark/err.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int folder_open(struct ipm_link *link, struct ipm_err *err) {
    struct folder_link *folder = link->state;
    const char *tmp = secure_getenv("TMPDIR");
    const int length = snprintf(folder->path, sizeof folder->path, "%s/ipcmark-XXXXXX",
                                tmp && *tmp ? tmp : "/tmp");
    if (length >= (int)sizeof folder->path)
        return ipm_err_set(err, -ENAMETOOLONG, "TMPDIR is too long for a socket");
    return mkdtemp(folder->path)
               ? 0
               : ipm_err_sys(err, -errno, "cannot make '%s'", folder->path);
}

void folder_url(const struct folder_link *folder, enum ipm_side sender,
                char url[FOLDER_URL_BYTES]) {
    (void)snprintf(url, FOLDER_URL_BYTES, "ipc://%s/%d", folder->path, (int)sender);
}

void folder_close(struct ipm_link *link, enum ipm_side side) {
    struct folder_link *folder = link->state;
    char url[FOLDER_URL_BYTES];
    if (side != IPM_PARENT || folder->path[0] == '\0')
        return;
    for (int sender = IPM_PARENT; sender <= IPM_CHILD; sender++) {
        folder_url(folder, (enum ipm_side)sender, url);
        (void)unlink(url + strlen("ipc://"));
    }
    (void)rmdir(folder->path);
    folder->path[0] = '\0';
}

void folder_describe(const struct folder_link *folder, enum ipm_side side,
                     struct ipm_facts *endpoint) {
    ipm_facts_text(endpoint, side == IPM_PARENT ? "local_folder" : "peer_folder",
                   folder->path);
}
