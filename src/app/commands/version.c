/* version.c - describes this build: CMakeLists.txt defines it. */
#include "app/commands/version.h"

#include "app/output/outputs.h"
#include "model/report/report.h"

#include "ipm_commit.h"

#include <stdio.h>

#ifdef __clang__
#define VERSION_COMPILER __VERSION__ /* contains the name: "Debian Clang 14.0.6" */
#else
#define VERSION_COMPILER "gcc " __VERSION__
#endif

void ipm_version_fill(struct ipm_tool *tool) {
    const char sanitizers[] = IPM_SANITIZERS;
    (void)snprintf(tool->name, sizeof tool->name, "ipcmark");
    (void)snprintf(tool->version, sizeof tool->version, "%s", IPM_VERSION);
    (void)snprintf(tool->commit, sizeof tool->commit, "%s", IPM_COMMIT);
    (void)snprintf(tool->compiler, sizeof tool->compiler, "%s", VERSION_COMPILER);
    (void)snprintf(tool->build_type, sizeof tool->build_type, "%s%s%s", IPM_BUILD_TYPE,
                   sanitizers[0] != '\0' ? "+" : "", sanitizers);
}

static int version_write(const void *context, FILE *out, struct ipm_err *err) {
    struct ipm_tool tool = {0};
    (void)context;
    (void)err;
    ipm_version_fill(&tool);
    (void)fprintf(out, "%s %s", tool.name, tool.version);
    if (tool.commit[0] != '\0')
        (void)fprintf(out, " (%s)", tool.commit);
    (void)fputc('\n', out);
    return 0;
}

enum ipm_exit ipm_version_show(struct ipm_err *err) {
    return ipm_outputs_put(version_write, NULL, "-", err) < 0 ? IPM_EXIT_REFUSED
                                                              : IPM_EXIT_FINE;
}
