/* SPDX-License-Identifier: MIT */
#include "base/statistics.h"

#include "base/assert.h"
#include "base/fixed.h"

#include <math.h>
#include <stdlib.h>

double statistics_mean(const double *values, size_t count)
{
    if (count == 0)
        return NAN;
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += values[i];
    return sum / (double)count;
}

/* The sum of deviations, 0 but for rounding, corrects the mean (Chan, Golub, LeVeque 1983). */
double statistics_deviation(const double *values, size_t count)
{
    if (count < 2)
        return NAN;
    double mean = statistics_mean(values, count), squares = 0, rest = 0;
    for (size_t i = 0; i < count; i++) {
        double off = values[i] - mean;
        squares += off * off;
        rest += off;
    }
    double variance = (squares - rest * rest / (double)count) / (double)(count - 1);
    return variance > 0 ? sqrt(variance) : 0;
}

static int compare_doubles(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    if (left == right) /* -0 before 0: the order is total */
        return (signbit(right) != 0) - (signbit(left) != 0);
    return left < right ? -1 : 1;
}

void statistics_sort(double *values, size_t count)
{
    if (count > 0)
        qsort(values, count, sizeof *values, compare_doubles);
}

double statistics_quantile(const double *sorted, size_t count, double share)
{
    if (count == 0)
        return NAN;
    REQUIRE(share >= 0 && share <= 1);
    double exact = share * (double)count;
    size_t rank = (size_t)exact;
    /* .95 * 20 is 19 and a bit in doubles: what is whole but for rounding counts as whole. */
    rank += exact - (double)rank > 1e-9 * (double)count;
    return sorted[rank > 0 ? (rank <= count ? rank - 1 : count - 1) : 0];
}

/* 2^exponent, where that is a normal number; 0 or infinity beyond. */
static double power_of_two(int exponent)
{
    if (exponent < -1022)
        return 0;
    if (exponent > 1023)
        return INFINITY;
    union {
        uint64_t bits;
        double value;
    } power = {.bits = (uint64_t)(exponent + 1023) << 52};
    return power.value;
}

static double from_q64(q64 value)
{
    return (double)value * power_of_two(-64);
}

/* Natural logarithm of a positive normal number: absolute error 2^-61 or relative 2^-52. */
static double pinned_ln(double value)
{
    union {
        double value;
        uint64_t bits;
    } number = {.value = value};
    uint64_t mantissa = (number.bits & (((uint64_t)1 << 52) - 1)) | (uint64_t)1 << 52;
    int exponent = (int)(number.bits >> 52 & 2047) - 1075;
    return from_q64(q64_multiply(q64_log2_integer(mantissa) + q64_from_integer(exponent), Q64_LN2));
}

/* ln(1 + value) for a value above -1, without loss near 0: ln(u) value / (u - 1) with u = 1 + value (Kahan). */
static double pinned_ln_above_one(double value)
{
    double above = 1 + value;
    if (fabs(value) < 1e-5)
        return value - value * value / 2 + value * value * value / 3;
    return pinned_ln(above) * (value / (above - 1));
}

static double pinned_exp(double value)
{
    if (value < -700)
        return 0;
    REQUIRE(value < 700);
    struct scaled power = scaled_exp2(q64_multiply((q64)(value * power_of_two(64)), Q64_LOG2E));
    return (double)power.mantissa * power_of_two(-63) * power_of_two(power.exponent);
}

/* The terms that Stirling's formula leaves out: 1/12x - 1/360x^3 + ... (DLMF 5.11.1), for x from 20 on. */
static double stirling_rest(double x)
{
    double square = 1 / (x * x);
    return (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square * (1.0 / 1680)))) / x;
}

/* ln of the gamma function of a positive number: Stirling's formula from 20 on, the recurrence below. */
static double ln_gamma(double x)
{
    const double half_ln_two_pi = 0.91893853320467274178;
    double product = 1;
    for (; x < 20; x += 1)
        product *= x;
    return (x - 0.5) * pinned_ln(x) - x + half_ln_two_pi + stirling_rest(x) - pinned_ln(product);
}

/*
 * ln of x^a (1 - x)^b / B(a, b). Where a and b are both large and x is not far from a / (a + b), the main terms of
 * Stirling's formula are cancelled by algebra, since in doubles they would leave few digits.
 */
static double ln_beta_density(double x, double a, double b)
{
    const double ln_two_pi = 1.83787706640934548356;
    double whole = a + b, above = (x * whole - a) / a, below = (a - x * whole) / b;
    if (a < 20 || b < 20 || above < -0.999 || below < -0.999)
        return a * pinned_ln(x) + b * pinned_ln_above_one(-x) + ln_gamma(whole) - ln_gamma(a) - ln_gamma(b);
    return a * pinned_ln_above_one(above) + b * pinned_ln_above_one(below) +
           (pinned_ln(a) + pinned_ln(b / whole) - ln_two_pi) / 2 + stirling_rest(whole) - stirling_rest(a) -
           stirling_rest(b);
}

/* 1 + d1 / (1 + d2 / (1 + ...)) of DLMF 8.17.22, from the front (Lentz 1976); quick for x below a / (a + b). */
static double beta_fraction(double x, double a, double b)
{
    double value = 1, above = 1, below = 0;
    for (int step = 1; step < 1000000; step++) {
        double m = step / 2;
        double term = step % 2 ? -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
                               : m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        below = 1 / (1 + term * below);
        above = 1 + term / above;
        value *= above * below;
        if (fabs(above * below - 1) < 1e-15)
            break;
    }
    return value;
}

double incomplete_beta(double x, double a, double b)
{
    REQUIRE(a > 0 && b > 0 && x >= 0 && x <= 1);
    if (x < 1e-300 || x >= 1)
        return x >= 1;
    double density = pinned_exp(ln_beta_density(x, a, b));
    if (x * (a + b + 2) < a + 1)
        return density / (a * beta_fraction(x, a, b));
    return 1 - density / (b * beta_fraction(1 - x, b, a));
}

/* The x at which I_x(a, b) reaches the probability, by bisection down to neighbouring doubles. */
static double inverse_beta(double probability, double a, double b)
{
    double low = 0, high = 1;
    for (;;) {
        double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high || middle < 1e-300)
            return middle;
        if (incomplete_beta(middle, a, b) < probability)
            low = middle;
        else
            high = middle;
    }
}

double normal_distribution_quantile(double probability)
{
    REQUIRE(probability > 0 && probability < 1);
    return from_q64(q64_normal_quantile((uint64_t)(probability * power_of_two(64))));
}

/* Abramowitz, Stegun 26.7.5: enough from 1e5 degrees on, where the beta function loses digits. */
static double student_t_near_normal(double probability, double degrees)
{
    double z = normal_distribution_quantile(probability), cube = z * z * z;
    return z + (cube + z) / (4 * degrees) + (5 * cube * z * z + 16 * cube + 3 * z) / (96 * degrees * degrees);
}

/* P(|T| <= t) = I_y(1/2, n/2) with y = t^2 / (n + t^2): DLMF 8.17 and A, S 26.7.1. */
double student_t_quantile(double probability, double degrees)
{
    REQUIRE(probability > 0 && probability < 1 && degrees > 0);
    if (probability < 0.5)
        return -student_t_quantile(1 - probability, degrees);
    if (degrees > 1e5)
        return student_t_near_normal(probability, degrees);
    double y = inverse_beta(2 * probability - 1, 0.5, degrees / 2);
    return sqrt(degrees * y / (1 - y));
}

/* The same, from the other end, where small probabilities keep their digits. */
double student_t_two_tails(double t, double degrees)
{
    REQUIRE(t >= 0 && degrees > 0);
    return incomplete_beta(degrees / (degrees + t * t), degrees / 2, 0.5);
}

struct confidence_interval mean_interval(const double *values, size_t count, double confidence)
{
    double mean = statistics_mean(values, count);
    if (count < 2)
        return (struct confidence_interval){NAN, NAN};
    double error = statistics_deviation(values, count) / sqrt((double)count);
    double half = student_t_quantile((1 + confidence) / 2, (double)(count - 1)) * error;
    return (struct confidence_interval){mean - half, mean + half};
}

struct confidence_interval proportion_exact(uint64_t successes, uint64_t trials, double confidence)
{
    REQUIRE(trials > 0 && successes <= trials && confidence > 0 && confidence < 1);
    double tail = (1 - confidence) / 2, hits = (double)successes, misses = (double)(trials - successes);
    return (struct confidence_interval){
        successes == 0 ? 0 : inverse_beta(tail, hits, misses + 1),
        successes == trials ? 1 : inverse_beta(1 - tail, hits + 1, misses),
    };
}

struct confidence_interval proportion_wilson(uint64_t successes, uint64_t trials, double confidence)
{
    REQUIRE(trials > 0 && successes <= trials && confidence > 0 && confidence < 1);
    double z = normal_distribution_quantile((1 + confidence) / 2), n = (double)trials, share = (double)successes / n;
    double scale = 1 + z * z / n, centre = (share + z * z / (2 * n)) / scale;
    double half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / scale;
    return (struct confidence_interval){successes == 0 ? 0 : centre - half, successes == trials ? 1 : centre + half};
}
