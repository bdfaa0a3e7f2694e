/* SPDX-License-Identifier: MIT */
/* Validators, the nodes that host them, and how sets of them are picked. */
#include "base/sample.h"
#include "world/inside.h"

#include <string.h>

/* Validators in id order fill nodes of per_node each; a corrupt one moves to a node of its own (see give_own_node). */
static void host(struct world *world, uint32_t per_node)
{
    uint32_t count = world->people.count;
    world->node_of_validator = g_new(node_id, count);
    for (validator_id v = 0; v < count; v++)
        world->node_of_validator[v] = v / per_node;
    world->node_count = (count + per_node - 1) / per_node;
}

/*
 * A node is wholly corrupt or honest: a validator that an adversary controls leaves a node that also hosts others, for
 * a new one. The first of its adversary at that node takes the others of the same adversary along.
 */
static void separate(struct world *world)
{
    uint32_t count = world->people.count;
    uint32_t *owner = g_new(uint32_t, count);
    for (validator_id v = 0; v < count; v++) {
        owner[v] = ID_NONE;
        for (uint32_t c = 0; c < world->corruption_count; c++)
            if (world->corruptions[c].validators[v])
                owner[v] = c;
    }
    for (validator_id v = 0; v < count; v++) {
        node_id node = world->node_of_validator[v];
        bool moves = false;
        for (validator_id w = 0; w < v; w++)
            moves |= world->node_of_validator[w] == node && owner[w] != owner[v];
        if (!moves)
            continue;
        for (validator_id w = v; w < count; w++)
            if (world->node_of_validator[w] == node && owner[w] == owner[v])
                world->node_of_validator[w] = world->node_count;
        world->node_count++;
    }
    g_free(owner);
}

static void fill_nodes(struct world *world)
{
    uint32_t count = world->people.count;
    world->nodes = g_new0(struct node, world->node_count);
    world->hosted = g_new(validator_id, count);
    for (node_id n = 0; n < world->node_count; n++)
        world->nodes[n].adversary = ID_NONE;
    for (validator_id v = 0; v < count; v++)
        world->nodes[world->node_of_validator[v]].validator_count++;
    uint32_t first = 0;
    for (node_id n = 0; n < world->node_count; n++) {
        world->nodes[n].validators = world->hosted + first;
        first += world->nodes[n].validator_count;
        world->nodes[n].validator_count = 0;
    }
    for (validator_id v = 0; v < count; v++) {
        struct node *node = &world->nodes[world->node_of_validator[v]];
        world->hosted[(node->validators - world->hosted) + node->validator_count++] = v;
        node->stake += world->people.stakes[v];
        for (uint32_t c = 0; c < world->corruption_count; c++)
            if (world->corruptions[c].validators[v])
                node->adversary = c;
    }
}

static bool make_stakes(struct world *world, GError **error)
{
    const struct validator_settings *settings = &world->settings->validators;
    uint32_t count = settings->count == PARAM_ABSENT ? 0 : (uint32_t)settings->count;
    if (!stake_distribution_make(&settings->stake, count, &world->seed, &world->people, error))
        return false;
    uint128 total = 0;
    for (validator_id v = 0; v < world->people.count; v++)
        total += world->people.stakes[v];
    if (total > INT64_MAX / 8) {
        g_set_error(error, QUANTITY_ERROR, 0,
                    "the stakes add up to more than %" G_GINT64_FORMAT ", the most that proposer priorities can hold",
                    INT64_MAX / 8);
        return false;
    }
    world->total_stake = (stake_amount)total;
    return true;
}

bool people_make(struct world *world, GError **error)
{
    if (!make_stakes(world, error) || !corrupt_choose(world, error))
        return false;
    host(world, (uint32_t)world->settings->validators.per_node);
    if (world->settings->validators.per_node > 1)
        separate(world);
    fill_nodes(world);
    return true;
}

void people_release(struct world *world)
{
    if (world->is_clone)
        return;
    stake_list_release(&world->people);
    g_free(world->node_of_validator);
    g_free(world->hosted);
}

validator_id people_find(const struct world *world, const char *name)
{
    for (validator_id v = 0; v < world->people.count; v++)
        if (strcmp(world->people.names[v], name) == 0)
            return v;
    guint64 number = 0;
    if (g_ascii_string_to_unsigned(name, 10, 0, world->people.count - 1, &number, NULL))
        return (validator_id)number;
    return ID_NONE;
}

stake_amount people_pick(const stake_amount *weights, const bool *excluded, uint32_t count, stake_amount limit,
                         struct random_stream *stream, bool *picked)
{
    uint32_t *order = g_new(uint32_t, count);
    for (uint32_t i = 0; i < count; i++)
        order[i] = i;
    sample_shuffle(stream, order, count, sizeof *order);
    stake_amount sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t unit = order[i];
        if ((excluded && excluded[unit]) || weights[unit] > limit - sum)
            continue;
        picked[unit] = true;
        sum += weights[unit];
    }
    g_free(order);
    return sum;
}
