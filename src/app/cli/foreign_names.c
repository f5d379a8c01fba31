/* foreign_names.c - the names of transports, patterns and others that are called something else
 * elsewhere. */
#include "app/cli/foreign.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

struct foreign_name {
    const char *item; /* as in struct ipm_name_table */
    const char *typed;
    const char *name;
};

static const struct foreign_name foreign_names[] = {
    {"pattern", "latency", "ping-pong"},
    {"pattern", "lat", "ping-pong"},
    {"pattern", "rtt", "ping-pong"},
    {"pattern", "round-trip", "ping-pong"},
    {"pattern", "roundtrip", "ping-pong"},
    {"pattern", "rr", "ping-pong"},
    {"pattern", "request-response", "ping-pong"},
    {"pattern", "echo", "ping-pong"},
    {"pattern", "throughput", "stream"},
    {"pattern", "bandwidth", "stream"},
    {"pattern", "bw", "stream"},
    {"pattern", "oneway", "stream"},
    {"pattern", "one-way", "stream"},
    {"pattern", "bidirectional", "duplex"},
    {"pattern", "bidir", "duplex"},
    {"pattern", "bidir-stream", "duplex"},
    {"pattern", "full-duplex", "duplex"},
    {"pattern", "both", "duplex"},
    {"pattern", "connection", "connect"},
    {"pattern", "connections", "connect"},
    {"pattern", "accept", "connect"},
    {"pattern", "conn", "connect"},
    {"pattern", "crr", "connect"},
    {"pattern", "setup", "connect"},
    {"pattern", "incast", "fan-in"},
    {"pattern", "many-to-one", "fan-in"},
    {"pattern", "clients", "fan-in"},
    {"pattern", "rpc", "fan-in-rpc"},
    {"transport", "uds", "unix"},
    {"transport", "unixsocket", "unix"},
    {"transport", "unix-socket", "unix"},
    {"transport", "unix-sockets", "unix"},
    {"transport", "eventfd", "shm-eventfd"},
    {"transport", "futex", "shm-ring"},
    {"transport", "splice", "pipe-splice"},
    {"transport", "vmsplice", "pipe-vmsplice"},
    {"transport", "process_vm_readv", "cma"},
    {"transport", "dgram", "unix-dgram"},
    {"transport", "datagram", "unix-dgram"},
    {"transport", "localhost", "tcp"},
    {"transport", "127.0.0.1", "tcp"},
    {"transport", "ipv4", "tcp"},
    {"transport", "ipv6", "tcp6"},
    {"transport", "::1", "tcp6"},
    {"transport", "sockets", "tcp"},
    {"transport", "af_unix", "unix"},
    {"transport", "unix-stream", "unix"},
    {"transport", "local", "unix"},
    {"transport", "shared-memory", "shm-ring"},
    {"transport", "shmem", "shm-ring"},
    {"transport", "mmap", "shm-ring"},
    {"transport", "memory", "shm-ring"},
    {"transport", "mq", "posix-mq"},
    {"transport", "mqueue", "posix-mq"},
    {"transport", "msgqueue", "posix-mq"},
    {"transport", "inet", "tcp"},
    {"transport", "loopback", "tcp"},
    {"transport", "socket", "tcp"},
    {"transport", "named-pipe", "fifo"},
    {"server", "threads", "thread"},
    {"server", "processes", "process"},
    {"server", "fork", "process"},
    {"wait", "busy", "spin"},
    {"wait", "busy-wait", "spin"},
    {"wait", "busy-poll", "spin"},
    {"wait", "busypoll", "spin"},
    {"wait", "sleep", "block"},
    {"wait", "futex", "block"},
    {"wait", "blocking", "block"},
    {"wait", "adaptive", "hybrid"},
    {"wait", "epoll", "poll"},
    {"framing", "newline", "delimiter"},
    {"framing", "line", "delimiter"},
    {"framing", "lines", "delimiter"},
    {"framing", "text", "delimiter"},
    {"framing", "prefix", "length"},
    {"framing", "length-prefix", "length"},
    {"framing", "header", "length"},
    {"framing", "raw", "none"},
    {"unit", "gbps", "Gbit"},
    {"unit", "gb", "Gbit"},
    {"unit", "gb/s", "Gbit"},
    {"unit", "gbit/s", "Gbit"},
    {"unit", "gib", "auto"},
    {"unit", "mib/s", "MiB"},
    {"unit", "mb/s", "MB"},
    {"color", "yes", "always"},
    {"color", "on", "always"},
    {"color", "no", "never"},
    {"color", "off", "never"},
    {"progress", "yes", "always"},
    {"progress", "no", "never"},
    {"warnings", "off", "none"},
    {"warnings", "no", "none"},
    {"io", "io_uring", "uring"},
    {"io", "io-uring", "uring"},
    {"io", "iouring", "uring"},
    {"io", "psync", "sync"},
    {"io", "blocking", "sync"},
};

const char *ipm_foreign_name(const char *item, const char *word) {
    for (size_t i = 0; i < sizeof foreign_names / sizeof foreign_names[0]; i++)
        if (strcmp(foreign_names[i].item, item) == 0 &&
            strcasecmp(foreign_names[i].typed, word) == 0)
            return foreign_names[i].name;
    return NULL;
}
