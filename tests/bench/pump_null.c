/* pump_null.c - one side of the stream pattern over the null transport, and nothing else:
 * what valgrind counts for it is the pump. Knows no process: both sides are only loops.
 *
 *   pump_null sender|receiver MESSAGES */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/patterns/pattern.h"
#include "run/pump/pump.h"
#include "transports/transport.h"

enum { NULL_MESSAGE_BYTES = 64, NULL_RECV_BYTES = 64 * 1024 };

static int null_pump(struct ipm_endpoint *end, uint64_t messages) {
    const struct ipm_pattern *pattern = ipm_pattern_find("stream");
    const struct ipm_case_config config = {.message_bytes = NULL_MESSAGE_BYTES,
                                           .recv_bytes = NULL_RECV_BYTES};
    struct ipm_pump pump = {.end = end, .config = &config, .messages = messages};
    int failed = ipm_pump_init(&pump);
    if (failed)
        return failed;
    failed = end->side == IPM_PARENT ? pattern->parent(&pump) : pattern->child(&pump);
    if (!failed && pump.counts.messages != messages)
        failed = -1;
    ipm_pump_done(&pump);
    return failed;
}

int main(int argc, char **argv) {
    const struct ipm_transport *ops = ipm_transport_find("null");
    if (argc != 3 || !ops) {
        (void)fputs("usage: pump_null sender|receiver MESSAGES\n", stderr);
        return 2;
    }
    struct ipm_link link = {.ops = ops,
                            .config = {.message_bytes = NULL_MESSAGE_BYTES},
                            .state = calloc(1, ops->link_size + 1)};
    struct ipm_endpoint end = {.ops = ops,
                               .side = strcmp(argv[1], "sender") == 0 ? IPM_PARENT
                                                                      : IPM_CHILD,
                               .rx_fd = -1,
                               .tx_fd = -1,
                               .state = calloc(1, ops->end_size + 1)};
    int failed = -1;
    if (link.state && end.state && ops->open(&link, NULL) == 0) {
        if (ops->attach(&end, &link, NULL) == 0)
            failed = null_pump(&end, strtoull(argv[2], NULL, 10));
        ops->close(&link, end.side);
        ops->detach(&end);
    }
    free(end.state);
    free(link.state);
    return failed ? 1 : 0;
}
