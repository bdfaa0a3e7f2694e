/* SPDX-License-Identifier: MIT */
/* The rows that a world writes. */
#include "world/inside.h"

static struct trace_sink *sink_of(const struct chain *chain)
{
    return chain->world->options.sink;
}

static bool wanted(const struct chain *chain, enum trace_kind kind)
{
    return chain->world->options.opt_in[kind];
}

/* The names of the protocol's kinds of vote, blank-separated; g_free it. */
static char *name_votes(const struct protocol *protocol)
{
    GString *names = g_string_new(NULL);
    for (uint32_t kind = 0; kind < protocol->vote_kind_count; kind++)
        g_string_append_printf(names, "%s%s", kind ? " " : "", protocol->vote_kinds[kind].name);
    return g_string_free(names, FALSE);
}

static void tell_chain(const struct chain *chain)
{
    const struct world *world = chain->world;
    char *vote_kinds = name_votes(chain->protocol);
    struct trace_chain row = {
        .chain = chain->id,
        .protocol = chain->protocol->name,
        .election = chain->election->name,
        .validators = world->people.count,
        .total_stake = world->total_stake,
        .quorum_above = chain->rules.quorum_above,
        .accountability = chain->rules.accountability,
        .lock_vote = chain->rules.lock_vote,
        .commit_vote = chain->rules.commit_vote,
        .liveness_bound_ns = chain->rules.liveness_bound_ns,
        .final_by_depth = chain->protocol->final_by_depth,
        .vote_kinds = *vote_kinds ? vote_kinds : NULL,
    };
    trace_write(world->options.sink, TRACE_CHAIN, &row);
    g_free(vote_kinds);
}

static void tell_validators(const struct chain *chain)
{
    const struct world *world = chain->world;
    for (validator_id v = 0; v < world->people.count; v++) {
        struct trace_validator row = {
            .chain = chain->id,
            .validator = v,
            .node = world->node_of_validator[v],
            .name = world->people.names[v],
            .stake = world->people.stakes[v],
            .corrupt = world->nodes[world->node_of_validator[v]].adversary != ID_NONE,
        };
        trace_write(world->options.sink, TRACE_VALIDATOR, &row);
    }
}

static void tell_ledger(struct chain *chain, block_id block)
{
    struct ledger_totals totals = ledger_totals(chain->ledger, chain->states.at[block].ledger);
    struct trace_ledger row = {
        .chain = chain->id,
        .block = block,
        .parent = block_tree_get(&chain->tree, block)->parent,
        .genesis = totals.genesis,
        .bonded = totals.bonded,
        .burned = totals.burned,
        .minted = totals.minted,
        .withdrawn = totals.withdrawn,
        .jailed = totals.jailed,
    };
    trace_write(sink_of(chain), TRACE_LEDGER, &row);
}

void tell_start(struct world *world)
{
    for (node_id n = 0; n < world->node_count; n++) {
        struct trace_node row = {
            .node = n, .region = network_region(world->network, n), .corrupt = world->nodes[n].adversary != ID_NONE};
        trace_write(world->options.sink, TRACE_NODE, &row);
    }
    for (uint32_t c = 0; c < world->chain_count; c++) {
        tell_chain(&world->chains[c]);
        tell_validators(&world->chains[c]);
        tell_ledger(&world->chains[c], BLOCK_GENESIS);
    }
}

_Static_assert(TRAFFIC_UPKEEP == MESSAGE_KINDS, "the kind of what belongs to no message comes after the others");

/* Where there was any. */
static void tell_upkeep(struct world *world)
{
    struct carrier_traffic upkeep = carrier_upkeep(world->carrier);
    struct trace_traffic row = {.kind = TRAFFIC_UPKEEP,
                                .control_messages = upkeep.control_messages,
                                .control_bytes = upkeep.control_bytes,
                                .lost = upkeep.lost};
    if (upkeep.control_messages)
        trace_write(world->options.sink, TRACE_TRAFFIC, &row);
}

/* What messages cost where they are carried from node to node. */
static void tell_traffic(struct world *world)
{
    const struct carrier *carrier = world->carrier;
    for (uint32_t c = 0; c < world->chain_count; c++)
        for (uint32_t kind = 0; kind < MESSAGE_KINDS; kind++) {
            struct carrier_traffic traffic = delivery_traffic(world->chains[c].delivery, kind);
            struct trace_traffic row = {
                .chain = c,
                .kind = kind,
                .messages = delivery_counts(world->chains[c].delivery).messages_by_kind[kind],
                .copies = traffic.copies,
                .bytes = traffic.bytes,
                .duplicates = traffic.duplicates,
                .duplicate_bytes = traffic.duplicate_bytes,
                .lost = traffic.lost,
                .control_messages = traffic.control_messages,
                .control_bytes = traffic.control_bytes,
            };
            trace_write(world->options.sink, TRACE_TRAFFIC, &row);
        }
    tell_upkeep(world);
    for (node_id n = 0; n < world->node_count; n++) {
        struct carrier_load load = carrier_load(carrier, n);
        struct trace_load row = {
            .node = n,
            .up_bytes = load.up_bytes,
            .down_bytes = load.down_bytes,
            .queued = load.queued,
            .waited_ns = load.waited_ns,
            .waited_most_ns = load.waited_most_ns,
            .busy_ns = load.busy_ns,
            .cores = carrier_cores(carrier, n),
        };
        trace_write(world->options.sink, TRACE_LOAD, &row);
    }
}

void tell_end(struct world *world)
{
    for (uint32_t c = 0; c < world->chain_count; c++)
        for (replica_id r = 0; r < world->chains[c].replicas.count; r++)
            if (world->chains[c].replicas.at[r].adversary == ID_NONE) {
                tell_ledger(&world->chains[c], world->chains[c].replicas.at[r].head);
                break;
            }
    if (world->carrier)
        tell_traffic(world);
    for (uint32_t c = 0; c < world->chain_count; c++)
        if (world->chains[c].workload)
            workload_end(world->chains[c].workload, world_now(world));
    struct trace_end row = {.at_ns = world_now(world), .reason = world_stop_name(world)};
    trace_write(world->options.sink, TRACE_END, &row);
}

void tell_block(struct chain *chain, block_id id, const struct ledger_change *changes, uint32_t change_count)
{
    const struct block *block = block_tree_get(&chain->tree, id);
    struct trace_block row = {
        .chain = chain->id,
        .block = id,
        .parent = block->parent,
        .hash = block->hash,
        .height = block->height,
        .slot = block->slot,
        .round = block->round,
        .proposer = block->proposer,
        .variant = block->variant,
        .proposed_ns = block->proposed_ns,
        .size_bytes = block->size_bytes,
        .transactions = block->transactions,
        .electorate_stake = chain_electorate(chain, block->parent)->total,
    };
    trace_write(sink_of(chain), TRACE_BLOCK, &row);
    for (uint32_t i = 0; i < change_count; i++) {
        struct trace_stake change = {
            .at_ns = block->proposed_ns,
            .chain = chain->id,
            .block = id,
            .validator = changes[i].validator,
            .kind = changes[i].kind,
            .before = changes[i].before,
            .after = changes[i].after,
            .jailed = changes[i].jailed,
            .applied = changes[i].applied,
        };
        trace_write(sink_of(chain), TRACE_STAKE, &change);
    }
    if (change_count)
        tell_ledger(chain, id);
}

void tell_vote(struct chain *chain, const struct message *vote)
{
    struct trace_vote row = {
        .at_ns = vote->sent_ns,
        .chain = chain->id,
        .type = vote->type,
        .height = vote->height,
        .round = vote->round,
        .validator = vote->sender,
        .replica = vote->origin,
        .block = vote->block,
        .weight = vote->weight,
        .payload = vote->payload,
        .message = vote->id,
    };
    trace_write(sink_of(chain), TRACE_VOTE, &row);
}

void tell_message(struct chain *chain, const struct message *message)
{
    if (!wanted(chain, TRACE_MESSAGE))
        return;
    struct trace_message row = {
        .at_ns = message->sent_ns,
        .chain = chain->id,
        .message = message->id,
        .kind = message->kind,
        .type = message->type,
        .height = message->height,
        .round = message->round,
        .block = message->block,
        .payload = message->payload,
        .sender = message->sender,
        .origin = message->origin,
        .size_bytes = message->size_bytes,
    };
    trace_write(sink_of(chain), TRACE_MESSAGE, &row);
}

void tell_head(struct chain *chain, replica_id replica, block_id before, block_id after)
{
    bool extends = block_tree_get(&chain->tree, after)->parent == before;
    block_id common = extends ? before : block_tree_common(&chain->tree, before, after);
    struct trace_head row = {
        .at_ns = world_now(chain->world),
        .chain = chain->id,
        .replica = replica,
        .node = chain->replicas.at[replica].node,
        .before = before,
        .after = after,
        .reorg_depth = block_tree_get(&chain->tree, before)->height - block_tree_get(&chain->tree, common)->height,
    };
    trace_write(sink_of(chain), TRACE_HEAD, &row);
}

void tell_final(struct chain *chain, replica_id replica, block_id block)
{
    const struct replica *teller = &chain->replicas.at[replica];
    struct trace_final row = {
        .at_ns = world_now(chain->world),
        .chain = chain->id,
        .replica = replica,
        .node = teller->node,
        .block = block,
        .stake = chain->world->nodes[teller->node].stake,
        .corrupt = teller->adversary != ID_NONE,
    };
    trace_write(sink_of(chain), TRACE_FINAL, &row);
}

void tell_incident(struct world *world, const struct trace_incident *incident)
{
    trace_write(world->options.sink, TRACE_INCIDENT, incident);
}

void tell_evidence(struct chain *chain, const struct trace_evidence *evidence)
{
    trace_write(sink_of(chain), TRACE_EVIDENCE, evidence);
}
