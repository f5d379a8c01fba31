/* options.h - the parsed options of a run. */
#ifndef IPM_MODEL_OPTIONS_H
#define IPM_MODEL_OPTIONS_H

#include "model/setting.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    IPM_LIST_MOST = 64, /* words or numbers in one list option */
    IPM_ROUNDS_MOST = 10000,
    IPM_CLIENTS_MOST = 1000,
    IPM_PAIRS_MOST = 256,
    IPM_BATCH_MOST = 1024,
    IPM_INFLIGHT_MOST = 65536,
    IPM_RATE_MOST = 100000000,
    IPM_MESSAGES_MOST = 1000000000,
    IPM_ORIGINS_MOST = 16,
    IPM_ORIGIN_PATH_BYTES = 640,
    IPM_BESIDE_BYTES = 512,
};

/* The longest time that a hybrid wait tries. */
#define IPM_WAIT_MOST_NS ((uint64_t)1000000000)

/* In a list of rates: they are looked for. Only until the request is settled. */
#define IPM_RATE_SWEEP UINT64_MAX

struct ipm_names {
    size_t count;
    char items[IPM_LIST_MOST][IPM_NAME_BYTES];
};

struct ipm_sizes {
    size_t count;
    uint64_t items[IPM_LIST_MOST];
    /* To messages of these sizes: those of the first items, the others are 0. 0: as large. */
    size_t response_count;
    uint64_t responses[IPM_LIST_MOST];
};

/* Where the two ends run. */
enum ipm_pin_kind {
    IPM_PIN_NONE,
    IPM_PIN_SAME,
    IPM_PIN_SPLIT,
    IPM_PIN_SMT, /* this and the next ones are distances: see plan/pin.h */
    IPM_PIN_LLC,
    IPM_PIN_CROSS_LLC,
    IPM_PIN_NODE,
    IPM_PIN_CPUS,
};

struct ipm_pin {
    enum ipm_pin_kind kind;
    int sender_cpu; /* as requested with IPM_PIN_CPUS, else set by the plan; -1: none */
    int receiver_cpu;
};

struct ipm_pins {
    size_t count;
    struct ipm_pin items[IPM_LIST_MOST];
};

/* The receive buffer of a byte stream. */
enum ipm_recv_rule {
    IPM_RECV_LARGER,  /* the larger of the message and 64 KiB, as real readers use */
    IPM_RECV_MESSAGE, /* the message */
    IPM_RECV_BYTES,   /* common.recv_bytes */
};

/* The words of the report by value, NULL at the end. */
extern const char *const ipm_recv_rule_words[];

/* How the messages of a rate are distributed over time, NULL at the end. */
extern const char *const ipm_arrival_words[];

/* A shared library and its transports. */
struct ipm_origin {
    char path[IPM_ORIGIN_PATH_BYTES]; /* absolute, without symbolic links */
    struct ipm_names transports;
};

struct ipm_origins {
    size_t count;
    struct ipm_origin items[IPM_ORIGINS_MOST];
};

struct ipm_options {
    struct ipm_origins plugins;
    struct ipm_names transports;
    struct ipm_names patterns;
    struct ipm_sizes message_bytes;
    struct ipm_sizes rate_per_second; /* 0: as many messages as possible */
    struct ipm_names framings;
    struct ipm_names ios;      /* I/O backends */
    struct ipm_sizes clients;  /* for patterns with many clients, as are servers */
    struct ipm_sizes pairs;    /* for patterns of one parent end and one child */
    struct ipm_sizes inflight; /* requests outstanding, for patterns with responses */
    struct ipm_names servers;
    struct ipm_names waits; /* ways of waiting: "block", "hybrid:5us" */
    struct ipm_pins pins;
    struct ipm_names congestion; /* count 0: the system's default */
    struct ipm_names counters;   /* of counter.h; count 0: none */
    uint64_t rounds;
    uint64_t warmup_rounds;
    uint64_t duration_ns;          /* of one trial */
    uint64_t messages;             /* of one trial and client; 0: as fill the duration */
    uint64_t timeout_ns;           /* of one trial, with setup */
    char beside[IPM_BESIDE_BYTES]; /* command line of a program that runs beside; "" */
    double precision_ratio; /* of the primary metrics, half of the interval; NaN: any */
    char target[IPM_NAME_BYTES]; /* "p99": rates that hold it are looked for; or "" */
    uint64_t target_ns;
    uint64_t budget_ns; /* in which rounds and rates may be added; 0: none */
    enum ipm_recv_rule recv_rule;
    bool find_crossovers;          /* sizes are added around them */
    struct ipm_case_config common; /* IPM_SETTING_COMMON; 0: the default */
    uint64_t seed;
};

/* Returns the path of the library that has the transport, or NULL: it is built in. */
const char *ipm_origins_path(const struct ipm_origins *origins, const char *transport);

/* Writes item number i: "64", or with a response "64:4096". */
void ipm_sizes_text(char text[IPM_NAME_BYTES], const struct ipm_sizes *sizes, size_t i);

/* Sets the defaults of `ipcmark run`; the seed stays 0 for the caller to draw. */
void ipm_options_defaults(struct ipm_options *options);

/* Whether a value other than the default was requested of a setting that is a list of sizes,
 * framings, clients, servers, waits, rates or congestion controls, or common to all cases. */
bool ipm_options_ask(const struct ipm_options *options,
                     const struct ipm_setting *setting);

#endif
