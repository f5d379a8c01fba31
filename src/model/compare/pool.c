/* pool.c - trials that were measured in many short runs, as those of one. */
#include "model/compare/compare.h"

#include <errno.h>
#include <string.h>

static struct ipm_case *pool_find(struct ipm_report *pool, const struct ipm_case *c) {
    for (size_t i = 0; i < pool->case_count; i++)
        if (strcmp(pool->cases[i].config.name, c->config.name) == 0)
            return &pool->cases[i];
    struct ipm_case *added = ipm_report_add_case(pool);
    if (added == NULL)
        return NULL;
    added->config = c->config;
    added->primary = c->primary;
    return added;
}

static int pool_case(struct ipm_report *pool, struct ipm_case *c, uint64_t round) {
    struct ipm_case *to = pool_find(pool, c);
    const size_t count = c->status == IPM_CASE_OK ? c->trial_count : 0;
    if (to == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++) {
        struct ipm_sample *trial = ipm_case_add_trial(to);
        if (trial == NULL)
            return -ENOMEM;
        *trial = c->trials[i];
        trial->round = round;
        memset(&c->trials[i], 0, sizeof c->trials[i]); /* the pool owns what it has */
    }
    return 0;
}

static int pool_report(struct ipm_report *pool, struct ipm_report *report,
                       uint64_t round) {
    int failed = 0;
    pool->references.sizes = report->references.sizes;
    if (report->references.count > 0) {
        struct ipm_reference_round *added = ipm_references_add_round(&pool->references);
        if (added == NULL)
            return -ENOMEM;
        *added = report->references.rounds[0];
        added->round = round;
    }
    for (size_t i = 0; i < report->case_count && !failed; i++)
        failed = pool_case(pool, &report->cases[i], round);
    return failed;
}

int ipm_compare_pool(struct ipm_report *pool, struct ipm_report *first,
                     struct ipm_report *second, size_t count) {
    int failed = 0;
    for (size_t i = 0; i < count && !failed; i++) {
        failed = pool_report(pool, &first[i], 2 * i);
        if (!failed)
            failed = pool_report(pool, &second[i], 2 * i + 1);
    }
    return failed;
}
