/* pattern.h - who sends what to whom inside the window.
 *
 * A pattern is one .c file in patterns/ and one row of patterns.def. */
#ifndef IPM_PATTERN_H
#define IPM_PATTERN_H

struct ipm_pump;

struct ipm_pattern {
    const char *name;    /* the word on the command line: "stream" */
    const char *summary; /* one line for `ipcmark list patterns`, no full stop */

    /* The measured window of each side: fills the pump's counts. Hot: no allocation, no
     * log. Returns 0 or a negative errno. */
    int (*parent)(struct ipm_pump *pump);
    int (*child)(struct ipm_pump *pump);
};

/* In the order of patterns.def; ends with NULL. */
extern const struct ipm_pattern *const ipm_patterns[];

/* The pattern of that name, or NULL. */
const struct ipm_pattern *ipm_pattern_find(const char *name);

#endif
