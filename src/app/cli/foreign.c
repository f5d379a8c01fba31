/* foreign.c - the words of iperf3, netperf, fio, hyperfine and others. */
#include "app/cli/foreign.h"

#include "app/cli/name_table.h"
#include "app/cli/optparse.h"
#include "base/err.h"
#include "base/words.h"

#include <stdio.h>
#include <string.h>

/* Words are apart by spaces. A row counts where the syntax has the option, or without one. */
struct foreign_option {
    const char *typed;
    const char *option;
    const char *instead; /* what to write; NULL: the option */
};

static const struct foreign_option foreign_options[] = {
    {"--all -a", "pattern", "'all' as TRANSPORT: 'ipcmark run all'"},
    {"--all", "version", "'ipcmark run all'"},
    {"-u", "pattern", "'udp' as TRANSPORT: 'ipcmark run udp'"},
    {"-N", "pattern", "'tcp-nodelay' as TRANSPORT: 'ipcmark run tcp-nodelay'"},
    {"--all", "plugin", "'ipcmark list'"},
    {"--list", NULL, "'ipcmark list'"},
    {"-V --version", NULL, "'ipcmark --version'"},
    {"--count", "b-options", "'ipcmark count --binary-b FILE', or '--kernel-b IMAGE'"},
    {"--count", "binary-base", "'ipcmark count --baseline-dir DIR'"},
    {"--no-pin", "pin", "'--pin none'"},
    {"--transport", "rounds", "'ipcmark run tcp': TRANSPORT has no option"},
    {"--transport", "bound", "all transports of the report are ranked"},
    {"--metric --latency --throughput --sort --by --rank", "bound", NULL},
    {"-e --export", "bound", "'--json FILE'"},
    {"--p99", "bound", "'--bound p99'"},
    {"--cpu", "bound", "'--bound cpu'"},
    {"--require --requires", "needs", NULL},
    {"--min-rate --mps --pps --qps --iops --rate_iops --rate-iops --bitrate", "rate",
     NULL},
    {"--poisson", "arrivals", "'--arrivals poisson'"},
    {"--rate_process", "arrivals", NULL},
    {"-t", "duration", "'-d TIME', or '-p LIST' for the kind of test"},
    {"--time_based --time --runtime --seconds", "duration", NULL},
    {"--interval", "live", NULL},
    {"--omit -O --ramp_time", "warmup", NULL},
    {"-k --nr_loops --blockcount --number_ios --requests", "messages", NULL},
    {"--min-runs --max-runs", "precision", "'-r N', or '--precision PERCENT'"},
    {"--confidence", "precision", "'--precision PERCENT': intervals are of 95 %"},
    {"--dry-run", "rounds", "'-r 1 -d 1ms' for a short run"},
    {"-R --reverse", "rounds", "'-p duplex', in which both ends send"},
    {"--nodelay --no-delay", "rounds",
     "'tcp-nodelay' as TRANSPORT: 'ipcmark run tcp-nodelay'"},
    {"-4", "rounds", "'tcp' or 'udp' as TRANSPORT"},
    {"-6", "rounds", "'tcp6' or 'udp6' as TRANSPORT"},
    {"-Z --zerocopy", "rounds", "'tcp-zerocopy' or 'pipe-splice' as TRANSPORT"},
    {"-H --host", "rounds", "no address is needed: both ends run on this machine"},
    {"--port --cport", "rounds", "no port is needed: ipcmark takes a free one"},
    {"-x --exclude --except", "rounds",
     "'ipcmark run pipe \"shm*\"': the names that are wanted"},
    {"--shm", "rounds", "'shm-ring', 'shm-spin' or 'shm-eventfd' as TRANSPORT"},
    {"--sock", "rounds", "'tcp' or 'unix' as TRANSPORT"},
    {"--msg", "rounds", "'sysv-mq' as TRANSPORT"},
    {"--tcp-avoid-nodelay", "rounds", "'tcp' as TRANSPORT"},
    {"-T", "rounds", "'--pin LIST' for CPUs, or '--server thread' for threads"},
    {"-m", "rounds", "'-s LIST' for sizes, or '-p LIST' for patterns"},
    {"-l", "rounds", "'-s LIST' for sizes, or '-d TIME'"},
    {"-n", "rounds", "'-r N' for rounds, or '--messages N'"},
    {"-i", "rounds", "'-r N' for rounds, or '--live' for a line a round"},
    {"-P -j --parallel --numjobs --jobs", "rounds",
     "'--pairs LIST', or '-c LIST' for clients of one server"},
    {"--sort", "rounds", "'-e csv=FILE', whose lines other programs sort"},
    {"--csv --export-csv", "rounds", "'-e csv=FILE'"},
    {"--no-warmup", "warmup", "'-w 0'"},
    {"--thinktime", "think", NULL},
    {"--priority --realtime --sched", "rounds",
     "'nice' or 'chrt' in front: 'chrt -f 10 ipcmark run'"},
    {"--percentiles --percentile_list --histogram", "rounds",
     "'-p ping-pong', which shows p50 to p99.9"},
    {"--full-rtt", "rounds", "'-p ping-pong', which shows whole round trips"},
    {"--parameter-list --parameter-scan -L", "size",
     "'-s LIST': most options take lists"},
    {"--rw --readwrite --mode --test --type", "pattern", NULL},
    {"--concurrency --nr_processes --nr_threads -g --group --groups --threads "
     "--connections",
     "clients", NULL},
    {"-S", "server", NULL},
    {"--iodepth --depth", "inflight",
     "'--inflight LIST' for requests, '--batch N' for calls"},
    {"--qd --queue-depth --outstanding", "inflight", NULL},
    {"--burst", "batch", NULL},
    {"--numa --node -A --affinity --cpu --cpus --cpu-list --cpus_allowed --taskset "
     "--core --cores",
     "pin", NULL},
    {"--sender-affinity --receiver-affinity", "pin", "'--pin CPU:CPU' for both ends"},
    {"--client-affinity --server-affinity", "pin", "'--pin CPU:CPU' for both ends"},
    {"--spin", "wait", "'--wait hybrid:TIME' for a time of polling"}, /* --spin 5us */
    {"--events --perf --stat", "counters", NULL},
    {"--name --title --tag --comment", "label", NULL},
    {"--silent", "quiet", NULL},
    {"--no-color --no-colour --style", "color", "'--color never'"},
    {"--no-progress", "progress", "'--progress never'"},
    {"--no-warnings", "warnings", "'--warnings none'"},
    {"-w", "explain", "'--warnings WHICH'"},
    {"--history", "explain", "'-f html' and several reports, or a folder of them"},
    {"--filter --only -p --pattern", "explain",
     "'-f csv', whose lines other programs select"},
    {"--sort", "explain", "'-f csv', whose lines other programs sort"},
    {"--metric", "explain", "'-f json', which has all metrics"},
    {"--runs --rounds -r -n", "seeds", NULL},
    {"--image", "kernel", NULL},
    {"--b-binary", "binary-b", NULL},
    {"--binary-a --bin-a", "a-binary", NULL},
    {"--binary-b --bin-b", "b-binary", NULL},
    {"--options-a", "a-options", NULL},
    {"--options-b", "b-options", NULL},
    {"--kernel-a", "kernel-b", "'--kernel IMAGE': side A has no letter"},
    {"--binary-a", "binary-b", "'--binary FILE': side A has no letter"},
    {"--append-a", "append-b", "'--append WORDS', which both sides get"},
    {"--cmdline", "append", NULL},
    {"--cmdline-b", "append-b", NULL},
    {"--arch", "machine", NULL},
    {"-a", "a", "'--a PREFIX', '--a-binary FILE' or '--a-options OPTIONS'"},
    {"--old --base --before", "a", "'--a PREFIX' or '--a-binary FILE'"},
    {"-b", "b", "'--b PREFIX', '--b-binary FILE' or '--b-options OPTIONS'"},
    {"--new --after", "b", "'--b PREFIX' or '--b-binary FILE'"},
    {"--b-env --env-b", "b", "'--b \"env NAME=VALUE\"'"},
    {"--rounds -r --runs --repeat", "blocks", NULL},
    {"--old --base-binary", "binary-base", NULL},
    {"--base --baseline", "binary-base", "'--baseline-dir DIR' or '--binary-base FILE'"},
    {"--update --save --accept", "binary-base",
     "it is not needed: a run that passes is saved in DIR"},
    {"--baseline", "save",
     "'ipcmark compare BASE.json NEW.json', or '--baseline-dir DIR'"},
    {"--baseline --dir --base-dir --history", "baseline-dir", NULL},
    {"--base --new --before --after -a -b", "baseline-dir",
     "'ipcmark compare BASE.json NEW.json'"},
    {"--all", "allow-missing", "'-m LIST' for metrics: all cases are judged"},
    {"--strict", "fail-on", "'--fail-on undecided'"},
    {"--fail-on-regression", "fail-on", "it is not needed: a regression fails"},
    {"--tolerance --noise --delta --min-effect", "threshold", NULL},
    {"--alpha --pvalue --p-value --confidence", "threshold",
     "'-t PERCENT': the level of the tests is fixed"},
    {"--junit", "threshold", "'-e junit=FILE'"},
    {"-f", "threshold", "'-e FORMAT=FILE'"},
    {"--runs --iterations --count --trials --samples --repeat --loops", "rounds", NULL},
    {"-l --length --len --bs --bytes --msg-size --msgsize --message-size --block-size "
     "--blocksize",
     "size", NULL},
    {"--window --sndbuf --rcvbuf --bufsize", "buffer", NULL},
    {"-C --cc --congestion-control", "congestion", NULL},
    {"--ioengine --engine", "io", NULL},
    {"-o --output --out --save --logfile", "export",
     "'--json FILE', or '-e FORMAT=FILE'"},
    {"-J -o --output --out --export-json", "json", NULL},
    {"--html", "export", "'-e html=FILE'"},
    {"--markdown --export-markdown", "export", "'-e markdown=FILE'"},
    {"--format --output-format", "export", NULL},
    {"--format --output-format -j", "json", NULL},
    {"-e --export", "format", "'-f FORMAT -o FILE'"},
    {"--json", "format", "'-f json'"},
    {"--csv", "format", "'-f csv'"},
    {"--html", "format", "'-f html'"},
    {"-f --markdown --output-format", "format", NULL},
    {"--output-file", "output", NULL},
    {"-v --verbose", "live", "'--live' for a line a round, or '--warnings all'"},
    {"-v --verbose --debug", "progress", NULL},
    {"-q --quiet", "json", "'>/dev/null' behind it"},
    {"-v", "version", NULL},
    {"-a", "plugin", "'ipcmark list'"},
    {"-o --output", "help", "'> FILE' behind it"},
};

static const struct foreign_option *foreign_row(const struct ipm_optparse *syntax,
                                                const char *typed) {
    for (size_t i = 0; i < sizeof foreign_options / sizeof foreign_options[0]; i++) {
        const struct foreign_option *row = &foreign_options[i];
        if (ipm_words_hold(row->typed, typed, strncmp) &&
            (row->option == NULL || ipm_optparse_find(syntax, row->option) != NULL))
            return row;
    }
    return NULL;
}

/* Returns an option with its value: "-s LIST". */
static struct ipm_cell foreign_spell(const struct ipm_option *option) {
    const char *argument = ipm_optparse_argument(option);
    return ipm_cell_print("%s%s%s", ipm_optparse_spell(option).text,
                          argument != NULL ? " " : "", argument != NULL ? argument : "");
}

void ipm_foreign_hint_own(const struct ipm_optparse *syntax, const char *typed,
                          struct ipm_err *err) {
    const struct foreign_option *row = foreign_row(syntax, typed);
    if (row == NULL)
        return;
    if (row->instead != NULL)
        ipm_foreign_write(row->instead, err);
    else
        ipm_err_hint(err, "write '%s'; '%s --help' shows all options",
                     foreign_spell(ipm_optparse_find(syntax, row->option)).text,
                     syntax->command);
}

/* "--tcp", "--epoll": the name of a transport, or of the value of an option. */
static void foreign_hint_name(const struct ipm_optparse *syntax, const char *word,
                              struct ipm_err *err) {
    for (size_t i = 0; ipm_name_tables[i] != NULL; i++) {
        const char *item = ipm_name_tables[i]->item;
        const char *meant = ipm_name_table_mean(ipm_name_tables[i], word);
        const struct ipm_option *option = ipm_optparse_find(syntax, item);
        if (meant != NULL && option != NULL)
            ipm_err_hint(err, "write '%s %s'", ipm_optparse_spell(option).text, meant);
        if (meant != NULL && ipm_name_tables[i] == &ipm_name_table_transports)
            ipm_err_hint(err, "write '%s' as TRANSPORT: 'ipcmark run %s'", meant, meant);
    }
}

/* An option that `run` has, as it is typed there, or in other programs where all options of
 * `run` are expected. */
static void foreign_hint_run(const struct ipm_optparse *syntax, const char *typed,
                             struct ipm_err *err) {
    const struct ipm_option *option = NULL;
    const bool program = strchr(syntax->command, ' ') == NULL;
    const struct foreign_option *row =
        program || syntax->rest != 0 ? foreign_row(syntax->run, typed) : NULL;
    for (const struct ipm_option *o = syntax->run->options;
         (o = ipm_optparse_from(o)) != NULL; o++) {
        const char letter[] = {'-', o->letter, '\0'};
        if (strcmp(letter, typed) == 0 ||
            (typed[1] == '-' && strcmp(o->name, typed + 2) == 0))
            option = o;
    }
    if (option == NULL && row != NULL && row->instead == NULL)
        option = ipm_optparse_find(syntax->run, row->option);
    if (option != NULL && syntax->rest != 0)
        ipm_err_hint(err, "options of 'run' come behind '--': '%s ... -- %s'",
                     syntax->command, foreign_spell(option).text);
    else if (option != NULL)
        ipm_err_hint(err, program ? "write '%s %s'" : "another command has it: '%s %s'",
                     syntax->run->command, foreign_spell(option).text);
    else if (row != NULL && row->instead != NULL)
        ipm_foreign_write(row->instead, err);
}

void ipm_foreign_hint(const struct ipm_optparse *syntax, const char *typed,
                      struct ipm_err *err) {
    ipm_foreign_hint_own(syntax, typed, err);
    if (syntax->run != NULL)
        foreign_hint_run(syntax, typed, err);
    if (typed[1] == '-')
        foreign_hint_name(syntax, typed + 2, err);
}
