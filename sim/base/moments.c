/* SPDX-License-Identifier: MIT */
#include "base/moments.h"

#include <math.h>

void moments_add(struct moments *moments, double value)
{
    double before = (double)moments->count, count = before + 1;
    double off = value - moments->mean, share = off / count, square = off * share * before;
    moments->count++;
    moments->third += square * share * (count - 2) - 3 * share * moments->second;
    moments->second += square;
    moments->mean += share;
}

struct moments moments_of(const double *values, size_t count)
{
    struct moments moments = {0};
    for (size_t i = 0; i < count; i++)
        moments_add(&moments, values[i]);
    return moments;
}

double moments_deviation(const struct moments *moments)
{
    return moments->count < 2 ? NAN : sqrt(moments->second / (double)(moments->count - 1));
}

bool moments_differ(const struct moments *moments, double scale)
{
    const double rounding = 1e-12;
    return moments->count >= 2 && moments_deviation(moments) > rounding * fabs(scale);
}

double moments_skewness(const struct moments *moments)
{
    double count = (double)moments->count, second = moments->second;
    if (moments->count < 3)
        return NAN;
    if (!(second > 0))
        return 0;
    double biased = moments->third / second * sqrt(count / second);
    return biased * sqrt(count * (count - 1)) / (count - 2);
}
