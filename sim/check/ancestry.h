/* SPDX-License-Identifier: MIT */
/*
 * The checkers' own table of which block has which parent, from the trace's block rows; heights are counted, not
 * believed. Genesis is there from a chain's first row on. Climbing takes logarithmic time by jump pointers (Myers, "An
 * applicative random-access stack", 1983).
 */
#ifndef POSIM_CHECK_ANCESTRY_H
#define POSIM_CHECK_ANCESTRY_H

#include "base/vector.h"
#include "record/trace.h"

struct ancestry_block {
    uint64_t height;
    stake_amount electorate_stake;
    block_id parent, jump;
};

struct lineage {
    VECTOR(struct ancestry_block) blocks; /* by block_id */
};

struct ancestry {
    VECTOR(struct lineage) chains;
};

void ancestry_release(struct ancestry *ancestry);
/* The rows that it reads; others need not be handed to it. */
#define ANCESTRY_ROWS (TRACE_BIT(TRACE_CHAIN) | TRACE_BIT(TRACE_BLOCK))
void ancestry_row(struct ancestry *ancestry, enum trace_kind kind, const void *row);

uint32_t ancestry_count(const struct ancestry *ancestry, chain_id chain);
const struct ancestry_block *ancestry_block(const struct ancestry *ancestry, chain_id chain, block_id block);

/* Whether `ancestor` is `block` or lies on the path from it to genesis. */
bool ancestry_descends(const struct ancestry *ancestry, chain_id chain, block_id block, block_id ancestor);

#endif
