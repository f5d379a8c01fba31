/* test_run_service_answers.c - many clients that ask: each gets its own answers. */
#include "tests/unit/test_run_service.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool client_ask(struct ipm_service_rig *rig, struct ipm_endpoint *end) {
    const size_t bytes = (size_t)rig->config.settings.message_bytes;
    const size_t awaited_bytes =
        (size_t)ipm_settings_response_bytes(&rig->config.settings);
    unsigned char *sent = malloc(bytes);
    unsigned char *awaited = malloc(awaited_bytes);
    unsigned char *came = malloc(awaited_bytes);
    bool fine = sent && awaited && came;
    for (uint64_t i = 0; fine && i < rig->config.trial.messages; i++) {
        size_t got = 0;
        ipm_payload_fill(sent, bytes, end->peer, i);
        ipm_payload_fill(awaited, awaited_bytes, end->peer, i);
        fine = ipm_service_rig_send(end, sent, bytes);
        if (end->peer == 0 && i == 1)
            (void)usleep(20000); /* an answer that does not fit must wait */
        while (fine && got < awaited_bytes) {
            ssize_t r = end->ops->recv(end, came + got, awaited_bytes - got);
            fine = r > 0;
            got += fine ? (size_t)r : 0;
        }
        fine = fine && memcmp(awaited, came, awaited_bytes) == 0;
    }
    free(sent);
    free(awaited);
    free(came);
    if (fine && (end->ops->caps & IPM_CAP_RELIABLE) == 0)
        fine = ipm_service_rig_finish(rig, end); /* it has all its responses */
    return fine;
}

static void test_answers(struct ipm_service_rig *rig) {
    const uint64_t messages = rig->config.trial.messages;
    ipm_service_rig_start(rig, client_ask);
    cr_expect_eq(rig->config.trial.server->serve(rig->service), 0);
    for (unsigned i = 0; i < SERVICE_CLIENTS; i++) {
        const struct ipm_service_client *client = &rig->service->clients[i];
        cr_expect_eq(client->received.messages, messages);
        cr_expect_eq(client->sent.messages, messages);
        cr_expect_eq(client->received.bytes,
                     messages * rig->config.settings.message_bytes);
        cr_expect_eq(client->sent.bytes,
                     messages * ipm_settings_response_bytes(&rig->config.settings));
    }
    ipm_service_rig_end(rig, NULL);
}

Test(run_service_answers, gives_each_client_its_own_answers) {
    ipm_service_rig_each("fan-in-rpc", test_answers);
}

static void test_answers_of(struct ipm_service_rig *rig, uint64_t bytes,
                            uint64_t response_bytes) {
    rig->config.settings.message_bytes = bytes;
    rig->config.settings.response_bytes = response_bytes;
    rig->config.settings.verify = true; /* each response is another one */
    test_answers(rig);
}

static void test_answers_of_other_sizes(struct ipm_service_rig *rig) {
    struct ipm_service_rig other = *rig;
    test_answers_of(rig, 64, 3000);
    test_answers_of(&other, 3000, 17);
}

Test(run_service_answers, makes_answers_of_another_size_than_the_question) {
    ipm_service_rig_each("fan-in-rpc", test_answers_of_other_sizes);
}

/* More than a socket or a pipe holds: handed over in parts, as the client takes it. */
Test(run_service_answers, keeps_an_answer_that_does_not_fit) {
    static const struct {
        const char *name;
        uint64_t bytes;
    } rows[] = {{"pipe-pair", 1 << 18}, {"unix", 1 << 20}, {"tcp", 8 << 20}};
    for (size_t t = 0; t < sizeof rows / sizeof *rows; t++)
        for (size_t s = 0; ipm_servers[s]; s++) {
            struct ipm_service_rig rig =
                ipm_service_rig_make(rows[t].name, "fan-in-rpc", ipm_servers[s]);
            rig.config.settings.message_bytes = rows[t].bytes;
            rig.config.settings.recv_bytes = rows[t].bytes;
            rig.config.trial.messages =
                2; /* client 0 is slow to take its second answer */
            test_answers(&rig);
        }
}

static bool client_ask_and_die(struct ipm_service_rig *rig, struct ipm_endpoint *end) {
    if (end->peer == 1) {
        (void)ipm_service_rig_send_some(rig, end, 0, 1);
        (void)raise(SIGKILL);
    }
    return client_ask(rig, end);
}

static void test_dying_asker(struct ipm_service_rig *rig) {
    const int statuses[SERVICE_CLIENTS] = {0, SIGKILL, 0, 0};
    ipm_service_rig_start(rig, client_ask_and_die);
    cr_expect_eq(rig->config.trial.server->serve(rig->service), 0);
    for (unsigned i = 0; i < SERVICE_CLIENTS; i++)
        cr_expect_eq(rig->service->clients[i].gone, i == 1, "%s, %s: client %u",
                     rig->config.trial.transport->name,
                     rig->config.trial.server->strategy.name, i);
    ipm_service_rig_end(rig, statuses);
}

Test(run_service_answers, goes_on_answering_when_one_client_dies) {
    ipm_service_rig_each("fan-in-rpc", test_dying_asker);
}
