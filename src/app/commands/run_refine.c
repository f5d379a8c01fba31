/* run_refine.c - adds message sizes around crossovers before the run. */
#include "app/commands/run_refine.h"

#include "app/commands/machine.h"
#include "base/err.h"
#include "model/plan/plan.h"
#include "model/report/crossover.h"
#include "model/report/report.h"

#include <errno.h>
#include <stdbool.h>

/* The budget. Three passes divide a fourfold step to a fifth; six trials are the fewest
 * that have an interval. */
enum { REFINE_PASSES = 3, REFINE_ROUNDS = 6, REFINE_SIZES_MOST = 12 };
static const uint64_t REFINE_DURATION_NS = 10000000;

int ipm_run_refine_check(const struct ipm_options *options, struct ipm_err *err) {
    if (!options->find_crossovers ||
        (options->transports.count > 1 && options->message_bytes.count > 1))
        return 0;
    return ipm_err_refuse(
        err, "such as '-s 64..64K pipe unix'",
        "'--find-crossovers' needs two transports and two message sizes");
}

static int refine_order(const struct ipm_sizes *sizes, size_t i, uint64_t bytes,
                        uint64_t response) {
    const uint64_t a = sizes->items[i];
    const uint64_t b = sizes->responses[i];
    return a != bytes ? (a > bytes) - (a < bytes) : (b > response) - (b < response);
}

/* Returns whether the size, with that of its response, is in the list. */
static bool refine_has(const struct ipm_sizes *sizes, uint64_t bytes, uint64_t response) {
    for (size_t i = 0; i < sizes->count; i++)
        if (refine_order(sizes, i, bytes, response) == 0)
            return true;
    return false;
}

/* Inserts a size into a list in ascending order. */
static void refine_add(struct ipm_sizes *sizes, uint64_t bytes, uint64_t response) {
    size_t at = sizes->count++;
    for (; at > 0 && refine_order(sizes, at - 1, bytes, response) > 0; at--) {
        sizes->items[at] = sizes->items[at - 1];
        sizes->responses[at] = sizes->responses[at - 1];
    }
    sizes->items[at] = bytes;
    sizes->responses[at] = response;
    if (response > 0 || sizes->response_count > 0)
        sizes->response_count = sizes->count;
}

static void refine_add_all(struct ipm_sizes *sizes, const struct ipm_sizes *more) {
    for (size_t i = 0; i < more->count; i++)
        refine_add(sizes, more->items[i], more->responses[i]);
}

/* Moves the cases of a report to the end of another. */
static int refine_keep(struct ipm_report *all, struct ipm_report *report) {
    while (report->case_count > 0) {
        struct ipm_case *kept = ipm_report_add_case(all);
        if (kept == NULL)
            return -ENOMEM;
        *kept = report->cases[--report->case_count];
    }
    return 0;
}

/* Returns 0 or a negative errno; *ret_go_on: the user did not stop it. */
static int refine_measure(struct ipm_report *all, struct ipm_run_request *request,
                          struct ipm_plan *plan, ipm_run_measure *measure,
                          bool *ret_go_on, struct ipm_err *err) {
    static struct ipm_report report; /* too large for a small stack, like options */
    static struct ipm_options options;
    options = request->options;
    request->options.rounds = REFINE_ROUNDS;
    request->options.warmup_rounds = 0;
    if (request->options.duration_ns > REFINE_DURATION_NS)
        request->options.duration_ns = REFINE_DURATION_NS;
    ipm_report_init(&report);
    int code = measure(&report, request, plan, err);
    request->options = options;
    *ret_go_on = report.run.status == IPM_RUN_COMPLETE;
    if (code == 0 && refine_keep(all, &report) != 0)
        code = ipm_err_sys(err, -ENOMEM, "cannot find crossovers");
    ipm_report_done(&report);
    return code;
}

/* Fills the sizes that would narrow the crossovers which are known so far. */
static int refine_next(const struct ipm_report *all, const struct ipm_sizes *have,
                       size_t most, struct ipm_sizes *ret_fresh, struct ipm_err *err) {
    struct ipm_crossovers list;
    const int failed = ipm_crossovers_find(&list, all);
    ret_fresh->count = 0;
    for (size_t i = 0; i < list.count && !failed; i++) {
        const uint64_t bytes = ipm_crossover_between(&list.items[i]);
        const uint64_t response = list.items[i].passed.response_bytes;
        if (bytes > 0 && ret_fresh->count < most && !refine_has(have, bytes, response) &&
            !refine_has(ret_fresh, bytes, response))
            refine_add(ret_fresh, bytes, response);
    }
    ipm_crossovers_done(&list);
    return failed ? ipm_err_sys(err, failed, "cannot find crossovers") : 0;
}

/* Makes the plan anew, for these sizes only. */
static int refine_plan(struct ipm_plan *plan, struct ipm_options *options,
                       const struct ipm_sizes *sizes, struct ipm_err *err) {
    ipm_plan_done(plan);
    options->message_bytes = *sizes;
    return ipm_machine_plan(plan, options, err);
}

static int refine_pass(struct ipm_report *all, struct ipm_run_request *request,
                       struct ipm_plan *plan, struct ipm_sizes *sizes, size_t most,
                       ipm_run_measure *measure, struct ipm_err *err) {
    struct ipm_sizes fresh = {0};
    bool go_on = false;
    int code = refine_measure(all, request, plan, measure, &go_on, err);
    if (code == 0 && go_on)
        code = refine_next(all, sizes, most - sizes->count, &fresh, err);
    refine_add_all(sizes, &fresh);
    return code != 0 ? code : refine_plan(plan, &request->options, &fresh, err);
}

int ipm_run_refine(struct ipm_run_request *request, struct ipm_plan *plan,
                   ipm_run_measure *measure, struct ipm_err *err) {
    static struct ipm_report all; /* too large for a small stack */
    struct ipm_sizes sizes = {0};
    const size_t asked = request->options.message_bytes.count + REFINE_SIZES_MOST;
    const size_t most = asked < IPM_LIST_MOST ? asked : IPM_LIST_MOST;
    int code = 0;
    refine_add_all(&sizes, &request->options.message_bytes);
    ipm_report_init(&all);
    for (int i = 0; i < REFINE_PASSES && code == 0; i++) {
        code = refine_pass(&all, request, plan, &sizes, most, measure, err);
        if (request->options.message_bytes.count == 0)
            break;
    }
    ipm_report_done(&all);
    if (code != 0)
        return code;
    return refine_plan(plan, &request->options, &sizes, err);
}
