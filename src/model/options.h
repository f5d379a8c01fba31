/* options.h - what the user asked of a run, after parsing: every effective option. */
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
    IPM_BATCH_MOST = 1024,
    IPM_ORIGINS_MOST = 16,
    IPM_ORIGIN_PATH_BYTES = 640,
};

struct ipm_names {
    size_t count;
    char items[IPM_LIST_MOST][IPM_NAME_BYTES];
};

struct ipm_sizes {
    size_t count;
    uint64_t items[IPM_LIST_MOST];
};

/* Where the two ends run. */
enum ipm_pin_kind { IPM_PIN_NONE, IPM_PIN_SAME, IPM_PIN_SPLIT, IPM_PIN_CPUS };

struct ipm_pin {
    enum ipm_pin_kind kind;
    int sender_cpu; /* with IPM_PIN_CPUS as asked; the plan resolves the others; -1 none */
    int receiver_cpu;
};

struct ipm_pins {
    size_t count;
    struct ipm_pin items[IPM_LIST_MOST];
};

/* How large a buffer the receiver of a byte stream offers. */
enum ipm_recv_rule {
    IPM_RECV_LARGER,  /* the larger of the message and 64 KiB, as real readers have it */
    IPM_RECV_MESSAGE, /* the message */
    IPM_RECV_BYTES,   /* common.recv_bytes */
};

/* The words of the report by value, NULL at the end. */
extern const char *const ipm_recv_rule_words[];

/* Which transports came out of which shared library. */
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
    struct ipm_names framings;
    struct ipm_names ios;     /* how descriptors are driven */
    struct ipm_sizes clients; /* for patterns with many of them, and so are servers */
    struct ipm_names servers;
    struct ipm_pins pins;
    struct ipm_names congestion; /* count 0: the system's default */
    uint64_t rounds;
    uint64_t warmup_rounds;
    uint64_t duration_ns; /* of one trial */
    uint64_t timeout_ns;  /* of one trial, everything included */
    enum ipm_recv_rule recv_rule;
    struct ipm_case_config common; /* what was asked of every case: the settings with
                                      IPM_SETTING_COMMON; 0: each has its default */
    uint64_t seed;
};

/* The path of the library that a transport came out of, or NULL: it is built in. */
const char *ipm_origins_path(const struct ipm_origins *origins, const char *transport);

/* The defaults of `ipcmark run`; the seed is left 0 for the caller to draw. */
void ipm_options_defaults(struct ipm_options *options);

#endif
