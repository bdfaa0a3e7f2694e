/* SPDX-License-Identifier: MIT */
/* Adversaries: whom they control, their twins, and what they do to the effects of their nodes. */
#include "base/assert.h"
#include "world/inside.h"

#include <string.h>

struct adversary_seat {
    struct adversary_view view;
    struct world *world;
    struct chain *chain;
    struct corruption *corruption;
    bool setting_up;
    VECTOR(bool) corrupt; /* by replica; setting_up */
};

/* Choosing. */

static bool choose_named(struct world *world, struct corruption *corruption, const bool *taken, GError **error)
{
    const char *const *names = corruption->common->validators.items;
    for (size_t i = 0; i < corruption->common->validators.count; i++) {
        validator_id validator = people_find(world, names[i]);
        if (validator == ID_NONE || taken[validator]) {
            g_set_error(error, QUANTITY_ERROR, 0, "`%s`: %s `%s`", corruption->plugin->name,
                        validator == ID_NONE ? "there is no validator" : "two behaviours name validator", names[i]);
            return false;
        }
        corruption->validators[validator] = true;
    }
    return true;
}

static bool choose_one(struct world *world, struct corruption *corruption, const bool *taken, GError **error)
{
    const struct adversary_common *common = corruption->common;
    uint32_t count = world->people.count;
    corruption->validators = g_new0(bool, count);
    random_stream_init(&corruption->stream, &world->seed, RANDOM_BEHAVIOUR, corruption->index);
    if (common->stake.denominator)
        people_pick(world->people.stakes, taken, count, stake_share(world->total_stake, common->stake),
                    &corruption->stream, corruption->validators);
    if (common->count != PARAM_ABSENT) {
        stake_amount *ones = g_new(stake_amount, count);
        for (validator_id v = 0; v < count; v++)
            ones[v] = 1;
        stake_amount got =
            people_pick(ones, taken, count, (stake_amount)common->count, &corruption->stream, corruption->validators);
        g_free(ones);
        if (got < (stake_amount)common->count) {
            g_set_error(error, QUANTITY_ERROR, 0,
                        "`%s`: %" G_GINT64_FORMAT " validators, but only %" G_GUINT64_FORMAT " are left",
                        corruption->plugin->name, common->count, got);
            return false;
        }
    }
    return choose_named(world, corruption, taken, error);
}

static bool take_one(struct world *world, struct corruption *corruption, bool *taken, GError **error)
{
    bool fits = choose_one(world, corruption, taken, error);
    shares_note_adversary(world, corruption, taken);
    for (validator_id v = 0; v < world->people.count; v++)
        taken[v] |= corruption->validators[v];
    return fits;
}

static void enlist(struct world *world, const struct param_variant_value *value)
{
    uint32_t index = world->corruption_count++;
    const struct adversary *plugin = value->variant->plugin;
    world->corruptions[index] = (struct corruption){
        .plugin = plugin, .common = value->value, .state = g_malloc0(MAX(plugin->state_size, 1)), .index = index};
}

/* Those who are named come first, so that none of them is drawn for something else. */
bool corrupt_choose(struct world *world, GError **error)
{
    const struct world_settings *settings = world->settings;
    world->corruptions = g_new0(struct corruption, settings->behaviours.count + 1);
    if (settings->adversary.variant)
        enlist(world, &settings->adversary);
    for (size_t b = 0; b < settings->behaviours.count; b++)
        enlist(world, &((const struct param_variant_value *)settings->behaviours.items)[b]);
    bool *taken = g_new0(bool, world->people.count);
    bool fits = true;
    for (int named = 1; named >= 0; named--)
        for (uint32_t c = 0; c < world->corruption_count && fits; c++)
            if ((world->corruptions[c].common->validators.count > 0) == (named == 1))
                fits = take_one(world, &world->corruptions[c], taken, error);
    g_free(taken);
    return fits;
}

/* What adversaries may call. */

static uint32_t make_group(struct adversary_view *view, const replica_id *replicas, uint32_t count)
{
    struct adversary_seat *seat = view->context;
    struct replica_group group = {g_memdup2(replicas, count * sizeof *replicas), count};
    vector_push(&seat->world->groups, group);
    return (uint32_t)seat->world->groups.count - 1;
}

static replica_id add_twin(struct adversary_view *view, chain_id chain_number, node_id node)
{
    struct adversary_seat *seat = view->context;
    REQUIRE(seat->setting_up && seat->world->nodes[node].adversary == seat->corruption->index);
    struct chain *chain = &seat->world->chains[chain_number];
    uint8_t instance = 0;
    for (size_t r = 0; r < chain->replicas.count; r++)
        instance = (uint8_t)(instance + (chain->replicas.at[r].node == node));
    replica_id id = chain_add_replica(chain, node, instance);
    vector_push(&seat->corrupt, true);
    seat->view.corrupt = seat->corrupt.at;
    seat->view.node_of = chain->node_of.at;
    seat->view.replica_count = (uint32_t)chain->replicas.count;
    return id;
}

static void confine(struct adversary_view *view, replica_id replica, uint32_t group)
{
    struct adversary_seat *seat = view->context;
    REQUIRE(seat->setting_up);
    vector_push(&seat->world->confinements, (struct confinement){replica, group});
}

static void wake(struct adversary_view *view, time_ns at_ns, uint64_t tag)
{
    struct adversary_seat *seat = view->context;
    clock_put(&seat->world->clock, time_max(at_ns, world_now(seat->world)),
              (struct clock_item){ITEM_WAKE, seat->corruption->index, tag});
}

static uint64_t draw(struct adversary_view *view)
{
    struct adversary_seat *seat = view->context;
    return random_u64(&seat->corruption->stream);
}

static const struct adversary_calls calls = {
    .group = make_group, .twin = add_twin, .confine = confine, .wake = wake, .random = draw};

/* Which replicas the adversary controls; once set_up is over nobody becomes its, and no replica joins. */
static const bool *corrupt_replicas(struct chain *chain, uint32_t adversary)
{
    if (!chain->corrupt)
        chain->corrupt = g_new0(bool *, chain->world->corruption_count);
    bool **corrupt = &chain->corrupt[adversary];
    if (*corrupt)
        return *corrupt;
    *corrupt = g_new(bool, chain->replicas.count);
    for (size_t r = 0; r < chain->replicas.count; r++)
        (*corrupt)[r] = chain->replicas.at[r].adversary == adversary;
    return *corrupt;
}

void corrupt_leave(struct chain *chain)
{
    for (uint32_t a = 0; chain->corrupt && a < chain->world->corruption_count; a++)
        g_free(chain->corrupt[a]);
    g_free(chain->corrupt);
}

static void seat_init(struct adversary_seat *seat, struct chain *chain, struct corruption *corruption)
{
    struct world *world = chain->world;
    *seat = (struct adversary_seat){.world = world, .chain = chain, .corruption = corruption};
    seat->view = (struct adversary_view){
        .calls = &calls,
        .context = seat,
        .parameters = corruption->common,
        .protocol = chain->protocol,
        .tree = &chain->tree,
        .chain = chain->id,
        .now_ns = world_now(world),
        .replica_count = (uint32_t)chain->replicas.count,
        .node_of = chain->node_of.at,
        .corrupt = corrupt_replicas(chain, corruption->index),
        .validator_count = world->people.count,
        .corrupt_validator = corruption->validators,
    };
    for (uint32_t f = 0; f < world->fault_count && !seat->view.fault_groups; f++) {
        seat->view.fault_groups = world->faults[f].sides;
        seat->view.fault_group = world->faults[f].side;
    }
}

/* While it sets up twins join, so the adversary sees a list that grows. */
static void set_up(struct chain *chain, struct corruption *corruption)
{
    struct adversary_seat seat;
    seat_init(&seat, chain, corruption);
    seat.setting_up = true;
    for (size_t r = 0; r < chain->replicas.count; r++)
        vector_push(&seat.corrupt, seat.view.corrupt[r]);
    seat.view.corrupt = seat.corrupt.at;
    corruption->plugin->set_up(corruption->state, &seat.view);
    vector_release(&seat.corrupt);
    corrupt_leave(chain);
    chain->corrupt = NULL;
}

void corrupt_set_up(struct world *world)
{
    for (uint32_t c = 0; c < world->chain_count; c++) {
        for (uint32_t a = 0; a < world->corruption_count; a++) {
            struct corruption *corruption = &world->corruptions[a];
            if (corruption->plugin->set_up)
                set_up(&world->chains[c], corruption);
        }
        chain_start(&world->chains[c]);
        for (size_t i = 0; i < world->confinements.count; i++) {
            const struct replica_group *group = &world->groups.at[world->confinements.at[i].group];
            bool *members = g_new0(bool, world->chains[c].replicas.count);
            for (uint32_t m = 0; m < group->count; m++)
                members[group->replicas[m]] = true;
            delivery_confine(world->chains[c].delivery, world->confinements.at[i].replica, members);
            g_free(members);
        }
        vector_clear(&world->confinements);
    }
}

static bool active(const struct corruption *corruption, time_ns now)
{
    const struct adversary_common *common = corruption->common;
    return now >= common->from_ns && (common->until_ns == PARAM_ABSENT || now < common->until_ns);
}

void corrupt_filter(struct chain *chain, replica_id replica, const struct view *view, struct effects *effects)
{
    struct corruption *corruption = &chain->world->corruptions[chain->replicas.at[replica].adversary];
    if (!corruption->plugin->filter || !active(corruption, view->now_ns))
        return;
    struct adversary_seat seat;
    seat_init(&seat, chain, corruption);
    corruption->plugin->filter(corruption->state, &seat.view, view, effects);
}

/* The replica of the first corrupt node that is up: in whose place a coordinator's own effects are carried out. */
static void carry_out_for(struct adversary_seat *seat, const struct effects *effects)
{
    for (replica_id r = 0; r < seat->chain->replicas.count && effects->list.count; r++)
        if (seat->chain->replicas.at[r].adversary == seat->corruption->index &&
            !seat->world->nodes[seat->chain->replicas.at[r].node].down) {
            carry_out(seat->chain, r, effects);
            return;
        }
}

void corrupt_observe(struct chain *chain, const struct message *message)
{
    struct world *world = chain->world;
    for (uint32_t a = 0; a < world->corruption_count; a++) {
        struct corruption *corruption = &world->corruptions[a];
        bool own = chain->replicas.at[message->origin].adversary == a;
        if (!corruption->plugin->observe || own || !active(corruption, world_now(world)))
            continue;
        struct adversary_seat seat;
        struct effects effects = {0};
        seat_init(&seat, chain, corruption);
        corruption->plugin->observe(corruption->state, &seat.view, message, &effects);
        carry_out_for(&seat, &effects);
        vector_release(&effects.list);
    }
}

void corrupt_wake(struct world *world, uint32_t adversary, uint64_t tag)
{
    struct corruption *corruption = &world->corruptions[adversary];
    bool acts = corruption->plugin->timer && active(corruption, world_now(world));
    for (uint32_t c = 0; c < world->chain_count && acts; c++) {
        struct adversary_seat seat;
        struct effects effects = {0};
        seat_init(&seat, &world->chains[c], corruption);
        corruption->plugin->timer(corruption->state, &seat.view, tag, &effects);
        carry_out_for(&seat, &effects);
        vector_release(&effects.list);
    }
}

void corrupt_release(struct world *world)
{
    for (uint32_t a = 0; a < world->corruption_count; a++) {
        g_free(world->corruptions[a].state);
        if (!world->is_clone)
            g_free(world->corruptions[a].validators);
    }
    for (size_t g = 0; g < world->groups.count; g++)
        g_free(world->groups.at[g].replicas);
    vector_release(&world->groups);
    vector_release(&world->confinements);
    g_free(world->corruptions);
}
