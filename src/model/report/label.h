/* label.h - labels of a run: they tell what was measured, such as its commit. Plain data. */
#ifndef IPM_MODEL_REPORT_LABEL_H
#define IPM_MODEL_REPORT_LABEL_H

#include "model/setting.h"

#include <stdbool.h>
#include <stddef.h>

struct ipm_err;

enum {
    IPM_TEXT_BYTES = 128,
    IPM_LABELS_MOST = 32,
    IPM_LABEL_TEXT_BYTES = IPM_NAME_BYTES + IPM_TEXT_BYTES,
    IPM_LABELS_TEXT_BYTES = IPM_LABELS_MOST * (IPM_LABEL_TEXT_BYTES + 2),
};

/* A text with a name: a label of a run, or a mitigation of a CPU. */
struct ipm_named_text {
    char name[IPM_NAME_BYTES];
    char text[IPM_TEXT_BYTES];
};

/* No name occurs twice. */
struct ipm_labels {
    size_t count;
    struct ipm_named_text items[IPM_LABELS_MOST];
};

/* What the name of a label looks like, as in Prometheus: a regular expression. */
extern const char ipm_label_pattern[];

/* Whether the text is a name of a label: as the pattern, of fewer than IPM_NAME_BYTES bytes. */
bool ipm_label_is_name(const char *text);

/* Adds the label "NAME=VALUE". Returns 0, or -EINVAL and fills err: it has no valid name or
 * value, the name is there already, or there are too many. */
int ipm_labels_add(struct ipm_labels *labels, const char *word, struct ipm_err *err);

/* Adds commit, branch, run_id, job and ci by the variables of a CI system, unless labels have
 * them. `lookup` returns the value of a variable or NULL, as getenv(3). A value that does not
 * fit is cut. */
void ipm_labels_add_ci(struct ipm_labels *labels, char *(*lookup)(const char *name));

/* Returns the value of that label, or "". */
const char *ipm_labels_find(const struct ipm_labels *labels, const char *name);

/* Texts of one label and of all. */
struct ipm_label_text {
    char text[IPM_LABEL_TEXT_BYTES];
};
struct ipm_labels_text {
    char text[IPM_LABELS_TEXT_BYTES];
};

/* Returns "commit=1a2b3c". */
struct ipm_label_text ipm_label_text(const struct ipm_named_text *label);

/* Returns all of them, "commit=1a2b3c, branch=main". */
struct ipm_labels_text ipm_labels_text(const struct ipm_labels *labels);

#endif
