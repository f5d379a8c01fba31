/* transport.h - the contract between the runner and one way of moving bytes.
 *
 * A transport is one .c file and one row of transports.def. It makes kernel objects and
 * moves bytes. It never forks, reads a clock, prints, retries or counts: the runner does,
 * so that every transport is measured by the same code. SIGPIPE is ignored throughout.
 *
 * A link is made before fork and inherited; an end is made after fork and is not shared.
 *
 *   parent   probe            may this machine run it, and up to what message size
 *   parent   open             everything that both processes must inherit
 *            -- fork --
 *   both     attach           moves what this end needs out of the link
 *   both     close            drops the rest of the link; end-of-stream depends on it:
 *                             the child after its own attach, the parent after both
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

/* What a transport built apart from the program (plugin.h) agrees on with it. It rises with
 * whatever makes such a file read or do the wrong thing: a member moved, taken out or of
 * another meaning in a struct of the installed headers, one added to any but struct
 * ipm_transport and struct ipm_endpoint, or inside of these; an operation that must be there;
 * another order of the calls; a helper function that is gone. It does not rise with a member
 * at the very end of those two, which is zero where it is not known and must mean "none"
 * then, with a new capability, or with a new helper function. */
#define IPM_TRANSPORT_ABI 1

/* A flag is here only because the planner or the runner does something different when it
 * is set. */
enum ipm_cap {
    IPM_CAP_MESSAGES = 1u << 0,  /* one send is one recv, whole */
    IPM_CAP_RELIABLE = 1u << 1,  /* nothing lost, doubled or reordered: no loss count */
    IPM_CAP_CONNECTED = 1u << 2, /* recv gives 0 once the peer finishes or dies; without
                                     it finish only sends a mark, which may be lost */
    IPM_CAP_CONGESTION =
        1u << 3,              /* takes a congestion control: --congestion multiplies */
    IPM_CAP_HOLLOW = 1u << 4, /* moves nothing: contents are not there to be verified */
    IPM_CAP_MULTI = 1u << 5,  /* one link serves many children: the parent attaches an end
                                 for each, in any order; a child one */
    IPM_CAP_SHARED = 1u << 6, /* with MULTI: the parent has one end for all of them. recv
                                 leaves in end->peer whose message it was, and send goes to
                                 end->peer */
    IPM_CAP_POLLABLE =
        1u << 7, /* rx_fd and tx_fd tell poll(2) when to come back, and make
                                   send and recv return EAGAIN once O_NONBLOCK is set on
                                   them: --spin, and servers that wait for many */
    IPM_CAP_PLAIN =
        1u << 8, /* of an end with one peer, send and recv are send(2) and recv(2), for a
                    pipe write(2) and read(2), on tx_fd and rx_fd and nothing else:
                    another way of driving descriptors may take their place (--io) */
    IPM_CAP_IN_PLACE = 1u << 9, /* has lease, commit, borrow and release: messages are
                                   written and read where they lie, unless --copy */
};

/* What `ipcmark list` sorts them into. */
enum ipm_family {
    IPM_FAMILY_NONE, /* measures the tester itself */
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

/* Who sends. A simplex transport makes its channel that way round. */
enum ipm_flow { IPM_TO_CHILD, IPM_TO_PARENT, IPM_BOTH_WAYS };

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
    unsigned peer;  /* a child: which one it is, 0 .. peers-1. The parent: whose end this
                       is, filled by attach (with IPM_CAP_SHARED: see there) */
    pid_t peer_pid; /* the process at the other end, for those that can check it; 0: any
                       child of this process */
    int rx_fd;      /* pollable, or -1; the runner sets both to -1 before attach */
    int tx_fd;
    unsigned
        other_count; /* descriptors that its calls need besides these two: a process */
    int other_fds
        [IPM_ENDPOINT_OTHER_FDS]; /* that takes the end over keeps them open, too */
    bool counted; /* what comes here is only counted: by discard, where there is one. Set
                     by the runner before describe */
    void *state;  /* end_size bytes, zeroed by the runner before attach */
};

/* What an end has put on the wire since it was made, by the kernel's own account. */
struct ipm_wire {
    uint64_t segments;            /* packets sent, pure acknowledgements included */
    uint64_t payload_bytes;       /* sent, retransmissions included */
    uint64_t retransmitted_bytes; /* of those, the ones sent again */
    uint64_t header_bytes;        /* network and transport headers of the segments */
};

/* Cold calls return 0 or a negative errno and fill err. Hot calls return a count, or -1
 * and errno, as the system calls behind them do: a plain `return write(...)` is a jump, and
 * a return less after each system call is worth 2 % of a pipe's 64 B messages where the
 * kernel's own returns spoil the prediction of ours (Documentation/admin-guide/hw-vuln/
 * srso.rst). They must not allocate, format or log. */
struct ipm_transport {
    const char *name;       /* the word on the command line and in reports: "pipe-pair" */
    const char *summary;    /* one line for `ipcmark list`, no full stop */
    const char *addressing; /* what names an end: "four-tuple", "path; client unnamed" */
    enum ipm_family family;
    enum ipm_direction direction;
    unsigned caps; /* enum ipm_cap; constant: what varies by machine is for probe */
    unsigned call_messages; /* of those with send_batch: how many messages a program that
                               uses it hands over a call, as far as call_bytes go; 0 or 1:
                               one. The planner does so where the user did not say */
    size_t call_bytes;
    size_t link_size; /* of the state behind a link and an end; 0 when there is none */
    size_t end_size;

    /* Cold. Parent, before anything else. Fills the largest message, SIZE_MAX when there
     * is no limit. An error means "skip this transport and say why". Leaves nothing. */
    int (*probe)(size_t *ret_max_message_bytes, struct ipm_err *err);

    /* Cold, or NULL where buffering has no part in it. Parent, after a probe that went well:
     * the largest message with so much buffering asked for; 0 is the default, of which probe
     * tells. */
    int (*limit)(size_t buffer_bytes, size_t *ret_max_message_bytes, struct ipm_err *err);

    /* Cold. Parent, before fork. On error leaves nothing behind; close is not called. */
    int (*open)(struct ipm_link *link, struct ipm_err *err);

    /* Cold. Both, at the same time: may wait for the peer, at most timeout_ms. A descriptor
     * taken from the link leaves -1 there. detach follows, even after an error. */
    int (*attach)(struct ipm_endpoint *end, struct ipm_link *link, struct ipm_err *err);

    /* Cold. Both, once, after attach: drops what no end took. The parent also unlinks
     * names, so that a later crash leaves nothing on disk. */
    void (*close)(struct ipm_link *link, enum ipm_side side);

    /* Cold. Who this end is ("local_port") and what the kernel gave it, not what was asked
     * ("so_sndbuf_bytes"). The key "notice" among the settings is text for the reader: the
     * runner makes a warning of it. ipm_no_describe when there is nothing to say. */
    void (*describe)(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                     struct ipm_facts *settings);

    /* Cold, or NULL. After the window: adds to the settings what only then is known. */
    void (*account)(const struct ipm_endpoint *end, struct ipm_facts *settings);

    /* Cold. Returns 0 and fills wire, or -ENOTSUP: ipm_no_wire. */
    int (*wire)(const struct ipm_endpoint *end, struct ipm_wire *wire);

    /* Hot. Blocks until some bytes, or with IPM_CAP_MESSAGES all of them, are taken:
     * 1 .. len. EPIPE, ECONNRESET, ECONNREFUSED: the peer is gone. EINTR: passed up; the
     * runner may want to stop. EAGAIN: only when the runner made the descriptor
     * non-blocking. */
    ssize_t (*send)(struct ipm_endpoint *end, const void *buf, size_t len);

    /* Hot, or NULL where it would be no other than send. The same for a caller who leaves what
     * is in buf as it is until detach: the kernel may go on reading it. */
    ssize_t (*send_steady)(struct ipm_endpoint *end, const void *buf, size_t len);

    /* Hot. Blocks for at least one byte: 1 .. cap. 0: the stream has ended. With
     * IPM_CAP_MESSAGES the length of the message, also when it is more than cap and the
     * rest is lost (MSG_TRUNC in recv(2)). Errors as for send. */
    ssize_t (*recv)(struct ipm_endpoint *end, void *buf, size_t cap);

    /* Hot, or NULL: for a byte stream that shares memory with its peer instead of copying.
     * The place where the next len bytes, config.message_bytes at most, are made: send takes
     * them from there without a copy, and by the time that the place comes round again the
     * peer is done with them. All of them are sent before there is another. What is there is
     * what was made there before, or zeros. send takes from any other place, too: it copies. */
    void *(*room)(struct ipm_endpoint *end, size_t len);

    /* Hot, or NULL. As recv, of a byte stream that nobody looks into: nothing need be written
     * to buf. */
    ssize_t (*discard)(struct ipm_endpoint *end, void *buf, size_t cap);

    /* Hot, or NULL. For IPM_CAP_MESSAGES: `count` messages of len bytes each, one behind the
     * other in buf, handed over in one call: 1 .. count of them were taken. */
    ssize_t (*send_batch)(struct ipm_endpoint *end, const void *buf, size_t len,
                          unsigned count);

    /* Hot, or NULL; there is one exactly when there is the other. Takes up to `count`
     * messages that are there, waiting for the first only; the i-th at buf + i * cap, its
     * length, as recv gives it, in lens[i]. Returns how many. Not at the parent's end of
     * IPM_CAP_SHARED, which has one `peer` to tell whose a message is. */
    ssize_t (*recv_batch)(struct ipm_endpoint *end, void *buf, size_t cap, unsigned count,
                          size_t *lens);

    /* Hot, with IPM_CAP_IN_PLACE, else NULL. lease waits for room for the largest message and
     * points at it: returns how much it is. commit hands over the len bytes written there: 0.
     * borrow waits for a message and points at it: its length, or 0 at the end of the stream;
     * release gives its room back: 0. Or -1 and errno, as for send and recv. One lease and one
     * borrow are out at a time, and no send or recv meanwhile. */
    ssize_t (*lease)(struct ipm_endpoint *end, void **ret_buf);
    int (*commit)(struct ipm_endpoint *end, size_t len);
    ssize_t (*borrow)(struct ipm_endpoint *end, const void **ret_buf);
    int (*release)(struct ipm_endpoint *end);

    /* Measured, or NULL where nothing is connected. Parent: makes a fresh end and connects
     * it, as a program does that has one thing to say. state is there and zeroed, both
     * descriptors are -1. The link is still open. Returns 0 or -1 and errno; detach follows
     * in both cases. */
    int (*connect)(struct ipm_endpoint *end, const struct ipm_link *link);

    /* Measured, or NULL where connect makes both ends by itself: what it sends it then receives
     * itself. Child: takes one connection that connect made. Returns and is followed as connect. */
    int (*accept)(struct ipm_endpoint *end, const struct ipm_link *link);

    /* Cold. Sender, after its last byte. With IPM_CAP_CONNECTED called once, and recv at
     * the other side gives 0 from then on; the other way stays open, or with IPM_CAP_MESSAGES
     * closes, too, when what is under way there has come. Without it, called again and again until the
     * other side has answered on the control channel: one recv gives 0 for each mark that
     * arrives, and never before what was sent earlier. Must not block. */
    int (*finish)(struct ipm_endpoint *end);

    /* Cold. Never fails; safe on an end half attached. */
    void (*detach)(struct ipm_endpoint *end);

    /* The transport's own: what differs between rows that share operations, or NULL. */
    const void *variant;
};

/* In the order of transports.def, which is the order of `ipcmark list`, of plans and of
 * reports, and behind them those of plugins; ends with NULL. */
extern const struct ipm_transport *const *const ipm_transports;

/* The transport of that name, or NULL. */
const struct ipm_transport *ipm_transport_find(const char *name);

#endif
