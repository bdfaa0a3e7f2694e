/* SPDX-License-Identifier: MIT */
/*
 * One interface for the two ways to draw private lotteries, which a scenario chooses by `crypto: real | ideal`. A real
 * provider computes and verifies ECVRF proofs with keys drawn from the world's seed; an ideal one looks outputs up in a
 * keyed stream and verifies by looking again. What is elected from the outputs has the same distribution.
 *
 * Make one provider a world, before its first slot, and free it with the world. It holds no reference to the seed. An
 * input is made once (vrf_input_init) and handed to every validator that draws on it; it refers to its bytes, which the
 * caller keeps while it is in use. A provider is not to be shared between threads: the real one makes the key of a
 * validator when it is first needed. The clone of a forked world makes a provider of its own: a real one keeps the keys
 * and so the luck; an ideal one draws by the branch, and verifies only what was drawn on its own branch.
 */
#ifndef POSIM_CRYPTO_VRF_H
#define POSIM_CRYPTO_VRF_H

#include "crypto/ecvrf.h"
#include "crypto/ideal.h"

/* What the lottery is drawn on: the bytes that real provers hash, and the name that they have in the ideal one. */
struct vrf_input {
    const uint8_t *bytes;
    size_t length;
    uint64_t name; /* the first 8 bytes of BLAKE2b-256 of the bytes */
};

/* What a validator shows to others. */
struct vrf_evaluation {
    struct ecvrf_output output;
    struct ecvrf_proof proof; /* zero bytes from an ideal provider, which needs none */
};

struct vrf_provider {
    const char *name; /* "real" or "ideal" */

    /* The leading 128 bits of the output, without a proof: the cheapest way to see who won. */
    uint128 (*leading_bits)(struct vrf_provider *provider, validator_id validator, const struct vrf_input *input);

    /* The output and its proof. */
    void (*evaluate)(struct vrf_provider *provider, validator_id validator, const struct vrf_input *input,
                     struct vrf_evaluation *evaluation);

    /* Whether this is the validator's evaluation of this input: both the proof's validity and the output claimed. */
    bool (*verify)(struct vrf_provider *provider, validator_id validator, const struct vrf_input *input,
                   const struct vrf_evaluation *evaluation);

    void (*free)(struct vrf_provider *provider);
};

void vrf_input_init(struct vrf_input *input, const void *bytes, size_t length);

/* Both read the seed now and not again. */
struct vrf_provider *vrf_provider_new_real(const struct random_seed *seed, enum ecvrf_suite suite);
struct vrf_provider *vrf_provider_new_ideal(const struct random_seed *seed);

/* Accepts NULL. */
void vrf_provider_free(struct vrf_provider *provider);

#endif
