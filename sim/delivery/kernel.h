/* SPDX-License-Identifier: MIT */
/*
 * The loops over arrivals that late classes live on. Integers only: one source (kernel_body.inc) compiled once for each
 * instruction set, picked when the program runs, with the same results from all.
 *
 * A column is what one replica gets: a key for each vote (when it arrives, as nanoseconds after some base) and its
 * weight. Columns come in blocks of COLUMN_BLOCK votes; what fills up the last block has key KEY_NEVER and weight 0.
 */
#ifndef POSIM_DELIVERY_KERNEL_H
#define POSIM_DELIVERY_KERNEL_H

#include "base/time.h"

#include <stddef.h>
#include <stdint.h>

#define COLUMN_BLOCK 16u
#define KEY_NEVER    UINT32_MAX       /* does not arrive */
#define KEY_FAR      (UINT32_MAX - 1) /* arrives too late for a key; its time is kept elsewhere */

/* Keys above `low` and up to `high`, which is below KEY_NEVER; none where low is not below high. */
struct key_range {
    uint32_t low, high;
};

#define KEYS_NEVER 1u
#define KEYS_FAR   2u

struct kernels {
    const char *name;
    /* The weight of what has a key below the limit. Weights of 32 bits must not add up to more than 32 bits hold. */
    uint64_t (*sum_narrow)(const uint32_t *keys, const uint32_t *weights, size_t blocks, uint32_t limit);
    uint64_t (*sum_wide)(const uint32_t *keys, const uint64_t *weights, size_t blocks, uint32_t limit);
    /* For each block sixteen bits, four blocks a word: which keys are below the limit. What fills the last word is 0.
     */
    void (*bits_below)(const uint32_t *keys, size_t blocks, uint32_t limit, uint64_t *bits);
    /*
     * The least key such that those up to it weigh at least `target` (above 0), KEY_NEVER where all that arrive do not;
     * the column is used up. The key is found sooner where it lies in the range of the guess.
     */
    uint32_t (*reach_narrow)(uint32_t *keys, uint32_t *weights, size_t blocks, uint64_t target, struct key_range guess);
    uint32_t (*reach_wide)(uint32_t *keys, uint64_t *weights, size_t blocks, uint64_t target, struct key_range guess);
    /*
     * Times to keys after the base, which none precedes: KEY_NEVER for TIME_NEVER, KEY_FAR for what is too late; which
     * of these there are, KEYS_NEVER and KEYS_FAR. *latest: the greatest of the others, or 0.
     */
    uint32_t (*keys_of)(const time_ns *at_ns, size_t count, time_ns base_ns, uint32_t *keys, uint32_t *latest);
};

/* Those for this machine; and each that it can run, for tests and benches: NULL after the last. */
const struct kernels *kernels_best(void);
const struct kernels *kernels_at(unsigned index);

#endif
