/* SPDX-License-Identifier: MIT */
/*
 * Real signatures, where the scenario asks for `crypto: real`: each message is signed by its sender's Ed25519 key and
 * verified, once, when it is sent; what verifying costs is charged to every receiver as a constant. With `ideal`
 * nothing is signed and nothing can be forged, which is what a signature is for.
 */
#include "base/assert.h"
#include "crypto/key.h"
#include "world/inside.h"

#include <string.h>

enum { SIGNED_BYTES = 60 };

static uint8_t *put(uint8_t *at, uint64_t value, int size)
{
    for (int i = 0; i < size; i++)
        *at++ = (uint8_t)(value >> 8 * i);
    return at;
}

/* What a signature covers: everything that the message says, the block by its hash. */
static void serialise(const struct message *message, uint64_t block_hash, uint8_t bytes[SIGNED_BYTES])
{
    uint8_t *at = bytes;
    at = put(at, message->kind, 1);
    at = put(at, message->instance, 1);
    at = put(at, message->type, 2);
    at = put(at, message->chain, 4);
    at = put(at, message->height, 8);
    at = put(at, message->round, 4);
    at = put(at, block_hash, 8);
    at = put(at, message->payload, 8);
    at = put(at, message->weight, 8);
    at = put(at, message->sender, 4);
    at = put(at, message->subject, 4);
    at = put(at, (uint64_t)message->sent_ns, 8);
    CHECK(at == bytes + SIGNED_BYTES);
}

void sign_init(struct world *world)
{
    if (world->settings->crypto != CRYPTO_REAL)
        return;
    world->keys = g_new(struct signature_key_pair, world->people.count);
    for (validator_id v = 0; v < world->people.count; v++) {
        uint8_t seed[32];
        key_seed(&world->seed, v, KEY_SIGNATURE, seed);
        signature_key_pair_init(&world->keys[v], seed);
    }
}

void sign_message(const struct world *world, const struct message *message, uint64_t block_hash)
{
    if (!world->keys)
        return;
    validator_id signer = message->sender;
    if (signer == ID_NONE) /* a node's own message: its first validator answers for it */
        signer = world->nodes[world->chains[message->chain].replicas.at[message->origin].node].validators[0];
    uint8_t bytes[SIGNED_BYTES];
    serialise(message, block_hash, bytes);
    struct signature signature = signature_sign(&world->keys[signer], bytes, sizeof bytes);
    REQUIRE(signature_verify(&world->keys[signer].public_key, bytes, sizeof bytes, &signature));
}
