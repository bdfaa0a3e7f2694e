/* SPDX-License-Identifier: MIT */
/*
 * The tree of every block that was ever made in one chain, whoever has seen it. The tree belongs to the world; a
 * replica sees the part that has reached it (contract/view.h). Blocks are never removed, ids are dense and in the order
 * of creation, and genesis is block 0 at height 0. What a block does to stakes and randomness is kept beside the tree,
 * by block (sim/world/state.h), so branches can differ.
 */
#ifndef POSIM_CONSENSUS_BLOCK_TREE_H
#define POSIM_CONSENSUS_BLOCK_TREE_H

#include "base/ids.h"
#include "base/stake_operation.h"
#include "base/time.h"
#include "base/vector.h"

#include <stdbool.h>
#include <stdint.h>

struct block {
    uint64_t hash;    /* of its content; orders blocks where a protocol compares hashes, and names it in traces */
    uint64_t height;  /* parent's + 1 */
    uint64_t slot;    /* 0 where the protocol has no slots */
    uint64_t proof;   /* first 64 bits of the leader's lottery output; 0 without a lottery */
    uint64_t payload; /* the protocol's own: the round of the certificate it carries, say */
    time_ns proposed_ns;
    block_id parent;    /* BLOCK_NONE for genesis */
    block_id reference; /* a block that this one's certificate names, or BLOCK_NONE */
    validator_id proposer;
    uint32_t round;
    uint32_t variant; /* tells apart the blocks that one proposer makes for one place: 0, 1, ... */
    uint32_t size_bytes;
    uint32_t transactions;
    uint32_t first_operation, operations; /* its stake operations, in the tree's array */
    block_id skip;                        /* an older ancestor: block_tree_ancestor climbs in logarithmic time */
};

struct block_tree {
    VECTOR(struct block) blocks;
    VECTOR(struct stake_operation) operations;
    VECTOR(block_id) first_child; /* by block; BLOCK_NONE: none */
    VECTOR(block_id) next_sibling;
};

/* A tree that holds genesis, whose hash is `genesis_hash`. */
void block_tree_init(struct block_tree *tree, uint64_t genesis_hash);
void block_tree_release(struct block_tree *tree);
void block_tree_clone(struct block_tree *copy, const struct block_tree *tree);

/*
 * Adds a block made of `block` (parent, slot, round, proposer, variant, proof, payload, reference, size, transactions,
 * proposed_ns are read; height, hash, skip and the operations' place are filled in) with its stake operations.
 */
block_id block_tree_add(struct block_tree *tree, const struct block *block, const struct stake_operation *operations,
                        uint32_t operation_count);

static inline const struct block *block_tree_get(const struct block_tree *tree, block_id id)
{
    return &tree->blocks.at[id];
}

/* The ancestor of `id` at `height` (itself at its own height); BLOCK_NONE above its height. */
block_id block_tree_ancestor(const struct block_tree *tree, block_id id, uint64_t height);

/* Whether `ancestor` lies on the path from `id` to genesis, `id` itself included. */
bool block_tree_descends(const struct block_tree *tree, block_id id, block_id ancestor);

/* The deepest block that both descend from. */
block_id block_tree_common(const struct block_tree *tree, block_id a, block_id b);

#endif
