/* SPDX-License-Identifier: MIT */
#include "base/fixed.h"

#define Q64(whole, fraction) ((uint128)(whole) << 64 | (fraction))

/* Coefficients of AS 241, PPND16, in 2^-64, from the constant term upwards: centre, tail, far tail. */
static const uint128 centre_above[8] = {
    Q64(0x3, 0x631b23d3ddeea48a),    Q64(0x85, 0x244458d21b6f6091),   Q64(0x7b3, 0x974884f0331a5b99),
    Q64(0x35a3, 0xb19a9dce3a728de0), Q64(0xb361, 0xf434dba9520c5777), Q64(0x106c1, 0xc55b78f1f9284b2d),
    Q64(0x8296, 0x9359722f1fe22b93), Q64(0x9cd, 0x14b7bec92f06434f),
};

static const uint128 centre_below[8] = {
    Q64(0x1, 0x0000000000000000),    Q64(0x2a, 0x503670dc3569ffd3),   Q64(0x2af, 0x2fdfb9167ee5ecf6),
    Q64(0x1512, 0x322e75c89f0fa5c0), Q64(0x52dd, 0xcb5759499714c61b), Q64(0x998b, 0xe55327a5f2226f75),
    Q64(0x7039, 0x15f2c6b9d7bd7157), Q64(0x146a, 0x7eca984b6925fa38),
};

static const uint128 tail_above[8] = {
    Q64(0x1, 0x6c665fde9526a67b), Q64(0x4, 0xa15dd232ac66a6dd), Q64(0x5, 0xc4fdc518895a9da0),
    Q64(0x3, 0xa5d96347a058855e), Q64(0x1, 0x453cc085375b1c8a), Q64(0x0, 0x3de5577370b86e02),
    Q64(0x0, 0x05d13adb117b19cc), Q64(0x0, 0x0032c2b5816f59d2),
};

static const uint128 tail_below[8] = {
    Q64(0x1, 0x0000000000000000), Q64(0x2, 0x0d9df768d48912de), Q64(0x1, 0xad278e65266333b5),
    Q64(0x0, 0xb09497919c2e4783), Q64(0x0, 0x25ea246729e07fcc), Q64(0x0, 0x03e40f4fd562f7e6),
    Q64(0x0, 0x0023e3197fbe4e4f), Q64(0x0, 0x00000004834fda19),
};

static const uint128 far_above[8] = {
    Q64(0x6, 0xa86c704fb9499fbe), Q64(0x5, 0x76ba9ba1d400c110), Q64(0x1, 0xc8ea6461fa444f6f),
    Q64(0x0, 0x4beb64c549573d78), Q64(0x0, 0x06cad0464ed3b9ad), Q64(0x0, 0x0051706421094d15),
    Q64(0x0, 0x0001c6ec6cc59e03), Q64(0x0, 0x0000035f6e9ad278),
};

static const uint128 far_below[8] = {
    Q64(0x1, 0x0000000000000000), Q64(0x0, 0x998e9a7e3ebbf4dd), Q64(0x0, 0x230dd6306887f5ca),
    Q64(0x0, 0x03cedf2642a8c545), Q64(0x0, 0x003391792f3b8bad), Q64(0x0, 0x000135c2c496374c),
    Q64(0x0, 0x0000026288dee817), Q64(0x0, 0x000000000000934e),
};

static uint128 polynomial(const uint128 coefficient[8], uint128 at)
{
    uint128 sum = coefficient[7];
    for (int k = 6; k >= 0; k--)
        sum = coefficient[k] + uq64_multiply(sum, at);
    return sum;
}

/* above(at) / below(at) in 2^-60; `below` is at least 1 and the quotient under 8. */
static uint128 rational(const uint128 above[8], const uint128 below[8], uint128 at)
{
    uint128 numerator = polynomial(above, at), denominator = polynomial(below, at);
    unsigned shift = bit_length128(denominator) - 64;
    return (numerator << (60 - shift)) / (uint64_t)(denominator >> shift);
}

/* AS 241's q is `from_middle`, its r is 0.425^2 - q^2. */
static uint128 centre(uint64_t from_middle)
{
    const uint64_t square_of_limit = 0x2e3d70a3d70a3d71; /* 0.180625 */
    uint64_t square = (uint64_t)(((uint128)from_middle * from_middle) >> 64);
    return ((uint128)from_middle * (uint64_t)rational(centre_above, centre_below, square_of_limit - square)) >> 60;
}

/* `odd` is 2^65 times the probability of the tail. AS 241's r is sqrt(-ln(tail)). */
static uint128 tail(uint64_t odd)
{
    q64 root = q64_sqrt(q64_multiply(q64_from_integer(65) - q64_log2_integer(odd), Q64_LN2));
    if (root <= q64_from_integer(5))
        return rational(tail_above, tail_below, (uint128)root - (Q64(1, 0x999999999999999a))) << 4;
    return rational(far_above, far_below, (uint128)(root - q64_from_integer(5))) << 4;
}

q64 q64_normal_quantile(uint64_t draw)
{
    const uint64_t limit = 0x6ccccccccccccccc; /* 0.425 */
    bool negative = draw < 1ull << 63;
    uint64_t odd = 2 * (negative ? draw : ~draw) + 1;
    uint64_t from_middle = -odd >> 1; /* 1/2 - tail */
    uint128 magnitude = from_middle <= limit ? centre(from_middle) : tail(odd);
    return negative ? -(q64)magnitude : (q64)magnitude;
}
