/* manual.c - writes the manual pages of the program as scdoc(5) reads them.
 *
 * Sections are in the order of man-pages(7). Each command has a page, with its options. The rest
 * of a page is in src/man/NAME.SECTION.scd, which need not exist for a command: text up to its
 * first section continues the description, the sections behind it follow the exit status. For
 * other pages it has all sections between the name and "SEE ALSO". A line there that begins with
 * '@' stands for what another file or a table says:
 *
 *   @markdown FILE               a document of the sources, whose headings become sections
 *   @markdown FILE ## HEADING    one section of it
 *   @nested FILE ## HEADING      the same, below a heading of this page
 *   @header FILE                 an installed header
 *   @transport NAME              what the table of transports says of one, below its heading
 *   @commands                    the table of commands */
#include "base/cell.h"
#include "man/man.h"

#include "app/cli/optparse.h"
#include "app/commands/command.h"
#include "app/commands/version.h"
#include "model/report/report.h"
#include "transports/transport.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct manual_page {
    const char *name;
    int section;
    const char *summary;
    const struct ipm_optparse *syntax; /* NULL: not a command */
};

static const struct manual_page manual_pages[] = {
    {"ipcmark", 1, "measure what communication between two processes costs",
     &ipm_program_syntax},
    {"ipcmark-plugin", 3, "write a transport for ipcmark as a shared library", NULL},
    {"ipcmark-report", 5, "the JSON documents that ipcmark writes", NULL},
    {"ipcmark-transport", 7, "the transports that ipcmark measures", NULL},
};

static const char *manual_sources; /* directories */
static const char *manual_headers;

/* --- files -------------------------------------------------------------------------- */

__attribute__((noreturn)) static void manual_refuse(const char *path, const char *why) {
    (void)fprintf(stderr, "ipm_manual: cannot use '%s': %s\n", path, why);
    exit(1);
}

__attribute__((noreturn)) static void manual_fail(const char *path) {
    manual_refuse(path, strerror(errno));
}

static FILE *manual_open(const char *directory, const char *name, const char *mode) {
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, mode);
    if (file == NULL)
        manual_fail(path);
    return file;
}

/* Returns the text of a file, which the caller frees. */
static char *manual_read(const char *directory, const char *name) {
    char *text = NULL;
    size_t bytes = 0;
    FILE *file = manual_open(directory, name, "r");
    if (getdelim(&text, &bytes, '\0', file) < 0)
        manual_fail(name);
    (void)fclose(file);
    return text;
}

/* --- options ------------------------------------------------------------------------ */

static void manual_put_option(FILE *out, const struct ipm_option *option) {
    char doc[IPM_OPTPARSE_DOC_BYTES];
    const char *argument = ipm_optparse_argument(option);
    if (option->letter != 0)
        (void)fprintf(out, "*-%c*, ", option->letter);
    (void)fprintf(out, "*--%s*", option->name);
    if (argument != NULL)
        (void)fprintf(out, " _%s_", argument);
    ipm_optparse_describe(option, doc);
    (void)fputc('\n', out);
    ipm_markdown_plain(out, doc, "\t");
    (void)fputc('\n', out);
}

static void manual_put_options(FILE *out, const struct ipm_option *options) {
    (void)fputs("\n# OPTIONS\n\n", out);
    for (const struct ipm_option *o = options; o->name != NULL || o->help != NULL; o++) {
        if (o->name != NULL)
            manual_put_option(out, o);
        else
            (void)fprintf(out, "\n## %c%s\n\n", toupper((unsigned char)*o->help),
                          o->help + 1);
    }
}

/* Writes "heading:" and the lines from `line` on. Changes the text. */
static void manual_put_section(FILE *out, char *text, char *line) {
    line[-1] = '\0';
    for (char *c = text; *c != '\0'; c++)
        *c = (char)toupper((unsigned char)*c);
    (void)fprintf(out, "\n# %s\n\n", text);
    ipm_markdown_code(out, line + 1);
}

/* The parts of the text that ends a help. */
enum manual_kind {
    MANUAL_PARAGRAPH,
    MANUAL_STATUS,  /* a paragraph about the exit status of this command */
    MANUAL_SECTION, /* begins with "heading:" */
};

static enum manual_kind manual_kind_of(const char *part) {
    const char *line = strchr(part, '\n');
    if (line != NULL && line[-1] == ':')
        return MANUAL_SECTION;
    return strncmp(part, "The exit status", 15) == 0 ? MANUAL_STATUS : MANUAL_PARAGRAPH;
}

/* Writes the parts of that kind, a section with its heading. */
static void manual_put_after(FILE *out, const char *after, enum manual_kind kind) {
    char *text = strdup(after != NULL ? after : "");
    for (char *part = text, *next = NULL; part != NULL; part = next) {
        next = strstr(part, "\n\n");
        if (next != NULL) {
            *next = '\0';
            next += 2;
        }
        if (manual_kind_of(part) != kind)
            continue;
        if (kind == MANUAL_SECTION)
            manual_put_section(out, part, strchr(part, '\n'));
        else
            ipm_markdown_plain(out, part, "");
        (void)fputc('\n', out);
    }
    free(text);
}

/* --- transports --------------------------------------------------------------------- */

static bool manual_is_listed(const char *list, const char *name) {
    const size_t length = strlen(name);
    for (const char *at = list; (at = strstr(at, name)) != NULL; at += length)
        if ((at == list || at[-1] == ' ') && (at[length] == '\0' || at[length] == ','))
            return true;
    return false;
}

static void manual_put_facts(FILE *out, const struct ipm_transport *transport,
                             const char *indent) {
    static const char *const directions[] = {
        [IPM_SIMPLEX] = "one way",
        [IPM_DUPLEX_BY_TWO] = "both ways, by two channels",
        [IPM_DUPLEX] = "both ways",
    };
    char facts[512];
    const bool messages = (transport->caps & IPM_CAP_MESSAGES) != 0;
    const bool reliable = (transport->caps & IPM_CAP_RELIABLE) != 0;
    (void)snprintf(facts, sizeof facts, "%c%s. %s; %s; %s; addressing: %s.",
                   toupper((unsigned char)transport->summary[0]), transport->summary + 1,
                   messages ? "Preserves message boundaries" : "Byte stream",
                   directions[transport->direction],
                   reliable ? "reliable" : "may lose messages", transport->addressing);
    ipm_markdown_plain(out, facts, indent);
    (void)fputc('\n', out);
}

/* Writes the rows of the table that a heading names: "unix", or "udp, udp6", as a list. */
static void manual_put_named(FILE *out, const char *heading) {
    for (size_t i = 0; ipm_transports[i] != NULL; i++) {
        const struct ipm_transport *transport = ipm_transports[i];
        const bool alone = strcmp(heading, transport->name) == 0;
        if (!manual_is_listed(heading, transport->name))
            continue;
        if (!alone)
            (void)fprintf(out, "*%s*\n", transport->name);
        manual_put_facts(out, transport, alone ? "" : "\t");
    }
}

/* --- lines that begin with '@' -------------------------------------------------------- */

/* Returns the section of a text that begins with this heading, or NULL. Cuts what follows. */
static char *manual_cut(char *text, const char *heading) {
    char *begin = text;
    const size_t length = strlen(heading);
    while ((begin = strstr(begin, heading)) != NULL &&
           ((begin > text && begin[-1] != '\n') || begin[length] != '\n'))
        begin++;
    char *end = begin != NULL ? strstr(begin, "\n## ") : NULL;
    if (end != NULL)
        *end = '\0';
    return begin;
}

static void manual_put_document(FILE *out, const char *file, bool nested) {
    char name[256];
    (void)snprintf(name, sizeof name, "%s", file);
    char *heading = strchr(name, ' ');
    if (heading != NULL)
        *heading++ = '\0';
    char *text = manual_read(manual_sources, name);
    char *part = heading != NULL ? manual_cut(text, heading) : text;
    if (part == NULL)
        manual_refuse(file, "no such section");
    const char *words = heading != NULL ? strstr(heading, "`: ") : NULL;
    if (words != NULL) { /* "## `gate`: what a CI job calls" */
        part += words - heading;
        part[0] = part[1] = '#';
        part[2] = ' ';
        part[3] = (char)toupper((unsigned char)part[3]);
    }
    ipm_markdown_convert(out, part, nested, manual_put_named);
    free(text);
}

static void manual_put_markdown(FILE *out, const char *file) {
    manual_put_document(out, file, false);
}

static void manual_put_nested(FILE *out, const char *file) {
    manual_put_document(out, file, true);
}

static void manual_put_header(FILE *out, const char *name) {
    char *text = manual_read(manual_headers, name);
    ipm_markdown_code(out, text);
    free(text);
}

static void manual_put_commands(FILE *out, const char *nothing) {
    (void)nothing;
    for (size_t i = 0; ipm_commands[i] != NULL; i++)
        (void)fprintf(out, "*ipcmark-%s*(1)\n\t%s\n\n", ipm_commands[i]->name,
                      ipm_commands[i]->summary);
}

static const struct {
    const char *word;
    void (*put)(FILE *out, const char *argument);
} manual_parts[] = {
    {"@markdown ", manual_put_markdown}, {"@nested ", manual_put_nested},
    {"@header ", manual_put_header},     {"@transport ", manual_put_named},
    {"@commands", manual_put_commands},
};

/* Writes a line of src/man/. */
static void manual_put_line(FILE *out, const char *line) {
    for (size_t i = 0; i < sizeof manual_parts / sizeof manual_parts[0]; i++) {
        const size_t length = strlen(manual_parts[i].word);
        if (strncmp(line, manual_parts[i].word, length) == 0) {
            manual_parts[i].put(out, line + length);
            return;
        }
    }
    (void)fprintf(out, "%s\n", line);
}

/* Writes lines up to the end, or with `first` up to the first section; returns the rest. */
static char *manual_put_prose(FILE *out, char *prose, bool first) {
    while (prose != NULL && (!first || strncmp(prose, "# ", 2) != 0))
        manual_put_line(out, strsep(&prose, "\n"));
    return prose;
}

/* --- a page ------------------------------------------------------------------------- */

static void manual_put_synopsis(FILE *out, const struct ipm_optparse *syntax) {
    (void)fprintf(out, "\n# SYNOPSIS\n\n*%s* [_OPTION_...]", syntax->command);
    if (syntax->operands != NULL)
        (void)fprintf(out, " %s", syntax->operands);
    (void)fputs("\n", out);
}

static void manual_put_see_also(FILE *out, const struct manual_page *page) {
    (void)fputs("\n# SEE ALSO\n\n", out);
    (void)fputs(page->syntax != &ipm_program_syntax ? "*ipcmark*(1),\n" : "", out);
    for (size_t i = 0; ipm_commands[i] != NULL; i++)
        if (page->syntax != ipm_commands[i]->syntax)
            (void)fprintf(out, "*ipcmark-%s*(1),\n", ipm_commands[i]->name);
    const char *comma = "";
    for (size_t i = 1; i < sizeof manual_pages / sizeof manual_pages[0]; i++) {
        if (page == &manual_pages[i])
            continue;
        (void)fprintf(out, "%s*%s*(%d)", comma, manual_pages[i].name,
                      manual_pages[i].section);
        comma = ",\n";
    }
    (void)fputc('\n', out);
}

/* Writes what the exit status of a command tells, and then the statuses of the program. */
static void manual_put_status(FILE *out, const struct ipm_optparse *syntax) {
    (void)fputs("\n# EXIT STATUS\n\n", out);
    manual_put_after(out, syntax->after, MANUAL_STATUS);
    (void)fputs("\nThe statuses of all commands are:\n", out);
    ipm_markdown_terms(out, strchr(ipm_program_syntax.after, '\n') + 1);
}

/* Writes the sections of a command up to its exit status; returns the rest of the prose. */
static char *manual_put_usage(FILE *out, const struct ipm_optparse *syntax, char *prose) {
    manual_put_synopsis(out, syntax);
    (void)fputs("\n# DESCRIPTION\n\n", out);
    ipm_markdown_plain(out, syntax->about, "");
    (void)fputc('\n', out);
    manual_put_after(out, syntax->after, MANUAL_PARAGRAPH);
    prose = manual_put_prose(out, prose, true);
    manual_put_options(out, syntax->options);
    manual_put_status(out, syntax);
    return prose;
}

static void manual_put_page(FILE *out, const struct manual_page *page, char *prose) {
    const struct ipm_optparse *syntax = page->syntax;
    struct ipm_tool tool = {0};
    ipm_version_fill(&tool);
    (void)fprintf(out, "%s(%d) \"ipcmark %s\"\n\n# NAME\n\n%s - %s\n", page->name,
                  page->section, tool.version, page->name, page->summary);
    if (syntax != NULL)
        prose = manual_put_usage(out, syntax, prose);
    (void)fputc('\n', out);
    (void)manual_put_prose(out, prose, false);
    if (syntax != NULL && syntax != &ipm_program_syntax)
        manual_put_after(out, syntax->after, MANUAL_SECTION);
    manual_put_see_also(out, page);
}

static void manual_write(const struct manual_page *page, const char *output) {
    char name[128];
    char path[256];
    (void)snprintf(name, sizeof name, "%s.%d.scd", page->name, page->section);
    (void)snprintf(path, sizeof path, "%s/src/man/%s", manual_sources, name);
    char *prose = access(path, F_OK) == 0
                      ? manual_read(manual_sources, path + strlen(manual_sources) + 1)
                      : NULL;
    FILE *out = manual_open(output, name, "w");
    manual_put_page(out, page, prose);
    if (ferror(out) || fclose(out) != 0)
        manual_fail(name);
    free(prose);
}

void ipm_manual_write(const char *sources, const char *headers, const char *output) {
    manual_sources = sources;
    manual_headers = headers;
    for (size_t i = 0; ipm_commands[i] != NULL; i++) {
        const struct ipm_command *command = ipm_commands[i];
        const struct ipm_cell name = ipm_cell_print("ipcmark-%s", command->name);
        manual_write(
            &(struct manual_page){name.text, 1, command->summary, command->syntax},
            output);
    }
    for (size_t i = 0; i < sizeof manual_pages / sizeof manual_pages[0]; i++)
        manual_write(&manual_pages[i], output);
}
