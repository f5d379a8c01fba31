/* fact_list.h - as many facts as there are, on the heap: what a report keeps of each case. */
#ifndef IPM_MODEL_REPORT_FACT_LIST_H
#define IPM_MODEL_REPORT_FACT_LIST_H

#include "base/facts.h"

/* Zeroed is empty. The owner frees `items`. */
struct ipm_fact_list {
    size_t count;
    struct ipm_fact *items;
};

/* Replaces the list. Returns 0 or -ENOMEM. */
int ipm_fact_list_set(struct ipm_fact_list *list, const struct ipm_facts *facts);

/* Returns the fact of that key, or NULL. */
const struct ipm_fact *ipm_fact_list_find(const struct ipm_fact_list *list,
                                          const char *key);

#endif
