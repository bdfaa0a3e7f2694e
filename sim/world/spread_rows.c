/* SPDX-License-Identifier: MIT */
/* Rows of heads and of final blocks, of replicas to which blocks have spread while all had one head. */
#include "base/packed_sort.h"
#include "record/spread.h"
#include "world/inside.h"

void spread_tell(const struct chain *chain, const struct delivery_spread *spread)
{
    if (!spread->reached)
        return;
    block_id final = spread_final(chain, spread->block);
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

/* A replica goes over to a block. */
struct change {
    replica_id replica;
    uint8_t from, to; /* which of the two blocks; NOWHERE: the common head */
};
#define NOWHERE 2u

struct changes {
    const struct delivery_spread *spreads;
    time_ns since_ns;
    VECTOR(struct change) list;
    VECTOR(uint64_t) order; /* time since `since_ns` << 32 | index in the list */
};

static void add_change(struct changes *changes, replica_id replica, uint8_t from, uint8_t to)
{
    uint64_t after_ns = (uint64_t)(changes->spreads[to].at_ns[replica] - changes->since_ns);
    vector_push(&changes->order, after_ns << 32 | changes->list.count);
    vector_push(&changes->list, ((struct change){replica, from, to}));
}

/* By replica, so that those of one time are in the order of replicas once they are sorted. */
static void find_changes(const struct chain *chain, struct changes *changes)
{
    for (replica_id r = 0; r < chain->replicas.count; r++) {
        block_id here[SPREADS_MOST];
        uint32_t count = delivery_spread_order(changes->spreads, 2, r, chain->world->clock.now, here);
        if (!count)
            continue;
        uint8_t first = here[0] == changes->spreads[1].block;
        add_change(changes, r, NOWHERE, first);
        if (count == 2 && spread_head(chain, here, 2) == here[1])
            add_change(changes, r, first, !first);
    }
}

static void tell_change(const struct chain *chain, const struct changes *changes, struct change change,
                        const block_id final[3])
{
    const struct delivery_spread *to = &changes->spreads[change.to];
    bool leaves = change.from != NOWHERE;
    struct trace_head head = {.at_ns = to->at_ns[change.replica],
                              .chain = chain->id,
                              .replica = change.replica,
                              .node = chain->node_of.at[change.replica],
                              .before = leaves ? changes->spreads[change.from].block : chain->common,
                              .after = to->block,
                              .reorg_depth = leaves};
    trace_write(chain->world->options.sink, TRACE_HEAD, &head);
    if (final[change.to] == final[change.from])
        return;
    struct trace_final row = {.at_ns = head.at_ns,
                              .chain = head.chain,
                              .replica = head.replica,
                              .node = head.node,
                              .block = final[change.to],
                              .stake = chain->stake_of.at[change.replica]};
    trace_write(chain->world->options.sink, TRACE_FINAL, &row);
}

static uint32_t microstep_of(const struct changes *changes, uint64_t item)
{
    const struct change *change = &changes->list.at[(uint32_t)item];
    return delivery_spread_landing(&changes->spreads[change->to], change->replica).microstep;
}

/* Whether two that are in the order of time and replica change places. */
static bool comes_later(const struct changes *changes, uint64_t before, uint64_t after)
{
    return before >> 32 == after >> 32 && microstep_of(changes, before) > microstep_of(changes, after);
}

/* By time, then microstep, then replica. Few of one time have other microsteps. */
static void sort_changes(struct changes *changes)
{
    size_t count = changes->order.count;
    vector_reserve(&changes->order, 2 * count);
    uint64_t *order = changes->order.at;
    packed_sort(order, order + count, count);
    for (size_t i = 1; i < count; i++) {
        uint64_t item = order[i];
        size_t j = i;
        for (; j > 0 && comes_later(changes, order[j - 1], item); j--)
            order[j] = order[j - 1];
        order[j] = item;
    }
}

void spread_tell_rivals(const struct chain *chain, const struct delivery_spread spreads[2])
{
    const block_id final[] = {spread_final(chain, spreads[0].block), spread_final(chain, spreads[1].block),
                              chain->common_final};
    struct changes changes = {.spreads = spreads, .since_ns = MIN(spreads[0].first_ns, spreads[1].first_ns)};
    find_changes(chain, &changes);
    sort_changes(&changes);
    for (size_t i = 0; i < changes.order.count; i++)
        tell_change(chain, &changes, changes.list.at[(uint32_t)changes.order.at[i]], final);
    vector_release(&changes.list);
    vector_release(&changes.order);
}
