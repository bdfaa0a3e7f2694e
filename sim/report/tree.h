/* SPDX-License-Identifier: MIT */
/*
 * Where the blocks of a tree are drawn: by height across, and in lanes. The main chain has lane 0; every branch that
 * leaves it, or leaves another branch, has one lane from where it leaves to its tip, the nearest to 0 that is free over
 * those heights: above and below by turns where it leaves the main chain, else on the side of the branch it leaves. Of
 * a large tree only a window of heights is laid out.
 */
#ifndef POSIM_REPORT_TREE_H
#define POSIM_REPORT_TREE_H

#include "report/block_log.h"

struct tree_window {
    uint64_t from, to; /* heights, both included */
    bool whole;        /* the tree has no others */
    bool forked;       /* blocks that lost lie in it */
};

/*
 * The `most` heights with the most blocks that lost, all heights if there are no more; the last ones where none lost.
 * Of equals the latest that follow each other, and the middle one of those, so that forks stand in the middle.
 */
struct tree_window tree_window(const struct block_log *log, uint64_t most);

/* The lane of each block (block id - 1), meaningful inside the window; g_free it. */
int *tree_lanes(const struct block_log *log, const struct tree_window *window);

#endif
