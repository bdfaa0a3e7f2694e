/* SPDX-License-Identifier: MIT */
#include "crypto/edwards25519.h"

#include "base/assert.h"

#include <sodium.h>
#include <string.h>

/* The base point, y = 4/5 with even x. */
const struct edwards_point edwards_base = {{0x58, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
                                            0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
                                            0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66}};
const struct edwards_point edwards_identity = {{1}};

/*
 * Adding the identity decodes the point and encodes it again: libsodium refuses what is not on the curve, and an
 * encoding that was not canonical (y >= p, or x = 0 with the sign set) comes back changed.
 */
bool edwards_point_is_valid(const struct edwards_point *point)
{
    struct edwards_point again;
    return crypto_core_ed25519_add(again.bytes, point->bytes, edwards_identity.bytes) == 0 &&
           edwards_point_equal(&again, point);
}

bool edwards_point_equal(const struct edwards_point *a, const struct edwards_point *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

struct edwards_point edwards_add(const struct edwards_point *a, const struct edwards_point *b)
{
    struct edwards_point sum;
    int status = crypto_core_ed25519_add(sum.bytes, a->bytes, b->bytes);
    REQUIRE(status == 0);
    return sum;
}

struct edwards_point edwards_subtract(const struct edwards_point *a, const struct edwards_point *b)
{
    struct edwards_point difference;
    int status = crypto_core_ed25519_sub(difference.bytes, a->bytes, b->bytes);
    REQUIRE(status == 0);
    return difference;
}

static bool scalar_bit(const struct edwards_scalar *scalar, int bit)
{
    return scalar->bytes[bit / 8] >> (bit % 8) & 1;
}

/* Double and add: a hundred times slower, for the rare points and scalars that libsodium refuses. */
static struct edwards_point multiply_any(const struct edwards_scalar *scalar, const struct edwards_point *point)
{
    struct edwards_point product = edwards_identity;
    int bit = 254;
    while (bit >= 0 && !scalar_bit(scalar, bit))
        bit--;
    for (; bit >= 0; bit--) {
        product = edwards_add(&product, &product);
        if (scalar_bit(scalar, bit))
            product = edwards_add(&product, point);
    }
    return product;
}

struct edwards_point edwards_multiply(const struct edwards_scalar *scalar, const struct edwards_point *point)
{
    REQUIRE(scalar->bytes[31] < 0x80);
    struct edwards_point product;
    int status = edwards_point_equal(point, &edwards_base)
                     ? crypto_scalarmult_ed25519_base_noclamp(product.bytes, scalar->bytes)
                     : crypto_scalarmult_ed25519_noclamp(product.bytes, scalar->bytes, point->bytes);
    return status == 0 ? product : multiply_any(scalar, point);
}

struct edwards_point edwards_clear_cofactor(const struct edwards_point *point)
{
    struct edwards_point twice = edwards_add(point, point);
    struct edwards_point four_times = edwards_add(&twice, &twice);
    return edwards_add(&four_times, &four_times);
}

struct edwards_scalar edwards_scalar_reduce(const uint8_t wide[64])
{
    struct edwards_scalar reduced;
    crypto_core_ed25519_scalar_reduce(reduced.bytes, wide);
    return reduced;
}

struct edwards_scalar edwards_scalar_multiply_add(const struct edwards_scalar *a, const struct edwards_scalar *b,
                                                  const struct edwards_scalar *c)
{
    struct edwards_scalar result;
    crypto_core_ed25519_scalar_mul(result.bytes, a->bytes, b->bytes);
    crypto_core_ed25519_scalar_add(result.bytes, result.bytes, c->bytes);
    return result;
}

bool edwards_scalar_is_canonical(const struct edwards_scalar *scalar)
{
    uint8_t wide[64] = {0};
    memcpy(wide, scalar->bytes, sizeof scalar->bytes);
    struct edwards_scalar reduced = edwards_scalar_reduce(wide);
    return memcmp(reduced.bytes, scalar->bytes, sizeof reduced.bytes) == 0;
}
