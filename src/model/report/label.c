/* label.c - labels of a run, by the user and by the environment of a CI system. */
#include "model/report/label.h"

#include "base/err.h"
#include "base/strbuf.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

#define LABEL_FIRST "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"
#define LABEL_CHARS LABEL_FIRST "0123456789"

const char ipm_label_pattern[] = "^[A-Za-z_][A-Za-z0-9_]{0,30}$";

/* The pattern and the hints have the lengths in words. */
_Static_assert((int)IPM_NAME_BYTES == 32 && (int)IPM_TEXT_BYTES == 128 &&
                   (int)IPM_LABELS_MOST == 32,
               "lengths of labels");

bool ipm_label_is_name(const char *text) {
    const size_t length = strlen(text);
    return length > 0 && length < IPM_NAME_BYTES && strspn(text, LABEL_FIRST) > 0 &&
           strspn(text, LABEL_CHARS) == length;
}

const char *ipm_labels_find(const struct ipm_labels *labels, const char *name) {
    for (size_t i = 0; i < labels->count; i++)
        if (strcmp(labels->items[i].name, name) == 0)
            return labels->items[i].text;
    return "";
}

struct ipm_label_text ipm_label_text(const struct ipm_named_text *label) {
    struct ipm_label_text text;
    (void)snprintf(text.text, sizeof text.text, "%s=%s", label->name, label->text);
    return text;
}

struct ipm_labels_text ipm_labels_text(const struct ipm_labels *labels) {
    struct ipm_labels_text all = {""};
    struct ipm_strbuf text = ipm_strbuf_over(all.text, sizeof all.text);
    for (size_t i = 0; i < labels->count; i++)
        (void)ipm_strbuf_add(&text, "%s%s", i > 0 ? ", " : "",
                             ipm_label_text(&labels->items[i]).text);
    return all;
}

/* Adds a label of a valid name, unless it is there or there is no room. */
static void label_put(struct ipm_labels *labels, const char *name, const char *text) {
    if (labels->count == IPM_LABELS_MOST || ipm_labels_find(labels, name)[0] != '\0')
        return;
    struct ipm_named_text *label = &labels->items[labels->count++];
    (void)snprintf(label->name, sizeof label->name, "%s", name);
    ipm_utf8_mend(label->text, sizeof label->text, text);
}

/* Returns why the label is refused, and a hint; NULL: it is not. */
static const char *label_fault(const struct ipm_labels *labels, const char *name,
                               const char *text, const char **ret_hint) {
    *ret_hint = "write '--label KEY=VALUE', such as '--label node=rack7'";
    if (text[0] == '\0')
        return "has no value";
    if (!ipm_label_is_name(name)) {
        *ret_hint =
            "a key has at most 31 letters, digits and '_', and does not begin with a "
            "digit";
        return "has no valid key";
    }
    *ret_hint = "a value has at most 127 bytes";
    if (strlen(text) >= IPM_TEXT_BYTES)
        return "is too long";
    *ret_hint = "name each label once";
    if (ipm_labels_find(labels, name)[0] != '\0')
        return "is given twice";
    *ret_hint = "a report has at most 32 labels";
    return labels->count == IPM_LABELS_MOST ? "is one too many" : NULL;
}

int ipm_labels_add(struct ipm_labels *labels, const char *word, struct ipm_err *err) {
    const size_t length = strcspn(word, "=");
    const char *text = word + length + (word[length] != '\0');
    char name[2 * IPM_NAME_BYTES];
    const char *hint = NULL;
    (void)snprintf(name, sizeof name, "%.*s", (int)length, word);
    const char *fault = label_fault(labels, name, text, &hint);
    if (fault == NULL) {
        label_put(labels, name, text);
        return 0;
    }
    return ipm_err_refuse(err, hint, "the label '%.100s' %s", name, fault);
}

enum { LABEL_CI_LABELS = 4, LABEL_VARIABLES = 3 };

static const char *const label_ci_names[LABEL_CI_LABELS] = {"commit", "branch", "run_id",
                                                            "job"};

/* The variable by which a system is known, and those of each label, the best first. */
static const struct label_ci {
    const char *name;
    const char *sign;
    const char *variables[LABEL_CI_LABELS][LABEL_VARIABLES];
} label_systems[] = {
    {"github",
     "GITHUB_ACTIONS",
     {{"GITHUB_SHA"},
      {"GITHUB_HEAD_REF", "GITHUB_REF_NAME"},
      {"GITHUB_RUN_ID"},
      {"GITHUB_JOB"}}},
    {"gitlab",
     "GITLAB_CI",
     {{"CI_COMMIT_SHA"}, {"CI_COMMIT_REF_NAME"}, {"CI_PIPELINE_ID"}, {"CI_JOB_NAME"}}},
    {"jenkins",
     "JENKINS_URL",
     {{"GIT_COMMIT"},
      {"CHANGE_BRANCH", "BRANCH_NAME", "GIT_BRANCH"},
      {"BUILD_ID"},
      {"JOB_NAME"}}},
    {"buildkite",
     "BUILDKITE",
     {{"BUILDKITE_COMMIT"},
      {"BUILDKITE_BRANCH"},
      {"BUILDKITE_BUILD_NUMBER"},
      {"BUILDKITE_LABEL", "BUILDKITE_STEP_KEY"}}},
};

/* Returns the value, or NULL: it is not set, or empty. */
static const char *label_value(const char *name, char *(*lookup)(const char *name)) {
    const char *value = lookup(name);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

/* Returns the first value that is set, or NULL. */
static const char *label_lookup(const char *const variables[LABEL_VARIABLES],
                                char *(*lookup)(const char *name)) {
    for (size_t i = 0; i < LABEL_VARIABLES && variables[i] != NULL; i++) {
        const char *value = label_value(variables[i], lookup);
        if (value != NULL)
            return value;
    }
    return NULL;
}

void ipm_labels_add_ci(struct ipm_labels *labels, char *(*lookup)(const char *name)) {
    const struct label_ci *ci = label_systems;
    const struct label_ci *end = ci + sizeof label_systems / sizeof label_systems[0];
    while (ci < end && label_value(ci->sign, lookup) == NULL)
        ci++;
    for (size_t i = 0; ci < end && i < LABEL_CI_LABELS; i++) {
        const char *value = label_lookup(ci->variables[i], lookup);
        if (value != NULL)
            label_put(labels, label_ci_names[i], value);
    }
    if (ci < end)
        label_put(labels, "ci", ci->name);
}
