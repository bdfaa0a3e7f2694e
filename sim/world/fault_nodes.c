/* SPDX-License-Identifier: MIT */
/* Whom a fault hits: the nodes that it names, or that are drawn for it, and the sides of a partition. */
#include "base/sample.h"
#include "base/suggest.h"
#include "world/inside.h"

#include <string.h>

struct picking {
    struct world *world;
    struct fault *fault;
    GString *refusals;
};

static const struct fault_target *target_of(const struct fault *fault)
{
    return &fault->common->target;
}

/* One line for each name that nobody has: `key` is what of the fault names it. */
static void refuse(GString *refusals, const struct world *world, const struct fault *fault, const char *key,
                   const char *message)
{
    fault_append_name(refusals, world, fault, key);
    g_string_append_printf(refusals, ": %s\n", message);
}

static void refuse_validator(GString *refusals, const struct world *world, const struct fault *fault, const char *key,
                             const char *name)
{
    uint32_t count = world->people.count;
    const char **names = g_new0(const char *, (size_t)count + 1);
    for (validator_id v = 0; world->people.names && v < count; v++)
        names[v] = world->people.names[v];
    char *meant = suggest_question(name, names);
    char *message = g_strdup_printf("there is no validator `%s`: allowed: a name, or a number from 0 to %u%s", name,
                                    count - 1, meant);
    refuse(refusals, world, fault, key, message);
    g_free(message);
    g_free(meant);
    g_free((void *)names);
}

static void refuse_region(GString *refusals, const struct world *world, const struct fault *fault, const char *key,
                          const char *name)
{
    const char **regions = g_new(const char *, world->node_count);
    for (node_id n = 0; n < world->node_count; n++)
        regions[n] = network_region(world->network, n);
    char *message = suggest_region(name, regions, world->node_count);
    refuse(refusals, world, fault, key, message);
    g_free(message);
    g_free((void *)regions);
}

static void pick_named(const struct picking *picking, const struct param_list *list, const char *key, bool *nodes)
{
    struct world *world = picking->world;
    const char *const *names = list->items;
    for (size_t i = 0; i < list->count; i++) {
        validator_id validator = people_find(world, names[i]);
        if (validator == ID_NONE)
            refuse_validator(picking->refusals, world, picking->fault, key, names[i]);
        else
            nodes[world->node_of_validator[validator]] = true;
    }
}

static void pick_regions(const struct picking *picking, const struct param_list *list, const char *key, bool *nodes)
{
    struct world *world = picking->world;
    const char *const *names = list->items;
    for (size_t i = 0; i < list->count; i++) {
        bool found = false;
        for (node_id n = 0; n < world->node_count; n++)
            if (strcmp(network_region(world->network, n), names[i]) == 0)
                found = nodes[n] = true;
        if (!found)
            refuse_region(picking->refusals, world, picking->fault, key, names[i]);
    }
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
static void pick_target(const struct picking *picking, struct random_stream *stream)
{
    struct world *world = picking->world;
    struct fault *fault = picking->fault;
    const struct fault_target *target = target_of(fault);
    if (!fault_has_target(target))
        return;
    fault->nodes = g_new0(bool, world->node_count);
    if (target->share.denominator)
        pick_random(world, fault, (uint32_t)stake_share(world->node_count, target->share), stream);
    if (target->stake.denominator)
        pick_stake(world, fault, stream);
    if (target->count != PARAM_ABSENT)
        pick_random(world, fault, (uint32_t)MIN(target->count, world->node_count), stream);
    pick_named(picking, &target->validators, "validators", fault->nodes);
    pick_regions(picking, &target->regions, "regions", fault->nodes);
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

static void pick_toward(const struct picking *picking)
{
    struct fault *fault = picking->fault;
    const struct fault_toward *toward = toward_of(fault);
    if (!toward || !(toward->regions.count + toward->validators.count))
        return;
    fault->toward = g_new0(bool, picking->world->node_count);
    pick_regions(picking, &toward->regions, "toward", fault->toward);
    pick_named(picking, &toward->validators, "toward_validators", fault->toward);
}

void fault_pick(struct world *world, struct fault *fault, struct random_stream *stream, GString *refusals)
{
    struct picking picking = {world, fault, refusals};
    pick_target(&picking, stream);
    pick_toward(&picking);
    if (fault->kind == FAULT_PARTITION)
        make_sides(world, fault, stream);
}
