/* foreign.c - the words of iperf3, netperf, fio, hyperfine and others. */
#include "app/cli/foreign.h"

#include "app/cli/name_table.h"
#include "app/cli/optparse.h"
#include "base/err.h"
#include "base/strbuf.h"

#include <stdio.h>
#include <string.h>

/* A row counts where the syntax has the option, or without one. */
struct foreign_option {
    const char *typed;
    const char *option;
    const char *instead; /* what to write; NULL: the option */
};

static const struct foreign_option foreign_options[] = {
    {"--all", "pattern", "'all' as TRANSPORT: 'ipcmark run all'"},
    {"-a", "pattern", "'all' as TRANSPORT: 'ipcmark run all'"},
    {"--all", "version", "'ipcmark run all'"},
    {"-u", "pattern", "'udp' as TRANSPORT: 'ipcmark run udp'"},
    {"-N", "pattern", "'tcp-nodelay' as TRANSPORT: 'ipcmark run tcp-nodelay'"},
    {"--all", "plugin", "'ipcmark list'"},
    {"--list", NULL, "'ipcmark list'"},
    {"-V", NULL, "'ipcmark --version'"},
    {"--count", "b-options", "'ipcmark count --binary-b FILE', or '--kernel-b IMAGE'"},
    {"--count", "binary-base", "'ipcmark count --baseline-dir DIR'"},
    {"--no-pin", "pin", "'--pin none'"},
    {"--transport", "rounds", "TRANSPORT without an option: 'ipcmark run tcp'"},
    {"--transport", "bound", "nothing: all transports of the report are ranked"},
    {"--metric", "bound", NULL},
    {"--latency", "bound", NULL},
    {"--throughput", "bound", NULL},
    {"--p99", "bound", "'--bound p99'"},
    {"--cpu", "bound", "'--bound cpu'"},
    {"--sort", "bound", NULL},
    {"--require", "needs", NULL},
    {"--min-rate", "rate", NULL},
    {"--mps", "rate", NULL},
    {"--pps", "rate", NULL},
    {"--qps", "rate", NULL},
    {"--iops", "rate", NULL},
    {"--rate_iops", "rate", NULL},
    {"--rate-iops", "rate", NULL},
    {"--bitrate", "rate", NULL},
    {"--poisson", "arrivals", "'--arrivals poisson'"},
    {"--rate_process", "arrivals", NULL},
    {"-t", "duration", "'-d TIME', or '-p LIST' for the kind of test"},
    {"--time_based", "duration", NULL},
    {"--interval", "live", NULL},
    {"--omit", "warmup", NULL},
    {"-O", "warmup", NULL},
    {"--ramp_time", "warmup", NULL},
    {"-k", "messages", NULL},
    {"--blockcount", "messages", NULL},
    {"--number_ios", "messages", NULL},
    {"--requests", "messages", NULL},
    {"--min-runs", "precision", "'-r N', or '--precision PERCENT'"},
    {"--max-runs", "precision", "'-r N', or '--precision PERCENT'"},
    {"--confidence", "precision", "'--precision PERCENT': intervals are of 95 %"},
    {"--dry-run", "rounds", "'-r 1 -d 1ms' for a short run"},
    {"-R", "rounds", "'-p duplex', in which both ends send"},
    {"--reverse", "rounds", "'-p duplex', in which both ends send"},
    {"-4", "rounds", "'tcp' or 'udp' as TRANSPORT"},
    {"-6", "rounds", "'tcp6' or 'udp6' as TRANSPORT"},
    {"-Z", "rounds", "'tcp-zerocopy' or 'pipe-splice' as TRANSPORT"},
    {"--zerocopy", "rounds", "'tcp-zerocopy' or 'pipe-splice' as TRANSPORT"},
    {"-H", "rounds", "no address: both ends run on this machine"},
    {"--host", "rounds", "no address: both ends run on this machine"},
    {"-x", "rounds", "the names that are wanted: 'ipcmark run pipe \"shm*\"'"},
    {"--exclude", "rounds", "the names that are wanted: 'ipcmark run pipe \"shm*\"'"},
    {"--except", "rounds", "the names that are wanted: 'ipcmark run pipe \"shm*\"'"},
    {"--priority", "rounds", "'nice' or 'chrt' in front: 'chrt -f 10 ipcmark run'"},
    {"--realtime", "rounds", "'nice' or 'chrt' in front: 'chrt -f 10 ipcmark run'"},
    {"--sched", "rounds", "'nice' or 'chrt' in front: 'chrt -f 10 ipcmark run'"},
    {"--percentiles", "rounds", "'-p ping-pong', which shows p50 to p99.9"},
    {"--percentile_list", "rounds", "'-p ping-pong', which shows p50 to p99.9"},
    {"--histogram", "rounds", "'-p ping-pong', which shows p50 to p99.9"},
    {"--full-rtt", "rounds", "'-p ping-pong', which shows whole round trips"},
    {"--parameter-list", "size", "'-s LIST': most options take lists"},
    {"--parameter-scan", "size", "'-s LIST': most options take lists"},
    {"-L", "size", "'-s LIST': most options take lists"},
    {"--rw", "pattern", NULL},
    {"--readwrite", "pattern", NULL},
    {"--concurrency", "clients", NULL},
    {"--nr_processes", "clients", NULL},
    {"--nr_threads", "clients", NULL},
    {"--group", "clients", NULL},
    {"-S", "server", NULL},
    {"--iodepth", "inflight", "'--inflight LIST' for requests, '--batch N' for calls"},
    {"--depth", "inflight", "'--inflight LIST' for requests, '--batch N' for calls"},
    {"--qd", "inflight", NULL},
    {"--queue-depth", "inflight", NULL},
    {"--outstanding", "inflight", NULL},
    {"--burst", "batch", NULL},
    {"--numa", "pin", NULL},
    {"--node", "pin", NULL},
    {"--spin", "wait", "'--wait hybrid:TIME' for a time of polling"}, /* --spin 5us */
    {"--events", "counters", NULL},
    {"--perf", "counters", NULL},
    {"--stat", "counters", NULL},
    {"--name", "label", NULL},
    {"--title", "label", NULL},
    {"--tag", "label", NULL},
    {"--comment", "label", NULL},
    {"--silent", "quiet", NULL},
    {"--no-color", "color", "'--color never'"},
    {"--no-colour", "color", "'--color never'"},
    {"--no-progress", "progress", "'--progress never'"},
    {"--no-warnings", "warnings", "'--warnings none'"},
    {"-w", "explain", "'--warnings WHICH'"},
    {"--filter", "explain", "'-f csv', whose lines other programs select"},
    {"--only", "explain", "'-f csv', whose lines other programs select"},
    {"--sort", "explain", "'-f csv', whose lines other programs sort"},
    {"--metric", "explain", "'-f json', which has all metrics"},
    {"--runs", "seeds", NULL},
    {"--rounds", "seeds", NULL},
    {"-r", "seeds", NULL},
    {"-n", "seeds", NULL},
    {"--image", "kernel", NULL},
    {"--b-binary", "binary-b", NULL},
    {"--binary-a", "a-binary", NULL},
    {"--binary-b", "b-binary", NULL},
    {"-a", "a", "'--a PREFIX', '--a-binary FILE' or '--a-options OPTIONS'"},
    {"--old", "a", "'--a PREFIX' or '--a-binary FILE'"},
    {"--base", "a", "'--a PREFIX' or '--a-binary FILE'"},
    {"--before", "a", "'--a PREFIX' or '--a-binary FILE'"},
    {"-b", "b", "'--b PREFIX', '--b-binary FILE' or '--b-options OPTIONS'"},
    {"--new", "b", "'--b PREFIX' or '--b-binary FILE'"},
    {"--after", "b", "'--b PREFIX' or '--b-binary FILE'"},
    {"--b-env", "b", "'--b \"env NAME=VALUE\"'"},
    {"--env-b", "b", "'--b \"env NAME=VALUE\"'"},
    {"--rounds", "blocks", NULL},
    {"-r", "blocks", NULL},
    {"--runs", "blocks", NULL},
    {"--repeat", "blocks", NULL},
    {"--old", "binary-base", NULL},
    {"--base", "binary-base", "'--baseline-dir DIR' or '--binary-base FILE'"},
    {"--update", "binary-base", "nothing: a run that did not get worse joins DIR"},
    {"--save", "binary-base", "nothing: a run that did not get worse joins DIR"},
    {"--accept", "binary-base", "nothing: a run that did not get worse joins DIR"},
    {"--dir", "baseline-dir", NULL},
    {"--base-dir", "baseline-dir", NULL},
    {"--history", "baseline-dir", NULL},
    {"--base", "baseline-dir", "the files alone: 'ipcmark compare BASE.json NEW.json'"},
    {"--new", "baseline-dir", "the files alone: 'ipcmark compare BASE.json NEW.json'"},
    {"--before", "baseline-dir", "the files alone: 'ipcmark compare BASE.json NEW.json'"},
    {"--after", "baseline-dir", "the files alone: 'ipcmark compare BASE.json NEW.json'"},
    {"-a", "baseline-dir", "the files alone: 'ipcmark compare BASE.json NEW.json'"},
    {"-b", "baseline-dir", "the files alone: 'ipcmark compare BASE.json NEW.json'"},
    {"--all", "allow-missing", "'-m LIST' for metrics: all cases are judged"},
    {"--strict", "fail-on", "'--fail-on undecided'"},
    {"--fail-on-regression", "fail-on", "nothing: a regression fails"},
    {"--tolerance", "threshold", NULL},
    {"--noise", "threshold", NULL},
    {"--delta", "threshold", NULL},
    {"--min-effect", "threshold", NULL},
    {"--alpha", "threshold", "'-t PERCENT': the level of the tests is fixed"},
    {"--pvalue", "threshold", "'-t PERCENT': the level of the tests is fixed"},
    {"--p-value", "threshold", "'-t PERCENT': the level of the tests is fixed"},
    {"--confidence", "threshold", "'-t PERCENT': the level of the tests is fixed"},
    {"--junit", "threshold", "'-e junit=FILE'"},
    {"-f", "threshold", "'-e FORMAT=FILE'"},
    {"--time", "duration", NULL},
    {"--runtime", "duration", NULL},
    {"--seconds", "duration", NULL},
    {"-n", "rounds", NULL},
    {"-i", "rounds", NULL},
    {"--runs", "rounds", NULL},
    {"--iterations", "rounds", NULL},
    {"--count", "rounds", NULL},
    {"--trials", "rounds", NULL},
    {"--samples", "rounds", NULL},
    {"--repeat", "rounds", NULL},
    {"--loops", "rounds", NULL},
    {"-P", "clients", NULL},
    {"-j", "clients", NULL},
    {"--parallel", "clients", NULL},
    {"--threads", "clients", NULL},
    {"--numjobs", "clients", NULL},
    {"--jobs", "clients", NULL},
    {"--connections", "clients", NULL},
    {"-l", "size", NULL},
    {"--length", "size", NULL},
    {"--len", "size", NULL},
    {"--bs", "size", NULL},
    {"--bytes", "size", NULL},
    {"--msg-size", "size", NULL},
    {"--message-size", "size", NULL},
    {"--block-size", "size", NULL},
    {"--blocksize", "size", NULL},
    {"--window", "buffer", NULL},
    {"--sndbuf", "buffer", NULL},
    {"--rcvbuf", "buffer", NULL},
    {"--bufsize", "buffer", NULL},
    {"-C", "congestion", NULL},
    {"--cc", "congestion", NULL},
    {"-A", "pin", NULL},
    {"--affinity", "pin", NULL},
    {"--cpu", "pin", NULL},
    {"--cpus", "pin", NULL},
    {"--cpu-list", "pin", NULL},
    {"--taskset", "pin", NULL},
    {"--core", "pin", NULL},
    {"--cores", "pin", NULL},
    {"--ioengine", "io", NULL},
    {"--engine", "io", NULL},
    {"-m", "pattern", NULL},
    {"--mode", "pattern", NULL},
    {"--test", "pattern", NULL},
    {"--type", "pattern", NULL},
    {"-o", "export", "'--json FILE', or '-e FORMAT=FILE'"},
    {"--output", "export", "'--json FILE', or '-e FORMAT=FILE'"},
    {"--out", "export", "'--json FILE', or '-e FORMAT=FILE'"},
    {"--save", "export", "'--json FILE', or '-e FORMAT=FILE'"},
    {"--logfile", "export", "'--json FILE', or '-e FORMAT=FILE'"},
    {"-J", "json", NULL},
    {"-o", "json", NULL},
    {"--output", "json", NULL},
    {"--out", "json", NULL},
    {"--export-json", "json", NULL},
    {"--format", "export", NULL},
    {"--output-format", "export", NULL},
    {"--csv", "export", NULL},
    {"--html", "export", NULL},
    {"--markdown", "export", NULL},
    {"--export-csv", "export", NULL},
    {"--export-markdown", "export", NULL},
    {"--format", "json", NULL},
    {"--output-format", "json", NULL},
    {"-f", "format", NULL},
    {"--output-format", "format", NULL},
    {"--json", "format", NULL},
    {"--csv", "format", NULL},
    {"--html", "format", NULL},
    {"--markdown", "format", NULL},
    {"-e", "format", NULL},
    {"--export", "format", NULL},
    {"-v", "progress", NULL},
    {"--verbose", "progress", NULL},
    {"--debug", "progress", NULL},
    {"-v", "version", NULL},
    {"--version", NULL, "'ipcmark --version'"},
    {"-a", "plugin", "'ipcmark list'"},
    {"-o", "help", "'> FILE' behind it"},
    {"--output", "help", "'> FILE' behind it"},
};

static const struct ipm_option *foreign_find(const struct ipm_optparse *syntax,
                                             const char *name) {
    for (const struct ipm_option *o = syntax->options; o->name != NULL || o->help != NULL;
         o++)
        if (o->name != NULL && strcmp(o->name, name) == 0)
            return o;
    return NULL;
}

static const struct foreign_option *foreign_row(const struct ipm_optparse *syntax,
                                                const char *typed) {
    for (size_t i = 0; i < sizeof foreign_options / sizeof foreign_options[0]; i++) {
        const struct foreign_option *row = &foreign_options[i];
        if (strcmp(row->typed, typed) == 0 &&
            (row->option == NULL || foreign_find(syntax, row->option) != NULL))
            return row;
    }
    return NULL;
}

enum { FOREIGN_SPELLING_BYTES = IPM_ERR_HINT_BYTES / 4 };

/* Writes an option with its value: "-s LIST". */
static const char *foreign_spell(const struct ipm_option *option,
                                 char ret_text[FOREIGN_SPELLING_BYTES]) {
    const char *argument = ipm_optparse_argument(option);
    struct ipm_strbuf text = ipm_strbuf_over(ret_text, FOREIGN_SPELLING_BYTES);
    char spelling[FOREIGN_SPELLING_BYTES];
    (void)ipm_strbuf_add(&text, "%s",
                         ipm_optparse_spell(option, spelling, sizeof spelling));
    if (argument != NULL)
        (void)ipm_strbuf_add(&text, " %s", argument);
    return ret_text;
}

void ipm_foreign_hint_own(const struct ipm_optparse *syntax, const char *typed,
                          struct ipm_err *err) {
    const struct foreign_option *row = foreign_row(syntax, typed);
    char spelling[FOREIGN_SPELLING_BYTES];
    if (row == NULL)
        return;
    if (row->instead != NULL)
        ipm_err_hint(err, "write %s", row->instead);
    else
        ipm_err_hint(err, "write '%s'; '%s --help' shows all options",
                     foreign_spell(foreign_find(syntax, row->option), spelling),
                     syntax->command);
}

/* "--tcp", "--epoll": the name of a transport, or of the value of an option. */
static void foreign_hint_name(const struct ipm_optparse *syntax, const char *word,
                              struct ipm_err *err) {
    for (size_t i = 0; ipm_name_tables[i] != NULL; i++) {
        const char *item = ipm_name_tables[i]->item;
        const char *meant = ipm_name_table_mean(ipm_name_tables[i], word);
        char spelling[IPM_ERR_HINT_BYTES / 4];
        const struct ipm_option *option = foreign_find(syntax, item);
        if (meant != NULL && option != NULL)
            ipm_err_hint(err, "write '%s %s'",
                         ipm_optparse_spell(option, spelling, sizeof spelling), meant);
        if (meant != NULL && ipm_name_tables[i] == &ipm_name_table_transports)
            ipm_err_hint(err, "write '%s' as TRANSPORT: 'ipcmark run %s'", meant, meant);
    }
}

/* An option that `run` has, as it is typed there or in other programs. */
static void foreign_hint_run(const struct ipm_optparse *syntax, const char *typed,
                             struct ipm_err *err) {
    const struct ipm_option *option = NULL;
    const struct foreign_option *row = foreign_row(syntax->run, typed);
    char spelling[FOREIGN_SPELLING_BYTES];
    for (const struct ipm_option *o = syntax->run->options;
         o->name != NULL || o->help != NULL; o++) {
        const char letter[] = {'-', o->letter, '\0'};
        if (o->name != NULL && (strcmp(letter, typed) == 0 ||
                                (typed[1] == '-' && strcmp(o->name, typed + 2) == 0)))
            option = o;
    }
    if (option == NULL && row != NULL && row->instead == NULL)
        option = foreign_find(syntax->run, row->option);
    if (option != NULL && syntax->rest != NULL)
        ipm_err_hint(err, "options of 'run' come behind '--': '%s ... -- %s'",
                     syntax->command, foreign_spell(option, spelling));
    else if (option != NULL)
        ipm_err_hint(err, "write '%s %s'", syntax->run->command,
                     foreign_spell(option, spelling));
    else if (row != NULL)
        ipm_err_hint(err, "write %s", row->instead);
}

void ipm_foreign_hint(const struct ipm_optparse *syntax, const char *typed,
                      struct ipm_err *err) {
    ipm_foreign_hint_own(syntax, typed, err);
    if (syntax->run != NULL)
        foreign_hint_run(syntax, typed, err);
    if (typed[1] == '-')
        foreign_hint_name(syntax, typed + 2, err);
}
