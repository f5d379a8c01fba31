/* Where results go: which targets are the same, and which come first. */
#include "app/cli/optparse.h"
#include "app/output/outputs.h"
#include "base/err.h"
#include "tests/support/assert.h"
#include "tests/support/tempdir.h"

#include <stdio.h>
#include <unistd.h>

/* The member that it fills is the whole target. */
static const struct ipm_option whole = {.name = "export"};

static int add(struct ipm_outputs *outputs, const char *target, struct ipm_err *err) {
    return ipm_outputs_add(outputs, "text", target, err);
}

Test(app_outputs, one_file_under_two_names_is_given_twice) {
    char folder[IPM_TEMPDIR_BYTES];
    char roundabout[2 * IPM_TEMPDIR_BYTES];
    struct ipm_outputs outputs = {0};
    struct ipm_err err = {0};
    ipm_tempdir_open(folder);
    (void)snprintf(roundabout, sizeof roundabout, "%s/./a", folder);
    cr_assert(eq(int, symlink("a", ipm_tempdir_file(folder, "link")), 0));
    cr_expect(eq(int, add(&outputs, ipm_tempdir_file(folder, "a"), &err), 0));
    cr_expect(eq(int, add(&outputs, ipm_tempdir_file(folder, "b"), &err), 0));
    cr_expect(lt(int, add(&outputs, ipm_tempdir_file(folder, "a"), NULL), 0));
    cr_expect(lt(int, add(&outputs, roundabout, NULL), 0));
    cr_expect(lt(int, add(&outputs, ipm_tempdir_file(folder, "link"), NULL), 0));
    cr_expect(eq(sz, outputs.count, 2));
    ipm_tempdir_close(folder);
}

Test(app_outputs, standard_output_has_several_names) {
    static const char *const names[] = {"-", "/dev/stdout", "/dev/fd/1",
                                        "/proc/self/fd/1"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct ipm_outputs outputs = {0};
        cr_expect(eq(int, add(&outputs, names[i], NULL), 0));
        cr_expect(ne(ptr, (void *)ipm_outputs_standard(&outputs), NULL), "%s", names[i]);
        cr_expect(lt(int, add(&outputs, "-", NULL), 0), "%s", names[i]);
    }
}

Test(app_outputs, one_more_than_there_is_room_for_is_refused) {
    struct ipm_outputs outputs = {0};
    static char names[IPM_OUTPUTS_MOST + 1][8];
    for (int i = 0; i <= IPM_OUTPUTS_MOST; i++)
        (void)snprintf(names[i], sizeof names[i], "%d", i);
    for (int i = 0; i < IPM_OUTPUTS_MOST; i++)
        cr_expect(eq(int, add(&outputs, names[i], NULL), 0));
    cr_expect(lt(int, add(&outputs, names[IPM_OUTPUTS_MOST], NULL), 0));
    cr_expect(eq(sz, outputs.count, IPM_OUTPUTS_MOST));
}

Test(app_outputs, an_export_is_a_known_format_and_a_file) {
    struct ipm_outputs outputs = {0};
    struct ipm_err err = {0};
    cr_expect(eq(int, ipm_outputs_set_export(&whole, &outputs, "json=a=b", &err), 0));
    cr_expect(eq(str, (char *)outputs.items[0].target, "a=b"));
    cr_expect(eq(str, (char *)outputs.items[0].renderer->name, "json"));
    cr_expect(lt(int, ipm_outputs_set_export(&whole, &outputs, "json=", NULL), 0));
    cr_expect(lt(int, ipm_outputs_set_export(&whole, &outputs, "=x", NULL), 0));
    cr_expect(lt(int, ipm_outputs_set_export(&whole, &outputs, "jsn=x", &err), 0));
    cr_expect(eq(str, err.text, "unknown format 'jsn'"));
    cr_expect(eq(sz, outputs.count, 1));
}
