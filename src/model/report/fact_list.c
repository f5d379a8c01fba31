/* fact_list.c - the facts that a report keeps. */
#include "model/report/fact_list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const struct ipm_fact *ipm_fact_list_find(const struct ipm_fact_list *list,
                                          const char *key) {
    for (size_t at = 0; at < list->count; at++)
        if (strcmp(list->items[at].key, key) == 0)
            return &list->items[at];
    return NULL;
}

int ipm_fact_list_set(struct ipm_fact_list *list, const struct ipm_facts *facts) {
    struct ipm_fact *items = reallocarray(list->items, facts->count + 1, sizeof *items);
    if (!items)
        return -ENOMEM;
    memcpy(items, facts->items, facts->count * sizeof *items);
    *list = (struct ipm_fact_list){.count = facts->count, .items = items};
    return 0;
}
