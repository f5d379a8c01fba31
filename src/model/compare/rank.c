/* rank.c - rank tests: exact distributions of rank sums. */
#include "model/compare/rank.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct rank_item {
    double value; /* the value */
    bool first;   /* belongs to the list whose ranks are summed */
    size_t rank;  /* twice the rank if any is shared */
    size_t place; /* in the list of the caller, where it is needed */
};

/* Ranked items, ascending. Sums of ranks are counted from the least possible sum. */
struct rank_list {
    size_t count;
    size_t wanted; /* number of items whose ranks are summed */
    bool tied;
    size_t seen; /* the observed sum */
    size_t span; /* the largest possible sum */
    struct rank_item *items;
};

/* `wanted` where each item is selected with probability 1/2. */
static const size_t RANK_ANY = SIZE_MAX;

static int rank_compare(const void *left, const void *right) {
    const double a = ((const struct rank_item *)left)->value;
    const double b = ((const struct rank_item *)right)->value;
    return (a > b) - (a < b);
}

/* Gives equal values twice their mean rank, which is whole. */
static void rank_share(struct rank_list *list) {
    struct rank_item *items = list->items;
    qsort(items, list->count, sizeof *items, rank_compare);
    for (size_t from = 0, to; from < list->count; from = to) {
        for (to = from; to < list->count && items[to].value == items[from].value;)
            to++;
        for (size_t i = from; i < to; i++)
            items[i].rank = from + 1 + to;
        list->tied = list->tied || to - from > 1;
    }
}

/* Ranks the items and sums the ranks. */
static void rank_list_sum(struct rank_list *list) {
    const bool any = list->wanted == RANK_ANY;
    rank_share(list);
    for (size_t i = 0; i < list->count; i++) {
        struct rank_item *item = &list->items[i];
        item->rank /= list->tied ? 1 : 2;
        list->seen += item->first ? item->rank : 0;
        list->seen -= !any && i < list->wanted ? item->rank : 0;
        list->span += any || i >= list->count - list->wanted ? item->rank : 0;
        list->span -= !any && i < list->wanted ? item->rank : 0;
    }
}

/* --- distributions ---------------------------------------------------------------------- */

/* Returns the probability of each sum where each item is selected with probability 1/2, or
 * NULL. */
static double *rank_flip(const struct rank_list *list) {
    size_t most = 0;
    double *chance = calloc(list->span + 1, sizeof *chance);
    if (!chance)
        return NULL;
    chance[0] = 1;
    for (size_t i = 0; i < list->count; i++) {
        const size_t rank = list->items[i].rank;
        most += rank;
        for (size_t s = most + 1; s-- > 0;)
            chance[s] = (chance[s] + (s >= rank ? chance[s - rank] : 0)) / 2;
    }
    return chance;
}

/* Adds one item: it is drawn, which adds `more` to the sum of a row with one item less, or
 * as many are drawn without it. `wanted` items are still to be drawn of `left` remaining
 * ones, which include it. */
static void rank_draw_one(double *restrict row, const double *restrict lower, size_t top,
                          size_t more, double wanted, double left) {
    const double stays = fmax((left - wanted) / left, 0);
    const double comes = (wanted + 1) / left;
    for (size_t s = 0; s <= top; s++)
        row[s] *= stays;
    for (size_t s = more; lower && s <= top; s++)
        row[s] += lower[s - more] * comes;
}

/* Fills rows[k][s], the probability that k of the items are drawn and sum to s. A row has
 * span + 1 values. tops[k] is the largest sum of k items so far. Numbers of items that
 * cannot lead to `wanted` are left out. */
static void rank_draw_rows(double *rows, size_t *tops, const struct rank_list *list) {
    const size_t wanted = list->wanted;
    for (size_t i = 0; i < list->count; i++) {
        const size_t left = list->count - i;
        const size_t least = wanted >= left ? wanted - left + 1 : 0;
        for (size_t k = (i < wanted ? i + 1 : wanted) + 1; k-- > least;) {
            double *row = rows + k * (list->span + 1);
            const size_t more = k > 0 ? list->items[i].rank - list->items[k - 1].rank : 0;
            tops[k] = k > 0 ? tops[k - 1] + more : 0;
            rank_draw_one(row, k > 0 ? row - (list->span + 1) : NULL, tops[k], more,
                          (double)(wanted - k), (double)left);
        }
    }
}

/* Returns the probability of each sum where the wanted number is drawn, or NULL. */
static double *rank_draw(const struct rank_list *list) {
    const size_t size = list->span + 1;
    /* NOLINTNEXTLINE(clang-analyzer-optin.portability.UnixAPI): both are small */
    double *rows = calloc((list->wanted + 1) * size, sizeof *rows);
    size_t *tops = calloc(list->wanted + 1, sizeof *tops);
    double *chance = calloc(size, sizeof *chance);
    if (rows && tops && chance) {
        rows[0] = 1;
        rank_draw_rows(rows, tops, list);
        memcpy(chance, rows + list->wanted * size, size * sizeof *chance);
    }
    free(rows);
    free(tops);
    if (rows && tops)
        return chance;
    free(chance);
    return NULL;
}

static double *rank_chance(const struct rank_list *list) {
    return list->wanted == RANK_ANY ? rank_flip(list) : rank_draw(list);
}

static void rank_forget(struct ipm_rank_chance *item) {
    free(item->ranks);
    free(item->chance);
    *item = (struct ipm_rank_chance){0};
}

void ipm_rank_cache_done(struct ipm_rank_cache *cache) {
    for (size_t i = 0; i < IPM_RANK_CACHED; i++)
        rank_forget(&cache->items[i]);
    cache->added = 0;
}

static bool rank_is_of(const struct ipm_rank_chance *item, const struct rank_list *list) {
    bool same = item->count == list->count && item->wanted == list->wanted;
    for (size_t i = 0; i < list->count && same; i++)
        same = item->ranks[i] == list->items[i].rank;
    return same;
}

/* Returns the distribution of a list, or NULL: no memory. It is valid until the next call. */
static const double *rank_cached(struct ipm_rank_cache *cache,
                                 const struct rank_list *list) {
    for (size_t i = 0; i < IPM_RANK_CACHED; i++)
        if (rank_is_of(&cache->items[i], list))
            return cache->items[i].chance;
    struct ipm_rank_chance *item = &cache->items[cache->added++ % IPM_RANK_CACHED];
    rank_forget(item);
    item->ranks = calloc(list->count, sizeof *item->ranks);
    item->chance = item->ranks ? rank_chance(list) : NULL;
    for (size_t i = 0; item->chance && i < list->count; i++)
        item->ranks[i] = list->items[i].rank;
    item->count = item->chance ? list->count : 0;
    item->wanted = list->wanted;
    return item->chance;
}

/* --- tests ------------------------------------------------------------------------------ */

static void rank_tails(struct ipm_rank_test *test, const double *chance,
                       const struct rank_list *list) {
    double below = 0;
    double above = 0;
    for (size_t s = 0; s <= list->seen; s++)
        below += chance[s];
    for (size_t s = list->span + 1; s-- > list->seen;)
        above += chance[s];
    test->less = fmin(below, 1);
    test->greater = fmin(above, 1);
}

static struct ipm_rank_test rank_test(struct ipm_rank_cache *cache,
                                      struct rank_list *list, size_t most) {
    struct ipm_rank_test test = {.greater = NAN, .less = NAN, .count = list->count};
    if (list->count == 0 || list->count > most)
        return test;
    rank_list_sum(list);
    const double *chance = rank_cached(cache, list);
    if (chance)
        rank_tails(&test, chance, list);
    return test;
}

struct ipm_rank_test ipm_rank_signed(struct ipm_rank_cache *cache,
                                     const double *differences, size_t count) {
    struct rank_list list = {.items = calloc(count + 1, sizeof *list.items),
                             .wanted = RANK_ANY};
    for (size_t i = 0; list.items && i < count; i++)
        if (fabs(differences[i]) > 0)
            list.items[list.count++] = (struct rank_item){.value = fabs(differences[i]),
                                                          .first = differences[i] > 0};
    const struct ipm_rank_test test = rank_test(cache, &list, IPM_RANK_MOST);
    free(list.items);
    return test;
}

static void rank_gather(struct rank_list *list, const double *values, size_t count,
                        bool first) {
    for (size_t i = 0; list->items && i < count; i++)
        if (!isnan(values[i]))
            list->items[list->count++] =
                (struct rank_item){.value = values[i], .first = first};
}

struct ipm_rank_test ipm_rank_sum(struct ipm_rank_cache *cache, const double *a,
                                  size_t a_count, const double *b, size_t b_count) {
    struct rank_list list = {.items = calloc(a_count + b_count + 1, sizeof *list.items)};
    rank_gather(&list, a, a_count, true);
    list.wanted = list.count;
    rank_gather(&list, b, b_count, false);
    const bool both = list.wanted > 0 && list.wanted < list.count;
    const struct ipm_rank_test test =
        rank_test(cache, &list, both ? IPM_RANK_SUM_MOST : 0);
    free(list.items);
    return test;
}

/* Returns the largest k with P(U < k) at most half of the error. U is the rank sum less its
 * smallest possible value. */
static size_t rank_outside(const double *chance, size_t most, double missed) {
    double below = chance[0];
    size_t k = 0;
    while (k < most && below <= missed / 2)
        below += chance[++k];
    return k;
}

size_t ipm_rank_sum_outside(struct ipm_rank_cache *cache, size_t a_count, size_t b_count,
                            double confidence) {
    struct rank_list list = {.count = a_count + b_count, .wanted = a_count};
    size_t outside = 0;
    if (a_count == 0 || b_count == 0 || list.count > IPM_RANK_SUM_MOST)
        return 0;
    list.items = calloc(list.count, sizeof *list.items);
    for (size_t i = 0; list.items && i < list.count; i++)
        list.items[i] = (struct rank_item){.value = (double)i, .first = i < a_count};
    if (list.items) {
        rank_list_sum(&list);
        const double *chance = rank_cached(cache, &list);
        outside = chance ? rank_outside(chance, list.span, 1 - confidence) : 0;
    }
    free(list.items);
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

/* --- Student ---------------------------------------------------------------------------- */

/* By its finite series: Abramowitz and Stegun, 26.7.3 and 26.7.4. */
static const double STUDENT_MOST = 1e4; /* beyond all limits that are asked for */

double ipm_student_above(double t, size_t freedom) {
    assert(freedom > 0);
    const double angle = atan(fabs(t) / sqrt((double)freedom));
    const double cosine = cos(angle);
    const size_t odd = freedom % 2;
    double term = odd ? cosine : 1;
    double sum = freedom == 1 ? 0 : term;
    for (size_t k = 2 + odd; k < freedom; k += 2) {
        term *= (double)(k - 1) / (double)k * cosine * cosine;
        sum += term;
    }
    const double inside = odd ? (angle + sin(angle) * sum) / acos(0) : sin(angle) * sum;
    return t < 0 ? (1 + inside) / 2 : (1 - inside) / 2;
}

double ipm_student_limit(double probability, size_t freedom) {
    double low = 0;
    double high = STUDENT_MOST;
    for (int i = 0; i < 60; i++) {
        const double middle = (low + high) / 2;
        if (ipm_student_above(middle, freedom) > probability)
            low = middle;
        else
            high = middle;
    }
    return high;
}
