/* fanrig.c - accidents of one client of many. */
#include "fanrig.h"

#include "rows.h"
#include "run/patterns/pattern.h"
#include "run/process/stop.h"
#include "run/servers/server.h"

#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static struct ipm_rig fanrig_now;
static struct ipm_transport fanrig_transport;
static int fanrig_sends;

static void fanrig_strike(const struct ipm_endpoint *end, enum ipm_rig_place place) {
    if (end->side != IPM_CHILD || end->peer != IPM_FANRIG_VICTIM ||
        place != fanrig_now.place)
        return;
    if (fanrig_now.tell_fd >= 0) {
        const pid_t mine = getpid();
        if (write(fanrig_now.tell_fd, &mine, sizeof mine) != (ssize_t)sizeof mine)
            _exit(99);
    }
    if (fanrig_now.signal > 0) {
        (void)signal(fanrig_now.signal, SIG_DFL); /* the sanitizers catch SIGSEGV */
        (void)raise(fanrig_now.signal);
    } else if (fanrig_now.signal < 0) {
        struct timespec left = {.tv_nsec = -fanrig_now.signal % 1000 * 1000000L,
                                .tv_sec = -fanrig_now.signal / 1000};
        while (nanosleep(&left, &left) != 0) /* a signal comes every 20 ms */
            continue;
    } else if (fanrig_now.exit_with) {
        _exit(fanrig_now.exit_with);
    }
}

static int fanrig_attach(struct ipm_endpoint *end, struct ipm_link *link,
                         struct ipm_err *err) {
    fanrig_strike(end, IPM_RIG_ATTACH);
    return fanrig_now.real->attach(end, link, err);
}

static void fanrig_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                            struct ipm_facts *settings) {
    fanrig_strike(end, IPM_RIG_BEFORE);
    fanrig_now.real->describe(end, endpoint, settings);
}

static ssize_t fanrig_send(struct ipm_endpoint *end, const void *buf, size_t len) {
    if (end->side == IPM_CHILD && ++fanrig_sends == 3)
        fanrig_strike(end, IPM_RIG_WINDOW);
    return fanrig_now.real->send(end, buf, len);
}

/* One at a time, so that the third is met. */
static ssize_t fanrig_send_series(struct ipm_endpoint *end, const void *buf, size_t len,
                                  unsigned count) {
    if (end->side == IPM_CHILD && ++fanrig_sends == 3)
        fanrig_strike(end, IPM_RIG_WINDOW);
    return fanrig_now.real->send_series(end, buf, len, count > 0);
}

static ssize_t fanrig_lease(struct ipm_endpoint *end, void **ret_buf) {
    if (end->side == IPM_CHILD && ++fanrig_sends == 3)
        fanrig_strike(end, IPM_RIG_WINDOW);
    return fanrig_now.real->lease(end, ret_buf);
}

static void fanrig_detach(struct ipm_endpoint *end) {
    fanrig_strike(end, IPM_RIG_AFTER);
    fanrig_now.real->detach(end);
}

const struct ipm_transport *ipm_fanrig_make(const struct ipm_rig *rig) {
    fanrig_now = *rig;
    fanrig_sends = 0;
    fanrig_transport = *rig->real;
    fanrig_transport.attach = fanrig_attach;
    fanrig_transport.describe = fanrig_describe;
    fanrig_transport.send = fanrig_send;
    if (rig->real->send_series)
        fanrig_transport.send_series = fanrig_send_series;
    if (rig->real->lease)
        fanrig_transport.lease = fanrig_lease;
    fanrig_transport.detach = fanrig_detach;
    return &fanrig_transport;
}

struct ipm_test_trial ipm_fanrig_config(const struct ipm_transport *transport,
                                        const char *pattern,
                                        const struct ipm_server *server) {
    struct ipm_test_trial config =
        ipm_test_trial_make(transport, pattern, 512, IPM_FANRIG_MESSAGES);
    config.trial.server = server;
    config.settings.clients = IPM_FANRIG_CLIENTS;
    return config;
}

bool ipm_fanrig_serves(const struct ipm_server *server,
                       const struct ipm_transport *transport) {
    return !server->strategy.polls || (transport->caps & IPM_CAP_POLLABLE) != 0;
}

/* A sanitizer looks at what each transport and each server does, not at what their pairs do:
 * under one, a transport that any server can wait for meets two of them, in turn. */
static bool fanrig_has_turn(size_t server, const struct ipm_transport *transport) {
#ifdef IPM_SANITIZED
    enum { TURNS = 5, EACH = 2 };
    return (transport->caps & IPM_CAP_POLLABLE) == 0 ||
           (server + ipm_row_of(transport)) % TURNS < EACH;
#else
    (void)server;
    (void)transport;
    return true;
#endif
}

const struct ipm_server *ipm_fanrig_server(const struct ipm_transport *ops) {
    size_t turn = ipm_row_of(ops);
    size_t count = 0;
    while (ipm_servers[count])
        count++;
    while (!ipm_fanrig_serves(ipm_servers[turn % count], ops))
        turn++;
    return ipm_servers[turn % count];
}

void ipm_fanrig_each(const struct ipm_transport *transport, const char *pattern,
                     void (*test)(const struct ipm_transport *transport,
                                  const char *pattern, const struct ipm_server *server)) {
    const bool both = (ipm_pattern_find(pattern)->kind.traits & IPM_TRAIT_TWO_WAY) != 0;
    ipm_stop_install();
    for (size_t s = 0; ipm_servers[s]; s++)
        if (ipm_fanrig_serves(ipm_servers[s], transport) &&
            fanrig_has_turn(s, transport) &&
            (!both || transport->direction != IPM_SIMPLEX))
            test(transport, pattern, ipm_servers[s]);
}
