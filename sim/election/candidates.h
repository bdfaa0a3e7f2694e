/* SPDX-License-Identifier: MIT */
/*
 * A lottery that almost never wins, drawn without looking at every slot. To each slot belongs an independent, uniform
 * number of 256 bits, and it wins if the number is small; here the slots are drawn directly whose number has its first
 * ten bits zero, the candidates: a binomial count of them for each window of 1,024 slots, their places, their numbers.
 * So a window costs one or two calls of the generator instead of 1,024, and the distribution is the same (a test shows
 * it). Numbers do not depend on the chance of winning: a larger stake wins wherever a smaller one would, and a change
 * of one stake leaves the luck of the others.
 *
 * For chances above 2^-10, candidate_slot draws a slot's number by itself. The two are different luck of one lottery.
 * Everything is a pure function of (seed, name of the lottery, slot); callable at any time.
 */
#ifndef POSIM_ELECTION_CANDIDATES_H
#define POSIM_ELECTION_CANDIDATES_H

#include "base/random.h"

#define CANDIDATE_BITS         10
#define CANDIDATE_WINDOW       (1u << CANDIDATE_BITS)                 /* slots */
#define CANDIDATE_LIMIT        ((uint64_t)1 << (64 - CANDIDATE_BITS)) /* their first words are below */
#define CANDIDATES_IN_A_WINDOW 21

struct candidate {
    uint32_t offset; /* of the slot in its window */
    uint64_t word;   /* the first 64 bits of the slot's number */
};

/* The candidates of slots 1024 * window and up, in the order of slots; their number. */
uint32_t candidates_draw(const struct random_seed *seed, uint64_t lottery, uint64_t window,
                         struct candidate candidates[CANDIDATES_IN_A_WINDOW]);

/* The whole number of a candidate's slot, whose first word is given. */
struct random_block candidate_refine(const struct random_seed *seed, uint64_t lottery, uint64_t slot, uint64_t word);

/* The number of a slot, drawn by itself. */
struct random_block candidate_slot(const struct random_seed *seed, uint64_t lottery, uint64_t slot);

/* Another uniform number that belongs to the slot, independent of whether it wins. */
uint64_t candidate_tag(const struct random_seed *seed, uint64_t lottery, uint64_t slot);

#endif
