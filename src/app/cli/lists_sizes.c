/* lists_sizes.c - lists of numbers: of message sizes, with their ranges, and of clients. */
#include "app/cli/lists.h"

#include "app/cli/optparse.h"
#include "base/err.h"
#include "base/units.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int lists_parse_size(const char *item, uint64_t *ret_bytes, struct ipm_err *err) {
    uint64_t bytes = 0;
    int code = ipm_units_parse_size(item, "size", &bytes, err);
    if (code != 0)
        return code;
    if (bytes == 0 || bytes > IPM_SIZE_MOST) {
        ipm_err_set(err, -ERANGE, "size '%s' is too %s", item,
                    bytes == 0 ? "small" : "large");
        ipm_err_hint(err, "a message has 1 byte to 1G");
        return -ERANGE;
    }
    *ret_bytes = bytes;
    return 0;
}

static int lists_add_number(struct ipm_sizes *numbers, uint64_t number, const char *what,
                            struct ipm_err *err) {
    if (numbers->count == IPM_LIST_MOST)
        return ipm_err_set(err, -EINVAL, "more than %d %ss in one list", IPM_LIST_MOST,
                           what);
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
    if (dots == item || dots[2] == '\0') {
        ipm_err_set(err, -EINVAL, "the range '%s' lacks an end", item);
        ipm_err_hint(err, "write both ends: 64..1M");
        return -EINVAL;
    }
    (void)snprintf(from, sizeof from, "%.*s", (int)(dots - item), item);
    int code = lists_parse_size(from, &low, err);
    if (code == 0)
        code = lists_parse_size(dots + 2, &high, err);
    if (code != 0)
        return code;
    if (low > high) {
        ipm_err_set(err, -EINVAL, "the range '%s' runs backwards", item);
        ipm_err_hint(err, "write '%s..%s'", dots + 2, from);
        return -EINVAL;
    }
    return lists_add_steps(sizes, low, high, err);
}

static int lists_add_size(void *context, const char *item, struct ipm_err *err) {
    struct ipm_sizes *sizes = context;
    uint64_t bytes = 0;
    const char *dots = strstr(item, "..");
    if (dots != NULL)
        return lists_add_range(sizes, item, dots, err);
    int code = lists_parse_size(item, &bytes, err);
    return code != 0 ? code : lists_add_number(sizes, bytes, "size", err);
}

static int lists_set_numbers(const struct ipm_option *option, void *target,
                             const char *value, const char *what,
                             int (*add)(void *, const char *, struct ipm_err *),
                             struct ipm_err *err) {
    struct ipm_sizes numbers = {0};
    int code = ipm_lists_split(value, what, add, &numbers, err);
    if (code == 0)
        *(struct ipm_sizes *)ipm_optparse_member(option, target) = numbers;
    return code;
}

int ipm_lists_set_sizes(const struct ipm_option *option, void *target, const char *value,
                        struct ipm_err *err) {
    return lists_set_numbers(option, target, value, "size", lists_add_size, err);
}

static int lists_add_clients(void *context, const char *item, struct ipm_err *err) {
    uint64_t clients = 0;
    int code =
        ipm_units_parse_count(item, "client count", 1, IPM_CLIENTS_MOST, &clients, err);
    return code != 0 ? code : lists_add_number(context, clients, "client count", err);
}

int ipm_lists_set_clients(const struct ipm_option *option, void *target,
                          const char *value, struct ipm_err *err) {
    return lists_set_numbers(option, target, value, "client count", lists_add_clients,
                             err);
}
