/* plugins.c - loads shared libraries that contain transports; see plugins.h and
 * transports/plugin.h. */
#include "app/cli/plugins.h"

#include "app/cli/optparse.h"
#include "base/err.h"
#include "model/options.h"
#include "run/patterns/pattern.h"
#include "run/process/stop.h"
#include "run/process/surroundings.h"
#include "run/process/try_in_child.h"
#include "run/trial/trial.h"
#include "transports/plugin.h"
#include "transports/table.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>

enum { PLUGINS_TRY_S = 5, PLUGINS_OPEN_MS = 1000, PLUGINS_MESSAGE_BYTES = 64 };

static const uint64_t PLUGINS_TRIAL_NS = 2000000000;

/* --- opening ------------------------------------------------------------------------ */

/* Sets err from dlerror(3), without the path at its start, which the message has already.
 * For a file of another architecture the loader reports a missing file. */
static int plugins_word_dl(const char *path, struct ipm_err *err) {
    const char *words = dlerror();
    const size_t length = strlen(path);
    if (!words)
        words = "no reason given";
    if (strncmp(words, path, length) == 0 && strncmp(words + length, ": ", 2) == 0)
        words += length + 2;
    if (strcmp(words, "cannot open shared object file: No such file or directory") == 0)
        words = "it was built for another kind of machine";
    ipm_err_set(err, -ENOEXEC, "%s", words);
    if (strstr(words, "undefined symbol: ipm_"))
        ipm_err_hint(err,
                     "this ipcmark has no such helper function: build the plugin with "
                     "the headers of this one");
    return -ENOEXEC;
}

/* The ABI number is read first, because with another number the rest is undefined. */
static int plugins_check(const struct ipm_plugin *plugin, struct ipm_err *err) {
    static const size_t ours[] = IPM_PLUGIN_STRUCT_BYTES;
    if (plugin->abi == IPM_TRANSPORT_ABI &&
        memcmp(plugin->struct_bytes, ours, sizeof ours) == 0)
        return plugin->transports && plugin->transports[0]
                   ? 0
                   : ipm_err_set(err, -EINVAL, "it has no transports");
    ipm_err_hint(err, "build the plugin with the headers of this ipcmark: 'pkg-config "
                      "--cflags ipcmark'");
    return plugin->abi == IPM_TRANSPORT_ABI
               ? ipm_err_set(err, -EINVAL,
                             "it was built with other headers than this ipcmark")
               : ipm_err_set(err, -EINVAL,
                             "it was built for ABI %zu, and this ipcmark has ABI %d",
                             plugin->abi, IPM_TRANSPORT_ABI);
}

/* RTLD_NOW reports a missing symbol here instead of during a trial. */
static const struct ipm_plugin *plugins_open(const char *path, struct ipm_err *err) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        (void)plugins_word_dl(path, err);
        return NULL;
    }
    const struct ipm_plugin *plugin = dlsym(library, "ipcmark_plugin");
    if (plugin)
        return plugins_check(plugin, err) == 0 ? plugin : NULL;
    (void)ipm_err_refuse(err, "a plugin ends in IPM_PLUGIN(&...) of ipcmark/plugin.h",
                         "it is not a plugin: it has no symbol 'ipcmark_plugin'");
    return NULL;
}

static int plugins_add(const struct ipm_plugin *plugin, struct ipm_names *names,
                       struct ipm_err *err) {
    int failed = 0;
    for (size_t i = 0; plugin->transports[i] && !failed; i++) {
        const struct ipm_transport *row = NULL;
        failed = ipm_transport_add(plugin->transports[i], &row, err);
        if (!failed)
            (void)snprintf(names->items[names->count++], IPM_NAME_BYTES, "%s", row->name);
    }
    return failed;
}

/* --- the trial run in a child ------------------------------------------------------- */

/* Runs a trial of one message. Errors are ignored, because the run reports them; only a
 * crash or a hang of the parent's side matters here. */
static void plugins_try_trial(const struct ipm_transport *row, size_t most) {
    const size_t bytes = most < PLUGINS_MESSAGE_BYTES ? most : PLUGINS_MESSAGE_BYTES;
    const struct ipm_case_config settings = {.message_bytes = bytes,
                                             .recv_bytes = bytes,
                                             .clients = 1,
                                             .pairs = 1,
                                             .batch = 1,
                                             .sender_cpu = -1,
                                             .receiver_cpu = -1};
    const struct ipm_trial_config config = {.settings = &settings,
                                            .transport = row,
                                            .pattern = ipm_patterns[0],
                                            .messages = 1,
                                            .timeout_ns = PLUGINS_TRIAL_NS};
    struct ipm_sample sample = {0};
    struct ipm_err err = {0};
    ipm_try_in_child_next("a trial of '%s'", row->name);
    ipm_stop_install();
    (void)ipm_trial_run(&config, &sample, NULL, &err);
    ipm_sample_done(&sample);
    struct ipm_err left = {0};
    if (ipm_surroundings_check_threads(&left) != 0)
        ipm_try_in_child_refuse(&left);
}

/* Calls the first operations one by one, so that the error names the one that crashed. */
static void plugins_try(const struct ipm_transport *row) {
    struct ipm_err err = {0};
    size_t most = SIZE_MAX;
    struct ipm_link link = {.ops = row,
                            .config = {.peers = 1,
                                       .batch = 1,
                                       .message_bytes = PLUGINS_MESSAGE_BYTES,
                                       .timeout_ms = PLUGINS_OPEN_MS},
                            .state = calloc(1, row->link_size + 1)};
    ipm_try_in_child_next("the probe of '%s'", row->name);
    if (link.state && (!row->probe || row->probe(&most, &err) == 0)) {
        ipm_try_in_child_next("the open of '%s'", row->name);
        if (row->open(&link, &err) == 0) {
            ipm_try_in_child_next("the close of '%s'", row->name);
            row->close(&link, IPM_PARENT);
            plugins_try_trial(row, most);
        }
    }
    free(link.state);
}

/* Errors are ignored, because the same calls will meet them again in this process. */
static void plugins_try_all(void *context) {
    const char *path = context;
    struct ipm_origin origin = {0};
    struct ipm_err err = {0};
    ipm_try_in_child_next("loading it");
    const struct ipm_plugin *plugin = plugins_open(path, &err);
    if (!plugin || plugins_add(plugin, &origin.transports, &err) != 0)
        return;
    for (size_t i = 0; i < origin.transports.count; i++)
        plugins_try(ipm_transport_find(origin.transports.items[i]));
}

/* --- loading ------------------------------------------------------------------------ */

/* Refuses anything but a regular file: dlopen(3) of a FIFO would wait for a writer. */
static int plugins_resolve(const char *file, char path[PATH_MAX],
                           const struct ipm_origins *origins, struct ipm_err *err) {
    struct stat status;
    if (!realpath(file, path) || stat(path, &status) != 0)
        return ipm_err_set(err, -errno, "%s", strerror(errno));
    if (strlen(path) >= IPM_ORIGIN_PATH_BYTES)
        return ipm_err_set(err, -ENAMETOOLONG, "its path has more than %d bytes",
                           IPM_ORIGIN_PATH_BYTES - 1);
    if (origins->count == IPM_ORIGINS_MOST)
        return ipm_err_set(err, -E2BIG, "more than %d plugins", IPM_ORIGINS_MOST);
    for (size_t i = 0; i < origins->count; i++)
        if (strcmp(origins->items[i].path, path) == 0)
            return ipm_err_set(err, -EINVAL, "it is given twice");
    return S_ISREG(status.st_mode)
               ? 0
               : ipm_err_set(err, -EINVAL, "it is not a regular file");
}

/* A program with more rights than its caller must not execute the caller's code:
 * ld.so(8). */
static int plugins_check_rights(struct ipm_err *err) {
    return getauxval(AT_SECURE) == 0
               ? 0
               : ipm_err_set(err, -EPERM,
                             "this program runs with the rights of another user");
}

static int plugins_load(const char *file, struct ipm_origins *origins,
                        struct ipm_err *err) {
    char path[PATH_MAX];
    struct ipm_origin *origin = &origins->items[origins->count];
    int failed = plugins_check_rights(err);
    if (!failed)
        failed = plugins_resolve(file, path, origins, err);
    if (!failed)
        failed = ipm_try_in_child(plugins_try_all, path, PLUGINS_TRY_S, err);
    if (failed)
        return failed;
    const struct ipm_plugin *plugin = plugins_open(path, err);
    if (!plugin)
        return err->code;
    memcpy(origin->path, path, strlen(path) + 1); /* plugins_resolve checked the length */
    origins->count++;
    return plugins_add(plugin, &origin->transports, err);
}

int ipm_plugins_load(const char *file, struct ipm_origins *origins, struct ipm_err *err) {
    struct ipm_surroundings before = ipm_surroundings_keep();
    ipm_surroundings_count_threads();
    int failed = plugins_load(file, origins, err);
    if (!failed)
        failed = ipm_surroundings_check_threads(err);
    ipm_surroundings_restore(&before);
    if (!failed)
        return 0;
    ipm_err_hint(err, "what a plugin must be: ipcmark/transport.h, and the example in "
                      "share/ipcmark/example");
    return ipm_err_wrap(err, "cannot load plugin '%.120s'", file);
}

int ipm_plugins_set(const struct ipm_option *option, void *target, const char *value,
                    struct ipm_err *err) {
    const int failed = ipm_optparse_check_text(option, value, err);
    return failed ? failed
                  : ipm_plugins_load(value, ipm_optparse_member(option, target), err);
}
