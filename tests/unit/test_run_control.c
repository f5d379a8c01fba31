/* test_run_control.c - messages between the parent and a child. */
#include "run/trial/control.h"

#include <criterion/criterion.h>
#include <errno.h>
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
