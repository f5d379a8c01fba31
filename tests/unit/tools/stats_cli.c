/* stats_cli.c - the statistics as a filter, for a check by another implementation: each
 * line of standard input is a list of numbers, each line of output its statistic. */
#include "model/report/stats.h"

#include <stdio.h>
#include <stdlib.h>

/* Reads one list, however long. Returns how many values it has. */
static size_t cli_read(char *line, double **values, size_t *room) {
    size_t count = 0;
    char *end = line;
    for (;;) {
        const char *at = end;
        const double value = strtod(at, &end);
        if (end == at)
            return count;
        if (count == *room) {
            *room = *room ? 2 * *room : 64;
            *values = reallocarray(*values, *room, sizeof **values);
            if (!*values)
                exit(1);
        }
        (*values)[count++] = value;
    }
}

int main(void) {
    char *line = NULL;
    size_t line_bytes = 0;
    double *values = NULL;
    size_t room = 0;
    while (getline(&line, &line_bytes, stdin) > 0) {
        const size_t count = cli_read(line, &values, &room);
        const struct ipm_statistic s = ipm_stats_of(values, count);
        printf("%zu %.17g %.17g %.17g %.17g %.17g %.17g %.17g\n", s.count, s.median,
               s.ci95_low, s.ci95_high, s.mean, s.stddev, s.min, s.max);
    }
    free(values);
    free(line);
    return fflush(stdout) == 0 ? 0 : 1;
}
