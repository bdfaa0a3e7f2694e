/* SPDX-License-Identifier: MIT */
/*
 * The stake ledger of one chain as a transition function: the ledger after a block is the ledger after its parent with
 * the block's operations applied. Versions are immutable and shared (copy-on-write): a block without operations that
 * crosses no boundary has its parent's version but for the electorate's rotation. Two branches can so slash and
 * reshuffle differently, and a reorg undoes what it must.
 *
 * On every branch, at every block: bonded + burned + withdrawn = genesis + minted. ledger_totals() gives the parts, and
 * the world writes them to the trace, where sim/check/conservation.c adds them up for itself.
 *
 * The ledger owns everything it gives out; electorates live as long as the ledger, at the same place in memory.
 */
#ifndef POSIM_STAKE_LEDGER_H
#define POSIM_STAKE_LEDGER_H

#include "base/param.h"
#include "base/stake_operation.h"
#include "stake/electorate.h"

/* The chain's rules of stake; scenario key `stake_rules`. */
struct ledger_rules {
    struct ratio equivocation_slash; /* share of the offender's stake that is burned; Cosmos Hub 5 % */
    bool jail;                       /* whether the offender leaves the validator set (Cosmos: tombstoned) */
    int64_t electorate_lag_blocks;   /* a change in block h counts from block h + 1 + lag; CometBFT 1 */
    uint64_t epoch_slots; /* 0: per block; else the set changes at epoch boundaries only ...; absent: the protocol's */
    int64_t epoch_lag;    /* ... to the stake at the end of this many epochs before (Praos 2) */
};
extern const struct param_table ledger_rules_table;

typedef uint32_t ledger_version;

struct ledger_totals {
    stake_amount genesis, bonded, burned, minted, withdrawn, jailed; /* jailed is part of bonded */
};

/* What one operation did, for the trace. */
struct ledger_change {
    uint32_t kind; /* enum stake_operation_kind */
    validator_id validator;
    stake_amount before, after;
    bool jailed;
    bool applied; /* false: refused (already punished, unknown, nothing left) */
};

struct ledger; /* all versions of one chain */

/* `stakes` by validator id; validators with stake 0 are not members. */
struct ledger *ledger_new(const struct ledger_rules *rules, const stake_amount *stakes, uint32_t validator_count);
void ledger_free(struct ledger *ledger);
struct ledger *ledger_clone(const struct ledger *ledger);

ledger_version ledger_genesis(const struct ledger *ledger);

/*
 * The version after a block at (height, slot) whose parent's version and slot are given. `changes` (may be NULL) takes
 * one entry an operation. The same arguments give an equal state; blocks without effect share their parent's stakes.
 */
ledger_version ledger_apply(struct ledger *ledger, ledger_version parent, uint64_t parent_slot, uint64_t height,
                            uint64_t slot, const struct stake_operation *operations, uint32_t count,
                            struct ledger_change *changes);

/* The validator set that votes on the children of a block of this version (in its own epoch, where there are epochs).
 */
const struct electorate *ledger_electorate(const struct ledger *ledger, ledger_version version);

/*
 * With epochs: the validator set of an epoch, not before the version's own, on the chain that ends in a block of this
 * version, were no block to follow it before that epoch.
 */
const struct electorate *ledger_electorate_of_epoch(const struct ledger *ledger, ledger_version version,
                                                    uint64_t epoch);
/* The epoch of the version's block; 0 without epochs. */
uint64_t ledger_epoch(const struct ledger *ledger, ledger_version version);
const struct electorate *ledger_electorate_by_id(const struct ledger *ledger, electorate_id id);

stake_amount ledger_stake(const struct ledger *ledger, ledger_version version, validator_id validator);
bool ledger_jailed(const struct ledger *ledger, ledger_version version, validator_id validator);
/* Whether this offence of the validator was punished on this branch already. */
bool ledger_punished(const struct ledger *ledger, ledger_version version, validator_id validator);
struct ledger_totals ledger_totals(const struct ledger *ledger, ledger_version version);

#endif
