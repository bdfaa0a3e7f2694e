/* SPDX-License-Identifier: MIT */
/* The block tree's layout: which heights are shown, and in which lane each block lies. */
#include "report/tree.h"

#include <string.h>

static void add(struct block_log *log, block_id parent, bool on_main, enum block_status status)
{
    const struct block_entry *above = block_log_find(log, parent);
    uint64_t height = above ? above->height + 1 : 1;
    struct block_entry block = {.id = (block_id)log->blocks.count + 1,
                                .parent = parent,
                                .height = height,
                                .on_main = on_main,
                                .status = status};
    vector_push(&log->blocks, block);
    log->tallest = MAX(log->tallest, height);
}

static void add_main(struct block_log *log, size_t count)
{
    block_id parent = BLOCK_GENESIS;
    for (size_t i = 0; i < log->blocks.count; i++)
        if (log->blocks.at[i].on_main)
            parent = log->blocks.at[i].id;
    for (; count > 0; count--) {
        add(log, parent, true, BLOCK_FINAL);
        parent = (block_id)log->blocks.count;
    }
}

static void expect_lanes(const struct block_log *log, const int *expected)
{
    struct tree_window window = tree_window(log, 100);
    g_assert_true(window.whole);
    int *lane = tree_lanes(log, &window);
    for (size_t i = 0; i < log->blocks.count; i++)
        g_assert_cmpint(lane[i], ==, expected[i]);
    g_free(lane);
}

/* Blocks 1 to 5 are the main chain; 6 and 7 leave it at genesis and block 1, 8 goes on from 6. */
static void branches_lie_on_both_sides(void)
{
    struct block_log log = {0};
    add_main(&log, 5);
    add(&log, 0, false, BLOCK_ORPHAN);
    add(&log, 1, false, BLOCK_ORPHAN);
    add(&log, 6, false, BLOCK_ORPHAN);
    expect_lanes(&log, (int[]){0, 0, 0, 0, 0, 1, -1, 1});
    block_log_release(&log);
}

/* A branch's branch has a lane of its own on the same side; the longer of two keeps the lane. */
static void branches_of_branches_stay_on_their_side(void)
{
    struct block_log log = {0};
    add_main(&log, 4);
    add(&log, 1, false, BLOCK_ORPHAN); /* 5 */
    add(&log, 5, false, BLOCK_ORPHAN); /* 6: ends here */
    add(&log, 5, false, BLOCK_ORPHAN); /* 7: goes on */
    add(&log, 7, false, BLOCK_ORPHAN); /* 8 */
    expect_lanes(&log, (int[]){0, 0, 0, 0, 1, 2, 1, 1});
    block_log_release(&log);
}

/* A lane is used again once its branch has ended and a height is between. */
static void lanes_are_used_again(void)
{
    struct block_log log = {0};
    add_main(&log, 9);
    add(&log, 0, false, BLOCK_ORPHAN); /* height 1 */
    add(&log, 1, false, BLOCK_ORPHAN); /* height 2: too near */
    add(&log, 3, false, BLOCK_ORPHAN); /* height 4 */
    expect_lanes(&log, (int[]){0, 0, 0, 0, 0, 0, 0, 0, 0, 1, -1, 1});
    block_log_release(&log);
}

/* Of 100 heights the ten with the two forks at 50 and 53 are shown, the forks in their middle. */
static void window_shows_the_most_forks(void)
{
    struct block_log log = {0};
    add_main(&log, 100);
    add(&log, 19, false, BLOCK_ORPHAN);
    add(&log, 49, false, BLOCK_ORPHAN);
    add(&log, 52, false, BLOCK_ORPHAN);
    struct tree_window window = tree_window(&log, 10);
    g_assert_true(window.forked);
    g_assert_false(window.whole);
    g_assert_cmpuint(window.from, ==, 47);
    g_assert_cmpuint(window.to, ==, 56);
    block_log_release(&log);
}

/* Without a fork the last heights are shown; a block at the tip whose fate is open is none. */
static void window_without_forks_is_the_last(void)
{
    struct block_log log = {0};
    add_main(&log, 100);
    add(&log, 98, false, BLOCK_PENDING);
    struct tree_window window = tree_window(&log, 10);
    g_assert_false(window.forked);
    g_assert_cmpuint(window.from, ==, 91);
    g_assert_cmpuint(window.to, ==, 100);
    block_log_release(&log);
}

/* A branch that left before the window and reaches into it has its lane; one that ended before takes none. */
static void branches_from_before_the_window(void)
{
    struct block_log log = {0};
    add_main(&log, 30);
    add(&log, 2, false, BLOCK_ORPHAN); /* 31: height 3, ends there */
    block_id parent = 3;
    for (int i = 0; i < 20; i++) { /* 32 to 51: heights 4 to 23 */
        add(&log, parent, false, BLOCK_ORPHAN);
        parent = (block_id)log.blocks.count;
    }
    struct tree_window window = {.from = 15, .to = 24};
    int *lane = tree_lanes(&log, &window);
    g_assert_cmpint(lane[31], ==, 1);
    g_assert_cmpint(lane[50], ==, 1);
    g_free(lane);
    block_log_release(&log);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/tree/branches lie on both sides", branches_lie_on_both_sides);
    g_test_add_func("/tree/branches of branches stay on their side", branches_of_branches_stay_on_their_side);
    g_test_add_func("/tree/lanes are used again", lanes_are_used_again);
    g_test_add_func("/tree/window shows the most forks", window_shows_the_most_forks);
    g_test_add_func("/tree/window without forks is the last", window_without_forks_is_the_last);
    g_test_add_func("/tree/branches from before the window", branches_from_before_the_window);
    return g_test_run();
}
