/* SPDX-License-Identifier: MIT */
#include "crypto/ecvrf.h"

#include "crypto/ecvrf_steps.h"
#include "crypto/hash.h"

#include <string.h>

struct decoded_proof {
    struct edwards_point gamma;
    struct edwards_scalar challenge;
    struct edwards_scalar response;
};

void ecvrf_key_pair_init(struct ecvrf_key_pair *pair, const uint8_t seed[32])
{
    struct hash512 hash = hash_sha512(seed, 32);
    memcpy(pair->secret.bytes, hash.bytes, 32);
    memcpy(pair->nonce_key, hash.bytes + 32, 32);
    pair->secret.bytes[0] &= 248;
    pair->secret.bytes[31] &= 127;
    pair->secret.bytes[31] |= 64;
    pair->public_key = edwards_multiply(&pair->secret, &edwards_base);
}

struct ecvrf_output ecvrf_evaluate(enum ecvrf_suite suite, const struct ecvrf_key_pair *pair, const void *alpha,
                                   size_t length)
{
    struct edwards_point hashed = ecvrf_encode_to_curve(suite, &pair->public_key, alpha, length, NULL);
    struct edwards_point gamma = edwards_multiply(&pair->secret, &hashed);
    return ecvrf_gamma_to_hash(suite, &gamma);
}

struct ecvrf_proof ecvrf_prove(enum ecvrf_suite suite, const struct ecvrf_key_pair *pair, const void *alpha,
                               size_t length)
{
    struct ecvrf_statement statement = {.public_key = pair->public_key};
    statement.hashed = ecvrf_encode_to_curve(suite, &pair->public_key, alpha, length, NULL);
    statement.gamma = edwards_multiply(&pair->secret, &statement.hashed);
    struct edwards_scalar nonce = ecvrf_nonce(pair, &statement.hashed);
    statement.u = edwards_multiply(&nonce, &edwards_base);
    statement.v = edwards_multiply(&nonce, &statement.hashed);
    struct edwards_scalar challenge = ecvrf_challenge(suite, &statement);
    struct edwards_scalar response = edwards_scalar_multiply_add(&challenge, &pair->secret, &nonce);

    struct ecvrf_proof proof;
    memcpy(proof.bytes, statement.gamma.bytes, 32);
    memcpy(proof.bytes + 32, challenge.bytes, 16);
    memcpy(proof.bytes + 48, response.bytes, 32);
    return proof;
}

/*
 * Section 5.4.4. DEVIATION: draft-03 sets no bound on s; RFC 9381 wants s < L, and both suites are held to it here. No
 * prover that follows either text makes a larger s.
 */
static bool decode_proof(const struct ecvrf_proof *proof, struct decoded_proof *decoded)
{
    memcpy(decoded->gamma.bytes, proof->bytes, 32);
    memset(&decoded->challenge, 0, sizeof decoded->challenge);
    memcpy(decoded->challenge.bytes, proof->bytes + 32, 16);
    memcpy(decoded->response.bytes, proof->bytes + 48, 32);
    return edwards_point_is_valid(&decoded->gamma) && edwards_scalar_is_canonical(&decoded->response);
}

bool ecvrf_proof_to_hash(enum ecvrf_suite suite, const struct ecvrf_proof *proof, struct ecvrf_output *output)
{
    struct decoded_proof decoded;
    if (!decode_proof(proof, &decoded))
        return false;
    *output = ecvrf_gamma_to_hash(suite, &decoded.gamma);
    return true;
}

/* a*first - b*second */
static struct edwards_point combine(const struct edwards_scalar *a, const struct edwards_point *first,
                                    const struct edwards_scalar *b, const struct edwards_point *second)
{
    struct edwards_point positive = edwards_multiply(a, first);
    struct edwards_point negative = edwards_multiply(b, second);
    return edwards_subtract(&positive, &negative);
}

bool ecvrf_verify(enum ecvrf_suite suite, const struct edwards_point *public_key, const void *alpha, size_t length,
                  const struct ecvrf_proof *proof, struct ecvrf_output *output)
{
    struct decoded_proof decoded;
    if (!ecvrf_key_is_valid(public_key) || !decode_proof(proof, &decoded))
        return false;

    struct ecvrf_statement statement = {.public_key = *public_key, .gamma = decoded.gamma};
    statement.hashed = ecvrf_encode_to_curve(suite, public_key, alpha, length, NULL);
    statement.u = combine(&decoded.response, &edwards_base, &decoded.challenge, public_key);
    statement.v = combine(&decoded.response, &statement.hashed, &decoded.challenge, &decoded.gamma);
    struct edwards_scalar challenge = ecvrf_challenge(suite, &statement);
    if (memcmp(challenge.bytes, decoded.challenge.bytes, sizeof challenge.bytes) != 0)
        return false;
    if (output)
        *output = ecvrf_gamma_to_hash(suite, &decoded.gamma);
    return true;
}

bool ecvrf_key_is_valid(const struct edwards_point *public_key)
{
    if (!edwards_point_is_valid(public_key))
        return false;
    struct edwards_point cleared = edwards_clear_cofactor(public_key);
    return !edwards_point_equal(&cleared, &edwards_identity);
}
