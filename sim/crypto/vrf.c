/* SPDX-License-Identifier: MIT */
#include "crypto/vrf.h"

#include "base/assert.h"
#include "base/vector.h"
#include "crypto/hash.h"
#include "crypto/key.h"
#include "crypto/library.h"

#include <string.h>

struct real_key {
    bool made;
    struct ecvrf_key_pair pair;
};

struct real_provider {
    struct vrf_provider interface;
    struct random_seed seed;
    enum ecvrf_suite suite;
    VECTOR(struct real_key) keys; /* by validator */
};

struct ideal_provider {
    struct vrf_provider interface;
    struct random_seed seed;
};

void vrf_input_init(struct vrf_input *input, const void *bytes, size_t length)
{
    struct hash256 hash = hash_blake2b_256(bytes, length);
    uint64_t name = 0;
    for (int i = 0; i < 8; i++)
        name = name << 8 | hash.bytes[i];
    *input = (struct vrf_input){.bytes = bytes, .length = length, .name = name};
}

void vrf_provider_free(struct vrf_provider *provider)
{
    if (provider)
        provider->free(provider);
}

static const struct ecvrf_key_pair *real_key(struct real_provider *real, validator_id validator)
{
    REQUIRE(validator != ID_NONE);
    while (real->keys.count <= validator)
        vector_push(&real->keys, (struct real_key){.made = false});
    struct real_key *key = &real->keys.at[validator];
    if (!key->made) {
        uint8_t seed[32];
        key_seed(&real->seed, validator, KEY_VRF, seed);
        ecvrf_key_pair_init(&key->pair, seed);
        key->made = true;
    }
    return &key->pair;
}

static uint128 real_leading_bits(struct vrf_provider *provider, validator_id validator, const struct vrf_input *input)
{
    struct real_provider *real = (struct real_provider *)provider;
    struct ecvrf_output output = ecvrf_evaluate(real->suite, real_key(real, validator), input->bytes, input->length);
    uint128 bits = 0;
    for (int i = 0; i < 16; i++)
        bits = bits << 8 | output.bytes[i];
    return bits;
}

static void real_evaluate(struct vrf_provider *provider, validator_id validator, const struct vrf_input *input,
                          struct vrf_evaluation *evaluation)
{
    struct real_provider *real = (struct real_provider *)provider;
    evaluation->proof = ecvrf_prove(real->suite, real_key(real, validator), input->bytes, input->length);
    bool decoded = ecvrf_proof_to_hash(real->suite, &evaluation->proof, &evaluation->output);
    REQUIRE(decoded);
}

static bool real_verify(struct vrf_provider *provider, validator_id validator, const struct vrf_input *input,
                        const struct vrf_evaluation *evaluation)
{
    struct real_provider *real = (struct real_provider *)provider;
    struct ecvrf_output proven;
    return ecvrf_verify(real->suite, &real_key(real, validator)->public_key, input->bytes, input->length,
                        &evaluation->proof, &proven) &&
           memcmp(proven.bytes, evaluation->output.bytes, sizeof proven.bytes) == 0;
}

static void real_free(struct vrf_provider *provider)
{
    struct real_provider *real = (struct real_provider *)provider;
    vector_release(&real->keys);
    g_free(real);
}

struct vrf_provider *vrf_provider_new_real(const struct random_seed *seed, enum ecvrf_suite suite)
{
    crypto_library_start();
    struct real_provider *real = g_new0(struct real_provider, 1);
    real->interface = (struct vrf_provider){.name = "real",
                                            .leading_bits = real_leading_bits,
                                            .evaluate = real_evaluate,
                                            .verify = real_verify,
                                            .free = real_free};
    real->seed = *seed;
    real->suite = suite;
    return &real->interface;
}

static uint128 ideal_leading_bits(struct vrf_provider *provider, validator_id validator, const struct vrf_input *input)
{
    return ideal_vrf_u128(&((struct ideal_provider *)provider)->seed, validator, input->name);
}

static void ideal_evaluate(struct vrf_provider *provider, validator_id validator, const struct vrf_input *input,
                           struct vrf_evaluation *evaluation)
{
    struct ideal_provider *ideal = (struct ideal_provider *)provider;
    memset(&evaluation->proof, 0, sizeof evaluation->proof);
    ideal_vrf_output(&ideal->seed, validator, input->name, evaluation->output.bytes, sizeof evaluation->output.bytes);
}

static bool ideal_verify(struct vrf_provider *provider, validator_id validator, const struct vrf_input *input,
                         const struct vrf_evaluation *evaluation)
{
    struct vrf_evaluation own;
    ideal_evaluate(provider, validator, input, &own);
    return memcmp(own.output.bytes, evaluation->output.bytes, sizeof own.output.bytes) == 0;
}

static void ideal_free(struct vrf_provider *provider)
{
    g_free(provider);
}

struct vrf_provider *vrf_provider_new_ideal(const struct random_seed *seed)
{
    crypto_library_start();
    struct ideal_provider *ideal = g_new0(struct ideal_provider, 1);
    ideal->interface = (struct vrf_provider){.name = "ideal",
                                             .leading_bits = ideal_leading_bits,
                                             .evaluate = ideal_evaluate,
                                             .verify = ideal_verify,
                                             .free = ideal_free};
    ideal->seed = *seed;
    return &ideal->interface;
}
