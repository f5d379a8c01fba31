/* checkup_read.h - how a row of the table of checkup.c is read. */
#ifndef IPM_RUN_HOST_CHECKUP_READ_H
#define IPM_RUN_HOST_CHECKUP_READ_H

#include "model/report/checkup.h"

#include <stddef.h>

struct ipm_checkup_row;

/* What a reader fills. */
struct ipm_checkup_reading {
    const char *root;
    const struct ipm_host *host;
    struct ipm_finding *finding;
};

struct ipm_checkup_row {
    const char *key;
    const char *meaning;
    const char *command;
    void (*read)(const struct ipm_checkup_row *row,
                 const struct ipm_checkup_reading *reading);
    const char *path; /* of a file */
    const char *word; /* a line of that file; or the words that stand for 0, 1, 2 */
    size_t offset;    /* of a member of struct ipm_host */
    int resource;     /* of getrlimit(2) */
    enum ipm_warning_code of; /* the rule that is about it; 0: none */
};

/* Each fills the value of the finding, or the reason why it is not known. */
void ipm_checkup_read_line(const struct ipm_checkup_row *row,
                           const struct ipm_checkup_reading *reading);
void ipm_checkup_read_number(const struct ipm_checkup_row *row,
                             const struct ipm_checkup_reading *reading);
void ipm_checkup_read_choice(const struct ipm_checkup_row *row,
                             const struct ipm_checkup_reading *reading);
void ipm_checkup_read_host_text(const struct ipm_checkup_row *row,
                                const struct ipm_checkup_reading *reading);
void ipm_checkup_read_host_whole(const struct ipm_checkup_row *row,
                                 const struct ipm_checkup_reading *reading);
void ipm_checkup_read_host_real(const struct ipm_checkup_row *row,
                                const struct ipm_checkup_reading *reading);
void ipm_checkup_read_limit(const struct ipm_checkup_row *row,
                            const struct ipm_checkup_reading *reading);
void ipm_checkup_read_module(const struct ipm_checkup_row *row,
                             const struct ipm_checkup_reading *reading);
void ipm_checkup_read_device(const struct ipm_checkup_row *row,
                             const struct ipm_checkup_reading *reading);
void ipm_checkup_read_space(const struct ipm_checkup_row *row,
                            const struct ipm_checkup_reading *reading);
void ipm_checkup_read_caches(const struct ipm_checkup_row *row,
                             const struct ipm_checkup_reading *reading);
void ipm_checkup_read_qemu(const struct ipm_checkup_row *row,
                           const struct ipm_checkup_reading *reading);
void ipm_checkup_read_guest_kernel(const struct ipm_checkup_row *row,
                                   const struct ipm_checkup_reading *reading);
void ipm_checkup_read_mitigations(const struct ipm_checkup_row *row,
                                  const struct ipm_checkup_reading *reading);

#endif
