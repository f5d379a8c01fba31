/* facts.h - a small list of {key, value} with which a transport describes an end.
 *
 * It has a fixed size and no pointers, so that a list of the child is sent over the
 * control channel as it is. A key ends in its unit where the value has one
 * ("so_sndbuf_bytes"). */
#ifndef IPM_BASE_FACTS_H
#define IPM_BASE_FACTS_H

#include <stdint.h>

enum { IPM_FACT_KEY_BYTES = 32, IPM_FACT_TEXT_BYTES = 128, IPM_FACTS_MOST = 12 };

enum ipm_fact_kind { IPM_FACT_NUMBER, IPM_FACT_TEXT };

struct ipm_fact {
    char key[IPM_FACT_KEY_BYTES];
    enum ipm_fact_kind kind;
    int64_t number;
    char text[IPM_FACT_TEXT_BYTES];
};

struct ipm_facts {
    unsigned count;
    struct ipm_fact items[IPM_FACTS_MOST];
};

/* Both append; a key that is already there is given the new value. Text that is too long
 * is cut. Adding to a full list is a programming error (assert). */
void ipm_facts_number(struct ipm_facts *facts, const char *key, int64_t number);
void ipm_facts_text(struct ipm_facts *facts, const char *key, const char *text);

/* The fact of that key, or NULL. */
const struct ipm_fact *ipm_facts_find(const struct ipm_facts *facts, const char *key);

#endif
