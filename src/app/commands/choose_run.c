/* choose_run.c - the run whose report could answer a question of `ipcmark choose`. */
#include "app/commands/choose_run.h"

#include "base/err.h"
#include "base/strbuf.h"
#include "base/units.h"
#include "model/choose/choice.h"
#include "model/plan/pin.h"
#include "model/plan/plan.h"
#include "run/patterns/pattern.h"
#include "transports/transport.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* With fewer trials a median has no interval (model/report/stats.h). */
enum { CHOOSE_ROUNDS_LEAST = 6 };

static void choose_add_list(struct ipm_strbuf *text, const char *option,
                            const struct ipm_names *names) {
    for (size_t i = 0; i < names->count; i++)
        (void)ipm_strbuf_add(text, "%s%s", i == 0 ? option : ",", names->items[i]);
}

static void choose_add_pins(struct ipm_strbuf *text, const struct ipm_pins *pins) {
    struct ipm_names words = {.count = pins->count};
    for (size_t i = 0; i < pins->count; i++)
        ipm_pin_word(words.items[i], &pins->items[i]);
    choose_add_list(text, " --pin ", &words);
}

/* Only a rate can be 0, which is "max". */
static void choose_add_numbers(struct ipm_strbuf *text, const char *option,
                               const struct ipm_sizes *numbers) {
    for (size_t i = 0; i < numbers->count; i++) {
        (void)ipm_strbuf_add(text, "%s", i == 0 ? option : ",");
        if (numbers->items[i] == 0)
            (void)ipm_strbuf_add(text, "max");
        else
            (void)ipm_strbuf_add(text, "%" PRIu64, numbers->items[i]);
    }
}

static bool choose_has(const struct ipm_names *names, const char *name) {
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->items[i], name) == 0)
            return true;
    return false;
}

/* The transports of the report that meet the needs or, if none does, those of a run by default,
 * or all of this program. */
static void choose_add_transports(struct ipm_strbuf *text, unsigned needs,
                                  const struct ipm_names *measured) {
    static struct ipm_options usual; /* too large for a small stack */
    const struct ipm_names *const sets[] = {measured, &usual.transports, NULL};
    const size_t before = text->used;
    ipm_options_defaults(&usual);
    for (size_t set = 0; set < 3 && text->used == before; set++)
        for (size_t i = 0; ipm_transports[i] != NULL; i++)
            if ((sets[set] == NULL || choose_has(sets[set], ipm_transports[i]->name)) &&
                (ipm_transports[i]->caps & IPM_CAP_HOLLOW) == 0 &&
                ipm_choice_meets(ipm_transports[i], NULL, needs))
                (void)ipm_strbuf_add(text, " %s", ipm_transports[i]->name);
}

static bool choose_wants_clients(const struct ipm_options *wanted) {
    return wanted->servers.count > 0 || wanted->clients.count > 0;
}

/* Whether a pattern in question, or the one to be run, has the traits. */
static bool choose_has_trait(const struct ipm_names *patterns, unsigned traits) {
    for (size_t i = 0; i < patterns->count; i++) {
        const struct ipm_pattern *pattern = ipm_pattern_find(patterns->items[i]);
        if (pattern != NULL && traits != 0 && (pattern->kind.traits & traits) == traits)
            return true;
    }
    return false;
}

/* Whether there is a number other than the usual one, which all patterns have. */
static bool choose_varies(const struct ipm_sizes *numbers, uint64_t usual) {
    for (size_t i = 0; i < numbers->count; i++)
        if (numbers->items[i] != usual)
            return true;
    return false;
}

/* Whether there is a framing other than none, which all patterns have. */
static bool choose_frames(const struct ipm_names *framings) {
    for (size_t i = 0; i < framings->count; i++)
        if (strcmp(framings->items[i], "none") != 0)
            return true;
    return false;
}

/* Whether the message has no room for the times that a rate puts into it. */
static bool choose_lacks_times(const struct ipm_choice_question *question) {
    return choose_varies(&question->wanted.rate_per_second, 0) &&
           question->message_bytes < IPM_PLAN_TIMES_BYTES;
}

/* Sets the patterns to be run where the question names none: those of the report that have what it
 * asks for, or else one that has, if the usual one has not. With a rate, streams have latencies. */
static void choose_set_pattern(const struct ipm_choice_question *question,
                               const struct ipm_names *measured,
                               struct ipm_names *patterns) {
    const bool paced = choose_varies(&question->wanted.rate_per_second, 0);
    const bool clients = choose_wants_clients(&question->wanted);
    const bool latency =
        (question->bound != NULL && question->bound->quantile > 0 && !paced) ||
        choose_lacks_times(question);
    const unsigned traits = (clients ? IPM_TRAIT_CLIENTS : 0u) |
                            (latency ? IPM_TRAIT_ANSWERS : 0u) |
                            (paced ? IPM_TRAIT_PACED : 0u);
    const char *pattern = clients ? latency ? "fan-in-rpc" : "fan-in" : "ping-pong";
    if (patterns->count > 0)
        return;
    for (size_t i = 0; i < measured->count; i++) {
        const struct ipm_pattern *known = ipm_pattern_find(measured->items[i]);
        if (known != NULL && (known->kind.traits & traits) == traits)
            (void)snprintf(patterns->items[patterns->count++], IPM_NAME_BYTES, "%s",
                           measured->items[i]);
    }
    if (patterns->count == 0 && (clients || latency))
        (void)snprintf(patterns->items[patterns->count++], IPM_NAME_BYTES, "%s", pattern);
}

/* Returns what a transport must have, also to run these patterns. */
static unsigned choose_needs_of(unsigned needs, const struct ipm_names *patterns) {
    for (size_t i = 0; ipm_needs[i].name != NULL; i++)
        if (choose_has_trait(patterns, ipm_needs[i].trait))
            needs |= 1u << i;
    return needs;
}

/* Whether there is no answer because of placements that mix. */
static bool choose_mixes(const struct ipm_choice *choice) {
    bool mixes = false;
    for (size_t i = 0; i < choice->group_count && !mixes; i++)
        mixes = choice->groups[i].mixes;
    return mixes;
}

/* Whether all that was measured in question did not achieve its rate. */
static bool choose_is_rate_missed(const struct ipm_choice *choice) {
    bool rate_missed = choice->group_count > 0;
    for (size_t i = 0; i < choice->group_count && rate_missed; i++)
        rate_missed = choice->groups[i].rate_missed;
    return rate_missed;
}

void ipm_choose_run_write(struct ipm_choice *choice, const struct ipm_report *report) {
    const struct ipm_choice_question *question = &choice->question;
    const struct ipm_options *wanted = &question->wanted;
    const struct ipm_options *had = &report->settings;
    struct ipm_strbuf text = ipm_strbuf_over(choice->command, sizeof choice->command);
    static struct ipm_names patterns; /* too large for a small stack */
    (void)ipm_strbuf_add(&text, "ipcmark run -s %s",
                         ipm_units_size(question->message_bytes).text);
    patterns = wanted->patterns;
    choose_set_pattern(question, &had->patterns, &patterns);
    if (wanted->patterns.count > 0 || patterns.count != 1 ||
        strcmp(patterns.items[0], "stream") != 0) /* the usual one */
        choose_add_list(&text, " -p ", &patterns);
    if (choose_mixes(choice))
        (void)ipm_strbuf_add(&text, " --pin same,split");
    else
        choose_add_pins(&text, wanted->pins.count > 0 ? &wanted->pins : &had->pins);
    choose_add_list(&text, " -f ", &wanted->framings);
    choose_add_list(&text, " --io ", &wanted->ios);
    choose_add_numbers(&text, " -c ", &wanted->clients);
    choose_add_numbers(&text, " --pairs ", &wanted->pairs);
    choice->rate_missed = choose_is_rate_missed(choice);
    if (choice->rate_missed)
        (void)ipm_strbuf_add(&text, " --rate sweep --target %s=1ms",
                             question->bound != NULL && question->bound->quantile > 0
                                 ? ipm_metric_word(question->bound)
                                 : "p99");
    else
        choose_add_numbers(&text, " --rate ", &wanted->rate_per_second);
    choose_add_list(&text, " --server ", &wanted->servers);
    choose_add_list(&text, " --wait ", &wanted->waits);
    if (had->rounds < CHOOSE_ROUNDS_LEAST)
        (void)ipm_strbuf_add(&text, " -r 10");
    (void)ipm_strbuf_add(&text, " --json more.json");
    choose_add_transports(&text, choose_needs_of(question->needs, &patterns),
                          &had->transports);
}

/* Writes the names of the patterns with these traits: "fan-in,fan-in-rpc". */
static void choose_name_patterns(struct ipm_strbuf *text, unsigned traits) {
    for (size_t i = 0; ipm_patterns[i] != NULL; i++)
        if ((ipm_patterns[i]->kind.traits & traits) == traits)
            (void)ipm_strbuf_add(text, "%s%s", text->used > 0 ? "," : "",
                                 ipm_patterns[i]->kind.name);
}

int ipm_choose_run_check(const struct ipm_choice_question *question,
                         struct ipm_err *err) {
    const struct ipm_options *wanted = &question->wanted;
    const struct {
        const char *option;
        bool given;
        unsigned traits;
        const char *what;
    } uses[] = {
        {"--clients", wanted->clients.count > 0, IPM_TRAIT_CLIENTS,
         "patterns with many clients"},
        {"--server", wanted->servers.count > 0, IPM_TRAIT_CLIENTS,
         "patterns with many clients"},
        {"--pairs", choose_varies(&wanted->pairs, 1), IPM_TRAIT_PAIRS,
         "patterns that may run several times at once"},
        {"--rate", choose_varies(&wanted->rate_per_second, 0), IPM_TRAIT_PACED,
         "patterns that may send by a schedule"},
        {"--rate with messages below 24 bytes", choose_lacks_times(question),
         IPM_TRAIT_ANSWERS | IPM_TRAIT_PACED, "patterns with responses"},
        {"--framing", choose_frames(&wanted->framings), IPM_TRAIT_FRAMES,
         "patterns whose messages may be framed"},
    };
    for (size_t i = 0; wanted->patterns.count > 0 && i < sizeof uses / sizeof uses[0];
         i++) {
        char names[IPM_ERR_HINT_BYTES / 2];
        struct ipm_strbuf text = ipm_strbuf_over(names, sizeof names);
        if (!uses[i].given || choose_has_trait(&wanted->patterns, uses[i].traits))
            continue;
        choose_name_patterns(&text, uses[i].traits);
        ipm_err_set(err, -EINVAL, "'%s' is for %s", uses[i].option, uses[i].what);
        ipm_err_hint(err, "those are '-p %s'", names);
        return -EINVAL;
    }
    return 0;
}
