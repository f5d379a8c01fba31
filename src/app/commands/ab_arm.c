/* ab_arm.c - runs ipcmark under a prefix and reads its report. */
#include "app/commands/ab_arm.h"

#include "base/err.h"
#include "base/shellwords.h"
#include "reports/renderer.h"
#include "run/process/program.h"
#include "run/process/spawn.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char arm_own_name[] = "ipcmark";

/* --- words ------------------------------------------------------------------------------ */

static bool arm_ends_in_ipcmark(const struct ipm_ab_arm *arm) {
    if (arm->prefix_count == 0)
        return false;
    const char *last = arm->prefix_words[arm->prefix_count - 1];
    const char *slash = strrchr(last, '/');
    return strcmp(slash != NULL ? slash + 1 : last, arm_own_name) == 0;
}

static int arm_find_binary(struct ipm_ab_arm *arm, struct ipm_err *err) {
    if (arm->binary != NULL) {
        (void)snprintf(arm->binary_path, sizeof arm->binary_path, "%s", arm->binary);
        return 0;
    }
    if (arm_ends_in_ipcmark(arm))
        return 0;
    const ssize_t length =
        readlink("/proc/self/exe", arm->binary_path, sizeof arm->binary_path - 1);
    if (length < 0) {
        ipm_err_sys(err, -errno, "cannot find the path of this program");
        ipm_err_hint(err, "name it by '--a-binary' and '--b-binary'");
        return -ENOENT;
    }
    arm->binary_path[length] = '\0';
    return 0;
}

int ipm_ab_arm_settle(struct ipm_ab_arm *arm, struct ipm_err *err) {
    int code = ipm_shellwords_split(arm->prefix != NULL ? arm->prefix : "", "prefix",
                                    &arm->prefix_words, &arm->prefix_count, err);
    if (code == 0)
        code = ipm_shellwords_split(arm->options != NULL ? arm->options : "", "options",
                                    &arm->option_words, &arm->option_count, err);
    if (code == 0)
        code = arm_find_binary(arm, err);
    if (code != 0)
        return code;
    return ipm_spawn_check(
        arm->prefix_count > 0 ? arm->prefix_words[0] : arm->binary_path, err);
}

bool ipm_ab_arm_is_plain(const struct ipm_ab_arm *arm) {
    return arm->prefix_count == 0 && arm->binary == NULL && arm->option_count == 0;
}

void ipm_ab_arm_done(struct ipm_ab_arm *arm) {
    ipm_shellwords_free(arm->prefix_words);
    ipm_shellwords_free(arm->option_words);
    arm->prefix_words = arm->option_words = NULL;
}

void ipm_ab_arm_title(char *title, size_t size, const struct ipm_ab_arm *arm) {
    const char *const parts[] = {arm->prefix, arm->binary, arm->options};
    title[0] = '\0';
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        const size_t used = strlen(title);
        if (parts[i] != NULL && parts[i][0] != '\0')
            (void)snprintf(title + used, size - used, "%s%s", used > 0 ? " " : "",
                           parts[i]);
    }
}

/* --- the command ------------------------------------------------------------------------ */

enum { ARM_OWN_WORDS = 7 };

struct arm_command {
    size_t count;
    char **words;
    char seed[24];
};

static void arm_add(struct arm_command *command, const char *word) {
    command->words[command->count++] = (char *)word; /* execv(3) does not change it */
}

static void arm_add_all(struct arm_command *command, size_t count,
                        const char *const *words) {
    for (size_t i = 0; i < count; i++)
        arm_add(command, words[i]);
}

/* The last of two equal options counts, so those of `ab` come last, but before "--". */
static void arm_fill(struct arm_command *command, const struct ipm_ab_arm *arm) {
    const char *const own[ARM_OWN_WORDS] = {"-r", "1",      "-q",         "--json",
                                            "-",  "--seed", command->seed};
    size_t options = 0;
    while (options < arm->run_count && strcmp(arm->run_words[options], "--") != 0)
        options++;
    arm_add_all(command, arm->prefix_count, (const char *const *)arm->prefix_words);
    if (arm->binary_path[0] != '\0')
        arm_add(command, arm->binary_path);
    arm_add(command, "run");
    arm_add_all(command, options, arm->run_words);
    arm_add_all(command, arm->option_count, (const char *const *)arm->option_words);
    const size_t rounds = arm->whole ? 2 : 0; /* words that are left out */
    arm_add_all(command, ARM_OWN_WORDS - rounds, own + rounds);
    arm_add_all(command, arm->run_count - options, arm->run_words + options);
}

/* --- its output ----------------------------------------------------------------------- */

/* Copies the first line of a file. Returns whether there is one. */
static bool arm_first_line(FILE *file, char *line, int bytes) {
    rewind(file);
    const bool any = fgets(line, bytes, file) != NULL;
    line[any ? strcspn(line, "\n") : 0] = '\0';
    return any;
}

/* Sets the reason as one line; `unread` tells why a report could not be read. */
static int arm_refuse(const struct ipm_ab_arm *arm, const struct ipm_said *said,
                      const struct ipm_report *report, const struct ipm_err *unread,
                      struct ipm_err *err) {
    char line[256];
    const char *reason = line;
    if (WIFSIGNALED(said->status))
        return ipm_err_set(err, -EIO, "the command of %s was killed by signal %d",
                           arm->name, WTERMSIG(said->status));
    if (report->error[0] != '\0')
        reason = report->error;
    else if (unread->code != 0)
        reason = unread->text;
    else if (!arm_first_line(said->err, line, sizeof line) &&
             !arm_first_line(said->out, line, sizeof line))
        reason = "it printed nothing";
    ipm_err_set(err, -EIO, "the command of %s ended with status %d and no report: %.200s",
                arm->name, WEXITSTATUS(said->status), reason);
    if (unread->hint[0] != '\0')
        ipm_err_hint(err, "%s", unread->hint);
    return -EIO;
}

/* A status of 1 comes with a report that contains the failed case. */
static int arm_take(const struct ipm_ab_arm *arm, const struct ipm_said *said,
                    struct ipm_report *report, struct ipm_err *err) {
    struct ipm_err unread = {0};
    if (ipm_report_read_within(report, said->out, arm->name, &unread) < 0 ||
        report->error[0] != '\0' || report->run.status != IPM_RUN_COMPLETE)
        return arm_refuse(arm, said, report, &unread, err);
    const int code = ipm_report_summarize(report);
    return code < 0
               ? ipm_err_sys(err, code, "cannot summarise the report of %s", arm->name)
               : 0;
}

int ipm_ab_arm_run(const struct ipm_ab_arm *arm, uint64_t seed,
                   struct ipm_report *ret_report, struct ipm_err *err) {
    struct arm_command command = {0};
    struct ipm_said said = {0};
    ipm_report_init(ret_report);
    command.words =
        calloc(arm->prefix_count + arm->option_count + arm->run_count + ARM_OWN_WORDS + 3,
               sizeof *command.words);
    if (command.words == NULL)
        return ipm_err_sys(err, -ENOMEM, "cannot run %s", arm->name);
    (void)snprintf(command.seed, sizeof command.seed, "%" PRIu64, seed);
    arm_fill(&command, arm);
    int code = ipm_program_run(command.words, &said, err);
    if (code == 0)
        code = arm_take(arm, &said, ret_report, err);
    ipm_said_done(&said);
    free(command.words);
    return code;
}
