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

/* Fills the value of the finding, or the reason why it is not known. */
typedef void ipm_checkup_reader(const struct ipm_checkup_row *row,
                                const struct ipm_checkup_reading *reading);

struct ipm_checkup_row {
    const char *key;
    const char *meaning;
    const char *command;
    ipm_checkup_reader *read;
    const char *path; /* of a file */
    const char *word; /* a line of that file; or the words that stand for 0, 1, 2 */
    size_t offset;    /* of a member of struct ipm_host */
    int resource;     /* of getrlimit(2) */
    enum ipm_warning_code rule; /* that is about it; 0: none */
};

ipm_checkup_reader ipm_checkup_read_line, ipm_checkup_read_nodes, ipm_checkup_read_number,
    ipm_checkup_read_choice, ipm_checkup_read_host_text, ipm_checkup_read_host_whole,
    ipm_checkup_read_host_real, ipm_checkup_read_limit, ipm_checkup_read_module,
    ipm_checkup_read_uring, ipm_checkup_read_quota, ipm_checkup_read_device,
    ipm_checkup_read_space, ipm_checkup_read_caches, ipm_checkup_read_qemu,
    ipm_checkup_read_guest_kernel, ipm_checkup_read_mitigations;

#endif
