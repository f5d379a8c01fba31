/* boots.c - collects the trials of several boots. */
#include "model/report/boots.h"

#include <errno.h>
#include <string.h>

/* Waiting has no instructions, so nothing disturbed the trial. */
static void boots_take(struct ipm_sample *trial, uint64_t round) {
    trial->round = round;
    trial->contended = 0;
}

static int boots_add_trials(struct ipm_case *to, struct ipm_case *from, uint64_t round) {
    for (size_t i = 0; i < from->trial_count; i++) {
        struct ipm_sample *trial = ipm_case_add_trial(to);
        if (!trial)
            return -ENOMEM;
        *trial = from->trials[i];
        boots_take(trial, round);
        from->trials[i] = (struct ipm_sample){0}; /* what it owned has moved */
    }
    return 0;
}

/* The first reason for a failure counts. */
static int boots_add_case(struct ipm_case *to, struct ipm_case *from, uint64_t round) {
    if (strcmp(to->config.name, from->config.name) != 0)
        return -EINVAL;
    if (from->status != IPM_CASE_OK && to->status == IPM_CASE_OK) {
        to->status = from->status;
        memcpy(to->reason, from->reason, sizeof to->reason);
    }
    to->integrity.verified_messages += from->integrity.verified_messages;
    to->integrity.verified_bytes += from->integrity.verified_bytes;
    ipm_damage_add(&to->integrity.damage, &from->integrity.damage);
    to->repeated_trials += from->repeated_trials;
    return boots_add_trials(to, from, round);
}

static int boots_add_references(struct ipm_references *to,
                                const struct ipm_references *from, uint64_t round) {
    for (size_t i = 0; i < from->count; i++) {
        struct ipm_reference_round *row = ipm_references_add_round(to);
        if (!row)
            return -ENOMEM;
        *row = from->rounds[i];
        row->round = round;
    }
    return 0;
}

static void boots_begin(struct ipm_report *all, struct ipm_report *boot) {
    ipm_report_done(all);
    *all = *boot;
    ipm_report_init(boot);
    all->host.clock = IPM_CLOCK_INSTRUCTIONS;
    for (size_t i = 0; i < all->case_count; i++) {
        struct ipm_case *c = &all->cases[i];
        c->primary = ipm_metric_exact(c->primary);
        for (size_t t = 0; t < c->trial_count; t++)
            boots_take(&c->trials[t], 0);
    }
}

int ipm_boots_add(struct ipm_report *all, struct ipm_report *boot, uint64_t round) {
    int failed = 0;
    if (round == 0) {
        boots_begin(all, boot);
        return 0;
    }
    all->settings.rounds++;
    all->run.elapsed_ns += boot->run.elapsed_ns;
    failed = boot->case_count == all->case_count ? 0 : -EINVAL;
    for (size_t i = 0; i < all->case_count && !failed; i++)
        failed = boots_add_case(&all->cases[i], &boot->cases[i], round);
    if (!failed)
        failed = boots_add_references(&all->references, &boot->references, round);
    ipm_report_done(boot);
    return failed;
}
