/* rank.c - rank tests: exact distributions of rank sums. */
#include "model/compare/rank.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

struct rank_item {
    double value;   /* the value */
    bool first;     /* belongs to the list whose ranks are summed */
    size_t doubled; /* twice the rank, which is whole for shared ranks, too */
    size_t place;   /* in the list of the caller, where it is needed */
};

static int rank_compare(const void *left, const void *right) {
    const double a = ((const struct rank_item *)left)->value;
    const double b = ((const struct rank_item *)right)->value;
    return (a > b) - (a < b);
}

/* Sorts, and gives equal values their mean rank. Returns twice the rank sum of the first
 * list. */
static size_t rank_items(struct rank_item *items, size_t count) {
    size_t sum = 0;
    qsort(items, count, sizeof *items, rank_compare);
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from; to < count && items[to].value == items[from].value;)
            to++;
        for (size_t i = from; i < to; i++) {
            items[i].doubled = from + 1 + to;
            sum += items[i].first ? items[i].doubled : 0;
        }
    }
    return sum;
}

/* chance[s] is the probability that the selected ranks sum to s, where each is selected
 * with probability 1/2. */
static void rank_flip(double *chance, const struct rank_item *items, size_t count) {
    size_t most = 0;
    chance[0] = 1;
    for (size_t i = 0; i < count; i++) {
        const size_t rank = items[i].doubled;
        most += rank;
        for (size_t s = most + 1; s-- > 0;)
            chance[s] = (chance[s] + (s >= rank ? chance[s - rank] : 0)) / 2;
    }
}

static void rank_tails(struct ipm_rank_test *test, const double *chance, size_t sums,
                       size_t seen) {
    double below = 0;
    double above = 0;
    for (size_t s = 0; s <= seen; s++)
        below += chance[s];
    for (size_t s = sums; s-- > seen;)
        above += chance[s];
    test->less = fmin(below, 1);
    test->greater = fmin(above, 1);
}

struct ipm_rank_test ipm_rank_signed(const double *differences, size_t count) {
    struct ipm_rank_test test = {.greater = NAN, .less = NAN};
    struct rank_item *items = calloc(count + 1, sizeof *items);
    for (size_t i = 0; items && i < count; i++)
        if (fabs(differences[i]) > 0)
            items[test.count++] = (struct rank_item){.value = fabs(differences[i]),
                                                     .first = differences[i] > 0};
    const size_t sums = test.count * (test.count + 1) + 1;
    double *chance = NULL;
    if (test.count > 0 && test.count <= IPM_RANK_MOST)
        chance = calloc(sums, sizeof *chance);
    if (chance) {
        const size_t seen = rank_items(items, test.count);
        rank_flip(chance, items, test.count);
        rank_tails(&test, chance, sums, seen);
    }
    free(chance);
    free(items);
    return test;
}

static size_t rank_gather(struct rank_item *items, size_t filled, const double *values,
                          size_t count, bool first) {
    for (size_t i = 0; i < count; i++)
        if (!isnan(values[i]))
            items[filled++] = (struct rank_item){.value = values[i], .first = first};
    return filled;
}

/* Adds one item: it is drawn, or as many are drawn without it. `wanted` items are still to
 * be drawn of `left` remaining ones, which include it. */
static void rank_draw_one(double *row, const double *lower, size_t sums, size_t rank,
                          double wanted, double left) {
    const double stays = fmax((left - wanted) / left, 0);
    const double comes = (wanted + 1) / left;
    for (size_t s = sums; s-- > 0;)
        row[s] = row[s] * stays + (lower && s >= rank ? lower[s - rank] * comes : 0);
}

/* rows[k][s] is the probability that k of the items so far are drawn and sum to s, where
 * `wanted` of `count` items are drawn at random. A row has `sums` values. */
static void rank_draw(double *rows, size_t sums, const struct rank_item *items,
                      size_t count, size_t wanted) {
    rows[0] = 1;
    for (size_t i = 0; i < count; i++) {
        const double left = (double)(count - i);
        for (size_t k = wanted + 1; k-- > 0;)
            rank_draw_one(rows + k * sums, k > 0 ? rows + (k - 1) * sums : NULL, sums,
                          items[i].doubled, (double)(wanted - k), left);
    }
}

static void rank_sum_of(struct ipm_rank_test *test, struct rank_item *items, size_t count,
                        size_t wanted) {
    const size_t sums = count * (count + 1) + 1;
    double *rows = calloc((wanted + 1) * sums, sizeof *rows);
    if (!rows)
        return;
    const size_t seen = rank_items(items, count);
    rank_draw(rows, sums, items, count, wanted);
    rank_tails(test, rows + wanted * sums, sums, seen);
    free(rows);
}

struct ipm_rank_test ipm_rank_sum(const double *a, size_t a_count, const double *b,
                                  size_t b_count) {
    struct ipm_rank_test test = {.greater = NAN, .less = NAN};
    struct rank_item *items = calloc(a_count + b_count + 1, sizeof *items);
    if (!items)
        return test;
    const size_t first = rank_gather(items, 0, a, a_count, true);
    test.count = rank_gather(items, first, b, b_count, false);
    if (first > 0 && first < test.count && test.count <= IPM_RANK_SUM_MOST)
        rank_sum_of(&test, items, test.count, first);
    free(items);
    return test;
}

/* Returns the largest k with P(U < k) at most half of the error. U is the rank sum less its
 * smallest possible value; sums are doubled. */
static size_t rank_outside(const double *chance, size_t a_count, size_t most,
                           double missed) {
    const size_t least = a_count * (a_count + 1);
    double below = chance[least];
    size_t k = 0;
    while (k < most && below <= missed / 2)
        below += chance[least + 2 * ++k];
    return k;
}

size_t ipm_rank_sum_outside(size_t a_count, size_t b_count, double confidence) {
    const size_t count = a_count + b_count;
    const size_t sums = count * (count + 1) + 1;
    size_t outside = 0;
    if (a_count == 0 || b_count == 0 || count > IPM_RANK_SUM_MOST)
        return 0;
    struct rank_item *items = calloc(count, sizeof *items);
    double *rows = calloc((a_count + 1) * sums, sizeof *rows);
    for (size_t i = 0; items && i < count; i++)
        items[i] = (struct rank_item){.doubled = 2 * (i + 1)};
    if (items && rows) {
        rank_draw(rows, sums, items, count, a_count);
        outside = rank_outside(rows + a_count * sums, a_count, a_count * b_count,
                               1 - confidence);
    }
    free(items);
    free(rows);
    return outside;
}

int ipm_rank_holm(double *probabilities, size_t count) {
    struct rank_item *sorted = calloc(count + 1, sizeof *sorted);
    size_t known = 0;
    double least = 0;
    if (!sorted)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++)
        if (!isnan(probabilities[i]))
            sorted[known++] = (struct rank_item){.value = probabilities[i], .place = i};
    qsort(sorted, known, sizeof *sorted, rank_compare);
    for (size_t i = 0; i < known; i++) {
        least = fmax(least, fmin((double)(known - i) * sorted[i].value, 1));
        probabilities[sorted[i].place] = least;
    }
    free(sorted);
    return 0;
}
