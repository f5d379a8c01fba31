/* plugins.c - loads shared libraries that bring transports; see plugins.h and
 * transports/plugin.h. Must not know what a transport does. */
#include "app/cli/plugins.h"

#include "app/cli/optparse.h"
#include "base/elf.h"
#include "base/err.h"
#include "model/plan/options.h"
#include "run/patterns/pattern.h"
#include "run/process/stop.h"
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

enum { PLUGINS_REHEARSAL_S = 5, PLUGINS_OPEN_MS = 1000, PLUGINS_MESSAGE_BYTES = 64 };

static const uint64_t PLUGINS_TRIAL_NS = 2000000000;

/* --- what there is to be found in it ------------------------------------------------ */

/* dlerror(3) begins with the path, which is told anyway. */
static int plugins_word_dl(const char *path, struct ipm_err *err) {
    const char *words = dlerror();
    const size_t length = strlen(path);
    if (!words)
        words = "no reason given";
    if (strncmp(words, path, length) == 0 && strncmp(words + length, ": ", 2) == 0)
        words += length + 2;
    ipm_err_set(err, -ENOEXEC, "%s", words);
    if (strstr(words, "undefined symbol: ipm_"))
        ipm_err_hint(err,
                     "this ipcmark has no such helper function: build the plugin with "
                     "the headers of this one");
    return -ENOEXEC;
}

static int plugins_refuse(struct ipm_err *err) {
    ipm_err_hint(err, "build the plugin with the headers of this ipcmark: 'pkg-config "
                      "--cflags ipcmark'");
    return -EINVAL;
}

/* What it was built with, where that is not what is here. An end may have grown since. */
static const char *plugins_misfit(const struct ipm_plugin *plugin) {
    if (plugin->link_bytes != sizeof(struct ipm_link))
        return "struct ipm_link";
    if (plugin->end_bytes > sizeof(struct ipm_endpoint))
        return "struct ipm_endpoint";
    if (plugin->wire_bytes != sizeof(struct ipm_wire))
        return "struct ipm_wire";
    if (plugin->facts_bytes != sizeof(struct ipm_facts))
        return "struct ipm_facts";
    return plugin->err_bytes != sizeof(struct ipm_err) ? "struct ipm_err" : NULL;
}

static int plugins_check(const struct ipm_plugin *plugin, struct ipm_err *err) {
    if (plugin->abi != IPM_TRANSPORT_ABI) {
        ipm_err_set(err, -EINVAL, "it was built for ABI %zu, and this ipcmark has ABI %d",
                    plugin->abi, IPM_TRANSPORT_ABI);
        return plugins_refuse(err);
    }
    if (plugin->plugin_bytes < sizeof *plugin || plugin->transport_bytes == 0) {
        ipm_err_set(err, -EINVAL, "its 'ipcmark_plugin' is not made by IPM_PLUGIN");
        return plugins_refuse(err);
    }
    const char *misfit = plugins_misfit(plugin);
    if (misfit) {
        ipm_err_set(err, -EINVAL, "it was built with another %s than this ipcmark has",
                    misfit);
        return plugins_refuse(err);
    }
    if (!plugin->transports || !plugin->transports[0])
        return ipm_err_set(err, -EINVAL, "it has no transports");
    return 0;
}

/* RTLD_NOW: what is missing shall be missing now, and not inside of a trial. */
static const struct ipm_plugin *plugins_open(const char *path, struct ipm_err *err) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        (void)plugins_word_dl(path, err);
        return NULL;
    }
    const struct ipm_plugin *plugin = dlsym(library, "ipcmark_plugin");
    if (plugin)
        return plugins_check(plugin, err) == 0 ? plugin : NULL;
    ipm_err_set(err, -EINVAL, "it is no plugin: it has no symbol 'ipcmark_plugin'");
    ipm_err_hint(err, "a plugin ends in IPM_PLUGIN(&...) of ipcmark/plugin.h");
    return NULL;
}

static int plugins_add(const struct ipm_plugin *plugin, struct ipm_names *names,
                       struct ipm_err *err) {
    int failed = 0;
    for (size_t i = 0; plugin->transports[i] && !failed; i++) {
        const struct ipm_transport *row = NULL;
        failed =
            ipm_transport_add(plugin->transports[i], plugin->transport_bytes, &row, err);
        if (!failed)
            (void)snprintf(names->items[names->count++], IPM_NAME_BYTES, "%s", row->name);
    }
    return failed;
}

/* --- the rehearsal ------------------------------------------------------------------ */

/* One message. What fails is told by the run; what crashes in the part of the parent would
 * end it. */
static void plugins_try_trial(const struct ipm_transport *row, size_t most) {
    const size_t bytes = most < PLUGINS_MESSAGE_BYTES ? most : PLUGINS_MESSAGE_BYTES;
    const struct ipm_trial_config config = {.transport = row,
                                            .pattern = ipm_patterns[0],
                                            .message_bytes = bytes,
                                            .recv_bytes = bytes,
                                            .messages = 1,
                                            .sender_cpu = -1,
                                            .receiver_cpu = -1,
                                            .timeout_ns = PLUGINS_TRIAL_NS};
    struct ipm_sample sample = {0};
    struct ipm_err err = {0};
    ipm_try_in_child_next("a trial of '%s'", row->name);
    ipm_stop_install();
    (void)config.pattern->trial(&config, &sample, NULL, &err);
    ipm_sample_done(&sample);
}

/* First what a trial begins with, so that the words say which call it was. */
static void plugins_try(const struct ipm_transport *row) {
    struct ipm_err err = {0};
    size_t most = 0;
    struct ipm_link link = {.ops = row,
                            .config = {.peers = 1,
                                       .batch = 1,
                                       .message_bytes = PLUGINS_MESSAGE_BYTES,
                                       .timeout_ms = PLUGINS_OPEN_MS},
                            .state = calloc(1, row->link_size + 1)};
    ipm_try_in_child_next("the probe of '%s'", row->name);
    if (link.state && row->probe(&most, &err) == 0) {
        ipm_try_in_child_next("the open of '%s'", row->name);
        if (row->open(&link, &err) == 0) {
            ipm_try_in_child_next("the close of '%s'", row->name);
            row->close(&link, IPM_PARENT);
            plugins_try_trial(row, most);
        }
    }
    free(link.state);
}

/* Errors are left to the real performance, which will meet them again. */
static void plugins_rehearse(void *context) {
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

/* --- the whole ---------------------------------------------------------------------- */

static int plugins_resolve(const char *file, char path[PATH_MAX],
                           const struct ipm_origins *origins, struct ipm_err *err) {
    if (!realpath(file, path))
        return ipm_err_set(err, -errno, "%s", strerror(errno));
    if (strlen(path) >= IPM_ORIGIN_PATH_BYTES)
        return ipm_err_set(err, -ENAMETOOLONG, "its path has more than %d bytes",
                           IPM_ORIGIN_PATH_BYTES - 1);
    if (origins->count == IPM_ORIGINS_MOST)
        return ipm_err_set(err, -E2BIG, "more than %d plugins", IPM_ORIGINS_MOST);
    for (size_t i = 0; i < origins->count; i++)
        if (strcmp(origins->items[i].path, path) == 0)
            return ipm_err_set(err, -EINVAL, "it is given twice");
    return ipm_elf_check(path, err);
}

static int plugins_load(const char *file, struct ipm_origins *origins,
                        struct ipm_err *err) {
    char path[PATH_MAX];
    struct ipm_origin *origin = &origins->items[origins->count];
    int failed = plugins_resolve(file, path, origins, err);
    if (!failed)
        failed = ipm_try_in_child(plugins_rehearse, path, PLUGINS_REHEARSAL_S, err);
    if (failed)
        return failed;
    const struct ipm_plugin *plugin = plugins_open(path, err);
    if (!plugin)
        return err->code;
    (void)snprintf(origin->path, sizeof origin->path, "%s", path);
    origins->count++;
    return plugins_add(plugin, &origin->transports, err);
}

int ipm_plugins_load(const char *file, struct ipm_origins *origins, struct ipm_err *err) {
    const int failed = plugins_load(file, origins, err);
    if (!failed)
        return 0;
    ipm_err_hint(err, "what a plugin must be: ipcmark/transport.h, and the example in "
                      "share/ipcmark/example");
    return ipm_err_wrap(err, "cannot load plugin '%.120s'", file);
}

int ipm_plugins_set(const struct ipm_option *option, void *target, const char *value,
                    struct ipm_err *err) {
    const char *file = NULL;
    const struct ipm_option text = {.name = option->name, .argument = option->argument};
    const int failed = ipm_optparse_set_text(&text, &file, value, err);
    return failed ? failed
                  : ipm_plugins_load(
                        file,
                        (struct ipm_origins *)(void *)((char *)target + option->offset),
                        err);
}
