/* SPDX-License-Identifier: MIT */
/* Pinned functions against libm's long double (64 bits of mantissa), against exact integers and against known values.
 */
#include "base/fixed.h"
#include "base/random.h"

#include <glib.h>
#include <math.h>

static const struct random_seed root = {.seed = 11};

static long double real(q64 value)
{
    return ldexpl((long double)(value < 0 ? -(uint128)value : (uint128)value), -64) * (value < 0 ? -1 : 1);
}

static q64 fixed(long double value)
{
    return (q64)ldexpl(value, 64);
}

/* A number with 1 to 127 bits, each length as likely as another. */
static q64 any_positive(uint64_t counter)
{
    struct random_block block = random_at256(&root, RANDOM_TEST, 0, counter);
    uint128 bits = ((uint128)block.word[0] << 64 | block.word[1]) | (uint128)1 << 127;
    return (q64)(bits >> (1 + block.word[2] % 127));
}

static void near(long double value, long double expected, long double bound)
{
    if (!(fabsl(value - expected) <= bound))
        g_error("%.21Lg instead of %.21Lg: off by %.3Lg where %.3Lg is allowed", value, expected,
                fabsl(value - expected), bound);
}

/* 1,000,000 numbers of every magnitude: within 2 and 3 ulp, beside what the long double itself loses. */
static void logarithms_are_close(void)
{
    for (uint64_t i = 0; i < 1000000; i++) {
        q64 value = any_positive(i);
        long double expected = log2l(real(value));
        long double slack = ldexpl(fabsl(expected), -63) + ldexpl(2.5L, -64);
        near(real(q64_log2(value)), expected, ldexpl(2, -64) + slack);
        near(real(q64_ln(value)), logl(real(value)), ldexpl(3, -64) + slack);
    }
}

/* Where long double cannot see: log2 of 1 + 2^-40 to 3 ulp, by its series, and ln 2, ln 3, ln 10 to the last digits. */
static void logarithms_are_known(void)
{
    for (int power = 0; power < 127; power++)
        g_assert_true(q64_log2_integer((uint128)1 << power) == q64_from_integer(power));
    g_assert_true(q64_log2(1) == q64_from_integer(-64));
    static const struct {
        int64_t of;
        uint64_t whole, fraction; /* of the natural logarithm, computed with 400 bits */
    } known[] = {{2, 0, 0xb17217f7d1cf79ac},
                 {3, 1, 0x193ea7aad030a977},
                 {10, 2, 0x4d763776aaa2b05c},
                 {1000000, 13, 0xd0c54cc7ffd02226}};
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        q64 error = q64_ln(q64_from_integer(known[i].of)) - (q64)((uint128)known[i].whole << 64 | known[i].fraction);
        g_assert_true(error >= -3 && error <= 3);
    }
    q64 step = (q64)1 << 24; /* 2^-40: ln(1 + x) = x - x^2/2 to 2^-120 */
    q64 error = q64_ln(Q64_ONE + step) - step;
    g_assert_true(error >= -3 && error <= 3);
}

/* The logarithm never falls where its table changes, nor between neighbours. */
static void logarithm_is_monotone(void)
{
    for (uint64_t i = 0; i < 64; i++) {
        uint128 edge = ((uint128)64 + i) << 57;
        for (int step = -3; step < 3; step++)
            g_assert_true(q64_log2_integer(edge + (uint128)step) <= q64_log2_integer(edge + (uint128)(step + 1)) + 1);
    }
}

/* 1,000,000 exponents from -60 to 60: relative error below 2^-58, and 2^-61 for the scaled form. */
static void exponentials_are_close(void)
{
    for (uint64_t i = 0; i < 1000000; i++) {
        q64 exponent = (q64)random_at128(&root, RANDOM_TEST, 1, i) >> 64;           /* -1/2 to 1/2 */
        exponent = exponent * (q64)(1 + random_at(&root, RANDOM_TEST, 2, i) % 120); /* to -60 .. 60 */
        long double x = real(exponent), power = exp2l(ldexpl((long double)(uint64_t)exponent, -64));
        struct scaled scaled = scaled_exp2(exponent);
        g_assert_cmpint(scaled.exponent, ==, (int)(exponent >> 64));
        near(ldexpl((long double)scaled.mantissa, -63), power, ldexpl(power, -61));
        near(real(q64_exp2(exponent)), exp2l(x), ldexpl(exp2l(x), -58) + ldexpl(1, -64));
        if (fabsl(x) < 43)
            near(real(q64_exp(exponent)), expl(x), ldexpl(expl(x), -57) + ldexpl(1, -64));
    }
    g_assert_true(q64_exp2(0) == Q64_ONE);
    g_assert_true(q64_exp2(q64_from_integer(10)) == q64_from_integer(1024));
    g_assert_true(q64_exp2(q64_from_integer(-64)) == 1);
    g_assert_true(q64_exp2(q64_from_integer(-70)) == 0);
    g_assert_true(q64_exp2(q64_from_integer(-64) - 1) == 0); /* a shift by the whole width, were it tried */
    g_assert_true(q64_exp2(q64_from_integer(-65) - Q64_ONE / 2) == 0);
    g_assert_true(q64_exp2(q64_from_integer(63)) > q64_from_integer(INT64_MAX));
    g_assert_true(q64_exp(q64_from_integer(100)) > q64_from_integer(INT64_MAX));
    g_assert_true(q64_exp(q64_from_integer(-100)) == 0);
}

/* e and e^10, to 1 and to some ulp, computed with 400 bits. */
static void exponentials_are_known(void)
{
    q64 error = q64_exp(Q64_ONE) - (q64)((uint128)2 << 64 | 0xb7e151628aed2a6b);
    g_assert_true(error >= -16 && error <= 16);
    error = q64_exp(q64_from_integer(-1)) - (q64)0x5e2d58d8b3bcdf1b;
    g_assert_true(error >= -4 && error <= 4);
}

static void scaling_rounds_and_saturates(void)
{
    g_assert_cmpint(scale_by_exp2(100, 0), ==, 100);
    g_assert_cmpint(scale_by_exp2(3, q64_from_integer(-1)), ==, 2);
    g_assert_cmpint(scale_by_exp2(1, q64_from_integer(62)), ==, (int64_t)1 << 62);
    g_assert_cmpint(scale_by_exp2(1, q64_from_integer(63)), ==, INT64_MAX);
    g_assert_cmpint(scale_by_exp2(1000000, q64_from_integer(60)), ==, INT64_MAX);
    g_assert_cmpint(scale_by_exp2(1000, Q64_ONE / 2), ==, 1414);
    g_assert_cmpint(scale_by_exp2(UINT64_MAX, q64_from_integer(-64)), ==, 1);
    g_assert_cmpint(scale_by_exp2(5, q64_from_integer(-300)), ==, 0);
    g_assert_cmpint(scale_by_exp2(0, q64_from_integer(300)), ==, 0);
}

static void powers_are_close(void)
{
    near(real(q64_power(q64_from_integer(10), q64_from_integer(3))), 1000, ldexpl(3000, -58));
    near(real(q64_power(Q64_ONE / 2, fixed(1.16L))), powl(.5L, 1.16L), ldexpl(1, -58));
    near(real(q64_power(q64_from_integer(7), fixed(-2.5L))), powl(7, -2.5L), ldexpl(2.5L, -58));
}

static void products_and_quotients(void)
{
    for (uint64_t i = 0; i < 200000; i++) {
        q64 a = any_positive(2 * i) >> 64, b = any_positive(2 * i + 1) >> 33;
        long double product = real(a) * real(b);
        near(real(q64_multiply(a, -b)), -product, ldexpl(1, -64) + ldexpl(product, -62));
        if (b > (q64)1 << 40) {
            long double quotient = real(a) / real(b);
            near(real(q64_divide(-a, b)), -quotient, ldexpl(1, -64) + ldexpl(quotient, -62));
        }
    }
    g_assert_true(q64_divide(q64_from_integer(1), q64_from_integer(4)) == Q64_ONE / 4);
    g_assert_true(q64_divide(q64_from_integer(-6), q64_from_integer(-4)) == Q64_ONE * 3 / 2);
    g_assert_true(q64_multiply(q64_from_integer(-3), Q64_ONE / 2) == -Q64_ONE * 3 / 2);
    g_assert_true(q64_from_ratio((struct ratio){7, 2}) == Q64_ONE * 7 / 2);
    g_assert_cmpint(q64_round(Q64_ONE * 5 / 2), ==, 3);
    g_assert_cmpint(q64_round(-Q64_ONE * 9 / 4), ==, -2);
}

/* root^2 <= value < (root + 1)^2 for numbers of every length and around squares. */
static void roots_are_exact(void)
{
    for (uint64_t i = 0; i < 200000; i++) {
        uint128 value = (uint128)any_positive(i) << (i & 1);
        uint128 root_of = integer_sqrt(value);
        g_assert_true(root_of * root_of <= value);
        g_assert_true(root_of == UINT64_MAX || (root_of + 1) * (root_of + 1) > value);
        long double expected = sqrtl(real((q64)(value >> 1)));
        near(real(q64_sqrt((q64)(value >> 1))), expected, ldexpl(expected, -62) + ldexpl(1, -64));
    }
    for (uint64_t root_of = 1; root_of < 1ull << 63; root_of = root_of * 3 + 1) {
        g_assert_cmpuint(integer_sqrt((uint128)root_of * root_of), ==, root_of);
        g_assert_cmpuint(integer_sqrt((uint128)root_of * root_of - 1), ==, root_of - 1);
    }
    g_assert_cmpuint(integer_sqrt(~(uint128)0), ==, UINT64_MAX);
    g_assert_cmpuint(integer_sqrt(0), ==, 0);
}

/* The distribution function of the quantile is the probability: relative 2^-46 over the centre and both tails. */
static void normal_quantile_inverts(void)
{
    for (uint64_t i = 0; i < 400000; i++) {
        uint64_t draw = random_at(&root, RANDOM_TEST, 3, i) >> (i % 60);
        long double p = ldexpl((long double)draw + .5L, -64);
        long double z = real(q64_normal_quantile(draw));
        near(erfcl(-z / sqrtl(2)) / 2, p, ldexpl(p, -44));
        g_assert_true(q64_normal_quantile(~draw) == -q64_normal_quantile(draw));
    }
}

/* Quantiles of .75, .975, .999 and 1e-10, as printed in tables: 0.67448975, 1.95996398, 3.09023231, -6.36134090. */
static void normal_quantile_is_known(void)
{
    static const struct {
        long double p, z, bound; /* 2^-64 is coarse in the tail */
    } known[] = {{.75L, .674489750196081743L, 1e-15L},
                 {.975L, 1.95996398454005424L, 1e-15L},
                 {.999L, 3.09023230616781354L, 1e-15L},
                 {1e-10L, -6.36134090240405620L, 5e-11L}};
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        near(real(q64_normal_quantile((uint64_t)ldexpl(known[i].p, 64))), known[i].z, known[i].bound);
    g_assert_true(q64_normal_quantile(0) < q64_from_integer(-9));
    g_assert_true(q64_normal_quantile(UINT64_MAX) > q64_from_integer(9));
}

static void angles_are_close(void)
{
    for (uint64_t i = 0; i < 200000; i++) {
        int32_t angle = (int32_t)random_at(&root, RANDOM_TEST, 4, i);
        long double radians = (long double)(angle % 360000000) / 180e6L * acosl(-1);
        near(ldexpl((long double)q62_sin_microdegree(angle), -62), sinl(radians), ldexpl(1, -58));
        near(ldexpl((long double)q62_cos_microdegree(angle), -62), cosl(radians), ldexpl(1, -58));
        q62 sine = (q62)random_at(&root, RANDOM_TEST, 5, i) >> 1;
        if (sine >= -Q62_ONE && sine <= Q62_ONE)
            near(ldexpl((long double)q62_asin(sine), -62), asinl(ldexpl((long double)sine, -62)), ldexpl(1, -57));
    }
    g_assert_cmpint(q62_sin_microdegree(90000000), ==, Q62_ONE);
    g_assert_cmpint(q62_sin_microdegree(-90000000), ==, -Q62_ONE);
    g_assert_cmpint(q62_cos_microdegree(0), ==, Q62_ONE);
    g_assert_cmpint(q62_sin_microdegree(0), ==, 0);
    near(ldexpl((long double)q62_sin_microdegree(30000000), -62), .5L, ldexpl(1, -60));
}

static long double haversine_m(struct place a, struct place b)
{
    long double degree = acosl(-1) / 180e6L;
    long double north = sinl((a.latitude_microdegree - b.latitude_microdegree) * degree / 2);
    long double east = sinl((a.longitude_microdegree - b.longitude_microdegree) * degree / 2);
    return 2 * 6371009.0L *
           asinl(sqrtl(north * north +
                       cosl(a.latitude_microdegree * degree) * cosl(b.latitude_microdegree * degree) * east * east));
}

/* 100,000 pairs of places agree with the formula in long double, to the rounding to a metre. */
static void distances_are_close(void)
{
    struct random_stream stream;
    random_stream_init(&stream, &root, RANDOM_TEST, 6);
    for (int i = 0; i < 100000; i++) {
        struct place a = {(int32_t)random_below(&stream, 180000001) - 90000000,
                          (int32_t)random_below(&stream, 360000001) - 180000000};
        struct place b = {(int32_t)random_below(&stream, 180000001) - 90000000,
                          (int32_t)random_below(&stream, 360000001) - 180000000};
        if (i & 1)
            b = (struct place){a.latitude_microdegree / 2, a.longitude_microdegree + 10};
        near((long double)great_circle_m(a, b), haversine_m(a, b), .5001L);
        g_assert_cmpuint(great_circle_m(a, b), ==, great_circle_m(b, a));
    }
}

/* Half the equator and pole to pole are pi R = 20,015,115 m; a millionth of a degree is 0.11 m; Paris to New York. */
static void distances_are_known(void)
{
    g_assert_cmpuint(great_circle_m((struct place){0, -90000000}, (struct place){0, 90000000}), ==, 20015115);
    g_assert_cmpuint(great_circle_m((struct place){90000000, 5}, (struct place){-90000000, 7}), ==, 20015115);
    g_assert_cmpuint(great_circle_m((struct place){48856600, 2352200}, (struct place){48856600, 2352200}), ==, 0);
    g_assert_cmpuint(great_circle_m((struct place){0, 0}, (struct place){9, 0}), ==, 1);
    uint64_t paris_new_york_m = great_circle_m((struct place){48856600, 2352200}, (struct place){40712800, -74006000});
    g_assert_cmpuint(paris_new_york_m, >, 5836000);
    g_assert_cmpuint(paris_new_york_m, <, 5839000);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/fixed/logarithms are close", logarithms_are_close);
    g_test_add_func("/fixed/logarithms are known", logarithms_are_known);
    g_test_add_func("/fixed/logarithm is monotone", logarithm_is_monotone);
    g_test_add_func("/fixed/exponentials are close", exponentials_are_close);
    g_test_add_func("/fixed/exponentials are known", exponentials_are_known);
    g_test_add_func("/fixed/scaling rounds and saturates", scaling_rounds_and_saturates);
    g_test_add_func("/fixed/powers are close", powers_are_close);
    g_test_add_func("/fixed/products and quotients", products_and_quotients);
    g_test_add_func("/fixed/roots are exact", roots_are_exact);
    g_test_add_func("/fixed/normal quantile inverts", normal_quantile_inverts);
    g_test_add_func("/fixed/normal quantile is known", normal_quantile_is_known);
    g_test_add_func("/fixed/angles are close", angles_are_close);
    g_test_add_func("/fixed/distances are close", distances_are_close);
    g_test_add_func("/fixed/distances are known", distances_are_known);
    return g_test_run();
}
