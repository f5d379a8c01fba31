/* setting.h - the settings of a case, and the table with everything that names, reports and
 * comparisons need to know of each. Plain data.
 *
 * A new setting is a member of struct ipm_case_config, one more in IPM_SETTINGS, a row of
 * ipm_settings, an option of the command line, and the code that obeys it. */
#ifndef IPM_MODEL_SETTING_H
#define IPM_MODEL_SETTING_H

#include "base/cell.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    IPM_CASE_NAME_BYTES = 192,
    IPM_NAME_BYTES =
        32, /* of a transport, a pattern, a congestion control, a placement */
};

/* Each member but the name is a setting and has a row in ipm_settings. */
struct ipm_case_config {
    char name[IPM_CASE_NAME_BYTES];
    char transport[IPM_NAME_BYTES];
    char pattern[IPM_NAME_BYTES];
    uint64_t message_bytes;
    uint64_t response_bytes;      /* of a response; 0: as large as its request */
    char io[IPM_NAME_BYTES];      /* "sync" */
    char framing[IPM_NAME_BYTES]; /* "none" */
    uint64_t clients;             /* 1 */
    uint64_t pairs; /* trials of one parent end and one child that run at once: 1 */
    char server[IPM_NAME_BYTES]; /* "" where no server strategy applies */
    char wait[IPM_NAME_BYTES];   /* "block", "hybrid", "hybrid:5us", "spin", "poll" */
    uint64_t batch;          /* messages per call: 1, unless the transport sends more */
    uint64_t inflight;       /* requests outstanding: 1 */
    uint64_t think_ns;       /* pause between a response and the next request: 0 */
    uint64_t sender_work_ns; /* of --work: for each message: 0 */
    uint64_t receiver_work_ns;
    uint64_t rate_per_second;        /* messages that each sender offers; 0: all it can */
    char arrivals[IPM_NAME_BYTES];   /* "fixed", "poisson"; "" without a rate */
    uint64_t buffer_bytes;           /* requested; 0: the kernel's default */
    uint64_t recv_bytes;             /* receive buffer per call */
    char congestion[IPM_NAME_BYTES]; /* requested; "": the system's default, or none */
    char pin[IPM_NAME_BYTES];        /* "none", "same", "split", "0:1" */
    int64_t sender_cpu;              /* pinned to; -1: not pinned */
    int64_t receiver_cpu;
    int64_t
        sender_core; /* the first CPU of the core that it is pinned to; -1: not known */
    int64_t receiver_core;
    char distance[IPM_NAME_BYTES]; /* "same", "smt", "llc", "cross-llc", "node"; "" */
    int64_t memory_node;           /* that memory is bound to; -1: it is not */
    bool touch;                    /* messages are written and read: --work */
    bool copy;                     /* where messages could be written and read in place */
    bool verify;
};

enum ipm_setting_type {
    IPM_SETTING_NAME,  /* char[IPM_NAME_BYTES], never empty */
    IPM_SETTING_TEXT,  /* char[IPM_NAME_BYTES], "" is none */
    IPM_SETTING_COUNT, /* uint64_t */
    IPM_SETTING_SIZE,  /* uint64_t, bytes */
    IPM_SETTING_TIME,  /* uint64_t, ns */
    IPM_SETTING_CPU,   /* int64_t, -1 is none: a CPU, a core, a node */
    IPM_SETTING_FLAG,  /* bool */
};

enum ipm_setting_flags {
    /* A list of the options makes a case for each item. In the name of a case, these
     * settings come before the common ones. */
    IPM_SETTING_LISTED = 1u << 0,
    /* It is requested once for a run: a member of ipm_options.common and of "settings". */
    IPM_SETTING_COMMON = 1u << 1,
    /* Only cases with equal values are compared: it makes a group, a chart, and the
     * conditions of the ratio to the pipe. */
    IPM_SETTING_CONDITION = 1u << 2,
    /* The same, but a chart may have it as its axis. */
    IPM_SETTING_AXIS = 1u << 3,
    /* It must be equal for the ratio to the pipe only: sections and labels show it. */
    IPM_SETTING_WORK = 1u << 4,
    IPM_SETTING_TITLE = 1u << 5,   /* in the title of a group, unless usual */
    IPM_SETTING_LABEL = 1u << 6,   /* in the label of a row, unless usual */
    IPM_SETTING_OR_NULL = 1u << 7, /* 0 is the default, and null in a report */
    /* It applies only to patterns that wait for a response to each request. */
    IPM_SETTING_OF_ANSWERS = 1u << 8,
    IPM_SETTING_PACE = 1u << 9,   /* it delays messages and changes nothing else */
    IPM_SETTING_PLACE = 1u << 10, /* it says where the ends run */
    /* Other values are other work: such cases are shown together, but not ranked. */
    IPM_SETTING_SCALE = 1u << 11,
    /* It applies only to patterns that send messages, not to connections. */
    IPM_SETTING_OF_MESSAGES = 1u << 12,
};

struct ipm_setting {
    const char *key;     /* in JSON and CSV: the name of the member */
    const char *word;    /* in names and titles: "/think=1000"; NULL: not in names */
    const char *mark;    /* in names, before the value, for "/think="; NULL: this */
    const char *option;  /* of the command line, where it is not the word */
    const char *one;     /* in titles "1 client", "2 clients", not "clients 2"; or NULL */
    const char *label;   /* for readers, of a requested setting; NULL: not shown */
    const char *unasked; /* for readers, the meaning of a requested 0; NULL: a value */
    const char *doc; /* of the case; "null: WHEN." is in it where null means something */
    const char *asked_doc; /* of the requested setting; NULL: the same */
    enum ipm_setting_type type;
    size_t offset;       /* in struct ipm_case_config */
    uint64_t least;      /* of a number in a report */
    uint64_t asked_most; /* of a requested number; 0: no limit */
    unsigned flags;
};

/* In the order of a report. */
enum { IPM_SETTINGS = 30 };
extern const struct ipm_setting ipm_settings[IPM_SETTINGS];

/* Returns the value for names, CSV files and comparisons: "20000", "split", "true"; "" for
 * none. */
struct ipm_cell ipm_setting_text(const struct ipm_setting *setting,
                                 const struct ipm_case_config *config);

/* Returns the value of a setting that is not a string; a flag is 0 or 1. */
uint64_t ipm_setting_number(const struct ipm_setting *setting,
                            const struct ipm_case_config *config);

/* Orders values, as qsort(3) wants it. */
int ipm_setting_compare(const struct ipm_setting *setting,
                        const struct ipm_case_config *a, const struct ipm_case_config *b);

bool ipm_setting_is_equal(const struct ipm_setting *setting,
                          const struct ipm_case_config *a,
                          const struct ipm_case_config *b);

/* Whether all settings that have any of the flags are equal. */
bool ipm_settings_are_equal(const struct ipm_case_config *a,
                            const struct ipm_case_config *b, unsigned flags);

/* Returns the set of the settings that have any of the flags: bit i is row i. */
uint64_t ipm_settings_with(unsigned flags);

/* Whether all settings of such a set are equal. */
bool ipm_settings_agree(const struct ipm_case_config *a, const struct ipm_case_config *b,
                        uint64_t settings);

/* Sets all settings that have any of the flags to 0, the default. */
void ipm_settings_clear(struct ipm_case_config *config, unsigned flags);

/* Returns the settings that names and titles of such a case leave out. The number of
 * clients is never left out where clients are served. */
struct ipm_case_config ipm_settings_usual(const struct ipm_case_config *config);

/* Whether both ends are pinned to the same CPU. */
static inline bool ipm_settings_share_cpu(const struct ipm_case_config *config) {
    return config->sender_cpu >= 0 && config->sender_cpu == config->receiver_cpu;
}

/* Whether a client pauses before its next request. */
static inline bool ipm_settings_thinks(const struct ipm_case_config *config) {
    return config->think_ns > 0;
}

/* Return the size of a response, the larger size of both directions, and the mean size of all
 * messages. Without responses all are message_bytes. */
uint64_t ipm_settings_response_bytes(const struct ipm_case_config *config);
uint64_t ipm_settings_larger_bytes(const struct ipm_case_config *config);
double ipm_settings_mean_bytes(const struct ipm_case_config *config);

#endif
