/* SPDX-License-Identifier: MIT */
/*
 * Verifiable random functions on edwards25519 (ECVRF, RFC 9381): the holder of a key computes one output of 64 bytes
 * for each input alpha, and a proof of 80 bytes that anybody can verify with the public key. Two suites: RFC 9381's
 * ECVRF-EDWARDS25519-SHA512-TAI, and that of draft-irtf-cfrg-vrf-03 which Cardano (Praos) and Algorand run. README.md
 * says why RFC 9381's -ELL2 and the batch-compatible proofs are not here. Pure functions, callable at any time; the
 * caller owns all memory. The functions take whatever bytes an adversary sends.
 */
#ifndef POSIM_CRYPTO_ECVRF_H
#define POSIM_CRYPTO_ECVRF_H

#include "crypto/edwards25519.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ecvrf_suite {
    ECVRF_TAI,      /* ECVRF-EDWARDS25519-SHA512-TAI: RFC 9381, section 5.5, suite_string 0x03 */
    ECVRF_DRAFT_03, /* ECVRF-ED25519-SHA512-Elligator2: draft-irtf-cfrg-vrf-03, section 5.5, suite_string 0x04 */
};

#define ECVRF_PROOF_SIZE  80
#define ECVRF_OUTPUT_SIZE 64

struct ecvrf_key_pair {
    struct edwards_point public_key; /* Y = secret * B */
    struct edwards_scalar secret;    /* x, clamped as in RFC 8032, section 5.1.5 */
    uint8_t nonce_key[32];           /* the other half of the hashed seed */
};

/* Gamma (32 bytes), c (16), s (32). */
struct ecvrf_proof {
    uint8_t bytes[ECVRF_PROOF_SIZE];
};

/* What RFC 9381 calls beta. */
struct ecvrf_output {
    uint8_t bytes[ECVRF_OUTPUT_SIZE];
};

/* The seed is what RFC 9381 calls SK; the public key is the Ed25519 one of the same seed. */
void ecvrf_key_pair_init(struct ecvrf_key_pair *pair, const uint8_t seed[32]);

/* The output alone, at a third of the cost of a proof: enough to see whether a lottery was won. */
struct ecvrf_output ecvrf_evaluate(enum ecvrf_suite suite, const struct ecvrf_key_pair *pair, const void *alpha,
                                   size_t length);

/* Section 5.1. */
struct ecvrf_proof ecvrf_prove(enum ecvrf_suite suite, const struct ecvrf_key_pair *pair, const void *alpha,
                               size_t length);

/* Section 5.2: false when the proof does not decode. Says nothing of its validity. */
bool ecvrf_proof_to_hash(enum ecvrf_suite suite, const struct ecvrf_proof *proof, struct ecvrf_output *output);

/* Section 5.3 with validate_key = TRUE; `output` is written when the proof is valid, and may be NULL. */
bool ecvrf_verify(enum ecvrf_suite suite, const struct edwards_point *public_key, const void *alpha, size_t length,
                  const struct ecvrf_proof *proof, struct ecvrf_output *output);

/* Section 5.4.5: a point of the curve, canonically encoded, whose order is not small. */
bool ecvrf_key_is_valid(const struct edwards_point *public_key);

#endif
