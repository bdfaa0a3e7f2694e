/* SPDX-License-Identifier: MIT */
#include "base/assert.h"
#include "base/fixed.h"

#define DEGREE      1000000
#define PI_Q62      0xc90fdaa22168c235 /* does not fit a q62, which ends at 2 */
#define DIAMETER_M  12742018
#define Q62_PRODUCT ((uint128)Q62_ONE << 62) /* 1 as the product of two q62 */

static q62 q62_multiply(q62 a, q62 b)
{
    return (q62)(((int128)a * b) >> 62);
}

/* Taylor's series from `term`, each further term being -square / (n (n + 1)) of the one before. */
static q62 alternating_series(q62 term, q62 square, int n)
{
    q62 sum = 0;
    for (; term != 0 && term != -1; n += 2) {
        sum += term;
        term = -q62_multiply(term, square) / (n * (n + 1));
    }
    return sum;
}

/* Sine of 0 to 90 degrees, by the series of whichever of sine and cosine has its angle below 45 degrees. */
static q62 sin_of_quadrant(int32_t angle_microdegree)
{
    bool complement = angle_microdegree > 45 * DEGREE;
    int32_t angle = complement ? 90 * DEGREE - angle_microdegree : angle_microdegree;
    q62 radians = (q62)((uint128)(uint32_t)angle * PI_Q62 / (180 * DEGREE));
    q62 square = q62_multiply(radians, radians);
    return complement ? alternating_series(Q62_ONE, square, 1) : alternating_series(radians, square, 2);
}

q62 q62_sin_microdegree(int32_t angle_microdegree)
{
    int32_t angle = angle_microdegree % (360 * DEGREE);
    if (angle < 0)
        angle += 360 * DEGREE;
    bool negative = angle >= 180 * DEGREE;
    angle -= negative ? 180 * DEGREE : 0;
    q62 sine = sin_of_quadrant(angle > 90 * DEGREE ? 180 * DEGREE - angle : angle);
    return negative ? -sine : sine;
}

q62 q62_cos_microdegree(int32_t angle_microdegree)
{
    return q62_sin_microdegree(angle_microdegree % (360 * DEGREE) + 90 * DEGREE);
}

/* tan(a / 2) = tan(a) / (1 + sqrt(1 + tan(a)^2)). */
static q62 tangent_of_half(q62 tangent)
{
    uint64_t secant = integer_sqrt(Q62_PRODUCT + (uint128)tangent * (uint128)tangent);
    return (q62)(((uint128)tangent << 62) / ((uint64_t)Q62_ONE + secant));
}

/* tan = sin / (1 + cos) of the half angle, halved twice more to stay below tan(pi / 16); then the series of atan. */
static q62 asin_of_positive(q62 sine)
{
    uint64_t cosine = integer_sqrt(Q62_PRODUCT - (uint128)sine * (uint128)sine);
    q62 tangent = (q62)(((uint128)sine << 62) / ((uint64_t)Q62_ONE + cosine));
    tangent = tangent_of_half(tangent_of_half(tangent));
    q62 square = q62_multiply(tangent, tangent), power = tangent, sum = 0;
    for (int n = 1; power != 0 && power != -1; n += 2) {
        sum += power / n;
        power = -q62_multiply(power, square);
    }
    return 8 * sum;
}

q62 q62_asin(q62 value)
{
    REQUIRE(value >= -Q62_ONE && value <= Q62_ONE);
    return value < 0 ? -asin_of_positive(-value) : asin_of_positive(value);
}

/* sin(angle / 2)^2 = (1 - cos(angle)) / 2, the "haversine". */
static q62 haversine(int32_t angle_microdegree)
{
    return Q62_ONE / 2 - q62_cos_microdegree(angle_microdegree) / 2;
}

uint64_t great_circle_m(struct place a, struct place b)
{
    q62 between = haversine(a.latitude_microdegree - b.latitude_microdegree);
    q62 cosines =
        q62_multiply(q62_cos_microdegree(a.latitude_microdegree), q62_cos_microdegree(b.latitude_microdegree));
    between += q62_multiply(cosines, haversine(a.longitude_microdegree - b.longitude_microdegree));
    if (between > Q62_ONE)
        between = Q62_ONE;
    q62 half_angle = q62_asin((q62)integer_sqrt((uint128)between << 62));
    return (uint64_t)(((uint128)half_angle * DIAMETER_M + ((uint64_t)Q62_ONE >> 1)) >> 62);
}
