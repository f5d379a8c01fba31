/* check.c - the rules for a row of the table. The contract tests apply them to every row that is
 * built in, the program to every row of a plugin. No operation is called. */
#include "base/err.h"
#include "transports/table.h"
#include "transports/transport.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

/* A name must fit struct ipm_names; two phrases share a line of `ipcmark list`. */
enum { CHECK_NAME_MOST = 31, CHECK_PHRASE_MOST = 60 };

static const unsigned CHECK_CAPS_KNOWN =
    IPM_CAP_MESSAGES | IPM_CAP_RELIABLE | IPM_CAP_CONNECTED | IPM_CAP_CONGESTION |
    IPM_CAP_HOLLOW | IPM_CAP_MULTI | IPM_CAP_SHARED | IPM_CAP_POLLABLE | IPM_CAP_PLAIN |
    IPM_CAP_IN_PLACE;

static bool check_is_word(const char *name) {
    size_t bytes = strlen(name);
    return bytes > 0 && bytes <= CHECK_NAME_MOST && name[0] >= 'a' && name[0] <= 'z' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == bytes;
}

static bool check_is_phrase(const char *text) {
    size_t bytes = text ? strlen(text) : 0;
    if (bytes == 0 || bytes > CHECK_PHRASE_MOST || text[bytes - 1] == '.')
        return false;
    for (size_t i = 0; i < bytes; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
            return false;
    return true;
}

static int check_words(const struct ipm_transport *row, struct ipm_err *err) {
    if (!row->name)
        return ipm_err_set(err, -EINVAL, "a transport has no name");
    if (!check_is_word(row->name)) {
        ipm_err_set(err, -EINVAL, "'%.60s' is no name for a transport", row->name);
        ipm_err_hint(err,
                     "a name is a letter and up to %d more letters, digits and "
                     "hyphens, all of them small",
                     CHECK_NAME_MOST - 1);
        return -EINVAL;
    }
    if (strcmp(row->name, "all") == 0) /* on the command line it is every one */
        return ipm_err_set(err, -EINVAL, "no transport may have the name 'all'");
    if (check_is_phrase(row->summary) && check_is_phrase(row->addressing))
        return 0;
    ipm_err_set(err, -EINVAL, "transport '%s' has no summary or addressing for a list",
                row->name);
    ipm_err_hint(err, "each is one line of 1 to %d bytes without a full stop",
                 CHECK_PHRASE_MOST);
    return -EINVAL;
}

static const char *check_missing(const struct ipm_transport *row) {
    const struct {
        const char *name;
        bool there;
    } operations[] = {
        {"probe", row->probe != NULL},       {"open", row->open != NULL},
        {"attach", row->attach != NULL},     {"close", row->close != NULL},
        {"describe", row->describe != NULL}, {"wire", row->wire != NULL},
        {"send", row->send != NULL},         {"recv", row->recv != NULL},
        {"finish", row->finish != NULL},     {"detach", row->detach != NULL},
    };
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++)
        if (!operations[i].there)
            return operations[i].name;
    return NULL;
}

static int check_operations(const struct ipm_transport *row, struct ipm_err *err) {
    const char *missing = check_missing(row);
    if (missing)
        return ipm_err_set(err, -EINVAL, "transport '%s' has no operation '%s'",
                           row->name, missing);
    if ((row->send_batch != NULL) != (row->recv_batch != NULL))
        return ipm_err_set(err, -EINVAL,
                           "transport '%s' has one of send_batch and recv_batch without "
                           "the other",
                           row->name);
    if ((row->caps & IPM_CAP_IN_PLACE) != 0 &&
        !(row->lease && row->commit && row->borrow && row->release))
        return ipm_err_set(err, -EINVAL,
                           "transport '%s' works in place, but lacks lease, commit, "
                           "borrow or release",
                           row->name);
    if (row->accept && !row->connect)
        return ipm_err_set(err, -EINVAL, "transport '%s' has accept, but no connect",
                           row->name);
    return 0;
}

static const char *check_nonsense(const struct ipm_transport *row) {
    const unsigned caps = row->caps;
    if ((unsigned)row->family > IPM_FAMILY_MEMORY)
        return "is of no family that this ipcmark knows";
    if ((unsigned)row->direction > IPM_DUPLEX)
        return "goes in no direction that this ipcmark knows";
    if ((caps & ~CHECK_CAPS_KNOWN) != 0)
        return "has capabilities that this ipcmark does not know";
    if (((caps & IPM_CAP_HOLLOW) != 0) != (row->family == IPM_FAMILY_NONE))
        return "is of family none without being hollow, or hollow without being of it";
    if ((caps & (IPM_CAP_MESSAGES | IPM_CAP_RELIABLE)) == 0)
        return "is a byte stream that may lose bytes";
    if ((caps & IPM_CAP_SHARED) != 0 && (caps & IPM_CAP_MULTI) == 0)
        return "shares one end among many, but cannot serve many";
    return NULL;
}

int ipm_transport_check(const struct ipm_transport *row, struct ipm_err *err) {
    int failed = check_words(row, err);
    if (!failed)
        failed = check_operations(row, err);
    const char *nonsense = failed ? NULL : check_nonsense(row);
    return nonsense ? ipm_err_set(err, -EINVAL, "transport '%s' %s", row->name, nonsense)
                    : failed;
}
