/* SPDX-License-Identifier: MIT */
/*
 * What blocks did to validators' stakes, kept until it is known which branch counts. Memory: 32 bytes an operation.
 */
#ifndef POSIM_RECORD_HOLDINGS_H
#define POSIM_RECORD_HOLDINGS_H

#include "record/history.h"

struct holding_change {
    block_id block;
    validator_id validator;
    stake_amount before, after;
    uint32_t kind; /* enum stake_operation_kind */
    bool jailed;
};

struct chain_holdings {
    VECTOR(struct holding_change) changes; /* those that were applied, in the order of rows */
};

struct holdings {
    const struct history *history;
    VECTOR(struct chain_holdings) chains;
};

/* One validator's stake after the branch's last block. */
struct holding {
    stake_amount stake;
    bool jailed;
};

#define HOLDINGS_ROWS (TRACE_BIT(TRACE_CHAIN) | TRACE_BIT(TRACE_STAKE))

void holdings_init(struct holdings *holdings, const struct history *history);
void holdings_release(struct holdings *holdings);
void holdings_row(struct holdings *holdings, enum trace_kind kind, const void *row);

/*
 * Stakes after the branch on which `on_branch` (by block_id) is true, by the validator's index: g_free them. `slashed`
 * (may be NULL) takes what evidence burned on it.
 */
struct holding *holdings_after(const struct holdings *holdings, chain_id chain, const bool *on_branch,
                               stake_amount *slashed);

#endif
