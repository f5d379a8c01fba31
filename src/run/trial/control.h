/* control.h - the channel between the parent and a child: ready, done, result, error.
 *
 * A SOCK_SEQPACKET socketpair(2): whole messages, and end-of-file when the other side is
 * gone. It is never the path under test and carries nothing inside the window. */
#ifndef IPM_RUN_TRIAL_CONTROL_H
#define IPM_RUN_TRIAL_CONTROL_H

#include "base/err.h"
#include "base/facts.h"
#include "model/report/sample.h"
#include "transports/transport.h"

#include <stdint.h>

enum ipm_control_kind {
    IPM_CONTROL_ATTACHED = 1, /* the end is attached: from the child, and from the
                                 parent where the link stays open */
    IPM_CONTROL_READY,        /* child: it enters the window now */
    IPM_CONTROL_DONE,         /* parent: the number of messages that were sent */
    IPM_CONTROL_RESULT,       /* child: its window */
    IPM_CONTROL_ERROR,        /* child: why it failed */
};

/* What one side measured in its window. */
struct ipm_window {
    uint64_t begin_ns; /* just before the first call */
    uint64_t end_ns;   /* just after the last one */
    uint64_t last_ns;  /* just after the last byte was received; 0 where none is */
    struct ipm_counts sent;
    struct ipm_counts received;
    uint64_t framing_bytes;   /* received beyond the contents */
    struct ipm_damage damage; /* of what was received */
    struct ipm_wire wire;     /* what the end sent inside the window */
    struct ipm_usage usage;
    int wire_known;
    int stopped; /* the process was stopped, or the machine suspended, meanwhile */
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

/* Waits for one message until deadline_ns (on ipm_clock_now_ns). Returns 0 or -ETIMEDOUT,
 * -EPIPE (the other side is gone), -EINTR (ipm_stop_wanted), -EPROTO (not a message, or one
 * with a text that does not end, a count beyond its array, or a number beyond any window's). */
int ipm_control_recv(int fd, struct ipm_control_message *message, uint64_t deadline_ns);

#endif
