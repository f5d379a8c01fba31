/* warning.h - the warnings of a report, in one enum. */
#ifndef IPM_MODEL_REPORT_WARNING_H
#define IPM_MODEL_REPORT_WARNING_H

#include <stdbool.h>
#include <stddef.h>

struct ipm_case;
struct ipm_report;
struct ipm_strbuf;

enum ipm_warning_code {
    IPM_WARN_UNUSED,        /* an option has no effect on any case */
    IPM_WARN_GOVERNOR,      /* the CPUs are clocked down when idle */
    IPM_WARN_LOAD,          /* other programs keep the machine busy */
    IPM_WARN_QUOTA,         /* a quota limits the CPU time */
    IPM_WARN_FEW_CPUS,      /* one CPU for two ends */
    IPM_WARN_ONE_CPU,       /* the scheduler ran both ends on one CPU */
    IPM_WARN_MIGRATED,      /* an end migrated between CPUs */
    IPM_WARN_WIDE_INTERVAL, /* the interval hides small differences */
    IPM_WARN_FEW_ROUNDS,    /* too few rounds for an interval */
    IPM_WARN_LOSS,          /* messages were lost */
    IPM_WARN_DAMAGE,        /* messages arrived duplicated, out of order or corrupt */
    IPM_WARN_BUFFER,        /* the kernel gave less buffering than requested or usual */
    IPM_WARN_CONGESTION,    /* the congestion control reduces throughput on loopback */
    IPM_WARN_SHORT,         /* windows much shorter or longer than requested */
    IPM_WARN_STOPPED,       /* the program or the machine was stopped during trials */
    IPM_WARN_BUILD,         /* not an optimised build */
    IPM_WARN_NOTICE,        /* a notice of a transport */
    IPM_WARN_CODES,
};

enum { IPM_WARNING_TEXT_BYTES = 320, IPM_WARNINGS_MOST = 32 };

struct ipm_warning {
    char code[32];                        /* "wide_interval": stable, for machines */
    char message[IPM_WARNING_TEXT_BYTES]; /* what is wrong, with the cases it concerns */
    char advice[IPM_WARNING_TEXT_BYTES];  /* what to do */
};

struct ipm_warnings {
    size_t count;
    struct ipm_warning items[IPM_WARNINGS_MOST];
};

/* Fills report->warnings from host, settings and cases: at most one for each code, with the
 * first few cases it concerns and the number of the others. */
void ipm_warnings_derive(struct ipm_report *report);

/* By code. A rule looks at the run as a whole (`run`) and words the message; or it looks at
 * each case (`concerns`) and words what is particular to that case, or nothing: then the
 * message is `lead` and these cases. Each function returns whether it is so. A rule with
 * neither is for the notices of transports. */
struct ipm_warning_rule {
    const char *word;
    const char *advice;
    const char *lead;
    bool (*run)(const struct ipm_report *report, struct ipm_strbuf *message);
    bool (*concerns)(const struct ipm_report *report, const struct ipm_case *c,
                     struct ipm_strbuf *detail);
};

extern const struct ipm_warning_rule ipm_warning_rules[IPM_WARN_CODES];

#endif
