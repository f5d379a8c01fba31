/* sections.h - the arrangement of cases: a section for each pattern, and in it a group for
 * each combination of everything but transport and server. Where these are the same in all
 * cases, the rows of a group are the values of what does vary. */
#ifndef IPM_REPORTS_COLUMNS_SECTIONS_H
#define IPM_REPORTS_COLUMNS_SECTIONS_H

#include "model/report/report.h"
#include "reports/columns/format.h"

#include <stdbool.h>
#include <stddef.h>

struct ipm_text_column;
struct ipm_text_set;

/* The cases of one pattern from `begin` up to, but not including, `end`. */
struct ipm_text_section {
    const struct ipm_report *report;
    const struct ipm_text_set *set;
    const struct ipm_text_unit *unit; /* of rates of bytes */
    size_t begin;
    size_t end;
    bool named;    /* the title names the pattern */
    bool swept;    /* --rate sweep: a group is one transport, its rows are its rates */
    uint64_t rows; /* settings that vary from row to row instead of from group to group */
    uint64_t untitled; /* settings that the title of a group leaves out */
};

enum { IPM_TEXT_PLACEMENTS_MOST = 2 };

/* Returns the section that begins with the case of that valid index, with that unit. */
struct ipm_text_section ipm_text_section_at(const struct ipm_report *report, size_t begin,
                                            const struct ipm_text_unit *unit);

/* Goes to the next section, or to the first one where only `report` and `unit` are set. Returns
 * whether there is one. */
bool ipm_text_section_next(struct ipm_text_section *section);

/* Splits a section of several rows that was measured with two placements, and is equal in all
 * else, into one for each: the same index from `begin` is the same row. Returns 2 then, else
 * 1, and the first side is the section. */
size_t ipm_text_split(const struct ipm_text_section *section,
                      struct ipm_text_section sides[IPM_TEXT_PLACEMENTS_MOST]);

/* Returns the title of the group that the case belongs to, without the pattern, and the label of
 * its row. */
struct ipm_title ipm_text_group_title(const struct ipm_text_section *section,
                                      size_t index, const char *separator);
struct ipm_title ipm_text_row_label(const struct ipm_text_section *section, size_t index);

/* Returns the heading of the labels: the transport, where the rows tell something else. */
struct ipm_title ipm_text_label_heading(const struct ipm_text_section *section);

/* Whether any case of the section was measured. */
bool ipm_text_has_rows(const struct ipm_text_section *section);

/* Whether the column is shown in a table of unlimited width: it has a known value. */
bool ipm_text_shows(const struct ipm_text_section *section,
                    const struct ipm_text_column *column);

/* Whether the case is the first of its group. */
bool ipm_text_leads(const struct ipm_text_section *section, size_t index);

/* Returns the first case of the group of that case. */
size_t ipm_text_group_first(const struct ipm_text_section *section, size_t index);

/* Returns the next case of the same group, or the section's end. The cases of a group need
 * not be adjacent: all sizes of one server come before the next server. */
size_t ipm_text_group_next(const struct ipm_text_section *section, size_t index);

/* Whether the case may be ranked: its value is known and its contents were verified, where
 * the pattern has any. The null transport has none. */
bool ipm_text_ranks(const struct ipm_case *c);

/* Returns the value that the case is ranked by; NaN when unknown. */
double ipm_text_rank(const struct ipm_case *c);

/* Whether the case is drawn: it is ok, and it ranks, unless no case does. The null
 * transport would dwarf the others on every axis. */
bool ipm_text_is_drawn(const struct ipm_text_section *section, size_t index);

/* Whether the scheduler put the ends of the ranked cases of that group on one CPU in some
 * trials and on two in others, so that it decided which of them is the fastest. */
bool ipm_text_placement_differs(const struct ipm_text_section *section, size_t first);

/* Returns the fastest ranked case of the group that begins at `first`, or NULL, and fills
 * ret_count with the number of ranked cases. Rows of different sizes, or whose placements mix,
 * are not ranked. */
const struct ipm_case *ipm_text_fastest(const struct ipm_text_section *section,
                                        size_t first, size_t *ret_count);

/* Whether a case cannot be told from a faster one: their ratio by rounds is known, and is not
 * above 1 for certain (model/report/ranking.h). NULL: there is no faster one. */
bool ipm_text_ties(const struct ipm_case *faster, const struct ipm_case *c);

/* Whether all settings that have any of the flags are equal, but for the placement. */
bool ipm_text_is_alike(const struct ipm_case_config *a, const struct ipm_case_config *b,
                       unsigned flags);

/* Whether the case is the first of those of its section that are alike but for the placement; and
 * these, from the first on, up to the section's end. */
bool ipm_text_leads_beside(const struct ipm_text_section *section, size_t index);
size_t ipm_text_beside_first(const struct ipm_text_section *section, size_t index);
size_t ipm_text_beside_next(const struct ipm_text_section *section, size_t index);

/* Returns the largest value of the ranked cases of that group; 0: there is none, or their
 * placements mix. */
double ipm_text_most(const struct ipm_text_section *section, size_t first);

/* Whether titles name the pattern: the default pattern alone is not named. */
bool ipm_text_names_patterns(const struct ipm_report *report);

/* Returns the unit for the throughput of the cases of a report, as ipm_text_unit; NULL: of none. */
const struct ipm_text_unit *ipm_text_unit_of(enum ipm_unit_choice choice,
                                             const struct ipm_report *report);

/* Returns how many cases of the report have that status. */
size_t ipm_text_count(const struct ipm_report *report, enum ipm_case_status status);

#endif
