/* SPDX-License-Identifier: MIT */
/*
 * BLAKE2b without a key (RFC 7693), fed piece by piece. Here because the trace is hashed below the room of
 * cryptography, and GLib's SHA-256 takes three times as long; it fingerprints results and secures nothing. A hash is a
 * plain value: a copy continues apart from its original.
 */
#ifndef POSIM_RECORD_BLAKE2B_H
#define POSIM_RECORD_BLAKE2B_H

#include <stddef.h>
#include <stdint.h>

#define BLAKE2B_BLOCK_BYTES 128

struct blake2b {
    uint64_t state[8];
    uint64_t hashed_bytes; /* before what is pending; RFC 7693 counts in 128 bits, no trace needs them */
    size_t pending;        /* bytes in `block` */
    size_t digest_bytes;
    uint8_t block[BLAKE2B_BLOCK_BYTES];
};

/* digest_bytes: 1 to 64. */
void blake2b_init(struct blake2b *hash, size_t digest_bytes);
void blake2b_update(struct blake2b *hash, const void *bytes, size_t count);
/* Writes digest_bytes bytes; the hash is used up. */
void blake2b_finish(struct blake2b *hash, uint8_t *digest);

#endif
