/* test_app_refine.c - which sizes --find-crossovers adds, with made-up measurements. */
#include "app/commands/machine.h"
#include "app/commands/run_refine.h"
#include "base/err.h"
#include "model/plan/plan.h"
#include "model/report/report.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

enum { REFINE_EACH = 1000 };

static struct ipm_run_request refine_request;
static enum ipm_run_status refine_status;
static uint64_t refine_rounds;

/* 800 + n/4 = 2000 + n/10 at 8,000 bytes. */
static uint64_t refine_time_ns(const struct ipm_case_config *config) {
    const uint64_t bytes = config->message_bytes;
    return strcmp(config->transport, "pipe") == 0 ? 800 + bytes / 4 : 2000 + bytes / 10;
}

static int refine_measure(struct ipm_report *report, struct ipm_run_request *request,
                          struct ipm_plan *plan, struct ipm_err *err) {
    (void)err;
    refine_rounds = request->options.rounds;
    report->run.status = refine_status;
    for (size_t i = 0; i < plan->count; i++) {
        struct ipm_case *c = ipm_report_add_case(report);
        c->config = plan->cases[i].config;
        c->integrity.status = IPM_INTEGRITY_OK;
        for (uint64_t round = 0; round < refine_rounds; round++) {
            struct ipm_sample *trial = ipm_case_add_trial(c);
            trial->round = round;
            trial->elapsed_ns = REFINE_EACH * refine_time_ns(&c->config);
            trial->received.bytes = REFINE_EACH * c->config.message_bytes;
        }
    }
    return 0;
}

/* Returns the sizes after the refinement of 4 KiB and 16 KiB. */
static const struct ipm_sizes *refine(struct ipm_plan *plan) {
    struct ipm_options *options = &refine_request.options;
    struct ipm_err err = {0};
    ipm_options_defaults(options);
    options->transports = (struct ipm_names){2, {"pipe", "unix"}};
    options->message_bytes = (struct ipm_sizes){.count = 2, .items = {16384, 4096}};
    options->pins.count = 1;
    options->find_crossovers = true;
    cr_assert_eq(ipm_machine_plan(plan, options, &err), 0, "%s", err.text);
    cr_assert_eq(ipm_run_refine(&refine_request, plan, refine_measure, &err), 0, "%s",
                 err.text);
    return &options->message_bytes;
}

Test(app_refine, sizes_close_in_on_the_crossover_and_are_all_planned) {
    static const uint64_t wanted[] = {4096, 5888, 6912, 8192, 16384};
    struct ipm_plan plan = {0};
    refine_status = IPM_RUN_COMPLETE;
    const struct ipm_sizes *sizes = refine(&plan);
    cr_assert_eq(sizes->count, 5);
    cr_expect_eq(memcmp(sizes->items, wanted, sizeof wanted), 0);
    cr_expect_eq(plan.count, 10);
    cr_expect_eq(refine_rounds, 6);
    cr_expect_neq(refine_request.options.rounds, 6, "the options are restored");
    ipm_plan_done(&plan);
}

Test(app_refine, an_interrupt_adds_nothing) {
    struct ipm_plan plan = {0};
    refine_status = IPM_RUN_INTERRUPTED;
    cr_expect_eq(refine(&plan)->count, 2);
    cr_expect_eq(plan.count, 4);
    ipm_plan_done(&plan);
}
