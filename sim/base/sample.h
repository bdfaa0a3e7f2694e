/* SPDX-License-Identifier: MIT */
/*
 * Samplers. Each distribution has a quantile function, from 64 random bits to an integer, for stateless draws
 * (random_at); the sample_ functions feed it from a stream. The draw d stands for the probability (d + 1/2) / 2^64, so
 * more bits give more: quantiles never fall. Integers in, integers out, by the pinned functions of fixed.h. Only the
 * alias table owns memory. Callable at any time.
 */
#ifndef POSIM_BASE_SAMPLE_H
#define POSIM_BASE_SAMPLE_H

#include "base/fixed.h"
#include "base/random.h"
#include "base/stake.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* True with probability `chance` (at most 1): exact to 2^-64. */
static inline bool chance_happens(uint64_t draw, struct ratio chance)
{
    return (uint128)draw * chance.denominator < (uint128)chance.numerator << 64;
}

/* Uniform on low .. high, both included. */
int64_t sample_uniform(struct random_stream *stream, int64_t low, int64_t high);

/* Exponential of that mean (not negative); INT64_MAX where it would be more. */
int64_t exponential_quantile(uint64_t draw, int64_t mean);
int64_t sample_exponential(struct random_stream *stream, int64_t mean);

/* Normal of that mean and standard deviation (not negative, both below 2^58). */
int64_t normal_quantile(uint64_t draw, int64_t mean, int64_t deviation);
int64_t sample_normal(struct random_stream *stream, int64_t mean, int64_t deviation);

/* median * e^(sigma z) for a standard normal z. */
struct lognormal {
    int64_t median;
    q64 sigma_log2; /* sigma * log2(e) */
};

struct lognormal lognormal_of_median(int64_t median, struct ratio sigma);

/* By mean and coefficient of variation: sigma^2 = ln(1 + cv^2), median = mean / sqrt(1 + cv^2). cv is below 2^31. */
struct lognormal lognormal_of_mean(int64_t mean, struct ratio variation);

int64_t lognormal_quantile(uint64_t draw, const struct lognormal *lognormal);
int64_t sample_lognormal(struct random_stream *stream, const struct lognormal *lognormal);

/* minimum / u^(1/alpha): P(X > x) = (minimum / x)^alpha. INT64_MAX where it would be more. */
struct pareto {
    int64_t minimum;
    q64 inverse_alpha;
};

struct pareto pareto_of(int64_t minimum, struct ratio alpha);
int64_t pareto_quantile(uint64_t draw, const struct pareto *pareto);
int64_t sample_pareto(struct random_stream *stream, const struct pareto *pareto);

/*
 * Weighted choice in constant time: i is drawn with probability weights[i] / total, exactly. Walker's alias method as
 * built by Vose, "A linear algorithm for generating random numbers with a given distribution", IEEE TSE 17(9), 1991, in
 * integers. The sum of the weights is at least 1 and below 2^64.
 */
struct alias_table {
    uint64_t *threshold; /* of column i: below it the draw is i, else alias[i] */
    uint32_t *alias;
    uint32_t count;
    uint64_t total;
};

void alias_table_init(struct alias_table *table, const uint64_t *weights, uint32_t count);
void alias_table_release(struct alias_table *table);
uint32_t alias_table_draw(const struct alias_table *table, struct random_stream *stream);

/* The same from one block of 256 bits, for stateless draws: each probability is off by less than 2^-32 of itself. */
uint32_t alias_table_at(const struct alias_table *table, const struct random_block *block);

/* Zipf: 2^40 / rank^s rounded, at least 1; rank counts from 1. */
uint64_t zipf_weight(uint64_t rank, struct ratio s);

/* A table whose i is the rank i + 1 of a Zipf distribution over `count` ranks, at most 2^23. */
void alias_table_init_zipf(struct alias_table *table, uint32_t count, struct ratio s);

/*
 * Successive weighted sampling without replacement: `wanted` different indices, each next one with probability in
 * proportion to its weight among those left; in the order drawn. At least `wanted` weights are positive, their sum is
 * below 2^64.
 */
void sample_weighted(struct random_stream *stream, const uint64_t *weights, uint32_t count, uint32_t wanted,
                     uint32_t *indices);

/*
 * The same distribution from one keyed draw each: the `wanted` smallest keys win, ties to the smaller index. So a
 * change of one weight leaves the luck of the others. -ln(u) / weight; Efraimidis, Spirakis, "Weighted random sampling
 * with a reservoir", Information Processing Letters 97(5), 2006, algorithm A, by logarithms. Weight 0 is last.
 */
uint128 race_key(uint64_t draw, uint64_t weight);

/* Puts the items in an order of which all are equally likely. An item has at most 64 bytes. */
void sample_shuffle(struct random_stream *stream, void *items, size_t count, size_t item_size);

/* `wanted` different numbers below `count`, all sets equally likely, ascending. */
void sample_without_replacement(struct random_stream *stream, uint32_t count, uint32_t wanted, uint32_t *indices);

#endif
