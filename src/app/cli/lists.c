/* lists.c - splits lists; the lists of names, placements and numbers. */
#include "app/cli/lists.h"

#include "app/cli/foreign.h"
#include "app/cli/optparse.h"
#include "base/err.h"
#include "base/units.h"
#include "base/usage.h"
#include "model/plan/pin.h"
#include "run/host/sysfile.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

enum { LISTS_ITEM_BYTES = 128 };

static int lists_refuse_empty(const char *text, const char *what, struct ipm_err *err) {
    ipm_err_hint(err, "items are separated by single commas; quote a list with spaces");
    return text[0] == '\0' ? ipm_err_set(err, -EINVAL, "the list of %ss is empty", what)
                           : ipm_err_set(err, -EINVAL,
                                         "the list '%.100s' has an empty %s", text, what);
}

/* "64 4K" is refused as one item; the hint tells that it is none. */
static int lists_add(int (*add)(void *context, const char *item, struct ipm_err *err),
                     void *context, const char *item, struct ipm_err *err) {
    struct ipm_err refused = {0};
    const int code = add(context, item, &refused);
    if (code == 0)
        return 0;
    if (strchr(item, ' ') != NULL)
        ipm_err_hint(err, "items are separated by commas, not by spaces");
    const char *between = item[0] != '\0' ? strpbrk(item + 1, ";|/+") : NULL;
    if (between != NULL && item[0] != '/' && refused.code == -EINVAL &&
        strstr(item, "//") == NULL && strcmp(between, "/s") != 0)
        ipm_err_hint(err, "items are separated by commas, not by '%c'", *between);
    ipm_err_set(err, code, "%s", refused.text);
    if (refused.hint[0] != '\0')
        ipm_err_hint(err, "%s", refused.hint);
    return code;
}

int ipm_lists_split(const char *text, const char *what,
                    int (*add)(void *context, const char *item, struct ipm_err *err),
                    void *context, struct ipm_err *err) {
    const char *rest = text;
    int code = 0;
    while (code == 0 && rest != NULL) {
        char item[LISTS_ITEM_BYTES];
        rest += strspn(rest, " ");
        const char *end = rest + strcspn(rest, ",");
        size_t length = (size_t)(end - rest);
        while (length > 0 && rest[length - 1] == ' ')
            length--;
        if (length == 0)
            return lists_refuse_empty(text, what, err);
        if (length >= sizeof item)
            return ipm_err_set(err, -EINVAL, "%s '%.40s...' is too long", what, rest);
        memcpy(item, rest, length);
        item[length] = '\0';
        code = lists_add(add, context, item, err);
        rest = *end == ',' ? end + 1 : NULL;
    }
    return code;
}

static int lists_refuse_more(const char *what, struct ipm_err *err) {
    return ipm_err_set(err, -EINVAL, "more than %d %ss in one list", IPM_LIST_MOST, what);
}

int ipm_lists_add_name(struct ipm_names *names, const char *what, const char *name,
                       struct ipm_err *err) {
    size_t length = strlen(name);
    if (names->count == IPM_LIST_MOST)
        return lists_refuse_more(what, err);
    if (length >= IPM_NAME_BYTES)
        return ipm_err_set(err, -EINVAL, "%s '%.40s' is too long", what, name);
    memcpy(names->items[names->count], name, length + 1);
    names->count++;
    return 0;
}

/* --- congestion controls ----------------------------------------------------------------- */

#define LISTS_CONTROLS "/proc/sys/net/ipv4/tcp_available_congestion_control"

/* Adds those of this machine that match. Returns their number, or a negative errno. */
static int lists_add_controls(struct ipm_names *names, const char *pattern,
                              struct ipm_err *err) {
    char line[IPM_LIST_MOST * IPM_NAME_BYTES];
    char *rest = line;
    char *name = NULL;
    int count = 0;
    ipm_sysfile_line("", LISTS_CONTROLS, line, sizeof line);
    while ((name = strsep(&rest, " ")) != NULL) {
        if (name[0] == '\0' || fnmatch(pattern, name, 0) != 0)
            continue;
        const int code = ipm_lists_add_name(names, "congestion control", name, err);
        if (code != 0)
            return code;
        count++;
    }
    return count;
}

/* Any word may be one: the kernel knows its own, and may load another. */
static int lists_add_congestion(void *context, const char *name, struct ipm_err *err) {
    const bool all = strcmp(name, "all") == 0;
    if (!all && strpbrk(name, "*?[") == NULL)
        return ipm_lists_add_name(context, "congestion control", name, err);
    const int count = lists_add_controls(context, all ? "*" : name, err);
    return count > 0    ? 0
           : count == 0 ? ipm_err_refuse(err, "'cat " LISTS_CONTROLS "' shows all",
                                         "unknown congestion control '%.100s'", name)
                        : count;
}

/* --- placements ---------------------------------------------------------------------- */

static int lists_parse_cpus(const char *item, struct ipm_pin *pin, struct ipm_err *err) {
    char sender[LISTS_ITEM_BYTES];
    uint64_t cpus[2] = {0};
    size_t length = strcspn(item, ":");
    ipm_foreign_hint_name("placement", item, "ipcmark help run", err);
    if (item[length] == '\0')
        return ipm_err_set(err, -EINVAL, "unknown placement '%.100s'", item);
    memcpy(sender, item, length);
    sender[length] = '\0';
    struct ipm_err refused = {0};
    int code = ipm_units_parse(&ipm_unit_count, sender, "CPU", 0, IPM_CPUS_MOST - 1,
                               &cpus[0], &refused);
    if (code == 0)
        code = ipm_units_parse(&ipm_unit_count, item + length + 1, "CPU", 0,
                               IPM_CPUS_MOST - 1, &cpus[1], &refused);
    if (code == -EINVAL)
        return ipm_err_set(err, -EINVAL, "unknown placement '%.100s'", item);
    if (code != 0 && err != NULL)
        *err = refused;
    *pin = (struct ipm_pin){
        .kind = IPM_PIN_CPUS, .sender_cpu = (int)cpus[0], .receiver_cpu = (int)cpus[1]};
    return code;
}

static int lists_parse_pin(const char *item, struct ipm_pin *pin, struct ipm_err *err) {
    return strchr(item, ':') == NULL && ipm_pin_parse(pin, item)
               ? 0
               : lists_parse_cpus(item, pin, err);
}

static int lists_add_pin(void *context, const char *item, struct ipm_err *err) {
    struct ipm_pins *pins = context;
    struct ipm_pin pin;
    int code = lists_parse_pin(item, &pin, err);
    if (code != 0)
        return code;
    if (pins->count == IPM_LIST_MOST)
        return lists_refuse_more("placement", err);
    pins->items[pins->count++] = pin;
    return 0;
}

/* Two CPUs are often typed as taskset(1) takes them: "0,1" or "0-1". */
static void lists_hint_pin(const char *value, struct ipm_err *err) {
    unsigned cpus[2];
    int end = 0;
    if (value[0] != '\0' && value[strspn(value, "0123456789")] == '\0')
        ipm_err_hint(err, "write '--pin %.9s:%.9s' for both ends on that CPU", value,
                     value);
    /* NOLINTNEXTLINE(cert-err34-c): four digits do not overflow */
    if (sscanf(value, "%4u %*1[,/-] %4u%n", &cpus[0], &cpus[1], &end) == 2 &&
        value[end] == '\0')
        ipm_err_hint(err,
                     "write '--pin %u:%u': the CPU of the sender and of the receiver",
                     cpus[0], cpus[1]);
    ipm_err_hint(err,
                 "'--pin' takes none, same, split, smt, llc, cross-llc, node or CPU:CPU, "
                 "such as 0:1");
}

/* --- numbers ------------------------------------------------------------------------- */

/* "64-1M" is no range. */
static int lists_parse_size(const char *item, uint64_t *ret_bytes, struct ipm_err *err) {
    const char *dash = strchr(item, '-');
    if (dash != NULL && dash > item && dash[1] != '\0' && strchr(dash + 1, '-') == NULL)
        ipm_err_hint(err, "write '%.*s..%.60s' for a range", (int)(dash - item), item,
                     dash + 1);
    return ipm_units_parse(&ipm_unit_size, item, "size", 1, IPM_SIZE_MOST, ret_bytes,
                           err);
}

static int lists_add_number(struct ipm_sizes *numbers, uint64_t number, const char *what,
                            struct ipm_err *err) {
    if (numbers->count == IPM_LIST_MOST)
        return lists_refuse_more(what, err);
    numbers->responses[numbers->count] = 0;
    numbers->items[numbers->count++] = number;
    return 0;
}

static int lists_add_steps(struct ipm_sizes *sizes, uint64_t low, uint64_t high,
                           struct ipm_err *err) {
    int code = 0;
    for (uint64_t bytes = low; code == 0 && bytes < high; bytes *= 4)
        code = lists_add_number(sizes, bytes, "size", err);
    return code != 0 ? code : lists_add_number(sizes, high, "size", err);
}

static int lists_add_range(struct ipm_sizes *sizes, const char *item, const char *dots,
                           struct ipm_err *err) {
    char from[64];
    uint64_t low = 0;
    uint64_t high = 0;
    if (strstr(dots + 2, "..") != NULL)
        return ipm_err_refuse(err, "a range has two ends and fourfold steps: 64..1M",
                              "invalid range '%s'", item);
    if (dots == item || dots[2] == '\0')
        return ipm_err_refuse(err, "write both ends: 64..1M",
                              "the range '%s' lacks an end", item);
    (void)snprintf(from, sizeof from, "%.*s", (int)(dots - item), item);
    int code = lists_parse_size(from, &low, err);
    if (code == 0)
        code = lists_parse_size(dots + 2, &high, err);
    if (code != 0)
        return code;
    if (low > high) {
        ipm_err_hint(err, "write '%s..%s'", dots + 2, from);
        return ipm_err_set(err, -EINVAL, "the range '%s' is in descending order", item);
    }
    return lists_add_steps(sizes, low, high, err);
}

/* Stores the size of the requests. A response as large as its request is not stored. */
static int lists_parse_pair(const char *item, const char *colon, uint64_t *ret_bytes,
                            uint64_t *ret_response, struct ipm_err *err) {
    char request[LISTS_ITEM_BYTES];
    (void)snprintf(request, sizeof request, "%.*s", (int)(colon - item), item);
    if (strstr(item, "..") != NULL)
        ipm_err_hint(err, "only single sizes have responses: write '64:4K,1M:4K'");
    if (strstr(item, "..") != NULL || colon == item || colon[1] == '\0' ||
        strchr(colon + 1, ':') != NULL)
        return ipm_err_refuse(err, "write two sizes: 64:4K",
                              "'%s' is no size of requests and of responses", item);
    int code = lists_parse_size(request, ret_bytes, err);
    if (code == 0)
        code = lists_parse_size(colon + 1, ret_response, err);
    if (*ret_response == *ret_bytes)
        *ret_response = 0;
    return code;
}

static int lists_add_size(void *context, const char *item, struct ipm_err *err) {
    struct ipm_sizes *sizes = context;
    uint64_t bytes = 0;
    uint64_t response = 0;
    const char *colon = strchr(item, ':');
    const char *dots = strstr(item, "..");
    if (dots != NULL && colon == NULL)
        return lists_add_range(sizes, item, dots, err);
    int code = colon == NULL ? lists_parse_size(item, &bytes, err)
                             : lists_parse_pair(item, colon, &bytes, &response, err);
    if (code == 0)
        code = lists_add_number(sizes, bytes, "size", err);
    if (code != 0 || response == 0)
        return code;
    sizes->responses[sizes->count - 1] = response;
    sizes->response_count = sizes->count;
    return 0;
}

/* The largest number of messages a second is far beyond what any transport moves. */
static int lists_add_rate(void *context, const char *item, struct ipm_err *err) {
    uint64_t rate = 0;
    const int code =
        strcmp(item, "max") == 0
            ? 0
            : ipm_units_parse(&ipm_unit_rate, item, "rate", 1, IPM_RATE_MOST, &rate, err);
    return code != 0 ? code : lists_add_number(context, rate, "rate", err);
}

static int lists_add_rate_or_sweep(void *context, const char *item, struct ipm_err *err) {
    return strcmp(item, "sweep") == 0
               ? lists_add_number(context, IPM_RATE_SWEEP, "rate", err)
               : lists_add_rate(context, item, err);
}

/* --- setters ------------------------------------------------------------------------- */

const struct ipm_list_kind ipm_list_sizes = {.what = "size", .add = lists_add_size};
const struct ipm_list_kind ipm_list_clients = {.what = "client count",
                                               .most = IPM_CLIENTS_MOST};
const struct ipm_list_kind ipm_list_pairs = {.what = "pair count",
                                             .most = IPM_PAIRS_MOST};
const struct ipm_list_kind ipm_list_inflight = {.what = "number of requests",
                                                .most = IPM_INFLIGHT_MOST};
const struct ipm_list_kind ipm_list_rates = {.what = "rate", .add = lists_add_rate};
const struct ipm_list_kind ipm_list_rates_or_sweep = {.what = "rate",
                                                      .add = lists_add_rate_or_sweep};
const struct ipm_list_kind ipm_list_pins = {
    .what = "placement", .add = lists_add_pin, .hint = lists_hint_pin};
const struct ipm_list_kind ipm_list_congestion = {.what = "congestion control",
                                                  .add = lists_add_congestion};

struct lists_filling {
    const struct ipm_list_kind *kind;
    void *list;
};

static int lists_fill(void *context, const char *item, struct ipm_err *err) {
    const struct lists_filling *filling = context;
    const struct ipm_list_kind *kind = filling->kind;
    uint64_t number = 0;
    if (kind->add != NULL)
        return kind->add(filling->list, item, err);
    const int code =
        ipm_units_parse(&ipm_unit_count, item, kind->what, 1, kind->most, &number, err);
    return code != 0 ? code : lists_add_number(filling->list, number, kind->what, err);
}

int ipm_lists_set(const struct ipm_option *option, void *target, const char *value,
                  struct ipm_err *err) {
    const struct ipm_list_kind *kind = option->table;
    struct lists_filling filling = {kind, ipm_optparse_member(option, target)};
    *(size_t *)filling.list = 0; /* every list starts with its count */
    const int code = ipm_lists_split(value, kind->what, lists_fill, &filling, err);
    if (code != 0 && kind->hint != NULL)
        kind->hint(value, err);
    return code;
}
