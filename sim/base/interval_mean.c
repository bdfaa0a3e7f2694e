/* SPDX-License-Identifier: MIT */
#include "base/interval.h"

#include "base/assert.h"
#include "base/statistics.h"

#include <math.h>
#include <stdbool.h>

/* Newton's steps from above fall until they have arrived, so the last that fell is the same everywhere. */
static double cube_root(double value)
{
    double size = fabs(value), root = size > 1 ? size : 1;
    if (size <= 0)
        return 0;
    for (;;) {
        double next = (2 * root + size / (root * root)) / 3;
        if (next >= root)
            return value < 0 ? -root : root;
        root = next;
    }
}

/*
 * Where Hall's transformed t equals `score`, t itself is 3 ((1 + a (score - a / 6))^(1/3) - 1) / a with a = skewness /
 * sqrt(count); here without the division by a, which may be 0.
 */
static double hall_inverse(double score, double slant)
{
    double shifted = score - slant / 6, root = cube_root(1 + slant * shifted);
    return 3 * shifted / (root * root + root + 1);
}

/* Hall's transform of t. */
static double hall_transform(double t, double slant)
{
    double bent = slant * t;
    return t + (bent * t / 3 + slant / 6) + bent * bent * t / 27;
}

static double larger(double a, double b)
{
    return a > b ? a : b;
}

/* What the distribution of the mean is taken for: its error, and how far from Student's t. */
struct spread {
    double error;   /* standard error of the mean, made larger where values are few */
    double slant;   /* skewness / sqrt(count) */
    double stretch; /* by how much t is larger where it is transformed */
    double degrees;
};

static bool spread_of(const struct moments *moments, struct spread *spread)
{
    double count = (double)moments->count;
    if (moments->count < INTERVAL_FEWEST_MEAN || !moments_differ(moments, moments->mean))
        return false;
    double error = moments_deviation(moments) / sqrt(count), slant = moments_skewness(moments) / sqrt(count);
    *spread = (struct spread){
        .error = count < 11 ? error * (1 + 0.07 * (11 - count)) : error,
        .slant = slant,
        .stretch = 1 + fabs(slant) * (count > 10 ? 5 / count : 0.5),
        .degrees = count - 1,
    };
    return true;
}

struct interval interval_of_moments(const struct moments *moments, double confidence)
{
    struct spread spread;
    REQUIRE(confidence > 0.5 && confidence < 1);
    if (!spread_of(moments, &spread))
        return interval_none();
    double t = student_t_quantile((1 + confidence) / 2, spread.degrees), far = t * spread.stretch;
    double below = larger(t, hall_inverse(far, spread.slant));
    double above = larger(t, -hall_inverse(-far, spread.slant));
    return (struct interval){moments->mean - spread.error * below, moments->mean + spread.error * above, INTERVAL_HALL};
}

/* The interval's ends, solved for the t at which they meet the mean that is tested. */
double p_value_of_moments(const struct moments *moments, double mean)
{
    struct spread spread;
    if (!spread_of(moments, &spread))
        return NAN;
    double t = (moments->mean - mean) / spread.error, size = fabs(t);
    double bent = hall_transform(t, spread.slant) / spread.stretch;
    double least = t < 0 ? -bent : bent;
    least = least < size ? least : size;
    return least > 0 ? student_t_two_tails(least, spread.degrees) : 1;
}

struct interval interval_of_mean(const double *values, size_t count)
{
    struct moments moments = moments_of(values, count);
    return interval_of_moments(&moments, 0.95);
}
