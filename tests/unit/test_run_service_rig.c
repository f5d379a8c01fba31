/* test_run_service_rig.c - forks, attaches, waits: what every test of a service needs. */
#include "tests/unit/test_run_service.h"

#include "run/patterns/pattern.h"
#include "run/process/stop.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const service_transports[] = {
    "pipe", "unix", "tcp", "udp", "unix-dgram", "unix-seqpacket", "socketpair-dgram"};
enum { SERVICE_TRANSPORTS = sizeof service_transports / sizeof *service_transports };

/* The watchdog of the set-up, which may be slow on a busy machine. */
static const uint64_t SERVICE_SETUP_NS = 60000000000;

struct ipm_service_rig ipm_service_rig_make(const char *transport, const char *pattern,
                                            const struct ipm_server *server) {
    struct ipm_service_rig rig = {
        .config = ipm_test_trial_make(ipm_transport_find(transport), pattern,
                                      SERVICE_BYTES, SERVICE_MESSAGES)};
    rig.config.settings.clients = SERVICE_CLIENTS;
    rig.config.settings.recv_bytes = 4096;
    rig.config.trial.server = server;
    return rig;
}

static void rig_open(struct ipm_service_rig *rig) {
    const struct ipm_transport *ops = rig->config.trial.transport;
    const bool answers =
        (rig->config.trial.pattern->kind.traits & IPM_TRAIT_TWO_WAY) != 0;
    rig->config.trial.settings = &rig->config.settings;
    ipm_leaks_begin(&rig->leaks);
    ipm_stop_install();
    ipm_stop_arm(SERVICE_SETUP_NS);
    ipm_stop_watch_all();
    rig->link =
        (struct ipm_link){.ops = ops,
                          .config = {.peers = SERVICE_CLIENTS,
                                     .flow = answers ? IPM_BOTH_WAYS : IPM_TO_PARENT,
                                     .message_bytes = (size_t)ipm_settings_larger_bytes(
                                         &rig->config.settings),
                                     .timeout_ms = 20000},
                          .state = calloc(1, ops->link_size + 1)};
    cr_assert_eq(ops->open(&rig->link, &rig->err), 0, "%s", rig->err.text);
    cr_assert_eq(ipm_service_open(&rig->service, &rig->config.trial, answers, &rig->err),
                 0, "%s", rig->err.text);
    cr_assert_eq(pipe(rig->gate), 0);
    cr_assert_eq(pipe(rig->leave), 0);
}

static _Noreturn void rig_live(struct ipm_service_rig *rig, unsigned which, pid_t parent,
                               ipm_service_rig_client client) {
    const struct ipm_transport *ops = rig->config.trial.transport;
    struct ipm_endpoint end = {
        .ops = ops, .side = IPM_CHILD, .peer = which, .rx_fd = -1, .tx_fd = -1};
    char byte = 0;
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    ipm_stop_disown();
    (void)close(rig->gate[1]);
    (void)close(rig->leave[1]);
    end.peer_pid = parent;
    end.state = calloc(1, ops->end_size + 1);
    if (ops->attach(&end, &rig->link, &rig->err) != 0)
        _exit(2);
    ops->close(&rig->link, IPM_CHILD);
    if (read(rig->gate[0], &byte, 1) != 0)
        _exit(3);
    const bool fine = client(rig, &end);
    _exit(fine && read(rig->leave[0], &byte, 1) == 0 ? 0 : 4);
}

void ipm_service_rig_start(struct ipm_service_rig *rig, ipm_service_rig_client client) {
    const pid_t parent = getpid();
    rig_open(rig);
    for (unsigned i = 0; i < SERVICE_CLIENTS; i++) {
        rig->pids[i] = fork();
        cr_assert_neq(rig->pids[i], -1);
        if (rig->pids[i] == 0)
            rig_live(rig, i, parent, client);
        rig->service->clients[i].pid = rig->pids[i];
    }
    cr_assert_eq(ipm_service_attach(rig->service, &rig->link, &rig->err), 0, "%s: %s",
                 rig->config.trial.transport->name, rig->err.text);
    rig->link.ops->close(&rig->link, IPM_PARENT);
    cr_assert_eq(rig->config.trial.server->prepare(rig->service, &rig->err), 0, "%s",
                 rig->err.text);
    ipm_stop_arm(rig->config.trial.timeout_ns);
    (void)close(rig->gate[0]);
    (void)close(rig->gate[1]);
}

void ipm_service_rig_end(struct ipm_service_rig *rig,
                         const int statuses[SERVICE_CLIENTS]) {
    (void)close(rig->leave[0]);
    (void)close(rig->leave[1]);
    rig->config.trial.server->done(rig->service);
    for (unsigned i = 0; i < SERVICE_CLIENTS; i++) {
        int status = 0;
        if (statuses && statuses[i] != 0)
            (void)kill(rig->pids[i], SIGKILL);
        while (waitpid(rig->pids[i], &status, 0) < 0 && errno == EINTR)
            continue;
        const int wanted = statuses ? statuses[i] : 0;
        cr_expect(wanted == SERVICE_ANY || status == wanted,
                  "%s, %s: client %u: status %x", rig->config.trial.transport->name,
                  rig->config.trial.server->strategy.name, i, (unsigned)status);
    }
    ipm_stop_disarm();
    ipm_service_close(rig->service);
    free(rig->link.state);
    ipm_leaks_end(&rig->leaks);
}

void ipm_service_rig_each(const char *pattern,
                          void (*test)(struct ipm_service_rig *rig)) {
    const bool answers = strcmp(pattern, "fan-in-rpc") == 0;
    for (size_t t = 0; t < SERVICE_TRANSPORTS; t++)
        for (size_t s = 0; ipm_servers[s]; s++) {
            struct ipm_service_rig rig =
                ipm_service_rig_make(service_transports[t], pattern, ipm_servers[s]);
            if (!answers || rig.config.trial.transport->direction != IPM_SIMPLEX)
                test(&rig);
        }
}

bool ipm_service_rig_send(struct ipm_endpoint *end, const unsigned char *bytes,
                          size_t count) {
    for (size_t sent = 0; sent < count;) {
        ssize_t r = end->ops->send(end, bytes + sent, count - sent);
        if (r <= 0)
            return false;
        sent += (size_t)r;
    }
    return true;
}

bool ipm_service_rig_send_some(struct ipm_service_rig *rig, struct ipm_endpoint *end,
                               uint64_t from, uint64_t to) {
    unsigned char message[SERVICE_BYTES];
    for (; from < to; from++) {
        ipm_payload_fill(message, sizeof message, rig->config.trial.seed + end->peer,
                         from);
        if (!ipm_service_rig_send(end, message, sizeof message))
            return false;
    }
    return true;
}

bool ipm_service_rig_send_all(struct ipm_service_rig *rig, struct ipm_endpoint *end) {
    return ipm_service_rig_send_some(rig, end, 0, SERVICE_MESSAGES);
}

bool ipm_service_rig_finish(struct ipm_service_rig *rig, struct ipm_endpoint *end) {
    const bool marks = (end->ops->caps & IPM_CAP_CONNECTED) == 0;
    struct pollfd leave = {.fd = rig->leave[0], .events = POLLIN};
    bool fine = end->ops->finish(end) == 0;
    while (fine && marks && poll(&leave, 1, 5) == 0)
        fine = end->ops->finish(end) == 0;
    return fine;
}
