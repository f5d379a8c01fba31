/* request_set.c - puts the values of `run`'s options into a request. Must not know the table
 * that names the options, nor the machine. */
#include "app/cli/request_set.h"

#include "app/cli/lists.h"
#include "app/cli/name_table.h"
#include "app/cli/request.h"
#include "base/err.h"
#include "reports/renderer.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

int ipm_request_take_transports(void *target, const char *list, struct ipm_err *err) {
    struct ipm_request *request = target;
    return ipm_name_table_take(&ipm_name_table_transports, list,
                               &request->options.transports, err);
}

int ipm_request_set_patterns(const struct ipm_option *option, void *target,
                             const char *value, struct ipm_err *err) {
    struct ipm_request *request = target;
    (void)option;
    request->options.patterns.count = 0;
    return ipm_name_table_take(&ipm_name_table_patterns, value,
                               &request->options.patterns, err);
}

int ipm_request_set_framings(const struct ipm_option *option, void *target,
                             const char *value, struct ipm_err *err) {
    struct ipm_request *request = target;
    (void)option;
    request->options.framings.count = 0;
    return ipm_name_table_take(&ipm_name_table_framings, value,
                               &request->options.framings, err);
}

int ipm_request_set_ios(const struct ipm_option *option, void *target, const char *value,
                        struct ipm_err *err) {
    struct ipm_request *request = target;
    (void)option;
    request->options.ios.count = 0;
    return ipm_name_table_take(&ipm_name_table_ios, value, &request->options.ios, err);
}

int ipm_request_set_servers(const struct ipm_option *option, void *target,
                            const char *value, struct ipm_err *err) {
    struct ipm_request *request = target;
    (void)option;
    request->options.servers.count = 0;
    return ipm_name_table_take(&ipm_name_table_servers, value, &request->options.servers,
                               err);
}

int ipm_request_set_clients(const struct ipm_option *option, void *target,
                            const char *value, struct ipm_err *err) {
    struct ipm_request *request = target;
    (void)option;
    return ipm_lists_clients(value, &request->options.clients, err);
}

static int request_add_congestion(void *context, const char *name, struct ipm_err *err) {
    return ipm_lists_add_name(context, "congestion control", name, err);
}

int ipm_request_set_congestion(const struct ipm_option *option, void *target,
                               const char *value, struct ipm_err *err) {
    struct ipm_request *request = target;
    (void)option;
    request->options.congestion.count = 0;
    return ipm_lists_split(value, "congestion control", request_add_congestion,
                           &request->options.congestion, err);
}

int ipm_request_set_sizes(const struct ipm_option *option, void *target,
                          const char *value, struct ipm_err *err) {
    struct ipm_request *request = target;
    (void)option;
    return ipm_lists_sizes(value, &request->options.message_bytes, err);
}

int ipm_request_set_pins(const struct ipm_option *option, void *target, const char *value,
                         struct ipm_err *err) {
    struct ipm_request *request = target;
    (void)option;
    return ipm_lists_pins(value, &request->options.pins, err);
}

int ipm_request_set_recv(const struct ipm_option *option, void *target, const char *value,
                         struct ipm_err *err) {
    struct ipm_request *request = target;
    struct ipm_err size_err = {0};
    bool message = strcmp(value, "message") == 0;
    request->options.recv_rule = message ? IPM_RECV_MESSAGE : IPM_RECV_BYTES;
    request->options.recv_bytes = 0;
    if (message || ipm_optparse_set_number(option, target, value, &size_err) == 0)
        return 0;
    ipm_err_set(err, size_err.code, "%s", size_err.text);
    ipm_err_hint(err, "it may be 1 to 1G, or 'message' to read message by message");
    return size_err.code;
}

int ipm_request_set_seed(const struct ipm_option *option, void *target, const char *value,
                         struct ipm_err *err) {
    struct ipm_request *request = target;
    request->seed_given = true;
    return ipm_optparse_set_number(option, target, value, err);
}

int ipm_request_set_json(const struct ipm_option *option, void *target, const char *value,
                         struct ipm_err *err) {
    struct ipm_request *request = target;
    const char *file = NULL;
    const struct ipm_option text = {.name = option->name, .argument = option->argument};
    int code = ipm_optparse_set_text(&text, &file, value, err);
    const struct ipm_renderer *json =
        code == 0 ? ipm_outputs_renderer("json", err) : NULL;
    return json != NULL ? ipm_outputs_add(&request->outputs, json, file, err) : -EINVAL;
}

int ipm_request_set_export(const struct ipm_option *option, void *target,
                           const char *value, struct ipm_err *err) {
    struct ipm_request *request = target;
    (void)option;
    return ipm_outputs_add_export(&request->outputs, value, err);
}

static const char *const request_whens[] = {[IPM_WHEN_AUTO] = "auto",
                                            [IPM_WHEN_ALWAYS] = "always",
                                            [IPM_WHEN_NEVER] = "never",
                                            NULL};

int ipm_request_set_when(const struct ipm_option *option, void *target, const char *value,
                         struct ipm_err *err) {
    enum ipm_when *member = (enum ipm_when *)(void *)((char *)target + option->offset);
    for (int i = 0; request_whens[i] != NULL; i++) {
        if (strcmp(request_whens[i], value) != 0)
            continue;
        *member = (enum ipm_when)i;
        return 0;
    }
    ipm_err_set(err, -EINVAL, "unknown value '%.100s' of '--%s'", value, option->name);
    ipm_err_hint(err, "it may be auto, always or never");
    return -EINVAL;
}
