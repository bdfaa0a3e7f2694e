/* SPDX-License-Identifier: MIT */
/*
 * Which node is in which region: by name where the scenario places a node itself, else row by row as a file says, else
 * by shares of the regions. Private to the room.
 */
#ifndef POSIM_NETWORK_PLACEMENT_H
#define POSIM_NETWORK_PLACEMENT_H

#include "base/ids.h"
#include "base/param.h"
#include "base/random.h"
#include "network/latency.h"

extern const struct param_variants placement_kinds;

/* What a placement's file says, and what had to be guessed; all zero for other kinds. */
struct placement {
    const struct param_variant_value *chosen;
    uint32_t *region_of_row; /* ID_NONE: the row has no place */
    uint32_t *lines;         /* of the rows in the file */
    uint32_t row_count;
    uint32_t asked; /* so many nodes of a file were wanted; the rows beyond are of none */
    char *file;
    uint32_t drawn;      /* nodes whose place was drawn, as their row has none; */
    uint32_t first_line; /* the first of them */
};

/*
 * Describes the latency model for a placement: at the file's places where that has coordinates and the model works from
 * them, else as the model is. False and a GError for a file or a model that does not suit.
 */
bool placement_open(struct placement *placement, const struct param_variant_value *chosen,
                    const struct param_variant_value *model, struct latency *latency, GError **error);
void placement_release(struct placement *placement);

/*
 * Fills region_of (by node). `names` by node, or NULL; nodes without a name are placed as chosen. By shares: numbers of
 * nodes by largest remainder, and which node goes where by a shuffle from the keyed stream. False and a GError where a
 * region is unknown, the shares do not add up to 1, or the file has too few rows.
 */
bool placement_assign(struct placement *placement, const struct latency *latency, uint32_t node_count,
                      const char *const *names, const struct random_seed *seed, uint32_t *region_of, GError **error);

/* Kinds that read files. */
extern const struct param_table placement_file_table;
bool placement_file_open(struct placement *placement, const struct param_variant_value *model, struct latency *latency,
                         GError **error);
bool placement_file_assign(struct placement *placement, uint32_t node_count, const struct random_seed *seed,
                           uint32_t *region_of, GError **error);

extern const struct param_table placement_distribution_table;
/* Shares by region of the latency model; those that the file does not name have none. */
bool placement_distribution_read(const void *parameters, const struct latency *latency, struct ratio *shares,
                                 GError **error);

#endif
