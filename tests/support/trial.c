/* trial.c - the default case of a test. */
#include "tests/support/trial.h"

#include "run/patterns/pattern.h"

struct ipm_test_trial ipm_test_trial_make(const struct ipm_transport *transport,
                                          const char *pattern, uint64_t message_bytes,
                                          uint64_t messages) {
    return (struct ipm_test_trial){
        .settings = {.message_bytes = message_bytes,
                     .recv_bytes = message_bytes < 65536 ? 65536 : message_bytes,
                     .clients = 1,
                     .pairs = 1,
                     .batch = 1,
                     .sender_cpu = -1,
                     .receiver_cpu = -1},
        .trial = {.transport = transport,
                  .pattern = ipm_pattern_find(pattern),
                  .messages = messages,
                  .timeout_ns = 20000000000u}};
}

struct ipm_trial_config ipm_test_trial_config(const struct ipm_test_trial *test) {
    struct ipm_trial_config config = test->trial;
    config.settings = &test->settings;
    return config;
}

int ipm_test_trial_run(const struct ipm_test_trial *test, struct ipm_sample *ret_sample,
                       struct ipm_trial_facts *ret_facts, struct ipm_err *err) {
    const struct ipm_trial_config config = ipm_test_trial_config(test);
    return ipm_trial_run(&config, ret_sample, ret_facts, err);
}
