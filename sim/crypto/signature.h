/* SPDX-License-Identifier: MIT */
/*
 * Ed25519 signatures (RFC 8032, PureEdDSA) for scenarios with real cryptography. A key pair is made from a 32-byte seed
 * and nothing else; signing is deterministic. Verification follows libsodium: it refuses s >= L, public keys and R of
 * small order, and encodings that are not canonical. Pure functions, callable at any time; the caller owns all memory.
 */
#ifndef POSIM_CRYPTO_SIGNATURE_H
#define POSIM_CRYPTO_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct public_key {
    uint8_t bytes[32];
};

struct signature {
    uint8_t bytes[64];
};

struct signature_key_pair {
    struct public_key public_key;
    uint8_t secret[64]; /* the seed and the public key, as libsodium keeps them */
};

void signature_key_pair_init(struct signature_key_pair *pair, const uint8_t seed[32]);

struct signature signature_sign(const struct signature_key_pair *pair, const void *message, size_t length);

bool signature_verify(const struct public_key *key, const void *message, size_t length,
                      const struct signature *signature);

#endif
