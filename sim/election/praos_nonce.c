/* SPDX-License-Identifier: MIT */
#include "election/praos_nonce.h"

static void write_u64(uint8_t bytes[8], uint64_t value)
{
    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(value >> (56 - 8 * i));
}

struct hash256 praos_vrf_input(uint64_t slot, const struct praos_nonce *epoch_nonce)
{
    uint8_t bytes[8];
    write_u64(bytes, slot);
    const struct hash_piece pieces[] = {{bytes, sizeof bytes},
                                        {epoch_nonce->value.bytes, epoch_nonce->neutral ? 0 : 32}};
    return hash_blake2b_256_pieces(pieces, 2);
}

static struct hash256 hash_tagged(char tag, const void *output, size_t length)
{
    const struct hash_piece pieces[] = {{&tag, 1}, {output, length}};
    return hash_blake2b_256_pieces(pieces, 2);
}

struct hash256 praos_leader_value(const void *output, size_t length)
{
    return hash_tagged('L', output, length);
}

struct hash256 praos_nonce_value(const void *output, size_t length)
{
    return hash_tagged('N', output, length);
}

struct praos_nonce praos_nonce_combine(const struct praos_nonce *a, const struct praos_nonce *b)
{
    if (a->neutral)
        return *b;
    if (b->neutral)
        return *a;
    const struct hash_piece pieces[] = {{a->value.bytes, 32}, {b->value.bytes, 32}};
    return (struct praos_nonce){.value = hash_blake2b_256_pieces(pieces, 2)};
}

struct praos_nonce praos_nonce_evolve(const struct praos_nonce *evolving, const void *contribution, size_t length)
{
    struct praos_nonce added = {.value = hash_blake2b_256(contribution, length)};
    return praos_nonce_combine(evolving, &added);
}

struct praos_nonce praos_nonce_of_block(uint64_t block_hash)
{
    uint8_t bytes[8];
    write_u64(bytes, block_hash);
    return (struct praos_nonce){.value = hash_blake2b_256(bytes, sizeof bytes)};
}
