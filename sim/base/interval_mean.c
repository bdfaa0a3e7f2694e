/* SPDX-License-Identifier: MIT */
#include "base/interval.h"

#include "base/assert.h"
#include "base/statistics.h"

#include <math.h>

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

static double larger(double a, double b)
{
    return a > b ? a : b;
}

struct interval interval_of_moments(const struct moments *moments, double confidence)
{
    REQUIRE(confidence > 0.5 && confidence < 1);
    if (moments->count < INTERVAL_FEWEST_MEAN || !(moments->second > 0))
        return interval_none();
    double count = (double)moments->count, error = moments_deviation(moments) / sqrt(count);
    double slant = moments_skewness(moments) / sqrt(count);
    double t = student_t_quantile((1 + confidence) / 2, count - 1);
    double far_t = t * (1 + fabs(slant) * (count > 10 ? 5 / count : 0.5));
    double below = larger(t, hall_inverse(far_t, slant)), above = larger(t, -hall_inverse(-far_t, slant));
    double scale = count < 11 ? error * (1 + 0.07 * (11 - count)) : error;
    return (struct interval){moments->mean - scale * below, moments->mean + scale * above, INTERVAL_HALL};
}

struct interval interval_of_mean(const double *values, size_t count)
{
    struct moments moments = moments_of(values, count);
    return interval_of_moments(&moments, 0.95);
}
