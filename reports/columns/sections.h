/* sections.h - how the cases of a report are arranged: a section for each pattern, in it
 * a group for each combination of all but transport and server, in it the fastest. */
#ifndef IPM_REPORTS_COLUMNS_SECTIONS_H
#define IPM_REPORTS_COLUMNS_SECTIONS_H

#include <stdbool.h>
#include <stddef.h>

struct ipm_case;
struct ipm_case_config;
struct ipm_report;
struct ipm_text_column;
struct ipm_text_set;

/* Neighbouring cases of one pattern: from begin up to, but not with, end. */
struct ipm_text_section {
    const struct ipm_report *report;
    const struct ipm_text_set *set;
    size_t begin;
    size_t end;
    bool named; /* the pattern is worth naming */
};

/* The section that begins with the case of that index, which there is. */
struct ipm_text_section ipm_text_section_at(const struct ipm_report *report,
                                            size_t begin);

/* Whether any of its cases was measured. */
bool ipm_text_has_rows(const struct ipm_text_section *section);

/* Whether a column stands in a table that has the room of a wide terminal: all do of which
 * something is known. */
bool ipm_text_shows(const struct ipm_text_section *section,
                    const struct ipm_text_column *column);

/* Whether the case is the first of its group. */
bool ipm_text_leads(const struct ipm_text_section *section, size_t index);

/* The next case of the same group, or the section's end. The cases of a group need not be
 * neighbours: a plan has all sizes of one server before the next server. */
size_t ipm_text_group_next(const struct ipm_text_section *section, size_t index);

/* Whether the case may be ranked: it has the figure, and moved bytes that could be verified
 * where its pattern has such (the null transport moves none). */
bool ipm_text_ranks(const struct ipm_case *c);

/* What it is ranked by; NaN when unknown. */
double ipm_text_rank(const struct ipm_case *c);

/* Whether a case of the section may be drawn: it is ok, and it ranks, unless none does. What
 * moves nothing would dwarf the others on every axis. */
bool ipm_text_is_drawn(const struct ipm_text_section *section, size_t index);

/* The fastest case that ranks of the group of that first case, or NULL; ret_count is filled
 * with how many do. */
const struct ipm_case *ipm_text_fastest(const struct ipm_text_section *section,
                                        size_t first, size_t *ret_count);

/* Whether the pattern is worth naming: the default one alone is not. */
bool ipm_text_names_patterns(const struct ipm_report *report);

#endif
