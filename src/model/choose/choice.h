/* choice.h - the answer to "which transport?": ranked candidates out of one report. Plain
 * data; choice.c owns the arrays.
 *
 * Nothing is extrapolated. Rankings are made inside a group only, so placements and patterns
 * do not mix. */
#ifndef IPM_MODEL_CHOOSE_CHOICE_H
#define IPM_MODEL_CHOOSE_CHOICE_H

#include "model/fit/fit.h"
#include "model/metric.h"
#include "model/report/report.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ipm_choice_group;
struct ipm_transport;

enum {
    IPM_CHOICE_REASON_BYTES = 160,
    IPM_CHOICE_COMMAND_BYTES = 2048,
    IPM_CHOICE_INPUT_BYTES = 256,
};

/* A property of a transport that a program may need. */
struct ipm_need {
    const char *name;  /* on the command line: "boundaries" */
    const char *lacks; /* of a transport without it: "no message boundaries" */
    unsigned trait;    /* of patterns that need it too: enum ipm_trait */
    unsigned cap;      /* an enum ipm_cap that says it, or */
    bool (*has)(const struct ipm_transport *transport, const struct ipm_case *c);
};

/* Ends with an empty row. A set of needs is bits by number of the row. */
extern const struct ipm_need ipm_needs[];

struct ipm_choice_question {
    uint64_t message_bytes;
    const struct ipm_metric
        *bound; /* to rank by; NULL: the primary metric of the pattern */
    unsigned needs;
    struct ipm_options wanted; /* lists of patterns, placements and so on; empty: any */

    /* Finds a transport by its name; NULL for one that this program does not have. */
    const struct ipm_transport *(*find)(const char *name);
};

struct ipm_choice_candidate {
    struct ipm_case_config config; /* first: see reports/json/choice.c */
    size_t rank;       /* the same where the first of it is not known to be ahead */
    bool interpolated; /* by the model; else measured at that size: the example */
    const struct ipm_case *example;
    struct ipm_estimate value;
    struct ipm_estimate ratio;  /* how many times as good the first candidate is */
    struct ipm_estimate cpu_ns; /* of both ends per message; NaN: unknown */
    double loss_ratio;          /* lost messages, the mean of the trials; NaN: unknown */
    bool known;                 /* this program has the transport */
    bool rate_missed;   /* it has no such figure, as it did not achieve its rate */
    unsigned lacks;     /* needs that it does not have, requested or not */
    struct ipm_fit fit; /* of the metric over sizes */
};

/* A transport that is no candidate. */
struct ipm_choice_exclusion {
    struct ipm_case_config config;
    char reason[IPM_CHOICE_REASON_BYTES];
};

struct ipm_choice_group {
    struct ipm_case_config config; /* of one of its cases */
    const struct ipm_metric *metric;
    bool mixes; /* some ran on one CPU and some on two, so that none is a candidate */
    bool rate_missed; /* some did not achieve the rate, and none is a candidate */
    size_t candidate_count;
    struct ipm_choice_candidate *candidates; /* best first */
    size_t exclusion_count;
    struct ipm_choice_exclusion *exclusions;
};

struct ipm_choice {
    struct ipm_tool tool;               /* the program that chose */
    char input[IPM_CHOICE_INPUT_BYTES]; /* the name of the report */
    char hostname[IPM_TEXT_BYTES];
    char started_at[IPM_NAME_BYTES]; /* when it was measured */
    struct ipm_choice_question question;
    size_t group_count;
    struct ipm_choice_group *groups;
    bool rate_missed; /* all groups: the command is to find which rates are achieved */
    char
        command[IPM_CHOICE_COMMAND_BYTES]; /* that could answer; "": there is an answer */
    char error[IPM_REASON_BYTES];          /* why nothing was read, or "" */
};

/* Answers the question from the report: fills the groups. Returns 0 or -ENOMEM. Call
 * ipm_choice_done afterwards, also on error. */
int ipm_choice_make(struct ipm_choice *choice, const struct ipm_report *report);
void ipm_choice_done(struct ipm_choice *choice);

/* Returns the same value and interval; the other members are 0. */
struct ipm_statistic ipm_choice_statistic(const struct ipm_estimate *estimate);

/* Returns the number of candidates of all groups. */
size_t ipm_choice_count(const struct ipm_choice *choice);

/* Whether a transport has all needs of the set. `c`, whose settings may add or take some, may be
 * NULL. */
bool ipm_choice_meets(const struct ipm_transport *transport, const struct ipm_case *c,
                      unsigned needs);

/* Sorts the candidates and sets their ranks and ratios, or excludes all of them where their
 * placements mix. */
void ipm_choice_rank(struct ipm_choice_group *group,
                     const struct ipm_references *references);

#endif
