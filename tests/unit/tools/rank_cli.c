/* rank_cli.c - the tests by ranks as a filter, for a check by another implementation. Each line
 * of standard input is a word and one or two lists: "signed N v...", "sum N v... M v...",
 * "shift N v... M v..." or "holm N p...". Answered by "greater less count", "median low high" or
 * by the list. */
#include "model/compare/judge.h"
#include "model/compare/rank.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct ipm_rank_cache rank_cache;

static size_t rank_read(double **ret_values) {
    size_t count = 0;
    if (scanf("%zu", &count) != 1)
        exit(1);
    double *values = calloc(count + 1, sizeof *values);
    for (size_t i = 0; i < count; i++)
        if (!values || scanf("%lf", &values[i]) != 1)
            exit(1);
    *ret_values = values;
    return count;
}

static void rank_say(struct ipm_rank_test test) {
    printf("%.17g %.17g %zu\n", test.greater, test.less, test.count);
}

static void rank_shift(const double *a, size_t a_count, const double *b, size_t b_count) {
    struct ipm_shift shift;
    if (ipm_shift_of(&shift, &rank_cache, a, a_count, b, b_count) != 0)
        exit(1);
    printf("%.17g %.17g %.17g\n", shift.median, shift.low, shift.high);
}

static void rank_holm(double *values, size_t count) {
    if (ipm_rank_holm(values, count) != 0)
        exit(1);
    for (size_t i = 0; i < count; i++)
        printf("%.17g ", values[i]);
    printf("\n");
}

int main(void) {
    char word[16];
    while (scanf("%15s", word) == 1) {
        double *a = NULL;
        double *b = NULL;
        const size_t a_count = rank_read(&a);
        if (strcmp(word, "signed") == 0) {
            rank_say(ipm_rank_signed(&rank_cache, a, a_count));
        } else if (strcmp(word, "sum") == 0) {
            const size_t b_count = rank_read(&b);
            rank_say(ipm_rank_sum(&rank_cache, a, a_count, b, b_count));
        } else if (strcmp(word, "shift") == 0) {
            const size_t b_count = rank_read(&b);
            rank_shift(a, a_count, b, b_count);
        } else {
            rank_holm(a, a_count);
        }
        free(a);
        free(b);
    }
    ipm_rank_cache_done(&rank_cache);
    return fflush(stdout) == 0 ? 0 : 1;
}
