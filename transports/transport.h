/* transport.h - the contract between the runner and one way of moving bytes.
 *
 * A transport is a row of transports.def and its operations. It makes kernel objects and
 * moves bytes. It never forks, reads a clock, prints, retries or counts: the runner does,
 * so that every transport is measured by the same code. SIGPIPE is ignored throughout.
 *
 * A link is made before fork and inherited; an end is made after fork and is not shared.
 *
 *   parent   probe, limit     whether this machine can run it, and the largest message;
 *                             then open and close are tried
 *   parent   open             everything that both processes must inherit
 *            -- fork --
 *   both     attach           moves what this end needs out of the link
 *   both     close            closes the rest of the link, on which the end of the stream
 *                             depends: the child after its own attach, the parent after
 *                             the attach of both
 *   both     describe, wire
 *            -- barrier, on the runner's own control channel --
 *            -- the measured window --
 *   both     send, recv
 *            -- the window ends --
 *   sender   finish
 *   both     account, wire, detach
 */
#ifndef IPM_TRANSPORTS_TRANSPORT_H
#define IPM_TRANSPORTS_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct ipm_err;
struct ipm_facts;

/* The version of the interface between the program and a plugin (plugin.h). It rises with
 * each change of the installed headers after which a plugin must be built again: another
 * struct, another meaning of a member or of an operation, another order of calls, a
 * helper function that is gone. It does not rise with a new capability or a new helper
 * function. */
#define IPM_TRANSPORT_ABI 4

/* Each flag changes what the planner or the runner does. */
enum ipm_cap {
    /* One send is one recv, whole. */
    IPM_CAP_MESSAGES = 1u << 0,

    /* Nothing is lost, duplicated or reordered, so the runner does not number messages. */
    IPM_CAP_RELIABLE = 1u << 1,

    /* recv gives 0 once the peer finishes or dies. Without it finish only sends a mark, which
     * may be lost. */
    IPM_CAP_CONNECTED = 1u << 2,

    /* Takes a congestion control: --congestion multiplies. */
    IPM_CAP_CONGESTION = 1u << 3,

    /* Moves nothing: there are no contents to be verified. */
    IPM_CAP_HOLLOW = 1u << 4,

    /* One link serves many children: the parent attaches an end for each, in any order, and a
     * child one. */
    IPM_CAP_MULTI = 1u << 5,

    /* With MULTI: the parent has one end for all of them. recv leaves in end->peer whose
     * message it was, and send goes to end->peer. */
    IPM_CAP_SHARED = 1u << 6,

    /* poll(2) on rx_fd and tx_fd tells when a call can succeed, and send and recv return EAGAIN
     * while end->nonblocking is set. For --wait, and for servers that wait for many clients. */
    IPM_CAP_POLLABLE = 1u << 7,

    /* Of an end with one peer, send and recv are send(2) and recv(2), for a pipe write(2) and
     * read(2), on tx_fd and rx_fd and nothing else: another I/O backend may make these calls
     * (--io). */
    IPM_CAP_PLAIN = 1u << 8,

    /* Has lease, commit, borrow and release: messages are written and read in place, unless --copy
     * is given. No message is lost. */
    IPM_CAP_IN_PLACE = 1u << 9,

    /* Polls memory for new messages: obeys end->looks and end->on_miss. */
    IPM_CAP_LOOKS = 1u << 10,

    /* With LOOKS: a side that sleeps is never woken, so end->on_miss is never NULL. */
    IPM_CAP_UNWOKEN = 1u << 11,

    /* The same calls also connect two machines: what `ipcmark choose --needs remote` asks
     * for. */
    IPM_CAP_REMOTE = 1u << 12,

    /* With POLLABLE: an end with one peer may hold received messages that poll(2) on rx_fd does not
     * report. */
    IPM_CAP_HOLDS = 1u << 13,

    /* send waits until the other side has received: no buffer is between them, so that a second
     * request cannot be sent before the first one is read (--inflight). */
    IPM_CAP_UNBUFFERED = 1u << 14,
};

/* What `ipcmark list` sorts them into. */
enum ipm_family {
    IPM_FAMILY_NONE, /* measures the program itself */
    IPM_FAMILY_PIPE,
    IPM_FAMILY_SOCKET,
    IPM_FAMILY_MEMORY,
};

/* Which ways bytes can go over one link. */
enum ipm_direction {
    IPM_SIMPLEX,       /* from the parent to the child only */
    IPM_DUPLEX_BY_TWO, /* both ways, by two simplex channels */
    IPM_DUPLEX,        /* both ways, over one channel */
};

enum ipm_side { IPM_PARENT, IPM_CHILD };

/* Who sends. A simplex transport makes its channel in that direction. */
/* Both ways: one request at a time and its response; at once: two streams. */
enum ipm_flow { IPM_TO_CHILD, IPM_TO_PARENT, IPM_BOTH_WAYS, IPM_BOTH_AT_ONCE };

struct ipm_link_config {
    unsigned peers;       /* children; 1 unless IPM_CAP_MULTI; 0 is 1 */
    enum ipm_flow flow;   /* who sends */
    unsigned batch;       /* messages that send_batch will be given at most; 0 is 1 */
    size_t message_bytes; /* largest buffer that send will be given */
    size_t buffer_bytes;  /* kernel buffering asked for; 0 leaves the default */
    const char
        *congestion;     /* with IPM_CAP_CONGESTION: its name, or NULL for the default */
    unsigned timeout_ms; /* for attach to meet its peer */
};

struct ipm_link {
    const struct ipm_transport *ops;
    struct ipm_link_config config;
    void *state; /* link_size bytes, zeroed by the runner before open */
};

enum { IPM_ENDPOINT_OTHER_FDS = 4 };

struct ipm_endpoint {
    const struct ipm_transport *ops;
    enum ipm_side side;

    /* A child: which one it is, 0 .. peers-1. The parent: whose end this is, filled by attach
     * (with IPM_CAP_SHARED: see there). */
    unsigned peer;

    /* The process at the other end, for those that can check it; 0: any child of this one. */
    pid_t peer_pid;

    /* Pollable, or -1; the runner sets both to -1 before attach. */
    int rx_fd;
    int tx_fd;

    /* Descriptors that its calls need besides these two: a process that takes the end over
     * keeps them open, too. */
    unsigned other_count;
    int other_fds[IPM_ENDPOINT_OTHER_FDS];

    /* The received bytes are only counted, so recv need not write them to buf. Set by the
     * runner before describe. */
    bool counted;

    /* end_size bytes, zeroed by the runner before attach. */
    void *state;

    /* How send and recv wait; set by the runner after attach. All zero: they block in the
     * kernel. */

    /* O_NONBLOCK is set on both descriptors: the call returns EAGAIN, whatever looks and
     * on_miss are. */
    bool nonblocking;

    /* With IPM_CAP_LOOKS: how often the call polls before it sleeps or calls on_miss. Else the
     * runner's own. */
    unsigned looks;

    /* With IPM_CAP_LOOKS, or NULL: called instead of sleeping. `misses` is how often this call
     * has called it before. Returns 0: poll again, as often; -1 and errno: the call returns it. */
    int (*on_miss)(unsigned misses);
};

/* What an end has sent on the wire since it was made, as counted by the kernel. */
struct ipm_wire {
    uint64_t segments;            /* packets sent, pure acknowledgements included */
    uint64_t payload_bytes;       /* sent, retransmissions included */
    uint64_t retransmitted_bytes; /* of those, the ones sent again */
    uint64_t header_bytes;        /* network and transport headers of the segments */
};

/* The operations. The runner is the caller of all of them. Cold ones return 0, or a
 * negative errno and set err, and may allocate. Hot ones are called in the measured
 * window: they return a count, or -1 and errno, as the system calls do, and must not
 * allocate, format or log. A plain `return write(...)` compiles to a jump, and each
 * return that is saved after a system call is worth 2 % of a pipe's 64 B messages where
 * the kernel's own returns spoil the prediction of ours
 * (Documentation/admin-guide/hw-vuln/srso.rst). */
struct ipm_transport {
    const char *name;       /* the word on the command line and in reports: "pipe-pair" */
    const char *summary;    /* one line for `ipcmark list`, no full stop */
    const char *addressing; /* what names an end: "four-tuple", "path; client unnamed" */
    enum ipm_family family;
    enum ipm_direction direction;
    unsigned caps; /* enum ipm_cap; constant: what varies by machine is for probe */

    /* With send_batch: the batch size that programs use with it, as far as it is within
     * call_bytes; 0 or 1: one message per call. The planner takes it where the user gave
     * no batch size. */
    unsigned call_messages;
    size_t call_bytes;

    size_t link_size; /* of the state behind a link and an end; 0 when there is none */
    size_t end_size;

    /* Cold, or NULL where open tells whether this machine can run the transport. The
     * parent, before anything else; does not block. Sets the largest message, SIZE_MAX for
     * no limit. After it, limit and a link that is opened and closed are tried. An error of
     * one of them means that this machine cannot run the transport: it is skipped, and the
     * error is shown as the reason. The hint of err, also after success (ipm_err_hint),
     * names what limits the largest message and how to raise it: the reason of a larger
     * message ends with it. Leaves nothing. */
    int (*probe)(size_t *ret_max_message_bytes, struct ipm_err *err);

    /* Cold, or NULL where the largest message does not depend on buffers. The parent,
     * after a successful probe: the largest message when buffer_bytes are asked for, 0 for
     * the default. It must arrive and not wait for ever. err as in probe. Leaves
     * nothing. */
    int (*limit)(size_t buffer_bytes, size_t *ret_max_message_bytes, struct ipm_err *err);

    /* Cold. The parent, before fork. On error it leaves nothing, and close is not
     * called. A limit of this machine (ipm_err_limit) skips the case. */
    int (*open)(struct ipm_link *link, struct ipm_err *err);

    /* Cold. Both, at the same time: may block until the peer has come, at most
     * config.timeout_ms. A descriptor that it takes is -1 in the link afterwards. detach
     * follows, even after an error. */
    int (*attach)(struct ipm_endpoint *end, struct ipm_link *link, struct ipm_err *err);

    /* Cold. Both, once, after attach: closes what no end took. The parent also unlinks
     * names, so that a later crash leaves nothing on disk. Accepts a link that is half
     * made. */
    void (*close)(struct ipm_link *link, enum ipm_side side);

    /* Cold. Both, before the window. The addresses of this end ("local_port") and the
     * settings that the kernel gave it, not those asked for ("so_sndbuf_bytes"). The key
     * "notice" among the settings is a text that becomes a warning of the report, and so
     * does "buffer_limit" of the sender: what kept its buffer smaller than asked for, or
     * than usual ("3 messages instead of 10, see 'ulimit -q'", 90 bytes at most).
     * ipm_no_describe for nothing. */
    void (*describe)(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                     struct ipm_facts *settings);

    /* Cold, or NULL. Both, after the window: adds settings that are known only then. */
    void (*account)(const struct ipm_endpoint *end, struct ipm_facts *settings);

    /* Cold. Both, before and after the window. Returns 0 and sets wire, or -ENOTSUP:
     * ipm_no_wire. */
    int (*wire)(const struct ipm_endpoint *end, struct ipm_wire *wire);

    /* Hot. The sender. Blocks until some bytes are taken, or all of them with
     * IPM_CAP_MESSAGES, and returns how many: 1 .. len. buf is the caller's, who may
     * change it after the return. EPIPE, ECONNRESET, ECONNREFUSED: the peer is gone.
     * EINTR is returned, as the runner may want to stop. EAGAIN: only when
     * end->nonblocking is set. */
    ssize_t (*send)(struct ipm_endpoint *end, const void *buf, size_t len);

    /* Hot, or NULL where it would be the same as send. For a caller that does not change
     * buf until detach: the kernel may read it after the return. */
    ssize_t (*send_steady)(struct ipm_endpoint *end, const void *buf, size_t len);

    /* Hot. The receiver. Blocks until there is at least one byte, and returns 1 .. cap; 0
     * at the end of the stream. With IPM_CAP_MESSAGES it returns the length of the
     * message, also when that is more than cap and the rest is lost (MSG_TRUNC in
     * recv(2)). Errors as for send. */
    ssize_t (*recv)(struct ipm_endpoint *end, void *buf, size_t cap);

    /* Hot, or NULL. With IPM_CAP_MESSAGES: sends `count` messages of len bytes each,
     * which follow each other in buf. Blocks and fails as send; returns how many were
     * taken, 1 .. count. */
    ssize_t (*send_batch)(struct ipm_endpoint *end, const void *buf, size_t len,
                          unsigned count);

    /* Hot, NULL exactly when send_batch is. Receives up to `count` messages, and blocks
     * for the first only: the i-th at buf + i * cap, and its length, as recv returns it,
     * in lens[i]. Returns how many. Never called at the parent's end of IPM_CAP_SHARED,
     * which has one `peer` to tell whose a message is. */
    ssize_t (*recv_batch)(struct ipm_endpoint *end, void *buf, size_t cap, unsigned count,
                          size_t *lens);

    /* Hot; both, or both NULL. For bytes that are made in place instead of being copied there
     * by send: a message with IPM_CAP_IN_PLACE, else any number of a byte stream. lease
     * blocks until there is memory for config.message_bytes, points to it and returns its
     * length. The memory is the caller's until commit; it holds what was made there
     * before, or zeros. commit sends its next len bytes. It returns as send does; of a
     * byte stream it may take fewer than len, and further calls send the rest before
     * there is another lease. Or -1 and errno, as for send. */
    ssize_t (*lease)(struct ipm_endpoint *end, void **ret_buf);
    ssize_t (*commit)(struct ipm_endpoint *end, size_t len);

    /* Hot; both with IPM_CAP_IN_PLACE, else both NULL. borrow blocks until there is a
     * message and points to it, which the caller may read until release: returns its
     * length, or 0 at the end of the stream. release gives the memory back: returns 0. Or
     * -1 and errno, as for recv. At most one lease and one borrow are open at a time, and
     * no send or recv is called meanwhile. */
    ssize_t (*borrow)(struct ipm_endpoint *end, const void **ret_buf);
    int (*release)(struct ipm_endpoint *end);

    /* Hot; all three or none, with IPM_CAP_IN_PLACE only: a series of messages of one length by one
     * call, where a call takes longer than a message. send_series does what `count` calls of
     * send with this buf do: the receiver can have each message before the next one is written.
     * Returns how many were taken, 1 .. count; blocks for the first only. borrow_series is borrow of
     * 1 .. count messages of len bytes each, which lie ret_stride bytes apart; it blocks for the
     * first only and returns how many they are, 0 at the end of the stream. -1 and EMSGSIZE: the
     * next message has another length and is for borrow. release_series gives all of them back. */
    ssize_t (*send_series)(struct ipm_endpoint *end, const void *buf, size_t len,
                           unsigned count);
    ssize_t (*borrow_series)(struct ipm_endpoint *end, size_t len, unsigned count,
                             const void **ret_buf, size_t *ret_stride);
    int (*release_series)(struct ipm_endpoint *end, unsigned count);

    /* Measured, or NULL where nothing is connected. The parent, in the window: makes a
     * new end and connects it, as a program does that has one thing to say. The state is
     * zeroed, both descriptors are -1, and the link is still open. Returns 0, or -1 and
     * errno; detach follows in both cases. */
    int (*connect)(struct ipm_endpoint *end, const struct ipm_link *link);

    /* Measured, or NULL where connect makes both ends by itself, which then receives what
     * it sends. The child, in the window: takes one connection that connect made. May block
     * until there is one; EINTR is returned. ECONNABORTED: one of another process was
     * refused. The runner tells connections of other processes apart by their first byte.
     * Returns and is followed by detach as connect. */
    int (*accept)(struct ipm_endpoint *end, const struct ipm_link *link);

    /* Cold. The sender, after its last byte. Must not block. With IPM_CAP_CONNECTED it is
     * called once, and recv at the other side returns 0 after what was sent earlier; the
     * other direction stays open, or with IPM_CAP_MESSAGES may close, too, after
     * everything under way there has arrived. Without it, it is called repeatedly until
     * the other side has confirmed on the control channel: one recv returns 0 for each
     * mark that arrives, and never before what was sent earlier. */
    int (*finish)(struct ipm_endpoint *end);

    /* Cold. Both, last: closes and frees what the end owns. Never fails; accepts an end
     * that is half attached or half connected. */
    void (*detach)(struct ipm_endpoint *end);

    /* The transport's own: what differs between rows that share operations, or NULL. */
    const void *variant;
};

/* The rows of transports.def, in its order, which is that of `ipcmark list`, of plans and
 * of reports, then those of plugins; ends with NULL. */
extern const struct ipm_transport *const *const ipm_transports;

/* The transport of that name, or NULL. */
const struct ipm_transport *ipm_transport_find(const char *name);

#endif
