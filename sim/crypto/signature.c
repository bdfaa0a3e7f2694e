/* SPDX-License-Identifier: MIT */
#include "crypto/signature.h"

#include "base/assert.h"

#include <sodium.h>

void signature_key_pair_init(struct signature_key_pair *pair, const uint8_t seed[32])
{
    crypto_sign_ed25519_seed_keypair(pair->public_key.bytes, pair->secret, seed);
}

struct signature signature_sign(const struct signature_key_pair *pair, const void *message, size_t length)
{
    struct signature signature;
    int status = crypto_sign_ed25519_detached(signature.bytes, NULL, message, length, pair->secret);
    REQUIRE(status == 0);
    return signature;
}

bool signature_verify(const struct public_key *key, const void *message, size_t length,
                      const struct signature *signature)
{
    return crypto_sign_ed25519_verify_detached(signature->bytes, message, length, key->bytes) == 0;
}
