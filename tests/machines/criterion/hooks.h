/* hooks.h - what support/criterion_main.c wants of Criterion; the stand-in calls no hook, and
 * does by itself what they do. */
#ifndef IPM_MACHINES_CRITERION_HOOKS_H
#define IPM_MACHINES_CRITERION_HOOKS_H

#include "criterion.h"

enum { CR_STATUS_SKIPPED = 1 };

struct criterion_test {
    const char *category;
    const char *name;
    const struct { bool disabled; } * data;
};

struct criterion_test_stats {
    const struct criterion_test *test;
    struct criterion_test_stats *next;
    int test_status;
    const char *message;
};

struct criterion_suite_stats {
    struct criterion_test_stats *tests;
    struct criterion_suite_stats *next;
};

struct criterion_global_stats {
    struct criterion_suite_stats *suites;
};

#define ReportHook(kind) __attribute__((unused)) static void standin_hook_##kind

#endif
