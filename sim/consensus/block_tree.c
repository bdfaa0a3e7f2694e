/* SPDX-License-Identifier: MIT */
#include "consensus/block_tree.h"

#include "base/assert.h"
#include "consensus/digest.h"

#include <string.h>

enum { DIGEST_BLOCK = 1 };

static void push_block(struct block_tree *tree, struct block block)
{
    REQUIRE(tree->blocks.count < BLOCK_NONE);
    vector_push(&tree->blocks, block);
    vector_push(&tree->first_child, BLOCK_NONE);
    vector_push(&tree->next_sibling, BLOCK_NONE);
}

void block_tree_init(struct block_tree *tree, uint64_t genesis_hash)
{
    *tree = (struct block_tree){0};
    push_block(tree, (struct block){.hash = genesis_hash,
                                    .parent = BLOCK_NONE,
                                    .reference = BLOCK_NONE,
                                    .proposer = ID_NONE,
                                    .skip = BLOCK_GENESIS});
}

void block_tree_release(struct block_tree *tree)
{
    vector_release(&tree->blocks);
    vector_release(&tree->operations);
    vector_release(&tree->first_child);
    vector_release(&tree->next_sibling);
}

#define COPY_VECTOR(copy, original)                                                                                    \
    do {                                                                                                               \
        vector_reserve((copy), (original)->count);                                                                     \
        if ((original)->count)                                                                                         \
            memcpy((copy)->at, (original)->at, (original)->count * sizeof *(original)->at);                            \
        (copy)->count = (original)->count;                                                                             \
    } while (0)

void block_tree_clone(struct block_tree *copy, const struct block_tree *tree)
{
    *copy = (struct block_tree){0};
    COPY_VECTOR(&copy->blocks, &tree->blocks);
    COPY_VECTOR(&copy->operations, &tree->operations);
    COPY_VECTOR(&copy->first_child, &tree->first_child);
    COPY_VECTOR(&copy->next_sibling, &tree->next_sibling);
}

/* What the block says, and nothing of when or in which order it was made. */
static uint64_t block_hash(const struct block *block, uint64_t parent_hash, uint64_t reference_hash)
{
    struct digest digest = digest_start(DIGEST_BLOCK);
    digest_add(&digest, parent_hash, block->height, block->slot, digest_pair(block->round, block->proposer));
    digest_add(&digest, block->payload, block->proof, reference_hash, block->variant);
    return digest_name(&digest);
}

/*
 * Where the skip pointer goes: Myers, "An applicative random-access stack", Information Processing Letters 17(5), 1983.
 * Two jumps of equal length become one of twice the length and one more step, so a climb of d steps takes O(log d)
 * jumps, and blocks of one height jump equally far.
 */
static block_id skip_of_child(const struct block_tree *tree, block_id parent)
{
    const struct block *near = block_tree_get(tree, parent);
    const struct block *middle = block_tree_get(tree, near->skip);
    const struct block *far = block_tree_get(tree, middle->skip);
    return near->height - middle->height == middle->height - far->height ? middle->skip : parent;
}

block_id block_tree_add(struct block_tree *tree, const struct block *block, const struct stake_operation *operations,
                        uint32_t operation_count)
{
    REQUIRE(block->parent < tree->blocks.count);
    const struct block *parent = block_tree_get(tree, block->parent);
    struct block added = *block;
    added.height = parent->height + 1;
    added.hash = block_hash(&added, parent->hash,
                            block->reference == BLOCK_NONE ? 0 : block_tree_get(tree, block->reference)->hash);
    added.skip = skip_of_child(tree, block->parent);
    added.first_operation = (uint32_t)tree->operations.count;
    added.operations = operation_count;
    for (uint32_t i = 0; i < operation_count; i++)
        vector_push(&tree->operations, operations[i]);

    block_id id = (block_id)tree->blocks.count;
    push_block(tree, added);
    tree->next_sibling.at[id] = tree->first_child.at[block->parent];
    tree->first_child.at[block->parent] = id;
    return id;
}

block_id block_tree_ancestor(const struct block_tree *tree, block_id id, uint64_t height)
{
    if (block_tree_get(tree, id)->height < height)
        return BLOCK_NONE;
    while (block_tree_get(tree, id)->height > height) {
        const struct block *block = block_tree_get(tree, id);
        id = block_tree_get(tree, block->skip)->height >= height ? block->skip : block->parent;
    }
    return id;
}

bool block_tree_descends(const struct block_tree *tree, block_id id, block_id ancestor)
{
    return block_tree_ancestor(tree, id, block_tree_get(tree, ancestor)->height) == ancestor;
}

block_id block_tree_common(const struct block_tree *tree, block_id a, block_id b)
{
    uint64_t height_a = block_tree_get(tree, a)->height;
    uint64_t height_b = block_tree_get(tree, b)->height;
    a = block_tree_ancestor(tree, a, height_a < height_b ? height_a : height_b);
    b = block_tree_ancestor(tree, b, height_a < height_b ? height_a : height_b);
    while (a != b) {
        const struct block *block_a = block_tree_get(tree, a);
        const struct block *block_b = block_tree_get(tree, b);
        bool together = block_a->skip == block_b->skip;
        a = together ? block_a->parent : block_a->skip;
        b = together ? block_b->parent : block_b->skip;
    }
    return a;
}
