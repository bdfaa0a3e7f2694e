/* SPDX-License-Identifier: MIT */
#include "stake/ledger.h"

#include "base/assert.h"
#include "base/vector.h"
#include "stake/ledger_table.h"

#include <string.h>

/*
 * Which validator set counts when is a rotation: `depth` electorates, the oldest in force now, the newest that of the
 * present bonds. Without epochs each block moves it on by one, so that a change waits `electorate_lag_blocks` blocks;
 * with epochs each epoch does, and the oldest is the stake at the end of `epoch_lag` epochs before.
 */
struct version {
    struct ledger_table *table;
    struct ledger_totals totals;
    uint64_t epoch;
    size_t rotation; /* place of its `depth` electorates in ledger->rotations */
};

struct ledger {
    struct ledger_rules rules;
    size_t depth;
    VECTOR(struct version) versions;
    VECTOR(electorate_id) rotations;
    VECTOR(struct electorate *) electorates; /* counted references; their members lie behind them */
};

static const struct param ledger_rules_params[] = {
    {.key = "equivocation_slash",
     .type = PARAM_SHARE,
     .offset = offsetof(struct ledger_rules, equivocation_slash),
     .by_default = "5 %",
     .meaning = "share of a validator's stake that is burned once it was proven to have equivocated",
     .source = "Cosmos Hub, x/slashing parameter slash_fraction_double_sign"},
    {.key = "jail",
     .type = PARAM_FLAG,
     .offset = offsetof(struct ledger_rules, jail),
     .by_default = "on",
     .meaning = "a validator that was proven to have equivocated leaves the validator set for good",
     .source = "Cosmos SDK, x/evidence: tombstoning"},
    {.key = "electorate_lag_blocks",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct ledger_rules, electorate_lag_blocks),
     .by_default = "1",
     .minimum = "0",
     .maximum = "1_000",
     .meaning = "blocks between a change of stake and the first block on which the changed set votes; without epochs",
     .source = "CometBFT v0.38, ABCI: validator updates of block H take effect at H+2"},
    {.key = "epoch_slots",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct ledger_rules, epoch_slots),
     .minimum = "0",
     .optional = true,
     .meaning = "slots of an epoch, at whose boundaries alone the validator set changes; 0 for at each block; by "
                "default as the protocol has it"},
    {.key = "epoch_lag",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct ledger_rules, epoch_lag),
     .by_default = "2",
     .minimum = "1",
     .maximum = "100",
     .meaning = "an epoch's validator set is the stake at the end of this many epochs before; with epochs",
     .source = "David, Gazi, Kiayias, Russell 2018, dynamic stake; Cardano's snapshots mark, set, go"},
};

const struct param_table ledger_rules_table =
    PARAM_TABLE("stake_rules", "what blocks do to stakes, and when the validator set follows", struct ledger_rules,
                ledger_rules_params);

static const struct version *version_get(const struct ledger *ledger, ledger_version version)
{
    REQUIRE(version < ledger->versions.count);
    return &ledger->versions.at[version];
}

static const electorate_id *rotation_of(const struct ledger *ledger, const struct version *version)
{
    return &ledger->rotations.at[version->rotation];
}

/* The electorate of these accounts: everybody with a bond who is not jailed. */
static struct electorate *electorate_make(const struct ledger_table *table)
{
    struct electorate *electorate =
        g_atomic_rc_box_alloc0(sizeof *electorate + table->validators * sizeof(struct electorate_member));
    struct electorate_member *members = (struct electorate_member *)(electorate + 1);
    for (validator_id v = 0; v < table->validators; v++) {
        const struct ledger_account *account = ledger_table_get(table, v);
        if (!account->bond || account->jailed)
            continue;
        members[electorate->count++] = (struct electorate_member){v, account->bond};
        electorate->total += account->bond;
    }
    electorate->members = members;
    return electorate;
}

static bool electorates_equal(const struct electorate *a, const struct electorate *b)
{
    if (a->count != b->count || a->total != b->total)
        return false;
    for (uint32_t i = 0; i < a->count; i++)
        if (a->members[i].validator != b->members[i].validator || a->members[i].stake != b->members[i].stake)
            return false;
    return true;
}

/* The electorate of these accounts; `previous` where that has the same members and stakes. */
static electorate_id electorate_of(struct ledger *ledger, const struct ledger_table *table, electorate_id previous)
{
    struct electorate *electorate = electorate_make(table);
    if (previous != ID_NONE && electorates_equal(electorate, ledger->electorates.at[previous])) {
        g_atomic_rc_box_release(electorate);
        return previous;
    }
    electorate->id = (electorate_id)ledger->electorates.count;
    vector_push(&ledger->electorates, electorate);
    return electorate->id;
}

struct ledger *ledger_new(const struct ledger_rules *rules, const stake_amount *stakes, uint32_t validator_count)
{
    REQUIRE(rules->electorate_lag_blocks >= 0 && (!rules->epoch_slots || rules->epoch_lag >= 1));
    struct ledger *ledger = g_new0(struct ledger, 1);
    ledger->rules = *rules;
    ledger->depth = (size_t)(rules->epoch_slots ? rules->epoch_lag : rules->electorate_lag_blocks) + 1;

    struct version genesis = {.table = ledger_table_new(stakes, validator_count)};
    for (uint32_t v = 0; v < validator_count; v++) {
        REQUIRE(genesis.totals.genesis <= UINT64_MAX - stakes[v]);
        genesis.totals.genesis += stakes[v];
    }
    genesis.totals.bonded = genesis.totals.genesis;
    electorate_id everybody = electorate_of(ledger, genesis.table, ID_NONE);
    for (size_t i = 0; i < ledger->depth; i++)
        vector_push(&ledger->rotations, everybody);
    vector_push(&ledger->versions, genesis);
    return ledger;
}

void ledger_free(struct ledger *ledger)
{
    if (!ledger)
        return;
    for (size_t i = 0; i < ledger->versions.count; i++)
        ledger_table_unref(ledger->versions.at[i].table);
    for (size_t i = 0; i < ledger->electorates.count; i++)
        g_atomic_rc_box_release(ledger->electorates.at[i]);
    vector_release(&ledger->versions);
    vector_release(&ledger->rotations);
    vector_release(&ledger->electorates);
    g_free(ledger);
}

struct ledger *ledger_clone(const struct ledger *ledger)
{
    struct ledger *copy = g_new0(struct ledger, 1);
    copy->rules = ledger->rules;
    copy->depth = ledger->depth;
    for (size_t i = 0; i < ledger->versions.count; i++) {
        vector_push(&copy->versions, ledger->versions.at[i]);
        ledger_table_ref(copy->versions.at[i].table);
    }
    for (size_t i = 0; i < ledger->rotations.count; i++)
        vector_push(&copy->rotations, ledger->rotations.at[i]);
    for (size_t i = 0; i < ledger->electorates.count; i++)
        vector_push(&copy->electorates, g_atomic_rc_box_acquire(ledger->electorates.at[i]));
    return copy;
}

ledger_version ledger_genesis(const struct ledger *ledger)
{
    REQUIRE(ledger->versions.count);
    return 0;
}

/*
 * Burns the offender's share and jails it, once on a branch whatever it did, as a tombstoned validator of the Cosmos
 * SDK is not punished again. DEVIATION: the share is of the present bond, the Cosmos SDK's of the bond at the offence.
 */
static bool apply_evidence(const struct ledger *ledger, struct ledger_account *account, struct ledger_totals *totals)
{
    if (account->punished)
        return false;
    stake_amount burned = stake_share(account->bond, ledger->rules.equivocation_slash);
    account->bond -= burned;
    account->punished = true;
    totals->bonded -= burned;
    totals->burned += burned;
    if (ledger->rules.jail) {
        account->jailed = true;
        totals->jailed += account->bond;
    }
    return true;
}

static bool apply_bond(struct ledger_account *account, stake_amount amount, struct ledger_totals *totals)
{
    if (!amount || amount > UINT64_MAX - totals->bonded || amount > UINT64_MAX - totals->minted)
        return false;
    account->bond += amount;
    totals->bonded += amount;
    totals->minted += amount;
    if (account->jailed)
        totals->jailed += amount;
    return true;
}

static bool apply_unbond(struct ledger_account *account, stake_amount amount, struct ledger_totals *totals)
{
    if (!amount || amount > account->bond || amount > UINT64_MAX - totals->withdrawn)
        return false;
    account->bond -= amount;
    totals->bonded -= amount;
    totals->withdrawn += amount;
    if (account->jailed)
        totals->jailed -= amount;
    return true;
}

static bool apply_one(const struct ledger *ledger, const struct stake_operation *operation,
                      struct ledger_account *account, struct ledger_totals *totals)
{
    switch (operation->kind) {
    case STAKE_EVIDENCE:
        return apply_evidence(ledger, account, totals);
    case STAKE_BOND:
        return apply_bond(account, operation->amount, totals);
    case STAKE_UNBOND:
        return apply_unbond(account, operation->amount, totals);
    default:
        return false;
    }
}

/* Applies the operations to `version`, whose table is replaced when the first one succeeds; whether one did. */
static bool apply_operations(const struct ledger *ledger, struct version *version,
                             const struct stake_operation *operations, uint32_t count, struct ledger_change *changes)
{
    bool changed = false;
    for (uint32_t i = 0; i < count; i++) {
        const struct stake_operation *operation = &operations[i];
        struct ledger_change change = {.kind = operation->kind, .validator = operation->validator};
        if (operation->validator < version->table->validators) {
            const struct ledger_account *before = ledger_table_get(version->table, operation->validator);
            struct ledger_account after = *before;
            change.before = before->bond;
            change.applied = apply_one(ledger, operation, &after, &version->totals);
            change.after = after.bond;
            change.jailed = after.jailed;
            if (change.applied) {
                if (!changed)
                    version->table = ledger_table_copy(version->table);
                *ledger_table_edit(version->table, operation->validator) = after;
                changed = true;
            }
        }
        if (changes)
            changes[i] = change;
    }
    return changed;
}

/* How far the rotation moves on: a block each without epochs, else an epoch each. */
static uint64_t steps_to(const struct ledger *ledger, struct version *version, uint64_t slot)
{
    if (!ledger->rules.epoch_slots)
        return 1;
    uint64_t epoch = slot / ledger->rules.epoch_slots;
    REQUIRE(epoch >= version->epoch);
    uint64_t steps = epoch - version->epoch;
    version->epoch = epoch;
    return steps;
}

/* Appends the parent's rotation, moved on by `steps`, with `newest` for the present bonds; its place. */
static size_t rotate(struct ledger *ledger, size_t parent, uint64_t steps, electorate_id newest)
{
    size_t depth = ledger->depth, place = ledger->rotations.count;
    for (size_t i = 0; i < depth; i++) {
        size_t from = steps < depth - 1 - i ? i + (size_t)steps : depth - 1;
        vector_push(&ledger->rotations, i == depth - 1 ? newest : ledger->rotations.at[parent + from]);
    }
    if (memcmp(&ledger->rotations.at[place], &ledger->rotations.at[parent], depth * sizeof(electorate_id)) != 0)
        return place;
    ledger->rotations.count = place;
    return parent;
}

ledger_version ledger_apply(struct ledger *ledger, ledger_version parent, uint64_t parent_slot, uint64_t height,
                            uint64_t slot, const struct stake_operation *operations, uint32_t count,
                            struct ledger_change *changes)
{
    const struct version *before = version_get(ledger, parent);
    REQUIRE(height > 0 && slot >= parent_slot);
    REQUIRE(!ledger->rules.epoch_slots || parent_slot / ledger->rules.epoch_slots == before->epoch);

    struct version after = *before;
    uint64_t steps = steps_to(ledger, &after, slot);
    bool changed = apply_operations(ledger, &after, operations, count, changes);
    electorate_id newest = rotation_of(ledger, before)[ledger->depth - 1];
    if (changed)
        newest = electorate_of(ledger, after.table, newest);
    after.rotation = rotate(ledger, before->rotation, steps, newest);
    if (!changed && after.rotation == before->rotation && after.epoch == before->epoch)
        return parent;
    if (!changed)
        ledger_table_ref(after.table);
    vector_push(&ledger->versions, after);
    return (ledger_version)ledger->versions.count - 1;
}

const struct electorate *ledger_electorate(const struct ledger *ledger, ledger_version version)
{
    return ledger->electorates.at[rotation_of(ledger, version_get(ledger, version))[0]];
}

const struct electorate *ledger_electorate_of_epoch(const struct ledger *ledger, ledger_version version, uint64_t epoch)
{
    const struct version *at = version_get(ledger, version);
    REQUIRE(ledger->rules.epoch_slots && epoch >= at->epoch);
    size_t ahead = (size_t)MIN(epoch - at->epoch, ledger->depth - 1);
    return ledger->electorates.at[rotation_of(ledger, at)[ahead]];
}

uint64_t ledger_epoch(const struct ledger *ledger, ledger_version version)
{
    return version_get(ledger, version)->epoch;
}

const struct electorate *ledger_electorate_by_id(const struct ledger *ledger, electorate_id id)
{
    REQUIRE(id < ledger->electorates.count);
    return ledger->electorates.at[id];
}

static const struct ledger_account *account_of(const struct ledger *ledger, ledger_version version,
                                               validator_id validator)
{
    const struct version *at = version_get(ledger, version);
    REQUIRE(validator < at->table->validators);
    return ledger_table_get(at->table, validator);
}

stake_amount ledger_stake(const struct ledger *ledger, ledger_version version, validator_id validator)
{
    return account_of(ledger, version, validator)->bond;
}

bool ledger_jailed(const struct ledger *ledger, ledger_version version, validator_id validator)
{
    return account_of(ledger, version, validator)->jailed;
}

bool ledger_punished(const struct ledger *ledger, ledger_version version, validator_id validator)
{
    return account_of(ledger, version, validator)->punished;
}

struct ledger_totals ledger_totals(const struct ledger *ledger, ledger_version version)
{
    return version_get(ledger, version)->totals;
}
