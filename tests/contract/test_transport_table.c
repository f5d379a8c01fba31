/* test_transport_table.c - what the table of transports says of itself. */
#include "pair.h"
#include "transports/table.h"

#include <criterion/criterion.h>
#include <string.h>

Test(transport_table, has_all_in_their_order) {
    static const char *const names[] = {"pipe",
                                        "pipe-pair",
                                        "fifo",
                                        "pipe-vmsplice",
                                        "pipe-splice",
                                        "unix",
                                        "unix-abstract",
                                        "unix-dgram",
                                        "unix-seqpacket",
                                        "socketpair",
                                        "socketpair-dgram",
                                        "socketpair-seqpacket",
                                        "unix-fd",
                                        "tcp",
                                        "tcp-nodelay",
                                        "tcp-zerocopy",
                                        "tcp6",
                                        "udp",
                                        "udp-gso",
                                        "udp6",
                                        "sctp",
                                        "vsock",
                                        "shm-ring",
                                        "shm-spin",
                                        "shm-eventfd",
                                        "posix-mq",
                                        "sysv-mq",
                                        "cma",
                                        "null"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        cr_assert_str_eq(ipm_transports[i]->name, names[i]);
    cr_assert_null(ipm_transports[sizeof names / sizeof *names]);
}

Test(transport_table, finds_each_row_by_its_name_and_nothing_else) {
    for (size_t i = 0; ipm_transports[i]; i++)
        cr_expect_eq(ipm_transport_find(ipm_transports[i]->name), ipm_transports[i]);
    cr_expect_null(ipm_transport_find("unx"));
    cr_expect_null(ipm_transport_find(""));
    cr_expect_null(ipm_transport_find("pip"));
    cr_expect_null(ipm_transport_find("Pipe"));
}

Test(transport_table, has_words_operations_and_capabilities_that_make_sense_in_each_row) {
    IPM_PAIR_EACH(ops, 0u, 0u) {
        struct ipm_err err = {0};
        cr_expect_eq(ipm_transport_check(ops, &err), 0, "%s: %s", ops->name, err.text);
    }
}

Test(transport_table, tells_what_each_of_the_six_can_do) {
    const unsigned stream = IPM_CAP_RELIABLE | IPM_CAP_CONNECTED | IPM_CAP_MULTI |
                            IPM_CAP_POLLABLE | IPM_CAP_PLAIN;
    cr_expect_eq(ipm_transport_find("pipe")->caps, stream);
    cr_expect_eq(ipm_transport_find("pipe-pair")->caps, stream);
    cr_expect_eq(ipm_transport_find("unix")->caps, stream);
    cr_expect_eq(ipm_transport_find("tcp")->caps,
                 stream | IPM_CAP_CONGESTION | IPM_CAP_REMOTE);
    cr_expect_eq(ipm_transport_find("udp")->caps,
                 (unsigned)(IPM_CAP_MESSAGES | IPM_CAP_MULTI | IPM_CAP_SHARED |
                            IPM_CAP_POLLABLE | IPM_CAP_PLAIN | IPM_CAP_REMOTE));
    cr_expect_eq(ipm_transport_find("null")->caps,
                 (unsigned)(IPM_CAP_MESSAGES | IPM_CAP_RELIABLE | IPM_CAP_HOLLOW));
    cr_expect_eq(ipm_transport_find("pipe")->direction, IPM_SIMPLEX);
    cr_expect_eq(ipm_transport_find("pipe-pair")->direction, IPM_DUPLEX_BY_TWO);
    cr_expect_eq(ipm_transport_find("udp")->direction, IPM_DUPLEX);
}

Test(transport_table, probes_to_a_largest_message_or_to_words_and_leaves_nothing) {
    IPM_PAIR_ROWS(ops, 0u, 0u) {
        struct ipm_leaks leaks;
        struct ipm_err err = {0};
        size_t most = 0;
        ipm_leaks_begin(&leaks);
        int failed = ipm_runner_try(ops, 0, &most, &err);
        ipm_leaks_end(&leaks);
        cr_expect(failed <= 0, "%s", ops->name);
        cr_expect_eq(err.code, failed, "%s", ops->name);
        cr_expect(failed ? err.text[0] != '\0' : most > 0, "%s", ops->name);
    }
}

Test(transport_table, probes_the_largest_message) {
    size_t most = 0;
    cr_expect_eq(ipm_transport_find("udp")->probe(&most, NULL), 0);
    cr_expect_eq(most, (size_t)65507);
    cr_expect_eq(ipm_transport_find("tcp")->probe(&most, NULL), 0);
    cr_expect_eq(most, SIZE_MAX);
}
