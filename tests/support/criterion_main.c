/* criterion_main.c - what every Criterion program of the tests has beside its tests. */
#include <criterion/criterion.h>
#include <criterion/hooks.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static bool main_ran_any(const struct criterion_global_stats *stats) {
    for (const struct criterion_suite_stats *suite = stats->suites; suite;
         suite = suite->next)
        for (const struct criterion_test_stats *test = suite->tests; test;
             test = test->next)
            if (!test->test->data->disabled)
                return true;
    return false;
}

/* Criterion tells why a test was skipped only among all that it can tell. */
ReportHook(POST_TEST)(struct criterion_test_stats *stats) {
    const struct criterion_test *test = stats->test;
    if (stats->test_status == CR_STATUS_SKIPPED && !test->data->disabled)
        (void)fprintf(stderr, "[SKIP] %s::%s: %s\n", test->category, test->name,
                      stats->message ? stats->message : "");
}

/* A filter that matches nothing is a mistake: Criterion would exit with status 0. It disables
 * what the filter does not match. */
ReportHook(POST_ALL)(struct criterion_global_stats *stats) {
    if (!main_ran_any(stats)) {
        (void)fprintf(stderr, "no test matches the filter\n");
        exit(EXIT_FAILURE);
    }
}

/* Criterion starts a process for each test, and libgit2, which it shows differences with,
 * reads the certificates of the whole world in each of them: half of the time of a test that
 * has little to do. This definition goes before that of libmbedx509. */
int mbedtls_x509_crt_parse_file(void *chain, const char *path);

__attribute__((visibility("default"))) int mbedtls_x509_crt_parse_file(void *chain,
                                                                       const char *path) {
    (void)chain;
    (void)path;
    return 0;
}
