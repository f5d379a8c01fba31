/* choice_rank.h - ranks the candidates of a group, as choice.h describes. */
#ifndef IPM_MODEL_CHOOSE_CHOICE_RANK_H
#define IPM_MODEL_CHOOSE_CHOICE_RANK_H

struct ipm_choice_group;
struct ipm_references;

/* Sorts the candidates and sets their ranks and ratios, or excludes all of them where their
 * placements mix. */
void ipm_choice_rank(struct ipm_choice_group *group,
                     const struct ipm_references *references);

#endif
