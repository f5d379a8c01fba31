/* control.h - the control channel between the parent and a child.
 *
 * It is a SOCK_SEQPACKET socketpair(2): whole messages, and end-of-file when the other
 * side is gone. It is never the path under test and carries nothing inside the window. */
#ifndef IPM_RUN_TRIAL_CONTROL_H
#define IPM_RUN_TRIAL_CONTROL_H

#include "base/err.h"
#include "base/facts.h"
#include "model/report/sample.h"
#include "transports/transport.h"

#include <stdint.h>

enum ipm_control_kind {
    IPM_CONTROL_ATTACHED = 1, /* attached; from the parent only if the link stays open */
    IPM_CONTROL_READY,        /* child: it is entering the window */
    IPM_CONTROL_DONE,         /* parent: the number of messages that were sent */
    IPM_CONTROL_RESULT,       /* child: its window */
    IPM_CONTROL_ERROR,        /* child: why it failed */
};

/* What one side measured in its window. */
struct ipm_window {
    uint64_t begin_ns;     /* just before the first call */
    uint64_t first_ns;     /* of a child that sends unasked: before its first message */
    uint64_t end_ns;       /* just after the last one */
    uint64_t last_ns;      /* just after the last received byte; 0: unknown */
    uint64_t scheduled_ns; /* from begin_ns to the last message; 0: there is no rate */
    struct ipm_counts sent;
    struct ipm_counts received;
    uint64_t framing_bytes; /* received beyond the contents */
    uint64_t scheduled_messages;
    struct ipm_damage damage; /* of what was received */
    struct ipm_wire wire;     /* what the end sent in the window */
    struct ipm_usage usage;
    int wire_known;
    int stopped; /* the process was stopped or the machine suspended */
    struct ipm_facts endpoint;
    struct ipm_facts settings;
};

struct ipm_control_message {
    enum ipm_control_kind kind;
    union {
        uint64_t sent_messages;
        struct ipm_window window;
        struct ipm_err err;
    } as;
};

/* Fills both ends. Returns 0 or a negative errno. */
int ipm_control_open(int ret_fds[2], struct ipm_err *err);

/* Sends one message. Returns 0 or a negative errno; -EPIPE when the other side is gone. */
int ipm_control_send(int fd, const struct ipm_control_message *message);

/* Waits for one message until deadline_ns (as ipm_clock_now_ns). Returns 0 or -ETIMEDOUT,
 * -EPIPE (the other side is gone), -EINTR (ipm_stop_wanted), -EPROTO (not a message, an
 * unterminated text, a count beyond its array, or an implausible number). */
int ipm_control_recv(int fd, struct ipm_control_message *message, uint64_t deadline_ns);

#endif
