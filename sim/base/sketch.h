/* SPDX-License-Identifier: MIT */
/*
 * Quantiles of many integers in little memory: exact up to SKETCH_EXACT values, within a relative error of 1/256 (0.4
 * %) beyond. A sketch depends on the values alone, not on their order: merging parts in any order or grouping gives the
 * same answers. Buckets are spaced logarithmically by the leading 8 bits of a value (as in HdrHistogram), so that no
 * logarithm is taken. Zero-initialised is empty; memory is the sketch's own until sketch_release.
 */
#ifndef POSIM_BASE_SKETCH_H
#define POSIM_BASE_SKETCH_H

#include "base/stake.h"

#include <stddef.h>
#include <stdint.h>

#define SKETCH_EXACT 256

struct sketch {
    uint64_t count;
    int128 sum;
    int64_t minimum; /* meaningless while count is 0, as is maximum */
    int64_t maximum;
    int64_t *exact;    /* the values, while count <= SKETCH_EXACT */
    uint64_t *buckets; /* how many values each bucket has, after that */
    int32_t first;     /* number of buckets[0] */
    int32_t width;     /* how many there are */
};

void sketch_add(struct sketch *sketch, int64_t value);

/* Adds all values of `from`, which stays as it is; the two may not be the same. */
void sketch_merge(struct sketch *into, const struct sketch *from);

/*
 * The smallest value that at least `share` of all values do not exceed (nearest rank); share 0 gives the minimum.
 * Needs a value and a share of at most 1.
 */
int64_t sketch_quantile(const struct sketch *sketch, struct ratio share);

void sketch_release(struct sketch *sketch);

#endif
