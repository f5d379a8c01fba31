/* highest.c - a highest rate in words. */
#include "reports/columns/highest.h"

#include "base/strbuf.h"
#include "base/units.h"
#include "model/report/highest.h"
#include "model/report/report.h"

#include <stdio.h>

void ipm_text_target(char target[IPM_TEXT_CELL_BYTES],
                     const struct ipm_options *options) {
    char time[IPM_UNITS_TEXT_BYTES];
    (void)snprintf(target, IPM_TEXT_CELL_BYTES, "%.7s <= %.16s", options->target,
                   ipm_units_exact(time, &ipm_unit_time, options->target_ns));
}

static void highest_held(struct ipm_strbuf *text, const char *held, const char *missed,
                         const struct ipm_highest *highest) {
    if (highest->missed.rate_per_second > 0)
        (void)ipm_strbuf_add(text, "%s/s (%s/s does not)", held, missed);
    else
        (void)ipm_strbuf_add(text, "%s/s, the highest rate that was tried", held);
}

static void highest_none(struct ipm_strbuf *text, const char *label, const char *target,
                         const char *missed, const char *unknown,
                         const struct ipm_highest *highest) {
    if (highest->missed.rate_per_second > 0)
        (void)ipm_strbuf_add(text, "%s does not hold %s at %s/s", label, target, missed);
    if (highest->unknown_per_second > 0)
        (void)ipm_strbuf_add(text,
                             "%s%s/s has too few messages, or too much contention, to "
                             "tell; a longer '--duration' has more messages",
                             highest->missed.rate_per_second > 0 ? ", and " : "",
                             unknown);
    else
        (void)ipm_strbuf_add(text, ", the lowest rate that was tried");
}

void ipm_text_highest(char words[IPM_TEXT_HIGHEST_BYTES],
                      const struct ipm_highest *highest,
                      const struct ipm_options *options, bool named) {
    char target[IPM_TEXT_CELL_BYTES];
    char title[IPM_TEXT_TITLE_BYTES];
    char label[IPM_TEXT_TITLE_BYTES];
    char rates[3][IPM_UNITS_TEXT_BYTES];
    struct ipm_strbuf text = ipm_strbuf_over(words, IPM_TEXT_HIGHEST_BYTES);
    (void)ipm_units_metric(rates[0], (double)highest->held.rate_per_second);
    (void)ipm_units_metric(rates[1], (double)highest->missed.rate_per_second);
    (void)ipm_units_metric(rates[2], (double)highest->unknown_per_second);
    ipm_text_target(target, options);
    ipm_text_label(label, &highest->config);
    ipm_text_title_without(title, &highest->config, ", ", named,
                           ipm_settings_with(IPM_SETTING_PACE));
    (void)ipm_strbuf_add(&text, "%.150s: ", title);
    if (highest->held.rate_per_second > 0) {
        (void)ipm_strbuf_add(&text, "%.100s holds %s up to ", label, target);
        highest_held(&text, rates[0], rates[1], highest);
        return;
    }
    label[100] = '\0';
    highest_none(&text, label, target, rates[1], rates[2], highest);
}
