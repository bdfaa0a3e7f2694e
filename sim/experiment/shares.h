/* SPDX-License-Identifier: MIT */
/*
 * Realised shares in runs.csv: a column for each set that the scenario chooses by an adversary (share of stake), and
 * two for each that a fault hits (shares of nodes and of stake). Of a sweep the columns are those of all its points; at
 * a point that does not have one of them, it has no value.
 */
#ifndef POSIM_EXPERIMENT_SHARES_H
#define POSIM_EXPERIMENT_SHARES_H

#include "experiment/run_record.h"
#include "scenario/scenario.h"

struct share_columns;

/* The scenario must outlive them. */
struct share_columns *share_columns_new(const struct scenario *scenario);
void share_columns_free(struct share_columns *columns);

size_t share_columns_count(const struct share_columns *columns);
const char *share_columns_name(const struct share_columns *columns, size_t column); /* snake_case */
const char *share_columns_meaning(const struct share_columns *columns, size_t column);

/* A run's value; denominator 0: none. Fast where runs of one point are asked for one after the other. */
struct ratio share_columns_value(struct share_columns *columns, const struct run_record *record, size_t column);

/* Whether the points of a scenario may choose different sets. */
bool shares_vary(const struct scenario *scenario);

/* The sets that one point chooses, as world_shares_asked(); none where the point cannot be made. g_free the array. */
struct world_share *shares_at(const struct scenario *scenario, uint64_t point, uint32_t *count);

#endif
