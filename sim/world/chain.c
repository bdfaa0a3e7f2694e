/* SPDX-License-Identifier: MIT */
/* One chain: its replicas, its block tree, and the state that belongs to each block. */
#include "base/assert.h"
#include "world/inside.h"

#include <string.h>

/* Election states of blocks this far below the lowest final one are kept, for nodes that catch up. */
#define KEPT_HEIGHTS 16

#define VOTE_BYTES 1000u /* generously: what bounds on delays are reckoned with */

static bool choose_election(struct chain *chain, GError **error)
{
    const struct world *world = chain->world;
    const struct param_variant_value *chosen = &world->settings->election;
    if (chosen->variant) {
        chain->election = chosen->variant->plugin;
        chain->election_context.parameters = chosen->value;
    } else {
        chain->election = registry_election(world->options.registry, chain->protocol->default_election);
        REQUIRE(chain->election);
        void *defaults = g_malloc0(MAX(chain->election->params->size, 1));
        param_table_defaults(chain->election->params, defaults);
        chain->election_context.parameters = defaults;
    }
    if (chain->election->form == chain->protocol->election_form)
        return true;
    g_set_error(error, QUANTITY_ERROR, 0, "election `%s` does not suit protocol `%s`, which needs a %s",
                chain->election->name, chain->protocol->name,
                chain->protocol->election_form == ELECTION_LOTTERY ? "private lottery" : "public schedule");
    return false;
}

static void tell_draw(void *user, validator_id validator, uint64_t slot, uint64_t proof)
{
    struct chain *chain = user;
    struct trace_draw row = {.chain = chain->id, .validator = validator, .slot = slot, .proof = proof};
    trace_write(chain->world->options.sink, TRACE_DRAW, &row);
}

static void start_election(struct chain *chain)
{
    struct world *world = chain->world;
    chain->election_context.schedule = chain->schedule;
    chain->election_context.seed = &world->seed;
    chain->election_context.vrf = world->vrf;
    chain->election_context.chain = chain->id;
    if (world->options.opt_in[TRACE_DRAW]) {
        chain->election_context.drawn = tell_draw;
        chain->election_context.user = chain;
    }
    ledger_version genesis = ledger_genesis(chain->ledger);
    void *state = chain->election->genesis(&chain->election_context, ledger_electorate(chain->ledger, genesis));
    vector_push(&chain->election_states, (struct election_state){state, 1});
    vector_push(&chain->states, (struct block_state){.ledger = genesis, .election = 0});
}

static bool start_workload(struct chain *chain, GError **error)
{
    const struct world *world = chain->world;
    const char **regions = g_new(const char *, world->node_count);
    for (node_id n = 0; n < world->node_count; n++)
        regions[n] = network_region(world->network, n);
    struct workload_nodes nodes = {world->node_count, regions};
    bool fine = workload_new(&world->settings->transactions, chain->id, &world->seed, &nodes, world->options.sink,
                             &chain->workload, error);
    g_free(regions);
    return fine;
}

/*
 * The longest that a message takes, as the checkers are told it. Where messages are carried over hops and through
 * queues that is the longer of a vote's and a full block's way; elsewhere sizes hardly matter, and a vote's is taken.
 */
static time_ns longest_delay(const struct chain *chain)
{
    const struct world *world = chain->world;
    if (!network_is_carried(world->network))
        return network_delay_bound(world->network, VOTE_BYTES);
    uint64_t block_bytes = chain->protocol->block_size ? chain->protocol->block_size(chain->parameters) : 0;
    struct carrier_message vote = {.size_bytes = VOTE_BYTES,
                                   .verify_ns = world->signatures_cost ? world->signatures.verify_time_ns : 0};
    struct carrier_message block = vote;
    block.size_bytes += (uint32_t)MIN(block_bytes, UINT32_MAX - VOTE_BYTES);
    block.has_block = true;
    stake_amount *stakes = world_node_stakes(world);
    time_ns vote_ns = carrier_idle_delay(world->network, stakes, &vote);
    time_ns block_ns = carrier_idle_delay(world->network, stakes, &block);
    g_free(stakes);
    return time_max(vote_ns, block_ns);
}

static void state_rules(struct chain *chain)
{
    const struct world *world = chain->world;
    chain->protocol->verdict_rules(chain->parameters, longest_delay(chain), world->people.count, &chain->rules);
    if (world->settings->check.liveness_gap_ns != PARAM_ABSENT)
        chain->rules.liveness_bound_ns = world->settings->check.liveness_gap_ns;
}

bool chain_init(struct chain *chain, struct world *world, chain_id id, GError **error)
{
    const struct param_variant_value *protocol = &world->settings->protocol;
    *chain =
        (struct chain){.id = id, .world = world, .protocol = protocol->variant->plugin, .parameters = protocol->value};
    if (!choose_election(chain, error))
        return false;
    if (chain->protocol->schedule)
        chain->protocol->schedule(chain->parameters, &chain->schedule);
    struct ledger_rules rules = world->settings->stake_rules;
    if (rules.epoch_slots == (uint64_t)PARAM_ABSENT)
        rules.epoch_slots = chain->schedule.epoch_slots;
    chain->has_epochs = rules.epoch_slots != 0;
    chain->ledger = ledger_new(&rules, world->people.stakes, world->people.count);
    block_tree_init(&chain->tree, random_at(&world->seed, RANDOM_PROTOCOL, UINT64_MAX, id));
    start_election(chain);
    state_rules(chain);
    for (node_id n = 0; n < world->node_count; n++)
        chain_add_replica(chain, n, 0);
    vector_reserve(&chain->seen_equivocating, world->people.count);
    memset(chain->seen_equivocating.at, 0, world->people.count);
    return start_workload(chain, error);
}

replica_id chain_add_replica(struct chain *chain, node_id node, uint8_t instance)
{
    replica_id id = (replica_id)chain->replicas.count;
    vector_push(&chain->node_of, node);
    vector_push(&chain->replicas, (struct replica){.node = node,
                                                   .instance = instance,
                                                   .adversary = chain->world->nodes[node].adversary,
                                                   .state = g_malloc0(MAX(chain->protocol->state_size, 1)),
                                                   .head = BLOCK_GENESIS,
                                                   .final = BLOCK_GENESIS});
    random_stream_init(&chain->replicas.at[id].stream, &chain->world->seed, RANDOM_PROTOCOL,
                       (uint64_t)chain->id << 32 | id);
    return id;
}

static enum delivery_backend choose_backend(const struct chain *chain)
{
    const struct world *world = chain->world;
    bool each = world->options.opt_in[TRACE_ARRIVAL] || world->carrier ||
                world->settings->engine.deliveries == DELIVERIES_EVENTS;
    return each ? DELIVERY_EVENTS : DELIVERY_LATE;
}

static void weigh(void *user, electorate_id id, stake_amount *weights)
{
    const struct chain *chain = user;
    const struct electorate *electorate = ledger_electorate_by_id(chain->ledger, id);
    for (uint32_t i = 0; i < electorate->count; i++)
        weights[electorate->members[i].validator] = electorate->members[i].stake;
}

void chain_start(struct chain *chain)
{
    struct world *world = chain->world;
    enum delivery_backend backend = choose_backend(chain);
    spread_init(chain, backend);
    struct delivery_settings settings = {
        .backend = backend,
        .chain = chain->id,
        .replica_count = (uint32_t)chain->replicas.count,
        .node_of = chain->node_of.at,
        .tree = &chain->tree,
        .network = world->network,
        .carrier = world->carrier,
        .clock = &world->clock,
        .first_kind = ITEM_DELIVERY + chain->id * DELIVERY_ITEM_KINDS,
        .kinds = DELIVERY_ITEM_KINDS,
        .sees_equivocation = world->corruption_count && (chain->protocol->wakes & WAKE(EVENT_EQUIVOCATION)),
        .sink = instant_sink(chain),
        /* A node's own replica has the node's number. */
        .voters = {.count = world->people.count, .home_of = world->node_of_validator, .weigh = weigh},
        .plant = world->options.plant,
    };
    chain->delivery = delivery_new(&settings);
}

static void drop_election_state(struct chain *chain, uint32_t index)
{
    struct election_state *shared = &chain->election_states.at[index];
    if (--shared->users)
        return;
    chain->election->state_free(shared->state);
    shared->state = NULL;
    vector_push(&chain->free_election_states, index);
}

static uint32_t keep_election_state(struct chain *chain, void *state)
{
    struct election_state shared = {state, 1};
    if (chain->free_election_states.count) {
        uint32_t index = chain->free_election_states.at[--chain->free_election_states.count];
        chain->election_states.at[index] = shared;
        return index;
    }
    vector_push(&chain->election_states, shared);
    return (uint32_t)chain->election_states.count - 1;
}

void chain_release(struct chain *chain)
{
    delivery_free(chain->delivery);
    workload_free(chain->workload);
    for (size_t r = 0; r < chain->replicas.count; r++) {
        struct replica *replica = &chain->replicas.at[r];
        if (chain->protocol->release)
            chain->protocol->release(replica->state);
        g_free(replica->state);
        vector_release(&replica->timers);
        vector_release(&replica->evidence);
        for (size_t i = 0; i < replica->missed.count; i++)
            g_free((void *)replica->missed.at[i].event.message);
        vector_release(&replica->missed);
    }
    for (size_t i = 0; i < chain->election_states.count; i++)
        if (chain->election_states.at[i].users)
            chain->election->state_free(chain->election_states.at[i].state);
    if (!chain->world->settings->election.variant && !chain->world->is_clone)
        g_free((void *)chain->election_context.parameters);
    vector_release(&chain->election_states);
    vector_release(&chain->free_election_states);
    vector_release(&chain->states);
    vector_release(&chain->replicas);
    vector_release(&chain->node_of);
    vector_release(&chain->stake_of);
    corrupt_leave(chain);
    vector_release(&chain->seen_equivocating);
    ledger_free(chain->ledger);
    block_tree_release(&chain->tree);
}

#define vector_copy(copy, original)                                                                                    \
    do {                                                                                                               \
        (copy)->at = g_memdup2((original)->at, (original)->room * sizeof *(original)->at);                             \
    } while (0)

void chain_clone(struct chain *copy, const struct chain *chain, struct world *world)
{
    *copy = *chain;
    copy->world = world;
    block_tree_clone(&copy->tree, &chain->tree);
    copy->ledger = ledger_clone(chain->ledger);
    copy->workload = workload_clone(chain->workload, &world->seed, world->options.sink);
    vector_copy(&copy->states, &chain->states);
    vector_copy(&copy->election_states, &chain->election_states);
    vector_copy(&copy->free_election_states, &chain->free_election_states);
    vector_copy(&copy->replicas, &chain->replicas);
    vector_copy(&copy->node_of, &chain->node_of);
    vector_copy(&copy->stake_of, &chain->stake_of);
    vector_copy(&copy->seen_equivocating, &chain->seen_equivocating);
    copy->corrupt = NULL;
    copy->election_context.seed = &world->seed;
    copy->election_context.vrf = world->vrf;
    copy->election_context.user = copy;
    for (size_t i = 0; i < copy->election_states.count; i++)
        if (copy->election_states.at[i].users)
            copy->election_states.at[i].state = copy->election->state_clone(chain->election_states.at[i].state);
    for (size_t r = 0; r < copy->replicas.count; r++) {
        struct replica *replica = &copy->replicas.at[r];
        replica->state = g_memdup2(replica->state, MAX(copy->protocol->state_size, 1));
        if (copy->protocol->clone)
            copy->protocol->clone(replica->state, chain->replicas.at[r].state);
        random_stream_branch(&replica->stream, world->seed.branch);
        vector_copy(&replica->timers, &chain->replicas.at[r].timers);
        vector_copy(&replica->evidence, &chain->replicas.at[r].evidence);
        vector_copy(&replica->missed, &chain->replicas.at[r].missed);
        for (size_t i = 0; i < replica->missed.count; i++) {
            const struct message *message = replica->missed.at[i].event.message;
            replica->missed.at[i].event.message = g_memdup2(message, message ? sizeof *message : 0);
        }
    }
    copy->delivery = delivery_clone(chain->delivery, &copy->tree, world->network, world->carrier, &world->clock, copy);
}

static const struct electorate *electorate_of_epoch(const struct election_place *place, uint64_t epoch)
{
    const struct chain *chain = place->user;
    block_id parent = (block_id)(place->parent - chain->tree.blocks.at);
    return ledger_electorate_of_epoch(chain->ledger, chain->states.at[parent].ledger, epoch);
}

void chain_election_place(const struct chain *chain, block_id parent, struct election_place *place)
{
    const struct block_state *state = &chain->states.at[parent];
    REQUIRE(state->election != ID_NONE);
    *place = (struct election_place){
        .state = chain->election_states.at[state->election].state,
        .electorate = ledger_electorate(chain->ledger, state->ledger),
        .parent = block_tree_get(&chain->tree, parent),
        .electorate_of_epoch = chain->has_epochs ? electorate_of_epoch : NULL,
        .user = chain,
    };
}

const struct electorate *chain_electorate(const struct chain *chain, block_id parent)
{
    return ledger_electorate(chain->ledger, chain->states.at[parent].ledger);
}

block_id chain_add_block(struct chain *chain, const struct block *block, const struct stake_operation *operations,
                         uint32_t count)
{
    block_id id = block_tree_add(&chain->tree, block, operations, count);
    const struct block *added = block_tree_get(&chain->tree, id);
    const struct block *parent = block_tree_get(&chain->tree, added->parent);
    struct block_state before = chain->states.at[added->parent];

    struct ledger_change *changes = count ? g_new0(struct ledger_change, count) : NULL;
    struct block_state state = {.election = before.election};
    state.ledger = ledger_apply(chain->ledger, before.ledger, parent->slot, added->height, added->slot, operations,
                                count, changes);

    struct election_place place;
    chain_election_place(chain, added->parent, &place);
    void *advanced = chain->election->advance(&chain->election_context, &place, added,
                                              ledger_electorate(chain->ledger, state.ledger));
    if (advanced)
        state.election = keep_election_state(chain, advanced);
    else
        chain->election_states.at[before.election].users++;
    vector_push(&chain->states, state);
    tell_block(chain, id, changes, count);
    g_free(changes);
    return id;
}

/* The lowest height that is final at a replica, whoever controls it and whether its node is up or not. */
static uint64_t lowest_final(const struct chain *chain)
{
    if (chain->common != BLOCK_NONE)
        return block_tree_get(&chain->tree, chain->common_final)->height;
    uint64_t lowest = UINT64_MAX;
    for (size_t r = 0; r < chain->replicas.count; r++)
        lowest = MIN(lowest, block_tree_get(&chain->tree, chain->replicas.at[r].final)->height);
    return lowest;
}

void chain_free_old_states(struct chain *chain)
{
    if (chain->states.count < chain->looked_at + KEPT_HEIGHTS)
        return;
    chain->looked_at = chain->states.count;
    uint64_t lowest = lowest_final(chain);
    if (lowest == UINT64_MAX || lowest < chain->freed_height + 2 * KEPT_HEIGHTS)
        return;
    uint64_t floor = lowest - KEPT_HEIGHTS;
    while (chain->oldest_kept < chain->states.count && chain->states.at[chain->oldest_kept].election == ID_NONE)
        chain->oldest_kept++;
    for (size_t b = chain->oldest_kept; b < chain->states.count; b++) {
        if (block_tree_get(&chain->tree, (block_id)b)->height >= floor || chain->states.at[b].election == ID_NONE)
            continue;
        drop_election_state(chain, chain->states.at[b].election);
        chain->states.at[b].election = ID_NONE;
    }
    chain->freed_height = floor;
}

bool chain_reached(const struct chain *chain, uint64_t height)
{
    bool anybody = false;
    for (size_t r = 0; r < chain->replicas.count; r++) {
        const struct replica *replica = &chain->replicas.at[r];
        if (replica->adversary != ID_NONE || chain->world->nodes[replica->node].down)
            continue;
        anybody = true;
        block_id final = chain->common == BLOCK_NONE ? replica->final : chain->common_final;
        if (block_tree_get(&chain->tree, final)->height < height)
            return false;
    }
    return anybody;
}
