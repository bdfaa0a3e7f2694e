/* SPDX-License-Identifier: MIT */
/*
 * Longest chains, most of whose blocks reach everybody before there is another. While all replicas have one head
 * (chain->common) and its child spreads (delivery/spread.c), or two children do that were made for one slot or nearly,
 * nobody is told when they come. A replica that is to step is brought up to what has reached it by the protocol's
 * `extend`; rows are written when the blocks have come to all. Where anything else happens on the chain, whatever it
 * is, replicas are all brought up, and each has its own head until they agree again: the trace is the same.
 *
 * Where clocks differ, a replica to which a block comes before its slot has begun takes it when that begins. Those that
 * wait when a spread ends are given the timer then that they would have set.
 */
#include "base/assert.h"
#include "world/inside.h"

void spread_init(struct chain *chain, enum delivery_backend backend)
{
    const struct world *world = chain->world;
    const uint32_t told_each = WAKE(EVENT_START) | WAKE(EVENT_RECOVERED) | WAKE(EVENT_EPOCH) | WAKE(EVENT_SLOT) |
                               WAKE(EVENT_BLOCK) | WAKE(EVENT_TIMER);
    chain->common = BLOCK_NONE;
    chain->spreads = chain->protocol->extend && backend == DELIVERY_LATE && !world->corruption_count;
    if (!chain->spreads)
        return;
    REQUIRE((chain->protocol->wakes & ~told_each) == 0);
    for (size_t r = 0; r < chain->replicas.count; r++)
        vector_push(&chain->stake_of, world->nodes[chain->node_of.at[r]].stake);
}

/* Whether all have the block for their head, each for itself. */
static bool all_have(const struct chain *chain, block_id block)
{
    for (size_t r = 0; r < chain->replicas.count; r++)
        if (chain->replicas.at[r].head != block)
            return false;
    return true;
}

/* A block of an epoch that is over by some clock may change what its node knows of the one that has begun. */
static bool may_begin(struct chain *chain, const struct block *block)
{
    if (!chain->spreads || chain->world->nodes_down || block->slot < chain->epoch_begun * chain->schedule.epoch_slots)
        return false;
    if (chain->common == BLOCK_NONE && all_have(chain, block->parent)) {
        chain->common = block->parent;
        chain->common_final = chain->replicas.at[0].final;
    }
    return chain->common == block->parent;
}

void spread_allow(struct chain *chain, block_id id, struct delivery_options *options)
{
    const struct block *block = block_tree_get(&chain->tree, id);
    options->may_spread = may_begin(chain, block);
    if (options->may_spread && network_clocks_differ(chain->world->network))
        options->not_before_ns = (time_ns)block->slot * chain->schedule.slot_ns;
}

static void bring_up(struct chain *chain, replica_id id, block_id head)
{
    struct replica *replica = &chain->replicas.at[id];
    if (replica->head == head)
        return;
    block_id final = chain->protocol->extend(replica->state, chain->parameters, &chain->tree, head);
    replica->head = head;
    if (final != BLOCK_NONE)
        replica->final = final;
}

block_id spread_head(const struct chain *chain, const block_id *here, uint32_t count)
{
    block_id head = chain->common;
    for (uint32_t i = 0; i < count; i++)
        if (head == chain->common || chain->protocol->prefers(chain->parameters, &chain->tree, head, here[i]))
            head = here[i];
    return head;
}

block_id spread_final(const struct chain *chain, block_id block)
{
    size_t bytes = chain->protocol->state_size;
    void *copy = g_memdup2(chain->replicas.at[0].state, bytes);
    block_id final = chain->protocol->extend(copy, chain->parameters, &chain->tree, block);
    g_free(copy);
    return final == BLOCK_NONE ? chain->common_final : final;
}

static block_id head_at(const struct chain *chain, const struct delivery_spread *spreads, uint32_t count,
                        replica_id replica, struct instant until)
{
    block_id here[SPREADS_MOST];
    return spread_head(chain, here, delivery_spread_order(spreads, count, replica, until, here));
}

/* A block that comes by an event, among others, is no part of a spread. */
void spread_catch_up(struct chain *chain, replica_id replica, enum event_kind event)
{
    if (chain->common == BLOCK_NONE)
        return;
    if (event == EVENT_BLOCK) {
        spread_end(chain, false);
        return;
    }
    bring_up(chain, replica,
             head_at(chain, delivery_spreading(chain->delivery), delivery_spreads(chain->delivery), replica,
                     chain->world->clock.now));
}

/* It is what all have from now on. One of them keeps pace, and knows what is final. */
static void share(struct chain *chain, block_id head)
{
    bring_up(chain, 0, head);
    chain->common = head;
    chain->common_final = chain->replicas.at[0].final;
    chain_free_old_states(chain);
}

/* Each has its own. */
static void part(struct chain *chain, const struct delivery_spread *spreads, uint32_t count)
{
    for (replica_id r = 0; r < chain->replicas.count; r++)
        bring_up(chain, r, head_at(chain, spreads, count, r, chain->world->clock.now));
    chain->common = BLOCK_NONE;
}

/* What all have after the blocks, in whichever order they came; BLOCK_NONE: that depends, or they are not all there. */
static block_id find_common(const struct chain *chain, const struct delivery_spread *spreads, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (spreads[i].reached < chain->replicas.count)
            return BLOCK_NONE;
    if (count == 1)
        return spreads->block;
    block_id ways[2][2] = {{spreads[0].block, spreads[1].block}, {spreads[1].block, spreads[0].block}};
    block_id head = spread_head(chain, ways[0], 2);
    return head == spread_head(chain, ways[1], 2) ? head : BLOCK_NONE;
}

/* What the replica made of the block as it came: a timer, and nothing else. */
static void let_wait(struct chain *chain, replica_id id, block_id block, time_ns came_ns)
{
    struct view view = see(chain, id);
    view.now_ns = network_clock_shows(chain->world->network, view.node, came_ns);
    struct event event = {.kind = EVENT_BLOCK, .block = block};
    struct effects effects = {0};
    chain->protocol->step(chain->replicas.at[id].state, &view, &event, &effects);
    REQUIRE(effects.list.count == 1 && effects.list.at[0].kind == EFFECT_TIMER_SET);
    carry_out_timer(chain, id, &effects.list.at[0]);
    vector_release(&effects.list);
}

static void let_all_wait(struct chain *chain, const struct delivery_spread *spread)
{
    for (replica_id r = 0; spread->waiting && r < chain->replicas.count; r++)
        if (spread->at_ns[r] == TIME_NEVER && spread->came_ns[r] != TIME_NEVER)
            let_wait(chain, r, spread->block, spread->came_ns[r]);
}

void spread_told(void *user, const struct delivery_spread *spreads, uint32_t count)
{
    struct chain *chain = user;
    if (count == 2)
        spread_tell_rivals(chain, spreads);
    else
        spread_tell(chain, spreads);
    if (chain->workload && spreads->reached)
        workload_head(chain->workload, spreads->block, spreads->first_ns);
    block_id head = find_common(chain, spreads, count);
    if (head == BLOCK_NONE)
        part(chain, spreads, count);
    else
        share(chain, head);
    for (uint32_t i = 0; i < count; i++)
        let_all_wait(chain, &spreads[i]);
    chain->world->happened_ns = world_now(chain->world);
}

void spread_end(struct chain *chain, bool landing)
{
    if (delivery_spreads(chain->delivery))
        delivery_end_spread(chain->delivery, landing);
    for (replica_id r = 0; chain->common != BLOCK_NONE && r < chain->replicas.count; r++)
        bring_up(chain, r, chain->common);
    chain->common = BLOCK_NONE;
}

void spread_end_unless_begun(struct chain *chain, uint32_t before)
{
    if (chain->common != BLOCK_NONE && delivery_spreads(chain->delivery) == before)
        spread_end(chain, false);
}

/* Transactions look at each new head, and a height at which to stop may be reached before both are everywhere. */
static bool may_be_two(const struct chain *chain)
{
    return chain->protocol->prefers && !chain->workload && chain->world->settings->time.stop_height == PARAM_ABSENT;
}

void spread_end_unless_rival(struct chain *chain, block_id parent)
{
    uint32_t spreading = delivery_spreads(chain->delivery);
    bool rival = spreading == 1 && parent == chain->common && may_be_two(chain);
    if (spreading && !rival)
        spread_end(chain, false);
}

bool spread_end_all(struct world *world)
{
    bool any = false;
    for (uint32_t c = 0; c < world->chain_count; c++) {
        any |= world->chains[c].common != BLOCK_NONE;
        spread_end(&world->chains[c], false);
    }
    return any;
}

/* Transactions must not learn of a head before those have stepped that do so earlier in the instant of its landing. */
static bool begins_now(const struct chain *chain)
{
    struct instant now = chain->world->clock.now;
    if (!chain->workload || !delivery_spreads(chain->delivery))
        return false;
    const struct delivery_spread *spread = delivery_spreading(chain->delivery);
    return spread->first_ns == now.ns && (spread->sent.ns < now.ns || spread->sent.microstep < now.microstep);
}

void spread_end_before(struct world *world)
{
    /* what happens to nodes or to the network, and what is told to all replicas at once */
    static const uint32_t kinds = 1u << ITEM_EPOCH | 1u << ITEM_SLOT | 1u << ITEM_CRASH | 1u << ITEM_RECOVER |
                                  1u << ITEM_FAULT | 1u << ITEM_OWN_EPOCH | 1u << ITEM_OWN_SLOT;
    const struct clock_events *batch = &world->clock.batch;
    bool all = false, any = false;
    for (size_t i = 0; i < batch->count; i++) {
        const struct clock_item *item = clock_payload(&world->clock, batch->at[i]);
        bool own = item && item->kind < ITEM_CARRIER;
        any |= own;
        all |= own && (kinds >> item->kind & 1);
    }
    for (uint32_t c = 0; c < world->chain_count; c++) {
        struct chain *chain = &world->chains[c];
        if (all || begins_now(chain) || (any && delivery_spread_is_taken(chain->delivery)))
            spread_end(chain, true);
    }
}
