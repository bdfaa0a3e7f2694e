/* SPDX-License-Identifier: MIT */
/*
 * Points of edwards25519 as 32-byte encodings (RFC 8032, section 5.1.2), on libsodium's arithmetic: no field element is
 * ever touched here. libsodium multiplies only points of the main subgroup; these functions take every point of the
 * curve, since a proof made by an adversary may hold one. Scalars are 32 bytes, little endian. Pure functions; results
 * may overlap arguments.
 */
#ifndef POSIM_CRYPTO_EDWARDS25519_H
#define POSIM_CRYPTO_EDWARDS25519_H

#include <stdbool.h>
#include <stdint.h>

struct edwards_point {
    uint8_t bytes[32];
};

struct edwards_scalar {
    uint8_t bytes[32];
};

extern const struct edwards_point edwards_base;
extern const struct edwards_point edwards_identity;

/* Whether the bytes are the canonical encoding of a point of the curve, of whatever order. */
bool edwards_point_is_valid(const struct edwards_point *point);

bool edwards_point_equal(const struct edwards_point *a, const struct edwards_point *b);

/* a + b and a - b; both must be valid. */
struct edwards_point edwards_add(const struct edwards_point *a, const struct edwards_point *b);
struct edwards_point edwards_subtract(const struct edwards_point *a, const struct edwards_point *b);

/* scalar * point for a scalar below 2^255, not clamped; the point must be valid. Fast in the main subgroup only. */
struct edwards_point edwards_multiply(const struct edwards_scalar *scalar, const struct edwards_point *point);

/* 8 * point, always in the main subgroup. The point must be valid. */
struct edwards_point edwards_clear_cofactor(const struct edwards_point *point);

/* A 512-bit integer modulo the group order L. */
struct edwards_scalar edwards_scalar_reduce(const uint8_t wide[64]);

/* a * b + c modulo L. */
struct edwards_scalar edwards_scalar_multiply_add(const struct edwards_scalar *a, const struct edwards_scalar *b,
                                                  const struct edwards_scalar *c);

/* Whether scalar < L. */
bool edwards_scalar_is_canonical(const struct edwards_scalar *scalar);

#endif
