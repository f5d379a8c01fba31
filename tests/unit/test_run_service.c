/* test_run_service.c - many clients and every server: what they count, and that a slow, a
 * dying and a silent client do not stop the others. */
#include "tests/unit/test_run_service.h"

#include "run/process/stop.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void test_counts(struct ipm_service_rig *rig) {
    ipm_service_rig_start(rig, ipm_service_rig_send_all);
    cr_expect_eq(rig->config.trial.server->serve(rig->service), 0);
    for (unsigned i = 0; i < SERVICE_CLIENTS; i++) {
        const struct ipm_service_client *client = &rig->service->clients[i];
        const struct ipm_damage damage =
            ipm_service_count(rig->service, i, SERVICE_MESSAGES);
        cr_expect_eq(client->received.messages, SERVICE_MESSAGES);
        cr_expect_eq(client->received.bytes, SERVICE_MESSAGES * SERVICE_BYTES);
        cr_expect_lt(0, client->received.calls);
        cr_expect_lt(0, client->end_ns);
        cr_expect(!client->gone);
        cr_expect_eq(damage.lost_messages + damage.corrupt_messages +
                         damage.duplicated_messages,
                     0);
    }
    ipm_service_rig_end(rig, NULL);
}

Test(run_service, counts_what_each_client_has_sent) {
    ipm_service_rig_each("fan-in", test_counts);
}

static void test_verified(struct ipm_service_rig *rig) {
    rig->config.settings.verify = true;
    rig->config.trial.seed = 77;
    test_counts(rig);
}

Test(run_service, finds_the_contents_of_each_client_as_they_were_sent) {
    ipm_service_rig_each("fan-in", test_verified);
}

static void test_spinning(struct ipm_service_rig *rig) {
    (void)strcpy(rig->config.settings.wait, "spin");
    test_counts(rig);
}

Test(run_service, may_spin) {
    ipm_service_rig_each("fan-in", test_spinning);
}

/* One of another client: its own seed makes it corrupt. */
static bool client_send_foreign(struct ipm_service_rig *rig, struct ipm_endpoint *end) {
    if (end->peer == 2)
        rig->config.trial.seed--;
    return ipm_service_rig_send_all(rig, end) && ipm_service_rig_finish(rig, end);
}

static void test_foreign(struct ipm_service_rig *rig) {
    rig->config.settings.verify = true;
    rig->config.trial.seed = 77;
    ipm_service_rig_start(rig, client_send_foreign);
    cr_expect_eq(rig->config.trial.server->serve(rig->service), 0);
    for (unsigned i = 0; i < SERVICE_CLIENTS; i++)
        cr_expect_eq(
            ipm_service_count(rig->service, i, SERVICE_MESSAGES).corrupt_messages,
            i == 2 ? SERVICE_MESSAGES : 0, "%s, client %u",
            rig->config.trial.transport->name, i);
    ipm_service_rig_end(rig, NULL);
}

Test(run_service, takes_no_clients_message_for_anothers) {
    ipm_service_rig_each("fan-in", test_foreign);
}

/* The first client sends its second message when all others are served. */
static bool client_be_slow(struct ipm_service_rig *rig, struct ipm_endpoint *end) {
    if (end->peer != 0)
        return ipm_service_rig_send_all(rig, end);
    (void)ipm_service_rig_send_some(rig, end, 0, 1);
    while (atomic_load(&rig->service->left) > 1)
        (void)usleep(1000);
    return ipm_service_rig_send_some(rig, end, 1, SERVICE_MESSAGES);
}

static void test_slow(struct ipm_service_rig *rig) {
    ipm_service_rig_start(rig, client_be_slow);
    cr_assert_eq(rig->config.trial.server->serve(rig->service), 0,
                 "%s, %s: the others wait for one", rig->config.trial.transport->name,
                 rig->config.trial.server->strategy.name);
    for (unsigned i = 0; i < SERVICE_CLIENTS; i++)
        cr_expect(!rig->service->clients[i].gone);
    ipm_service_rig_end(rig, NULL);
}

Test(run_service, goes_on_while_one_client_is_slow) {
    ipm_service_rig_each("fan-in", test_slow);
}

/* Waits until what was sent is read: the death of a client ends its service, and datagrams are left
 * then. */
static void client_await_reader(const struct ipm_service *service, unsigned peer,
                                uint64_t messages) {
    const volatile uint64_t *bytes = &service->clients[peer].received.bytes;
    while (*bytes < messages * SERVICE_BYTES)
        (void)usleep(1000);
}

static bool client_die(struct ipm_service_rig *rig, struct ipm_endpoint *end) {
    if (end->peer == 1) {
        (void)ipm_service_rig_send_some(rig, end, 0, 2);
        client_await_reader(rig->service, end->peer, 2);
        (void)raise(SIGKILL);
    }
    (void)usleep(60000); /* so that it is not all over when one dies */
    return ipm_service_rig_send_all(rig, end);
}

static void test_dying(struct ipm_service_rig *rig) {
    const int statuses[SERVICE_CLIENTS] = {0, SIGKILL, 0, 0};
    ipm_service_rig_start(rig, client_die);
    cr_expect_eq(rig->config.trial.server->serve(rig->service), 0);
    for (unsigned i = 0; i < SERVICE_CLIENTS; i++) {
        const struct ipm_service_client *client = &rig->service->clients[i];
        (void)ipm_service_count(rig->service, i, SERVICE_MESSAGES);
        cr_expect_eq(client->gone, i == 1, "%s, %s: client %u",
                     rig->config.trial.transport->name,
                     rig->config.trial.server->strategy.name, i);
        cr_expect_eq(client->received.messages, i == 1 ? 2 : SERVICE_MESSAGES,
                     "%s, %s: client %u: %llu", rig->config.trial.transport->name,
                     rig->config.trial.server->strategy.name, i,
                     (unsigned long long)client->received.messages);
    }
    ipm_service_rig_end(rig, statuses);
}

Test(run_service, goes_on_when_one_client_dies) {
    ipm_service_rig_each("fan-in", test_dying);
}

static bool client_be_silent(struct ipm_service_rig *rig, struct ipm_endpoint *end) {
    if (end->peer == 3)
        return pause() == 0;
    return ipm_service_rig_send_all(rig, end);
}

/* Returns whether there was time enough for the others. */
static bool silent_is_ended(struct ipm_service_rig rig, uint64_t timeout_ns) {
    int statuses[SERVICE_CLIENTS] = {0, 0, 0, SIGKILL};
    bool others = true;
    rig.config.trial.timeout_ns = timeout_ns;
    ipm_service_rig_start(&rig, client_be_silent);
    cr_expect_eq(rig.config.trial.server->serve(rig.service), -EINTR, "%s, %s",
                 rig.config.trial.transport->name,
                 rig.config.trial.server->strategy.name);
    cr_expect(ipm_stop_expired());
    cr_expect(!atomic_load(&rig.service->clients[3].over));
    for (unsigned i = 0; i < 3; i++) {
        if (atomic_load(&rig.service->clients[i].over))
            continue;
        others = false;
        statuses[i] = SERVICE_ANY; /* it may send what nobody receives */
    }
    ipm_service_rig_end(&rig, statuses);
    return others;
}

static void test_silent(struct ipm_service_rig *rig) {
    uint64_t timeout_ns = 100000000;
    while (!silent_is_ended(*rig, timeout_ns)) {
        cr_assert_lt(timeout_ns, 20000000000u, "%s, %s: the others wait for one",
                     rig->config.trial.transport->name,
                     rig->config.trial.server->strategy.name);
        timeout_ns *= 4;
    }
}

Test(run_service, serves_the_others_until_the_watchdog_ends_a_silent_one) {
    ipm_service_rig_each("fan-in", test_silent);
}

static bool client_skip(struct ipm_service_rig *rig, struct ipm_endpoint *end) {
    bool fine = ipm_service_rig_send_some(rig, end, 0, 2);
    if (end->peer != 2)
        fine = fine && ipm_service_rig_send_some(rig, end, 2, 4);
    fine = fine && ipm_service_rig_send_some(rig, end, 4, SERVICE_MESSAGES);
    return fine && ipm_service_rig_finish(rig, end);
}

Test(run_service, tells_of_each_client_what_it_lost) {
    for (size_t s = 0; ipm_servers[s]; s++) {
        struct ipm_service_rig rig =
            ipm_service_rig_make("udp", "fan-in", ipm_servers[s]);
        ipm_service_rig_start(&rig, client_skip);
        cr_expect_eq(rig.config.trial.server->serve(rig.service), 0);
        for (unsigned i = 0; i < SERVICE_CLIENTS; i++) {
            const struct ipm_damage damage =
                ipm_service_count(rig.service, i, SERVICE_MESSAGES);
            cr_expect_eq(damage.lost_messages, i == 2 ? 2 : 0, "%s: client %u",
                         ipm_servers[s]->strategy.name, i);
        }
        ipm_service_rig_end(&rig, NULL);
    }
}

/* The last child of this process that is no client. */
static pid_t last_worker(const struct ipm_service_rig *rig) {
    pid_t worker = -1;
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    FILE *children = fopen(path, "re");
    cr_assert_not_null(children);
    while (fscanf(children, "%d", &worker) == 1)
        continue;
    (void)fclose(children);
    for (unsigned i = 0; i < SERVICE_CLIENTS; i++)
        cr_assert_neq(worker, rig->pids[i]);
    return worker;
}

static void strike_worker(int signal_number, const char *words) {
    struct ipm_service_rig rig =
        ipm_service_rig_make("unix", "fan-in", ipm_server_find("process"));
    const int statuses[SERVICE_CLIENTS] = {0, 0, 0, SIGKILL};
    rig.config.trial.timeout_ns = signal_number == SIGKILL ? 60000000000u : 500000000u;
    ipm_service_rig_start(&rig, client_be_silent);
    const pid_t worker = last_worker(&rig);
    siginfo_t stopped;
    cr_assert_eq(kill(worker, signal_number), 0);
    while (signal_number == SIGSTOP &&
           waitid(P_PID, (id_t)worker, &stopped, WSTOPPED | WNOWAIT) < 0)
        cr_assert_eq(errno, EINTR); /* the watchdog */
    cr_expect_eq(rig.config.trial.server->serve(rig.service),
                 signal_number == SIGKILL ? -ECHILD : -EINTR);
    cr_expect_str_eq(rig.service->err.text, words);
    ipm_service_rig_end(&rig, statuses);
}

Test(run_service, of_processes_notices_when_one_of_them_is_killed) {
    strike_worker(SIGKILL, "server process 3 was killed by signal 9 (Killed)");
}

Test(run_service, of_processes_ends_by_the_watchdog_when_one_of_them_is_stopped) {
    strike_worker(SIGSTOP, "server process 3 is stopped");
}

Test(run_service, of_each_row_has_words_and_a_limit) {
    for (size_t s = 0; ipm_servers[s]; s++) {
        const struct ipm_server *server = ipm_servers[s];
        cr_expect_eq(ipm_server_find(server->strategy.name), server);
        cr_expect(server->summary && server->prepare && server->serve && server->done);
        cr_expect(server->strategy.clients_most >= 900, "%s", server->strategy.name);
        cr_expect(server->strategy.clients_most >= 1000 || server->strategy.reason, "%s",
                  server->strategy.name);
    }
    cr_expect_null(ipm_server_find("nobody"));
}
