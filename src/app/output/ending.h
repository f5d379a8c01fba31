/* ending.h - what the ending of a file's name says about its format. */
#ifndef IPM_APP_OUTPUT_ENDING_H
#define IPM_APP_OUTPUT_ENDING_H

struct ipm_err;

/* Returns the name of the format that the ending of the file stands for: text for .txt, .log and
 * names without an ending. Refuses other endings: returns NULL. */
const char *ipm_ending_format(const char *file, struct ipm_err *err);

/* Refuses a file for JSON that ends as those of another format do. Returns 0 or -EINVAL. */
int ipm_ending_check_json(const char *file, struct ipm_err *err);

/* Hints at the format of a file that stands without one. */
void ipm_ending_hint_export(const char *file, struct ipm_err *err);

#endif
