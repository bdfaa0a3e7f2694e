/* SPDX-License-Identifier: MIT */
#include "record/blake2b.h"

#include "base/assert.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

/* RFC 7693, 2.6: the first 64 bits of the fractional parts of the square roots of the first eight primes. */
static const uint64_t initial[8] = {
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
};

/* RFC 7693, 2.7: in which order a round reads the words of the block; rounds 10 and 11 repeat 0 and 1. */
static const uint8_t order[10][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4}, {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13}, {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11}, {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5}, {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
};

static uint64_t load64(const uint8_t *bytes)
{
    uint64_t value;
    memcpy(&value, bytes, sizeof value);
    return GUINT64_FROM_LE(value);
}

static inline uint64_t rotate_right(uint64_t value, int bits)
{
    return value >> bits | value << (64 - bits);
}

/* RFC 7693, 3.1: the mixing function G. */
#define MIX(a, b, c, d, x, y)                                                                                          \
    do {                                                                                                               \
        a += b + (x);                                                                                                  \
        d = rotate_right(d ^ a, 32);                                                                                   \
        c += d;                                                                                                        \
        b = rotate_right(b ^ c, 24);                                                                                   \
        a += b + (y);                                                                                                  \
        d = rotate_right(d ^ a, 16);                                                                                   \
        c += d;                                                                                                        \
        b = rotate_right(b ^ c, 63);                                                                                   \
    } while (0)

static inline void mix_round(uint64_t v[16], const uint64_t m[16], const uint8_t s[16])
{
    MIX(v[0], v[4], v[8], v[12], m[s[0]], m[s[1]]);
    MIX(v[1], v[5], v[9], v[13], m[s[2]], m[s[3]]);
    MIX(v[2], v[6], v[10], v[14], m[s[4]], m[s[5]]);
    MIX(v[3], v[7], v[11], v[15], m[s[6]], m[s[7]]);
    MIX(v[0], v[5], v[10], v[15], m[s[8]], m[s[9]]);
    MIX(v[1], v[6], v[11], v[12], m[s[10]], m[s[11]]);
    MIX(v[2], v[7], v[8], v[13], m[s[12]], m[s[13]]);
    MIX(v[3], v[4], v[9], v[14], m[s[14]], m[s[15]]);
}

/* RFC 7693, 3.2: the compression function F. */
static void compress(struct blake2b *hash, const uint8_t *block, uint64_t hashed_bytes, bool last)
{
    uint64_t m[16], v[16];
    for (int i = 0; i < 16; i++)
        m[i] = load64(block + 8 * i);
    memcpy(v, hash->state, sizeof hash->state);
    memcpy(v + 8, initial, sizeof initial);
    v[12] ^= hashed_bytes;
    if (last)
        v[14] = ~v[14];
#pragma GCC unroll 12 /* so that the order of words is constant: half the time */
    for (int round = 0; round < 12; round++)
        mix_round(v, m, order[round % 10]);
    for (int i = 0; i < 8; i++)
        hash->state[i] ^= v[i] ^ v[i + 8];
}

void blake2b_init(struct blake2b *hash, size_t digest_bytes)
{
    REQUIRE(digest_bytes >= 1 && digest_bytes <= 64);
    *hash = (struct blake2b){.digest_bytes = digest_bytes};
    memcpy(hash->state, initial, sizeof initial);
    hash->state[0] ^= 0x01010000 ^ digest_bytes;
}

/* The last block is compressed in blake2b_finish alone, so a full one waits until there is more. */
void blake2b_update(struct blake2b *hash, const void *bytes, size_t count)
{
    const uint8_t *next = bytes;
    while (count) {
        if (hash->pending == BLAKE2B_BLOCK_BYTES) {
            hash->hashed_bytes += BLAKE2B_BLOCK_BYTES;
            compress(hash, hash->block, hash->hashed_bytes, false);
            hash->pending = 0;
        }
        while (!hash->pending && count > BLAKE2B_BLOCK_BYTES) {
            hash->hashed_bytes += BLAKE2B_BLOCK_BYTES;
            compress(hash, next, hash->hashed_bytes, false);
            next += BLAKE2B_BLOCK_BYTES;
            count -= BLAKE2B_BLOCK_BYTES;
        }
        size_t room = BLAKE2B_BLOCK_BYTES - hash->pending;
        size_t taken = count < room ? count : room;
        memcpy(hash->block + hash->pending, next, taken);
        hash->pending += taken;
        next += taken;
        count -= taken;
    }
}

void blake2b_finish(struct blake2b *hash, uint8_t *digest)
{
    memset(hash->block + hash->pending, 0, BLAKE2B_BLOCK_BYTES - hash->pending);
    compress(hash, hash->block, hash->hashed_bytes + hash->pending, true);
    for (size_t i = 0; i < hash->digest_bytes; i++)
        digest[i] = (uint8_t)(hash->state[i / 8] >> (8 * (i % 8)));
}
