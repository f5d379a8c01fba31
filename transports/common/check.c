/* check.c - the rules for a row of the table. The contract tests apply them to every row
 * that is built in, the program to every row of a plugin. No operation is called. */
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
    IPM_CAP_IN_PLACE | IPM_CAP_LOOKS | IPM_CAP_UNWOKEN;

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

#define CHECK_HAS(operation)                                                             \
    { !row->operation, "has no operation '" #operation "'" }

static const char *check_fault(const struct ipm_transport *row) {
    const unsigned caps = row->caps;
    const unsigned whole = IPM_CAP_MESSAGES | IPM_CAP_RELIABLE;
    const bool hollow = (caps & IPM_CAP_HOLLOW) != 0;
    const struct {
        bool applies;
        const char *words;
    } faults[] = {
        CHECK_HAS(probe),
        CHECK_HAS(open),
        CHECK_HAS(attach),
        CHECK_HAS(close),
        CHECK_HAS(describe),
        CHECK_HAS(wire),
        CHECK_HAS(send),
        CHECK_HAS(recv),
        CHECK_HAS(finish),
        CHECK_HAS(detach),
        {!row->send_batch != !row->recv_batch,
         "has one of send_batch and recv_batch without the other"},
        {!row->lease != !row->commit, "has one of lease and commit without the other"},
        {!row->borrow != !row->release,
         "has one of borrow and release without the other"},
        {(caps & IPM_CAP_IN_PLACE) != 0 && !(row->lease && row->borrow),
         "works in place, but lacks lease, commit, borrow or release"},
        {row->accept && !row->connect, "has accept, but no connect"},
        {(unsigned)row->family > IPM_FAMILY_MEMORY,
         "is of no family that this ipcmark knows"},
        {(unsigned)row->direction > IPM_DUPLEX,
         "goes in no direction that this ipcmark knows"},
        {(caps & ~CHECK_CAPS_KNOWN) != 0,
         "has capabilities that this ipcmark does not know"},
        {hollow != (row->family == IPM_FAMILY_NONE),
         "is of family none without being hollow, or hollow without being of it"},
        {(caps & whole) == 0, "is a byte stream that may lose bytes"},
        {(caps & IPM_CAP_IN_PLACE) != 0 && (~caps & whole) != 0,
         "works in place, but does not keep messages whole and in order"},
        {row->lease && (caps & (IPM_CAP_IN_PLACE | IPM_CAP_MESSAGES)) == IPM_CAP_MESSAGES,
         "has lease for messages, but does not work in place"},
        {(caps & IPM_CAP_UNWOKEN) != 0 && (caps & IPM_CAP_LOOKS) == 0,
         "wakes nobody, but does not look by itself"},
        {(caps & IPM_CAP_SHARED) != 0 && (caps & IPM_CAP_MULTI) == 0,
         "shares one end among many, but cannot serve many"},
    };
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        if (faults[i].applies)
            return faults[i].words;
    return NULL;
}

int ipm_transport_check(const struct ipm_transport *row, struct ipm_err *err) {
    int failed = check_words(row, err);
    const char *fault = failed ? NULL : check_fault(row);
    return fault ? ipm_err_set(err, -EINVAL, "transport '%s' %s", row->name, fault)
                 : failed;
}
