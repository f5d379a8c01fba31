/* place.c - a private name in the file system for a socket. Knows neither who listens at it
 * nor who connects to it. */
#include "transports/place.h"

#include "base/err.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char place_template[] = "/ipcmark-XXXXXX";
static const char place_socket[] = "/socket";

/* Appends what fits. Says whether that was all. */
static bool place_append(char *to, size_t bytes, const char *text) {
    const size_t used = strlen(to);
    const size_t wanted = strlen(text);
    const size_t taken = wanted < bytes - used ? wanted : bytes - used - 1;
    memcpy(to + used, text, taken);
    to[used + taken] = '\0';
    return taken == wanted;
}

static bool place_name(struct ipm_place *place, const char *parent) {
    char *path = place->address.sun_path;
    const size_t bytes = sizeof place->directory;
    *place = (struct ipm_place){.address = {.sun_family = AF_UNIX}};
    return place_append(path, bytes, parent) &&
           place_append(path, bytes, place_template) &&
           place_append(place->directory, bytes, path) &&
           place_append(path, bytes, place_socket);
}

/* One attempt, in `parent`, which messages call `name`. */
static int place_try(struct ipm_place *place, int fd, const char *parent,
                     const char *name, struct ipm_err *err) {
    if (!place_name(place, parent)) {
        *place = (struct ipm_place){0};
        return ipm_err_set(err, -ENAMETOOLONG, "%s is too long for a socket path", name);
    }
    if (!mkdtemp(place->directory)) {
        int failed = -errno;
        *place = (struct ipm_place){0};
        return ipm_err_sys(err, failed, "%s cannot be used", name);
    }
    memcpy(place->address.sun_path, place->directory, strlen(place->directory));
    if (bind(fd, (const struct sockaddr *)&place->address, sizeof place->address) == 0)
        return 0;
    int failed = -errno;
    ipm_place_remove(place);
    return ipm_err_sys(err, failed, "%s cannot hold a socket", name);
}

static void place_give_notice(struct ipm_place *place, const char *why,
                              const char *used) {
    (void)place_append(place->notice, sizeof place->notice, why);
    (void)place_append(place->notice, sizeof place->notice, ": used ");
    (void)place_append(place->notice, sizeof place->notice, used);
}

int ipm_place_bind(struct ipm_place *place, int fd, struct ipm_err *err) {
    static const char *const fallbacks[] = {"/tmp", "/dev/shm"};
    const char *wanted = getenv("TMPDIR");
    struct ipm_err why = {0}; /* the first failure wins */
    if (wanted && *wanted && place_try(place, fd, wanted, "TMPDIR", &why) == 0)
        return 0;
    for (size_t i = 0; i < sizeof fallbacks / sizeof *fallbacks; i++) {
        if (place_try(place, fd, fallbacks[i], fallbacks[i], &why) != 0)
            continue;
        if (why.code != 0)
            place_give_notice(place, why.text, fallbacks[i]);
        return 0;
    }
    (void)ipm_err_set(err, why.code, "no place for a socket: %s", why.text);
    ipm_err_hint(err, "set TMPDIR to a directory with a short path and room in it");
    return why.code;
}

void ipm_place_remove(struct ipm_place *place) {
    if (place->directory[0] == '\0')
        return;
    (void)unlink(place->address.sun_path); /* there may be none yet */
    (void)rmdir(place->directory);
    *place = (struct ipm_place){0};
}
