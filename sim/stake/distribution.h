/* SPDX-License-Identifier: MIT */
/*
 * Where the stakes of a chain's validators come from: the variants of the scenario key `validators.stake`, each with
 * its table: equal, pareto, zipf, lognormal, list, file (a CSV's named column) and fit (a synthetic vector that matches
 * a published count, Gini and Nakamoto coefficient).
 */
#ifndef POSIM_STAKE_DISTRIBUTION_H
#define POSIM_STAKE_DISTRIBUTION_H

#include "base/param.h"
#include "base/random.h"

extern const struct param_variants stake_distributions;

#define STAKE_DISTRIBUTION_ERROR (stake_distribution_error_quark())
GQuark stake_distribution_error_quark(void);

struct stake_list {
    uint32_t count;
    stake_amount *stakes; /* by validator, each above 0 */
    char **names;         /* by validator; "v0", "v1", ... where the source has none */
};

/*
 * Makes the stakes that `chosen` describes. `count` is what the scenario asked for, 0 if it did not: a file or list
 * then gives its own; a file with more rows than `count` gives its first ones. The same seed gives the same stakes.
 * False and a GError where it cannot be done (a file with too few rows, a column that is not there, figures that no
 * vector can match).
 */
bool stake_distribution_make(const struct param_variant_value *chosen, uint32_t count, const struct random_seed *seed,
                             struct stake_list *list, GError **error);
void stake_list_release(struct stake_list *list);

#endif
