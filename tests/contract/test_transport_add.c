/* test_transport_add.c - rows that are put into the table while the program runs, and what a
 * row must be. Each test runs in a process of its own: no row is there in the next one. */
#include "base/err.h"
#include "transports/table.h"
#include "transports/transport.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static size_t add_count(void) {
    size_t count = 0;
    while (ipm_transports[count])
        count++;
    return count;
}

/* A row that is fit: that of a pipe, under another name. */
static struct ipm_transport add_row(const char *name) {
    struct ipm_transport row = *ipm_transport_find("pipe");
    row.name = name;
    return row;
}

/* Adds it, and returns the words of the refusal, or "" when there is none. */
static const char *add_refusal(const struct ipm_transport *row) {
    static struct ipm_err err;
    const struct ipm_transport *added = NULL;
    const size_t before = add_count();
    err = (struct ipm_err){0};
    const int failed = ipm_transport_add(row, &added, &err);
    cr_assert_eq(failed, err.code);
    cr_assert_eq(failed != 0, added == NULL);
    cr_assert_eq(add_count(), before + (failed == 0));
    return err.text;
}

Test(transport_add, puts_a_row_behind_the_others_and_finds_it_by_its_name) {
    const struct ipm_transport *pipe = ipm_transports[0];
    const size_t before = add_count();
    const struct ipm_transport row = add_row("mine");
    cr_assert_str_empty(add_refusal(&row));
    cr_expect_eq(ipm_transport_find("mine"), ipm_transports[before]);
    cr_expect_eq(memcmp(ipm_transports[before], &row, sizeof row), 0);
    cr_expect_eq(ipm_transports[0], pipe);
    cr_expect_null(ipm_transports[before + 1]);
}

Test(transport_add, refuses_a_name_that_is_taken_by_the_program_or_by_another) {
    const struct ipm_transport pipe = add_row("pipe");
    const struct ipm_transport mine = add_row("mine");
    cr_expect_str_eq(add_refusal(&pipe), "there is a transport 'pipe' already");
    cr_expect_str_empty(add_refusal(&mine));
    cr_expect_str_eq(add_refusal(&mine), "there is a transport 'mine' already");
}

Test(transport_add, takes_as_many_as_there_is_room_for) {
    static char names[IPM_TRANSPORTS_ADDED_MOST + 1][8];
    for (int i = 0; i <= IPM_TRANSPORTS_ADDED_MOST; i++) {
        (void)snprintf(names[i], sizeof names[i], "t%d", i);
        const struct ipm_transport row = add_row(names[i]);
        const char *refusal = add_refusal(&row);
        cr_expect_eq(refusal[0] != '\0', i == IPM_TRANSPORTS_ADDED_MOST, "%s: %s",
                     names[i], refusal);
    }
    cr_expect_not_null(ipm_transport_find("t63"));
}

/* --- what a row must be ------------------------------------------------------------- */

struct add_fault {
    void (*spoil)(struct ipm_transport *row);
    const char *words;
};

/* The name of a test's fault is the member that it spoils. */
#define ADD_FAULT(word, assignment)                                                      \
    static void add_spoil_##word(struct ipm_transport *row) {                            \
        row->assignment;                                                                 \
    }

ADD_FAULT(no_name, name = NULL)
ADD_FAULT(empty, name = "")
ADD_FAULT(capital, name = "Mine")
ADD_FAULT(hyphen, name = "-mine")
ADD_FAULT(comma, name = "mine,yours")
ADD_FAULT(long_name, name = "a23456789012345678901234567890ab")
ADD_FAULT(all, name = "all")
ADD_FAULT(summary, summary = NULL)
ADD_FAULT(stop, summary = "a sentence.")
ADD_FAULT(lines, addressing = "two\nlines")
ADD_FAULT(open, open = NULL)
ADD_FAULT(attach, attach = NULL)
ADD_FAULT(close, close = NULL)
ADD_FAULT(describe, describe = NULL)
ADD_FAULT(wire, wire = NULL)
ADD_FAULT(send, send = NULL)
ADD_FAULT(recv, recv = NULL)
ADD_FAULT(finish, finish = NULL)
ADD_FAULT(detach, detach = NULL)
ADD_FAULT(batch, send_batch = ipm_transport_find("udp")->send_batch)
ADD_FAULT(lease, lease = ipm_transport_find("pipe-vmsplice")->lease)
ADD_FAULT(borrow, borrow = ipm_transport_find("shm-ring")->borrow)
ADD_FAULT(series, release_series = ipm_transport_find("shm-ring")->release_series)
ADD_FAULT(accept, connect = NULL; row->accept = ipm_transport_find("tcp")->accept)
ADD_FAULT(family, family = (enum ipm_family)17)
ADD_FAULT(direction, direction = (enum ipm_direction)17)
ADD_FAULT(caps, caps |= 1u << 31)
ADD_FAULT(hollow, caps |= IPM_CAP_HOLLOW)
ADD_FAULT(lossy, caps &= ~(unsigned)IPM_CAP_RELIABLE)
ADD_FAULT(nowhere, caps |= IPM_CAP_IN_PLACE)
ADD_FAULT(unwoken, caps |= IPM_CAP_UNWOKEN)
ADD_FAULT(shared, caps = IPM_CAP_MESSAGES | IPM_CAP_SHARED)

static void add_spoil_placed_stream(struct ipm_transport *row) {
    const struct ipm_transport *ring = ipm_transport_find("shm-ring");
    row->lease = ring->lease;
    row->commit = ring->commit;
    row->borrow = ring->borrow;
    row->release = ring->release;
    row->caps = (row->caps | IPM_CAP_IN_PLACE) & ~(unsigned)IPM_CAP_MESSAGES;
}

static void add_spoil_copied_series(struct ipm_transport *row) {
    const struct ipm_transport *ring = ipm_transport_find("shm-ring");
    row->send_series = ring->send_series;
    row->borrow_series = ring->borrow_series;
    row->release_series = ring->release_series;
}

static void add_spoil_leased_messages(struct ipm_transport *row) {
    const struct ipm_transport *splice = ipm_transport_find("pipe-vmsplice");
    row->lease = splice->lease;
    row->commit = splice->commit;
    row->caps |= IPM_CAP_MESSAGES;
}

static const struct add_fault add_faults[] = {
    {add_spoil_no_name, "a transport has no name"},
    {add_spoil_empty, "'' is no name for a transport"},
    {add_spoil_capital, "'Mine' is no name for a transport"},
    {add_spoil_hyphen, "'-mine' is no name for a transport"},
    {add_spoil_comma, "'mine,yours' is no name for a transport"},
    {add_spoil_long_name,
     "'a23456789012345678901234567890ab' is no name for a transport"},
    {add_spoil_all, "no transport may have the name 'all'"},
    {add_spoil_summary, "transport 'mine' has no summary or addressing for a list"},
    {add_spoil_stop, "transport 'mine' has no summary or addressing for a list"},
    {add_spoil_lines, "transport 'mine' has no summary or addressing for a list"},
    {add_spoil_open, "transport 'mine' has no operation 'open'"},
    {add_spoil_attach, "transport 'mine' has no operation 'attach'"},
    {add_spoil_close, "transport 'mine' has no operation 'close'"},
    {add_spoil_describe, "transport 'mine' has no operation 'describe'"},
    {add_spoil_wire, "transport 'mine' has no operation 'wire'"},
    {add_spoil_send, "transport 'mine' has no operation 'send'"},
    {add_spoil_recv, "transport 'mine' has no operation 'recv'"},
    {add_spoil_finish, "transport 'mine' has no operation 'finish'"},
    {add_spoil_detach, "transport 'mine' has no operation 'detach'"},
    {add_spoil_batch,
     "transport 'mine' has one of send_batch and recv_batch without the other"},
    {add_spoil_lease, "transport 'mine' has one of lease and commit without the other"},
    {add_spoil_borrow,
     "transport 'mine' has one of borrow and release without the other"},
    {add_spoil_series,
     "transport 'mine' lacks one of send_series, borrow_series and release_series"},
    {add_spoil_copied_series,
     "transport 'mine' has send_series, but does not work in place"},
    {add_spoil_nowhere,
     "transport 'mine' works in place, but lacks lease, commit, borrow or release"},
    {add_spoil_unwoken, "transport 'mine' wakes nobody, but does not look by itself"},
    {add_spoil_placed_stream,
     "transport 'mine' works in place, but does not keep messages whole and in order"},
    {add_spoil_leased_messages,
     "transport 'mine' has lease for messages, but does not work in place"},
    {add_spoil_accept, "transport 'mine' has accept, but no connect"},
    {add_spoil_family, "transport 'mine' is of no family that this ipcmark knows"},
    {add_spoil_direction,
     "transport 'mine' goes in no direction that this ipcmark knows"},
    {add_spoil_caps, "transport 'mine' has capabilities that this ipcmark does not know"},
    {add_spoil_hollow, "transport 'mine' is of family none without being hollow, or "
                       "hollow without being of it"},
    {add_spoil_lossy, "transport 'mine' is a byte stream that may lose bytes"},
    {add_spoil_shared,
     "transport 'mine' shares one end among many, but cannot serve many"},
};

Test(transport_add, refuses_a_row_that_is_not_fit_and_says_why) {
    for (size_t i = 0; i < sizeof add_faults / sizeof *add_faults; i++) {
        struct ipm_transport row = add_row("mine");
        add_faults[i].spoil(&row);
        cr_expect_str_eq(add_refusal(&row), add_faults[i].words);
    }
}
