/* ab_arm.c - runs ipcmark under a prefix and takes its report. Must not know what it is
 * compared with. */
#include "app/commands/ab_arm.h"

#include "base/err.h"
#include "base/shellwords.h"
#include "reports/renderer.h"
#include "run/process/program.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char side_own_name[] = "ipcmark";

/* --- words ------------------------------------------------------------------------------ */

static bool side_ends_in_ipcmark(const struct ipm_ab_arm *side) {
    if (side->prefix_count == 0)
        return false;
    const char *last = side->prefix_words[side->prefix_count - 1];
    const char *slash = strrchr(last, '/');
    return strcmp(slash != NULL ? slash + 1 : last, side_own_name) == 0;
}

static int side_find_binary(struct ipm_ab_arm *side, struct ipm_err *err) {
    if (side->binary != NULL) {
        (void)snprintf(side->binary_path, sizeof side->binary_path, "%s", side->binary);
        return 0;
    }
    if (side_ends_in_ipcmark(side))
        return 0;
    const ssize_t length =
        readlink("/proc/self/exe", side->binary_path, sizeof side->binary_path - 1);
    if (length < 0) {
        ipm_err_sys(err, -errno, "cannot find the path of this program");
        ipm_err_hint(err, "name it by '--a-binary' and '--b-binary'");
        return -ENOENT;
    }
    side->binary_path[length] = '\0';
    return 0;
}

int ipm_ab_arm_settle(struct ipm_ab_arm *side, struct ipm_err *err) {
    int code = ipm_shellwords_split(side->prefix != NULL ? side->prefix : "", "prefix",
                                    &side->prefix_words, &side->prefix_count, err);
    if (code == 0)
        code = ipm_shellwords_split(side->options != NULL ? side->options : "", "options",
                                    &side->option_words, &side->option_count, err);
    return code == 0 ? side_find_binary(side, err) : code;
}

void ipm_ab_arm_done(struct ipm_ab_arm *side) {
    ipm_shellwords_free(side->prefix_words);
    ipm_shellwords_free(side->option_words);
    side->prefix_words = side->option_words = NULL;
}

void ipm_ab_arm_title(char *title, size_t size, const struct ipm_ab_arm *side) {
    const char *const parts[] = {side->prefix, side->binary, side->options};
    title[0] = '\0';
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        const size_t used = strlen(title);
        if (parts[i] != NULL && parts[i][0] != '\0')
            (void)snprintf(title + used, size - used, "%s%s", used > 0 ? " " : "",
                           parts[i]);
    }
}

/* --- the command ------------------------------------------------------------------------ */

enum { SIDE_OWN_WORDS = 7 };

struct side_command {
    size_t count;
    char **words;
    char seed[24];
};

static void side_add(struct side_command *command, const char *word) {
    command->words[command->count++] = (char *)word; /* execv(3) changes none */
}

static void side_add_own(struct side_command *command) {
    static const char *const own[SIDE_OWN_WORDS - 1] = {"-r",     "1", "-q",
                                                        "--json", "-", "--seed"};
    for (size_t i = 0; i < SIDE_OWN_WORDS - 1; i++)
        side_add(command, own[i]);
    side_add(command, command->seed);
}

/* The last of two options counts, so its own come last: but before "--", behind which nothing
 * is an option. */
static void side_fill(struct side_command *command, const struct ipm_ab_arm *side) {
    size_t options = 0;
    while (options < side->run_count && strcmp(side->run_words[options], "--") != 0)
        options++;
    for (size_t i = 0; i < side->prefix_count; i++)
        side_add(command, side->prefix_words[i]);
    if (side->binary_path[0] != '\0')
        side_add(command, side->binary_path);
    side_add(command, "run");
    for (size_t i = 0; i < options; i++)
        side_add(command, side->run_words[i]);
    for (size_t i = 0; i < side->option_count; i++)
        side_add(command, side->option_words[i]);
    side_add_own(command);
    for (size_t i = options; i < side->run_count; i++)
        side_add(command, side->run_words[i]);
}

/* --- what it says ----------------------------------------------------------------------- */

static void side_first_line(char *line, size_t size, FILE *in) {
    if (fgets(line, (int)size, in) == NULL)
        (void)snprintf(line, size, "it said nothing");
    line[strcspn(line, "\n")] = '\0';
}

/* One line, whatever it was. */
static int side_refuse(const struct ipm_ab_arm *side, const struct ipm_said *said,
                       const struct ipm_report *report, struct ipm_err *err) {
    char line[256];
    if (WIFSIGNALED(said->status)) {
        ipm_err_set(err, -EIO, "the command of %s was ended by signal %d", side->name,
                    WTERMSIG(said->status));
        return -EIO;
    }
    side_first_line(line, sizeof line, said->err);
    ipm_err_set(err, -EIO, "the command of %s ended with status %d and no report: %.200s",
                side->name, WEXITSTATUS(said->status),
                report->error[0] != '\0' ? report->error : line);
    return -EIO;
}

/* A status of 1 comes with a report, in which the case that failed says so. */
static int side_take(const struct ipm_ab_arm *side, const struct ipm_said *said,
                     struct ipm_report *report, struct ipm_err *err) {
    struct ipm_err unread = {0};
    if (ipm_report_read(report, said->out, side->name, &unread) < 0 ||
        report->error[0] != '\0' || report->run.status != IPM_RUN_COMPLETE)
        return side_refuse(side, said, report, err);
    const int code = ipm_report_summarize(report);
    return code < 0 ? ipm_err_sys(err, code, "cannot summarise what %s said", side->name)
                    : 0;
}

int ipm_ab_arm_run(const struct ipm_ab_arm *side, uint64_t seed,
                   struct ipm_report *ret_report, struct ipm_err *err) {
    struct side_command command = {0};
    struct ipm_said said = {0};
    ipm_report_init(ret_report);
    command.words = calloc(side->prefix_count + side->option_count + side->run_count +
                               SIDE_OWN_WORDS + 3,
                           sizeof *command.words);
    if (command.words == NULL)
        return ipm_err_sys(err, -ENOMEM, "cannot run %s", side->name);
    (void)snprintf(command.seed, sizeof command.seed, "%" PRIu64, seed);
    side_fill(&command, side);
    int code = ipm_program_run(command.words, &said, err);
    if (code == 0)
        code = side_take(side, &said, ret_report, err);
    ipm_said_done(&said);
    free(command.words);
    return code;
}
