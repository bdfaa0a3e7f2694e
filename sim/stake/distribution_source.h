/* SPDX-License-Identifier: MIT */
/*
 * One variant of `validators.stake`: its table and how it makes stakes. Private to the room; distribution.c lists them.
 */
#ifndef POSIM_STAKE_DISTRIBUTION_SOURCE_H
#define POSIM_STAKE_DISTRIBUTION_SOURCE_H

#include "stake/distribution.h"

struct stake_source {
    bool counts_itself; /* knows how many there are; else `count` is above 0 when make is called */

    /*
     * Fills `list`, which is zeroed: count, stakes and, where the source has any, names (else NULL; names may hold
     * NULL or empty ones). What is half made when an error is returned the caller releases.
     */
    bool (*make)(const void *params, uint32_t count, const struct random_seed *seed, struct stake_list *list,
                 GError **error);
};

extern const struct param_table stake_equal_table, stake_file_table, stake_fit_table, stake_list_table,
    stake_lognormal_table, stake_pareto_table, stake_zipf_table;
extern const struct stake_source stake_equal_source, stake_file_source, stake_fit_source, stake_list_source,
    stake_lognormal_source, stake_pareto_source, stake_zipf_source;

#endif
