/* SPDX-License-Identifier: MIT */
#include "crypto/ideal.h"

void ideal_vrf_output(const struct random_seed *seed, validator_id validator, uint64_t input, uint8_t *output,
                      size_t length)
{
    struct random_block block;
    for (size_t i = 0; i < length; i++) {
        if (i % 32 == 0)
            block = ideal_vrf_block(seed, validator, input, (uint32_t)(i / 32));
        output[i] = (uint8_t)(block.word[i % 32 / 8] >> (56 - 8 * (i % 8)));
    }
}
