/* SPDX-License-Identifier: MIT */
/*
 * Which blocks honest nodes hold final, and which of them conflict. Two blocks conflict iff neither descends from the
 * other; a final block's ancestors are final too; so two final blocks conflict iff there is a height at which two
 * different blocks are final. The first block to be final at a height is the reference; later ones are rivals.
 * Memory: some 20 bytes a block.
 */
#ifndef POSIM_CHECK_FORKS_H
#define POSIM_CHECK_FORKS_H

#include "check/ancestry.h"

struct final_block {
    block_id block; /* BLOCK_NONE: none yet */
    node_id node;   /* the first honest node that held it final */
    time_ns at_ns;
};

/* Two final blocks with the same parent. */
struct fork {
    uint64_t height;
    struct final_block first, rival;
};

struct chain_forks {
    VECTOR(struct final_block) at_height;
    VECTOR(bool) is_final; /* by block */
    VECTOR(struct fork) forks;
    uint64_t rivals; /* final blocks that conflict with one that was final before */
};

struct forks {
    const struct ancestry *ancestry;
    VECTOR(struct chain_forks) chains;
    VECTOR(block_id) path;
};

void forks_release(struct forks *forks);
/* The rows that it reads; others need not be handed to it. */
#define FORKS_ROWS (TRACE_BIT(TRACE_CHAIN) | TRACE_BIT(TRACE_FINAL))
void forks_row(struct forks *forks, enum trace_kind kind, const void *row);
void forks_spread(struct forks *forks, const struct trace_spread *spread);

#endif
