/* ab_blocks.c - measures block by block, in a random order. */
#include "app/commands/ab_blocks.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/random.h"
#include "base/units.h"
#include "model/report/report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void ipm_ab_blocks_done(struct ipm_ab_blocks *blocks) {
    for (int s = 0; s < IPM_ARMS; s++) {
        for (size_t i = 0; i < blocks->count; i++)
            ipm_report_done(&blocks->reports[s][i]);
        free(blocks->reports[s]);
    }
    *blocks = (struct ipm_ab_blocks){0};
}

static int blocks_make_room(struct ipm_ab_blocks *blocks, size_t more,
                            struct ipm_err *err) {
    const size_t room = blocks->count + more + 1;
    for (int s = 0; s < IPM_ARMS; s++) {
        struct ipm_report *grown =
            realloc(blocks->reports[s], room * sizeof *blocks->reports[s]);
        if (grown == NULL)
            return ipm_err_sys(err, -ENOMEM, "cannot store %zu blocks", room);
        blocks->reports[s] = grown;
    }
    return 0;
}

static bool blocks_is_aligned(const struct ipm_report *a, const struct ipm_report *b) {
    if (a->case_count != b->case_count)
        return false;
    for (size_t i = 0; i < a->case_count; i++)
        if (strcmp(a->cases[i].config.transport, b->cases[i].config.transport) != 0 ||
            strcmp(a->cases[i].config.pattern, b->cases[i].config.pattern) != 0)
            return false;
    return true;
}

/* With different options a case has a different name in each arm. Then its place in the
 * plan identifies it, and it gets its name in A. */
static void blocks_align(const struct ipm_report *a, struct ipm_report *b) {
    if (!blocks_is_aligned(a, b))
        return;
    for (size_t i = 0; i < a->case_count; i++)
        memcpy(b->cases[i].config.name, a->cases[i].config.name,
               sizeof b->cases[i].config.name);
}

/* The order of a block that counts is random. The one that is dropped begins with the arm that
 * can be wrong (an option, a wrapper), so that this is known before the other is measured. */
static int blocks_first(const struct ipm_ab_plan *plan, uint64_t drawn, bool dropped) {
    if (dropped && ipm_ab_arm_is_plain(&plan->sides[0]))
        return 1;
    if (dropped && ipm_ab_arm_is_plain(&plan->sides[1]))
        return 0;
    return (int)(drawn >> 63);
}

/* Both arms get the same seed, so that their cases run in the same order. Fills both
 * reports or neither. */
static int blocks_one(struct ipm_ab_blocks *blocks, const struct ipm_ab_plan *plan,
                      bool dropped, struct ipm_err *err) {
    const uint64_t drawn = ipm_random_next(plan->random);
    const int first = blocks_first(plan, drawn, dropped);
    const uint64_t seed = drawn & (((uint64_t)1 << 53) - 1);
    struct ipm_report *at[IPM_ARMS] = {&blocks->reports[0][blocks->count],
                                       &blocks->reports[1][blocks->count]};
    int code = ipm_ab_arm_run(&plan->sides[first], seed, at[first], err);
    if (code == 0) {
        code = ipm_ab_arm_run(&plan->sides[!first], seed, at[!first], err);
        if (code != 0)
            ipm_report_done(at[!first]);
    }
    if (code != 0)
        ipm_report_done(at[first]);
    else
        blocks_align(at[IPM_ARM_BASE], at[IPM_ARM_NEW]);
    return code;
}

static void blocks_drop_last(struct ipm_ab_blocks *blocks) {
    blocks->count--;
    for (int s = 0; s < IPM_ARMS; s++)
        ipm_report_done(&blocks->reports[s][blocks->count]);
}

bool ipm_ab_has_time(const struct ipm_ab_plan *plan) {
    return plan->deadline_ns == 0 ||
           ipm_clock_now_ns() + plan->block_ns <= plan->deadline_ns;
}

/* The time left is shown once a block was measured. */
static void blocks_show(const struct ipm_ab_plan *plan, size_t done, size_t all) {
    char text[128];
    int used = snprintf(text, sizeof text, "%s %zu of %zu", plan->title, done + 1, all);
    if (plan->block_ns > 0)
        (void)snprintf(
            text + used, sizeof text - (size_t)used, ", about %s left",
            ipm_units_time((double)plan->block_ns * (double)(all - done)).text);
    ipm_progress_put(plan->line, text);
}

int ipm_ab_blocks_measure(struct ipm_ab_blocks *blocks, struct ipm_ab_plan *plan,
                          size_t more, struct ipm_err *err) {
    bool thrown = blocks->count > 0;
    const size_t all = blocks->count + more;
    int code = blocks_make_room(blocks, more, err);
    while (code == 0 && blocks->count < all && ipm_ab_has_time(plan)) {
        const uint64_t begun_ns = ipm_clock_now_ns();
        blocks_show(plan, blocks->count, all);
        code = blocks_one(blocks, plan, !thrown, err);
        if (code != 0)
            break;
        plan->block_ns = ipm_clock_now_ns() - begun_ns;
        blocks->count++;
        if (!thrown)
            blocks_drop_last(blocks);
        thrown = true;
    }
    ipm_progress_close(plan->line);
    return code;
}
