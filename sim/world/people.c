/* SPDX-License-Identifier: MIT */
/* Validators, the nodes that host them, and how sets of them are picked. */
#include "base/sample.h"
#include "world/inside.h"

#include <string.h>

/* Validators in id order fill nodes of per_node each; some leave theirs for a node of their own (see separate). */
static void host(struct world *world, uint32_t per_node)
{
    uint32_t count = world->people.count;
    world->node_of_validator = g_new(node_id, count);
    for (validator_id v = 0; v < count; v++)
        world->node_of_validator[v] = v / per_node;
    world->node_count = (count + per_node - 1) / per_node;
}

/* Who controls each validator: the number of an adversary, or that of them all for nobody. g_free it. */
static uint32_t *owners(const struct world *world)
{
    uint32_t *owner = g_new(uint32_t, world->people.count);
    for (validator_id v = 0; v < world->people.count; v++)
        owner[v] = world->corruption_count;
    for (uint32_t c = 0; c < world->corruption_count; c++)
        for (validator_id v = 0; v < world->people.count; v++)
            if (world->corruptions[c].validators[v])
                owner[v] = c;
    return owner;
}

/*
 * A node is wholly corrupt or honest: those at a node whom the same adversary controls, or nobody, stay together. The
 * first validator and its like keep the node; each other lot moves to a new one, in the order of their first.
 */
static void separate(struct world *world)
{
    uint32_t count = world->people.count, per_node = (uint32_t)world->settings->validators.per_node;
    uint32_t *owner = owners(world);
    node_id *lot = g_new(node_id, world->corruption_count + 1); /* by owner: the node of those at the present one */
    for (validator_id first = 0; first < count; first += MIN(per_node, count - first)) {
        for (uint32_t c = 0; c <= world->corruption_count; c++)
            lot[c] = ID_NONE;
        lot[owner[first]] = world->node_of_validator[first];
        for (validator_id v = first; v < count && v - first < per_node; v++) {
            if (lot[owner[v]] == ID_NONE)
                lot[owner[v]] = world->node_count++;
            world->node_of_validator[v] = lot[owner[v]];
        }
    }
    g_free(lot);
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
    if (world->settings->validators.per_node > 1 && world->corruption_count)
        separate(world);
    fill_nodes(world);
    return true;
}

void people_release(struct world *world)
{
    if (world->is_clone)
        return;
    g_clear_pointer(&world->by_name, g_hash_table_destroy);
    stake_list_release(&world->people);
    g_free(world->node_of_validator);
    g_free(world->hosted);
}

/* Of several validators of one name, the first has it. */
static GHashTable *index_names(const struct world *world)
{
    GHashTable *by_name = g_hash_table_new(g_str_hash, g_str_equal);
    for (validator_id v = world->people.count; v-- > 0;)
        g_hash_table_insert(by_name, world->people.names[v], GUINT_TO_POINTER(v));
    return by_name;
}

validator_id people_find(struct world *world, const char *name)
{
    if (!world->by_name)
        world->by_name = index_names(world);
    gpointer found;
    if (g_hash_table_lookup_extended(world->by_name, name, NULL, &found))
        return (validator_id)GPOINTER_TO_UINT(found);
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
