/* SPDX-License-Identifier: MIT */
#include "base/sample.h"

#include "base/assert.h"

#include <glib.h>
#include <string.h>

int64_t sample_uniform(struct random_stream *stream, int64_t low, int64_t high)
{
    REQUIRE(low <= high);
    uint64_t count = (uint64_t)high - (uint64_t)low + 1; /* 0: all 2^64 */
    uint64_t above = count ? random_below(stream, count) : random_u64(stream);
    return (int64_t)((uint64_t)low + above);
}

/* -log2 of (draw + 1/2) / 2^64. */
static q64 minus_log2(uint64_t draw)
{
    return q64_from_integer(65) - q64_log2_integer((uint128)draw * 2 + 1);
}

/* amount * factor to the nearest integer, for a factor in [0, 2^63). */
static int64_t scale_rounded(int64_t amount, q64 factor)
{
    uint128 fraction = (uint128)(uint64_t)amount * (uint64_t)factor;
    uint128 whole = (uint128)(uint64_t)amount * (uint64_t)(factor >> 64);
    uint128 product = whole + (fraction >> 64) + ((uint64_t)fraction >> 63);
    return product > INT64_MAX ? INT64_MAX : (int64_t)product;
}

int64_t exponential_quantile(uint64_t draw, int64_t mean)
{
    REQUIRE(mean >= 0);
    return scale_rounded(mean, q64_multiply(minus_log2(~draw), Q64_LN2));
}

int64_t sample_exponential(struct random_stream *stream, int64_t mean)
{
    return exponential_quantile(random_u64(stream), mean);
}

int64_t normal_quantile(uint64_t draw, int64_t mean, int64_t deviation)
{
    REQUIRE(deviation >= 0 && deviation < (int64_t)1 << 58 && mean > -((int64_t)1 << 58) && mean < (int64_t)1 << 58);
    q64 z = q64_normal_quantile(draw);
    int64_t off = scale_rounded(deviation, z < 0 ? -z : z);
    return z < 0 ? mean - off : mean + off;
}

int64_t sample_normal(struct random_stream *stream, int64_t mean, int64_t deviation)
{
    return normal_quantile(random_u64(stream), mean, deviation);
}

struct lognormal lognormal_of_median(int64_t median, struct ratio sigma)
{
    REQUIRE(median >= 0);
    return (struct lognormal){median, q64_multiply(q64_from_ratio(sigma), Q64_LOG2E)};
}

struct lognormal lognormal_of_mean(int64_t mean, struct ratio variation)
{
    REQUIRE(mean >= 0);
    q64 cv = q64_from_ratio(variation);
    q64 log2_spread = q64_log2(Q64_ONE + q64_multiply(cv, cv)); /* log2(1 + cv^2) = sigma^2 log2(e) */
    return (struct lognormal){scale_by_exp2((uint64_t)mean, -log2_spread / 2),
                              q64_sqrt(q64_multiply(log2_spread, Q64_LOG2E))};
}

int64_t lognormal_quantile(uint64_t draw, const struct lognormal *lognormal)
{
    return scale_by_exp2((uint64_t)lognormal->median, q64_multiply(q64_normal_quantile(draw), lognormal->sigma_log2));
}

int64_t sample_lognormal(struct random_stream *stream, const struct lognormal *lognormal)
{
    return lognormal_quantile(random_u64(stream), lognormal);
}

struct pareto pareto_of(int64_t minimum, struct ratio alpha)
{
    REQUIRE(minimum >= 0 && alpha.numerator > 0);
    return (struct pareto){minimum, q64_from_ratio((struct ratio){alpha.denominator, alpha.numerator})};
}

int64_t pareto_quantile(uint64_t draw, const struct pareto *pareto)
{
    q64 doublings = minus_log2(~draw);
    if (pareto->inverse_alpha >= q64_from_integer((int64_t)1 << 55)) /* beyond any integer, and beyond q64 */
        return pareto->minimum ? INT64_MAX : 0;
    return scale_by_exp2((uint64_t)pareto->minimum, q64_multiply(doublings, pareto->inverse_alpha));
}

int64_t sample_pareto(struct random_stream *stream, const struct pareto *pareto)
{
    return pareto_quantile(random_u64(stream), pareto);
}

static uint64_t sum_of_weights(const uint64_t *weights, uint32_t count)
{
    uint128 total = 0;
    for (uint32_t i = 0; i < count; i++)
        total += weights[i];
    REQUIRE(total > 0 && total <= UINT64_MAX);
    return (uint64_t)total;
}

/*
 * Each column has room for `total`; item i brings weights[i] * count. Columns with too little are filled up from one
 * with too much, which may then have too little itself. Integers: all columns are full at the end.
 */
void alias_table_init(struct alias_table *table, const uint64_t *weights, uint32_t count)
{
    uint64_t total = sum_of_weights(weights, count);
    *table = (struct alias_table){g_new(uint64_t, count), g_new(uint32_t, count), count, total};
    uint128 *mass = g_new(uint128, count);
    uint32_t *poor = g_new(uint32_t, count), *rich = g_new(uint32_t, count), poor_count = 0, rich_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        mass[i] = (uint128)weights[i] * count;
        if (mass[i] < total)
            poor[poor_count++] = i;
        else
            rich[rich_count++] = i;
    }
    while (poor_count > 0) {
        uint32_t column = poor[--poor_count], giver = rich[rich_count - 1];
        table->threshold[column] = (uint64_t)mass[column];
        table->alias[column] = giver;
        mass[giver] -= total - mass[column];
        if (mass[giver] < total) {
            poor[poor_count++] = giver;
            rich_count--;
        }
    }
    for (uint32_t i = 0; i < rich_count; i++) {
        CHECK(mass[rich[i]] == total);
        table->threshold[rich[i]] = total;
        table->alias[rich[i]] = rich[i];
    }
    g_free(mass);
    g_free(poor);
    g_free(rich);
}

void alias_table_release(struct alias_table *table)
{
    g_free(table->threshold);
    g_free(table->alias);
    *table = (struct alias_table){0};
}

uint32_t alias_table_draw(const struct alias_table *table, struct random_stream *stream)
{
    uint32_t column = (uint32_t)random_below(stream, table->count);
    return random_below(stream, table->total) < table->threshold[column] ? column : table->alias[column];
}

uint32_t alias_table_at(const struct alias_table *table, const struct random_block *block)
{
    uint32_t column = (uint32_t)(((uint128)block->word[0] * table->count) >> 64);
    uint128 low = ((uint128)block->word[2] * table->total) >> 64;
    uint64_t coin = (uint64_t)(((uint128)block->word[1] * table->total + low) >> 64);
    return coin < table->threshold[column] ? column : table->alias[column];
}

uint64_t zipf_weight(uint64_t rank, struct ratio s)
{
    REQUIRE(rank > 0);
    q64 exponent = q64_from_ratio(s);
    if (exponent >= q64_from_integer((int64_t)1 << 56)) /* so steep that only the first counts */
        return rank == 1 ? (uint64_t)1 << 40 : 1;
    int64_t weight = scale_by_exp2((uint64_t)1 << 40, -q64_multiply(exponent, q64_log2_integer(rank)));
    return weight > 0 ? (uint64_t)weight : 1;
}

void alias_table_init_zipf(struct alias_table *table, uint32_t count, struct ratio s)
{
    REQUIRE(count > 0 && count <= 1u << 23);
    uint64_t *weights = g_new(uint64_t, count);
    for (uint32_t i = 0; i < count; i++)
        weights[i] = zipf_weight(i + 1, s);
    alias_table_init(table, weights, count);
    g_free(weights);
}

uint128 race_key(uint64_t draw, uint64_t weight)
{
    return weight ? ((uint128)minus_log2(draw) << 56) / weight : ~(uint128)0;
}
