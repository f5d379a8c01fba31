/* Labels of a run: by the user, and by the environment of a CI system. */
#include "model/report/label.h"

#include "base/err.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void labels_refused(struct ipm_labels *labels, const char *word,
                           const char *fault) {
    struct ipm_err err = {0};
    cr_expect_eq(ipm_labels_add(labels, word, &err), err.code, "%s", word);
    cr_expect_str_eq(err.text, fault);
    cr_expect_neq(err.hint[0], '\0');
}

Test(model_label, a_label_is_a_key_and_a_value) {
    struct ipm_labels labels = {0};
    cr_expect_eq(ipm_labels_add(&labels, "node=rack7=left", NULL), 0);
    cr_expect_str_eq(ipm_labels_find(&labels, "node"), "rack7=left");
    cr_expect_str_eq(ipm_labels_find(&labels, "nod"), "");
    cr_expect_str_eq(ipm_label_text(&labels.items[0]).text, "node=rack7=left");
}

Test(model_label, what_is_no_label_is_refused_in_words) {
    struct ipm_labels labels = {0};
    char word[300] = "a=";
    cr_assert_eq(ipm_labels_add(&labels, "a=1", NULL), 0);
    labels_refused(&labels, "b", "the label 'b' has no value");
    labels_refused(&labels, "b=", "the label 'b' has no value");
    labels_refused(&labels, "=b", "the label '' has no valid key");
    labels_refused(&labels, "1b=1", "the label '1b' has no valid key");
    labels_refused(&labels, "b-c=1", "the label 'b-c' has no valid key");
    labels_refused(&labels, "a234567890123456789012345678901_=1",
                   "the label 'a234567890123456789012345678901_' has no valid key");
    labels_refused(&labels, "a=1", "the label 'a' is given twice");
    memset(word + 2, 'x', IPM_TEXT_BYTES);
    labels_refused(&labels, word, "the label 'a' is too long");
    for (int i = 1; i < IPM_LABELS_MOST; i++) {
        (void)snprintf(word, sizeof word, "b%d=1", i);
        cr_expect_eq(ipm_labels_add(&labels, word, NULL), 0);
    }
    labels_refused(&labels, "c=1", "the label 'c' is one too many");
    cr_expect_eq(labels.count, IPM_LABELS_MOST);
}

/* Words "NAME=VALUE" for the lookup. */
static const char *const *environment;

static char *look_up(const char *name) {
    for (size_t i = 0; environment[i] != NULL; i++)
        if (strncmp(environment[i], name, strlen(name)) == 0 &&
            environment[i][strlen(name)] == '=')
            return (char *)environment[i] + strlen(name) + 1;
    return NULL;
}

Test(model_label, each_ci_system_is_known_by_its_variables) {
    static const char *const systems[][8] = {
        {"GITHUB_ACTIONS=true", "GITHUB_SHA=c", "GITHUB_HEAD_REF=", "GITHUB_REF_NAME=b",
         "GITHUB_RUN_ID=r", "GITHUB_JOB=j"},
        {"GITLAB_CI=true", "CI_COMMIT_SHA=c", "CI_COMMIT_REF_NAME=b", "CI_PIPELINE_ID=r",
         "CI_JOB_NAME=j"},
        {"JENKINS_URL=x", "GIT_COMMIT=c", "CHANGE_BRANCH=b", "BRANCH_NAME=PR-1",
         "BUILD_ID=r", "JOB_NAME=j"},
        {"BUILDKITE=true", "BUILDKITE_COMMIT=c", "BUILDKITE_BRANCH=b",
         "BUILDKITE_BUILD_NUMBER=r", "BUILDKITE_STEP_KEY=j"},
    };
    static const char *const names[] = {"github", "gitlab", "jenkins", "buildkite"};
    for (size_t i = 0; i < sizeof systems / sizeof systems[0]; i++) {
        struct ipm_labels labels = {0};
        environment = systems[i];
        ipm_labels_add_ci(&labels, look_up);
        cr_expect_eq(labels.count, 5);
        cr_expect_str_eq(ipm_labels_find(&labels, "commit"), "c");
        cr_expect_str_eq(ipm_labels_find(&labels, "branch"), "b");
        cr_expect_str_eq(ipm_labels_find(&labels, "run_id"), "r");
        cr_expect_str_eq(ipm_labels_find(&labels, "job"), "j");
        cr_expect_str_eq(ipm_labels_find(&labels, "ci"), names[i]);
    }
}

Test(model_label, what_the_user_says_wins) {
    static const char *const words[] = {"GITLAB_CI=true", "CI_COMMIT_SHA=theirs", NULL};
    struct ipm_labels labels = {0};
    environment = words;
    cr_assert_eq(ipm_labels_add(&labels, "commit=mine", NULL), 0);
    ipm_labels_add_ci(&labels, look_up);
    cr_expect_eq(labels.count, 2);
    cr_expect_str_eq(ipm_labels_find(&labels, "commit"), "mine");
    cr_expect_str_eq(ipm_labels_find(&labels, "branch"), "");
}

Test(model_label, without_a_ci_system_there_is_none) {
    static const char *const words[] = {"CI_COMMIT_SHA=c", "GIT_COMMIT=c", NULL};
    struct ipm_labels labels = {0};
    environment = words;
    ipm_labels_add_ci(&labels, look_up);
    cr_expect_eq(labels.count, 0);
}

Test(model_label, a_variable_without_a_value_is_no_ci_system) {
    static const char *const words[] = {"GITHUB_ACTIONS=", "GITHUB_SHA=c",
                                        "GITLAB_CI=true", "CI_COMMIT_SHA=d", NULL};
    struct ipm_labels labels = {0};
    environment = words;
    ipm_labels_add_ci(&labels, look_up);
    cr_expect_str_eq(ipm_labels_find(&labels, "ci"), "gitlab");
    cr_expect_str_eq(ipm_labels_find(&labels, "commit"), "d");
}
