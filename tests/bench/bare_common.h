/* bare_common.h - what the hand-written programs share: everything but their loops. They
 * measure what ipcmark itself costs, stand alone on purpose and use nothing of it.
 *
 * The work is the one that ipcmark does: the same system calls, a child that connects after
 * fork, page-aligned buffers touched before, a receive buffer of the larger of the message
 * and 64 KiB (UDP: of the message), ends that are both ready before the parent starts.
 * What a loop calls is here and inline: a return more after a system call would be a cost
 * that no hand-written loop has. */
#ifndef BARE_COMMON_H
#define BARE_COMMON_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BARE_STREAM_BYTES = 64 * 1024, BARE_PAUSE_NS = 2000 };

/* For a function whose calls are given to it: inlined, they are plain calls. */
#define BARE_INLINE __attribute__((always_inline)) static inline

struct bare_end {
    int rx_fd; /* -1: none */
    int tx_fd; /* of a socket the same one */
};

struct bare_link {
    struct bare_end parent;
    struct bare_end child;
    int listener; /* of a stream socket, or -1: the child connects after fork */
    struct sockaddr_storage name;
    socklen_t name_bytes;
};

struct bare_job {
    size_t message_bytes;
    size_t recv_bytes;
    uint64_t messages;
    unsigned char *buf; /* of each process its own */
    int control;        /* parent: readable once the child is done */
    uint64_t *times_ns; /* parent: room for one a message, or NULL */
};

struct bare_result {
    uint64_t begin_ns; /* before the parent's first call */
    uint64_t end_ns;   /* after the child's last */
    uint64_t bytes;    /* what the child received */
    uint64_t cpu_ns;   /* user and system time of both in their loops */
};

struct bare_transport {
    const char *name;
    void (*open)(struct bare_link *link);
    /* Parent, before the window; or NULL. */
    void (*prepare)(const struct bare_end *end, const struct bare_job *job);
    void (*parent)(const struct bare_end *end, const struct bare_job *job);
    uint64_t (*child)(const struct bare_end *end, const struct bare_job *job);
    int messages; /* one send is one recv */
};

struct bare_order {
    const struct bare_transport *transport;
    struct bare_job job;
    int cpus[2]; /* of the parent and the child; -1: any */
};

_Noreturn static inline void bare_die(const char *what) {
    (void)fprintf(stderr, "bare: %s: %s\n", what, strerror(errno));
    _exit(1);
}

static inline void bare_need(int good, const char *what) {
    if (!good)
        bare_die(what);
}

static inline uint64_t bare_now_ns(void) {
    struct timespec now;
    bare_need(clock_gettime(CLOCK_MONOTONIC, &now) == 0, "clock_gettime");
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* --- the calls, and what moves one message by them ---------------------------------- */

static inline ssize_t bare_send(int fd, const void *buf, size_t bytes) {
    return send(fd, buf, bytes, MSG_NOSIGNAL);
}

static inline ssize_t bare_recv(int fd, void *buf, size_t bytes) {
    return recv(fd, buf, bytes, 0);
}

static inline ssize_t bare_recv_datagram(int fd, void *buf, size_t bytes) {
    return recv(fd, buf, bytes, MSG_TRUNC);
}

/* For loops of an end that is late, because it does something besides. */
static inline void bare_pause(void) {
    const uint64_t until_ns = bare_now_ns() + BARE_PAUSE_NS;
    while (bare_now_ns() < until_ns)
        ;
}

static inline ssize_t bare_send_late(int fd, const void *buf, size_t bytes) {
    bare_pause();
    return bare_send(fd, buf, bytes);
}

static inline ssize_t bare_recv_late(int fd, void *buf, size_t bytes) {
    const ssize_t r = bare_recv(fd, buf, bytes);
    bare_pause();
    return r;
}

BARE_INLINE void bare_put(int fd, const struct bare_job *job,
                          ssize_t (*put)(int, const void *, size_t)) {
    const unsigned char *at = job->buf;
    size_t left = job->message_bytes;
    while (left > 0) {
        ssize_t r = put(fd, at, left);
        bare_need(r > 0, "send");
        at += r;
        left -= (size_t)r;
    }
}

BARE_INLINE uint64_t bare_take(int fd, const struct bare_job *job, uint64_t wanted_bytes,
                               ssize_t (*take)(int, void *, size_t)) {
    uint64_t bytes = 0;
    while (bytes < wanted_bytes) {
        ssize_t r = take(fd, job->buf, job->recv_bytes);
        bare_need(r > 0, "recv");
        bytes += (uint64_t)r;
    }
    return bytes;
}

/* --- around the loops ---------------------------------------------------------------- */

void bare_open_pipe(struct bare_link *link);
void bare_open_pipe_pair(struct bare_link *link);
void bare_open_udp(struct bare_link *link);

/* Listen for so many clients. */
void bare_listen_unix(struct bare_link *link, int clients);
void bare_listen_tcp(struct bare_link *link, int clients);

/* For tables of transports: they listen for one. */
void bare_open_unix(struct bare_link *link);
void bare_open_tcp(struct bare_link *link);

/* Child: makes its end of a stream socket and drops the listener. */
void bare_connect(struct bare_link *link);

/* First of all in a child. */
void bare_die_with_parent(void);

void bare_pin(int cpu); /* -1: leaves it where it is */

/* A page-aligned buffer, all of it touched. */
unsigned char *bare_touched(size_t bytes);

/* What a receiver offers a call. */
size_t bare_recv_bytes(size_t message_bytes, int messages);

/* "3:0" into two CPUs. Returns 1 when it is that. */
int bare_parse_cpus(const char *text, int cpus[2]);

/* TRANSPORT MESSAGE_BYTES MESSAGES [CPU:CPU]. Ends the program when it is not that. The
 * table ends with a row without a name. */
struct bare_order bare_parse(int argc, char **argv, const struct bare_transport *table);

/* One trial. */
struct bare_result bare_trial(const struct bare_order *order);

/* Before the trial that counts one of half of its messages, because ipcmark's trials come
 * after a calibration that aims at half of one. */
struct bare_result bare_warm_trial(const struct bare_order *order);

/* Received bytes per second, received bytes and elapsed ns. */
void bare_print(const struct bare_result *result);

#endif
