/* test_reports_words.c - what is found, as sentences. */
#include "model/report/highest.h"
#include "reports/columns/words.h"
#include "tests/support/assert.h"

#include <stdio.h>
#include <string.h>

static const char *highest_words(uint64_t held, uint64_t missed, uint64_t unknown) {
    static struct ipm_sentence words;
    static struct ipm_options options;
    struct ipm_highest highest = {.unknown_per_second = unknown};
    ipm_options_defaults(&options);
    (void)strcpy(options.target, "p99");
    options.target_ns = 200000;
    highest.config = ipm_settings_usual(&highest.config);
    (void)strcpy(highest.config.transport, "unix");
    highest.config.message_bytes = 64;
    highest.held.rate_per_second = held;
    highest.held_uncontended = held == 3000;
    highest.missed.rate_per_second = missed;
    words = ipm_text_highest(&highest, &options, false);
    return words.text;
}

Test(reports_words, a_highest_rate_always_names_its_transport_and_target) {
    static const struct {
        uint64_t held, missed, unknown;
        const char *words;
    } cases[] = {
        {1000, 0, 0,
         "unix holds p99 <= 200us up to 1.00k/s, the highest rate that was "
         "tried"},
        {1000, 2000, 0, "unix holds p99 <= 200us up to 1.00k/s (2.00k/s does not)"},
        {3000, 0, 0,
         "unix holds p99 <= 200us up to 3.00k/s in trials without "
         "contention, the highest rate that was tried"},
        {0, 2000, 0,
         "unix does not hold p99 <= 200us at 2.00k/s, the lowest rate that was tried"},
        {0, 2000, 1000,
         "unix does not hold p99 <= 200us at 2.00k/s, and is undecided at 1.00k/s: too "
         "few "
         "messages, or too much contention, to tell; a longer '--duration' has more "
         "messages"},
        {0, 0, 1000,
         "unix is undecided about p99 <= 200us at 1.00k/s: too few messages, or too much "
         "contention, to tell; a longer '--duration' has more messages"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char wanted[IPM_SENTENCE_BYTES];
        (void)snprintf(wanted, sizeof wanted, "64 B: %s", cases[i].words);
        cr_expect(eq(
            str, (char *)highest_words(cases[i].held, cases[i].missed, cases[i].unknown),
            wanted));
    }
}
