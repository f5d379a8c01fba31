/* fit_cli.c - the cost model as a filter, for a check by another implementation: each line
 * of standard input is a list of a size and a time each, each line of output the fixed part,
 * the part per byte, and the largest residual. */
#include "model/fit/fit.h"

#include <stdio.h>
#include <stdlib.h>

enum { FIT_MOST = 64 };

int main(void) {
    char *line = NULL;
    size_t line_bytes = 0;
    while (getline(&line, &line_bytes, stdin) > 0) {
        uint64_t sizes[FIT_MOST];
        double times[FIT_MOST];
        struct ipm_fit fit;
        size_t count = 0;
        char *at = line;
        for (char *end = NULL; count < FIT_MOST; count++) {
            sizes[count] = strtoull(at, &end, 10);
            if (end == at)
                break;
            times[count] = strtod(end, &at);
        }
        if (ipm_fit_of(&fit, &(struct ipm_fit_data){count, sizes, 1, times}) != 0)
            return 1;
        printf("%zu %.17g %.17g %.17g\n", fit.regime_count, fit.regimes[0].line.fixed_ns,
               fit.regimes[0].line.per_byte_ns, fit.residual_ratio);
    }
    free(line);
    return fflush(stdout) == 0 ? 0 : 1;
}
