/* plan.c - every combination of what was asked, each to run or skipped with its reason.
 * Arithmetic: knows no machine but the one it is given, and no name of any table. */
#include "model/plan/plan.h"

#include "base/err.h"
#include "model/plan/check.h"
#include "model/plan/point.h"

#include <errno.h>
#include <stdlib.h>

enum { PLAN_CASES_MOST = 10000 };

/* The lists as far as they say something of one pattern: the others have one item. */
struct plan_lists {
    const struct ipm_kind *pattern;
    const struct ipm_pins *pins;
    const struct ipm_names *ios;
    const struct ipm_names *framings;
    const struct ipm_sizes *clients;
    const struct ipm_names *servers;
    const struct ipm_sizes *message_bytes;
    const struct ipm_names *transports;
};

static const struct ipm_names plan_unframed = {.count = 1, .items = {"none"}};
static const struct ipm_names plan_unserved = {.count = 1, .items = {""}};
static const struct ipm_sizes plan_one = {.count = 1, .items = {1}};

static struct plan_lists plan_lists_of(const struct ipm_options *options,
                                       const struct ipm_kind *pattern) {
    const bool clients = (pattern->traits & IPM_TRAIT_CLIENTS) != 0;
    const bool frames = (pattern->traits & IPM_TRAIT_FRAMES) != 0;
    const bool connects = (pattern->traits & IPM_TRAIT_CONNECTS) != 0;
    return (struct plan_lists){
        .pattern = pattern,
        .pins = &options->pins,
        .ios = &options->ios,
        .framings = frames ? &options->framings : &plan_unframed,
        .clients = clients ? &options->clients : &plan_one,
        .servers = clients ? &options->servers : &plan_unserved,
        .message_bytes = connects ? &plan_one : &options->message_bytes,
        .transports = &options->transports,
    };
}

/* How many combinations there are, congestion controls left out. */
static size_t plan_points(const struct plan_lists *lists) {
    return lists->pins->count * lists->ios->count * lists->framings->count *
           lists->clients->count * lists->servers->count * lists->message_bytes->count *
           lists->transports->count;
}

/* How many congestion controls a transport is measured with: 0 is the default alone. */
static size_t plan_congestions(const struct ipm_options *options,
                               const struct ipm_probe *probe) {
    const bool takes = (probe->transport->caps & IPM_CAP_CONGESTION) != 0;
    return takes ? options->congestion.count : 0;
}

/* How many cases the transports make of each of the other combinations. */
static size_t plan_transports(const struct ipm_options *options,
                              const struct ipm_machine *machine) {
    size_t count = 0;
    for (size_t i = 0; i < options->transports.count; i++) {
        const size_t controls = plan_congestions(
            options, ipm_plan_find(machine, options->transports.items[i]));
        count += controls ? controls : 1;
    }
    return count;
}

static size_t plan_count(const struct ipm_options *options,
                         const struct ipm_machine *machine) {
    size_t others = 0;
    for (size_t i = 0; i < options->patterns.count && options->transports.count; i++) {
        const struct plan_lists lists = plan_lists_of(
            options, ipm_plan_find_pattern(machine, options->patterns.items[i]));
        others += plan_points(&lists) / lists.transports->count;
    }
    return others * plan_transports(options, machine);
}

static void plan_add(struct ipm_plan *plan, const struct ipm_plan_point *point) {
    ipm_plan_settle(&plan->cases[plan->count++], point);
}

static void plan_add_controls(struct ipm_plan *plan, struct ipm_plan_point *point) {
    const size_t controls = plan_congestions(point->options, point->probe);
    point->congestion = "";
    if (controls == 0)
        plan_add(plan, point);
    for (size_t i = 0; i < controls; i++) {
        point->congestion = point->options->congestion.items[i];
        plan_add(plan, point);
    }
}

/* Takes the next digit of a number whose digits are indexes into lists. */
static size_t plan_digit(size_t *rest, size_t base) {
    const size_t digit = *rest % base;
    *rest /= base;
    return digit;
}

/* The last list turns fastest. */
static void plan_walk_pattern(struct ipm_plan *plan, struct ipm_plan_point point,
                              const struct plan_lists *lists) {
    const size_t points = plan_points(lists);
    for (size_t i = 0; i < points; i++) {
        size_t rest = i;
        const size_t transport = plan_digit(&rest, lists->transports->count);
        const size_t size = plan_digit(&rest, lists->message_bytes->count);
        const size_t server = plan_digit(&rest, lists->servers->count);
        const size_t clients = plan_digit(&rest, lists->clients->count);
        const size_t framing = plan_digit(&rest, lists->framings->count);
        const size_t io = plan_digit(&rest, lists->ios->count);
        point.pattern = lists->pattern;
        point.pin = &lists->pins->items[rest];
        point.drive = ipm_plan_find_drive(point.machine, lists->ios->items[io]);
        point.framing = lists->framings->items[framing];
        point.clients = lists->clients->items[clients];
        point.server = lists->servers->items[server];
        point.message_bytes = lists->message_bytes->items[size];
        point.probe = ipm_plan_find(point.machine, lists->transports->items[transport]);
        plan_add_controls(plan, &point);
    }
}

static void plan_walk(struct ipm_plan *plan, const struct ipm_options *options,
                      const struct ipm_machine *machine) {
    const struct ipm_plan_point point = {.options = options, .machine = machine};
    for (size_t i = 0; i < options->patterns.count; i++) {
        const struct plan_lists lists = plan_lists_of(
            options, ipm_plan_find_pattern(machine, options->patterns.items[i]));
        plan_walk_pattern(plan, point, &lists);
    }
}

int ipm_plan_make(struct ipm_plan *plan, const struct ipm_options *options,
                  const struct ipm_machine *machine, struct ipm_err *err) {
    *plan = (struct ipm_plan){0};
    int failed = ipm_plan_check(options, machine, err);
    if (failed)
        return failed;
    const size_t count = plan_count(options, machine);
    if (count > PLAN_CASES_MOST)
        return ipm_err_set(err, -E2BIG, "the lists multiply to %zu cases, more than %d",
                           count, PLAN_CASES_MOST);
    plan->cases = calloc(count + 1, sizeof *plan->cases);
    if (!plan->cases)
        return ipm_err_sys(err, -ENOMEM, "cannot plan %zu cases", count);
    plan_walk(plan, options, machine);
    return 0;
}

void ipm_plan_done(struct ipm_plan *plan) {
    free(plan->cases);
    *plan = (struct ipm_plan){0};
}
