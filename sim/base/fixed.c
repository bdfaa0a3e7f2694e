/* SPDX-License-Identifier: MIT */
#include "base/fixed.h"

#include "base/assert.h"

#define LARGEST_Q64 ((q64)(~(uint128)0 >> 1))

/*
 * Logarithm. The mantissa v in [1, 2) is multiplied by a rounded reciprocal of the middle of its 64th, so that
 * v * reciprocal = 1 + r with |r| < 2^-6.9, and log2(1 + r) is a polynomial. The tables are 2^16 / (1 + (i + 1/2) / 64)
 * and minus the logarithm of what that was rounded to, in 2^-64; the tests compute both again.
 */
static const uint16_t reciprocal[64] = {
    65028, 64035, 63072, 62138, 61231, 60350, 59494, 58662, 57852, 57065, 56299, 55554, 54828, 54120, 53431, 52759,
    52103, 51464, 50840, 50231, 49637, 49056, 48489, 47935, 47393, 46864, 46346, 45839, 45344, 44859, 44384, 43919,
    43464, 43019, 42582, 42154, 41734, 41323, 40920, 40525, 40137, 39756, 39383, 39017, 38657, 38304, 37958, 37617,
    37283, 36954, 36631, 36314, 36003, 35696, 35395, 35099, 34808, 34521, 34239, 33962, 33689, 33421, 33157, 32897,
};

static const uint64_t minus_log2_reciprocal[64] = {
    0x02dfbe8c3a5c9efc, 0x088eab47bcd34657, 0x0e2759b1ae750325, 0x13a9f062a91011ef, 0x191830e69b4ad0ba,
    0x1e7272e1dcb45d52, 0x23b91e7467aab319, 0x28ecac98e83b873e, 0x2e0f49def0ff0dd5, 0x331e52fc15891694,
    0x381c121373eb5f4a, 0x3d0793145a2855ec, 0x41e35024db98f1f6, 0x46b02ddf8fdf9710, 0x4b6b99b46f1c9bc2,
    0x5018464a7ca6205b, 0x54b74013b8825545, 0x5945fa51ce3d1450, 0x5dc761ff440ac558, 0x623acb3e02457d0e,
    0x669f870cddc68cf1, 0x6af8be3b259c7732, 0x6f43eb64e1c9006d, 0x7382613bb4ecd718, 0x77b586ee25316a97,
    0x7bdacf4d112166b6, 0x7ff5b27a3301a674, 0x8405b4710df5221c, 0x880841358c3d4793, 0x8c00fe591caa87fb,
    0x8fef7aed9d2885bd, 0x93d3441e95bea2fc, 0x97abe544711600d8, 0x9b78e7f9d4eccf7c, 0x9f3e4502b8d46fb3,
    0xa2f967200d5fb417, 0xa6ac285eb09671ff, 0xaa53e4ecf74e52ce, 0xadf27f7af0bf7b1d, 0xb1879b28a62b6810,
    0xb51534d0586785c6, 0xb89afe4dbfd57252, 0xbc1641ac197c17f9, 0xbf89096f2bec1c72, 0xc2f5760d610b15c4,
    0xc658ce2f82fd4146, 0xc9b2be08f80b48cc, 0xcd07f7aac1fb5c68, 0xd05335805d328d3e, 0xd3993ec6936c0edb,
    0xd6d749bb00eda538, 0xda0d0f2a5a24ae77, 0xdd3a470b43820f98, 0xe063f4a3a94596f9, 0xe3849941f1231743,
    0xe69e9c197af2fc9e, 0xe9b1c3556cee552e, 0xecc0918f381803d1, 0xefc819f14e20baed, 0xf2c820944bf271cd,
    0xf5c3376370a011c6, 0xf8b65e477630d981, 0xfba4317b7cf39f33, 0xfe8c83f2e1bbb3fd,
};

/* log2(e) * (-1)^(k+1) / k in 2^-62, for k = 1 to 8: log2(1 + r) = r * (c1 + c2 r + ...). */
static const int64_t log2_coefficient[8] = {
    6653256548922161246, -3326628274461080623, 2217752182974053749, -1663314137230540311,
    1330651309784432249, -1108876091487026874, 950465221274594464,  -831657068615270156,
};

q64 q64_log2_integer(uint128 value)
{
    REQUIRE(value > 0);
    unsigned length = bit_length128(value);
    uint128 normal = value << (128 - length); /* v * 2^127 */
    uint64_t mantissa = (uint64_t)(normal >> 64);
    q64 whole = q64_from_integer((int64_t)length - 1);
    if (normal == (uint128)1 << 127)
        return whole;
    unsigned index = mantissa >> 57 & 63;
    uint128 product = (uint128)mantissa * reciprocal[index] + (((uint128)(uint64_t)normal * reciprocal[index]) >> 64);
    int64_t rest = (int64_t)(((int128)product - ((int128)1 << 79)) >> 10); /* r in 2^-69 */
    int64_t sum = log2_coefficient[7];
    for (int k = 6; k >= 0; k--)
        sum = log2_coefficient[k] + (int64_t)(((int128)sum * rest) >> 69);
    return whole + minus_log2_reciprocal[index] + (((int128)sum * rest) >> 67);
}

q64 q64_log2(q64 value)
{
    REQUIRE(value > 0);
    return q64_log2_integer((uint128)value) - q64_from_integer(64);
}

q64 q64_ln(q64 value)
{
    return q64_multiply(q64_log2(value), Q64_LN2);
}

/* 2^(i / 64) in 2^-63, rounded down. */
static const uint64_t power_of_two[64] = {
    0x8000000000000000, 0x8164d1f3bc030773, 0x82cd8698ac2ba1d7, 0x843a28c3acde4046, 0x85aac367cc487b14,
    0x871f61969e8d1010, 0x88980e8092da8527, 0x8a14d575496efd9a, 0x8b95c1e3ea8bd6e6, 0x8d1adf5b7e5ba9e5,
    0x8ea4398b45cd53c0, 0x9031dc431466b1dc, 0x91c3d373ab11c336, 0x935a2b2f13e6e92b, 0x94f4efa8fef70961,
    0x96942d3720185a00, 0x9837f0518db8a96f, 0x99e0459320b7fa64, 0x9b8d39b9d54e5538, 0x9d3ed9a72cffb750,
    0x9ef5326091a111ad, 0xa0b0510fb9714fc2, 0xa27043030c496818, 0xa43515ae09e6809e, 0xa5fed6a9b15138ea,
    0xa7cd93b4e9653569, 0xa9a15ab4ea7c0ef8, 0xab7a39b5a93ed337, 0xad583eea42a14ac6, 0xaf3b78ad690a4374,
    0xb123f581d2ac258f, 0xb311c412a9112489, 0xb504f333f9de6484, 0xb6fd91e328d17791, 0xb8fbaf4762fb9ee9,
    0xbaff5ab2133e45fb, 0xbd08a39f580c36be, 0xbf1799b67a731082, 0xc12c4cca66709456, 0xc346ccda24976407,
    0xc5672a115506dadd, 0xc78d74c8abb9b15c, 0xc9b9bd866e2f27a2, 0xcbec14fef2727c5c, 0xce248c151f8480e3,
    0xd06333daef2b2594, 0xd2a81d91f12ae45a, 0xd4f35aabcfedfa1f, 0xd744fccad69d6af4, 0xd99d15c278afd7b5,
    0xdbfbb797daf23755, 0xde60f4825e0e9123, 0xe0ccdeec2a94e111, 0xe33f8972be8a5a51, 0xe5b906e77c8348a8,
    0xe8396a503c4bdc68, 0xeac0c6e7dd24392e, 0xed4f301ed9942b84, 0xefe4b99bdcdaf5cb, 0xf281773c59ffb139,
    0xf5257d152486cc2c, 0xf7d0df730ad13bb8, 0xfa83b2db722a033a, 0xfd3e0c0cf486c174,
};

/* ln(2)^k / k! in 2^-64, for k = 1 to 7: 2^r - 1 = r * (c1 + c2 r + ...). */
static const uint64_t exp2_coefficient[7] = {
    0xb17217f7d1cf79ac, 0x3d7f7bff058b1d51, 0x0e35846b82505fc6, 0x0276556df749cee5,
    0x005761ff9e299cc4, 0x000a184897c363c4, 0x0000ffe5fe2c4586,
};

struct scaled scaled_exp2(q64 exponent)
{
    q64 whole = exponent >> 64;
    REQUIRE(whole > INT32_MIN && whole < INT32_MAX);
    uint64_t fraction = (uint64_t)exponent;
    uint64_t rest = fraction << 6; /* below 1/64, in 2^-70 */
    uint64_t sum = exp2_coefficient[6];
    for (int k = 5; k >= 0; k--)
        sum = exp2_coefficient[k] + (uint64_t)(((uint128)sum * rest) >> 70);
    uint64_t more = (uint64_t)(((uint128)sum * rest) >> 70);
    uint64_t base = power_of_two[fraction >> 58];
    return (struct scaled){base + (uint64_t)(((uint128)base * more) >> 64), (int)whole};
}

q64 q64_exp2(q64 exponent)
{
    if (exponent >= q64_from_integer(63))
        return LARGEST_Q64;
    if (exponent < q64_from_integer(-64))
        return 0;
    struct scaled power = scaled_exp2(exponent);
    int shift = power.exponent + 1; /* of the mantissa, to 64 places */
    return shift >= 0 ? (q64)power.mantissa << shift : (q64)(power.mantissa >> -shift);
}

q64 q64_exp(q64 exponent)
{
    if (exponent >= q64_from_integer(64))
        return LARGEST_Q64;
    if (exponent <= q64_from_integer(-64))
        return 0;
    return q64_exp2(q64_multiply(exponent, Q64_LOG2E));
}

q64 q64_power(q64 base, q64 exponent)
{
    return q64_exp2(q64_multiply(q64_log2(base), exponent));
}

int64_t scale_by_exp2(uint64_t amount, q64 exponent)
{
    if (amount == 0 || exponent < q64_from_integer(-66))
        return 0;
    if (exponent >= q64_from_integer(64))
        return INT64_MAX;
    struct scaled power = scaled_exp2(exponent);
    uint128 product = (uint128)amount * power.mantissa; /* in 2^(exponent - 63) */
    int shift = 63 - power.exponent;
    if (shift > 127)
        return 0;
    if (shift <= 0)
        return bit_length128(product) - shift > 63 ? INT64_MAX : (int64_t)(product << -shift);
    uint128 rounded = (product >> shift) + (product >> (shift - 1) & 1);
    return rounded > INT64_MAX ? INT64_MAX : (int64_t)rounded;
}

q64 q64_divide(q64 a, q64 b)
{
    REQUIRE(b != 0);
    uint128 dividend = a < 0 ? -(uint128)a : (uint128)a;
    uint128 divisor = b < 0 ? -(uint128)b : (uint128)b;
    uint128 quotient = dividend / divisor, rest = dividend % divisor;
    for (int place = 0; place < 64; place++) { /* the divisor is at most 2^127, so the doubled rest fits */
        rest <<= 1;
        quotient <<= 1;
        if (rest >= divisor) {
            rest -= divisor;
            quotient |= 1;
        }
    }
    return (a < 0) != (b < 0) ? -(q64)quotient : (q64)quotient;
}

uint64_t integer_sqrt(uint128 value)
{
    if (value == 0)
        return 0;
    unsigned half = (bit_length128(value) + 1) / 2;
    uint128 root = (uint128)1 << half; /* not below the root: Newton's steps fall until they pass it */
    for (;;) {
        uint128 next = (root + value / root) >> 1;
        if (next >= root)
            return (uint64_t)root;
        root = next;
    }
}

q64 q64_sqrt(q64 value)
{
    REQUIRE(value >= 0);
    if (value == 0)
        return 0;
    unsigned shift = (128 - bit_length128((uint128)value)) & ~1u; /* even, so that its half is whole */
    uint64_t root = integer_sqrt((uint128)value << shift); /* sqrt(value * 2^shift), wanted: sqrt(value * 2^64) */
    return shift >= 64 ? (q64)(root >> (shift - 64) / 2) : (q64)root << (64 - shift) / 2;
}
