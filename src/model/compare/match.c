/* match.c - finds cases by name: by their number, or in a sorted list. */
#include "model/compare/match.h"

#include "model/report/report.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct ipm_match {
    const struct ipm_report *report;
    bool is_sorted; /* by the first search that needs it */
    const struct ipm_case **cases;
};

void ipm_matches_free(struct ipm_match *matches, size_t count) {
    for (size_t i = 0; matches && i < count; i++)
        free((void *)matches[i].cases);
    free(matches);
}

struct ipm_match *ipm_matches_new(const struct ipm_report *reports, size_t count) {
    struct ipm_match *matches = calloc(count + 1, sizeof *matches);
    for (size_t i = 0; matches && i < count; i++) {
        matches[i].report = &reports[i];
        matches[i].cases = calloc(reports[i].case_count + 1, sizeof(void *));
        if (matches[i].cases)
            continue;
        ipm_matches_free(matches, count);
        return NULL;
    }
    return matches;
}

/* Cases of one name keep their order. */
static int match_order(const void *left, const void *right) {
    const struct ipm_case *a = *(const struct ipm_case *const *)left;
    const struct ipm_case *b = *(const struct ipm_case *const *)right;
    const int order = strcmp(a->config.name, b->config.name);
    return order != 0 ? order : (a > b) - (a < b);
}

static void match_sort(struct ipm_match *match) {
    const struct ipm_report *report = match->report;
    for (size_t i = 0; i < report->case_count; i++)
        match->cases[i] = &report->cases[i];
    qsort((void *)match->cases, report->case_count, sizeof(void *), match_order);
    match->is_sorted = true;
}

static const struct ipm_case *match_search(const struct ipm_match *match,
                                           const char *name) {
    size_t low = 0; /* all names before it are less */
    size_t high = match->report->case_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (strcmp(match->cases[middle]->config.name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    const struct ipm_case *c = match->cases[low]; /* NULL behind the last one */
    return c && strcmp(c->config.name, name) == 0 ? c : NULL;
}

const struct ipm_case *ipm_match_find(struct ipm_match *matches, size_t which,
                                      const char *name, size_t number) {
    struct ipm_match *match = &matches[which];
    const struct ipm_report *report = match->report;
    if (number < report->case_count &&
        strcmp(report->cases[number].config.name, name) == 0)
        return &report->cases[number];
    if (!match->is_sorted)
        match_sort(match);
    return match_search(match, name);
}
