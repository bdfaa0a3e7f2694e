/* SPDX-License-Identifier: MIT */
/*
 * A made-up vector of stakes, largest first, with a published count, Gini coefficient and Nakamoto coefficient N: the
 * smallest number of the largest validators that together hold more than a third. N is met exactly, Gini within .005.
 *
 * Write a vector as shares s_1 >= ... >= s_n that add up to 1, and v_k for the one whose first k shares are 1/k. Every
 * vector is a weighted mean of v_1 ... v_n; Gini and the sum of the first m shares are linear in the weights: Gini(v_k)
 * is 1 - k/n, and the first m of v_k hold min(1, m/k). So at a given Gini g, that is at a mean k of K = n(1-g), the
 * first m hold least where only the k next to K have weight (min(1, m/k) is convex beyond m; the chord from v_1 matters
 * only where more than a half is held), and most where only v_m and v_n have. N needs the first N-1 to hold at most 1/3
 * and the first N more; therefore a vector exists if and only if
 *
 *     1/3 - N/n  <  g  <=  1 - 3(N-1)/n,
 *
 * where g is at least 0 and at most 1 - 1/n. Any two vectors of the same Gini can be mixed without changing it.
 *
 * Among the many that match, a lognormal curve of that Gini is taken, since real stakes look like one, and mixed with
 * the extreme vector of the same Gini just so far that N comes out.
 */
#include "base/assert.h"
#include "base/concentration.h"
#include "base/sample.h"
#include "stake/distribution_source.h"

struct fit_params {
    struct ratio gini;
    int64_t nakamoto;
    stake_amount total;
};

#define GINI_SLACK     (GINI_ONE / 1000)     /* how far from the edge of what is possible the search keeps */
#define GINI_TOLERANCE (5 * GINI_ONE / 1000) /* what is promised */

static const struct param fit_params[] = {
    {.key = "gini",
     .type = PARAM_DECIMAL,
     .offset = offsetof(struct fit_params, gini),
     .minimum = "0",
     .maximum = "1",
     .meaning = "Gini coefficient of the stakes, met within 0.005"},
    {.key = "nakamoto",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct fit_params, nakamoto),
     .minimum = "1",
     .maximum = "1_000_000",
     .meaning = "the smallest number of the largest validators that together hold more than a third, met exactly"},
    {.key = "total",
     .type = PARAM_STAKE,
     .offset = offsetof(struct fit_params, total),
     .by_default = "1_000_000_000_000_000",
     .minimum = "1000",
     .maximum = "1_000_000_000_000_000_000",
     .meaning = "sum of the stakes in base units, less what rounding down each of them takes away"},
};
const struct param_table stake_fit_table =
    PARAM_TABLE("fit", "a vector with a published Gini and Nakamoto coefficient", struct fit_params, fit_params);

/* Shares are counted in parts of WHOLE. */
#define WHOLE ((uint64_t)1 << 60)

/* What is to be matched. */
struct target {
    uint32_t count;
    uint32_t nakamoto;
    q64 gini;
};

static uint64_t ratio_to_billionths(struct ratio ratio)
{
    return (uint64_t)((uint128)ratio.numerator * GINI_ONE / ratio.denominator);
}

/* The Gini coefficients, in billionths, that `count` stakes with this Nakamoto coefficient can have, rounded inwards.
 */
static void gini_range(uint32_t count, uint32_t nakamoto, uint64_t *least, uint64_t *most)
{
    uint64_t head = GINI_ONE * nakamoto / count, third = GINI_ONE / 3 + 1;
    *least = head < third ? third - head : 0;
    uint64_t below = nakamoto == 1 ? 1 : 3 * ((uint64_t)nakamoto - 1);
    *most = GINI_ONE - (GINI_ONE * below + count - 1) / count;
}

/* Enough units that rounding moves neither figure: the N-th share is at least 2/3n. */
static stake_amount least_total(uint32_t count)
{
    uint64_t n = count;
    return MAX(1000 * n, 8 * n * n);
}

#define TEN_THOUSANDTHS "%" G_GUINT64_FORMAT ".%04" G_GUINT64_FORMAT

static bool check_figures(const struct fit_params *fit, uint32_t count, GError **error)
{
    uint32_t most_nakamoto = count / 3 + 1;
    if (fit->nakamoto > most_nakamoto) {
        g_set_error(error, STAKE_DISTRIBUTION_ERROR, 0,
                    "validators.stake.nakamoto is %" G_GINT64_FORMAT ": of %u validators the %u largest always hold "
                    "more than a third, so it is 1 to %u",
                    fit->nakamoto, count, most_nakamoto, most_nakamoto);
        return false;
    }
    uint64_t least, most, asked = ratio_to_billionths(fit->gini);
    gini_range(count, (uint32_t)fit->nakamoto, &least, &most);
    if (asked < least || asked > most) {
        g_set_error(error, STAKE_DISTRIBUTION_ERROR, 0,
                    "validators.stake.gini is %.4f: %u validators with a Nakamoto coefficient of %" G_GINT64_FORMAT
                    " can have %.4f to %.4f",
                    (double)asked / (double)GINI_ONE, count, fit->nakamoto, (double)((least + 99999) / 100000) / 10000,
                    (double)(most / 100000) / 10000);
        return false;
    }
    if (fit->total < least_total(count)) {
        g_set_error(error, STAKE_DISTRIBUTION_ERROR, 0,
                    "validators.stake.total is %" G_GUINT64_FORMAT ": whole units match the figures of %u validators "
                    "from %" G_GUINT64_FORMAT " on",
                    fit->total, count, least_total(count));
        return false;
    }
    return true;
}

/* Gini kept off the edges of what is possible, where whole units would fall over them. */
static q64 aimed_gini(const struct fit_params *fit, uint32_t count)
{
    uint64_t least, most, asked = ratio_to_billionths(fit->gini);
    gini_range(count, (uint32_t)fit->nakamoto, &least, &most);
    uint64_t low = MIN(least > 0 ? least + GINI_SLACK : 0, most), high = MAX(low, most);
    return q64_from_ratio((struct ratio){CLAMP(asked, low, high), GINI_ONE});
}

/* The lognormal curve. */

/* log2 of what each place has less than the first, for sigma = 1: quantiles of the normal at (i - 1/2) / n. */
static q64 *normal_depths(uint32_t count)
{
    q64 *depths = g_new(q64, count);
    for (uint32_t i = 0; i < count; i++) {
        uint64_t place = 2 * (uint64_t)(count - i) - 1;
        uint64_t draw = (uint64_t)(((uint128)place << 63) / count);
        depths[i] = q64_multiply(q64_normal_quantile(draw), Q64_LOG2E);
    }
    for (uint32_t i = count; i-- > 0;)
        depths[i] -= depths[0];
    return depths;
}

/* The curve of that sigma, the first being Q64_ONE; returns its Gini coefficient. */
static q64 lognormal_curve(const q64 *depths, uint32_t count, q64 sigma, q64 *curve)
{
    q64 sum = 0, spread = 0;
    for (uint32_t i = 0; i < count; i++) {
        curve[i] = q64_exp2(q64_multiply(sigma, depths[i]));
        sum += curve[i];
        spread += ((int64_t)count - 1 - 2 * (int64_t)i) * curve[i];
    }
    return q64_divide(spread, sum * count);
}

/* Shares of the lognormal curve whose Gini coefficient comes nearest from below; it rises with sigma. */
static void lognormal_shares(const struct target *target, uint64_t *shares)
{
    q64 *depths = normal_depths(target->count), *curve = g_new(q64, target->count);
    q64 sigma = 0;
    for (q64 step = 32 * Q64_ONE; step >= Q64_ONE >> 20; step /= 2)
        if (lognormal_curve(depths, target->count, sigma + step, curve) <= target->gini)
            sigma += step;
    lognormal_curve(depths, target->count, sigma, curve);
    q64 sum = 0;
    for (uint32_t i = 0; i < target->count; i++)
        sum += curve[i];
    for (uint32_t i = 0; i < target->count; i++)
        shares[i] = (uint64_t)((uint128)curve[i] * WHOLE / (uint128)sum);
    g_free(curve);
    g_free(depths);
}

/* The extreme vectors. */

/* Adds `weight` (parts of Q64_ONE) of the vector whose first k shares are 1/k. */
static void add_flat(uint64_t *shares, uint32_t k, q64 weight)
{
    uint64_t each = (uint64_t)((uint128)weight * (WHOLE / k) >> 64);
    for (uint32_t i = 0; i < k; i++)
        shares[i] += each;
}

/* Of the vectors of this Gini coefficient, the one whose head holds least: flat, and nothing behind it. */
static void flattest_head(const struct target *target, uint64_t *shares)
{
    q64 mean = (q64)target->count * (Q64_ONE - target->gini);
    uint32_t below = (uint32_t)(mean >> 64);
    q64 rest = mean - q64_from_integer(below);
    add_flat(shares, below, Q64_ONE - rest);
    if (rest > 0)
        add_flat(shares, below + 1, rest);
}

/* The one whose first N hold most: flat up to N, and flat behind it. */
static void steepest_head(const struct target *target, uint64_t *shares)
{
    q64 mean = (q64)target->count * (Q64_ONE - target->gini);
    if (mean < q64_from_integer(target->nakamoto)) { /* they can hold all */
        flattest_head(target, shares);
        return;
    }
    q64 all = q64_from_integer(target->count) - mean;
    q64 weight = target->count > target->nakamoto ? all / (target->count - target->nakamoto) : 0;
    add_flat(shares, target->nakamoto, weight);
    add_flat(shares, target->count, Q64_ONE - weight);
}

/* Mixing. */

/* What the first N-1 hold and `quarters` quarters of the N-th, times 12; a third of all is 4 * WHOLE. */
static int128 head_times_12(const struct target *target, const uint64_t *shares, int quarters)
{
    int128 head = 0;
    for (uint32_t i = 0; i + 1 < target->nakamoto; i++)
        head += shares[i];
    return 12 * head + 3 * quarters * (int128)shares[target->nakamoto - 1];
}

/* Moves towards `extreme` until the head with so many quarters of the N-th holds a third, or all the way. */
static void mix_until_third(const struct target *target, uint64_t *shares, const uint64_t *extreme, int quarters)
{
    const int128 all_the_way = (int128)1 << 40;
    int128 start = head_times_12(target, shares, quarters), end = head_times_12(target, extreme, quarters);
    int128 missing = 4 * (int128)WHOLE - start, step = end - start;
    int128 part = all_the_way;
    if ((missing > 0 && step > missing) || (missing < 0 && step < missing))
        part = missing * all_the_way / step;
    for (uint32_t i = 0; i < target->count; i++) {
        int128 mixed = (int128)shares[i] * (all_the_way - part) + (int128)extreme[i] * part;
        shares[i] = (uint64_t)(mixed / all_the_way);
    }
}

/*
 * The third must fall inside the N-th share: a quarter of it away from both ends, so that rounding to units does not
 * push it out.
 */
static void meet_nakamoto(const struct target *target, uint64_t *shares)
{
    int128 third = 4 * (int128)WHOLE;
    uint64_t *extreme = g_new0(uint64_t, target->count);
    if (head_times_12(target, shares, 1) > third) {
        flattest_head(target, extreme);
        mix_until_third(target, shares, extreme, 1);
    } else if (head_times_12(target, shares, 3) < third) {
        steepest_head(target, extreme);
        mix_until_third(target, shares, extreme, 3);
    }
    g_free(extreme);
}

/* One unit each, and the others by share, rounded down: equal shares stay equal and the order is kept. */
static void share_out(const uint64_t *shares, stake_amount total, struct stake_list *list)
{
    stake_amount left = total - list->count;
    for (uint32_t i = 0; i < list->count; i++)
        list->stakes[i] = 1 + (stake_amount)((uint128)shares[i] * left / WHOLE);
}

static bool make_fit(const void *params, uint32_t count, const struct random_seed *seed, struct stake_list *list,
                     GError **error)
{
    (void)seed;
    const struct fit_params *fit = params;
    if (!check_figures(fit, count, error))
        return false;
    struct target target = {count, (uint32_t)fit->nakamoto, aimed_gini(fit, count)};
    uint64_t *shares = g_new(uint64_t, count);
    lognormal_shares(&target, shares);
    meet_nakamoto(&target, shares);
    list->count = count;
    list->stakes = g_new(stake_amount, count);
    share_out(shares, fit->total, list);
    g_free(shares);

    uint64_t asked = ratio_to_billionths(fit->gini), got = gini_coefficient(list->stakes, count);
    CHECK(nakamoto_coefficient(list->stakes, count, (struct ratio){1, 3}) == target.nakamoto);
    CHECK(got <= asked + GINI_TOLERANCE && asked <= got + GINI_TOLERANCE);
    return true;
}

const struct stake_source stake_fit_source = {.make = make_fit};
