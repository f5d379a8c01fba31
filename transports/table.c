/* table.c - the rows of transports.def, those that plugins add, and the rules for a row: the
 * contract tests apply them to every row that is built in, the program to every row of a
 * plugin. */
#include "transports/table.h"

#include "base/err.h"
#include "transports/transport.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#define IPM_TRANSPORT(word) extern const struct ipm_transport ipm_transport_##word;
#include "transports/transports.def"
#undef IPM_TRANSPORT

#define IPM_TRANSPORT(word) TABLE_##word,
enum {
#include "transports/transports.def"
    TABLE_BUILT_IN
};
#undef IPM_TRANSPORT

/* Unlike all other tables, this one changes, but only before it is read. */
static struct ipm_transport table_added[IPM_TRANSPORTS_ADDED_MOST];
static size_t table_added_count;

#define IPM_TRANSPORT(word) &ipm_transport_##word,
static const struct ipm_transport
    *table_rows[TABLE_BUILT_IN + IPM_TRANSPORTS_ADDED_MOST + 1] = {
#include "transports/transports.def"
};
#undef IPM_TRANSPORT

const struct ipm_transport *const *const ipm_transports = table_rows;

const struct ipm_transport *ipm_transport_find(const char *name) {
    for (size_t i = 0; ipm_transports[i]; i++)
        if (strcmp(ipm_transports[i]->name, name) == 0)
            return ipm_transports[i];
    return NULL;
}

/* --- the rules for a row ------------------------------------------------------------- */

/* A name must fit struct ipm_names; two phrases share a line of `ipcmark list`. */
enum { TABLE_NAME_MOST = 31, TABLE_PHRASE_MOST = 60 };

static const unsigned TABLE_CAPS_KNOWN =
    IPM_CAP_MESSAGES | IPM_CAP_RELIABLE | IPM_CAP_CONNECTED | IPM_CAP_CONGESTION |
    IPM_CAP_HOLLOW | IPM_CAP_MULTI | IPM_CAP_SHARED | IPM_CAP_POLLABLE | IPM_CAP_PLAIN |
    IPM_CAP_IN_PLACE | IPM_CAP_LOOKS | IPM_CAP_UNWOKEN | IPM_CAP_REMOTE | IPM_CAP_HOLDS |
    IPM_CAP_UNBUFFERED;

static bool table_is_word(const char *name) {
    size_t bytes = strlen(name);
    return bytes > 0 && bytes <= TABLE_NAME_MOST && name[0] >= 'a' && name[0] <= 'z' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == bytes;
}

static bool table_is_phrase(const char *text) {
    size_t bytes = text ? strlen(text) : 0;
    if (bytes == 0 || bytes > TABLE_PHRASE_MOST || text[bytes - 1] == '.')
        return false;
    for (size_t i = 0; i < bytes; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
            return false;
    return true;
}

static int table_words(const struct ipm_transport *row, struct ipm_err *err) {
    if (!row->name)
        return ipm_err_set(err, -EINVAL, "a transport has no name");
    if (!table_is_word(row->name)) {
        ipm_err_hint(err,
                     "a name is a letter and up to %d more letters, digits and "
                     "hyphens, all of them small",
                     TABLE_NAME_MOST - 1);
        return ipm_err_set(err, -EINVAL, "'%.60s' is no name for a transport", row->name);
    }
    if (strcmp(row->name, "all") == 0) /* on the command line it is every one */
        return ipm_err_set(err, -EINVAL, "no transport may have the name 'all'");
    if (table_is_phrase(row->summary) && table_is_phrase(row->addressing))
        return 0;
    ipm_err_hint(err, "each is one line of 1 to %d bytes without a full stop",
                 TABLE_PHRASE_MOST);
    return ipm_err_set(err, -EINVAL,
                       "transport '%s' has no summary or addressing for a list",
                       row->name);
}

#define TABLE_HAS(operation)                                                             \
    { !row->operation, "has no operation '" #operation "'" }

static const char *table_fault(const struct ipm_transport *row) {
    const unsigned caps = row->caps;
    const unsigned whole = IPM_CAP_MESSAGES | IPM_CAP_RELIABLE;
    const bool hollow = (caps & IPM_CAP_HOLLOW) != 0;
    const struct {
        bool applies;
        const char *words;
    } faults[] = {
        TABLE_HAS(open),
        TABLE_HAS(attach),
        TABLE_HAS(close),
        TABLE_HAS(describe),
        TABLE_HAS(wire),
        TABLE_HAS(send),
        TABLE_HAS(recv),
        TABLE_HAS(finish),
        TABLE_HAS(detach),
        {!row->send_batch != !row->recv_batch,
         "has one of send_batch and recv_batch without the other"},
        {!row->lease != !row->commit, "has one of lease and commit without the other"},
        {!row->borrow != !row->release,
         "has one of borrow and release without the other"},
        {(caps & IPM_CAP_IN_PLACE) != 0 && !(row->lease && row->borrow),
         "works in place, but lacks lease, commit, borrow or release"},
        {!row->send_series != !row->borrow_series ||
             !row->send_series != !row->release_series,
         "lacks one of send_series, borrow_series and release_series"},
        {row->send_series && (caps & IPM_CAP_IN_PLACE) == 0,
         "has send_series, but does not work in place"},
        {row->accept && !row->connect, "has accept, but no connect"},
        {(unsigned)row->family > IPM_FAMILY_MEMORY,
         "is of no family that this ipcmark knows"},
        {(unsigned)row->direction > IPM_DUPLEX,
         "goes in no direction that this ipcmark knows"},
        {(caps & ~TABLE_CAPS_KNOWN) != 0,
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
    int failed = table_words(row, err);
    const char *fault = failed ? NULL : table_fault(row);
    return fault ? ipm_err_set(err, -EINVAL, "transport '%s' %s", row->name, fault)
                 : failed;
}

/* --- rows of plugins ----------------------------------------------------------------- */

int ipm_transport_add(const struct ipm_transport *row,
                      const struct ipm_transport **ret_row, struct ipm_err *err) {
    if (table_added_count == IPM_TRANSPORTS_ADDED_MOST)
        return ipm_err_set(err, -E2BIG, "more than %d transports of plugins",
                           IPM_TRANSPORTS_ADDED_MOST);
    int failed = ipm_transport_check(row, err);
    if (failed)
        return failed;
    if (ipm_transport_find(row->name))
        return ipm_err_set(err, -EINVAL, "there is a transport '%s' already", row->name);
    struct ipm_transport *copy = &table_added[table_added_count];
    *copy = *row;
    table_rows[TABLE_BUILT_IN + table_added_count++] = copy;
    *ret_row = copy;
    return 0;
}
