/* pattern.h - who sends what to whom inside the window.
 *
 * A pattern is one .c file in patterns/ and one row of patterns.def. */
#ifndef IPM_RUN_PATTERNS_PATTERN_H
#define IPM_RUN_PATTERNS_PATTERN_H

#include "model/plan/plan.h"
#include "model/report/sample.h"

struct ipm_pump;

struct ipm_pattern {
    struct ipm_kind kind; /* name ("stream"), traits, primary metric */
    const char *summary;  /* one line for `ipcmark list patterns`, no full stop */

    const char *does[IPM_ROLES]; /* "send", for "cannot send: Broken pipe" */

    /* Cold. Called on each side when its pump is made; allocates pump->own where the
     * window needs it. Returns 0 or a negative errno. done is called also after an
     * error and without a prepare. Both are NULL where nothing is needed. */
    int (*prepare)(struct ipm_pump *pump, struct ipm_err *err);
    void (*done)(struct ipm_pump *pump);

    /* The measured window of each side: fills the counts of the pump, and of pump->back
     * where messages go both ways. With IPM_TRAIT_CLIENTS the parent's pump->own is the
     * service that its end belongs to. Hot: no allocation, no log. Returns 0 or a negative
     * errno. */
    int (*parent)(struct ipm_pump *pump);
    int (*child)(struct ipm_pump *pump);
};

#define IPM_PATTERN(word) extern const struct ipm_pattern ipm_pattern_##word;
#include "run/patterns/patterns.def"
#undef IPM_PATTERN

/* In the order of patterns.def; ends with NULL. */
extern const struct ipm_pattern *const ipm_patterns[];

/* Returns the pattern of that name, or NULL. */
const struct ipm_pattern *ipm_pattern_find(const char *name);

#endif
