/* SPDX-License-Identifier: MIT */
/*
 * Laying one tree over another: a scenario over the preset that it extends, and --set over both. Maps merge key by key,
 * lists and scalars replace. The tables tell which maps choose a variant: where the overlay changes a `kind`, the
 * inherited siblings are dropped (but for `name`), so that no parameter of the old kind is left behind. Trees are never
 * changed; new nodes come from the pool, and each value keeps the place it was written at.
 */
#ifndef POSIM_SCENARIO_MERGE_H
#define POSIM_SCENARIO_MERGE_H

#include "base/param.h"
#include "scenario/diagnostics.h"
#include "scenario/yaml.h"

struct merge {
    struct pool *pool;
    struct diagnostics *diagnostics;
    /*
     * The overlay is one more --set of several that are being gathered into one tree: addresses of list items are kept
     * for later, and a default kind is no kind yet.
     */
    bool is_gathering;
};

/* `overlay` over `base` (may be NULL); `param` describes both, NULL where no table knows them. */
const struct yaml_node *merge_trees(const struct merge *merge, const struct param *param, const struct yaml_node *base,
                                    const struct yaml_node *overlay);

#endif
