/* SPDX-License-Identifier: MIT */
/*
 * Seeds of a validator's keys, drawn from the world's seed and replication. Keys do not depend on the branch: a clone
 * of a forked world keeps those of its origin. Pure; callable at any time.
 */
#ifndef POSIM_CRYPTO_KEY_H
#define POSIM_CRYPTO_KEY_H

#include "base/ids.h"
#include "base/random.h"

enum key_use {
    KEY_SIGNATURE = 0,
    KEY_VRF = 1,
};

/* 32 uniform bytes for the key of that validator and use. */
static inline void key_seed(const struct random_seed *seed, validator_id validator, enum key_use use, uint8_t bytes[32])
{
    const struct random_seed root = {.seed = seed->seed, .replication = seed->replication};
    struct random_block block = random_at256(&root, RANDOM_KEYS, validator, use);
    for (int i = 0; i < 32; i++)
        bytes[i] = (uint8_t)(block.word[i / 8] >> (56 - 8 * (i % 8)));
}

#endif
