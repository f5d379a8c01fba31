/* test_run_control.c - messages between the parent and a child. */
#include "run/trial/control.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

/* The kernel tells of a peer that closes with unread messages before it gives the messages
 * that the peer has sent. */
Test(control, an_error_arrives_from_a_child_that_ended_without_reading) {
    int fds[2];
    const struct ipm_control_message done = {.kind = IPM_CONTROL_DONE};
    const struct ipm_control_message error = {
        .kind = IPM_CONTROL_ERROR,
        .as.err = {.code = -EBADMSG, .text = "the true reason"}};
    struct ipm_control_message message;
    cr_assert_eq(ipm_control_open(fds, NULL), 0);
    cr_assert_eq(ipm_control_send(fds[0], &done), 0);
    cr_assert_eq(ipm_control_send(fds[1], &error), 0);
    cr_assert_eq(close(fds[1]), 0);
    cr_assert_eq(ipm_control_recv(fds[0], &message, UINT64_MAX), 0);
    cr_assert_eq(message.kind, IPM_CONTROL_ERROR);
    cr_assert_str_eq(message.as.err.text, "the true reason");
    cr_assert_eq(ipm_control_recv(fds[0], &message, UINT64_MAX), -EPIPE);
    cr_assert_eq(close(fds[0]), 0);
}

/* Any child may be a process that a transport has ruined. */
static int control_refuses(const struct ipm_control_message *message) {
    int fds[2];
    struct ipm_control_message got;
    cr_assert_eq(ipm_control_open(fds, NULL), 0);
    cr_assert_eq(ipm_control_send(fds[1], message), 0);
    const int failed = ipm_control_recv(fds[0], &got, UINT64_MAX);
    cr_assert_eq(close(fds[0]), 0);
    cr_assert_eq(close(fds[1]), 0);
    return failed;
}

Test(control, a_result_with_an_impossible_number_is_refused) {
    const struct ipm_control_message fine = {.kind = IPM_CONTROL_RESULT,
                                             .as.window.usage.migrations = -1};
    struct ipm_window *window;
    struct ipm_control_message message = fine;
    window = &message.as.window;
    cr_expect_eq(control_refuses(&message), 0);
    window->received.bytes = UINT64_MAX;
    cr_expect_eq(control_refuses(&message), -EPROTO);
    message = fine;
    window->wire.header_bytes = UINT64_C(1) << 60;
    cr_expect_eq(control_refuses(&message), -EPROTO);
    message = fine;
    window->usage.user_ns = -2;
    cr_expect_eq(control_refuses(&message), -EPROTO);
    message = fine;
    window->end_ns = UINT64_C(1) << 62; /* a clock that has run for long */
    cr_expect_eq(control_refuses(&message), 0);
    window->end_ns = UINT64_C(1) << 63;
    cr_expect_eq(control_refuses(&message), -EPROTO);
}

Test(control, a_result_with_text_that_does_not_end_is_refused) {
    struct ipm_control_message message = {.kind = IPM_CONTROL_RESULT};
    struct ipm_facts *facts = &message.as.window.settings;
    facts->count = 1;
    facts->items[0].kind = IPM_FACT_TEXT;
    memset(facts->items[0].text, 'x', sizeof facts->items[0].text);
    cr_expect_eq(control_refuses(&message), -EPROTO);
    facts->items[0].text[0] = '\0';
    cr_expect_eq(control_refuses(&message), 0);
    facts->count = IPM_FACTS_MOST + 1;
    cr_expect_eq(control_refuses(&message), -EPROTO);
}
