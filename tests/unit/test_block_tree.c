/* SPDX-License-Identifier: MIT */
/* The block tree against plain walks by parents, and what names of blocks and messages depend on. */
#include "consensus/block_tree.h"

#include "base/random.h"
#include "consensus/message.h"

#include <glib.h>

#define GENESIS_HASH 42

static block_id add(struct block_tree *tree, block_id parent, uint32_t variant)
{
    struct block block = {.parent = parent, .reference = BLOCK_NONE, .proposer = 3, .variant = variant};
    return block_tree_add(tree, &block, NULL, 0);
}

static block_id walk_up(const struct block_tree *tree, block_id id, uint64_t height)
{
    while (block_tree_get(tree, id)->height > height)
        id = block_tree_get(tree, id)->parent;
    return id;
}

/* A tree of 2,000 blocks, each on one of the last few: bushy, and some 500 high. */
static void grow(struct block_tree *tree)
{
    struct random_seed seed = {.seed = 5};
    struct random_stream stream;
    random_stream_init(&stream, &seed, RANDOM_TEST, 0);
    block_tree_init(tree, GENESIS_HASH);
    for (uint32_t i = 1; i <= 2000; i++) {
        uint64_t back = 1 + random_below(&stream, i < 8 ? i : 8);
        add(tree, (block_id)(i - back), i);
    }
}

/* Ancestors by skip pointers are those by parents, at every height of every 17th block. */
static void ancestors(void)
{
    struct block_tree tree;
    grow(&tree);
    for (block_id id = 0; id < tree.blocks.count; id += 17) {
        uint64_t height = block_tree_get(&tree, id)->height;
        for (uint64_t h = 0; h <= height; h++)
            g_assert_cmpuint(block_tree_ancestor(&tree, id, h), ==, walk_up(&tree, id, h));
        g_assert_cmpuint(block_tree_ancestor(&tree, id, height + 1), ==, BLOCK_NONE);
    }
    block_tree_release(&tree);
}

/* The deepest common block, and descent, for pairs all over the tree. */
static void common_blocks(void)
{
    struct block_tree tree;
    grow(&tree);
    for (block_id a = 0; a < tree.blocks.count; a += 37)
        for (block_id b = 0; b < tree.blocks.count; b += 41) {
            block_id x = a, y = b;
            while (x != y)
                if (x > y) /* a parent's id is smaller */
                    x = block_tree_get(&tree, x)->parent;
                else
                    y = block_tree_get(&tree, y)->parent;
            g_assert_cmpuint(block_tree_common(&tree, a, b), ==, x);
            g_assert_cmpint(block_tree_descends(&tree, a, b), ==, x == b);
        }
    block_tree_release(&tree);
}

/* A climb of 100,000 blocks takes few steps: all heights of a straight chain in well under a second. */
static void long_chain(void)
{
    struct block_tree tree;
    block_tree_init(&tree, GENESIS_HASH);
    for (block_id id = 0; id < 100000; id++)
        add(&tree, id, 0);
    for (uint64_t height = 0; height <= 100000; height++)
        g_assert_cmpuint(block_tree_ancestor(&tree, 100000, height), ==, height);
    block_tree_release(&tree);
}

/* Children are listed under their parent; a clone goes its own way. */
static void children_and_clones(void)
{
    struct block_tree tree, copy;
    block_tree_init(&tree, GENESIS_HASH);
    block_id first = add(&tree, BLOCK_GENESIS, 0), second = add(&tree, BLOCK_GENESIS, 1);
    unsigned seen = 0;
    for (block_id child = tree.first_child.at[BLOCK_GENESIS]; child != BLOCK_NONE; child = tree.next_sibling.at[child])
        seen |= 1u << child;
    g_assert_cmpuint(seen, ==, 1u << first | 1u << second);
    block_tree_clone(&copy, &tree);
    g_assert_cmpuint(add(&copy, second, 0), ==, 3);
    g_assert_cmpuint(tree.blocks.count, ==, 3);
    g_assert_cmpuint(tree.first_child.at[second], ==, BLOCK_NONE);
    block_tree_release(&tree);
    block_tree_release(&copy);
}

/* Operations stay with the block that brought them. */
static void operations(void)
{
    struct block_tree tree;
    block_tree_init(&tree, GENESIS_HASH);
    struct stake_operation given[] = {{STAKE_BOND, 1, 10, 0, 0, 0}, {STAKE_EVIDENCE, 2, 0, 7, 1, 0}};
    add(&tree, BLOCK_GENESIS, 0);
    struct block block = {.parent = 1, .reference = BLOCK_NONE};
    const struct block *added = block_tree_get(&tree, block_tree_add(&tree, &block, given, 2));
    g_assert_cmpuint(added->operations, ==, 2);
    g_assert_cmpuint(tree.operations.at[added->first_operation + 1].validator, ==, 2);
    g_assert_cmpuint(added->height, ==, 2);
    block_tree_release(&tree);
}

/* A block's hash tells its place and variant, not its time or size. */
static void block_hashes(void)
{
    struct block_tree tree;
    block_tree_init(&tree, GENESIS_HASH);
    struct block block = {.parent = BLOCK_GENESIS, .reference = BLOCK_NONE, .slot = 9};
    uint64_t hash = block_tree_get(&tree, block_tree_add(&tree, &block, NULL, 0))->hash;
    struct block later = block;
    later.proposed_ns = 5;
    later.size_bytes = 7;
    g_assert_cmpuint(block_tree_get(&tree, block_tree_add(&tree, &later, NULL, 0))->hash, ==, hash);
    later.variant = 1;
    g_assert_cmpuint(block_tree_get(&tree, block_tree_add(&tree, &later, NULL, 0))->hash, !=, hash);
    later = block;
    later.slot = 10;
    g_assert_cmpuint(block_tree_get(&tree, block_tree_add(&tree, &later, NULL, 0))->hash, !=, hash);
    later = block;
    later.parent = 1;
    g_assert_cmpuint(block_tree_get(&tree, block_tree_add(&tree, &later, NULL, 0))->hash, !=, hash);
    block_tree_release(&tree);
}

/* A message's id tells all of its content but times, ids in order of creation, weight and size. */
static void message_ids(void)
{
    struct message message = {
        .kind = MESSAGE_VOTE, .height = 3, .round = 1, .sender = 4, .block = 9, .subject = ID_NONE};
    message_id id = message_identify(&message, 77, 0);
    struct message same = message;
    same.sent_ns = 5;
    same.weight = 6;
    same.block = 8;
    same.electorate = 2;
    same.size_bytes = 100;
    g_assert_cmpuint(message_identify(&same, 77, 0), ==, id);
    g_assert_cmpuint(message_identify(&message, 78, 0), !=, id);
    g_assert_cmpuint(message_identify(&message, 77, 1), !=, id);
#define CHANGED(field)                                                                                                 \
    do {                                                                                                               \
        struct message other = message;                                                                                \
        other.field++;                                                                                                 \
        g_assert_cmpuint(message_identify(&other, 77, 0), !=, id);                                                     \
    } while (0)
    CHANGED(height);
    CHANGED(payload);
    CHANGED(round);
    CHANGED(chain);
    CHANGED(sender);
    CHANGED(origin);
    CHANGED(subject);
    CHANGED(type);
    CHANGED(kind);
    CHANGED(instance);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/block-tree/ancestors", ancestors);
    g_test_add_func("/block-tree/common-blocks", common_blocks);
    g_test_add_func("/block-tree/long-chain", long_chain);
    g_test_add_func("/block-tree/children-and-clones", children_and_clones);
    g_test_add_func("/block-tree/operations", operations);
    g_test_add_func("/block-tree/block-hashes", block_hashes);
    g_test_add_func("/block-tree/message-ids", message_ids);
    return g_test_run();
}
