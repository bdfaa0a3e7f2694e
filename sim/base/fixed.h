/* SPDX-License-Identifier: MIT */
/*
 * Pinned functions: logarithms, exponentials, roots, angles and the normal quantile in integers only, so that they give
 * the same bits on every compiler, optimisation level and CPU. What decides or samples anything uses these, never libm.
 *
 * Formats: q64 is a signed number with 64 binary places in 128 bits; q62 a signed number in [-2, 2) with 62 places in
 * 64 bits. One "ulp" below is the last place of the result's format. Error bounds are stated at each function and
 * tested against libm's long double and against known values. All functions are pure; results that do not fit are a
 * programmer's error unless said otherwise.
 */
#ifndef POSIM_BASE_FIXED_H
#define POSIM_BASE_FIXED_H

#include "base/stake.h"

#include <stdint.h>

typedef int128 q64;
typedef int64_t q62;

#define Q64_ONE   ((q64)1 << 64)
#define Q64_LN2   ((q64)0xb17217f7d1cf79ac)
#define Q64_LOG2E (Q64_ONE + 0x71547652b82fe177)
#define Q62_ONE   ((q62)1 << 62)

/* A positive number as mantissa * 2^(exponent - 63), mantissa in [2^63, 2^64): precise however large or small. */
struct scaled {
    uint64_t mantissa;
    int exponent;
};

/* How many bits it takes to write the number; 0 for 0. */
static inline unsigned bit_length64(uint64_t value)
{
    return value ? 64u - (unsigned)__builtin_clzll(value) : 0;
}

static inline unsigned bit_length128(uint128 value)
{
    uint64_t high = (uint64_t)(value >> 64);
    return high ? 64 + bit_length64(high) : bit_length64((uint64_t)value);
}

static inline q64 q64_from_integer(int64_t value)
{
    return (q64)value * Q64_ONE;
}

/* Rounded down. */
static inline q64 q64_from_ratio(struct ratio ratio)
{
    uint64_t whole = ratio.numerator / ratio.denominator, rest = ratio.numerator % ratio.denominator;
    return (q64)((uint128)whole << 64 | (((uint128)rest << 64) / ratio.denominator));
}

/* The nearest integer, halves upwards. */
static inline int64_t q64_round(q64 value)
{
    return (int64_t)((value + Q64_ONE / 2) >> 64);
}

/* a * b without sign, rounded down; the product must be below 2^64. */
static inline uint128 uq64_multiply(uint128 a, uint128 b)
{
    uint64_t a_high = (uint64_t)(a >> 64), a_low = (uint64_t)a;
    uint64_t b_high = (uint64_t)(b >> 64), b_low = (uint64_t)b;
    return (((uint128)a_high * b_high) << 64) + (uint128)a_high * b_low + (uint128)a_low * b_high +
           (((uint128)a_low * b_low) >> 64);
}

/* a * b, rounded towards zero: within 1 ulp; the product must lie in (-2^63, 2^63). */
static inline q64 q64_multiply(q64 a, q64 b)
{
    uint128 product = uq64_multiply(a < 0 ? -(uint128)a : (uint128)a, b < 0 ? -(uint128)b : (uint128)b);
    return (a < 0) != (b < 0) ? -(q64)product : (q64)product;
}

/* a / b, rounded towards zero: within 1 ulp; b must not be 0. */
q64 q64_divide(q64 a, q64 b);

/* Logarithm to base 2 of a positive integer: within 2 ulp (2^-63), exact for powers of two. */
q64 q64_log2_integer(uint128 value);

/* Logarithms of a positive number: log2 within 2 ulp and exact for powers of two, ln within 3 ulp + |ln| 2^-64. */
q64 q64_log2(q64 value);
q64 q64_ln(q64 value);

/* 2^exponent for any exponent whose integer part fits an int: relative error below 2^-61. */
struct scaled scaled_exp2(q64 exponent);

/* 2^x and e^x, in q64: relative error below 2^-58 or 1 ulp, whichever is more; saturates at the largest q64. */
q64 q64_exp2(q64 exponent);
q64 q64_exp(q64 exponent);

/* base^exponent for a positive base, as 2^(exponent log2 base): relative error below 2^-58 * max(1, |exponent|). */
q64 q64_power(q64 base, q64 exponent);

/* amount * 2^exponent to the nearest integer, relative error below 2^-60; INT64_MAX where it would be more. */
int64_t scale_by_exp2(uint64_t amount, q64 exponent);

/* floor(sqrt(value)), exactly. */
uint64_t integer_sqrt(uint128 value);

/* Square root of a number that is not negative: relative error below 2^-62 or 1 ulp. */
q64 q64_sqrt(q64 value);

/*
 * The z below which a standard normal variate falls with probability (draw + 1/2) / 2^64: between -9.2 and 9.2, error
 * below 2^-48. Wichura, "Algorithm AS 241: the percentage points of the normal distribution", Applied Statistics 37(3),
 * 1988, PPND16.
 */
q64 q64_normal_quantile(uint64_t draw);

/* Sine and cosine of an angle in millionths of a degree (any int32), and the arc sine in radians of [-1, 1]: 2^-58. */
q62 q62_sin_microdegree(int32_t angle_microdegree);
q62 q62_cos_microdegree(int32_t angle_microdegree);
q62 q62_asin(q62 value);

/* A place on Earth: north and east are positive. */
struct place {
    int32_t latitude_microdegree;  /* -90 to 90 degrees */
    int32_t longitude_microdegree; /* -180 to 180 degrees */
};

/* Great-circle distance on a sphere of radius 6,371,009 m (the IUGG mean radius), to the nearest metre. */
uint64_t great_circle_m(struct place a, struct place b);

#endif
