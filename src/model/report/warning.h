/* warning.h - the warnings of a report, in one enum. */
#ifndef IPM_MODEL_REPORT_WARNING_H
#define IPM_MODEL_REPORT_WARNING_H

#include <stdbool.h>
#include <stddef.h>

struct ipm_case;
struct ipm_host;
struct ipm_report;
struct ipm_strbuf;

/* In the order of the report: worst first, by what it does to a figure. The first ones make
 * figures void or those of something else; the last ones make them less exact. */
enum ipm_warning_code {
    IPM_WARN_DAMAGE,      /* messages arrived duplicated, out of order or corrupt */
    IPM_WARN_UNUSED,      /* an option has no effect on any case */
    IPM_WARN_BUILD,       /* not an optimised build */
    IPM_WARN_QUOTA,       /* a quota limits the CPU time */
    IPM_WARN_STOPPED,     /* the program or the machine was stopped during trials */
    IPM_WARN_FEW_CPUS,    /* one CPU for two ends */
    IPM_WARN_LOAD,        /* other programs keep the machine busy */
    IPM_WARN_STEAL,       /* the host of the virtual machine took CPU time */
    IPM_WARN_CONTENDED,   /* trials waited for CPU time that others took */
    IPM_WARN_SLOWED,      /* in most trials the CPU was slower than in the fastest one */
    IPM_WARN_CLOCKSOURCE, /* the clock is read by a system call */
    IPM_WARN_GOVERNOR,    /* the CPUs are clocked down when idle */
    IPM_WARN_BUFFER,      /* the kernel gave less buffering than requested or usual */
    IPM_WARN_LOSS,        /* messages were lost */
    IPM_WARN_CONGESTION,  /* the congestion control reduces throughput on loopback */
    IPM_WARN_ONE_CPU,     /* the scheduler ran both ends on one CPU */
    IPM_WARN_MIGRATED,    /* an end migrated between CPUs */
    IPM_WARN_WIDE_INTERVAL, /* the interval hides small differences */
    IPM_WARN_FEW_ROUNDS,    /* too few rounds for an interval */
    IPM_WARN_SATURATED,     /* a case did not keep up with its rate */
    IPM_WARN_SHORT,         /* windows much shorter or longer than requested */
    IPM_WARN_NOTICE,        /* a notice of a transport */
    IPM_WARN_CODES,
};

enum {
    IPM_WARNING_TEXT_BYTES = 320,
    IPM_WARNINGS_MOST = 32,
    IPM_WARNINGS_TOP = 3, /* lines that are shown by default */
    IPM_WARNING_ADVICE_MOST = 3,
};

struct ipm_warning {
    char code[32];                        /* "wide_interval": stable, for machines */
    char cause[32];                       /* the code that explains it, or "" */
    char message[IPM_WARNING_TEXT_BYTES]; /* what is wrong, with the cases it concerns */
    char effect[IPM_WARNING_TEXT_BYTES];  /* what that did to which figure, or "" */
    char advice[IPM_WARNING_TEXT_BYTES];  /* what to do, or "" */
    char line[IPM_WARNING_TEXT_BYTES]; /* the short form; "" where another explains it */
};

struct ipm_warnings {
    size_t count;
    struct ipm_warning items[IPM_WARNINGS_MOST];
};

/* Which warnings a person sees. The words end with NULL. */
enum ipm_warnings_shown {
    IPM_WARNINGS_SHOW_TOP,
    IPM_WARNINGS_SHOW_ALL,
    IPM_WARNINGS_SHOW_NONE
};
extern const char *const ipm_warnings_shown_words[];

/* Fills report->warnings from host, settings and cases: at most one for each code, worst
 * first. A message names the first few cases it concerns and the number of the others. A
 * warning that another one explains has that one's code as its cause. */
void ipm_warnings_derive(struct ipm_report *report);

/* What a person sees by default: the short forms of the worst warnings, and what follows
 * the last of them. */
struct ipm_warnings_top {
    size_t count;
    const char *lines[IPM_WARNINGS_TOP];
    char more[64]; /* " (2 more: --warnings all)" */
};
struct ipm_warnings_top ipm_warnings_top(const struct ipm_warnings *warnings);

/* One thing to do. It is left out if `done` says that it was done, or can have no effect. */
struct ipm_warning_advice {
    const char *text;
    bool (*done)(const struct ipm_report *report);
};

/* By code. A rule looks at the run as a whole (`run`) and words the message; or it looks at
 * each case (`concerns`), words what is particular to that case, or nothing, and returns how
 * bad it is there, 0 if not at all: then the message is `lead` and these cases. A rule with
 * neither is for the notices of transports. */
typedef bool ipm_warning_look(const struct ipm_report *report,
                              struct ipm_strbuf *message);
typedef double ipm_warning_concern(const struct ipm_report *report,
                                   const struct ipm_case *c, struct ipm_strbuf *detail);
struct ipm_warning_rule {
    const char *word;
    const char *lead;
    const char *unfit_when; /* of a rule about the machine alone, for `doctor`; or NULL */
    const char *effect; /* what it does to which figure; before the worst case; or NULL */
    bool timed; /* it is about time, so it does not apply to counts of instructions */
    unsigned causes; /* bits (1u << code) of the warnings that explain this one */
    struct ipm_warning_advice advice[IPM_WARNING_ADVICE_MOST];
    ipm_warning_look *run;
    ipm_warning_concern *concerns;
};

extern const struct ipm_warning_rule ipm_warning_rules[IPM_WARN_CODES];

/* Whether the case was measured without --pin. */
bool ipm_warning_case_unpinned(const struct ipm_case *c);

/* As `concerns` of struct ipm_warning_rule. */
ipm_warning_concern ipm_warning_case_one_cpu, ipm_warning_case_migrated,
    ipm_warning_case_wide_interval, ipm_warning_case_saturated, ipm_warning_case_short,
    ipm_warning_case_loss, ipm_warning_case_damage, ipm_warning_case_stopped,
    ipm_warning_case_contended, ipm_warning_case_slowed, ipm_warning_case_buffer,
    ipm_warning_case_congestion;

/* Whether the CPU quota is too small for two ends that never wait, or was used up. */
bool ipm_warning_is_limited(const struct ipm_host *host);

ipm_warning_look ipm_warning_run_unused, ipm_warning_run_governor, ipm_warning_run_load,
    ipm_warning_run_steal, ipm_warning_run_clocksource, ipm_warning_run_quota,
    ipm_warning_run_few_cpus, ipm_warning_run_few_rounds, ipm_warning_run_build;

#endif
