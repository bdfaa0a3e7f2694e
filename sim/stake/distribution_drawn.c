/* SPDX-License-Identifier: MIT */
/*
 * Stakes by a formula: equal, by rank, or drawn. A validator's stake depends on its number and the seed alone, so that
 * a scenario with more validators leaves the stakes of the first ones as they were.
 */
#include "base/ids.h"
#include "base/sample.h"
#include "stake/distribution_source.h"

struct equal_params {
    stake_amount amount;
};

struct pareto_params {
    struct ratio alpha;
    int64_t minimum;
};

struct zipf_params {
    struct ratio exponent;
    int64_t largest;
};

struct lognormal_params {
    int64_t median;
    struct ratio sigma;
};

/* What one stake may come to: a world's sum must stay below 2^60. */
#define MOST_STAKE "1_000_000_000_000_000_000"

static const struct param equal_params[] = {
    {.key = "amount",
     .type = PARAM_STAKE,
     .offset = offsetof(struct equal_params, amount),
     .by_default = "1_000_000",
     .minimum = "1",
     .maximum = MOST_STAKE,
     .meaning = "stake of each validator, in base units"},
};
const struct param_table stake_equal_table = PARAM_TABLE("equal", "all the same", struct equal_params, equal_params);

static const struct param pareto_params[] = {
    {.key = "alpha",
     .type = PARAM_DECIMAL,
     .offset = offsetof(struct pareto_params, alpha),
     .by_default = "1.16",
     .minimum = "0.1",
     .maximum = "100",
     .meaning = "the tail's exponent: P(stake > x) = (minimum / x)^alpha; the smaller, the more unequal",
     .source = "log 5 / log 4: a fifth of the holders has four fifths"},
    {.key = "minimum",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct pareto_params, minimum),
     .by_default = "1_000_000",
     .minimum = "1",
     .maximum = MOST_STAKE,
     .meaning = "the smallest stake, in base units"},
};
const struct param_table stake_pareto_table =
    PARAM_TABLE("pareto", "drawn from a Pareto distribution", struct pareto_params, pareto_params);

static const struct param zipf_params[] = {
    {.key = "exponent",
     .type = PARAM_DECIMAL,
     .offset = offsetof(struct zipf_params, exponent),
     .by_default = "1",
     .minimum = "0",
     .maximum = "10",
     .meaning = "stake of rank i is largest / i^exponent, but at least 1; 0 makes all equal"},
    {.key = "largest",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct zipf_params, largest),
     .by_default = "1_000_000_000",
     .minimum = "1",
     .maximum = MOST_STAKE,
     .meaning = "stake of the first, in base units"},
};
const struct param_table stake_zipf_table =
    PARAM_TABLE("zipf", "by rank, after Zipf's law", struct zipf_params, zipf_params);

static const struct param lognormal_params[] = {
    {.key = "median",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct lognormal_params, median),
     .by_default = "1_000_000",
     .minimum = "1",
     .maximum = MOST_STAKE,
     .meaning = "the stake that half of the validators exceed, in base units"},
    {.key = "sigma",
     .type = PARAM_DECIMAL,
     .offset = offsetof(struct lognormal_params, sigma),
     .by_default = "1",
     .minimum = "0",
     .maximum = "10",
     .meaning = "standard deviation of the stake's natural logarithm"},
};
const struct param_table stake_lognormal_table =
    PARAM_TABLE("lognormal", "drawn from a lognormal distribution", struct lognormal_params, lognormal_params);

static void allocate(struct stake_list *list, uint32_t count)
{
    list->count = count;
    list->stakes = g_new(stake_amount, count);
}

/* The one draw that a validator's stake takes. */
static uint64_t draw_for(const struct random_seed *seed, validator_id validator)
{
    return random_at(seed, RANDOM_STAKE, validator, 0);
}

static stake_amount at_least_one(int64_t amount)
{
    return amount < 1 ? 1 : (stake_amount)amount;
}

static bool make_equal(const void *params, uint32_t count, const struct random_seed *seed, struct stake_list *list,
                       GError **error)
{
    (void)seed;
    (void)error;
    const struct equal_params *equal = params;
    allocate(list, count);
    for (validator_id v = 0; v < count; v++)
        list->stakes[v] = equal->amount;
    return true;
}

static bool make_pareto(const void *params, uint32_t count, const struct random_seed *seed, struct stake_list *list,
                        GError **error)
{
    (void)error;
    const struct pareto_params *asked = params;
    struct pareto pareto = pareto_of(asked->minimum, asked->alpha);
    allocate(list, count);
    for (validator_id v = 0; v < count; v++)
        list->stakes[v] = at_least_one(pareto_quantile(draw_for(seed, v), &pareto));
    return true;
}

static bool make_zipf(const void *params, uint32_t count, const struct random_seed *seed, struct stake_list *list,
                      GError **error)
{
    (void)seed;
    (void)error;
    const struct zipf_params *zipf = params;
    q64 exponent = q64_from_ratio(zipf->exponent);
    allocate(list, count);
    for (validator_id v = 0; v < count; v++) {
        q64 halvings = q64_multiply(exponent, q64_log2_integer((uint128)v + 1));
        list->stakes[v] = at_least_one(scale_by_exp2((uint64_t)zipf->largest, -halvings));
    }
    return true;
}

static bool make_lognormal(const void *params, uint32_t count, const struct random_seed *seed, struct stake_list *list,
                           GError **error)
{
    (void)error;
    const struct lognormal_params *asked = params;
    struct lognormal lognormal = lognormal_of_median(asked->median, asked->sigma);
    allocate(list, count);
    for (validator_id v = 0; v < count; v++)
        list->stakes[v] = at_least_one(lognormal_quantile(draw_for(seed, v), &lognormal));
    return true;
}

const struct stake_source stake_equal_source = {.make = make_equal};
const struct stake_source stake_pareto_source = {.make = make_pareto};
const struct stake_source stake_zipf_source = {.make = make_zipf};
const struct stake_source stake_lognormal_source = {.make = make_lognormal};
