/* explanation.c - where the time of a message goes, as text: an account of each end, what is
 * unknown, and what was better in the same report. */
#include "reports/text/text.h"

#include "base/units.h"
#include "reports/columns/format.h"
#include "reports/columns/words.h"
#include "reports/common/clean.h"
#include "reports/renderer.h"
#include "reports/text/pen.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

/* The columns at which the cells of the ends end, and the notes begin. */
static const unsigned explanation_ends[IPM_ROLES] = {32, 42};
enum { EXPLANATION_NOTE = 44 };

static struct ipm_cell explanation_time(double ns) {
    if (isnan(ns))
        return (struct ipm_cell){"unknown"};
    return ipm_units_time(ns);
}

/* --- the account ------------------------------------------------------------------------ */

static void explanation_row(struct ipm_text_pen *pen, const char *label, double sender_ns,
                            double receiver_ns, const char *note) {
    const double times_ns[] = {[IPM_SENDER] = sender_ns, [IPM_RECEIVER] = receiver_ns};
    ipm_text_put(pen, IPM_TEXT_PLAIN, label);
    for (int role = 0; role < IPM_ROLES; role++)
        ipm_text_put_right(pen, isnan(times_ns[role]) ? IPM_TEXT_WARN : IPM_TEXT_PLAIN,
                           explanation_time(times_ns[role]).text, explanation_ends[role]);
    ipm_text_move(pen, EXPLANATION_NOTE);
    ipm_text_wrap(pen, IPM_TEXT_DIM, note, EXPLANATION_NOTE);
    ipm_text_newline(pen);
}

static struct ipm_sentence explanation_counts(double sender, double receiver,
                                              const char *what, double each_ns) {
    struct ipm_sentence note;
    (void)snprintf(note.text, sizeof note.text, "%s and %s %s of %s",
                   ipm_text_number(sender).text, ipm_text_number(receiver).text, what,
                   explanation_time(each_ns).text);
    return note;
}

static double explanation_sum(const struct ipm_explained_end *end) {
    return end->cpu_ns + end->wait_ns +
           (isnan(end->run_delay_ns) ? 0 : end->run_delay_ns);
}

static void explanation_account(struct ipm_text_pen *pen,
                                const struct ipm_explanation *explanation) {
    const struct ipm_explained_end *sender = &explanation->end[IPM_SENDER];
    const struct ipm_explained_end *receiver = &explanation->end[IPM_RECEIVER];
    for (int role = 0; role < IPM_ROLES; role++)
        ipm_text_put_right(pen, IPM_TEXT_BOLD, explanation->ends[role],
                           explanation_ends[role]);
    ipm_text_newline(pen);
    explanation_row(pen, "calls", sender->calls_ns, receiver->calls_ns,
                    isnan(sender->calls_ns)
                        ? "calls here are not known to be system calls"
                        : explanation_counts(sender->calls, receiver->calls,
                                             "null system calls",
                                             explanation->null_syscall_ns)
                              .text);
    explanation_row(pen, "copies", sender->copies_ns, receiver->copies_ns,
                    isnan(sender->copies)
                        ? "how often this transport copies is not known"
                        : explanation_counts(sender->copies, receiver->copies,
                                             "times memcpy", explanation->memcpy_ns)
                              .text);
    explanation_row(pen, "context switches", sender->switches_ns, receiver->switches_ns,
                    isnan(explanation->switch_ns)
                        ? "what one costs was not measured"
                        : explanation_counts(sender->switches, receiver->switches,
                                             "context switches", explanation->switch_ns)
                              .text);
    explanation_row(pen, "rest of the CPU time", sender->rest_ns, receiver->rest_ns,
                    "not divided further: the path of the transport through the kernel");
    explanation_row(pen, "run-queue delay", sender->run_delay_ns, receiver->run_delay_ns,
                    "ready to run, while another process has the CPU");
    explanation_row(pen, "waits", sender->wait_ns, receiver->wait_ns,
                    isnan(sender->wait_ns) ? "several threads or processes wait at a time"
                                           : "for the other end, or a wake-up");
    explanation_row(pen, "together", explanation_sum(sender), explanation_sum(receiver),
                    "");
}

/* --- what to try ------------------------------------------------------------------------ */

static void explanation_model(struct ipm_text_pen *pen,
                              const struct ipm_explanation *explanation) {
    const struct ipm_fit *fit = &explanation->fit;
    const uint64_t bytes = explanation->config.message_bytes;
    for (size_t i = 0; i < fit->regime_count; i++) {
        const struct ipm_fit_regime *regime = &fit->regimes[i];
        if (bytes < regime->least_bytes || bytes > regime->most_bytes)
            continue;
        ipm_text_put(pen, IPM_TEXT_PLAIN, "size: ");
        if (regime->half_bytes.value < 1e15)
            ipm_text_line(pen, IPM_TEXT_PLAIN, 2,
                          "%s do not depend on it, and half of the final bandwidth is "
                          "reached at %s (model, %.0f %% off at most)",
                          explanation_time(regime->fixed_ns.value).text,
                          ipm_text_about(regime->half_bytes.value).text,
                          fit->residual_ratio * 100);
        else
            ipm_text_line(pen, IPM_TEXT_PLAIN, 2, "bytes cost nothing up to here");
    }
}

static void explanation_changes(struct ipm_text_pen *pen,
                                const struct ipm_explanation *explanation) {
    for (size_t i = 0; i < explanation->change_count; i++) {
        const struct ipm_explained_change *change = &explanation->changes[i];
        ipm_text_put(pen, IPM_TEXT_GOOD, "try: ");
        ipm_text_line(pen, IPM_TEXT_PLAIN, 2, "%s %s: %s times as much in this report",
                      change->setting->word != NULL ? change->setting->word
                                                    : change->setting->key,
                      ipm_text_setting(change->setting, &change->config).text,
                      ipm_text_number(change->ratio).text);
    }
    if (explanation->change_count == 0)
        ipm_text_line(
            pen, IPM_TEXT_PLAIN, 2,
            "try: no case of this report that differs in one setting is better; "
            "'ipcmark run' with more sizes, placements or transports tells more");
}

int ipm_explanation_text(const struct ipm_document *document,
                         const struct ipm_render_options *options, FILE *out,
                         struct ipm_err *err) {
    const struct ipm_explanation *explanation = document->explanation;
    struct ipm_text_pen pen = {.out = out, .options = options};
    errno = 0;
    ipm_text_wrap(&pen, IPM_TEXT_BOLD, explanation->config.name, 2);
    ipm_text_put(&pen, IPM_TEXT_BOLD, ": ");
    ipm_text_line(&pen, IPM_TEXT_PLAIN, 2,
                  "%s a %s, in round %" PRIu64 ", the median of %zu trials",
                  explanation_time(explanation->event_ns).text, explanation->event,
                  explanation->round, explanation->trial_count);
    ipm_text_newline(&pen);
    explanation_account(&pen, explanation);
    ipm_text_newline(&pen);
    explanation_model(&pen, explanation);
    explanation_changes(&pen, explanation);
    return ipm_clean_end(out, "explanation", err);
}
