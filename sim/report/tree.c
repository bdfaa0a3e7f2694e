/* SPDX-License-Identifier: MIT */
#include "report/tree.h"

#include "base/assert.h"

/* Blocks that lost, at each height; those whose fate is open are no fork. */
static uint64_t *count_forks(const struct block_log *log)
{
    uint64_t *forks = g_new0(uint64_t, log->tallest + 1);
    for (size_t i = 0; i < log->blocks.count; i++) {
        const struct block_entry *block = &log->blocks.at[i];
        forks[block->height] += !block->on_main && block->status != BLOCK_PENDING;
    }
    return forks;
}

struct tree_window tree_window(const struct block_log *log, uint64_t most)
{
    REQUIRE(most > 0 && log->blocks.count > 0);
    uint64_t tallest = log->tallest, *forks = count_forks(log), inside = 0, greatest = 0;
    uint64_t first = MIN(most, tallest), last = first; /* the ends of the windows with the most, the latest in a row */
    for (uint64_t to = 1; to <= tallest; to++) {
        inside += forks[to];
        if (to > most)
            inside -= forks[to - most];
        if (to < MIN(most, tallest) || inside < greatest)
            continue;
        if (inside > greatest || to != last + 1)
            first = to;
        last = to;
        greatest = inside;
    }
    g_free(forks);
    uint64_t to = greatest > 0 ? first + (last - first) / 2 : tallest;
    return (struct tree_window){
        .from = to > most ? to - most + 1 : 1, .to = to, .whole = tallest <= most, .forked = greatest > 0};
}

/* The greatest height among each block's descendants and itself. */
static uint64_t *reach_of(const struct block_log *log)
{
    uint64_t *reach = g_new(uint64_t, log->blocks.count + 1);
    for (size_t i = log->blocks.count; i-- > 0;)
        reach[i] = log->blocks.at[i].height;
    for (size_t i = log->blocks.count; i-- > 0;) {
        const struct block_entry *block = &log->blocks.at[i];
        if (block->parent != BLOCK_GENESIS)
            reach[block->parent - 1] = MAX(reach[block->parent - 1], reach[i]);
    }
    return reach;
}

/* The child that a block off the main chain hands its lane to: the one that reaches highest, the first of equals. */
static block_id *heirs_of(const struct block_log *log, const uint64_t *reach)
{
    block_id *heir = g_new0(block_id, log->blocks.count + 1);
    for (size_t i = 0; i < log->blocks.count; i++) {
        block_id parent = log->blocks.at[i].parent;
        if (log->blocks.at[i].on_main || parent == BLOCK_GENESIS || log->blocks.at[parent - 1].on_main)
            continue;
        if (!heir[parent - 1] || reach[i] > reach[heir[parent - 1] - 1])
            heir[parent - 1] = (block_id)(i + 1);
    }
    return heir;
}

/* Lanes in the order 1, -1, 2, -2, ... and up to which height each is taken. */
struct lanes {
    VECTOR(uint64_t) taken;
};

static int lane_number(size_t place)
{
    int distance = (int)(place / 2) + 1;
    return place % 2 ? -distance : distance;
}

/*
 * Branches come by the height at which they leave, so a lane is free where its last branch has ended. What leaves a
 * branch stays on that branch's side of the main chain.
 */
static int take_lane(struct lanes *lanes, int parent_lane, uint64_t leaves_at, uint64_t ends_at)
{
    size_t place = parent_lane < 0, step = parent_lane == 0 ? 1 : 2;
    while (place < lanes->taken.count && lanes->taken.at[place] >= leaves_at)
        place += step;
    while (lanes->taken.count <= place)
        vector_push(&lanes->taken, 0);
    lanes->taken.at[place] = ends_at + 1;
    return lane_number(place);
}

struct branch {
    uint64_t height;
    block_id block;
};

static int by_height(const void *first, const void *second)
{
    const struct branch *a = first, *b = second;
    if (a->height != b->height)
        return a->height < b->height ? -1 : 1;
    return (a->block > b->block) - (a->block < b->block);
}

static bool inherits(const struct block_log *log, const block_id *heir, size_t i)
{
    block_id parent = log->blocks.at[i].parent;
    return parent != BLOCK_GENESIS && heir[parent - 1] == i + 1;
}

int *tree_lanes(const struct block_log *log, const struct tree_window *window)
{
    uint64_t *reach = reach_of(log);
    block_id *heir = heirs_of(log, reach);
    int *lane = g_new0(int, log->blocks.count + 1);
    VECTOR(struct branch) branches = {0};
    for (size_t i = 0; i < log->blocks.count; i++) {
        const struct block_entry *block = &log->blocks.at[i];
        bool seen = block->height <= window->to && reach[i] >= window->from;
        if (!block->on_main && seen && !inherits(log, heir, i))
            vector_push(&branches, (struct branch){block->height, block->id});
    }
    if (branches.count)
        qsort(branches.at, branches.count, sizeof *branches.at, by_height);
    struct lanes lanes = {0};
    for (size_t b = 0; b < branches.count; b++) {
        block_id id = branches.at[b].block, parent = log->blocks.at[id - 1].parent;
        int parent_lane = parent == BLOCK_GENESIS ? 0 : lane[parent - 1];
        int taken = take_lane(&lanes, parent_lane, branches.at[b].height, reach[id - 1]);
        for (; id; id = heir[id - 1])
            lane[id - 1] = taken;
    }
    vector_release(&lanes.taken);
    vector_release(&branches);
    g_free(heir);
    g_free(reach);
    return lane;
}
