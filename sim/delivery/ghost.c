/* SPDX-License-Identifier: MIT */
/*
 * The heaviest path down the tree. A voter counts by its latest votes: those of the highest (height, round) that the
 * query covers and the replica holds, and of the highest type among them; where that is one place, as in GRANDPA, by
 * all of them. An equivocator (two blocks at one place, anywhere in what the query covers) is treated as the query
 * says: for every block, for none, for each that it voted for, or for the first.
 */
#include "delivery/inside.h"

#define NOBODY UINT32_MAX

/* So much weight below a block: of one voter that has several, or of all that have only this (NOBODY). */
struct load {
    block_id block;
    stake_amount weight;
    uint32_t voter;
};

struct branch {
    block_id child;
    stake_amount weight;
    uint32_t last_voter; /* counts once, however many of its votes lie below */
    stake_amount last_weight;
};

struct ghost {
    const struct delivery *delivery;
    replica_id replica;
    stake_amount everywhere;
    VECTOR(struct load) loads;
    VECTOR(struct branch) branches;
    struct index_map load_at; /* by block: the load of those that have only this */
};

static void load_alone(struct ghost *ghost, block_id block, stake_amount weight)
{
    uint32_t at = index_map_find(&ghost->load_at, block);
    if (at == INDEX_NONE) {
        index_map_set(&ghost->load_at, block, (uint32_t)ghost->loads.count);
        vector_push(&ghost->loads, (struct load){block, weight, NOBODY});
    } else {
        ghost->loads.at[at].weight = stake_add(ghost->loads.at[at].weight, weight);
    }
}

/* Parts are gathered in the order of places, so that the voter's chain of entries begins with its latest. */
static void load_voter(struct ghost *ghost, uint32_t v)
{
    const struct scratch *scratch = ghost->delivery->scratch;
    const struct voter *voter = &scratch->voters.at[v];
    const struct vote_class *latest = scratch->entries.at[voter->first].class;
    uint32_t votes = 0;
    for (uint32_t e = voter->first; e != INDEX_NONE; e = scratch->entries.at[e].next)
        votes += scratch->entries.at[e].class == latest;
    for (uint32_t e = voter->first; e != INDEX_NONE; e = scratch->entries.at[e].next) {
        const struct entry *entry = &scratch->entries.at[e];
        if (entry->class != latest || entry->block == BLOCK_NONE)
            continue;
        if (votes == 1)
            load_alone(ghost, entry->block, entry->weight);
        else
            vector_push(&ghost->loads, (struct load){entry->block, entry->weight, v});
    }
}

static void load_all(struct ghost *ghost, const struct vote_query *query)
{
    const struct scratch *scratch = ghost->delivery->scratch;
    count_parts(ghost->delivery, ghost->replica, query);
    count_gather(ghost->delivery, ghost->replica, query, scratch->parts.at, scratch->parts.count);
    for (uint32_t v = 0; v < scratch->voters.count; v++) {
        const struct voter *voter = &scratch->voters.at[v];
        if (voter->equivocates && query->duplicates == DUPLICATES_NOWHERE)
            continue;
        if (voter->equivocates && query->duplicates == DUPLICATES_EVERYWHERE)
            ghost->everywhere = stake_add(ghost->everywhere, voter->heaviest);
        else
            load_voter(ghost, v);
    }
}

static struct branch *branch_of(struct ghost *ghost, block_id child)
{
    for (size_t i = 0; i < ghost->branches.count; i++)
        if (ghost->branches.at[i].child == child)
            return &ghost->branches.at[i];
    vector_push(&ghost->branches, (struct branch){child, 0, NOBODY, 0});
    return &ghost->branches.at[ghost->branches.count - 1];
}

static void add_load(struct branch *branch, const struct load *load)
{
    stake_amount counted = load->voter != NOBODY && load->voter == branch->last_voter ? branch->last_weight : 0;
    if (load->voter != NOBODY) {
        branch->last_voter = load->voter;
        branch->last_weight = load->weight > counted ? load->weight : counted;
    }
    if (load->weight > counted)
        branch->weight = stake_add(branch->weight, load->weight - counted);
}

/* Sums up what lies below each child of `at`; drops what does not lie below `at`, or is for `at` itself. */
static void spread(struct ghost *ghost, block_id at)
{
    const struct block_tree *tree = ghost->delivery->settings.tree;
    uint64_t height = block_tree_get(tree, at)->height + 1;
    size_t kept = 0;
    vector_clear(&ghost->branches);
    for (size_t i = 0; i < ghost->loads.count; i++) {
        struct load load = ghost->loads.at[i];
        block_id child = block_tree_ancestor(tree, load.block, height);
        if (child == BLOCK_NONE || block_tree_get(tree, child)->parent != at)
            continue;
        add_load(branch_of(ghost, child), &load);
        ghost->loads.at[kept++] = load;
    }
    ghost->loads.count = kept;
}

static block_id heaviest_child(struct ghost *ghost, block_id at, stake_amount threshold)
{
    const struct block_tree *tree = ghost->delivery->settings.tree;
    block_id best = BLOCK_NONE;
    stake_amount most = 0;
    for (block_id child = tree->first_child.at[at]; child != BLOCK_NONE; child = tree->next_sibling.at[child]) {
        if (!block_is_here(ghost->delivery, ghost->replica, child))
            continue;
        stake_amount weight = stake_add(ghost->everywhere, branch_of(ghost, child)->weight);
        if (weight < threshold)
            continue;
        if (best == BLOCK_NONE || weight > most ||
            (weight == most && block_tree_get(tree, child)->hash > block_tree_get(tree, best)->hash)) {
            best = child;
            most = weight;
        }
    }
    return best;
}

block_id delivery_heaviest_subtree(const struct delivery *delivery, replica_id replica, const struct vote_query *query,
                                   block_id root, stake_amount threshold)
{
    struct ghost ghost = {.delivery = delivery, .replica = replica};
    load_all(&ghost, query);
    block_id at = root;
    for (block_id next = root; next != BLOCK_NONE; next = heaviest_child(&ghost, at, threshold)) {
        at = next;
        spread(&ghost, at);
    }
    vector_release(&ghost.loads);
    vector_release(&ghost.branches);
    index_map_release(&ghost.load_at);
    return at;
}
