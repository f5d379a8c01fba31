/* fields.h - how a row of a table of fields is spelled, and the tables that more than
 * one file needs. For json_fields*.c, json/latency.c, json/lines.c and json/comparison.c
 * alone. */
#ifndef IPM_REPORTS_JSON_FIELDS_H
#define IPM_REPORTS_JSON_FIELDS_H

#include "reports/json/codec.h"

#define MEMBER_SIZE(of, member) sizeof(((struct of *)0)->member)

/* A member under a key of another name, and one whose key is its own name. */
#define FIELD_AS(word, kind, of, member)                                                 \
    .key = (word), .codec = &(kind), .offset = offsetof(struct of, member),              \
    .size = MEMBER_SIZE(of, member)
#define FIELD(kind, of, member) FIELD_AS(#member, kind, of, member)

/* A field that is worked out of several members of its owner. */
#define FIELD_WHOLE(word, kind) .key = (word), .codec = &(kind), .offset = 0

extern const struct ipm_json_field ipm_json_fields_case[];
extern const struct ipm_json_field ipm_json_fields_run[];
extern const struct ipm_json_field ipm_json_fields_trial[];
extern const struct ipm_json_field ipm_json_fields_tool[];

#endif
