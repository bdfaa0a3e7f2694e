/* SPDX-License-Identifier: MIT */
/* Whom a fault hits: the nodes that it names, or that are drawn for it, and the sides of a partition. */
#include "base/sample.h"
#include "world/inside.h"

#include <string.h>

static const struct fault_target *target_of(const struct fault *fault)
{
    return &fault->common->target;
}

static bool pick_named(struct world *world, const struct fault *fault, const struct param_list *list, bool *nodes,
                       GError **error)
{
    const char *const *names = list->items;
    for (size_t i = 0; i < list->count; i++) {
        validator_id validator = people_find(world, names[i]);
        if (validator == ID_NONE) {
            g_set_error(error, QUANTITY_ERROR, 0, "fault `%s`: there is no validator `%s`", fault->name, names[i]);
            return false;
        }
        nodes[world->node_of_validator[validator]] = true;
    }
    return true;
}

static bool pick_regions(struct world *world, const struct fault *fault, const struct param_list *list, bool *nodes,
                         GError **error)
{
    const char *const *names = list->items;
    for (size_t i = 0; i < list->count; i++) {
        bool found = false;
        for (node_id n = 0; n < world->node_count; n++)
            if (strcmp(network_region(world->network, n), names[i]) == 0)
                found = nodes[n] = true;
        if (!found) {
            g_set_error(error, QUANTITY_ERROR, 0, "fault `%s`: no node is in a region `%s`", fault->name, names[i]);
            return false;
        }
    }
    return true;
}

static void pick_random(struct world *world, struct fault *fault, uint32_t count, struct random_stream *stream)
{
    uint32_t *order = g_new(uint32_t, world->node_count);
    for (uint32_t i = 0; i < world->node_count; i++)
        order[i] = i;
    sample_shuffle(stream, order, world->node_count, sizeof *order);
    for (uint32_t i = 0; i < MIN(count, world->node_count); i++)
        fault->nodes[order[i]] = true;
    g_free(order);
}

static void pick_stake(struct world *world, struct fault *fault, struct random_stream *stream)
{
    stake_amount *weights = g_new(stake_amount, world->node_count);
    for (node_id n = 0; n < world->node_count; n++)
        weights[n] = world->nodes[n].stake;
    people_pick(weights, NULL, world->node_count, stake_share(world->total_stake, target_of(fault)->stake), stream,
                fault->nodes);
    g_free(weights);
}

/* Marks the nodes that the fault hits; fault->nodes stays NULL where it names nobody: everybody. */
static bool pick_target(struct world *world, struct fault *fault, struct random_stream *stream, GError **error)
{
    const struct fault_target *target = target_of(fault);
    if (!fault_has_target(target))
        return true;
    fault->nodes = g_new0(bool, world->node_count);
    if (target->share.denominator)
        pick_random(world, fault, (uint32_t)stake_share(world->node_count, target->share), stream);
    if (target->stake.denominator)
        pick_stake(world, fault, stream);
    if (target->count != PARAM_ABSENT)
        pick_random(world, fault, (uint32_t)MIN(target->count, world->node_count), stream);
    return pick_named(world, fault, &target->validators, fault->nodes, error) &&
           pick_regions(world, fault, &target->regions, fault->nodes, error);
}

static bool bridges(const struct world *world, const struct fault_partition *partition, node_id node)
{
    return partition->adversary_bridges && world->nodes[node].adversary != ID_NONE;
}

/* How far a side with that much is below its share of all that has been dealt, in units of 2^-60. */
static int128 lacks(struct ratio share, uint64_t all, uint64_t dealt)
{
    uint64_t part = (uint64_t)(((uint128)share.numerator << 60) / share.denominator);
    return (int128)all * part - ((int128)dealt << 60);
}

/*
 * Deals the nodes, in random order, to the side that is furthest below its share of what has been dealt: the sides'
 * sizes end as close to their shares as whole nodes allow.
 */
static void deal_sides(struct world *world, struct fault *fault, struct random_stream *stream)
{
    const struct fault_partition *partition = (const struct fault_partition *)fault->common;
    const struct ratio *shares = partition->groups.items;
    uint32_t sides = (uint32_t)partition->groups.count;
    uint32_t *order = g_new(uint32_t, world->node_count);
    uint64_t *dealt = g_new0(uint64_t, sides);
    uint64_t all = 0;
    for (uint32_t i = 0; i < world->node_count; i++)
        order[i] = i;
    sample_shuffle(stream, order, world->node_count, sizeof *order);
    for (uint32_t i = 0; i < world->node_count; i++) {
        node_id node = order[i];
        if (bridges(world, partition, node))
            continue;
        uint64_t weight = partition->groups_by == GROUPS_BY_STAKE ? world->nodes[node].stake : 1;
        all += weight;
        uint32_t neediest = 0;
        int128 most = 0;
        for (uint32_t s = 0; s < sides; s++) {
            int128 wanting = lacks(shares[s], all, dealt[s]);
            if (s == 0 || wanting > most) {
                most = wanting;
                neediest = s;
            }
        }
        dealt[neediest] += weight;
        fault->side[node] = (uint8_t)(neediest + 1);
    }
    g_free(order);
    g_free(dealt);
}

static void make_sides(struct world *world, struct fault *fault, struct random_stream *stream)
{
    const struct fault_partition *partition = (const struct fault_partition *)fault->common;
    fault->side = g_new0(uint8_t, world->node_count);
    fault->sides = partition->groups.count ? (uint32_t)partition->groups.count : 2;
    if (partition->groups.count)
        deal_sides(world, fault, stream);
    else
        for (node_id n = 0; n < world->node_count; n++)
            if (!bridges(world, partition, n))
                fault->side[n] = fault->nodes && fault->nodes[n] ? 2 : 1;
}

static const struct fault_toward *toward_of(const struct fault *fault)
{
    switch (fault->kind) {
    case FAULT_DELAY:
        return &((const struct fault_delay *)fault->common)->toward;
    case FAULT_LOSS:
        return &((const struct fault_loss *)fault->common)->toward;
    default:
        return NULL;
    }
}

static bool pick_toward(struct world *world, struct fault *fault, GError **error)
{
    const struct fault_toward *toward = toward_of(fault);
    if (!toward || !(toward->regions.count + toward->validators.count))
        return true;
    fault->toward = g_new0(bool, world->node_count);
    return pick_regions(world, fault, &toward->regions, fault->toward, error) &&
           pick_named(world, fault, &toward->validators, fault->toward, error);
}

bool fault_pick(struct world *world, struct fault *fault, struct random_stream *stream, GError **error)
{
    if (!pick_target(world, fault, stream, error) || !pick_toward(world, fault, error))
        return false;
    if (fault->kind == FAULT_PARTITION)
        make_sides(world, fault, stream);
    return true;
}
