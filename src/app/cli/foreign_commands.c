/* foreign_commands.c - words in the place of a command, or of an option, and what to write. */
#include "app/cli/foreign.h"

#include "base/err.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

static const struct {
    const char *typed;
    const char *instead;
} foreign_commands[] = {
    {"version", "'ipcmark --version'"},
    {"compare", "'ipcmark compare BASE.json NEW.json'"},
    {"choose", "'ipcmark choose --size SIZE REPORT.json'"},
    {"report", "'ipcmark report REPORT.json'"},
    {"doctor", "'ipcmark doctor'"},
    {"gate", "'ipcmark gate --baseline-dir DIR'"},
    {"history", "'ipcmark gate --baseline-dir DIR'"},
    {"baseline", "'ipcmark gate --baseline-dir DIR'"},
    {"ci", "'ipcmark gate --baseline-dir DIR'"},
    {"bisect", "'git bisect run ipcmark gate --status bisect ...'"},
    {"server", "'ipcmark run', which starts both ends"},
    {"client", "'ipcmark run', which starts both ends"},
    {"sched", "'ipcmark run'"},
    {"sweep", "'ipcmark run --size 64..1M' or '--rate sweep'"},
    {"stat", "'ipcmark run --counters LIST'"},
    {"instructions", "'ipcmark count'"},
    {"plot", "'ipcmark report -f html -o FILE REPORT.json'"},
    {"graph", "'ipcmark report -f html -o FILE REPORT.json'"},
    {"convert", "'ipcmark report -f FORMAT REPORT.json'"},
    {"export", "'ipcmark report -f FORMAT REPORT.json'"},
    {"merge", "'ipcmark report --merge REPORT.json...'"},
    {"summary", "'ipcmark report REPORT.json'"},
    {"man", "'man ipcmark'"},
    {"usage", "'ipcmark help'"},
    {"settings", "'ipcmark help run'"},
    {"commands", "'ipcmark help'"},
    {"options", "'ipcmark help run'"},
    {"metrics", "'ipcmark help compare'"},
    {"counters", "'ipcmark help run'"},
    {"placements", "'ipcmark help run'"},
    {"cpus", "'ipcmark doctor'"},
    {"topology", "'ipcmark doctor'"},
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

void ipm_foreign_file(const char *typed, struct ipm_err *err) {
    const size_t length = strlen(typed);
    if (length > 5 && strcmp(typed + length - 5, ".json") == 0)
        ipm_err_hint(err, "write 'ipcmark report %.100s'", typed);
}

void ipm_foreign_command(const char *typed, struct ipm_err *err) {
    for (size_t i = 0; i < sizeof foreign_commands / sizeof foreign_commands[0]; i++)
        if (strcasecmp(foreign_commands[i].typed, typed) == 0)
            ipm_err_hint(err, "write %s", foreign_commands[i].instead);
    ipm_foreign_file(typed, err);
}
