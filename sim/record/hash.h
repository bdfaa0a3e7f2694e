/* SPDX-License-Identifier: MIT */
/*
 * The fingerprint of a run: libsodium's BLAKE2b with a digest of 128 bits over the canonical stream's pages. Each row
 * of a canonical kind counts, in the order written: one byte, the kind's number; then its columns in the order of the
 * schema, little-endian and without padding: U8 and FLAG one byte, U32 and NAME four, U64, HEX64 and TIME eight, RATIO
 * two times eight (numerator, denominator), TEXT four for its length and then its bytes (length 0xffffffff and no
 * bytes: NULL). So the hash is the same whatever is recorded to files, and on every machine.
 *
 * The stream is cut into pages of 8,192 bytes, the last of which is shorter, and may be empty. Of each page BLAKE2b
 * takes in its Poly1305 tag under a fixed key (crypto_onetimeauth), and at the end the stream's length, in 8 bytes: two
 * pages that differ have the same tag with probability 2^-94 (Bernstein 2005), and a longest chain writes a gigabyte a
 * day, which BLAKE2b alone would take longer to read than the day to simulate.
 *
 * Rows of heads and of final blocks count in any order: a longest chain changes the heads of thousands of replicas with
 * each block, which nobody has to bring in order for this alone. What such a row says of the block, as a number of 64
 * bits, times what it says of the replica (and of the time, and the node's stake), as another of 128, is added to a sum
 * of 128 bits; after the stream's length that sum and the number of these rows are taken in, in 16 and 8 bytes. The
 * numbers are products with odd constants (hash.c, mix_*): two sets of rows that differ have the same sum by chance
 * alone, about once in 2^64.
 *
 * trace_hash_init makes it, trace_hash_release frees what it owns.
 */
#ifndef POSIM_RECORD_HASH_H
#define POSIM_RECORD_HASH_H

#include "record/trace.h"

#include <sodium.h>

#define TRACE_HASH_BYTES 16
#define TRACE_PAGE_BYTES 8192u

struct trace_hash {
    struct trace_sink sink;
    crypto_generichash_state *state; /* must lie at a multiple of 64, which no struct on the heap promises */
    uint8_t *gathered;               /* the page that is not full yet, and room for a row behind it */
    size_t gathered_bytes;
    uint64_t pages; /* that are full */
    uint128 sum;    /* of the rows that count in any order */
    uint64_t summed;
};

void trace_hash_init(struct trace_hash *hash);
void trace_hash_release(struct trace_hash *hash);
/* Initialises a hash that goes on from what another has seen so far: the trace of a cloned world. */
void trace_hash_copy(struct trace_hash *copy, const struct trace_hash *hash);

/* The hash of the rows so far, as 32 hex digits and a zero; rows can still follow. */
void trace_hash_print(const struct trace_hash *hash, char text[2 * TRACE_HASH_BYTES + 1]);

#endif
