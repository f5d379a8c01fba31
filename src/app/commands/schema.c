/* schema.c - `ipcmark schema`: prints the JSON Schema of all documents. */
#include "app/cli/optparse.h"
#include "app/commands/command.h"
#include "app/commands/run_options.h"
#include "app/output/outputs.h"
#include "reports/renderer.h"

#include <stddef.h>

static const struct ipm_option schema_options[] = {IPM_OPTION_HELP, {0}};

static const struct ipm_optparse schema_syntax = {
    .command = "ipcmark schema",
    .about =
        "Print the JSON Schema (draft 2020-12) of the documents that ipcmark writes.",
    .after = "examples:\n"
             "  ipcmark schema >schema.json",
    .options = schema_options,
    .unexpected_hint = "there is one schema; 'ipcmark report FILE' checks a document",
    .run = &ipm_run_syntax,
};

static int schema_write(const void *context, FILE *out, struct ipm_err *err) {
    (void)context;
    return ipm_schema_write(out, err);
}

static enum ipm_exit schema_run(const struct ipm_call *call, struct ipm_err *err) {
    (void)call;
    return ipm_outputs_put(schema_write, NULL, "-", err) < 0 ? IPM_EXIT_REFUSED
                                                             : IPM_EXIT_FINE;
}

const struct ipm_command ipm_command_schema = {
    .name = "schema",
    .summary = "print the JSON Schema of the documents",
    .syntax = &schema_syntax,
    .run = schema_run,
};
