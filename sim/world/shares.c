/* SPDX-License-Identifier: MIT */
/* What the scenario asks for by shares, counts, names and regions, and what comes of it. */
#include "world/inside.h"

typedef VECTOR(struct world_share) share_list;

static void ask_adversary(share_list *list, const struct param_variant_value *value)
{
    const struct adversary_common *common = value->value;
    struct world_share share = {
        .name = value->variant->name, .fault = ID_NONE, .of_stake = true, .asked = common->stake};
    vector_push(list, share);
}

static void ask_sides(share_list *list, struct world_share share, const struct fault_partition *partition)
{
    share.of_stake = partition->groups_by == GROUPS_BY_STAKE;
    for (share.side = 1; share.side <= partition->groups.count; share.side++) {
        share.asked = ((const struct ratio *)partition->groups.items)[share.side - 1];
        vector_push(list, share);
    }
}

/* The groups of a partition say whom it hits; else a target does, if there is one. */
static void ask_fault(share_list *list, const struct param_variant_value *value, uint32_t index)
{
    const struct fault_target *target = &((const struct fault_common *)value->value)->target;
    struct world_share share = {.name = fault_name(value), .fault = index};
    bool is_partition = *(const enum fault_kind *)value->variant->plugin == FAULT_PARTITION;
    if (is_partition && ((const struct fault_partition *)value->value)->groups.count) {
        ask_sides(list, share, value->value);
    } else if (fault_has_target(target)) {
        share.of_stake = target->stake.denominator != 0;
        share.asked = share.of_stake ? target->stake : target->share;
        vector_push(list, share);
    }
}

struct world_share *world_shares_asked(const struct world_settings *settings, uint32_t *count)
{
    share_list list = {0};
    const struct param_variant_value *behaviours = settings->behaviours.items, *faults = settings->faults.items;
    if (settings->adversary.variant)
        ask_adversary(&list, &settings->adversary);
    for (size_t b = 0; b < settings->behaviours.count; b++)
        ask_adversary(&list, &behaviours[b]);
    for (uint32_t f = 0; f < settings->faults.count; f++)
        ask_fault(&list, &faults[f], f);
    *count = (uint32_t)list.count;
    return list.at;
}

/* The share of the total that the lightest of those who may be picked has; denominator 0: there is nobody. */
static struct ratio lightest(const stake_amount *weights, const bool *excluded, uint32_t count, stake_amount total)
{
    struct ratio least = {0, 0};
    for (uint32_t i = 0; i < count; i++)
        if (!(excluded && excluded[i]) && (!least.denominator || weights[i] < least.numerator))
            least = (struct ratio){weights[i], total};
    return least;
}

void shares_note_adversary(struct world *world, const struct corruption *corruption, const bool *taken)
{
    struct realised_share *realised = &world->shares[corruption->index].realised;
    *realised = (struct realised_share){.stake_total = world->total_stake};
    for (validator_id v = 0; v < world->people.count; v++) {
        realised->units_total += !taken[v];
        realised->units += corruption->validators[v];
        realised->stake += corruption->validators[v] ? world->people.stakes[v] : 0;
    }
    realised->least = lightest(world->people.stakes, taken, world->people.count, world->total_stake);
}

/* The least share of nodes, or of their stake, that would have come to one. */
static struct ratio least_node(const struct world *world, bool of_stake)
{
    if (!of_stake)
        return (struct ratio){1, world->node_count};
    stake_amount *stakes = world_node_stakes(world);
    struct ratio least = lightest(stakes, NULL, world->node_count, world->total_stake);
    g_free(stakes);
    return least;
}

static void note_nodes(const struct world *world, const struct fault *fault, struct world_share *share)
{
    struct realised_share *realised = &share->realised;
    *realised = (struct realised_share){.units_total = world->node_count, .stake_total = world->total_stake};
    for (node_id n = 0; n < world->node_count; n++) {
        bool hit = share->side ? fault->side[n] == share->side : fault->nodes[n];
        realised->units += hit;
        realised->stake += hit ? world->nodes[n].stake : 0;
    }
    if (!share->side)
        realised->least = least_node(world, share->of_stake);
}

void shares_note_fault(struct world *world, uint32_t index)
{
    for (uint32_t s = 0; s < world->share_count; s++)
        if (world->shares[s].fault == index)
            note_nodes(world, &world->faults[index], &world->shares[s]);
}

uint32_t world_shares(const struct world *world, const struct world_share **shares)
{
    *shares = world->shares;
    return world->share_count;
}
