/* SPDX-License-Identifier: MIT */
#include "crypto/hash.h"

#include "base/assert.h"

#include <sodium.h>
#include <string.h>

void hash_blake2b(uint8_t *output, size_t output_length, const uint8_t *key, size_t key_length,
                  const struct hash_piece *pieces, size_t count)
{
    REQUIRE(output_length >= 1 && output_length <= 64);
    REQUIRE(key_length <= 64);
    crypto_generichash_blake2b_state state;
    crypto_generichash_blake2b_init(&state, key, key_length, output_length);
    for (size_t i = 0; i < count; i++)
        crypto_generichash_blake2b_update(&state, pieces[i].bytes, pieces[i].length);
    crypto_generichash_blake2b_final(&state, output, output_length);
}

struct hash256 hash_blake2b_256_pieces(const struct hash_piece *pieces, size_t count)
{
    struct hash256 hash;
    hash_blake2b(hash.bytes, sizeof hash.bytes, NULL, 0, pieces, count);
    return hash;
}

struct hash256 hash_blake2b_256(const void *message, size_t length)
{
    return hash_blake2b_256_pieces(&(struct hash_piece){message, length}, 1);
}

struct hash256 hash_sha256_pieces(const struct hash_piece *pieces, size_t count)
{
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    for (size_t i = 0; i < count; i++)
        crypto_hash_sha256_update(&state, pieces[i].bytes, pieces[i].length);
    struct hash256 hash;
    crypto_hash_sha256_final(&state, hash.bytes);
    return hash;
}

struct hash256 hash_sha256(const void *message, size_t length)
{
    return hash_sha256_pieces(&(struct hash_piece){message, length}, 1);
}

struct hash512 hash_sha512_pieces(const struct hash_piece *pieces, size_t count)
{
    crypto_hash_sha512_state state;
    crypto_hash_sha512_init(&state);
    for (size_t i = 0; i < count; i++)
        crypto_hash_sha512_update(&state, pieces[i].bytes, pieces[i].length);
    struct hash512 hash;
    crypto_hash_sha512_final(&state, hash.bytes);
    return hash;
}

struct hash512 hash_sha512(const void *message, size_t length)
{
    return hash_sha512_pieces(&(struct hash_piece){message, length}, 1);
}

int hash256_compare(const struct hash256 *a, const struct hash256 *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes);
}

bool hash256_equal(const struct hash256 *a, const struct hash256 *b)
{
    return hash256_compare(a, b) == 0;
}

char *hash256_hex(const struct hash256 *hash, char text[HASH256_HEX_SIZE])
{
    return sodium_bin2hex(text, HASH256_HEX_SIZE, hash->bytes, sizeof hash->bytes);
}

bool hash256_from_hex(struct hash256 *hash, const char *text)
{
    struct hash256 read;
    size_t length;
    if (strlen(text) != HASH256_HEX_SIZE - 1 ||
        sodium_hex2bin(read.bytes, sizeof read.bytes, text, HASH256_HEX_SIZE - 1, NULL, &length, NULL) != 0 ||
        length != sizeof read.bytes)
        return false;
    *hash = read;
    return true;
}
