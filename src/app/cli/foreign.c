/* foreign.c - the words of iperf3, netperf, fio, hyperfine and others. */
#include "app/cli/foreign.h"

#include "app/cli/optparse.h"
#include "base/err.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* A row counts where the syntax has the option, or without one. */
struct foreign_option {
    const char *typed;
    const char *option;
    const char *instead; /* what to write; NULL: the option */
};

static const struct foreign_option foreign_options[] = {
    {"--all", "pattern", "'all' as TRANSPORT: 'ipcmark run all'"},
    {"--all", "version", "'ipcmark run all'"},
    {"--transport", "pattern", "TRANSPORT without an option: 'ipcmark run tcp'"},
    {"-u", "pattern", "'udp' as TRANSPORT: 'ipcmark run udp'"},
    {"-N", "pattern", "'tcp-nodelay' as TRANSPORT: 'ipcmark run tcp-nodelay'"},
    {"-t", "version", "'ipcmark run -d TIME'"},
    {"-n", "version", "'ipcmark run -r N'"},
    {"-J", "version", "'ipcmark run --json FILE'"},
    {"-o", "version", "'ipcmark run --json FILE'"},
    {"--format", "version", "'ipcmark run -e FORMAT=FILE'"},
    {"-s", "version", "'ipcmark run -s LIST'"},
    {"-p", "version", "'ipcmark run -p LIST'"},
    {"-r", "version", "'ipcmark run -r N'"},
    {"-d", "version", "'ipcmark run -d TIME'"},
    {"-e", "version", "'ipcmark run -e FORMAT=FILE'"},
    {"--json", "version", "'ipcmark run --json FILE'"},
    {"--pin", "version", "'ipcmark run --pin LIST'"},
    {"--size", "version", "'ipcmark run --size LIST'"},
    {"--pattern", "version", "'ipcmark run --pattern LIST'"},
    {"--all", "plugin", "'ipcmark list'"},
    {"--list", NULL, "'ipcmark list'"},
    {"-V", NULL, "'ipcmark --version'"},
    {"-s", "b-options", "options of 'run' behind '--': 'ipcmark ab ... -- -s 64'"},
    {"-p", "b-options", "options of 'run' behind '--': 'ipcmark ab ... -- -p stream'"},
    {"-d", "b-options", "options of 'run' behind '--': 'ipcmark ab ... -- -d 20ms'"},
    {"--pin", "b-options",
     "options of 'run' behind '--': 'ipcmark ab ... -- --pin same'"},
    {"--count", "b-options", "'ipcmark count --binary-b FILE', or '--kernel-b IMAGE'"},
    {"--count", "binary-base", "'ipcmark count --baseline-dir DIR'"},
    {"--no-pin", "pin", "'--pin none'"},
    {"--base", "baseline-dir", "the files alone: 'ipcmark compare BASE.json NEW.json'"},
    {"--new", "baseline-dir", "the files alone: 'ipcmark compare BASE.json NEW.json'"},
    {"-t", "duration", NULL},
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
    {"--iodepth", "batch", NULL},
    {"--depth", "batch", NULL},
    {"-m", "pattern", NULL},
    {"--mode", "pattern", NULL},
    {"--test", "pattern", NULL},
    {"--type", "pattern", NULL},
    {"--latency", "pattern", NULL},
    {"--rtt", "pattern", NULL},
    {"--throughput", "pattern", NULL},
    {"--bandwidth", "pattern", NULL},
    {"-J", "json", NULL},
    {"-o", "json", "'--json FILE', or '-e FORMAT=FILE'"},
    {"--output", "json", "'--json FILE', or '-e FORMAT=FILE'"},
    {"--out", "json", "'--json FILE', or '-e FORMAT=FILE'"},
    {"--export-json", "json", NULL},
    {"-o", "export", NULL},
    {"--output", "export", NULL},
    {"--out", "export", NULL},
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
    {"-v", "version", NULL},
};

static const struct ipm_option *foreign_find(const struct ipm_optparse *syntax,
                                             const char *name) {
    for (const struct ipm_option *o = syntax->options; o->name != NULL || o->help != NULL;
         o++)
        if (o->name != NULL && strcmp(o->name, name) == 0)
            return o;
    return NULL;
}

static void foreign_hint_option(const struct ipm_optparse *syntax,
                                const struct ipm_option *option, struct ipm_err *err) {
    char spelling[IPM_ERR_HINT_BYTES / 4];
    const char *argument = ipm_optparse_argument(option);
    ipm_err_hint(err, "write '%s%s%s'; '%s --help' shows all options",
                 ipm_optparse_spell(option, spelling, sizeof spelling),
                 argument != NULL ? " " : "", argument != NULL ? argument : "",
                 syntax->command);
}

void ipm_foreign_hint(const struct ipm_optparse *syntax, const char *typed,
                      struct ipm_err *err) {
    for (size_t i = 0; i < sizeof foreign_options / sizeof foreign_options[0]; i++) {
        const struct foreign_option *row = &foreign_options[i];
        const struct ipm_option *option =
            row->option != NULL ? foreign_find(syntax, row->option) : NULL;
        if (strcmp(row->typed, typed) != 0 || (row->option != NULL && option == NULL))
            continue;
        if (row->instead == NULL)
            foreign_hint_option(syntax, option, err);
        else
            ipm_err_hint(err, "write %s", row->instead);
    }
}

/* A word in the place of a command, and what to write. */
static const struct {
    const char *typed;
    const char *instead;
} foreign_commands[] = {
    {"version", "'ipcmark --version'"},
    {"bench", "'ipcmark run'"},
    {"benchmark", "'ipcmark run'"},
    {"measure", "'ipcmark run'"},
    {"test", "'ipcmark run'"},
    {"start", "'ipcmark run'"},
    {"all", "'ipcmark run all'"},
    {"check", "'ipcmark doctor'"},
    {"info", "'ipcmark doctor'"},
    {"status", "'ipcmark doctor'"},
    {"show", "'ipcmark report REPORT.json'"},
    {"view", "'ipcmark report REPORT.json'"},
    {"html", "'ipcmark report -f html -o FILE REPORT.json'"},
    {"explain", "'ipcmark report --explain CASE REPORT.json'"},
    {"diff", "'ipcmark compare BASE.json NEW.json'"},
    {"cmp", "'ipcmark compare BASE.json NEW.json'"},
    {"validate", "'ipcmark report REPORT.json', which reads it"},
    {"recommend", "'ipcmark choose --size SIZE REPORT.json'"},
    {"transports", "'ipcmark list'"},
    {"patterns", "'ipcmark list patterns'"},
    {"formats", "'ipcmark list formats'"},
};

void ipm_foreign_command(const char *typed, struct ipm_err *err) {
    const size_t length = strlen(typed);
    for (size_t i = 0; i < sizeof foreign_commands / sizeof foreign_commands[0]; i++)
        if (strcasecmp(foreign_commands[i].typed, typed) == 0)
            ipm_err_hint(err, "write %s", foreign_commands[i].instead);
    if (length > 5 && strcmp(typed + length - 5, ".json") == 0)
        ipm_err_hint(err, "write 'ipcmark report %.100s'", typed);
}
