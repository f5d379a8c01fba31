/* foreign_names.c - names of transports, patterns, commands and others that are called something
 * else elsewhere. */
#include "app/cli/foreign.h"

#include "base/err.h"
#include "base/words.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* The names of transports, patterns and others that are called something else elsewhere. */
static const struct {
    const char *item; /* as in struct ipm_name_table */
    const char *typed;
    const char *name;
} foreign_names[] = {
    {"pattern",
     "latency lat rtt round-trip roundtrip rr request-response echo tcp_rr udp_rr pp "
     "pingpong",
     "ping-pong"},
    {"pattern", "throughput bandwidth bw oneway one-way tcp_stream udp_stream", "stream"},
    {"pattern", "bidirectional bidir bidir-stream full-duplex both", "duplex"},
    {"pattern", "connection connections accept conn crr setup tcp_crr", "connect"},
    {"pattern", "incast many-to-one clients messaging", "fan-in"},
    {"pattern", "rpc", "fan-in-rpc"},
    {"pattern", "req-rep reqrep request-reply req-resp call", "ping-pong"},
    {"bound", "p999", "p99.9"},
    {"bound", "p9999", "p99.99"},
    {"bound", "median", "p50"},
    {"bound", "latency", "p99"},
    {"bound", "rate bandwidth", "throughput"},
    {"metric", "p50 median", "latency-p50"},
    {"metric", "p99 latency", "latency-p99"},
    {"metric", "cpu", "cpu-per-byte"},
    {"metric", "bandwidth rate", "throughput"},
    {"need", "duplex bidirectional", "both-ways"},
    {"need", "messages datagram framing", "boundaries"},
    {"need", "multiclient clients server", "multi-client"},
    {"need", "lossless ordered", "reliable"},
    {"need", "epoll poll", "pollable"},
    {"need", "network cross-host", "remote"},
    {"fail-on", "regression regressions", "regressed"},
    {"fail-on", "any", "undecided"},
    {"status", "git", "bisect"},
    {"format", "md", "markdown"},
    {"format", "xml", "junit"},
    {"format", "htm", "html"},
    {"format", "txt table", "text"},
    {"format", "tsv", "csv"},
    {"format", "prom", "prometheus"},
    {"list", "all", "transports"},
    {"list", "engines", "io"},
    {"transport", "uds unixsocket unix-socket unix-sockets af_unix unix-stream local",
     "unix"},
    {"transport", "eventfd", "shm-eventfd"},
    {"transport", "futex shared-memory shmem mmap memory", "shm-ring"},
    {"transport", "splice", "pipe-splice"},
    {"transport", "vmsplice", "pipe-vmsplice"},
    {"transport", "process_vm_readv", "cma"},
    {"transport", "dgram datagram", "unix-dgram"},
    {"transport", "localhost 127.0.0.1 ipv4 sockets inet loopback socket", "tcp"},
    {"transport", "ipv6 ::1", "tcp6"},
    {"transport", "mq mqueue msgqueue", "posix-mq"},
    {"transport", "named-pipe", "fifo"},
    {"transport", "anonymous-pipe anon-pipe", "pipe"},
    {"transport", "domain domain-socket unix-domain-socket", "unix"},
    {"transport", "sharedmem posix-shm sysv-shm", "shm-ring"},
    {"placement", "one one-cpu same-cpu together", "same"},
    {"placement", "two two-cpus apart separate different", "split"},
    {"placement", "off no", "none"},
    {"placement", "numa", "node"},
    {"placement", "ht hyperthread hyperthreads sibling siblings", "smt"},
    {"server", "threads", "thread"},
    {"server", "processes fork", "process"},
    {"server", "async event events event-loop", "epoll"},
    {"counter", "llc-misses L1-dcache-misses LLC-load-misses", "cache-misses"},
    {"wait", "busy busy-wait busy-poll busypoll", "spin"},
    {"wait", "sleep futex blocking", "block"},
    {"wait", "adaptive", "hybrid"},
    {"wait", "epoll", "poll"},
    {"framing", "newline line lines text", "delimiter"},
    {"framing", "prefix length-prefix header", "length"},
    {"framing", "raw", "none"},
    {"unit", "gbps gbit/s", "Gbit"},
    {"unit", "mib/s", "MiB"},
    {"unit", "mb/s", "MB"},
    {"machine", "arm64", "aarch64"},
    {"machine", "x86-64 amd64", "x86_64"},
    {"color", "yes on true", "always"},
    {"color", "no off false", "never"},
    {"progress", "yes", "always"},
    {"progress", "no", "never"},
    {"warnings", "off no", "none"},
    {"io", "io_uring io-uring iouring async aio libaio liburing", "uring"},
    {"io", "psync blocking posix read write", "sync"},
};

/* Words in the place of a command, or of an option, and what to write. */
static const struct {
    const char *typed;
    const char *instead;
} foreign_commands[] = {
    {"version about", "'ipcmark --version'"},
    {"compare diff cmp", "'ipcmark compare BASE.json NEW.json'"},
    {"choose recommend select pick which best fastest suggest advise",
     "'ipcmark choose --size SIZE REPORT.json'"},
    {"report summary show view", "'ipcmark report REPORT.json'"},
    {"doctor cpus topology check info status tune", "'ipcmark doctor'"},
    {"gate history baseline ci", "'ipcmark gate --baseline-dir DIR'"},
    {"bisect", "'git bisect run ipcmark gate --status bisect ...'"},
    {"server client", "'ipcmark run', which starts both ends"},
    {"bench benchmark measure test start perf exec go", "'ipcmark run'"},
    {"record", "'ipcmark run --json FILE'"},
    {"verify", "'ipcmark run --verify'"},
    {"setup", "'ipcmark run': there is nothing to set up"},
    {"abtest ab-test", "'ipcmark ab --b PREFIX'"},
    {"csv cases", "'ipcmark report -f csv REPORT.json'"},
    {"json", "'ipcmark report -f json REPORT.json'"},
    {"plugins", "'ipcmark list --plugin FILE'"},
    {"sweep", "'ipcmark run --size 64..1M' or '--rate sweep'"},
    {"stat", "'ipcmark run --counters LIST'"},
    {"instructions", "'ipcmark count'"},
    {"plot graph html", "'ipcmark report -f html -o FILE REPORT.json'"},
    {"convert export", "'ipcmark report -f FORMAT REPORT.json'"},
    {"merge", "'ipcmark report --merge REPORT.json...'"},
    {"man docs", "'man ipcmark'"},
    {"usage commands ? /?", "'ipcmark help'"},
    {"settings options counters placements pins examples", "'ipcmark help run'"},
    {"metrics", "'ipcmark help compare'"},
    {"all", "'ipcmark run all'"},
    {"explain", "'ipcmark report --explain CASE REPORT.json'"},
    {"validate", "'ipcmark report REPORT.json', which reads it"},
    {"transports", "'ipcmark list'"},
    {"patterns", "'ipcmark list patterns'"},
    {"formats", "'ipcmark list formats'"},
};

/* What perf bench, lmbench, qperf, netperf and sockperf call their tests, and commands, in the
 * place of a transport. */
static const struct {
    const char *typed;
    const char *instead;
} foreign_tests[] = {
    {"lat_pipe", "'-p ping-pong pipe-pair'"},
    {"lat_unix", "'-p ping-pong unix'"},
    {"lat_tcp tcp_lat tcp_rr", "'-p ping-pong tcp'"},
    {"lat_udp udp_lat udp_rr", "'-p ping-pong udp'"},
    {"lat_connect tcp_crr", "'-p connect tcp'"},
    {"lat_ctx", "'-p ping-pong --pin same pipe-pair'"},
    {"bw_pipe", "'-p stream pipe'"},
    {"bw_unix", "'-p stream unix'"},
    {"bw_tcp tcp_bw tcp_stream", "'-p stream tcp'"},
    {"udp_bw udp_stream", "'-p stream udp'"},
    {"under-load", "'-p ping-pong --rate RATE'"},
    {"mem", "no transport: each run measures memcpy as well"},
    {"syscall", "no transport: each run measures the null system call as well"},
    {"list", "'ipcmark list'"},
    {"help", "'ipcmark help run'"},
    {"doctor", "'ipcmark doctor'"},
    {"compare", "'ipcmark compare BASE.json NEW.json'"},
    {"report", "'ipcmark report REPORT.json'"},
};

const char *ipm_foreign_name(const char *item, const char *word) {
    for (size_t i = 0; i < sizeof foreign_names / sizeof foreign_names[0]; i++)
        if (strcmp(foreign_names[i].item, item) == 0 &&
            ipm_words_hold(foreign_names[i].typed, word, strncasecmp))
            return foreign_names[i].name;
    return NULL;
}

void ipm_foreign_write(const char *instead, struct ipm_err *err) {
    ipm_err_hint(err, "%s%s", instead[0] == '\'' ? "write " : "", instead);
}

void ipm_foreign_hint_name(const char *item, const char *word, const char *shown_by,
                           struct ipm_err *err) {
    const char *meant = ipm_foreign_name(item, word);
    if (meant != NULL)
        ipm_err_hint(err, "did you mean '%s'? '%s' shows all", meant, shown_by);
}

/* The benchmarks of "perf bench sched". */
static void foreign_hint_sched(const char *typed, const char *command,
                               struct ipm_err *err) {
    if (strcasecmp(typed, "sched") == 0)
        ipm_err_hint(err,
                     "write '%s-p fan-in unix' for messaging, or '%s-p ping-pong "
                     "pipe-pair' for pipe",
                     command, command);
}

void ipm_foreign_test(const char *typed, struct ipm_err *err) {
    foreign_hint_sched(typed, "", err);
    for (size_t i = 0; i < sizeof foreign_tests / sizeof foreign_tests[0]; i++)
        if (ipm_words_hold(foreign_tests[i].typed, typed, strncasecmp))
            ipm_foreign_write(foreign_tests[i].instead, err);
}

static bool foreign_is_file(const char *typed) {
    const size_t length = typed != NULL ? strlen(typed) : 0;
    return length > 5 && strcmp(typed + length - 5, ".json") == 0;
}

void ipm_foreign_file(const char *typed, const char *next, struct ipm_err *err) {
    if (foreign_is_file(typed) && foreign_is_file(next))
        ipm_err_hint(err, "write 'ipcmark compare %.60s %.60s'", typed, next);
    else if (foreign_is_file(typed))
        ipm_err_hint(err, "write 'ipcmark report %.100s'", typed);
}

void ipm_foreign_command(const char *typed, const char *next, struct ipm_err *err) {
    foreign_hint_sched(typed, "ipcmark run ", err);
    for (size_t i = 0; i < sizeof foreign_commands / sizeof foreign_commands[0]; i++)
        if (ipm_words_hold(foreign_commands[i].typed, typed, strncasecmp))
            ipm_foreign_write(foreign_commands[i].instead, err);
    ipm_foreign_file(typed, next, err);
}
