/* SPDX-License-Identifier: MIT */
/*
 * Hashes: BLAKE2b (RFC 7693) of any length, with or without a key, SHA-256 and SHA-512 (FIPS 180-4). A message may come
 * in pieces, which hash as if they were joined: domain separators need no buffer of their own. Pure functions, callable
 * at any time; the caller owns all memory and nothing is kept. A piece of length 0 may have NULL bytes.
 */
#ifndef POSIM_CRYPTO_HASH_H
#define POSIM_CRYPTO_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HASH256_HEX_SIZE 65 /* 64 digits and the terminating 0 */

struct hash256 {
    uint8_t bytes[32];
};

struct hash512 {
    uint8_t bytes[64];
};

/* One piece of a message. */
struct hash_piece {
    const void *bytes;
    size_t length;
};

/* BLAKE2b with an output of 1 to 64 bytes and a key of 0 (none) to 64 bytes; `key` may be NULL when it is empty. */
void hash_blake2b(uint8_t *output, size_t output_length, const uint8_t *key, size_t key_length,
                  const struct hash_piece *pieces, size_t count);

/* BLAKE2b with 32 bytes of output and no key. */
struct hash256 hash_blake2b_256(const void *message, size_t length);
struct hash256 hash_blake2b_256_pieces(const struct hash_piece *pieces, size_t count);

struct hash256 hash_sha256(const void *message, size_t length);
struct hash256 hash_sha256_pieces(const struct hash_piece *pieces, size_t count);

struct hash512 hash_sha512(const void *message, size_t length);
struct hash512 hash_sha512_pieces(const struct hash_piece *pieces, size_t count);

/* Total order by bytes, the first most significant: negative, 0, positive as a < b, a = b, a > b. */
int hash256_compare(const struct hash256 *a, const struct hash256 *b);
bool hash256_equal(const struct hash256 *a, const struct hash256 *b);

/* Lower-case digits into `text`, which it returns. */
char *hash256_hex(const struct hash256 *hash, char text[HASH256_HEX_SIZE]);

/* Reads exactly 64 digits of either case; false, and `hash` unchanged, when `text` is anything else. */
bool hash256_from_hex(struct hash256 *hash, const char *text);

#endif
