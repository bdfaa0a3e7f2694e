/* SPDX-License-Identifier: MIT */
/*
 * How Cardano turns outputs of the verifiable random function into leaders and nonces (Babbage and later: one proof a
 * block, from which both are derived). Rules: ouroboros-consensus, modules Protocol.Praos and Protocol.Praos.VRF; the
 * combination of nonces: the Shelley ledger specification, section "Evolving nonces". H is BLAKE2b-256. Pure functions
 * on plain values.
 */
#ifndef POSIM_ELECTION_PRAOS_NONCE_H
#define POSIM_ELECTION_PRAOS_NONCE_H

#include "crypto/hash.h"

/* A nonce; the neutral one leaves what it is combined with as it is. */
struct praos_nonce {
    bool neutral;
    struct hash256 value;
};

/* What is drawn on at a slot: H(slot as 8 bytes, most significant first || epoch nonce). mkInputVRF */
struct hash256 praos_vrf_input(uint64_t slot, const struct praos_nonce *epoch_nonce);

/* H("L" || output): who leads; read as a number of 256 bits. vrfLeaderValue */
struct hash256 praos_leader_value(const void *output, size_t length);

/* H("N" || output): what a block adds to the evolving nonce. */
struct hash256 praos_nonce_value(const void *output, size_t length);

/* a * b = H(a || b). */
struct praos_nonce praos_nonce_combine(const struct praos_nonce *a, const struct praos_nonce *b);

/* evolving * H(contribution): the contribution is a praos_nonce_value (before Babbage: an output of its own). */
struct praos_nonce praos_nonce_evolve(const struct praos_nonce *evolving, const void *contribution, size_t length);

/* The nonce that stands for a block: H of its hash's 8 bytes, most significant first. */
struct praos_nonce praos_nonce_of_block(uint64_t block_hash);

#endif
