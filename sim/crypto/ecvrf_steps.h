/* SPDX-License-Identifier: MIT */
/*
 * The steps of ECVRF in which the suites differ (RFC 9381, section 5.4); ecvrf.h is what others call. Apart so that
 * tests can compare each step with the intermediate values that RFC 9381 prints in appendix B.
 */
#ifndef POSIM_CRYPTO_ECVRF_STEPS_H
#define POSIM_CRYPTO_ECVRF_STEPS_H

#include "crypto/ecvrf.h"

/* The points that the challenge binds, in the order of RFC 9381, section 5.4.3. */
struct ecvrf_statement {
    struct edwards_point public_key; /* Y */
    struct edwards_point hashed;     /* H */
    struct edwards_point gamma;      /* Gamma */
    struct edwards_point u;          /* k*B, or s*B - c*Y */
    struct edwards_point v;          /* k*H, or s*H - c*Gamma */
};

/* H, a point of the main subgroup (section 5.4.1); `tries`, when not NULL, gets the TAI counter that succeeded. */
struct edwards_point ecvrf_encode_to_curve(enum ecvrf_suite suite, const struct edwards_point *public_key,
                                           const void *alpha, size_t length, int *tries);

/* k (section 5.4.2.2). */
struct edwards_scalar ecvrf_nonce(const struct ecvrf_key_pair *pair, const struct edwards_point *hashed);

/* c, 128 bits (section 5.4.3). */
struct edwards_scalar ecvrf_challenge(enum ecvrf_suite suite, const struct ecvrf_statement *statement);

/* beta (section 5.2, from step 5). */
struct ecvrf_output ecvrf_gamma_to_hash(enum ecvrf_suite suite, const struct edwards_point *gamma);

#endif
