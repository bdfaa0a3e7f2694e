/* SPDX-License-Identifier: MIT */
/*
 * Longest chains, most of whose blocks reach everybody before there is another. While all replicas have one head
 * (chain->common) and its child spreads (delivery/spread.c), nobody is told when it comes. A replica that is to step,
 * or is asked about, is brought up to what has reached it by the protocol's `extend`; its rows are written when the
 * block has come to all. Where anything else happens on the chain, whatever it is, replicas are all brought up, and
 * each has its own head until they agree again: the trace is the same, but for the order of rows of one time.
 */
#include "record/spread.h"
#include "base/assert.h"
#include "world/inside.h"

void spread_init(struct chain *chain, enum delivery_backend backend)
{
    const struct world *world = chain->world;
    const uint32_t told_each = WAKE(EVENT_START) | WAKE(EVENT_RECOVERED) | WAKE(EVENT_EPOCH) | WAKE(EVENT_SLOT) |
                               WAKE(EVENT_BLOCK) | WAKE(EVENT_TIMER);
    chain->common = BLOCK_NONE;
    chain->spreads = chain->protocol->extend && backend == DELIVERY_LATE && !world->corruption_count &&
                     !network_clocks_differ(world->network);
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

bool spread_may_begin(struct chain *chain, block_id block)
{
    if (!chain->spreads || chain->world->nodes_down)
        return false;
    block_id parent = block_tree_get(&chain->tree, block)->parent;
    if (chain->common == BLOCK_NONE && all_have(chain, parent)) {
        chain->common = parent;
        chain->common_final = chain->replicas.at[0].final;
    }
    return chain->common == parent;
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

/* A block that comes by an event, among others, is no part of a spread. */
void spread_catch_up(struct chain *chain, replica_id replica, enum event_kind event)
{
    if (chain->common == BLOCK_NONE)
        return;
    if (event == EVENT_BLOCK) {
        spread_end(chain, false);
        return;
    }
    block_id here = delivery_spread_at(chain->delivery, replica);
    bring_up(chain, replica, here == BLOCK_NONE ? chain->common : here);
}

/* The rows of those whom the block has reached, one of whom has it for its head now. */
static void tell_spread(const struct chain *chain, const struct delivery_spread *spread, replica_id one)
{
    block_id final = chain->replicas.at[one].final;
    struct trace_spread rows = {.chain = chain->id,
                                .before = chain->common,
                                .after = spread->block,
                                .final = final == chain->common_final ? BLOCK_NONE : final,
                                .count = (uint32_t)chain->replicas.count,
                                .reached = spread->reached,
                                .at_ns = spread->at_ns,
                                .node_of = chain->node_of.at,
                                .stake_of = chain->stake_of.at,
                                .first_ns = spread->first_ns,
                                .last_ns = spread->last_ns};
    spread_write(chain->world->options.sink, &rows);
}

/* All have it: it is what all have from now on. One of them keeps pace, and says what is final. */
static void come_to_all(struct chain *chain, const struct delivery_spread *spread)
{
    bring_up(chain, 0, spread->block);
    tell_spread(chain, spread, 0);
    chain->common = spread->block;
    chain->common_final = chain->replicas.at[0].final;
    chain->world->happened_ns = world_now(chain->world);
    chain_free_old_states(chain);
}

/* It has come to some of them. */
static void come_to_some(struct chain *chain, const struct delivery_spread *spread)
{
    replica_id one = 0;
    for (replica_id r = 0; r < chain->replicas.count; r++) {
        bool has = spread->at_ns[r] != TIME_NEVER;
        bring_up(chain, r, has ? spread->block : chain->common);
        one = has ? r : one;
    }
    if (spread->reached)
        tell_spread(chain, spread, one);
    chain->common = BLOCK_NONE;
}

void spread_told(void *user, const struct delivery_spread *spread)
{
    struct chain *chain = user;
    if (spread->reached == chain->replicas.count)
        come_to_all(chain, spread);
    else
        come_to_some(chain, spread);
    if (chain->workload && spread->reached)
        workload_head(chain->workload, spread->block, spread->first_ns);
}

void spread_end(struct chain *chain, bool landing)
{
    if (delivery_spreads(chain->delivery))
        delivery_end_spread(chain->delivery, landing);
    for (replica_id r = 0; chain->common != BLOCK_NONE && r < chain->replicas.count; r++)
        bring_up(chain, r, chain->common);
    chain->common = BLOCK_NONE;
}

void spread_end_unless_begun(struct chain *chain)
{
    if (chain->common != BLOCK_NONE && !delivery_spreads(chain->delivery))
        spread_end(chain, false);
}

void spread_end_if_under_way(struct chain *chain)
{
    if (delivery_spreads(chain->delivery))
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

/* What happens to nodes or to the network, and what is told to all replicas at once. */
void spread_end_before(struct world *world)
{
    static const uint32_t kinds = 1u << ITEM_EPOCH | 1u << ITEM_SLOT | 1u << ITEM_CRASH | 1u << ITEM_RECOVER |
                                  1u << ITEM_FAULT | 1u << ITEM_OWN_EPOCH | 1u << ITEM_OWN_SLOT;
    const struct clock_events *batch = &world->clock.batch;
    for (size_t i = 0; i < batch->count; i++) {
        const struct clock_item *item = clock_payload(&world->clock, batch->at[i]);
        if (!item || item->kind >= ITEM_CARRIER || !(kinds >> item->kind & 1))
            continue;
        for (uint32_t c = 0; c < world->chain_count; c++)
            spread_end(&world->chains[c], true);
        return;
    }
}
