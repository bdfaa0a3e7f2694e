/* SPDX-License-Identifier: MIT */
#include "crypto/ecvrf_steps.h"

#include "base/assert.h"
#include "crypto/hash.h"

#include <sodium.h>
#include <string.h>

/* Domain separators of RFC 9381, section 5; the draft has the same in front and none at the back. */
enum {
    SEPARATOR_ENCODE = 1,
    SEPARATOR_CHALLENGE = 2,
    SEPARATOR_HASH = 3,
    SEPARATOR_BACK = 0,
};

static uint8_t suite_string(enum ecvrf_suite suite)
{
    return suite == ECVRF_TAI ? 3 : 4;
}

/*
 * RFC 9381, section 5.4.1.1: try and increment. A try fails with probability about 1/2, so that 256 of them, which the
 * text makes an error, do not.
 */
static struct edwards_point encode_try_and_increment(const struct edwards_point *public_key, const void *alpha,
                                                     size_t length, int *tries)
{
    const uint8_t front[] = {suite_string(ECVRF_TAI), SEPARATOR_ENCODE};
    for (int counter = 0;; counter++) {
        REQUIRE(counter < 256);
        const uint8_t back[] = {(uint8_t)counter, SEPARATOR_BACK};
        const struct hash_piece pieces[] = {
            {front, sizeof front}, {public_key->bytes, sizeof public_key->bytes}, {alpha, length}, {back, sizeof back}};
        struct hash512 hash = hash_sha512_pieces(pieces, 4);
        struct edwards_point candidate;
        memcpy(candidate.bytes, hash.bytes, sizeof candidate.bytes);
        if (!edwards_point_is_valid(&candidate))
            continue;
        candidate = edwards_clear_cofactor(&candidate);
        if (edwards_point_equal(&candidate, &edwards_identity))
            continue;
        if (tries)
            *tries = counter;
        return candidate;
    }
}

/*
 * draft-irtf-cfrg-vrf-03, section 5.4.1.2. The hash, without its top bit, is the field element that Elligator2 maps; so
 * libsodium, which would take that bit for the sign of x, is given an even x, and clears the cofactor itself.
 */
static struct edwards_point encode_elligator2_draft_03(const struct edwards_point *public_key, const void *alpha,
                                                       size_t length)
{
    const uint8_t front[] = {suite_string(ECVRF_DRAFT_03), SEPARATOR_ENCODE};
    const struct hash_piece pieces[] = {
        {front, sizeof front}, {public_key->bytes, sizeof public_key->bytes}, {alpha, length}};
    struct hash512 hash = hash_sha512_pieces(pieces, 3);
    hash.bytes[31] &= 0x7f;
    struct edwards_point point;
    int status = crypto_core_ed25519_from_uniform(point.bytes, hash.bytes);
    REQUIRE(status == 0);
    return point;
}

struct edwards_point ecvrf_encode_to_curve(enum ecvrf_suite suite, const struct edwards_point *public_key,
                                           const void *alpha, size_t length, int *tries)
{
    if (suite == ECVRF_TAI)
        return encode_try_and_increment(public_key, alpha, length, tries);
    return encode_elligator2_draft_03(public_key, alpha, length);
}

struct edwards_scalar ecvrf_nonce(const struct ecvrf_key_pair *pair, const struct edwards_point *hashed)
{
    const struct hash_piece pieces[] = {{pair->nonce_key, sizeof pair->nonce_key},
                                        {hashed->bytes, sizeof hashed->bytes}};
    struct hash512 hash = hash_sha512_pieces(pieces, 2);
    return edwards_scalar_reduce(hash.bytes);
}

/* The draft neither binds the public key nor ends with a separator. */
struct edwards_scalar ecvrf_challenge(enum ecvrf_suite suite, const struct ecvrf_statement *statement)
{
    const bool rfc = suite == ECVRF_TAI;
    const uint8_t front[] = {suite_string(suite), SEPARATOR_CHALLENGE};
    const uint8_t back = SEPARATOR_BACK;
    const struct hash_piece pieces[] = {{front, sizeof front},         {statement->public_key.bytes, rfc ? 32 : 0},
                                        {statement->hashed.bytes, 32}, {statement->gamma.bytes, 32},
                                        {statement->u.bytes, 32},      {statement->v.bytes, 32},
                                        {&back, rfc ? 1 : 0}};
    struct hash512 hash = hash_sha512_pieces(pieces, 7);
    struct edwards_scalar challenge = {{0}};
    memcpy(challenge.bytes, hash.bytes, 16);
    return challenge;
}

struct ecvrf_output ecvrf_gamma_to_hash(enum ecvrf_suite suite, const struct edwards_point *gamma)
{
    struct edwards_point cleared = edwards_clear_cofactor(gamma);
    const uint8_t front[] = {suite_string(suite), SEPARATOR_HASH};
    const uint8_t back = SEPARATOR_BACK;
    const struct hash_piece pieces[] = {
        {front, sizeof front}, {cleared.bytes, sizeof cleared.bytes}, {&back, suite == ECVRF_TAI ? 1 : 0}};
    struct hash512 hash = hash_sha512_pieces(pieces, 3);
    struct ecvrf_output output;
    memcpy(output.bytes, hash.bytes, sizeof output.bytes);
    return output;
}
