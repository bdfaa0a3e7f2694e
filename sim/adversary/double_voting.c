/* SPDX-License-Identifier: MIT */
/*
 * Double voting. Where the scenario has a partition, each corrupt node runs one instance of the protocol for every side
 * of it: each instance hears and speaks to that side only and follows the protocol there, so its votes are the ones
 * that side would need (twins; Bano et al., "Twins: BFT systems made robust", 2021). A fork needs 2Q - W of the stake.
 *
 * Without a partition, a corrupt node votes as the protocol says to one half of the honest nodes, and for what the
 * protocol's `conflict` gives to the other half: noise that honest nodes prove and punish.
 */
#include "adversary/halves.h"

struct double_voting {
    struct adversary_common common;
};

static const struct param params[] = {ADVERSARY_COMMON_PARAMS(struct double_voting)};
static const struct param_table table =
    PARAM_TABLE_CHECKED("double_voting", "validators that vote for different blocks on each side of a partition",
                        struct double_voting, params, adversary_common_check);

struct sides {
    VECTOR(replica_id) members;
};

/* The corrupt replica that stands on `side` (1 and up) for `node`: the node's own for the first, else a twin. */
static replica_id stand_on(struct adversary_view *view, replica_id own, uint32_t side)
{
    return side == 1 ? own : view->calls->twin(view, view->chain, view->node_of[own]);
}

static void run_twins(struct adversary_view *view)
{
    uint32_t honest_count = view->replica_count, sides = view->fault_groups;
    struct sides *on = g_new0(struct sides, sides + 1);
    VECTOR(replica_id) twins = {0};
    VECTOR(uint32_t) side_of_twin = {0};
    for (replica_id r = 0; r < honest_count; r++)
        if (!view->corrupt[r])
            vector_push(&on[view->fault_group[view->node_of[r]]].members, r);
    for (uint32_t side = 1; side <= sides; side++)
        for (replica_id r = 0; r < honest_count; r++) {
            if (!view->corrupt[r])
                continue;
            replica_id twin = stand_on(view, r, side);
            vector_push(&on[side].members, twin);
            vector_push(&twins, twin);
            vector_push(&side_of_twin, side);
        }
    uint32_t *group = g_new0(uint32_t, sides + 1);
    for (uint32_t side = 1; side <= sides; side++)
        group[side] = view->calls->group(view, on[side].members.at, (uint32_t)on[side].members.count);
    for (size_t t = 0; t < twins.count; t++)
        view->calls->confine(view, twins.at[t], group[side_of_twin.at[t]]);
    for (uint32_t side = 0; side <= sides; side++)
        vector_release(&on[side].members);
    vector_release(&twins);
    vector_release(&side_of_twin);
    g_free(group);
    g_free(on);
}

static void set_up(void *state, struct adversary_view *view)
{
    if (view->fault_groups >= 2)
        run_twins(view);
    else
        halves_name(state, view);
}

static void filter(void *state, struct adversary_view *view, const struct view *replica, struct effects *effects)
{
    const struct halves *halves = state;
    if (!halves->named || !view->protocol->conflict)
        return;
    size_t count = effects->list.count;
    for (size_t i = 0; i < count; i++) {
        struct effect original = effects->list.at[i], other;
        if (original.kind != EFFECT_VOTE || !view->protocol->conflict(replica, &original, BLOCK_NONE, &other))
            continue;
        halves_split(halves, &original, &other);
        effects->list.at[i] = original;
        *effects_add(effects, EFFECT_VOTE) = other;
    }
}

const struct adversary adversary_double_voting = {
    .name = "double_voting",
    .meaning = "validators that vote twice: apart on each side of a partition, or at random",
    .source = "Bano, Sonnino, Chursin, Perelman, Li, Ching, Malkhi, Twins: BFT systems made robust, OPODIS 2021",
    .params = &table,
    .state_size = sizeof(struct halves),
    .set_up = set_up,
    .filter = filter,
};
