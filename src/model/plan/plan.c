/* plan.c - makes a case of every combination of the lists, to run or to skip with a reason. */
#include "model/plan/plan.h"

#include "model/plan/point.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { PLAN_CASES_MOST = 10000 };

/* The values of one setting. */
struct plan_list {
    const struct ipm_names *names; /* or NULL, and then: */
    const struct ipm_sizes *numbers;
    size_t offset; /* in struct ipm_case_config */
    bool respond;  /* the numbers are sizes, each with that of its response */
};

/* The lists that apply to a pattern; other lists have one item. The first list varies
 * fastest, placements vary slowest. */
enum { PLAN_LISTS = 10 };
struct plan_lists {
    const struct ipm_pins *pins;
    struct plan_list items[PLAN_LISTS];
};

static const struct ipm_names plan_unframed = {.count = 1, .items = {"none"}};
static const struct ipm_names plan_blocking = {.count = 1, .items = {"block"}};
static const struct ipm_names plan_unserved = {.count = 1, .items = {""}};
static const struct ipm_sizes plan_one = {.count = 1, .items = {1}};
static const struct ipm_sizes plan_unpaced = {.count = 1, .items = {0}};

#define PLAN_AT(member) .offset = offsetof(struct ipm_case_config, member)

static struct plan_lists plan_lists_of(const struct ipm_options *options,
                                       const struct ipm_kind *pattern) {
    const bool clients = (pattern->traits & IPM_TRAIT_CLIENTS) != 0;
    const bool frames = (pattern->traits & IPM_TRAIT_FRAMES) != 0;
    const bool paced = (pattern->traits & IPM_TRAIT_PACED) != 0;
    const bool pairs = (pattern->traits & IPM_TRAIT_PAIRS) != 0;
    const bool connects = (pattern->traits & IPM_TRAIT_CONNECTS) != 0;
    const bool answers = (pattern->traits & IPM_TRAIT_ANSWERS) != 0 && !connects;
    return (struct plan_lists){
        .pins = &options->pins,
        .items =
            {
                {PLAN_AT(wait), .names = connects ? &plan_blocking : &options->waits},
                {PLAN_AT(transport), .names = &options->transports},
                {PLAN_AT(message_bytes),
                 .numbers = connects ? &plan_one : &options->message_bytes,
                 .respond = true},
                {PLAN_AT(server), .names = clients ? &options->servers : &plan_unserved},
                {PLAN_AT(clients), .numbers = clients ? &options->clients : &plan_one},
                {PLAN_AT(pairs), .numbers = pairs ? &options->pairs : &plan_one},
                {PLAN_AT(inflight), .numbers = answers ? &options->inflight : &plan_one},
                {PLAN_AT(framing), .names = frames ? &options->framings : &plan_unframed},
                {PLAN_AT(io), .names = &options->ios},
                {PLAN_AT(rate_per_second),
                 .numbers = paced ? &options->rate_per_second : &plan_unpaced},
            },
    };
}

static size_t plan_length(const struct plan_list *list) {
    return list->names ? list->names->count : list->numbers->count;
}

/* Returns the number of combinations without congestion controls. */
static size_t plan_points(const struct plan_lists *lists) {
    size_t count = lists->pins->count;
    for (size_t i = 0; i < PLAN_LISTS; i++)
        count *= plan_length(&lists->items[i]);
    return count;
}

/* Returns the number of congestion controls of a transport: 0 is the default alone. */
static size_t plan_congestions(const struct ipm_options *options,
                               const struct ipm_probe *probe) {
    const bool takes = (probe->transport->caps & IPM_CAP_CONGESTION) != 0;
    return takes ? options->congestion.count : 0;
}

/* Returns the number of cases of all transports for one combination of the other lists. */
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
        others += plan_points(&lists) / options->transports.count;
    }
    return others * plan_transports(options, machine);
}

static void plan_add_controls(struct ipm_plan *plan, struct ipm_plan_point *point) {
    const struct ipm_names *names = &point->options->congestion;
    const size_t controls = plan_congestions(point->options, point->probe);
    point->config.congestion[0] = '\0';
    for (size_t i = 0; i == 0 || i < controls; i++) {
        if (controls > 0)
            memcpy(point->config.congestion, names->items[i], IPM_NAME_BYTES);
        ipm_plan_settle(&plan->cases[plan->count++], point);
    }
}

/* The digits of a point's number are indexes into the lists. Returns the rest: the index of
 * the placement. */
static size_t plan_choose(struct ipm_case_config *config, const struct plan_lists *lists,
                          size_t number) {
    for (size_t i = 0; i < PLAN_LISTS; i++) {
        const struct plan_list *list = &lists->items[i];
        const size_t digit = number % plan_length(list);
        char *member = (char *)config + list->offset;
        if (list->names)
            memcpy(member, list->names->items[digit], IPM_NAME_BYTES);
        else
            memcpy(member, &list->numbers->items[digit], sizeof list->numbers->items[0]);
        if (list->respond)
            config->response_bytes = list->numbers->responses[digit];
        number /= plan_length(list);
    }
    return number;
}

/* Adds the cases with a rate, or those without: they have tables of their own, in each of which
 * the placements stand side by side. */
static void plan_walk_points(struct ipm_plan *plan, struct ipm_plan_point *point,
                             const struct plan_lists *lists, bool paced) {
    const size_t points = plan_points(lists);
    for (size_t i = 0; i < points; i++) {
        point->pin = &lists->pins->items[plan_choose(&point->config, lists, i)];
        if ((point->config.rate_per_second > 0) != paced)
            continue;
        point->drive = ipm_plan_find_drive(point->machine, point->config.io);
        point->wait = ipm_plan_find_wait(point->machine, point->config.wait);
        point->probe = ipm_plan_find(point->machine, point->config.transport);
        plan_add_controls(plan, point);
    }
}

static void plan_walk_pattern(struct ipm_plan *plan, struct ipm_plan_point *point) {
    const struct plan_lists lists = plan_lists_of(point->options, point->pattern);
    plan_walk_points(plan, point, &lists, true);
    plan_walk_points(plan, point, &lists, false);
}

static void plan_walk(struct ipm_plan *plan, const struct ipm_options *options,
                      const struct ipm_machine *machine) {
    struct ipm_plan_point point = {
        .options = options, .machine = machine, .config = options->common};
    for (size_t i = 0; i < options->patterns.count; i++) {
        point.pattern = ipm_plan_find_pattern(machine, options->patterns.items[i]);
        memcpy(point.config.pattern, options->patterns.items[i], IPM_NAME_BYTES);
        plan_walk_pattern(plan, &point);
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

int ipm_plan_add_rate(struct ipm_plan *plan, size_t index, uint64_t rate_per_second,
                      enum ipm_recv_rule recv_rule) {
    if (plan->count >= PLAN_CASES_MOST)
        return -E2BIG;
    struct ipm_plan_case *cases =
        reallocarray(plan->cases, plan->count + 1, sizeof *cases);
    if (!cases)
        return -ENOMEM;
    struct ipm_plan_case *added = &cases[plan->count++];
    plan->cases = cases;
    *added = cases[index];
    added->config.rate_per_second = rate_per_second;
    ipm_plan_rename(added, recv_rule);
    return 0;
}

void ipm_plan_done(struct ipm_plan *plan) {
    free(plan->cases);
    *plan = (struct ipm_plan){0};
}
